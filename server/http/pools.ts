// /v1/pools: money that sponsors commit to be given for the steps of others, and what has become of it.

import { z } from "zod";
import { ConflictError, InputError } from "../errors.ts";
import { ingestContributions } from "../ingest/ingest.ts";
import {
  type Funding,
  fundingGift,
  fundingSchema,
  type PoolTerms,
  poolId,
  poolSchema,
} from "../programmes/pool.ts";
import { eventId } from "../programmes/record.ts";
import { fromHex, toHex } from "../protocol/bytes.ts";
import { type ConversionRow, conversionsOf } from "../store/conversions.ts";
import type { Queries } from "../store/database.ts";
import { eventsByIds } from "../store/events.ts";
import { unknownCharities } from "../store/parties.ts";
import { acceptPool, addPool, poolById, poolsAfter, type StoredPool } from "../store/pools.ts";
import { answerSchema, showAnswer, statusOf } from "./answers.ts";
import { mayActFor } from "./auth.ts";
import { answerOrThrow } from "./contributions.ts";
import { receiptKey } from "./receipt-keys.ts";
import { opensWhole } from "./receipts.ts";
import { type Route, route } from "./route.ts";
import type { Services } from "./services.ts";
import {
  bytesInPath,
  charityInPath,
  hex32,
  listOf,
  listReply,
  minor,
  noSuch,
  page,
  receiptIdText,
  time,
} from "./words.ts";

const poolView = z
  .object({
    id: hex32,
    terms: z.record(z.string(), z.unknown()),
    accepted: z.boolean(),
    funded: minor.meta({ description: "committed for good, in batches that are sealed" }),
    used: minor.meta({ description: "given for steps so far, and at the end what was left" }),
    left: minor,
    steps: minor.meta({ description: "how many steps it has paid for" }),
    lastDay: z
      .object({ day: z.iso.date(), used: minor })
      .nullable()
      .meta({ description: "the last day, by the pool's clock, that it paid on, and what it paid then" }),
    createdAt: time,
    endedAt: time.nullable().meta({ description: "when what was left was given" }),
  })
  .meta({ id: "Pool" });

const DAY_MS = 86_400_000;

const show = (pool: StoredPool) => ({
  id: toHex(pool.id),
  terms: { format: "amanah-pool/1", ...pool.terms },
  accepted: pool.acceptedAt !== null,
  funded: `${pool.funded}`,
  used: `${pool.used}`,
  left: `${pool.funded - pool.used}`,
  steps: `${pool.steps}`,
  lastDay:
    pool.day === 0
      ? null
      : { day: new Date(pool.day * DAY_MS).toISOString().slice(0, 10), used: `${pool.dayUsed}` },
  createdAt: pool.createdAt.toISOString(),
  endedAt: pool.remainderAt?.toISOString() ?? null,
});

async function findPool(sql: Queries, id: string): Promise<StoredPool> {
  const pool = await poolById(sql, bytesInPath(id, 32, "pool"));
  if (pool === undefined) throw noSuch("pool", id);
  return pool;
}

async function checkCharity(sql: Queries, { charity }: PoolTerms): Promise<void> {
  const [unknown] = await unknownCharities(sql, [charity]);
  if (unknown === undefined) return;
  const facts = { field: "charity", wanted: "a charity that is registered here", came: unknown };
  throw new InputError("unknown-charity", `charity: wanted ${facts.wanted}, came ${unknown}`, facts);
}

/** Nobody is given to unasked, and nothing is committed to a pool that is over. */
function checkOpen({ acceptedAt, terms }: StoredPool, now: number): void {
  if (acceptedAt === null)
    throw new ConflictError("pool-not-accepted", "the charity has not accepted this pool yet");
  if (now >= terms.endsAt) throw new ConflictError("pool-ended", "this pool has ended");
}

async function fund({ sql, ingest }: Services, id: string, funding: Funding) {
  const pool = await findPool(sql, id);
  const now = ingest.recorder.now();
  const hex = toHex(pool.id);
  const name = { source: `pool/${hex}`, key: `funding/${funding.reference}` };
  // What was committed is answered for ever, also when the pool is over.
  if ((await eventsByIds(sql, [eventId(name, ingest.recorder.sha256)])).size === 0) checkOpen(pool, now);
  const [outcome] = await ingestContributions(ingest, [
    {
      name,
      body: funding,
      happenedAt: now,
      gifts: [fundingGift(pool.terms, { bytes: pool.id, hex }, funding)],
      noticedIn: pool.noticedIn,
    },
  ]);
  return answerOrThrow(outcome);
}

const tag = "Steps";

const conversionView = z.object({
  pool: hex32,
  gift: receiptIdText.nullable().meta({ description: "null where the steps came to no whole coin" }),
  from: minor,
  upTo: minor,
  amount: minor,
  key: z
    .string()
    .optional()
    .meta({ description: "opens the gift's whole receipt; told to whoever brings the key of the steps" }),
});

/** Whoever holds the receipt of the steps may open the sponsor's gifts for them: nobody else is named there. */
function showConversion(
  { ledger }: Services,
  { pool, gift, from, upto, amount }: ConversionRow,
  isHolder: boolean,
) {
  return {
    pool: toHex(pool),
    gift: gift && toHex(gift),
    ...{ from: `${from}`, upTo: `${upto}`, amount: `${amount}` },
    ...(isHolder && gift !== null ? { key: receiptKey(ledger.secret, gift) } : {}),
  };
}

export const poolRoutes: Route[] = [
  route({
    method: "post",
    path: "/v1/pools",
    tag,
    summary: "Offer a pool for steps",
    description:
      "A sponsor's terms: so many steps bring so much, up to so much a day, from when to when. The pool's id is the hash of them. Money may be committed to it once the charity has accepted.",
    callers: ["operator"],
    body: poolSchema,
    answers: {
      201: { description: "Recorded", schema: poolView },
      200: { description: "The same terms were recorded before", schema: poolView },
      422: { description: "Refused; `errors` names each field, what was wanted and what came" },
    },
    handle: async ({ body }, { sql }) => {
      await checkCharity(sql, body);
      const added = await addPool(sql, body);
      return { status: added ? 201 : 200, body: show(await findPool(sql, toHex(poolId(body)))) };
    },
  }),
  route({
    method: "post",
    path: "/v1/pools/{id}/acceptance",
    tag,
    summary: "Accept a pool, as the charity that it names",
    callers: ["charity"],
    body: z.strictObject({}),
    answers: { 200: { description: "Accepted", schema: poolView }, 404: { description: "Not known" } },
    handle: async ({ params: { id = "" }, caller }, { sql }) => {
      const pool = await findPool(sql, id);
      mayActFor(caller, "charity", pool.terms.charity);
      await acceptPool(sql, pool.id);
      return { status: 200, body: show(await findPool(sql, id)) };
    },
  }),
  route({
    method: "post",
    path: "/v1/pools/{id}/funding",
    tag,
    summary: "Commit money to a pool, for good",
    description:
      "A receipt on the charity's line of committed money (`POOL-CNY`), which everybody can see before anyone walks. It pays for steps of later batches; what is left at the end is given to the charity. The same `reference` again is the same receipt.",
    callers: ["operator"],
    body: fundingSchema,
    answers: {
      201: { description: "Committed", schema: answerSchema },
      200: { description: "Committed before: the same receipt", schema: answerSchema },
      404: { description: "Not known" },
      409: { description: "Not accepted by the charity, ended, or this reference has another amount" },
    },
    handle: async ({ body, params: { id = "" } }, services) => {
      const answer = await fund(services, id, body);
      return { status: statusOf(answer), body: showAnswer(services, answer) };
    },
  }),
  route({
    method: "get",
    path: "/v1/pools",
    tag,
    summary: "List pools",
    query: z.strictObject({ ...page(), after: hex32.optional(), charity: z.string().max(120).optional() }),
    answers: { 200: { description: "A page, by id", schema: listOf(poolView) } },
    handle: async ({ query: { after, limit, charity } }, { sql }) => {
      const from = after === undefined ? new Uint8Array(0) : fromHex(after);
      const of = charity === undefined ? null : charityInPath(charity);
      const pools = await poolsAfter(sql, from, limit, of);
      return { status: 200, body: listReply(pools.map(show), limit, ({ id }) => id) };
    },
  }),
  route({
    method: "get",
    path: "/v1/pools/{id}",
    tag,
    summary: "Read a pool",
    answers: { 200: { description: "The pool", schema: poolView }, 404: { description: "Not known" } },
    handle: async ({ params: { id = "" } }, { sql }) => ({
      status: 200,
      body: show(await findPool(sql, id)),
    }),
  }),
  route({
    method: "get",
    path: "/v1/receipts/{id}/conversions",
    tag,
    summary: "Read what has paid for a donation of steps",
    description:
      "With `Authorization: Receipt` and the key of the steps' receipt, also the keys of the gifts.",
    answers: {
      200: {
        description: "In the order of the steps; empty while nothing has",
        schema: z.object({ items: z.array(conversionView) }),
      },
    },
    handle: async ({ params: { id = "" }, request }, services) => {
      const receipt = bytesInPath(id, 16, "receipt");
      const isHolder = opensWhole(request, services.ledger.secrets, receipt);
      const rows = await conversionsOf(services.sql, receipt);
      return { status: 200, body: { items: rows.map((row) => showConversion(services, row, isHolder)) } };
    },
  }),
];
