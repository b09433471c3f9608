// A small ledger of which a philanthropy report can be made: two charities, two shops of which one shows its totals, a refund,
// a payout, an acknowledgement and a report of what the money became, with people counted.

import { setTimeout as sleep } from "node:timers/promises";
import type { PhilanthropyReport } from "../../server/programmes/philanthropy/report.ts";
import {
  acknowledge,
  type Charity,
  charityPath,
  type Gift,
  give,
  openCharity,
  pay,
  sign,
} from "./charity.ts";
import { call } from "./client.ts";
import { eventually } from "./eventually.ts";
import { startTestService, type TestService } from "./service.ts";
import { wanted } from "./shop.ts";

export interface Philanthropy {
  readonly service: TestService;
  /** Its shop shows its totals. */
  readonly shown: Charity;
  readonly hidden: Charity;
  /** Of `shown`: 20000 in three gifts, and later 7500 in two. */
  readonly gifts: readonly Gift[];
  /** Of `hidden`: 4200 in one. */
  readonly others: readonly Gift[];
  /** The reversal of the gift of 1000. */
  readonly reversal: Gift;
  /** Unix seconds. */
  readonly begun: number;
}

const lunches = { what: "hot lunches", measure: "meals" };

/** What the report says: [0, 6000) in Yunnan for 30 people, [6000, 14000) in two places of Indonesia and China. */
export const PARTS = [
  {
    ...{ from: "0", upTo: "6000", project: "Lunches", place: { country: "CN", name: "Yunnan" } },
    ...{ bought: [{ ...lunches, count: "15" }], beneficiaries: 30 },
  },
  {
    ...{ from: "6000", upTo: "13000", project: "Lunches", place: { country: "ID", name: "Flores" } },
    ...{
      bought: [
        { ...lunches, count: "17.5" },
        { what: "rice", count: "2.25", measure: "tonnes" },
      ],
    },
    beneficiaries: 12,
  },
  {
    ...{ from: "13000", upTo: "14000", project: "Lunches", place: { country: "CN", name: "Gansu" } },
    bought: [{ ...lunches, count: "2.500001" }],
  },
] as const;

export async function playPhilanthropy(settings: Record<string, string> = {}): Promise<Philanthropy> {
  const begun = Math.floor(Date.now() / 1000);
  const service = await startTestService({
    chain: true,
    settings: { PUBLIC_URL: "", PROVE_EVERY_SECONDS: "0", SETTLE_EVERY_SECONDS: "0", ...settings },
  });
  const [shown, hidden] = [await openCharity(service), await openCharity(service)];
  const disclosure = `${service.url}/v1/merchants/${shown.merchant}/totals/disclosure`;
  await wanted(200, call(disclosure, { key: service.operatorKey, body: { shown: true } }));
  const early = await give(service, shown, [12_000, 7_000, 1_000]);
  const reversal = await refundLast(service, shown);
  const others = await give(service, hidden, [4_200]);
  await pay(service, shown, 0n, 20_000n);
  await reached(service, shown, "paid", "20000");
  await wanted(201, acknowledge(service, shown));
  await reached(service, shown, "acknowledged", "20000");
  await report(service, shown);
  await reached(service, shown, "spent", "14000");
  const late = await give(service, shown, [2_500, 5_000]);
  return { service, shown, hidden, gifts: [...early, ...late], others, reversal, begun };
}

/** The order of the gift of 1000, which came last, is taken back. */
async function refundLast(service: TestService, { merchant }: Charity): Promise<Gift> {
  const [sale] = await service.sql<{ order: string }[]>`
    SELECT body::jsonb->>'order' AS order FROM events
    WHERE body::jsonb->>'merchant' = ${merchant} AND body::jsonb->'items'->0->>'price' = '1000'`;
  const order = sale?.order ?? "";
  const body = { merchant, order, refund: `${order}-back`, refundedAt: new Date().toISOString() };
  const answer = await wanted(201, call(`${service.url}/v1/refunds`, { key: service.operatorKey, body }));
  return answer.receipts[0];
}

const reached = (service: TestService, { registration }: Charity, mark: string, upTo: string) =>
  eventually(`${mark} ${upTo}`, async () => {
    const { body } = await call(`${service.url}/v1/lines/${encodeURIComponent(registration)}/CNY`);
    return body.watermarks[mark] === upTo;
  });

async function report(service: TestService, charity: Charity): Promise<void> {
  const body = { unit: "CNY", from: "0", upTo: "14000", parts: PARTS };
  const path = charityPath(service, charity, "/disbursements");
  const { hash, typedData } = await wanted(201, call(path, { key: charity.key, body }));
  const signature = await sign(charity.signer, typedData);
  await wanted(201, call(`${path}/${hash}/signature`, { key: charity.key, body: { typedData, signature } }));
}

export type Made = {
  readonly hash: `0x${string}`;
  readonly batch: string;
  readonly report: PhilanthropyReport;
};

/** Asks for the report from `begun` to now, until all of it is anchored and counted. */
export async function makeReport(
  { service }: Pick<Philanthropy, "service">,
  from: number,
  upTo?: number,
): Promise<Made> {
  // A period ends before the second that it names: what was closed in this one is in it from the next on.
  await sleep(1_100);
  const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
  const end = upTo ?? Math.floor(Date.now() / 1000);
  const ask = () =>
    call(`${service.url}/v1/philanthropy-reports`, {
      key: service.operatorKey,
      body: { from: iso(from), upTo: iso(end) },
    });
  let answer = await ask();
  await eventually("everything is anchored and counted", async () => {
    if (![409, 503].includes(answer.status)) return true;
    await sleep(200);
    answer = await ask();
    return false;
  });
  return (await wanted(201, Promise.resolve(answer))) as never;
}
