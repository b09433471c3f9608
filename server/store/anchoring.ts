// Batches on their way to the chain: the next one to submit, and the statements of anchored ones that are to be proven.

import { toHex } from "../protocol/bytes.ts";
import type { ContractCall } from "../protocol/contract-calls.ts";
import type { Kind } from "../protocol/receipt.ts";
import type { Statement } from "../protocol/statement.ts";
import { intend, intendAll } from "./chain-calls.ts";
import { type Database, only, type Queries } from "./database.ts";

export type SealedRoot = { readonly number: bigint; readonly root: Buffer };

/** The oldest batch that is sealed and not submitted yet. */
export async function oldestSealed(sql: Queries): Promise<SealedRoot | undefined> {
  const [row] = await sql<SealedRoot[]>`
    SELECT number, root FROM batches WHERE state = 'sealed' ORDER BY number LIMIT 1`;
  return row;
}

/** Moves a batch from `sealed` to `submitted` and writes down that its root shall be anchored, or neither. */
export async function submitBatch(sql: Database, { number, root }: SealedRoot): Promise<boolean> {
  return await sql.begin(async (tx) => {
    const moved = await tx`
      UPDATE batches SET state = 'submitted' WHERE number = ${number} AND state = 'sealed' AND root = ${root}
      RETURNING number`;
    if (moved.length === 0) return false;
    await intend(tx, { kind: "anchor", args: { batch: `${number}`, root: toHex(root) } });
    return true;
  });
}

export type UnprovenStatement = Statement & { readonly line: number; readonly leaf: Buffer };

/**
 * The newest statement of each side of each line that is anchored and further than what was last asked to be proven, for
 * lines that were not asked about for so many seconds. A line at fault takes none. In the order in which they may be proven: of one line gifts first.
 */
export const statementsToProve = (sql: Queries, everySeconds: number, most: number) =>
  sql<UnprovenStatement[]>`
    SELECT newest.*, charity, unit, receipts_root AS "receiptsRoot" FROM lines
    CROSS JOIN (VALUES (${0 satisfies Kind}::smallint), (${1 satisfies Kind}::smallint)) AS side (kind)
    CROSS JOIN LATERAL (
      SELECT line, statements.kind, batch, "from", "to", previous, statements.receipts, receipts_root, leaf
      FROM statements JOIN batches ON number = batch
      WHERE line = lines.id AND statements.kind = side.kind AND state IN ('anchored', 'final')
      ORDER BY batch DESC LIMIT 1
    ) AS newest
    WHERE NOT EXISTS (
      SELECT FROM proofs_asked AS asked
      WHERE asked.line = lines.id AND (
        (asked.kind = newest.kind AND asked.batch >= newest.batch)
        OR asked.asked_at > now() - ${everySeconds} * interval '1 second'))
      AND NOT EXISTS (
        SELECT FROM watermarks AS marks
        WHERE marks.charity = lines.charity AND marks.unit = lines.unit AND marks.fault IS NOT NULL)
    ORDER BY lines.id, newest.kind LIMIT ${most}`;

/** The leaves of a batch's tree: its statements and notices. */
export async function leavesOfBatch(sql: Queries, batch: bigint): Promise<Buffer[]> {
  const rows = await sql<{ leaf: Buffer }[]>`
    SELECT leaf FROM statements WHERE batch = ${batch} UNION ALL SELECT leaf FROM notices WHERE batch = ${batch}`;
  return rows.map(({ leaf }) => leaf);
}

/** Writes down that statements shall be proven, with their proofs, or none of them. */
export async function askForProofs(
  sql: Database,
  proven: readonly { readonly statement: UnprovenStatement; readonly proof: readonly Uint8Array[] }[],
): Promise<void> {
  await sql.begin(async (tx) => {
    const calls = proven.map(({ statement, proof }): ContractCall => {
      return { kind: "prove", args: { statement: toArgs(statement), proof: proof.map(toHex) } };
    });
    await intendAll(tx, calls);
    const asked = proven.map(({ statement: { line, kind, batch } }) => ({ line, kind, batch: `${batch}` }));
    await tx`
      INSERT INTO proofs_asked (line, kind, batch)
      SELECT line, kind, batch FROM jsonb_to_recordset(${tx.json(asked)}) AS asked (line integer, kind smallint, batch bigint)
      ON CONFLICT (line, kind) DO UPDATE SET batch = excluded.batch, asked_at = now()
      WHERE proofs_asked.batch < excluded.batch`;
  });
}

/** How far what was asked to be proven has come. */
export type ProofProgress = {
  /** The newest call there is. */
  readonly newest_call: bigint;
  /** Proofs, up to that call, that have not ended. */
  readonly unfinished: bigint;
  /** Sides of lines whose watermark, as last read, is behind what was asked. */
  readonly unread: bigint;
  /** When all watermarks were last read. */
  readonly read_at: Date | null;
};

export async function proofProgress(sql: Queries, upToCall: bigint | null = null): Promise<ProofProgress> {
  const rows = await sql<ProofProgress[]>`
    SELECT coalesce((SELECT max(id) FROM chain_calls), 0) AS newest_call,
      (SELECT count(*) FROM chain_calls WHERE kind = 'prove' AND state NOT IN ('final', 'failed')
        AND (${upToCall}::bigint IS NULL OR id <= ${upToCall})) AS unfinished,
      (SELECT count(*) FROM proofs_asked AS asked
        JOIN statements USING (line, kind, batch) JOIN lines ON lines.id = asked.line
        LEFT JOIN watermarks ON watermarks.charity = lines.charity AND watermarks.unit = lines.unit
        WHERE fault IS NULL AND "to" > coalesce(CASE asked.kind WHEN 0 THEN given ELSE reversed END, 0)) AS unread,
      (SELECT read_at FROM deployment) AS read_at`;
  return only(rows);
}

/** A statement as a call names it. */
export const toArgs = ({
  batch,
  charity,
  unit,
  kind,
  from,
  to,
  previous,
  receipts,
  receiptsRoot,
}: Statement) => ({
  batch: `${batch}`,
  charity: toHex(charity),
  unit,
  kind,
  from: `${from}`,
  to: `${to}`,
  previous: `${previous}`,
  receipts: `${receipts}`,
  receiptsRoot: toHex(receiptsRoot),
});
