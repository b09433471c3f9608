// Who calls: API keys and the sessions of those who signed in, their roles, and for whom they may speak.

import type { Request } from "express";
import { ForbiddenError } from "../errors.ts";
import type { Database } from "../store/database.ts";
import { type Caller, callerOf, type Role } from "../store/keys.ts";
import { isSessionToken, sessionCaller } from "../store/sessions.ts";

const KEPT_MS = 5_000;
const MOST_KEPT = 10_000;

/** Callers by key, for a few seconds: a revoked key, or a session that has ended, works no longer than that. */
const kept = new Map<string, { readonly caller: Caller; readonly until: number }>();

/** The key that a request brings. */
export const keyOf = (request: Request): string | undefined =>
  /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];

/** The caller by its `Authorization: Bearer` key. Throws `ForbiddenError` unless it has one of the roles. */
export async function authenticate(sql: Database, request: Request, roles: readonly Role[]): Promise<Caller> {
  const key = keyOf(request);
  if (key === undefined)
    throw unknown("Authorization: wanted Bearer and an API key, came nothing of the kind");
  const caller = await lookUp(sql, key);
  if (caller === undefined) throw unknown(isSessionToken(key) ? SESSION_ENDED : KEY_UNKNOWN);
  if (roles.includes(caller.role)) return caller;
  throw new ForbiddenError(
    "wrong-role",
    `this needs a key of ${roles.join(" or ")}; this key is of ${caller.role}`,
  );
}

const KEY_UNKNOWN = "Authorization: this API key is not known, or has been revoked";
const SESSION_ENDED = "Authorization: this session has ended; sign in again";

const unknown = (message: string) => new ForbiddenError("unknown-key", message);

async function lookUp(sql: Database, key: string): Promise<Caller | undefined> {
  const known = kept.get(key);
  if (known !== undefined && known.until > performance.now()) return known.caller;
  const caller = isSessionToken(key) ? await sessionCaller(sql, key) : await callerOf(sql, key);
  if (kept.size >= MOST_KEPT) kept.clear();
  if (caller === undefined) kept.delete(key);
  else kept.set(key, { caller, until: performance.now() + KEPT_MS });
  return caller;
}

/** Has a key looked up anew, here at once and elsewhere within seconds. */
export const forgetKey = (key: string): void => void kept.delete(key);

/** Whether the caller speaks for this merchant or charity. */
export const speaksFor = ({ subject, others = [] }: Caller, wanted: string): boolean =>
  subject === wanted || others.includes(wanted);

/** Throws unless the caller is the operator or speaks for this merchant or charity. */
export function mayActFor(caller: Caller, role: "merchant" | "charity", subject: string): void {
  if (caller.role === "operator" || (caller.role === role && speaksFor(caller, subject))) return;
  throw new ForbiddenError("wrong-subject", `this key does not speak for ${role} ${subject}`);
}
