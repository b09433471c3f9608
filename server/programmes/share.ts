// What a sale gives under a pledge's terms, and how it falls among charities. Pure, without a schema, so that a browser
// recomputes it; reading terms is in `terms`.

import { sha256 } from "@noble/hashes/sha2.js";
import type { Terms } from "./terms.ts";

const BASIS_POINTS_WHOLE = 10_000n;

/** What an item's share is computed from, in minor units. */
export type Sale = { readonly price: bigint; readonly shipping: bigint; readonly quantity: bigint };

/** The fields of terms that a share follows from. */
export type ShareTerms = Pick<Terms, "share" | "base" | "rounding" | "minimum">;

/**
 * What one item gives under the terms, in minor units. Never more than was paid, and never falls when the sale grows.
 * A fixed amount per piece above the piece's price gives the whole price.
 */
export function shareOf(terms: ShareTerms, sale: Sale): bigint {
  // Nothing is sold any more: neither a fixed amount nor a minimum is owed for it.
  if (sale.quantity === 0n) return 0n;
  const base = terms.base === "price" ? sale.price : sale.price + sale.shipping;
  const stated =
    "perItem" in terms.share ? BigInt(terms.share.perItem) * sale.quantity : percentOf(terms, base);
  return least(base, most(stated, BigInt(terms.minimum)));
}

function percentOf(terms: ShareTerms, base: bigint): bigint {
  const basisPoints = "basisPoints" in terms.share ? BigInt(terms.share.basisPoints) : 0n;
  const rounding = { "half-up": BASIS_POINTS_WHOLE / 2n, down: 0n, up: BASIS_POINTS_WHOLE - 1n };
  return (base * basisPoints + rounding[terms.rounding]) / BASIS_POINTS_WHOLE;
}

/** Whether terms of these products, or of the whole shop where there are none named, apply to an item. */
export const appliesTo = (
  { items }: Pick<Terms, "items">,
  { item, product }: { readonly item: string; readonly product?: string | undefined },
): boolean => items === undefined || items.includes(product ?? item);

/** The parts of each charity of an item's share, in the order of the terms. */
export function partsOf(
  { charities }: Pick<Terms, "charities">,
  total: bigint,
  turn: () => bigint,
): bigint[] {
  if (charities.length === 1) return [total];
  return split(
    total,
    charities.map(({ parts }) => BigInt(parts)),
    turn(),
  );
}

/** Whose turn the odd cent of a split is: as good as random over orders, and the same whoever recomputes it. */
export function turnOf(merchant: string, order: string, item: string): bigint {
  const named = new TextEncoder().encode(JSON.stringify([merchant, order, item]));
  return BigInt(new DataView(sha256(named).buffer).getUint32(0));
}

/**
 * Splits `total` by weight, exactly. `turn` in [0, 1) as a fraction of 2^32 shifts where the odd cents fall: with one
 * drawn evenly for each item nobody is favoured, however small the amounts. (Systematic sampling; Madow 1949.)
 */
export function split(total: bigint, weights: readonly bigint[], turn = 0n): bigint[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  const upTo = (weight: bigint) => (((total * weight) << 32n) + turn * whole) / (whole << 32n);
  let before = 0n;
  return weights.map((weight) => {
    before += weight;
    return upTo(before) - upTo(before - weight);
  });
}

const least = (a: bigint, b: bigint) => (a < b ? a : b);
const most = (a: bigint, b: bigint) => (a > b ? a : b);
