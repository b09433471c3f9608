// /v1/lines: all gifts to one charity in one unit, laid end to end, and how far the money has come.

import { z } from "zod";
import { InputError, NotFoundError } from "../errors.ts";
import { toHex } from "../protocol/bytes.ts";
import { type LineView, lineByName, linesAfter } from "../store/overview.ts";
import { type Claim, claimOf } from "../store/payouts.ts";
import { type Route, route } from "./route.ts";
import { charityInPath, faultSchema, hex32, listOf, listReply, minor, page, time } from "./words.ts";

const lineSchema = z
  .object({
    charity: hex32,
    registration: z.string(),
    unit: z.string(),
    sealed: z
      .object({ gifts: minor, reversals: minor })
      .meta({ description: "where the last sealed statements end" }),
    watermarks: z
      .object({
        given: minor,
        reversed: minor,
        paid: minor,
        netted: minor,
        acknowledged: minor,
        spent: minor,
      })
      .meta({ description: "the contract's positions as last read" }),
    fault: faultSchema,
    readAt: time.nullable(),
  })
  .meta({ id: "Line" });

const claimSchema = z
  .object({
    upTo: minor,
    amount: minor,
    since: time.meta({ description: "when the oldest payout of these was recorded" }),
    ageSeconds: z.int(),
  })
  .meta({ id: "Claim" });

const singleSchema = lineSchema
  .extend({
    claimed: claimSchema.nullable().meta({
      description: "paid by bank, as the operator says, and not signed for by the charity yet",
    }),
  })
  .meta({ id: "LineWithClaim" });

const showClaim = ({ upto, amount, since, seconds }: Claim) => ({
  upTo: upto,
  amount,
  since: since.toISOString(),
  ageSeconds: Math.floor(seconds),
});

const show = ({ given, reversed, paid, netted, acknowledged, spent, ...line }: LineView) => ({
  charity: toHex(line.charity),
  registration: line.registration,
  unit: line.unit,
  sealed: { gifts: line.sealed_gifts, reversals: line.sealed_reversals },
  watermarks: { given, reversed, paid, netted, acknowledged, spent },
  fault: line.fault,
  readAt: line.read_at?.toISOString() ?? null,
});

const tag = "Lines";

/** As many charities as a page of a list shows. */
const MOST_CHARITIES = 50;

/** Charities as a query names them, separated by commas: none of their names holds one. */
function charitiesNamed(text: string): Uint8Array[] {
  const names = text.split(",");
  if (names.length <= MOST_CHARITIES) return names.map(charityInPath);
  const [wanted, came] = [`at most ${MOST_CHARITIES} charities`, `${names.length}`];
  throw new InputError("invalid", `charity: wanted ${wanted}, came ${came}`, {
    errors: [{ field: "charity", wanted, came }],
  });
}

/** A cursor is the last line's unit and registration; neither holds a space. */
const cursorOf = ({ registration, unit }: { registration: string; unit: string }) =>
  `${unit} ${registration}`;

export const lineRoutes: Route[] = [
  route({
    method: "get",
    path: "/v1/lines",
    tag,
    summary: "List lines",
    query: z.strictObject({
      ...page(),
      unit: z.string().max(40).optional().meta({ description: "only lines in this unit, such as STEP" }),
      charity: z
        .string()
        .max(6_500)
        .optional()
        .meta({ description: `one charity, or up to ${MOST_CHARITIES} with commas between them` }),
    }),
    answers: { 200: { description: "A page, by registration id and unit", schema: listOf(lineSchema) } },
    handle: async ({ query: { after = " ", limit, charity, unit: onlyUnit = null } }, { sql }) => {
      const [unit = "", registration = ""] = after.split(" ");
      const of = charity === undefined ? null : charitiesNamed(charity);
      const lines = await linesAfter(sql, registration, unit, limit, of, onlyUnit);
      return { status: 200, body: listReply(lines.map(show), limit, cursorOf) };
    },
  }),
  route({
    method: "get",
    path: "/v1/lines/{charity}/{unit}",
    tag,
    summary: "Read a line and its watermarks",
    answers: {
      200: { description: "The line", schema: singleSchema },
      404: { description: "Nothing was given on it yet" },
    },
    handle: async ({ params: { charity = "", unit = "" } }, { sql }) => {
      const line = await lineByName(sql, charityInPath(charity), unit);
      if (line === undefined)
        throw new NotFoundError("unknown-line", `line: nothing has been given to ${charity} in ${unit} yet`);
      const claim = await claimOf(sql, line.charity, unit);
      return { status: 200, body: { ...show(line), claimed: claim === undefined ? null : showClaim(claim) } };
    },
  }),
];
