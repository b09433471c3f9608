// /v1/merchants/{id}/totals: what a merchant has given in all, for those to whom the merchant shows it.
//
// A pledge's terms are public; what was sold under them is not. Out of "1 % of every sale" and what was given, anyone would
// reckon the turnover, and out of two askings that of a day: so nothing is told of a merchant that has not said yes. Nor
// are its days: their notices in the books are salted, so that none can tell whose they are.

import { z } from "zod";
import { dayOf } from "../programmes/statements/dates.ts";
import { toHex } from "../protocol/bytes.ts";
import { batchesCounted, giftsOfMerchant, publishedDays } from "../store/merchant-gifts.ts";
import { merchantById, showTotals } from "../store/parties.ts";
import { mayActFor } from "./auth.ts";
import { type Route, route } from "./route.ts";
import type { Services } from "./services.ts";
import { hex32, minor, noSuch } from "./words.ts";

const DAYS_TOLD = 31;
const KEPT_SECONDS = 60;

const lineSchema = z.object({
  registration: z.string(),
  name: z.string(),
  unit: z.string(),
  given: minor,
  reversed: minor.meta({ description: "taken back for refunds" }),
});

const daySchema = z.object({
  day: z.iso.date(),
  batch: minor.meta({ description: "whose book holds the notice" }),
  hash: hex32.meta({ description: "of the day's total: the content of the notice" }),
});

const totalsSchema = z
  .object({
    shown: z.boolean().meta({ description: "whether the merchant shows them; if not, nothing else is told" }),
    fromBatch: minor,
    toBatch: minor.meta({ description: "the last batch that is counted" }),
    lines: z.array(lineSchema).nullable(),
    days: z
      .array(daySchema)
      .nullable()
      .meta({ description: `the last ${DAYS_TOLD} on which it sold` }),
  })
  .meta({ id: "MerchantTotals" });

async function totalsOf({ sql }: Services, id: string) {
  const merchant = await merchantById(sql, id);
  if (merchant === undefined) throw noSuch("merchant", id);
  const { first, last } = await batchesCounted(sql);
  const counted = { shown: merchant.shows_totals, fromBatch: `${first}`, toBatch: `${last}` };
  if (!merchant.shows_totals) return { ...counted, lines: null, days: null };
  const [lines, days] = await Promise.all([giftsOfMerchant(sql, id), publishedDays(sql, id, DAYS_TOLD)]);
  return {
    ...counted,
    lines,
    days: days.map(({ day, document, batch }) => ({ day: dayOf(day), batch, hash: toHex(document) })),
  };
}

const tag = "Merchants";

export const merchantTotalRoutes: Route[] = [
  route({
    method: "get",
    path: "/v1/merchants/{id}/totals",
    tag,
    summary: "What a merchant has given in all, if it shows that",
    description:
      "By charity and unit, of all batches from `fromBatch` to `toBatch`; and the last days whose totals are timestamped. Kept up with the batches, a little behind.",
    answers: {
      200: { description: "The totals, or that they are not shown", schema: totalsSchema },
      404: { description: "Not known" },
    },
    handle: async ({ params: { id = "" } }, services) => ({
      status: 200,
      body: await totalsOf(services, id),
      headers: { "Cache-Control": `public, max-age=${KEPT_SECONDS}` },
    }),
  }),
  route({
    method: "post",
    path: "/v1/merchants/{id}/totals/disclosure",
    tag,
    summary: "Show a merchant's totals to everyone, or no longer",
    description:
      "Off until it is switched on. Out of the gifts and the pledge's public share anyone can reckon the turnover. While it is on, philanthropy reports name the merchant and what it gives; what was published then stays.",
    callers: ["operator", "merchant"],
    body: z.strictObject({ shown: z.boolean() }),
    answers: {
      200: { description: "As wanted", schema: totalsSchema },
      404: { description: "Not known" },
    },
    handle: async ({ params: { id = "" }, body, caller }, services) => {
      mayActFor(caller, "merchant", id);
      await showTotals(services.sql, id, body.shown);
      return { status: 200, body: await totalsOf(services, id) };
    },
  }),
];
