// The calls that the contract shall receive: written here first, in the transaction of whoever wants them, and told to
// the outside world later. How a call that was sent goes on is in `chain-slots`.

import { isDeepStrictEqual } from "node:util";
import { ConflictError, UnavailableError } from "../errors.ts";
import { type CallKind, type ContractCall, nameOf, type Role, senderOf } from "../protocol/contract-calls.ts";
import { type Database, only, type Queries, textArray } from "./database.ts";

/**
 * `intended`: written here, known to nobody else. `sent`: signed, and perhaps heard of. `mined`: in a block. `final`: deep
 * enough. `failed`: the contract refuses it. A reorganisation moves it back from `mined` to `sent`.
 */
export type CallState = "intended" | "sent" | "mined" | "final" | "failed";

export type StoredCall = ContractCall & {
  readonly id: bigint;
  readonly role: Role;
  readonly turn: number;
  readonly attempts: number;
  /** Whether it was done before, on a chain that has forgotten it. */
  readonly done_before: boolean;
};

/**
 * Writes down that the contract shall receive a call, and answers with its id. The same again changes nothing and answers
 * with the same id; once refused by the contract, it may be asked for again.
 * @throws ConflictError `call-differs` when a call of that name asks for something else
 */
export async function intend(sql: Queries, call: ContractCall): Promise<bigint> {
  const name = nameOf(call);
  const [added] = await sql<{ id: bigint }[]>`
    INSERT INTO chain_calls (kind, once, args, role)
    VALUES (${call.kind}, ${name}, ${sql.json(call.args)}, ${senderOf(call)})
    ON CONFLICT (once) DO NOTHING RETURNING id`;
  return added?.id ?? (await sameCall(sql, name, call));
}

/** The same for many calls at once; the ids are in the order of the calls. */
export async function intendAll(sql: Queries, calls: readonly ContractCall[]): Promise<bigint[]> {
  const rows = calls.map((call) => ({ ...call, once: nameOf(call), role: senderOf(call) }));
  const added = await sql<{ id: bigint; once: string }[]>`
    INSERT INTO chain_calls (kind, once, args, role)
    SELECT call->>'kind', call->>'once', call->'args', call->>'role'
    FROM jsonb_array_elements(${sql.json(rows)}) WITH ORDINALITY AS asked (call, place) ORDER BY place
    ON CONFLICT (once) DO NOTHING RETURNING id, once`;
  const ids = new Map(added.map(({ id, once }) => [once, id]));
  const idOf = (call: ContractCall) => ids.get(nameOf(call)) ?? sameCall(sql, nameOf(call), call);
  return await Promise.all(calls.map(idOf));
}

async function sameCall(sql: Queries, name: string, call: ContractCall): Promise<bigint> {
  const rows = await sql<(ContractCall & { id: bigint })[]>`
    SELECT id, kind, args FROM chain_calls WHERE once = ${name}`;
  const { id, kind, args } = only(rows);
  if (kind === call.kind && isDeepStrictEqual(args, call.args)) return id;
  throw new ConflictError("call-differs", `${name}: the contract is already asked for something else`, {
    call: name,
  });
}

export type CallReport = {
  readonly id: bigint;
  readonly kind: CallKind;
  readonly state: CallState;
  readonly transaction: Buffer | null;
  readonly block: bigint | null;
  readonly mined_at: Date | null;
  /** Why the contract refuses it. */
  readonly failure: string | null;
};

export async function callReport(sql: Queries, id: bigint): Promise<CallReport | undefined> {
  const [row] = await sql<CallReport[]>`
    SELECT id, kind, state, transaction, block, mined_at, failure FROM chain_calls WHERE id = ${id}`;
  return row;
}

/** Which calls are looked at: all, those of one kind, or all of another kind. */
export type Kinds = { readonly only?: CallKind; readonly but?: CallKind };

/**
 * The oldest calls that wait to be sent, for the accounts that are at hand; those that are put off are left out. While the
 * ledger moves, what is new waits for the opening: a payout before it would be a record without money.
 */
export const callsToSend = (sql: Queries, roles: readonly Role[], most: number, { only, but }: Kinds = {}) =>
  sql<StoredCall[]>`
    SELECT id, kind, args, role, turn, attempts, mined_at IS NOT NULL AS done_before FROM chain_calls
    WHERE state = 'intended' AND role = ANY(${textArray(roles)}::text[]) AND (not_before IS NULL OR not_before <= now())
      AND kind = coalesce(${only ?? null}, kind) AND kind IS DISTINCT FROM ${but ?? null}
      AND (turn < 100 OR NOT EXISTS (SELECT FROM moves WHERE state IN ('rebuilding', 'compared')))
    ORDER BY turn, id LIMIT ${most}`;

/** How many calls are neither final nor failed. */
export async function unfinishedCalls(sql: Queries): Promise<bigint> {
  const rows = await sql<{ count: bigint }[]>`
    SELECT count(*) FROM chain_calls WHERE state NOT IN ('final', 'failed')`;
  return only(rows).count;
}

/** Records that the contract refuses a call, and why. False when it was not waiting to be sent. */
export async function failCall(sql: Queries, id: bigint, failure: string): Promise<boolean> {
  const failed = await sql`
    UPDATE chain_calls SET state = 'failed', failure = ${failure}, once = NULL
    WHERE id = ${id} AND state = 'intended' RETURNING id`;
  return failed.length === 1;
}

/** Leaves a call for later, so that it does not keep others from being sent. False when it was not waiting to be sent. */
export async function putOff(
  sql: Queries,
  id: bigint,
  seconds: number,
  waitsFor: string | null = null,
): Promise<boolean> {
  return (await putOffWhere(sql, sql`id = ${id}`, seconds, waitsFor)) === 1;
}

/** Leaves all payouts for later: nobody is paid while the contract is paused, or has no such payer. */
export const putOffPayouts = (sql: Queries, seconds: number, waitsFor: string) =>
  putOffWhere(sql, sql`kind IN ('payToken', 'payBank', 'repay')`, seconds, waitsFor);

/**
 * Leaves the token payouts of a unit for later that come to more than `available`, in minor units; all of them when that
 * is null. Of calls that belong to no payout here the amount is not known: they are left for later too.
 */
export const putOffTokens = (
  sql: Queries,
  unit: string,
  available: bigint | null,
  seconds: number,
  waitsFor: string,
) =>
  putOffWhere(
    sql,
    sql`kind = 'payToken' AND args->>'unit' = ${unit} AND NOT EXISTS (
      SELECT FROM payouts WHERE call = chain_calls.id AND amount <= ${available}::bigint)`,
    seconds,
    waitsFor,
  );

/** Answers with how many were put off. */
async function putOffWhere(
  sql: Queries,
  condition: ReturnType<Queries>,
  seconds: number,
  waitsFor: string | null,
): Promise<number> {
  const put = await sql`
    UPDATE chain_calls SET not_before = now() + ${seconds} * interval '1 second', waits_for = ${waitsFor}
    WHERE ${condition} AND state = 'intended' AND (not_before IS NULL OR not_before <= now()) RETURNING id`;
  return put.length;
}

/** Has payouts that are put off tried at once. */
export async function tryPayoutsNow(sql: Queries): Promise<void> {
  await sql`
    UPDATE chain_calls SET not_before = NULL, waits_for = NULL
    WHERE state = 'intended' AND kind IN ('payToken', 'payBank', 'repay') AND waits_for IS NOT NULL`;
}

/** Records a call as final that the contract turned out to have received already, by a transaction that is not ours. */
export async function finishFound(sql: Database, id: bigint): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`
      UPDATE batches SET state = 'final', anchored_at = coalesce(anchored_at, now()) FROM chain_calls
      WHERE chain_calls.id = ${id} AND chain_calls.kind = 'anchor' AND chain_calls.state = 'intended'
        AND number = (args->>'batch')::bigint AND batches.state IN ('submitted', 'anchored')`;
    await tx`
      UPDATE chain_calls SET state = 'final', mined_at = coalesce(mined_at, now()) WHERE id = ${id} AND state = 'intended'`;
  });
}

const LOOK_EVERY_MS = 50;

/** Waits until a call is final or failed. Throws `UnavailableError` when the time is up. */
export async function callEnded(sql: Queries, id: bigint, withinMs: number): Promise<CallReport> {
  const end = performance.now() + withinMs;
  for (;;) {
    const report = await callReport(sql, id);
    if (report?.state === "final" || report?.state === "failed") return report;
    if (performance.now() >= end) throw notYet(id, report);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

const notYet = (id: bigint, report: CallReport | undefined) =>
  new UnavailableError(
    "call-not-final",
    `call ${id} is ${report?.state ?? "not known"}; look again later`,
    5,
  );
