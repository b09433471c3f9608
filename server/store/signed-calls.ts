// Acknowledgements and disbursements among the calls to the contract: those that stand, how far they have come, and the
// wait for the contract's word. What they must say to be right is judged elsewhere.

import { toHex } from "../protocol/bytes.ts";
import type { CallArgs } from "../protocol/contract-calls.ts";
import { type CallReport, type CallState, callReport } from "./chain-calls.ts";
import type { Queries } from "./database.ts";
import type { LineName } from "./lines.ts";

export type SignedKind = "acknowledge" | "disburse";

/** One such call, whatever became of it. */
export type SignedCall<Kind extends SignedKind> = {
  readonly id: bigint;
  readonly state: CallState;
  readonly args: CallArgs[Kind];
  readonly created_at: Date;
  /** When the contract took it for the first time. */
  readonly mined_at: Date | null;
  readonly transaction: Buffer | null;
  readonly failure: string | null;
};

// Both as in the indexes, which want the kind as a literal.
const isOfKind = (sql: Queries, kind: SignedKind) =>
  kind === "acknowledge" ? sql`kind = 'acknowledge'` : sql`kind = 'disburse'`;

/** The signed part of a call's arguments. */
const signedPart = (sql: Queries, kind: SignedKind) =>
  kind === "acknowledge" ? sql`args->'acknowledgement'` : sql`args->'disbursement'`;

const select = (sql: Queries) => sql`
  SELECT id, state, args, created_at, mined_at, transaction, failure FROM chain_calls`;

const onLine = (sql: Queries, kind: SignedKind, { charity, unit }: LineName) => sql`
  ${isOfKind(sql, kind)} AND ${signedPart(sql, kind)}->>'charity' = ${toHex(charity)}
  AND ${signedPart(sql, kind)}->>'unit' = ${unit} AND state <> 'failed'`;

/**
 * Where the last of them ends that the contract has taken, now or on a chain that has forgotten it since; 0 if none. The
 * watermarks as last read may be a few seconds behind.
 */
export async function signedUpTo(sql: Queries, kind: SignedKind, line: LineName): Promise<bigint> {
  const end = sql`(${signedPart(sql, kind)}->>'upTo')::bigint`;
  const [row] = await sql<{ end: bigint }[]>`
    SELECT ${end} AS "end" FROM chain_calls WHERE ${onLine(sql, kind, line)} AND mined_at IS NOT NULL
    ORDER BY ${end} DESC LIMIT 1`;
  return row?.end ?? 0n;
}

/** The one that the contract has taken, now or on a chain that has forgotten it since, and that reaches over a position's end. */
export async function signedOver<Kind extends SignedKind>(
  sql: Queries,
  kind: Kind,
  line: LineName,
  end: bigint,
): Promise<SignedCall<Kind> | undefined> {
  const upTo = sql`(${signedPart(sql, kind)}->>'upTo')::bigint`;
  const [row] = await sql<SignedCall<Kind>[]>`
    ${select(sql)} WHERE ${onLine(sql, kind, line)} AND mined_at IS NOT NULL AND ${upTo} >= ${end}
    ORDER BY ${upTo} LIMIT 1`;
  return row;
}

/** The one that begins at a position and was not refused. */
export async function signedFrom<Kind extends SignedKind>(
  sql: Queries,
  kind: Kind,
  line: LineName,
  from: bigint,
): Promise<SignedCall<Kind> | undefined> {
  const [row] = await sql<SignedCall<Kind>[]>`
    ${select(sql)} WHERE ${onLine(sql, kind, line)} AND ${signedPart(sql, kind)}->>'from' = ${`${from}`}
    ORDER BY id LIMIT 1`;
  return row;
}

/** By its number, also one that was refused; undefined when it is none of this charity's. */
export async function signedById<Kind extends SignedKind>(
  sql: Queries,
  kind: Kind,
  charity: Uint8Array,
  id: bigint,
): Promise<SignedCall<Kind> | undefined> {
  const [row] = await sql<SignedCall<Kind>[]>`
    ${select(sql)}
    WHERE id = ${id} AND ${isOfKind(sql, kind)} AND ${signedPart(sql, kind)}->>'charity' = ${toHex(charity)}`;
  return row;
}

/** Those of a charity that were not refused, the newest first. */
export const signedBefore = <Kind extends SignedKind>(
  sql: Queries,
  kind: Kind,
  charity: Uint8Array,
  before: bigint,
  limit: number,
) =>
  sql<SignedCall<Kind>[]>`
    ${select(sql)}
    WHERE ${isOfKind(sql, kind)} AND ${signedPart(sql, kind)}->>'charity' = ${toHex(charity)} AND state <> 'failed'
      AND id < ${before}
    ORDER BY id DESC LIMIT ${limit}`;

const LOOK_EVERY_MS = 50;

/** Waits for the contract's word on a call: taken or refused. Answers with how it stands when the time is up. */
export async function callHeard(sql: Queries, id: bigint, withinMs: number): Promise<CallReport | undefined> {
  const end = performance.now() + withinMs;
  for (;;) {
    const report = await callReport(sql, id);
    const isHeard = report === undefined || ["mined", "final", "failed"].includes(report.state);
    if (isHeard || performance.now() >= end) return report;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
