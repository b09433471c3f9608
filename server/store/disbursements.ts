// Spending reports: those that wait for a signature, those that were signed, and which of them tell of a position.

import { fromHex, toHex } from "../protocol/bytes.ts";
import type { CallArgs } from "../protocol/contract-calls.ts";
import { canonicalJson } from "../protocol/details.ts";
import { intend } from "./chain-calls.ts";
import type { Database, Queries } from "./database.ts";
import { recordDocument } from "./documents.ts";
import type { LineName } from "./lines.ts";
import type { SignedCall } from "./signed-calls.ts";

export type Draft = { readonly hash: Buffer; readonly charity: Buffer; readonly body: string };

const KEPT_DAYS = 30;
/** Of one charity: each may be as large as a body may be. */
const MOST_DRAFTS = 100;

/**
 * Keeps a report until it is signed, for thirty days at most, and no longer than a hundred newer ones of the same charity
 * are kept. The same again stays as it is, and counts from now.
 */
export async function keepDraft(
  sql: Database,
  hash: Uint8Array,
  charity: Uint8Array,
  document: unknown,
): Promise<void> {
  await sql`DELETE FROM spending_drafts WHERE charity = ${charity} AND created_at < now() - ${KEPT_DAYS} * interval '1 day'`;
  await sql`
    INSERT INTO spending_drafts (hash, charity, body) VALUES (${hash}, ${charity}, ${canonicalJson(document)})
    ON CONFLICT (hash) DO UPDATE SET created_at = now()`;
  await sql`
    DELETE FROM spending_drafts WHERE hash IN (
      SELECT hash FROM spending_drafts WHERE charity = ${charity} ORDER BY created_at DESC OFFSET ${MOST_DRAFTS})`;
}

export async function draftByHash(sql: Queries, hash: Uint8Array): Promise<Draft | undefined> {
  const [row] = await sql<Draft[]>`SELECT hash, charity, body FROM spending_drafts WHERE hash = ${hash}`;
  return row;
}

/**
 * Publishes a signed report and writes down that the contract shall receive the signature, or neither. Answers with the
 * call's id.
 * @throws ConflictError `call-differs` when another report from there is under way
 */
export async function publishReport(
  sql: Database,
  args: CallArgs["disburse"],
  document: unknown,
): Promise<bigint> {
  return await sql.begin(async (tx) => {
    const call = await intend(tx, { kind: "disburse", args });
    const subject = fromHex(args.disbursement.charity);
    const { hash } = await recordDocument(tx, { kind: "spending", subject, body: document, isPublic: true });
    await tx`DELETE FROM spending_drafts WHERE hash = ${hash}`;
    return call;
  });
}

/** The call that carries a report's signature; of several, because the contract has refused some, the last. */
export async function disbursementOf(
  sql: Queries,
  charity: Uint8Array,
  hash: Uint8Array,
): Promise<SignedCall<"disburse"> | undefined> {
  const [row] = await sql<SignedCall<"disburse">[]>`
    SELECT id, state, args, created_at, mined_at, transaction, failure FROM chain_calls
    WHERE kind = 'disburse' AND args->'disbursement'->>'charity' = ${toHex(charity)}
      AND args->'disbursement'->>'evidence' = ${toHex(hash)}
    ORDER BY state = 'failed', id DESC LIMIT 1`;
  return row;
}

/** A signed report that the contract has taken, with its document. */
export type PublishedReport = {
  readonly from: bigint;
  readonly upTo: bigint;
  readonly evidence: string;
  readonly reported_at: Date;
  readonly transaction: Buffer | null;
  /** Canonical JSON; null when the document is not here. */
  readonly body: string | null;
};

/** The reports that tell of positions in [start, end), in their order. */
export const reportsOver = (
  sql: Queries,
  { charity, unit }: LineName,
  [start, end]: readonly [bigint, bigint],
  most: number,
) =>
  sql<PublishedReport[]>`
    SELECT (signed->>'from')::bigint AS "from", (signed->>'upTo')::bigint AS "upTo", signed->>'evidence' AS evidence,
      mined_at AS reported_at, transaction, body
    FROM chain_calls CROSS JOIN LATERAL (SELECT args->'disbursement' AS signed) AS part
    LEFT JOIN documents ON hash = decode(substr(signed->>'evidence', 3), 'hex') AND public
    WHERE chain_calls.kind = 'disburse' AND state <> 'failed' AND mined_at IS NOT NULL
      AND args->'disbursement'->>'charity' = ${toHex(charity)} AND args->'disbursement'->>'unit' = ${unit}
      AND (args->'disbursement'->>'upTo')::bigint > ${start} AND (signed->>'from')::bigint < ${end}
    ORDER BY (args->'disbursement'->>'upTo')::bigint LIMIT ${most}`;
