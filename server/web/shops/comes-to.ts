// What a piece of a shop's goods gives, and how many things that comes to, under the pledge that is in force now. Pure.

import { portionsOf } from "../../programmes/outcome.ts";
import { appliesTo, shareOf } from "../../programmes/share.ts";
import { standingOf } from "../merchant/standing.ts";
import type { PortionTexts } from "../units/portions.ts";
import type { Good, ShopPledge } from "./queries.ts";

/** The amount in minor units, and what it comes to where the terms say what a thing costs. */
export type PieceGives = { readonly amount: bigint; readonly portions: PortionTexts | null };

/** Null when no pledge applies to it. @param now Unix seconds */
export function pieceGives(good: Good, pledges: readonly ShopPledge[], now: number): PieceGives | null {
  const applying = pledges.find(
    ({ terms, accepted, endedAt }) =>
      standingOf({ terms, accepted, endedAt }, now) === "inForce" &&
      terms.currency === good.currency &&
      appliesTo(terms, { item: good.product, product: good.product }),
  );
  if (applying === undefined) return null;
  const { terms } = applying;
  const amount = shareOf(terms, { price: BigInt(good.price), shipping: 0n, quantity: 1n });
  if (terms.outcome === undefined) return { amount, portions: null };
  const { whole, numerator, denominator } = portionsOf(amount, BigInt(terms.outcome.costs));
  const texts = { whole: `${whole}`, numerator: `${numerator}`, denominator: `${denominator}` };
  return { amount, portions: { what: terms.outcome.what, ...texts } };
}
