// What reversals take back from a gift, when the files of both are at hand.
// Each file is verified by itself before; that no further reversal exists only the books can show.

import { VerificationError } from "../errors.ts";
import { equalBytes, toHex } from "./bytes.ts";
import { REVERSAL } from "./receipt.ts";
import { Trail } from "./trail.ts";
import { conclude, GIFT_NOT_PROVEN, type Verification } from "./verification.ts";
import { sayTakenBack } from "./wording.ts";

/** True when the file is a reversal that names this gift's leaf. */
export function isReversalOf(reversal: Verification, gift: Verification): boolean {
  const receipt = reversal.file?.receipt;
  return receipt?.kind === REVERSAL && gift.leaf !== null && equalBytes(receipt.terms, gift.leaf);
}

/**
 * The amount that reversals take back from the gift that they name, in minor units; a reversal given twice counts once.
 * @throws VerificationError `reversal-of-another-line`, `reversal-before-gift`, `reversal-beyond-gift`
 */
export function amountReversed(gift: Verification, reversals: readonly Verification[]): bigint {
  const distinct = new Map(reversals.map((reversal) => [toHex(reversal.leaf!), reversal] as const));
  let reversed = 0n;
  for (const reversal of distinct.values()) {
    checkReversal(gift, reversal);
    reversed += reversal.file!.receipt.amount;
  }
  const given = gift.file!.receipt.amount;
  demand(reversed <= given, "reversal-beyond-gift", `reversals take back ${reversed} of a gift of ${given}`);
  return reversed;
}

/**
 * Goes on from a reversal with the gift that it names and all reversals at hand of that gift, itself among them: is it
 * on the gift's line, not before it, and do they all together take back no more than was given?
 */
export function compareWithGift(
  reversal: Verification,
  gift: Verification,
  reversals: readonly Verification[],
): Verification {
  const trail = new Trail(reversal.steps);
  const given = gift.file!.receipt.amount;
  trail.walk(() => {
    trail.take(
      "gift",
      () => amountReversed(gift, reversals),
      (reversed) => sayTakenBack(reversed, given),
    );
  });
  const compared = conclude(trail, reversal, reversal.reason);
  return { ...compared, notProven: compared.notProven.filter((open) => open !== GIFT_NOT_PROVEN) };
}

function checkReversal(gift: Verification, reversal: Verification): void {
  const [given, taken] = [gift.file!.receipt, reversal.file!.receipt];
  const sameLine = equalBytes(given.charity, taken.charity) && given.unit === taken.unit;
  demand(sameLine, "reversal-of-another-line", "a reversal is on another line than the gift that it names");
  const inOrder = gift.batch === null || reversal.batch === null || gift.batch <= reversal.batch;
  demand(
    inOrder,
    "reversal-before-gift",
    `a reversal in batch ${reversal.batch} takes back a gift of batch ${gift.batch}`,
  );
}

function demand(holds: boolean, reason: string, otherwise: string): void {
  if (!holds) throw new VerificationError(reason, otherwise);
}
