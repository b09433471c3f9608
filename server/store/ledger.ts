// The ledger's identity and its secrets, made once with the ledger.

import { randomBytes } from "node:crypto";
import { type Database, only } from "./database.ts";

export type Ledger = {
  /** 32 random bytes, in every hash. */
  readonly id: Uint8Array;
  /** Keys receipt ids and receipt keys; the newest version. */
  readonly secret: Uint8Array;
  /** All versions, the newest first: receipt keys that were handed out go on working. */
  readonly secrets: readonly Uint8Array[];
};

/** The ledger of this database; the first caller makes it. */
export async function openLedger(sql: Database): Promise<Ledger> {
  await sql`INSERT INTO ledger (id) VALUES (${randomBytes(32)}) ON CONFLICT DO NOTHING`;
  await sql`INSERT INTO ledger_secrets (version, secret) VALUES (1, ${randomBytes(32)}) ON CONFLICT DO NOTHING`;
  const now = Math.floor(Date.now() / 1000);
  await sql`INSERT INTO open_batch (number, opened_at) VALUES (1, ${now}) ON CONFLICT DO NOTHING`;
  const { id } = only(await sql<{ id: Buffer }[]>`SELECT id FROM ledger`);
  const rows = await sql<{ secret: Buffer }[]>`SELECT secret FROM ledger_secrets ORDER BY version DESC`;
  return { id, secret: only(rows).secret, secrets: rows.map(({ secret }) => secret) };
}
