// What a charity may sign for: every refusal with its own reason.

import { expect } from "chai";
import { ConflictError, InputError } from "../../server/errors.ts";
import { type AcknowledgementFacts, checkAcknowledgement } from "../../server/programmes/acknowledgement.ts";
import type { AcknowledgementArgs } from "../../server/protocol/contract-calls.ts";

const ROOT = `0x${"ab".repeat(32)}` as const;

/** Signed up to 60, netted 10; paid up to 100, where 30 are netted: 20 have come. */
const FACTS: AcknowledgementFacts = {
  acknowledged: 60n,
  netted: 10n,
  paid: 100n,
  netTo: 30n,
  root: new Uint8Array(32).fill(0xab),
};
const RIGHT: AcknowledgementArgs = {
  charity: `0x${"11".repeat(32)}`,
  unit: "CNY",
  from: "60",
  upTo: "100",
  netTo: "30",
  received: "20",
  batch: "3",
  root: ROOT,
};

describe("the check of an acknowledgement", () => {
  const refused = (change: Partial<AcknowledgementArgs>, facts: Partial<AcknowledgementFacts> = {}) => {
    try {
      checkAcknowledgement({ ...RIGHT, ...change }, { ...FACTS, ...facts });
    } catch (thrown) {
      return thrown as InputError;
    }
    throw new Error("it was not refused");
  };

  const cases: [string, Partial<AcknowledgementArgs>, Partial<AcknowledgementFacts>, string][] = [
    ["one that ends where it begins", { upTo: "60" }, {}, "empty-acknowledgement"],
    ["one that ends before it begins", { upTo: "59" }, {}, "empty-acknowledgement"],
    ["one beyond what was paid", { upTo: "101" }, {}, "beyond-paid"],
    ["one that ends where no payout does", { upTo: "80" }, { netTo: undefined }, "not-payout-end"],
    ["one with another end on the reversal line", { netTo: "29" }, {}, "wrong-net-to"],
    ["one fen too much", { received: "21" }, {}, "wrong-received"],
    ["one fen too little", { received: "19" }, {}, "wrong-received"],
    ["a batch that is not anchored", { batch: "4" }, { root: undefined }, "unknown-root"],
    ["a root that is not the batch's", { root: `0x${"ac".repeat(32)}` }, {}, "unknown-root"],
  ];
  for (const [what, change, facts, code] of cases)
    it(`refuses ${what}, and names the field, what was wanted and what came`, () => {
      const error = refused(change, facts);
      expect(error).to.be.instanceOf(InputError);
      expect(error.code).to.equal(code);
      expect(error.facts).to.have.keys("field", "wanted", "came");
      expect(error.message).to.match(/^\w+: wanted .+, came /);
    });

  it("refuses one that begins elsewhere than the last ended: stale or too early", () => {
    for (const from of ["0", "59", "61"]) {
      const error = refused({ from });
      expect(error).to.be.instanceOf(ConflictError);
      expect([error.code, error.facts.acknowledged]).to.deep.equal(["stale-acknowledgement", "60"]);
    }
  });

  it("takes the one that says what is on chain", () => {
    expect(() => checkAcknowledgement(RIGHT, FACTS)).not.to.throw();
  });
});
