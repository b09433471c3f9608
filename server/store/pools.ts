// Sponsors' pools: their terms, whether the charity has accepted them, and how they stand.

import type { Pool } from "../programmes/conversion.ts";
import { type PoolTerms, poolDocument, poolId } from "../programmes/pool.ts";
import { charityId } from "../protocol/ids.ts";
import type { Database, Queries } from "./database.ts";
import { recordDocument } from "./documents.ts";

export type StoredPool = Pool & {
  readonly createdAt: Date;
  readonly acceptedAt: Date | null;
  /** When what was left was given, after the pool's end. */
  readonly remainderAt: Date | null;
};

type Row = {
  id: Buffer;
  terms: string;
  noticed_in: bigint;
  created_at: Date;
  accepted_at: Date | null;
  funded: bigint;
  used: bigint;
  steps: bigint;
  day: number;
  day_used: bigint;
  remainder_at: Date | null;
};

/** Adds a pool under the hash of its terms, and publishes them; false when the same terms are there already. */
export const addPool = (sql: Database, terms: PoolTerms): Promise<boolean> =>
  sql.begin(async (tx) => {
    const added = await tx`
      INSERT INTO pools (id, charity, terms, starts_at, ends_at)
      VALUES (${poolId(terms)}, ${charityId(terms.charity)}, ${poolDocument(terms)}, ${terms.startsAt}, ${terms.endsAt})
      ON CONFLICT DO NOTHING RETURNING id`;
    if (added.length === 0) return false;
    await recordDocument(tx, { kind: "pool", body: JSON.parse(poolDocument(terms)), isPublic: true });
    return true;
  }) as Promise<boolean>;

/** Records that the charity accepts the pool; again changes nothing. */
export const acceptPool = (sql: Queries, id: Uint8Array) =>
  sql`UPDATE pools SET accepted_at = now() WHERE id = ${id} AND accepted_at IS NULL`;

export async function poolById(sql: Queries, id: Uint8Array): Promise<StoredPool | undefined> {
  const rows = await sql<Row[]>`${selectPools(sql)} WHERE pools.id = ${id}`;
  return rows.map(toPool)[0];
}

/** A page of all pools, by id, or of one charity's. */
export async function poolsAfter(
  sql: Queries,
  after: Uint8Array,
  limit: number,
  charity: Uint8Array | null,
): Promise<StoredPool[]> {
  const rows = await sql<Row[]>`
    ${selectPools(sql)} WHERE pools.id > ${after} AND (${charity}::bytea IS NULL OR charity = ${charity})
    ORDER BY pools.id LIMIT ${limit}`;
  return rows.map(toPool);
}

/** Those of a charity that still have something to give, in the order in which they pay. */
export async function payingPools(sql: Queries, charity: Uint8Array): Promise<StoredPool[]> {
  const rows = await sql<Row[]>`
    ${selectPools(sql)} WHERE charity = ${charity} AND funded > used AND remainder_at IS NULL
    ORDER BY starts_at, pools.id`;
  return rows.map(toPool);
}

/** Those that ended before a time, in Unix seconds, and still hold money. */
export async function endedPools(sql: Queries, before: number, limit: number): Promise<StoredPool[]> {
  const rows = await sql<Row[]>`
    ${selectPools(sql)} WHERE ends_at <= ${before} AND remainder_at IS NULL AND funded > used
    ORDER BY ends_at, pools.id LIMIT ${limit}`;
  return rows.map(toPool);
}

const selectPools = (sql: Queries) => sql`
  SELECT pools.*, documents.batch AS noticed_in FROM pools JOIN documents ON documents.hash = pools.id`;

function toPool(row: Row): StoredPool {
  const { format: _, ...terms } = JSON.parse(row.terms) as PoolTerms & { format: string };
  return {
    id: row.id,
    terms,
    noticedIn: row.noticed_in,
    funded: row.funded,
    used: row.used,
    steps: row.steps,
    day: row.day,
    dayUsed: row.day_used,
    createdAt: row.created_at,
    acceptedAt: row.accepted_at,
    remainderAt: row.remainder_at,
  };
}
