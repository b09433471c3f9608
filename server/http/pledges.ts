// /v1/pledges: what merchants promise, and which charities have accepted it.

import { z } from "zod";
import { ConflictError, InputError, NotFoundError } from "../errors.ts";
import { checkCurrency } from "../programmes/currency.ts";
import { instant } from "../programmes/fields.ts";
import { type Terms, termsHash, termsSchema } from "../programmes/terms.ts";
import { fromHex, toHex } from "../protocol/bytes.ts";
import { charityId } from "../protocol/ids.ts";
import type { Queries } from "../store/database.ts";
import type { Caller } from "../store/keys.ts";
import { merchantById, unknownCharities } from "../store/parties.ts";
import {
  acceptPledge,
  addPledge,
  endPledge,
  pledgeById,
  pledgesAfter,
  type StoredPledge,
} from "../store/pledges.ts";
import { mayActFor, speaksFor } from "./auth.ts";
import { type Route, route } from "./route.ts";
import type { Services } from "./services.ts";
import { bytesInPath, hex32, isoTime, listOf, listReply, noSuch, page, time } from "./words.ts";

const pledgeSchema = z
  .object({
    id: hex32,
    terms: z.record(z.string(), z.unknown()),
    legalDonor: z.string(),
    accepted: z.boolean(),
    acceptedBy: z.array(z.string()),
    endedAt: time.nullable(),
    createdAt: time,
  })
  .meta({ id: "Pledge" });

const show = ({ id, terms, legalDonor, accepted, acceptedBy, endedAt, createdAt }: StoredPledge) => ({
  id: toHex(id),
  terms: { format: "amanah-terms/1", ...terms },
  legalDonor,
  accepted,
  acceptedBy,
  endedAt: endedAt === null ? null : isoTime(endedAt),
  createdAt: createdAt.toISOString(),
});

const acceptance = z.strictObject({});
const ending = z.strictObject({ at: instant.optional() });
const tag = "Pledges";

async function checkParties(sql: Queries, terms: Terms): Promise<void> {
  checkCurrency(terms.currency);
  if ((await merchantById(sql, terms.merchant)) === undefined)
    throw refuse("unknown-merchant", "merchant", "a merchant that is registered here", terms.merchant);
  const [unknown] = await unknownCharities(
    sql,
    terms.charities.map(({ charity }) => charity),
  );
  if (unknown !== undefined)
    throw refuse("unknown-charity", "charities", "charities that are registered here", unknown);
}

const refuse = (code: string, field: string, wanted: string, came: string) =>
  new InputError(code, `${field}: wanted ${wanted}, came ${came}`, { field, wanted, came });

async function findPledge(sql: Queries, id: string): Promise<StoredPledge> {
  const pledge = await pledgeById(sql, bytesInPath(id, 32, "pledge"));
  if (pledge === undefined) throw noSuch("pledge", id);
  return pledge;
}

async function changed({ sql, ingest }: Services, pledge: StoredPledge) {
  ingest.pledges.forget(pledge.terms.merchant);
  return { status: 200, body: show(await findPledge(sql, toHex(pledge.id))) };
}

/** Only a charity accepts for itself: not even the operator may, since nobody is to be given to unasked. */
function acceptingCharities(caller: Caller, pledge: StoredPledge): string[] {
  const named = pledge.terms.charities.map(({ charity }) => charity);
  const accepting = named.filter((charity) => speaksFor(caller, charity));
  if (accepting.length > 0) return accepting;
  const came = caller.subject ?? "";
  throw new NotFoundError("not-in-pledge", `charity: wanted one that the pledge names, came ${came}`);
}

export const pledgeRoutes: Route[] = [
  route({
    method: "post",
    path: "/v1/pledges",
    tag,
    summary: "Pledge a share of sales",
    description:
      "The pledge's id is the hash of its terms, so the same terms are the same pledge. It is in force, from `startsAt`, once every charity that it names has accepted it. A basis point is 0.01 %.",
    callers: ["operator", "merchant"],
    body: termsSchema,
    answers: {
      201: { description: "Recorded", schema: pledgeSchema },
      200: { description: "The same terms were recorded before", schema: pledgeSchema },
      409: { description: "The same terms were recorded before, and ended" },
    },
    handle: async ({ body, caller }, services) => {
      mayActFor(caller, "merchant", body.merchant);
      await checkParties(services.sql, body);
      const added = await addPledge(services.sql, body);
      services.ingest.pledges.forget(body.merchant);
      const pledge = await findPledge(services.sql, toHex(termsHash(body)));
      if (pledge.endedAt !== null)
        throw new ConflictError(
          "pledge-ended",
          "these terms were pledged and ended; pledge with another startsAt",
        );
      return { status: added ? 201 : 200, body: show(pledge) };
    },
  }),
  route({
    method: "post",
    path: "/v1/pledges/{id}/acceptance",
    tag,
    summary: "Accept a pledge, as a charity that it names",
    callers: ["charity"],
    body: acceptance,
    answers: { 200: { description: "Accepted", schema: pledgeSchema }, 404: { description: "Not known" } },
    handle: async ({ params: { id = "" }, caller }, services) => {
      const pledge = await findPledge(services.sql, id);
      for (const charity of acceptingCharities(caller, pledge))
        await acceptPledge(services.sql, pledge, charityId(charity));
      return changed(services, pledge);
    },
  }),
  route({
    method: "post",
    path: "/v1/pledges/{id}/end",
    tag,
    summary: "End a pledge for later purchases",
    description:
      "Purchases that complete from `at` on give nothing under it; `at` is now when left out, and never earlier.",
    callers: ["operator", "merchant"],
    body: ending,
    answers: { 200: { description: "Ended", schema: pledgeSchema }, 404: { description: "Not known" } },
    handle: async ({ body, params: { id = "" }, caller }, services) => {
      const pledge = await findPledge(services.sql, id);
      mayActFor(caller, "merchant", pledge.terms.merchant);
      const now = services.ingest.recorder.now();
      await endPledge(services.sql, pledge, Math.max(now, body.at ?? now));
      return changed(services, pledge);
    },
  }),
  route({
    method: "get",
    path: "/v1/pledges",
    tag,
    summary: "List pledges",
    query: z.strictObject({ ...page(), after: hex32.optional(), merchant: z.string().max(100).optional() }),
    answers: { 200: { description: "A page, by id", schema: listOf(pledgeSchema) } },
    handle: async ({ query: { after, limit, merchant } }, { sql }) => {
      const from = after === undefined ? new Uint8Array(0) : fromHex(after);
      const pledges = await pledgesAfter(sql, from, limit, merchant ?? null);
      return { status: 200, body: listReply(pledges.map(show), limit, ({ id }) => id) };
    },
  }),
  route({
    method: "get",
    path: "/v1/pledges/{id}",
    tag,
    summary: "Read a pledge",
    answers: { 200: { description: "The pledge", schema: pledgeSchema }, 404: { description: "Not known" } },
    handle: async ({ params: { id = "" } }, { sql }) => ({
      status: 200,
      body: show(await findPledge(sql, id)),
    }),
  }),
];
