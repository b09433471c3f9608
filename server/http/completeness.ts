// /v1/merchants/{id}/completeness: what was recorded of a merchant on a day, to be laid beside its own books.

import { z } from "zod";
import { InputError, NotFoundError, UnavailableError } from "../errors.ts";
import { COMPLETENESS_FORMAT, type Completeness, completenessSchema } from "../programmes/completeness.ts";
import { dayNumber, dayOf, dayText } from "../programmes/statements/dates.ts";
import { merchantPaper, merchantSheet } from "../programmes/statements/merchant.ts";
import { toHex } from "../protocol/bytes.ts";
import type { Database, Queries } from "../store/database.ts";
import { merchantSubject } from "../store/issued-statements.ts";
import { ordersOfDay, type RecordedTotal, totalOf, totalsProgress } from "../store/merchant-totals.ts";
import { merchantById } from "../store/parties.ts";
import { mayActFor } from "./auth.ts";
import { type Route, route } from "./route.ts";
import { formatField, replyAs } from "./statement-formats.ts";
import { noSuch } from "./words.ts";

const MOST_ORDERS = 1_000_000;
const MOST_ORDERS_ON_PAPER = 10_000;
const LATER_SECONDS = 600;

const flag = z.enum(["", "true", "false"]).transform((text) => text !== "false");

async function findTotal(sql: Database, merchant: string, day: string): Promise<RecordedTotal> {
  const total = await totalOf(sql, merchant, dayNumber(day));
  if (total !== undefined) return total;
  const { openDay, isRecorded } = await totalsProgress(sql, merchant, dayNumber(day));
  if (isRecorded)
    throw new NotFoundError(
      "nothing-recorded",
      `day: nothing was recorded of merchant ${merchant} on ${day}`,
    );
  const message = `day: the total of ${day} is not made yet; days before ${dayOf(openDay)} are over`;
  throw new UnavailableError("day-not-over", `${message}, and all their batches sealed`, LATER_SECONDS);
}

async function completenessOf(sql: Database, merchant: string, day: string, most: number | null) {
  const { hash, subject, batch, body } = await findTotal(sql, merchant, day);
  const listed = most === null ? null : await ordersOfDay(sql, merchant, dayNumber(day), most + 1);
  if (most !== null && listed !== null && listed.orders.length > most) throw tooMany(most);
  const statement: Completeness = {
    format: COMPLETENESS_FORMAT,
    ...{ merchant, day, total: JSON.parse(body) },
    ...{ hash: toHex(hash), subject: toHex(subject), batch: `${batch}` },
    orders: listed?.orders ?? null,
    erasedOrders: `${listed?.erased ?? 0}`,
  };
  return statement;
}

/** Whether the orders that are listed are still known: none of them has been erased since. */
async function listsTheSame(tx: Queries, { merchant, day, orders, erasedOrders }: Completeness) {
  if (orders === null) return true;
  const now = await ordersOfDay(tx, merchant, dayNumber(day), MOST_ORDERS_ON_PAPER + 1);
  return `${now.erased}` === erasedOrders;
}

const tooMany = (most: number) =>
  new InputError("too-many-orders", `orders: wanted a day with at most ${most} orders, came one with more`, {
    field: "orders",
    wanted: `a day with at most ${most} orders`,
    came: "one with more",
  });

export const completenessRoutes: Route[] = [
  route({
    method: "get",
    path: "/v1/merchants/{id}/completeness",
    tag: "Merchants",
    summary: "What was recorded of a merchant on a day",
    description:
      "`day` is a day in UTC that is over, by the time of recording. `total` is the document whose hash is in the book of `batch`; it tells count, sums and the number of all purchases since the beginning. With `orders=true` also the order numbers. `format` is json, csv or pdf. `npm run completeness` compares it with an export.",
    callers: ["operator", "merchant"],
    query: z.strictObject({ day: dayText, orders: flag.default(false), format: formatField }),
    answers: {
      200: { description: "The statement", schema: completenessSchema.meta({ id: "Completeness" }) },
      404: { description: "Nothing was recorded on that day, or the merchant is not known" },
      503: { description: "The day is not over, or its total is not made yet" },
    },
    handle: async ({ params: { id = "" }, query: { day, orders, format }, caller }, services) => {
      mayActFor(caller, "merchant", id);
      if ((await merchantById(services.sql, id)) === undefined) throw noSuch("merchant", id);
      const most = format === "pdf" ? MOST_ORDERS_ON_PAPER : MOST_ORDERS;
      const document = await completenessOf(services.sql, id, day, orders ? most : null);
      return replyAs(services, format, {
        document,
        sheet: () => merchantSheet(document),
        paper: () => merchantPaper(document),
        subject: merchantSubject(id, dayNumber(day)),
        isStillThere: (tx) => listsTheSame(tx, document),
        name: `completeness-${id}-${day}`,
      });
    },
  }),
];
