// A store with charities that are paid by bank, opened for the tests of one block and emptied after each.

import { keccak256, stringToHex } from "viem";
import { entriesBefore } from "../../server/store/bank-findings.ts";
import type { Database } from "../../server/store/database.ts";
import { openTestStore, type TestStore } from "../support/store.ts";
import type { Entry } from "./making.ts";
import { file, owe, transfersOf } from "./paying.ts";

export const hashOf = (reference: string) => keccak256(stringToHex(reference));

/** Above every number. */
export const MOST = 2n ** 62n;

export const debit = (endToEndId: string, more: Partial<Entry> = {}): Entry => ({
  endToEndId,
  amount: "12.50",
  ...more,
});

export const back = (endToEndId: string, more: Partial<Entry> = {}): Entry =>
  debit(endToEndId, { direction: "CRDT", reference: "BACK-1", reason: ["AC04", "account closed"], ...more });

/** To be called in a `describe`; `use` is handed the database before its tests. */
export function withBankStore(use: (sql: Database) => void): void {
  let store: TestStore;
  before(async () => {
    store = await openTestStore();
    use(store.sql);
  });
  after(() => store.close());
  afterEach(async () => {
    await store.sql`TRUNCATE bank_entries, transfers, bank_files, payouts, chain_calls, restorations CASCADE`;
  });
}

export const openFlags = async (sql: Database) =>
  (await entriesBefore(sql, MOST, 100, true)).map(({ outcome }) => outcome);

/** A payout that was filed once. */
export async function filed(sql: Database, given: Parameters<typeof owe>[1] = {}) {
  const owed = await owe(sql, given);
  await file(sql);
  const [transfer] = await transfersOf(sql, owed.payout);
  return { ...owed, endToEndId: transfer!.end_to_end_id };
}

export const payoutState = async (sql: Database, payout: bigint) =>
  (await sql`SELECT state FROM payouts WHERE id = ${payout}`)[0]?.state;
