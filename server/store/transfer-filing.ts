// Filing: transfers are written for payouts that wait for one, with the file for the bank that asks for them, in one
// transaction. The row of a payout is the lock of its transfers: who files or confirms one holds it.

import { type AccountDetails, inForce } from "./bank-accounts.ts";
import { type Database, only, type Queries, type Transaction } from "./database.ts";
import { heldBack } from "./restorations.ts";
import { type FiledFile, fileColumns, prefixOf } from "./transfers.ts";

/** A payout as it goes into a file. */
export type Filing = AccountDetails & {
  readonly payout: bigint;
  readonly attempt: number;
  readonly account: bigint;
  readonly registration: string;
  readonly currency: string;
  readonly amount: bigint;
  readonly from: bigint;
  readonly upto: bigint;
  /** The batch whose statement ends at `upto`, and its root. */
  readonly batch: bigint | null;
  readonly root: Buffer | null;
  readonly end_to_end_id: string;
};

export type FileDraft = {
  readonly messageId: string;
  readonly currency: string;
  readonly transfers: readonly Filing[];
};

/** ISO 20022 has 18 digits for an amount, and for the sum of a file. */
const MOST_MINOR = 10n ** 18n - 1n;

/** Payouts that wait for a transfer: none was made, or the last came back and no person has to look at it first. */
const needing = (sql: Queries) => sql`
  payouts.rail = 'bank'
    AND (payouts.state = 'waiting' OR (payouts.state IN ('confirmed', 'paid')
      AND payouts.id IN (SELECT payout FROM transfers WHERE state = 'bounced')))
    AND NOT EXISTS (SELECT FROM transfers WHERE payout = payouts.id AND state IN ('filed', 'confirmed'))`;

const isUnderReview = (sql: Queries) => sql`
  EXISTS (SELECT FROM transfers JOIN bank_entries ON transfer = transfers.end_to_end_id
    WHERE payout = payouts.id AND flagged AND resolved_at IS NULL)`;

/** The contract takes no payout of a line at fault any more: it is not paid either. What was recorded before is sent again. */
const isAtFault = (sql: Queries) => sql`
  payouts.state = 'waiting' AND EXISTS (SELECT FROM watermarks AS marks
    WHERE marks.charity = lines.charity AND marks.unit = lines.unit AND marks.fault IS NOT NULL)`;

/** What can go into a file now, the oldest first. */
const fileable = (sql: Queries, most: number) => sql<{ id: bigint; unit: string }[]>`
  SELECT payouts.id, lines.unit FROM payouts JOIN lines ON lines.id = line
  WHERE ${needing(sql)} AND amount <= ${MOST_MINOR} AND NOT ${isUnderReview(sql)} AND NOT (${isAtFault(sql)})
    AND EXISTS (${inForce(sql, sql`lines.charity`)})
  ORDER BY payouts.id LIMIT ${most}`;

/**
 * Files the next transfers of one currency, at most so many, and keeps what `write` makes of them, all in one transaction.
 * Undefined when none is left. Two who file at once never file the same.
 */
export async function fileNext(
  sql: Database,
  debtor: string,
  most: number,
  write: (draft: FileDraft) => string,
): Promise<FiledFile | undefined> {
  for (;;) {
    const found = await fileable(sql, most);
    const currency = found[0]?.unit;
    if (currency === undefined) return undefined;
    const ids = found.filter(({ unit }) => unit === currency).map(({ id }) => id);
    const filed = await sql.begin((tx) => fileThese(tx, ids, currency, debtor, write));
    // None of them is left when another has filed them meanwhile.
    if (filed !== undefined) return filed;
  }
}

async function fileThese(
  tx: Transaction,
  ids: readonly bigint[],
  currency: string,
  debtor: string,
  write: (draft: FileDraft) => string,
): Promise<FiledFile | undefined> {
  const list = `{${ids}}`;
  await tx`SELECT FROM payouts WHERE id = ANY(${list}::bigint[]) ORDER BY id FOR UPDATE`;
  // A statement of its own: it sees what others filed before the locks were had.
  const transfers = withinSum(await filings(tx, list));
  if (transfers.length === 0) return undefined;
  const [{ id, prefix }] = await tx<[{ id: bigint; prefix: string }]>`
    SELECT nextval(pg_get_serial_sequence('bank_files', 'id')) AS id, ${prefixOf(tx)} AS prefix`;
  const messageId = `${prefix}-F${id}`;
  const sum = transfers.reduce((all, { amount }) => all + amount, 0n);
  const xml = write({ messageId, currency, transfers });
  const rows = await tx<FiledFile[]>`
    INSERT INTO bank_files (id, message_id, currency, debtor, transfers, sum, xml)
    VALUES (${id}, ${messageId}, ${currency}, ${debtor}, ${transfers.length}, ${sum}, ${xml}) RETURNING ${fileColumns(tx)}`;
  await insertTransfers(tx, id, transfers);
  return only(rows);
}

const filings = (tx: Transaction, ids: string) => tx<Filing[]>`
  SELECT payouts.id AS payout, attempt, bank_accounts.id AS account, registration, lines.unit AS currency, amount,
    "from", upto, of.number AS batch, root, ${prefixOf(tx)} || '-' || payouts.id || '-' || attempt AS end_to_end_id,
    bank_accounts.name, iban, other, bic, bank_system, bank_code, country
  FROM payouts JOIN lines ON lines.id = line JOIN charities ON charities.id = lines.charity
  JOIN bank_accounts ON bank_accounts.id = (${inForce(tx, tx`lines.charity`)})
  CROSS JOIN LATERAL (SELECT count(*)::int + 1 AS attempt FROM transfers WHERE payout = payouts.id) AS earlier
  LEFT JOIN LATERAL (
    SELECT number, root FROM statements JOIN batches ON number = batch
    WHERE line = payouts.line AND statements.kind = 0 AND "to" = upto LIMIT 1) AS of ON true
  WHERE payouts.id = ANY(${ids}::bigint[]) AND ${needing(tx)} AND NOT ${isUnderReview(tx)} AND NOT (${isAtFault(tx)})
  ORDER BY payouts.id`;

/** As many from the beginning as one file has room for. */
function withinSum(transfers: readonly Filing[]): readonly Filing[] {
  let sum = 0n;
  const over = transfers.findIndex(({ amount }) => {
    sum += amount;
    return sum > MOST_MINOR;
  });
  return over < 0 ? transfers : transfers.slice(0, over);
}

async function insertTransfers(tx: Transaction, file: bigint, transfers: readonly Filing[]): Promise<void> {
  const rows = transfers.map(({ payout, attempt, account, currency, amount, end_to_end_id }) => ({
    ...{ end_to_end_id, attempt, currency },
    ...{ payout: `${payout}`, account: `${account}`, amount: `${amount}` },
  }));
  await tx`
    INSERT INTO transfers (end_to_end_id, payout, attempt, account, currency, amount, file)
    SELECT end_to_end_id, payout, attempt, account, currency, amount, ${file}
    FROM jsonb_to_recordset(${tx.json(rows)}) AS new
      (end_to_end_id text, payout bigint, attempt integer, account bigint, currency text, amount bigint)`;
  await tx`
    UPDATE payouts SET reason = NULL FROM transfers
    WHERE file = ${file} AND payouts.id = payout AND payouts.reason IS NOT NULL`;
}

/** A payout that no file can hold now, and what it lacks. */
export type SetAside = { readonly payout: bigint; readonly registration: string; readonly reason: string };

/** What still waits for a transfer and why; to be asked when all that could be filed was. */
export const setAside = (sql: Queries) => sql<(SetAside & { readonly told: string | null })[]>`
  SELECT payouts.id AS payout, registration, payouts.reason AS told,
    CASE WHEN ${isAtFault(sql)} THEN 'a fault of its line is proven: the contract takes no more payout'
      WHEN ${isUnderReview(sql)} THEN 'what the bank told of it is flagged: look at it and resolve the flag'
      WHEN amount > ${MOST_MINOR} THEN 'a bank file has no room for an amount of more than 18 digits'
      WHEN NOT EXISTS (${inForce(sql, sql`lines.charity`)}) THEN 'the charity has no bank account here: set one'
      WHEN EXISTS (${heldBack(sql)}) THEN 'this ledger was put back from a backup: compare with the account what the '
        || 'bank was asked for since, then release (npm run bank -- release)'
      ELSE 'no file was written for it yet' END AS reason
  FROM payouts JOIN lines ON lines.id = line JOIN charities ON charities.id = lines.charity
  WHERE ${needing(sql)} ORDER BY payouts.id LIMIT 10000`;
