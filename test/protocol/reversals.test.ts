// Gifts and the reversals that name them, when the files of both are at hand.

import { expect } from "chai";
import { VerificationError } from "../../server/errors.ts";
import { REVERSAL } from "../../server/protocol/receipt.ts";
import { amountReversed, compareWithGift, isReversalOf } from "../../server/protocol/reversals.ts";
import type { Verification } from "../../server/protocol/verify.ts";
import { expectRefusal } from "./errors.ts";
import { bytesOf, makeReceipt } from "./making.ts";

type Given = { amount: bigint; batch: bigint | null; unit?: string; terms?: Uint8Array };

function verified(label: string, kind: 0 | 1, { amount, batch, unit = "CNY", terms }: Given): Verification {
  const receipt = makeReceipt(label, {}, { amount, kind, unit, ...(terms && { terms }) });
  const file = { receipt } as Verification["file"];
  return { file, leaf: bytesOf(`leaf of ${label}`), batch } as Verification;
}

describe("reversals of a gift", () => {
  const gift = verified("gift", 0, { amount: 100n, batch: 5n });
  const reversal = (label: string, amount: bigint, change: Partial<Given> = {}) => {
    return verified(label, REVERSAL, { amount, batch: 6n, terms: gift.leaf!, ...change });
  };

  it("refuses reversals that take back more than was given", () => {
    const both = [reversal("a", 60n), reversal("b", 41n)];
    expectRefusal(() => amountReversed(gift, both), VerificationError, "reversal-beyond-gift");
  });

  it("refuses a reversal on another line", () => {
    const other = reversal("a", 10n, { unit: "USD" });
    expectRefusal(() => amountReversed(gift, [other]), VerificationError, "reversal-of-another-line");
  });

  it("refuses a reversal in a batch before its gift's", () => {
    const early = reversal("a", 10n, { batch: 4n });
    expectRefusal(() => amountReversed(gift, [early]), VerificationError, "reversal-before-gift");
  });

  it("is named by the gift's leaf, and by a reversal only", () => {
    expect(isReversalOf(reversal("a", 10n), gift)).to.equal(true);
    expect(isReversalOf(reversal("a", 10n, { terms: bytesOf("another leaf") }), gift)).to.equal(false);
    expect(isReversalOf(verified("b", 0, { amount: 1n, batch: 6n, terms: gift.leaf! }), gift)).to.equal(
      false,
    );
  });

  it("adds up the parts, and counts a file given twice once", () => {
    const parts = [reversal("a", 60n), reversal("b", 40n), reversal("a", 60n)];
    expect(amountReversed(gift, parts)).to.equal(100n);
    expect(amountReversed(gift, [])).to.equal(0n);
  });

  it("takes reversals in the gift's own batch, and before either is sealed", () => {
    expect(amountReversed(gift, [reversal("a", 10n, { batch: 5n })])).to.equal(10n);
    expect(amountReversed(gift, [reversal("a", 10n, { batch: null })])).to.equal(10n);
  });

  it("fails the reversal, not the gift, when too much is taken back", () => {
    const both = [reversal("a", 60n), reversal("b", 41n)].map((each) => ({
      ...each,
      steps: [],
      reason: null,
    }));
    const [first] = both.map((each) => compareWithGift(each, gift, both));
    expect([first!.verdict, first!.reason]).to.deep.equal(["invalid", "reversal-beyond-gift"]);
  });

  it("leaves nothing open about the gift once its file is at hand", () => {
    const good = { ...reversal("a", 60n), steps: [], reason: null };
    const { verdict, steps, notProven } = compareWithGift(good, gift, [good]);
    expect([verdict, steps[0]!.step]).to.deep.equal(["valid", "gift"]);
    expect(notProven.join()).not.to.include("the gift it names");
  });
});
