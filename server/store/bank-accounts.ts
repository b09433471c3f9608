// Where charities are paid by bank. The first account acts at once; a change waits, is shown with its date and can be
// vetoed by the charity meanwhile: swapping the payee is how money is stolen. Whether an account number is well formed is
// not known here.

import { isDeepStrictEqual } from "node:util";
import type { Database, Queries, Transaction } from "./database.ts";

/** Either `iban` or `other` is there. */
export type AccountDetails = {
  /** The holder's, as the bank knows it. */
  readonly name: string;
  readonly iban: string | null;
  readonly other: string | null;
  readonly bic: string | null;
  /** The bank's number in a national clearing system. */
  readonly bank_system: string | null;
  readonly bank_code: string | null;
  /** ISO 3166-1, two letters. */
  readonly country: string;
};

export type AccountState = "in-force" | "waiting" | "vetoed" | "replaced" | "past";

export type StoredAccount = AccountDetails & {
  readonly id: bigint;
  readonly state: AccountState;
  readonly created_at: Date;
  readonly effective_at: Date;
  readonly vetoed_at: Date | null;
};

/** How long a change waits: as long as the contract's change of a payee. */
export const ACCOUNT_CHANGE_DAYS = 7;

/** All that a charity ever had, the newest first. */
export const accountsOf = (sql: Queries, charity: Uint8Array) =>
  sql<StoredAccount[]>`
    SELECT id, name, iban, other, bic, bank_system, bank_code, country, created_at, effective_at, vetoed_at,
      CASE WHEN vetoed_at IS NOT NULL THEN 'vetoed' WHEN replaced_at IS NOT NULL THEN 'replaced'
        WHEN effective_at > now() THEN 'waiting'
        WHEN id = (${inForce(sql, charity)}) THEN 'in-force' ELSE 'past' END AS state
    FROM bank_accounts WHERE charity = ${charity} ORDER BY id DESC`;

/** The account that a payout goes to now, as a subquery for its id; `charity` may be a column. */
export const inForce = (sql: Queries, charity: Uint8Array | ReturnType<Queries>) => sql`
  SELECT a.id FROM bank_accounts a
  WHERE a.charity = ${charity} AND a.effective_at <= now() AND a.vetoed_at IS NULL AND a.replaced_at IS NULL
  ORDER BY a.id DESC LIMIT 1`;

/**
 * Sets the account of a charity: at once when it has none, else after the delay, in place of a change that still waits.
 * What is wanted already changes nothing. True when something was added.
 */
export const setAccount = (sql: Database, charity: Uint8Array, details: AccountDetails): Promise<boolean> =>
  sql.begin(async (tx) => {
    await tx`SELECT FROM charities WHERE id = ${charity} FOR UPDATE`;
    const live = (await accountsOf(tx, charity)).filter(({ state }) => /^(waiting|in-force)$/.test(state));
    if (live[0] !== undefined && isDeepStrictEqual(detailsOf(live[0]), details)) return false;
    await tx`
      UPDATE bank_accounts SET replaced_at = now()
      WHERE charity = ${charity} AND effective_at > now() AND vetoed_at IS NULL AND replaced_at IS NULL`;
    await insert(
      tx,
      charity,
      details,
      live.some(({ state }) => state === "in-force") ? ACCOUNT_CHANGE_DAYS : 0,
    );
    return true;
  }) as Promise<boolean>;

const detailsOf = ({ name, iban, other, bic, bank_system, bank_code, country }: AccountDetails) => ({
  ...{ name, iban, other, bic },
  ...{ bank_system, bank_code, country },
});

const insert = (tx: Transaction, charity: Uint8Array, details: AccountDetails, delayDays: number) => tx`
  INSERT INTO bank_accounts (charity, name, iban, other, bic, bank_system, bank_code, country, effective_at)
  VALUES (${charity}, ${details.name}, ${details.iban}, ${details.other}, ${details.bic}, ${details.bank_system},
    ${details.bank_code}, ${details.country}, now() + ${delayDays} * interval '1 day')`;

/** Stops the change that waits; false when none does. */
export async function vetoAccount(sql: Queries, charity: Uint8Array): Promise<boolean> {
  const vetoed = await sql`
    UPDATE bank_accounts SET vetoed_at = now()
    WHERE charity = ${charity} AND effective_at > now() AND vetoed_at IS NULL AND replaced_at IS NULL RETURNING id`;
  return vetoed.length === 1;
}
