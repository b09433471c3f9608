// Who takes part: charities and merchants.

import { charityId } from "../protocol/ids.ts";
import { type Queries, textArray } from "./database.ts";

export type Rail = "token" | "bank";

export type Charity = {
  readonly id: Buffer;
  readonly registration: string;
  readonly name: string;
  readonly website: string | null;
  /** The account that payouts go to, and the one that signs acknowledgements; 20 bytes each. */
  readonly payee: Buffer | null;
  readonly signer: Buffer | null;
  readonly rail: Rail;
  readonly created_at: Date;
};

export type NewCharity = {
  readonly registration: string;
  readonly name: string;
  readonly website: string | null;
  readonly payee: Uint8Array | null;
  readonly signer: Uint8Array | null;
  readonly rail: Rail;
};

/** Adds a charity; false when its registration id is there already. */
export async function addCharity(sql: Queries, charity: NewCharity): Promise<boolean> {
  const { registration, name, website, payee, signer, rail } = charity;
  const added = await sql`
    INSERT INTO charities (id, registration, name, website, payee, signer, rail)
    VALUES (${charityId(registration)}, ${registration}, ${name}, ${website}, ${payee}, ${signer}, ${rail})
    ON CONFLICT DO NOTHING RETURNING id`;
  return added.length === 1;
}

export async function charityById(sql: Queries, id: Uint8Array): Promise<Charity | undefined> {
  const [row] = await sql<Charity[]>`SELECT * FROM charities WHERE id = ${id}`;
  return row;
}

/** A page by registration id: all, or those whose registration id begins with `search` or whose name holds it. */
export const charitiesAfter = (sql: Queries, after: string, limit: number, search: string | null = null) =>
  sql<Charity[]>`
    SELECT * FROM charities
    WHERE registration > ${after} AND (${search}::text IS NULL
      OR starts_with(lower(registration), lower(${search})) OR strpos(lower(name), lower(${search})) > 0)
    ORDER BY registration LIMIT ${limit}`;

/** The names of charities by their registration ids. */
export async function charityNames(
  sql: Queries,
  registrations: readonly string[],
): Promise<Map<string, string>> {
  if (registrations.length === 0) return new Map();
  const rows = await sql<{ registration: string; name: string }[]>`
    SELECT registration, name FROM charities WHERE registration = ANY(${textArray(registrations)}::text[])`;
  return new Map(rows.map(({ registration, name }) => [registration, name]));
}

/** Which of these registration ids are not known. */
export async function unknownCharities(sql: Queries, registrations: readonly string[]): Promise<string[]> {
  const rows = await sql<{ registration: string }[]>`
    SELECT registration FROM charities WHERE registration = ANY(${textArray(registrations)}::text[])`;
  const known = new Set(rows.map((row) => row.registration));
  return registrations.filter((registration) => !known.has(registration));
}

export type Merchant = {
  readonly id: string;
  readonly name: string;
  readonly legal_donor: string;
  /** Whether anyone may see what it has given in all: its own decision. */
  readonly shows_totals: boolean;
  readonly created_at: Date;
};

export type NewMerchant = Pick<Merchant, "id" | "name" | "legal_donor">;

/** Adds a merchant; false when its id is there already. */
export async function addMerchant(sql: Queries, { id, name, legal_donor }: NewMerchant) {
  const added = await sql`
    INSERT INTO merchants (id, name, legal_donor) VALUES (${id}, ${name}, ${legal_donor})
    ON CONFLICT DO NOTHING RETURNING id`;
  return added.length === 1;
}

export async function merchantById(sql: Queries, id: string): Promise<Merchant | undefined> {
  const [row] = await sql<Merchant[]>`SELECT * FROM merchants WHERE id = ${id}`;
  return row;
}

/** Has a merchant's totals shown to everyone, or no longer. */
export const showTotals = (sql: Queries, id: string, shown: boolean) =>
  sql`UPDATE merchants SET shows_totals = ${shown} WHERE id = ${id}`;

export const merchantsAfter = (sql: Queries, after: string, limit: number) =>
  sql<Merchant[]>`SELECT * FROM merchants WHERE id > ${after} ORDER BY id LIMIT ${limit}`;
