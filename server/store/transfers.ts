// Transfers: what the operator's bank is asked for, one attempt after another until a payout's money stays away. The row
// of a payout is the lock of its transfers. How they are filed is in `transfer-filing`, what the bank tells in
// `bank-entries`.

import type { TransferState } from "../programmes/transfer.ts";
import { type Hex, toHex, utf8 } from "../protocol/bytes.ts";
import { keccak } from "../protocol/hash.ts";
import { intend } from "./chain-calls.ts";
import { type Database, only, type Queries, type Transaction } from "./database.ts";
import { payoutById } from "./payouts.ts";

export type TransferRow = {
  readonly end_to_end_id: string;
  readonly payout: bigint;
  readonly attempt: number;
  readonly registration: string;
  readonly currency: string;
  /** In minor units. */
  readonly amount: bigint;
  readonly state: TransferState;
  readonly file: bigint;
  /** Of the debit, as the bank names it. */
  readonly reference: string | null;
  /** Why the money came back. */
  readonly reason: string | null;
  readonly filed_at: Date;
  readonly confirmed_at: Date | null;
  readonly returned_at: Date | null;
};

export type FiledFile = {
  readonly id: bigint;
  readonly message_id: string;
  readonly currency: string;
  /** How many. */
  readonly transfers: number;
  /** In minor units. */
  readonly sum: bigint;
  readonly created_at: Date;
};

export const fileColumns = (sql: Queries) => sql`id, message_id, currency, transfers, sum, created_at`;

/** A ledger's own mark, so that two ledgers at one bank never meet. */
const markOf = (sql: Queries) => sql`'AM' || upper(encode(substr((SELECT id FROM ledger), 1, 4), 'hex'))`;

/**
 * Begins every name that we give to a bank: with the ledger's mark, and when it was last put back from a backup, in
 * seconds. So no name is given out that was given out after the backup, however often the same one is put back.
 */
export const prefixOf = (sql: Queries) => sql`
  ${markOf(sql)} || (SELECT CASE count(*) WHEN 0 THEN ''
    ELSE 'R' || upper(to_hex(extract(epoch FROM max(restored_at))::bigint)) END FROM restorations)`;

/** What every name begins with that this ledger ever gave to a bank, also those that a backup knows nothing of. */
export async function ourNames(sql: Queries): Promise<RegExp> {
  const rows = await sql<{ mark: string }[]>`SELECT ${markOf(sql)} AS mark`;
  return new RegExp(`^${only(rows).mark}(R[0-9A-F]+)?-`);
}

/** Files with numbers below `before`, the newest first. */
export const filesBefore = (sql: Queries, before: bigint, limit: number) =>
  sql<
    FiledFile[]
  >`SELECT ${fileColumns(sql)} FROM bank_files WHERE id < ${before} ORDER BY id DESC LIMIT ${limit}`;

export async function fileXml(
  sql: Queries,
  id: bigint,
): Promise<{ message_id: string; xml: string } | undefined> {
  const [row] = await sql<{ message_id: string; xml: string }[]>`
    SELECT message_id, xml FROM bank_files WHERE id = ${id}`;
  return row;
}

/** Transfers before an attempt of a payout, the newest payouts first; of one state, where one is named. */
export const transfersBefore = (
  sql: Queries,
  before: { readonly payout: bigint; readonly attempt: number },
  limit: number,
  state: TransferState | null,
) =>
  sql<TransferRow[]>`
    SELECT end_to_end_id, payout, attempt, registration, transfers.currency, transfers.amount, transfers.state,
      file, reference, transfers.reason, filed_at, confirmed_at, returned_at
    FROM transfers JOIN payouts ON payouts.id = payout JOIN lines ON lines.id = line
    JOIN charities ON charities.id = lines.charity
    WHERE (payout, attempt) < (${before.payout}, ${before.attempt}) AND (${state}::text IS NULL OR transfers.state = ${state})
    ORDER BY payout DESC, attempt DESC LIMIT ${limit}`;

/** The bank has refused a transfer, so that nothing will leave: another is to be filed. False when it was not on the way. */
export const rejectTransfer = (sql: Database, endToEndId: string, reason: string): Promise<boolean> =>
  sql.begin(async (tx) => {
    await tx`
      SELECT FROM payouts WHERE id = (SELECT payout FROM transfers WHERE end_to_end_id = ${endToEndId}) FOR UPDATE`;
    const rejected = await tx`
      UPDATE transfers SET state = 'returned', reason = ${reason}, returned_at = now()
      WHERE end_to_end_id = ${endToEndId} AND state = 'filed' RETURNING payout`;
    return rejected.length === 1;
  }) as Promise<boolean>;

/** What the contract keeps of a bank's reference. */
export const referenceHash = (reference: string): Hex => toHex(keccak(utf8(reference)));

/**
 * Asks the contract to record what was sent again after it had bounced: once the payout itself is recorded, and again when
 * the contract has refused. Answers with how many.
 */
export async function recordRepayments(tx: Transaction): Promise<number> {
  const due = await tx<{ end_to_end_id: string; payout: bigint; reference: string }[]>`
    SELECT end_to_end_id, payout, reference FROM transfers JOIN payouts ON payouts.id = payout
    WHERE repays AND payouts.state = 'paid' AND (repay_call IS NULL
      OR (SELECT state FROM chain_calls WHERE id = repay_call) = 'failed')
    ORDER BY payout FOR UPDATE OF transfers`;
  for (const transfer of due) await recordRepayment(tx, transfer);
  return due.length;
}

type Repayment = { readonly end_to_end_id: string; readonly payout: bigint; readonly reference: string };

async function recordRepayment(tx: Transaction, { end_to_end_id, payout, reference }: Repayment) {
  const of = await payoutById(tx, payout);
  if (of === undefined) throw new Error(`transfer ${end_to_end_id} is of no payout`);
  const args = {
    charity: toHex(of.charity),
    unit: of.unit,
    upTo: `${of.upto}`,
    reference: referenceHash(reference),
  };
  const call = await intend(tx, { kind: "repay", args });
  await tx`UPDATE transfers SET repay_call = ${call} WHERE end_to_end_id = ${end_to_end_id}`;
}
