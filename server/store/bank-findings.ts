// What a person has to look at in what the bank told of, and how the bank rail stands. Which movement is flagged is decided
// in programmes/transfer.ts.

import { ConflictError } from "../errors.ts";
import { formatAmount, minorOf } from "../programmes/currency.ts";
import { isFlag, judge, type Movement } from "../programmes/transfer.ts";
import { carryOut, type Outcome, standingOf } from "./bank-entries.ts";
import { type Database, only, type Queries, type Transaction } from "./database.ts";
import { confirmPayout } from "./payouts.ts";
import { referenceHash } from "./transfers.ts";

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

/** What a person has found out about an entry. */
export type Finding = {
  readonly note: string;
  /** One whose amount differs counts for its transfer all the same. */
  readonly accept?: boolean | undefined;
  /** Which payout an unknown transfer paid: one that a backup knew nothing of. */
  readonly payout?: bigint | undefined;
};

/**
 * A person has looked at an entry and says what it was. Throws `ConflictError` when no flag of that number is open, or when
 * what would follow needs a person again.
 */
export const resolveFlag = (
  sql: Database,
  id: bigint,
  { note, accept, payout }: Finding,
): Promise<EntryRow> =>
  sql.begin(async (tx) => {
    const accepted = accept === true ? await acceptEntry(tx, id) : null;
    const outcome = payout === undefined ? accepted : await takeForPayout(tx, id, payout);
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

/**
 * Takes the debit of a transfer that is not known here for the money of a payout that waits, which is then recorded. What
 * comes back of it later is unknown again, and a person's business.
 */
async function takeForPayout(tx: Transaction, id: bigint, payout: bigint): Promise<Outcome> {
  const [entry] = await tx<EntryRow[]>`
    SELECT ${entryColumns(tx)} FROM bank_entries
    WHERE id = ${id} AND outcome = 'unknown-transfer' AND direction = 'debit' AND status = 'BOOK' AND reference <> ''
      AND resolved_at IS NULL FOR UPDATE`;
  if (entry === undefined)
    throw new ConflictError(
      "not-acceptable",
      `entry: wanted an open flag unknown-transfer of a booked debit with the bank's reference, which ${id} is not`,
    );
  const wanted = await waitingAmount(tx, payout);
  if (minorOf(entry.amount, entry.currency) !== wanted.amount || entry.currency !== wanted.unit)
    throw new ConflictError(
      "not-acceptable",
      `payout: wanted one of ${entry.amount} ${entry.currency}; ${payout} comes to ${formatAmount(wanted.amount, wanted.unit)}`,
    );
  await confirmPayout(tx, payout, referenceHash(entry.reference));
  return "confirmed";
}

/** What a payout comes to for which the bank is asked nothing; locked, so that nothing is filed for it meanwhile. */
async function waitingAmount(tx: Transaction, payout: bigint) {
  await tx`SELECT FROM payouts WHERE id = ${payout} FOR UPDATE`;
  const [waiting] = await tx<{ unit: string; amount: bigint }[]>`
    SELECT unit, amount FROM payouts JOIN lines ON lines.id = line
    WHERE payouts.id = ${payout} AND state = 'waiting'
      AND NOT EXISTS (SELECT FROM transfers WHERE payout = payouts.id AND state IN ('filed', 'confirmed'))`;
  if (waiting !== undefined) return waiting;
  throw new ConflictError(
    "not-acceptable",
    `payout: wanted one that waits for a transfer, which ${payout} does not`,
  );
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
