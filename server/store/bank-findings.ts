// What a person has to look at in what the bank told of, and how the bank rail stands. Which movement is flagged is decided
// in programmes/transfer.ts.

import { ConflictError } from "../errors.ts";
import { isFlag, judge, type Movement } from "../programmes/transfer.ts";
import { carryOut, type Outcome, standingOf } from "./bank-entries.ts";
import { type Database, only, type Queries, type Transaction } from "./database.ts";

export type EntryRow = {
  readonly id: bigint;
  readonly message: string;
  readonly end_to_end_id: string;
  readonly direction: "debit" | "credit";
  readonly status: string;
  readonly reference: string;
  /** With its decimals. */
  readonly amount: string;
  readonly currency: string;
  readonly reason: string | null;
  readonly outcome: Outcome;
  readonly flagged: boolean;
  readonly explanation: string;
  readonly resolution: string | null;
  readonly resolved_at: Date | null;
  readonly created_at: Date;
};

const entryColumns = (sql: Queries) => sql`
  id, message, end_to_end_id, direction, status, reference, amount, currency, reason, outcome, flagged, explanation,
  resolution, resolved_at, created_at`;

/** Entries with numbers below `before`, the newest first; with `onlyOpen`, those that a person still has to look at. */
export const entriesBefore = (sql: Queries, before: bigint, limit: number, onlyOpen: boolean) =>
  sql<EntryRow[]>`
    SELECT ${entryColumns(sql)} FROM bank_entries
    WHERE id < ${before} AND (NOT ${onlyOpen} OR (flagged AND resolved_at IS NULL))
    ORDER BY id DESC LIMIT ${limit}`;

/**
 * A person has looked at an entry and says what it was. With `accept`, one whose amount differs counts for its transfer all
 * the same. Throws `ConflictError` when no flag of that number is open, or when what would follow needs a person again.
 */
export const resolveFlag = (sql: Database, id: bigint, note: string, accept: boolean): Promise<EntryRow> =>
  sql.begin(async (tx) => {
    const outcome = accept ? await acceptEntry(tx, id) : null;
    const [row] = await tx<EntryRow[]>`
      UPDATE bank_entries SET resolution = ${note}, resolved_at = now(), outcome = coalesce(${outcome}, outcome)
      WHERE id = ${id} AND flagged AND resolved_at IS NULL RETURNING ${entryColumns(tx)}`;
    if (row !== undefined) return row;
    throw new ConflictError("no-open-flag", `entry: no flag of number ${id} is open`);
  }) as Promise<EntryRow>;

/** What an entry comes to once its amount is no hindrance; carried out. */
async function acceptEntry(tx: Transaction, id: bigint): Promise<Outcome> {
  const [entry] = await tx<EntryRow[]>`
    SELECT ${entryColumns(tx)} FROM bank_entries WHERE id = ${id} AND outcome = 'amount-differs' AND resolved_at IS NULL`;
  const standing = await standingOf(tx, entry?.end_to_end_id ?? null);
  if (entry === undefined || standing === undefined)
    throw new ConflictError(
      "not-acceptable",
      `entry: wanted an open flag amount-differs, which ${id} is not`,
    );
  const movement = movementOf(entry);
  const verdict = judge(movement, standing, true);
  if (isFlag(verdict.outcome))
    throw new ConflictError("not-acceptable", `entry: ${id} cannot be accepted: ${verdict.explanation}`);
  await carryOut(tx, movement, verdict);
  return verdict.outcome;
}

/** What is not kept was in order when the entry was judged first. */
const movementOf = ({ end_to_end_id, amount, currency, reference, ...entry }: EntryRow): Movement => ({
  ...entry,
  endToEndId: end_to_end_id,
  amount: { decimal: amount, currency },
  reference: reference === "" ? null : reference,
  account: null,
  paymentId: null,
  isReversal: false,
  instructed: null,
});

export type BankOverview = {
  readonly filed: bigint;
  readonly confirmed: bigint;
  /** Came back, and wait to be sent again. */
  readonly to_send_again: bigint;
  readonly flags: bigint;
  readonly accounts_waiting: bigint;
};

/** How the bank rail stands, in a few counts. */
export async function bankOverview(sql: Queries): Promise<BankOverview> {
  const rows = await sql<BankOverview[]>`
    SELECT (SELECT count(*) FROM transfers WHERE state = 'filed') AS filed,
      (SELECT count(*) FROM transfers WHERE state = 'confirmed') AS confirmed,
      (SELECT count(*) FROM transfers t WHERE state IN ('returned', 'bounced')
        AND NOT EXISTS (SELECT FROM transfers later WHERE later.payout = t.payout AND later.attempt > t.attempt)) AS to_send_again,
      (SELECT count(*) FROM bank_entries WHERE flagged AND resolved_at IS NULL) AS flags,
      (SELECT count(*) FROM bank_accounts
        WHERE effective_at > now() AND vetoed_at IS NULL AND replaced_at IS NULL) AS accounts_waiting`;
  return only(rows);
}
