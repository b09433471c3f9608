// /v1/tokens: which ERC-20 a currency is paid in. The contract takes one for each unit, once and for ever.

import { z } from "zod";
import { ConflictError, InputError } from "../errors.ts";
import { exponentOf } from "../programmes/currency.ts";
import type { Hex } from "../protocol/bytes.ts";
import { intend } from "../store/chain-calls.ts";
import type { Queries } from "../store/database.ts";
import { type NamedToken, namedTokens } from "../store/tokens.ts";
import { type Route, route } from "./route.ts";
import { address, hex32, hexOrNull } from "./words.ts";

const newToken = z.strictObject({
  unit: z.string().max(32),
  token: address,
  exponent: z.int().min(0).max(18).optional(),
});

const tokenSchema = z
  .object({
    unit: z.string(),
    token: address,
    exponent: z.int().meta({ description: "decimal places of the unit, by ISO 4217" }),
    state: z.enum(["intended", "sent", "mined", "final", "failed", "forgotten"]).meta({
      description: "forgotten: it lived on a demonstration chain that has stopped; name the token again",
    }),
    failure: z.string().nullable(),
    transaction: hex32.nullable(),
  })
  .meta({ id: "Token" });

const show = (token: NamedToken) => ({ ...token, transaction: hexOrNull(token.transaction) });

/** The decimal places are the currency's own: any others would pay a hundredfold, or a hundredth. */
function exponentWanted(unit: string, came: number | undefined): number {
  const exponent = exponentOf(unit);
  if (came === undefined || came === exponent) return exponent;
  throw new InputError("wrong-exponent", `exponent: wanted ${exponent}, as ISO 4217 has it, came ${came}`, {
    field: "exponent",
    wanted: exponent,
    came,
  });
}

async function nameToken(sql: Queries, unit: string, token: Hex, exponent: number): Promise<void> {
  try {
    await intend(sql, { kind: "setToken", args: { unit, token, exponent } });
  } catch (thrown) {
    if (!(thrown instanceof ConflictError)) throw thrown;
    const [known] = (await namedTokens(sql)).filter((one) => one.unit === unit);
    const message = `unit: ${unit} is paid in ${known?.token}; the contract takes one token for each unit, for ever`;
    throw new ConflictError("token-differs", message, { recorded: known && show(known) });
  }
}

const tag = "Settlements";

export const tokenRoutes: Route[] = [
  route({
    method: "post",
    path: "/v1/tokens",
    tag,
    summary: "Name the token that a currency is paid in",
    description:
      "Once for each unit. On the demonstration chain it is to be named again after each start: tokens live on the chain.",
    callers: ["operator"],
    body: newToken,
    answers: {
      202: { description: "The contract is asked to take it", schema: tokenSchema },
      409: { description: "The unit has another token" },
    },
    handle: async ({ body: { unit, token, exponent } }, { sql }) => {
      await nameToken(sql, unit, token.toLowerCase() as Hex, exponentWanted(unit, exponent));
      const [named] = (await namedTokens(sql)).filter((one) => one.unit === unit);
      return { status: 202, body: show(named as NamedToken) };
    },
  }),
  route({
    method: "get",
    path: "/v1/tokens",
    tag,
    summary: "List the tokens that currencies are paid in",
    answers: { 200: { description: "All of them", schema: z.object({ items: z.array(tokenSchema) }) } },
    handle: async (_, { sql }) => ({ status: 200, body: { items: (await namedTokens(sql)).map(show) } }),
  }),
];
