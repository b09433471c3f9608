// /v1/campaigns: named windows over programmes, charities and merchants; what they have come to at this moment, and what
// each sealed batch has added.

import { z } from "zod";
import { ConflictError, InputError } from "../errors.ts";
import {
  type Campaign,
  campaignDocument,
  campaignSchema,
  MOST_DAYS,
  progressOf,
  type Total,
  windowEnd,
} from "../programmes/campaign.ts";
import { checkCurrency } from "../programmes/currency.ts";
import { toHex } from "../protocol/bytes.ts";
import { canonicalJson } from "../protocol/details.ts";
import { type BatchTotal, campaignBatches, campaignTotals } from "../store/campaign-totals.ts";
import {
  addCampaign,
  campaignById,
  campaignsBefore,
  campaignsWithin,
  endCampaign,
  type StoredCampaign,
} from "../store/campaigns.ts";
import type { Queries } from "../store/database.ts";
import { type Merchant, merchantById, unknownCharities } from "../store/parties.ts";
import { type CampaignNow, lookAt } from "./campaign-watch.ts";
import { type Route, route, toJson } from "./route.ts";
import type { Services } from "./services.ts";
import { hex32, isoTime, listOf, listReply, minor, noSuch, page, time } from "./words.ts";

const sum = z
  .string()
  .regex(/^[0-9]+$/)
  .meta({ description: "in the unit's smallest part, over all lines: it may have more than 19 digits" });

const sums = {
  unit: z.string(),
  gifts: minor.meta({ description: "how many" }),
  given: sum.meta({ description: "by all gifts that are recorded: it never falls" }),
  reversals: minor.meta({ description: "how many" }),
  takenBack: sum.meta({ description: "of what was given, by refunds" }),
};

const goalSchema = z.object({
  what: z.enum(["money", "line", "outcome"]),
  unit: z.string(),
  name: z.string().optional(),
  reached: z.string().meta({ description: "by what was given less what was taken back, in whole ones" }),
  of: z.string(),
  part: z.string().meta({ description: "of the next one: so much of `each`" }),
  each: z.string(),
});

const campaignShown = z
  .object({
    id: z.string(),
    title: z.string(),
    hash: hex32.meta({ description: "of its document, which is published under it" }),
    document: z.record(z.string(), z.unknown()),
    startsAt: time,
    endsAt: time.meta({ description: "the first moment that is not in it: earlier than planned when ended" }),
    endedAt: time.nullable(),
    createdAt: time,
    countsFrom: minor.meta({ description: "the first batch whose receipts count" }),
    endedFrom: minor.nullable().meta({ description: "the first batch for which the early end holds" }),
    totals: z.array(z.object(sums)),
    goals: z.array(goalSchema),
  })
  .meta({ id: "Campaign" });

const batchSchema = z.object({ batch: minor, ...sums }).meta({ id: "CampaignBatch" });

function show({ campaign: stored, totals }: CampaignNow) {
  const { campaign, hash, endedAt, createdAt, countsFrom, endedFrom } = stored;
  return {
    id: campaign.id,
    title: campaign.title,
    hash: toHex(hash),
    document: campaignDocument(campaign),
    startsAt: isoTime(campaign.startsAt),
    endsAt: isoTime(windowEnd(stored)),
    endedAt: endedAt === null ? null : isoTime(endedAt),
    createdAt: createdAt.toISOString(),
    ...{ countsFrom, endedFrom },
    totals: totals.map(showTotal),
    goals: campaign.goals.map((goal) => showGoal(goal, totals)),
  };
}

const showTotal = ({ unit, gifts, given, reversals, takenBack }: Total) => ({
  ...{ unit, gifts, given, reversals, takenBack },
});

const showBatch = ({ batch, ...total }: BatchTotal) => ({ batch, ...showTotal(total) });

const showGoal = (goal: Campaign["goals"][number], totals: readonly Total[]) => ({
  what: goal.what,
  unit: goal.unit,
  ...(goal.what === "outcome" ? { name: goal.name } : {}),
  ...progressOf(goal, totals),
});

const write = (now: CampaignNow) => toJson(show(now));

async function showAll(sql: Queries, campaigns: readonly StoredCampaign[]) {
  const totals = await campaignTotals(
    sql,
    campaigns.map(({ number }) => number),
  );
  return campaigns.map((campaign) => show({ campaign, totals: totals.get(campaign.number) ?? [] }));
}

const refuse = (code: string, field: string, wanted: string, came: string) =>
  new InputError(code, `${field}: wanted ${wanted}, came ${came}`, { field, wanted, came });

async function checkParties(sql: Queries, { goals, charities, merchants }: Campaign): Promise<void> {
  for (const [index, { what, unit }] of goals.entries())
    if (what !== "line") checkCurrency(unit, `goals.${index}.unit`);
  const [unknown] = await unknownCharities(sql, charities ?? []);
  if (unknown !== undefined)
    throw refuse("unknown-charity", "charities", "charities that are registered here", unknown);
  for (const id of merchants ?? []) checkMerchant(id, await merchantById(sql, id));
}

/** A campaign's totals are public: over merchants that hide theirs they would tell of their turnover. */
function checkMerchant(id: string, merchant: Merchant | undefined): void {
  if (merchant === undefined)
    throw refuse("unknown-merchant", "merchants", "merchants that are registered here", id);
  if (!merchant.shows_totals)
    throw refuse("hidden-totals", "merchants", "merchants that show their totals to everyone", id);
}

/** Each gift is looked at by all whose window it falls into: so many may be open at a time. */
const MOST_AT_ONCE = 100;

async function checkWindow(sql: Queries, campaign: Campaign, now: number): Promise<void> {
  if (campaign.endsAt <= now)
    throw refuse("over-already", "endsAt", "a time to come", isoTime(campaign.endsAt));
  if ((await campaignsWithin(sql, campaign)) >= MOST_AT_ONCE)
    throw new ConflictError(
      "too-many-campaigns",
      `${MOST_AT_ONCE} campaigns share time with this window; end one of them, or choose another window`,
    );
}

/** The one of this id. A second campaign of other content is not made under its name. */
async function sameAs(sql: Queries, campaign: Campaign): Promise<StoredCampaign | undefined> {
  const stored = await campaignById(sql, campaign.id);
  if (stored === undefined || canonicalJson(stored.campaign) === canonicalJson(campaign)) return stored;
  throw new ConflictError("campaign-differs", `id: there is another campaign called ${campaign.id}`);
}

async function create({ sql, ingest }: Services, campaign: Campaign): Promise<number> {
  if ((await sameAs(sql, campaign)) !== undefined) return 200;
  const now = ingest.recorder.now();
  await checkParties(sql, campaign);
  await checkWindow(sql, campaign, now);
  if (await addCampaign(sql, campaign, now)) return 201;
  await sameAs(sql, campaign);
  return 200;
}

async function end({ sql, ingest }: Services, id: string): Promise<void> {
  const stored = await findCampaign(sql, id);
  const now = ingest.recorder.now();
  if (stored.endedAt !== null) return;
  if (stored.campaign.endsAt <= now)
    throw new ConflictError("campaign-over", `${id}: it was over at ${isoTime(stored.campaign.endsAt)}`);
  await endCampaign(sql, stored, now);
}

async function findCampaign(sql: Queries, id: string): Promise<StoredCampaign> {
  const stored = await campaignById(sql, id);
  if (stored === undefined) throw noSuch("campaign", id);
  return stored;
}

const BEHIND_ALL = 2 ** 31 - 1;
const place = z.string().regex(/^[1-9][0-9]{0,8}$/, "wanted the cursor of a page");
const batchPlace = z.string().regex(/^[1-9][0-9]{0,17}\/[A-Z]{1,32}$/, "wanted the cursor of a page");

function placeOf(after: string | undefined): { batch: bigint; unit: string } {
  const [batch = "0", unit = ""] = after?.split("/") ?? [];
  return { batch: BigInt(batch), unit };
}

const tag = "Campaigns";
const LIVE = { "Cache-Control": "no-store" };

export const campaignRoutes: Route[] = [
  route({
    method: "post",
    path: "/v1/campaigns",
    tag,
    summary: "Make a campaign",
    description: `A window of at most ${MOST_DAYS} days. What is recorded from now on counts where it happened within the window and is of its programmes, charities and merchants (null: all of them). It never changes; the same again is the same campaign.`,
    callers: ["operator"],
    body: campaignSchema,
    answers: {
      201: {
        description: "Made, and its document noticed in the batch that this has closed",
        schema: campaignShown,
      },
      200: { description: "It was made before", schema: campaignShown },
      409: { description: "Another one has this id, or too many share its time" },
    },
    handle: async ({ body }, services) => {
      const status = await create(services, body);
      return { status, body: show(await lookAt(services.sql, body.id)) };
    },
  }),
  route({
    method: "post",
    path: "/v1/campaigns/{id}/end",
    tag,
    summary: "End a campaign now",
    description:
      "What happened before still counts when it is told later, and so do refunds of what counted.",
    callers: ["operator"],
    body: z.strictObject({}),
    answers: {
      200: { description: "Ended, now or before", schema: campaignShown },
      404: { description: "Not known" },
      409: { description: "Its window is over" },
    },
    handle: async ({ params: { id = "" } }, services) => {
      await end(services, id);
      return { status: 200, body: show(await lookAt(services.sql, id)) };
    },
  }),
  route({
    method: "get",
    path: "/v1/campaigns",
    tag,
    summary: "List campaigns, the newest first",
    query: z.strictObject({ ...page(50, 20), after: place.optional() }),
    answers: { 200: { description: "A page", schema: listOf(campaignShown) } },
    handle: async ({ query: { after, limit } }, { sql }) => {
      const campaigns = await campaignsBefore(sql, after === undefined ? BEHIND_ALL : Number(after), limit);
      const { next } = listReply(campaigns, limit, ({ number }) => `${number}`);
      return { status: 200, body: { items: await showAll(sql, campaigns), next }, headers: LIVE };
    },
  }),
  route({
    method: "get",
    path: "/v1/campaigns/{id}",
    tag,
    summary: "Read a campaign and what it has come to",
    description: "At most a second old: the sums of all its receipts at one moment, sealed or not.",
    answers: {
      200: { description: "As it is now", schema: campaignShown },
      404: { description: "Not known" },
    },
    handle: async ({ params: { id = "" } }, { campaigns }) => ({
      status: 200,
      body: show(await campaigns.now(id)),
      headers: LIVE,
    }),
  }),
  {
    method: "get",
    path: "/v1/campaigns/{id}/stream",
    tag,
    summary: "Watch a campaign: server-sent events",
    description:
      "`campaign` events carry the document of `/v1/campaigns/{id}`, at once and whenever it has changed, at most once a second; `beat` events say that there is still somebody.",
    consumes: "text/plain",
    produces: "text/event-stream",
    answers: {
      200: { description: "Events until either side ends it" },
      404: { description: "Not known" },
      503: { description: "Too many watch already, or the service is stopping: read it instead" },
    },
    stream: (request, response, _, { campaigns }) =>
      campaigns.watch(String(request.params.id), response, write),
  },
  route({
    method: "get",
    path: "/v1/campaigns/{id}/batches",
    tag,
    summary: "What each sealed batch has added to a campaign",
    description:
      "Fixed for ever once a batch is sealed. Who holds the details of a batch's receipts (the merchants, the charities, a regulator) adds up those that match and comes to the same; of all batches together, to the total.",
    query: z.strictObject({ ...page(), after: batchPlace.optional() }),
    answers: {
      200: { description: "A page, by batch and unit", schema: listOf(batchSchema) },
      404: { description: "Not known" },
    },
    handle: async ({ query: { after, limit }, params: { id = "" } }, { sql }) => {
      const { number } = await findCampaign(sql, id);
      const batches = await campaignBatches(sql, number, placeOf(after), limit);
      const body = listReply(batches.map(showBatch), limit, ({ batch, unit }) => `${batch}/${unit}`);
      return { status: 200, body, headers: { "Cache-Control": "no-cache" } };
    },
  }),
];
