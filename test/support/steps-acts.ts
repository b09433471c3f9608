// What is done about days of steps in a running service: told, held, decided, counted.

import { type Answer, call, linesOf } from "./client.ts";
import type { TestService } from "./service.ts";
import { type Shop, wanted } from "./shop.ts";
import { dayOf, daysAgo } from "./steps.ts";

export const YESTERDAY = daysAgo(1);
/** A device that somebody rocks for hours. */
export const ROCKED = Array.from({ length: 24 }, (_, hour) =>
  hour >= 8 && hour < 14 ? 6_500 + hour * 31 : 0,
);

let people = 0;

/** @param stage where it is done, and whose platform tells; asked at each act, since tests start their service late. */
export function stepsActs(stage: () => { readonly service: TestService; readonly shop: Shop }) {
  const someone = () => `walker-${++people}`;
  const get = (path: string, key = stage().service.operatorKey) =>
    call(`${stage().service.url}${path}`, { key });
  const post = (path: string, body: unknown, key = stage().shop.merchantKey) =>
    call(`${stage().service.url}${path}`, { key, body });
  const day = (given: object = {}) =>
    dayOf(someone(), YESTERDAY, { charity: stage().shop.charities[0], ...given });
  const report = (given: object = {}, key?: string) => post("/v1/steps", day(given), key);
  const hold = async (given: object = {}) => {
    const body = day({ hours: ROCKED, ...given });
    return { body, held: await wanted(202, post("/v1/steps", body)) };
  };
  const decide = (id: string, accept: boolean, reason = "looked at it", key = stage().service.operatorKey) =>
    post(`/v1/steps/held/${id}/decision`, { accept, reason }, key);
  const counts = async (): Promise<Record<string, string>> => (await get("/v1/steps/counts")).body;

  async function bulk(lines: readonly unknown[], key = stage().shop.merchantKey): Promise<Answer["body"][]> {
    const body = `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`;
    const type = "application/x-ndjson";
    return linesOf((await call(`${stage().service.url}/v1/steps/bulk`, { key, body, type })).body);
  }

  return { someone, get, post, day, report, hold, decide, counts, bulk };
}
