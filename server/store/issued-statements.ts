// Papers that were handed out: what each said, under a token that only the paper carries.

import { randomBytes } from "node:crypto";
import { only, type Queries } from "./database.ts";

const TOKEN_BYTES = 16;

export type NewStatement = {
  /** keccak-256 of `body`. */
  readonly hash: Uint8Array;
  /** Whom it is about: what erasure finds it by. */
  readonly subject: string;
  /** Canonical JSON. */
  readonly body: string;
};

export type IssuedStatement = {
  readonly token: Buffer;
  readonly hash: Buffer;
  readonly body: string;
  readonly issued_at: Date;
};

/** Keeps what a paper says; the same again gets the same token. */
export async function issueStatement(sql: Queries, statement: NewStatement): Promise<IssuedStatement> {
  const { hash, subject, body } = statement;
  await sql`
    INSERT INTO issued_statements (token, hash, subject, body) VALUES (${randomBytes(TOKEN_BYTES)}, ${hash}, ${subject}, ${body})
    ON CONFLICT (hash) DO NOTHING`;
  return only(
    await sql<
      IssuedStatement[]
    >`SELECT token, hash, body, issued_at FROM issued_statements WHERE hash = ${hash}`,
  );
}

export async function issuedStatement(sql: Queries, token: Uint8Array): Promise<IssuedStatement | undefined> {
  const [row] = await sql<IssuedStatement[]>`
    SELECT token, hash, body, issued_at FROM issued_statements WHERE token = ${token}`;
  return row;
}

export const donorSubject = (donor: Uint8Array): string => `donor/${Buffer.from(donor).toString("hex")}`;
export const charitySubject = (registration: string): string => `charity/${registration}`;
/** The papers of one merchant's day, which list its orders. `day` counted from 1970. */
export const merchantSubject = (merchant: string, day: number): string => `merchant/${merchant}/${day}`;
