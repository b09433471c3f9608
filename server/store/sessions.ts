// Sessions of charities that have signed in with their signer's account. Only hashes of tokens are stored.

import { createHash, randomBytes } from "node:crypto";
import type { Database, Queries } from "./database.ts";
import type { Caller } from "./keys.ts";

const PREFIX = "amanah_session_";

export const isSessionToken = (key: string): boolean => key.startsWith(PREFIX);

const hashOf = (token: string) => createHash("sha256").update(token).digest();

export type Session = {
  readonly token: string;
  readonly expiresAt: Date;
};

/**
 * Opens a session for an account, and uses up the nonce that it has signed; undefined when the nonce was used before.
 * What has ended is cleared away on this occasion.
 */
export async function openSession(
  sql: Database,
  account: Uint8Array,
  nonce: string,
  { sessionSeconds, nonceSeconds }: { readonly sessionSeconds: number; readonly nonceSeconds: number },
): Promise<Session | undefined> {
  const token = PREFIX + randomBytes(32).toString("base64url");
  return await sql.begin(async (tx) => {
    await tx`DELETE FROM sessions WHERE expires_at < now()`;
    // Kept twice as long as nonces count, so that no clock's difference brings one back.
    await tx`DELETE FROM used_nonces WHERE used_at < now() - ${2 * nonceSeconds} * interval '1 second'`;
    const used =
      await tx`INSERT INTO used_nonces (nonce) VALUES (${nonce}) ON CONFLICT DO NOTHING RETURNING nonce`;
    if (used.length === 0) return undefined;
    const [row] = await tx<{ expires_at: Date }[]>`
      INSERT INTO sessions (hash, account, expires_at)
      VALUES (${hashOf(token)}, ${account}, now() + ${sessionSeconds} * interval '1 second') RETURNING expires_at`;
    return row && { token, expiresAt: row.expires_at };
  });
}

/** The registration ids of the charities that an account signs for. */
export async function charitiesSignedBy(sql: Queries, account: Uint8Array): Promise<string[]> {
  const rows = await sql<{ registration: string }[]>`
    SELECT registration FROM charities WHERE signer = ${account} ORDER BY registration`;
  return rows.map(({ registration }) => registration);
}

/** Whom a session speaks for, as of now; undefined when it has ended or its account signs for nobody any more. */
export async function sessionCaller(sql: Queries, token: string): Promise<Caller | undefined> {
  const [session] = await sql<{ account: Buffer }[]>`
    SELECT account FROM sessions WHERE hash = ${hashOf(token)} AND expires_at > now()`;
  if (session === undefined) return undefined;
  const [subject, ...others] = await charitiesSignedBy(sql, session.account);
  if (subject === undefined) return undefined;
  return { role: "charity", subject, others, label: `signed in as 0x${session.account.toString("hex")}` };
}

/** Ends a session; false when there is none of this token. */
export async function endSession(sql: Queries, token: string): Promise<boolean> {
  return (await sql`DELETE FROM sessions WHERE hash = ${hashOf(token)} RETURNING hash`).length === 1;
}
