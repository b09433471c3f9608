// Pledges and their acceptance by charities. Terms are stored as they were hashed.

import type { Pledge } from "../programmes/pledge.ts";
import { type Terms, termsDocument, termsHash } from "../programmes/terms.ts";
import { byteaArray, type Database, type Queries, type Transaction, textArray } from "./database.ts";
import { recordDocument } from "./documents.ts";

/** Told to all processes when a merchant or one of its pledges changes; the payload is the merchant's id. */
export const PLEDGES_CHANGED = "amanah_pledges_changed";

export type StoredPledge = Pledge & {
  readonly createdAt: Date;
  /** The batch whose notice names its terms. */
  readonly noticedIn: bigint;
  /** Registration ids of the charities that have accepted. */
  readonly acceptedBy: readonly string[];
};

type Row = {
  id: Buffer;
  terms: string;
  legal_donor: string;
  created_at: Date;
  ended_at: bigint | null;
  noticed_in: bigint;
  accepted_by: string[];
};

/** Adds a pledge under the hash of its terms, and publishes them; false when the same terms are there already. */
export const addPledge = (sql: Database, terms: Terms): Promise<boolean> =>
  changing(sql, terms.merchant, async (tx) => {
    const added = await tx`
      INSERT INTO pledges (id, merchant, terms) VALUES (${termsHash(terms)}, ${terms.merchant}, ${termsDocument(terms)})
      ON CONFLICT DO NOTHING RETURNING id`;
    if (added.length === 0) return false;
    if (terms.programme === "charity-shop")
      await tx`INSERT INTO shop_pledges (pledge, merchant) VALUES (${termsHash(terms)}, ${terms.merchant})`;
    await recordDocument(tx, { kind: "pledge", body: JSON.parse(termsDocument(terms)), isPublic: true });
    return true;
  });

/** Records that a charity accepts a pledge; again changes nothing. */
export const acceptPledge = (sql: Database, pledge: Pledge, charity: Uint8Array): Promise<unknown> =>
  changing(
    sql,
    pledge.terms.merchant,
    (tx) =>
      tx`INSERT INTO pledge_acceptances (pledge, charity) VALUES (${pledge.id}, ${charity}) ON CONFLICT DO NOTHING`,
  );

/** Ends a pledge for purchases that complete from `at` (Unix seconds) on; the earliest end stands. */
export const endPledge = (sql: Database, pledge: Pledge, at: number): Promise<unknown> =>
  changing(
    sql,
    pledge.terms.merchant,
    (tx) => tx`UPDATE pledges SET ended_at = least(ended_at, ${at}::bigint) WHERE id = ${pledge.id}`,
  );

/** A change and its announcement, or neither: one that other processes never hear of would give or keep back for ever. */
const changing = <Result>(sql: Database, merchant: string, change: (tx: Transaction) => Promise<Result>) =>
  sql.begin(async (tx) => {
    await tx`SELECT pg_notify(${PLEDGES_CHANGED}, ${merchant})`;
    return change(tx);
  }) as Promise<Result>;

export async function pledgeById(sql: Queries, id: Uint8Array): Promise<StoredPledge | undefined> {
  const rows = await sql<Row[]>`${selectPledges(sql)} WHERE pledges.id = ${id}`;
  return rows.map(toPledge)[0];
}

export async function pledgesByIds(sql: Queries, ids: readonly Uint8Array[]): Promise<StoredPledge[]> {
  const rows = await sql<Row[]>`${selectPledges(sql)} WHERE pledges.id = ANY(${byteaArray(ids)}::bytea[])`;
  return rows.map(toPledge);
}

/** The pledges of these merchants, in an order that does not change. */
export async function pledgesOf(sql: Queries, merchants: readonly string[]): Promise<StoredPledge[]> {
  const rows = await sql<Row[]>`
    ${selectPledges(sql)} WHERE pledges.merchant = ANY(${textArray(merchants)}::text[]) ORDER BY pledges.created_at, pledges.id`;
  return rows.map(toPledge);
}

/** A page of all pledges or of one merchant's, by id. */
export async function pledgesAfter(sql: Queries, after: Uint8Array, limit: number, merchant: string | null) {
  const rows = await sql<Row[]>`
    ${selectPledges(sql)}
    WHERE pledges.id > ${after} AND (${merchant}::text IS NULL OR pledges.merchant = ${merchant})
    ORDER BY pledges.id LIMIT ${limit}`;
  return rows.map(toPledge);
}

const selectPledges = (sql: Queries) => sql`
  SELECT pledges.id, pledges.terms, pledges.created_at, pledges.ended_at, merchants.legal_donor,
    documents.batch AS noticed_in,
    (SELECT coalesce(jsonb_agg(registration ORDER BY registration), '[]')
      FROM pledge_acceptances JOIN charities ON charities.id = charity WHERE pledge = pledges.id) AS accepted_by
  FROM pledges JOIN merchants ON merchants.id = pledges.merchant JOIN documents ON documents.hash = pledges.id`;

function toPledge(row: Row): StoredPledge {
  const { format: _, ...terms } = JSON.parse(row.terms) as Terms & { format: string };
  return {
    id: row.id,
    terms,
    legalDonor: row.legal_donor,
    accepted: terms.charities.every(({ charity }) => row.accepted_by.includes(charity)),
    endedAt: row.ended_at === null ? null : Number(row.ended_at),
    createdAt: row.created_at,
    noticedIn: row.noticed_in,
    acceptedBy: row.accepted_by,
  };
}
