// /v1/payouts: what was transferred to the charities. Public, since all of it is on chain; what concerns an account at a
// bank is told elsewhere.

import { z } from "zod";
import { formatAmount } from "../programmes/currency.ts";
import { toHex } from "../protocol/bytes.ts";
import { type Payout, payoutById, payoutsBefore } from "../store/payouts.ts";
import { type Route, route } from "./route.ts";
import {
  charityInPath,
  hex32,
  hexOrNull,
  idBefore,
  idInPath,
  idText,
  listOf,
  listReply,
  minor,
  noSuch,
  numberedPage,
  time,
} from "./words.ts";

const payoutState = z.enum(["intended", "waiting", "confirmed", "paid", "failed"]);

const payoutSchema = z
  .object({
    id: minor,
    settlement: minor,
    charity: hex32,
    registration: z.string(),
    unit: z.string(),
    rail: z.enum(["token", "bank"]),
    from: minor,
    upTo: minor,
    netFrom: minor,
    netTo: minor,
    amount: minor,
    written: z.string(),
    state: payoutState.meta({
      description:
        "token: intended, then paid or failed; bank: waiting for the bank, confirmed by it, then paid. A failed payout has given its interval back.",
    }),
    reason: z
      .string()
      .nullable()
      .meta({ description: "of a token payout: why it failed, or what it waits for" }),
    transaction: hex32.nullable(),
    createdAt: time,
    paidAt: time.nullable(),
    claimed: z
      .boolean()
      .meta({ description: "paid by bank, and not signed for by the charity: the operator's word so far" }),
    cameBack: z.boolean().meta({
      description:
        "paid by bank, and returned by it afterwards: it is sent again, and not with the charity yet",
    }),
    ageSeconds: z.int().nullable().meta({ description: "for how long it has been claimed" }),
  })
  .meta({ id: "Payout" });

const show = (payout: Payout) => ({
  id: `${payout.id}`,
  settlement: `${payout.run}`,
  charity: toHex(payout.charity),
  registration: payout.registration,
  unit: payout.unit,
  rail: payout.rail,
  from: payout.from,
  upTo: payout.upto,
  netFrom: payout.net_from,
  netTo: payout.net_to,
  amount: payout.amount,
  written: formatAmount(payout.amount, payout.unit),
  state: payout.state,
  reason: payout.rail === "token" ? payout.reason : null,
  transaction: hexOrNull(payout.transaction),
  createdAt: payout.created_at.toISOString(),
  paidAt: payout.paid_at?.toISOString() ?? null,
  claimed: payout.claimed_seconds !== null,
  cameBack: payout.is_back,
  ageSeconds: payout.claimed_seconds === null ? null : Math.floor(payout.claimed_seconds),
});

const tag = "Payouts";

export const payoutRoutes: Route[] = [
  route({
    method: "get",
    path: "/v1/payouts",
    tag,
    summary: "List payouts, newest first",
    query: z.strictObject({
      ...numberedPage("a payout's id"),
      charity: z.string().max(120).optional(),
      state: payoutState.optional(),
      settlement: idText("a settlement's id").optional(),
    }),
    answers: { 200: { description: "A page", schema: listOf(payoutSchema) } },
    handle: async ({ query: { after, limit, charity, state, settlement } }, { sql }) => {
      const filter = {
        charity: charity === undefined ? null : charityInPath(charity),
        state: state ?? null,
        run: settlement === undefined ? null : BigInt(settlement),
      };
      const payouts = await payoutsBefore(sql, idBefore(after), limit, filter);
      return { status: 200, body: listReply(payouts.map(show), limit, ({ id }) => id) };
    },
  }),
  route({
    method: "get",
    path: "/v1/payouts/{id}",
    tag,
    summary: "Read a payout",
    answers: {
      200: { description: "The payout", schema: payoutSchema },
      404: { description: "There is no such payout" },
    },
    handle: async ({ params: { id = "" } }, { sql }) => {
      const payout = await payoutById(sql, idInPath(id, "payout"));
      if (payout === undefined) throw noSuch("payout", id);
      return { status: 200, body: show(payout) };
    },
  }),
];
