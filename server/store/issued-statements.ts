// Papers that were handed out: what each said, under a token that only the paper carries.

import { randomBytes } from "node:crypto";
import { UnavailableError } from "../errors.ts";
import { type Database, only, type Queries } from "./database.ts";
import { holdShared } from "./locks.ts";

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

/** Whether what a paper tells of is still there: an erasure may have come since it was read. */
export type StillThere = (tx: Queries) => Promise<boolean>;

/**
 * Keeps what a paper says; the same again gets the same token.
 * @throws UnavailableError `erased-meanwhile`
 */
export function issueStatement(
  sql: Database,
  { hash, subject, body }: NewStatement,
  isStillThere: StillThere = async () => true,
): Promise<IssuedStatement> {
  return sql.begin("ISOLATION LEVEL READ COMMITTED", async (tx) => {
    // An erasure that comes now waits, and then takes the paper too; of one that came before the next statement knows.
    await holdShared(tx, "papers");
    if (!(await isStillThere(tx))) throw erasedMeanwhile();
    await tx`
      INSERT INTO issued_statements (token, hash, subject, body)
      VALUES (${randomBytes(TOKEN_BYTES)}, ${hash}, ${subject}, ${body}) ON CONFLICT (hash) DO NOTHING`;
    const rows = await tx<IssuedStatement[]>`
      SELECT token, hash, body, issued_at FROM issued_statements WHERE hash = ${hash}`;
    return only(rows);
  }) as Promise<IssuedStatement>;
}

const ASK_AGAIN_SECONDS = 1;
const erasedMeanwhile = () =>
  new UnavailableError(
    "erased-meanwhile",
    "something that this statement tells of has just been erased: ask again",
    ASK_AGAIN_SECONDS,
  );

export async function issuedStatement(sql: Queries, token: Uint8Array): Promise<IssuedStatement | undefined> {
  const [row] = await sql<IssuedStatement[]>`
    SELECT token, hash, body, issued_at FROM issued_statements WHERE token = ${token}`;
  return row;
}

export const donorSubject = (donor: Uint8Array): string => `donor/${Buffer.from(donor).toString("hex")}`;
export const charitySubject = (registration: string): string => `charity/${registration}`;
/** The papers of one merchant's day, which list its orders. `day` counted from 1970. */
export const merchantSubject = (merchant: string, day: number): string => `merchant/${merchant}/${day}`;
