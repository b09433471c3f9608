// What a transaction may cost: never above the limit, and a replacement always enough for nodes to take it.

import { expect } from "chai";
import fc from "fast-check";
import { type Fees, limitFees, raiseFees } from "../../server/chain/fees.ts";

const wei = fc.bigInt({ min: 1n, max: 10n ** 13n });
const fees = fc
  .tuple(wei, wei)
  .map(([a, b]): Fees => ({ maxFeePerGas: a > b ? a : b, maxPriorityFeePerGas: a > b ? b : a }));

describe("fees", () => {
  it("leave a transaction alone when the limit gives no room for a raise that nodes accept", () => {
    const before = { maxFeePerGas: 100n, maxPriorityFeePerGas: 2n };
    expect(raiseFees(before, before, 105n)).to.equal(undefined);
    expect(raiseFees(before, before, 100n)).to.equal(undefined);
  });

  it("never pass the operator's limit, whatever the market asks for", () => {
    fc.assert(
      fc.property(fees, fees, wei, (before, asked, limit) => {
        for (const chosen of [limitFees(asked, limit), raiseFees(before, asked, limit)]) {
          if (chosen === undefined) continue;
          expect(chosen.maxFeePerGas <= limit).to.equal(true);
          expect(chosen.maxPriorityFeePerGas <= chosen.maxFeePerGas).to.equal(true);
        }
      }),
    );
  });

  it("of a replacement are both at least a tenth higher, as nodes demand", () => {
    fc.assert(
      fc.property(fees, fees, wei, (before, asked, limit) => {
        const raised = raiseFees(before, asked, limit);
        if (raised === undefined) return;
        expect(raised.maxFeePerGas * 10n >= before.maxFeePerGas * 11n).to.equal(true);
        expect(raised.maxPriorityFeePerGas * 10n >= before.maxPriorityFeePerGas * 11n).to.equal(true);
      }),
    );
  });

  it("follow the market when it asks for more than the raise", () => {
    const before = { maxFeePerGas: 100n, maxPriorityFeePerGas: 2n };
    const asked = { maxFeePerGas: 900n, maxPriorityFeePerGas: 9n };
    expect(raiseFees(before, asked, 1_000n)).to.deep.equal(asked);
  });
});
