// Campaigns: made and ended under the exclusive batch lock, at the border of two batches, so that which receipts count is
// a matter of batches and never of moments.

import {
  type Campaign,
  type Counting,
  campaignDocument,
  campaignEndDocument,
} from "../programmes/campaign.ts";
import { toHex } from "../protocol/bytes.ts";
import { type Database, only, type Queries, type Transaction } from "./database.ts";
import { type NewDocument, recordDocument } from "./documents.ts";
import { holdExclusive } from "./locks.ts";
import { closeHeld } from "./sealing.ts";

export type StoredCampaign = Counting & {
  /** Of its document. */
  readonly hash: Buffer;
  readonly createdAt: Date;
  /** The first batch whose receipts count for it. */
  readonly countsFrom: bigint;
  /** The first batch for which `endedAt` ends the window. */
  readonly endedFrom: bigint | null;
};

type Row = {
  number: number;
  document: Buffer;
  body: string;
  created_at: Date;
  counts_from: bigint;
  ended_at: bigint | null;
  ended_from: bigint | null;
};

const select = (sql: Queries) => sql`
  SELECT number, document, body, campaigns.created_at, counts_from, ended_at, ended_from
  FROM campaigns JOIN documents ON hash = document`;

export async function campaignById(sql: Queries, id: string): Promise<StoredCampaign | undefined> {
  const rows = await sql<Row[]>`${select(sql)} WHERE id = ${id}`;
  return rows.map(toCampaign)[0];
}

/** A page of all, the newest first. */
export async function campaignsBefore(sql: Queries, before: number, limit: number) {
  const rows = await sql<Row[]>`${select(sql)} WHERE number < ${before} ORDER BY number DESC LIMIT ${limit}`;
  return rows.map(toCampaign);
}

/** All that have ever been, and the version that this is: read by each process after a change. */
export async function allCampaigns(
  sql: Queries,
): Promise<{ readonly version: bigint; readonly all: readonly Counting[] }> {
  const rows = await sql<(Partial<Row> & { version: bigint })[]>`
    SELECT open_batch.campaigns AS version, counted.*
    FROM open_batch LEFT JOIN (${select(sql)}) AS counted ON true`;
  const all = rows.filter((row) => row.number != null).map((row) => toCampaign(row as Row));
  return { version: (rows[0] as { version: bigint }).version, all };
}

function toCampaign(row: Row): StoredCampaign {
  const { format: _, ...campaign } = JSON.parse(row.body) as Campaign & { format: string };
  return {
    number: row.number,
    campaign,
    hash: row.document,
    createdAt: row.created_at,
    countsFrom: row.counts_from,
    endedAt: row.ended_at === null ? null : Number(row.ended_at),
    endedFrom: row.ended_from,
  };
}

/** How many windows share a moment with this one; those that were ended do not count. */
export async function campaignsWithin(sql: Queries, { startsAt, endsAt }: Campaign): Promise<number> {
  const rows = await sql<{ count: number }[]>`
    SELECT count(*)::integer AS count FROM campaigns
    WHERE ends_at > ${startsAt} AND starts_at < ${endsAt} AND ended_at IS NULL`;
  return only(rows).count;
}

/**
 * Makes a campaign: its notice is in the batch that was open, and what is recorded from the next batch on counts.
 * Answers with false when one of this id is there already. `now` in Unix seconds.
 */
export const addCampaign = (sql: Database, campaign: Campaign, now: number): Promise<boolean> =>
  atBorder(sql, now, async (tx, next) => {
    const body = campaignDocument(campaign);
    const { id, startsAt, endsAt } = campaign;
    if ((await tx`SELECT FROM campaigns WHERE id = ${id}`).length > 0) return false;
    const { hash } = await recordDocument(tx, noticeOf(body));
    await tx`
      INSERT INTO campaigns (id, document, starts_at, ends_at, counts_from)
      VALUES (${id}, ${hash}, ${startsAt}, ${endsAt}, ${next})`;
    return true;
  });

/**
 * Ends a campaign's window `now` (Unix seconds) for what is recorded from the next batch on. Answers with false when it
 * was ended before.
 */
export const endCampaign = (sql: Database, { number, hash }: StoredCampaign, now: number): Promise<boolean> =>
  atBorder(sql, now, async (tx, next) => {
    const ended = await tx`
      UPDATE campaigns SET ended_at = ${now}, ended_from = ${next} WHERE number = ${number} AND ended_at IS NULL
      RETURNING number`;
    if (ended.length === 0) return false;
    await recordDocument(tx, noticeOf(campaignEndDocument(toHex(hash), now)));
    return true;
  });

const noticeOf = (body: object): NewDocument => ({ kind: "campaign", body, isPublic: true });

/**
 * Makes a change between two batches: nothing is being written meanwhile, the open batch is closed with the change's
 * notice in it, and `next` is the first batch that the change applies to. A change that answers with false changes nothing.
 */
async function atBorder(
  sql: Database,
  now: number,
  change: (tx: Transaction, next: bigint) => Promise<boolean>,
): Promise<boolean> {
  for (;;) {
    const expected = await openNumber(sql);
    // Outside of the lock: making a table takes longer than all else.
    await sql`SELECT ensure_receipts_partition(${expected + 1n})`;
    const changed = await sql.begin("ISOLATION LEVEL READ COMMITTED", async (tx) => {
      await holdExclusive(tx, "batch");
      if ((await openNumber(tx)) !== expected) return undefined;
      if (!(await change(tx, expected + 1n))) return false;
      await tx`UPDATE open_batch SET campaigns = campaigns + 1`;
      return closeHeld(tx, expected, now);
    });
    if (changed !== undefined) return changed;
  }
}

const openNumber = async (sql: Queries): Promise<bigint> =>
  only(await sql<{ number: bigint }[]>`SELECT number FROM open_batch`).number;
