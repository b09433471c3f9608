// What the background does for people, done now: sealing, the index, merchants' totals, erasures.

import { indexDonors, publishMerchantTotals } from "../../server/jobs/publish-people.ts";
import { closeNow, sealOldest } from "../../server/jobs/seal.ts";
import type { TreeWorkers } from "../../server/jobs/tree-workers.ts";
import type { Database } from "../../server/store/database.ts";
import { continueErasures } from "../../server/store/erasing.ts";
import type { Ledger } from "../../server/store/ledger.ts";
import { oldestClosed } from "../../server/store/sealing.ts";
import { silent } from "./service.ts";

const MOST_STEPS = 1_000;

/** Repeats a step until it has nothing to do. */
export async function untilDone(step: () => Promise<boolean>): Promise<void> {
  for (let count = 0; await step(); count++) if (count === MOST_STEPS) throw new Error("a step never ends");
}

/** Closes and seals what is open, whoever else does, and puts all that is sealed into the index. */
export async function sealAndIndex(sql: Database, ledger: Ledger, workers: TreeWorkers): Promise<void> {
  await closeNow(sql);
  await sealAll(sql, ledger, workers);
  await untilDone(() => indexDonors(sql, ledger));
}

/** Seals all that is closed, whoever else does at the same time. */
export async function sealAll(sql: Database, ledger: Ledger, workers: TreeWorkers): Promise<void> {
  const due = { sealAfterSeconds: 86_400, sealAtReceipts: 1_000_000 };
  await untilDone(async () => {
    await sealOldest({ sql, ledger: ledger.id, workers, log: silent, ...due });
    return (await oldestClosed(sql)) !== undefined;
  });
}

/** As if days had passed: their totals are recorded, in as many batches as it takes. */
export async function recordTotalsOn(
  sql: Database,
  ledger: Ledger,
  workers: TreeWorkers,
  now: number,
): Promise<void> {
  await untilDone(() => publishMerchantTotals(sql, ledger, now));
  await sealAndIndex(sql, ledger, workers);
}

export const finishErasures = (sql: Database): Promise<void> => untilDone(() => continueErasures(sql));

/** The database, in whose transactions the first write with these words is never reached: the process ends before it. */
export function breakingAt(sql: Database, words: string): Database {
  const isIt = (parts: readonly string[]) => {
    const text = parts.join(" ").replace(/\s+/g, " ").trim().toLowerCase();
    return /\b(update|insert|delete)\b/.test(text) && text.includes(words);
  };
  const within = (tx: object) =>
    new Proxy(tx, {
      apply: (target, self, args) => {
        if (Array.isArray(args[0]?.raw) && isIt(args[0])) throw new Error(`cut off at ${words}`);
        return Reflect.apply(target as () => unknown, self, args);
      },
    });
  return new Proxy(sql, {
    get: (target, name) =>
      name === "begin"
        ? (options: string, work: (tx: object) => unknown) =>
            target.begin(options, (tx) => work(within(tx)) as never)
        : Reflect.get(target, name),
  }) as Database;
}
