// API keys. Only their SHA-256 is stored: a key is 32 random bytes, so nothing slower is needed.

import { createHash, randomBytes } from "node:crypto";
import type { Queries } from "./database.ts";

export type Role = "operator" | "merchant" | "charity";

/** Who a key speaks for: the operator, one merchant by its id, or one charity by its registration id. */
export type Caller = {
  readonly role: Role;
  readonly subject: string | null;
  readonly label: string;
  /** Further charities, where one account signs for several and has signed in. */
  readonly others?: readonly string[];
};

const PREFIX = "amanah_";

const hashOf = (key: string) => createHash("sha256").update(key).digest();

/** A new key, which nothing knows yet. */
export const newKey = (): string => PREFIX + randomBytes(32).toString("base64url");

/** Lets a key speak for a caller. */
export async function addKey(sql: Queries, key: string, { role, subject, label }: Caller): Promise<void> {
  await sql`INSERT INTO api_keys (hash, role, subject, label) VALUES (${hashOf(key)}, ${role}, ${subject}, ${label})`;
}

export async function callerOf(sql: Queries, key: string): Promise<Caller | undefined> {
  const [row] = await sql<Caller[]>`
    SELECT role, subject, label FROM api_keys WHERE hash = ${hashOf(key)} AND revoked_at IS NULL`;
  return row;
}

export async function hasOperatorKey(sql: Queries): Promise<boolean> {
  return (
    (await sql`SELECT FROM api_keys WHERE role = 'operator' AND revoked_at IS NULL LIMIT 1`).length === 1
  );
}

/** Revokes a key that is in force; false when there is none. */
export async function revokeKey(sql: Queries, key: string): Promise<boolean> {
  const revoked = await sql`
    UPDATE api_keys SET revoked_at = now() WHERE hash = ${hashOf(key)} AND revoked_at IS NULL RETURNING hash`;
  return revoked.length === 1;
}
