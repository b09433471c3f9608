// The philanthropy report of what the demo has played, made as an operator makes one: when everything is on chain and has
// been counted. Its batch then has to be published before a stranger can recompute it.

import { setTimeout as sleep } from "node:timers/promises";
import { connectChain } from "../../server/chain/client.ts";
import type { Service } from "../../server/main.ts";
import type { PhilanthropyReport } from "../../server/programmes/philanthropy/report.ts";
import { movesReadUpTo } from "../../server/store/moved-events.ts";
import { linesAfter } from "../../server/store/overview.ts";
import type { Api } from "./api.ts";
import { step } from "./telling.ts";

const WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;
const ASK_EVERY_MS = 250;
const ALL_LINES = 1_000;

export type Reported = { readonly hash: string; readonly report: PhilanthropyReport };

/** Of everything since `from`, in Unix seconds, once the contract knows what charities have reported. */
export const reportOn = (service: Service, api: Api, from: number): Promise<Reported> =>
  step("the philanthropy report, timestamped by a batch", async () => {
    await until("reported as spent", () => isSpent(service));
    await untilRead(service);
    // The period ends with a second that is over: what was closed in this one belongs to the next.
    await sleep(1_000 - (Date.now() % 1_000));
    return await ask(api, from, Math.floor(Date.now() / 1_000));
  });

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + WITHIN_MS;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`it took more than a minute until all was ${what}`);
    await sleep(LOOK_EVERY_MS);
  }
}

const isSpent = async ({ services: { sql } }: Service) =>
  (await linesAfter(sql, "", "", ALL_LINES, null)).every(({ paid, spent }) => paid === 0n || spent > 0n);

/** Until the contract's events have been read up to the block that is the newest now. */
async function untilRead({ services: { sql }, rpcUrl }: Service): Promise<void> {
  const head = await connectChain(rpcUrl).head();
  await until("read of the contract", async () => ((await movesReadUpTo(sql))?.block ?? -1n) >= head);
}

/** What is still being counted is refused by a 409: the same is asked again. */
async function ask(api: Api, from: number, upTo: number): Promise<Reported> {
  const iso = (seconds: number) => new Date(seconds * 1_000).toISOString();
  const end = performance.now() + WITHIN_MS;
  for (;;) {
    try {
      const body = { from: iso(from), upTo: iso(upTo) };
      return (await api.post("/v1/philanthropy-reports", body)) as unknown as Reported;
    } catch (thrown) {
      const isEarly = /period-not-(anchored|indexed)/.test(`${thrown}`);
      if (!isEarly || performance.now() > end) throw thrown;
      await sleep(ASK_EVERY_MS);
    }
  }
}
