// What a gift of a sale was to come to by its pledge's terms, "amanah-terms/1": of goods for good and of charities' own shops.

import { VerificationError } from "../../errors.ts";
import type { Details } from "../../protocol/details.ts";
import type { Recompute } from "../../protocol/terms-steps.ts";
import { portionDetails, portionsOf } from "../outcome.ts";
import { appliesTo, partsOf, type Sale, type ShareTerms, shareOf, turnOf } from "../share.ts";
import * as read from "./read.ts";

/**
 * @throws VerificationError `terms-of-another-sale`, `terms-not-in-force`, `outcome-differs`
 */
export const recomputePledge: Recompute = ({ receipt, details, document }) =>
  read.orUntold(() => {
    checkSale(document, details, receipt.unit);
    const share = shareOf(shareTermsOf(document), saleOf(details));
    const charities = charitiesOf(document);
    const at = charities.findIndex(({ charity }) => charity === read.textAt(details, "charity"));
    demand(at >= 0, "terms-of-another-sale", "the terms do not name the charity of the details");
    const amount = partsOf({ charities }, share, () => turnOfDetails(details))[at] as bigint;
    checkOutcome(document, details, amount);
    return { amount };
  });

function checkSale(document: Details, details: Details, unit: string): void {
  for (const [name, wanted] of [
    ["merchant", read.textAt(details, "merchant")],
    ["programme", read.textAt(details, "programme")],
    ["currency", read.textAt(details, "currency")],
  ] as const) {
    const ofTerms = read.textAt(document, name);
    demand(ofTerms === wanted, "terms-of-another-sale", `the terms are of ${name} ${ofTerms}, not ${wanted}`);
  }
  demand(read.textAt(details, "currency") === unit, "terms-of-another-sale", `the sale was not in ${unit}`);
  demand(
    appliesTo(itemsOf(document), productOf(details)),
    "terms-of-another-sale",
    "the terms are of other items",
  );
  checkInForce(document, read.numberAt(details, "completedAt"));
}

function checkInForce(document: Details, completedAt: number): void {
  const isOpen = !read.has(document, "endsAt") || document.endsAt === null;
  const endsAt = isOpen ? Infinity : read.numberAt(document, "endsAt");
  const inForce = read.numberAt(document, "startsAt") <= completedAt && completedAt < endsAt;
  demand(inForce, "terms-not-in-force", "the purchase was not completed while the terms were in force");
}

function itemsOf(document: Details): { items?: string[] } {
  if (!read.has(document, "items")) return {};
  const items = read.listAt(document, "items");
  return { items: items.filter((each) => typeof each === "string") };
}

const productOf = (details: Details) => ({
  item: read.textAt(details, "item"),
  ...(read.has(details, "product") ? { product: read.textAt(details, "product") } : {}),
});

const shareTermsOf = (document: Details): ShareTerms => ({
  share: statedShare(read.objectAt(document, "share")),
  base: read.oneOf(document, "base", ["price", "price-and-shipping"]),
  rounding: read.oneOf(document, "rounding", ["half-up", "down", "up"]),
  minimum: `${read.minorAt(document, "minimum")}`,
});

const statedShare = (share: Details): ShareTerms["share"] =>
  read.has(share, "perItem")
    ? { perItem: `${read.minorAt(share, "perItem")}` }
    : { basisPoints: read.numberAt(share, "basisPoints") };

const saleOf = (details: Details): Sale => ({
  price: read.minorAt(details, "price"),
  shipping: read.minorAt(details, "shipping"),
  quantity: BigInt(read.numberAt(details, "quantity")),
});

function charitiesOf(document: Details): { charity: string; parts: number }[] {
  const charities = read.listAt(document, "charities").map((each) => read.objectOf(each, "charities"));
  const named = charities.map((each) => ({
    charity: read.textAt(each, "charity"),
    parts: read.numberAt(each, "parts"),
  }));
  return named.some(({ parts }) => parts === 0) ? read.untold("a charity has no part") : named;
}

const turnOfDetails = (details: Details): bigint =>
  turnOf(read.textAt(details, "merchant"), read.textAt(details, "order"), read.textAt(details, "item"));

/** How many things the gift comes to is in its details where the terms say what one costs. */
function checkOutcome(document: Details, details: Details, amount: bigint): void {
  if (!read.has(document, "outcome")) return;
  const outcome = read.objectAt(document, "outcome");
  const costs = read.minorAt(outcome, "costs");
  if (costs === 0n) read.untold("the outcome costs nothing");
  const expected = portionDetails(read.textAt(outcome, "what"), portionsOf(amount, costs));
  for (const [name, value] of Object.entries(expected))
    demand(
      details[name] === value,
      "outcome-differs",
      `by the terms the gift comes to ${sayPortions(expected)}`,
    );
}

const sayPortions = (told: ReturnType<typeof portionDetails>): string =>
  `${told.outcomeWhole} and ${told.outcomeNumerator}/${told.outcomeDenominator} of: ${told.outcome}`;

function demand(holds: boolean, reason: string, otherwise: string): void {
  if (!holds) throw new VerificationError(reason, otherwise);
}
