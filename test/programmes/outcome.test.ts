// How many things a gift comes to, exactly.

import { expect } from "chai";
import fc from "fast-check";
import { addPortions, NO_PORTIONS, portionDetails, portionsOf } from "../../server/programmes/outcome.ts";

const minor = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
const price = fc.bigInt({ min: 1n, max: 10n ** 12n });

describe("the outcome of a gift", () => {
  it("is whole things and a reduced fraction of one more", () => {
    expect(portionsOf(1300n, 400n)).to.deep.equal({ whole: 3n, numerator: 1n, denominator: 4n });
    expect(portionsOf(800n, 400n)).to.deep.equal({ whole: 2n, numerator: 0n, denominator: 1n });
    expect(portionsOf(1n, 400n)).to.deep.equal({ whole: 0n, numerator: 1n, denominator: 400n });
  });

  it("is exact: so many things cost exactly the amount", () => {
    fc.assert(
      fc.property(minor, price, (amount, costs) => {
        const { whole, numerator, denominator } = portionsOf(amount, costs);
        expect((whole * denominator + numerator) * costs).to.equal(amount * denominator);
        expect(numerator < denominator).to.equal(true);
      }),
    );
  });

  it("of all gifts together is that of their sum, whatever the parts", () => {
    fc.assert(
      fc.property(fc.array(minor, { maxLength: 8 }), price, (amounts, costs) => {
        const parts = amounts.map((amount) => portionsOf(amount, costs)).reduce(addPortions, NO_PORTIONS);
        expect(parts).to.deep.equal(
          portionsOf(
            amounts.reduce((sum, amount) => sum + amount, 0n),
            costs,
          ),
        );
      }),
    );
  });

  it("adds up exactly when the thing has cost another price before", () => {
    expect(addPortions(portionsOf(100n, 400n), portionsOf(100n, 300n))).to.deep.equal({
      ...{ whole: 0n, numerator: 7n, denominator: 12n },
    });
  });

  it("is told in members of plain text", () => {
    expect(portionDetails("lunch", portionsOf(1300n, 400n))).to.deep.equal({
      ...{ outcome: "lunch", outcomeWhole: "3" },
      ...{ outcomeNumerator: "1", outcomeDenominator: "4" },
    });
  });
});
