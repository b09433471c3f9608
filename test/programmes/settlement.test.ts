// What is paid on a line and why: an invented line of batches, gifts and refunds, settled again and again, must never net a
// refund before its gift is paid, never pay beyond what is proven, and lose nothing in the end.

import { expect } from "chai";
import fc from "fast-check";
import {
  decide,
  type LineFacts,
  NEEDS_ACTION,
  type Rules,
  type Settled,
} from "../../server/programmes/settlement.ts";

const NOW = 1_800_000_000n;
const DAY = 86_400n;
const ANYTHING: Rules = { minimumMinor: 0n, afterDays: 0 };

const FACTS: LineFacts = {
  unit: "CNY",
  rail: "token",
  hasPayee: true,
  hasSigner: true,
  isAtFault: false,
  isUnderWay: false,
  given: 1_000n,
  reversed: 0n,
  paid: 0n,
  netted: 0n,
  nextGiftBatch: null,
  reversalEnds: [],
  waitingSince: NOW - DAY,
};

const reasonOf = (facts: Partial<LineFacts>, rules = ANYTHING) => {
  const decision = decide({ ...FACTS, ...facts }, rules, NOW);
  return "unpaid" in decision ? decision.unpaid : decision;
};

describe("what is paid on a line", () => {
  it("is nothing in a unit that is no currency", () => {
    for (const unit of ["STEP", "MINUTE", "MEAL", "XAU", "cny"])
      expect(reasonOf({ unit })).to.equal("not-money");
  });

  it("is nothing while a payout is under way", () => {
    expect(reasonOf({ isUnderWay: true })).to.equal("payout-under-way");
  });

  it("is nothing on a line at fault, whatever else holds, and somebody has to act", () => {
    expect(reasonOf({ isAtFault: true })).to.equal("line-at-fault");
    expect(reasonOf({ isAtFault: true, isUnderWay: true, paid: 1_000n })).to.equal("line-at-fault");
    expect(reasonOf({ isAtFault: true, unit: "STEP" })).to.equal("not-money");
    expect(NEEDS_ACTION.has("line-at-fault")).to.equal(true);
  });

  it("is nothing when nothing was given behind what is paid", () => {
    expect(reasonOf({ paid: 1_000n })).to.equal("nothing-given");
    expect(reasonOf({ given: 0n, waitingSince: null })).to.equal("nothing-given");
  });

  it("is nothing when all was refunded", () => {
    expect(reasonOf({ reversed: 1_000n, reversalEnds: [{ batch: 1n, to: 1_000n }] })).to.equal(
      "all-refunded",
    );
  });

  it("is nothing by token without an account for it, and by either rail without a signer", () => {
    expect(reasonOf({ hasPayee: false })).to.equal("no-payee");
    expect(reasonOf({ hasPayee: false, rail: "bank" })).to.be.an("object");
    expect(reasonOf({ hasSigner: false })).to.equal("no-signer");
    expect(reasonOf({ hasSigner: false, rail: "bank" })).to.equal("no-signer");
  });

  it("lacks no account where there is no money for it", () => {
    expect(reasonOf({ hasPayee: false, paid: 1_000n })).to.equal("nothing-given");
  });

  it("waits below the minimum until the oldest gift has waited long enough, to the second", () => {
    const rules = { minimumMinor: 1_001n, afterDays: 30 };
    expect(reasonOf({ waitingSince: NOW - 30n * DAY + 1n }, rules)).to.equal("below-minimum");
    expect(reasonOf({ waitingSince: NOW - 30n * DAY }, rules)).to.include({ upTo: 1_000n });
    expect(reasonOf({}, { ...rules, minimumMinor: 1_000n })).to.include({ upTo: 1_000n });
  });

  it("counts refunds towards the minimum", () => {
    const reversed = { reversed: 10n, reversalEnds: [{ batch: 1n, to: 10n }] };
    expect(reasonOf(reversed, { minimumMinor: 991n, afterDays: 30 })).to.equal("below-minimum");
    expect(reasonOf(reversed, { minimumMinor: 990n, afterDays: 30 })).to.include({ amount: 990n });
  });

  it("nets no refund of the batch of the next gifts, nor one that is not proven", () => {
    const reversalEnds = [4n, 5n, 6n].map((batch) => ({ batch, to: batch * 10n }));
    const nextGiftBatch = 6n;
    expect(reasonOf({ reversed: 60n, nextGiftBatch, reversalEnds })).to.include({ netTo: 50n, amount: 950n });
    expect(reasonOf({ reversed: 45n, nextGiftBatch, reversalEnds })).to.include({ netTo: 40n });
  });

  it("nets less where more would not fit", () => {
    const reversalEnds = [
      { batch: 3n, to: 80n },
      { batch: 4n, to: 120n },
    ];
    const facts = { given: 1_000n, paid: 900n, reversed: 120n, reversalEnds };
    expect(reasonOf(facts)).to.include({ netTo: 80n, amount: 20n });
  });
});

/** A batch of one line: what its gifts come to, and which earlier gifts (by place in all) it takes how much back of. */
type Batch = { readonly gifts: readonly bigint[]; readonly refunds: readonly { of: number; part: number }[] };

const batch: fc.Arbitrary<Batch> = fc.record({
  gifts: fc.array(fc.bigInt({ min: 1n, max: 100n }), { maxLength: 3 }),
  refunds: fc.array(fc.record({ of: fc.nat(), part: fc.integer({ min: 1, max: 4 }) }), { maxLength: 3 }),
});

type Gift = { readonly end: bigint; left: bigint };
type Reversal = { readonly end: bigint; readonly gift: Gift };
type End = { readonly batch: bigint; readonly to: bigint };

/** The two sides of the line, as its statements would have it. */
class InventedLine {
  readonly gifts: Gift[] = [];
  readonly reversals: Reversal[] = [];
  readonly giftEnds: End[] = [];
  readonly reversalEnds: End[] = [];

  constructor(batches: readonly Batch[]) {
    for (const [index, one] of batches.entries()) this.#add(BigInt(index + 1), one);
  }

  #add(number: bigint, { gifts, refunds }: Batch): void {
    for (const amount of gifts) this.gifts.push({ end: this.given + amount, left: amount });
    if (gifts.length > 0) this.giftEnds.push({ batch: number, to: this.given });
    for (const { of, part } of refunds) this.#takeBack(of, part);
    if ((this.reversalEnds.at(-1)?.to ?? 0n) < this.reversed)
      this.reversalEnds.push({ batch: number, to: this.reversed });
  }

  #takeBack(of: number, part: number): void {
    const gift = this.gifts[of % Math.max(this.gifts.length, 1)];
    const amount = gift === undefined ? 0n : (gift.left * BigInt(part)) / 4n;
    if (gift === undefined || amount === 0n) return;
    gift.left -= amount;
    this.reversals.push({ end: this.reversed + amount, gift });
  }

  get given(): bigint {
    return this.gifts.at(-1)?.end ?? 0n;
  }

  get reversed(): bigint {
    return this.reversals.at(-1)?.end ?? 0n;
  }

  /** What is known when so many statements of each side are proven, and so much is paid. */
  facts(proven: { gifts: number; reversals: number }, paid: bigint, netted: bigint): LineFacts {
    const given = this.giftEnds[proven.gifts - 1]?.to ?? 0n;
    const next = this.giftEnds.find(({ to }) => to > given);
    const provable = this.reversalEnds.filter(({ to }) => to <= given).slice(0, proven.reversals);
    const reversed = provable.at(-1)?.to ?? 0n;
    return {
      ...FACTS,
      ...{ given, reversed, paid, netted },
      nextGiftBatch: next?.batch ?? null,
      reversalEnds: this.reversalEnds.filter(({ to }) => to > netted),
    };
  }
}

const story = fc.record({
  batches: fc.array(batch, { minLength: 1, maxLength: 8 }),
  /** How far each settlement finds both sides proven. */
  proven: fc.array(fc.record({ gifts: fc.nat(8), reversals: fc.nat(8) }), { maxLength: 6 }),
});

/** Settles an invented line as often as the story tells, and then once more with all proven. */
function settleAll({
  batches,
  proven,
}: {
  batches: Batch[];
  proven: { gifts: number; reversals: number }[];
}) {
  const line = new InventedLine(batches);
  const settled: { readonly facts: LineFacts; readonly payout: Settled }[] = [];
  let [paid, netted, gifts, reversals] = [0n, 0n, 0, 0];
  for (const found of [...proven, { gifts: batches.length, reversals: batches.length }]) {
    [gifts, reversals] = [Math.max(gifts, found.gifts), Math.max(reversals, found.reversals)];
    const facts = line.facts({ gifts: Math.min(gifts, line.giftEnds.length), reversals }, paid, netted);
    const payout = decide(facts, ANYTHING, NOW);
    if ("unpaid" in payout) continue;
    [paid, netted] = [payout.upTo, payout.netTo];
    settled.push({ facts, payout });
  }
  return { line, settled };
}

describe("a line that is settled again and again", () => {
  const holds = (check: (line: InventedLine, facts: LineFacts, payout: Settled) => void) =>
    fc.assert(
      fc.property(story, (told) => {
        const { line, settled } = settleAll(told);
        for (const { facts, payout } of settled) check(line, facts, payout);
      }),
      { numRuns: 500 },
    );

  it("nets only refunds of gifts that end at or before what is paid", () =>
    holds((line, _, { netFrom, netTo, upTo }) => {
      const netted = line.reversals.filter(({ end }) => end > netFrom && end <= netTo);
      for (const { gift } of netted) expect(gift.end <= upTo).to.equal(true);
    }));

  it("ends both sides where statements end, within what is proven", () =>
    holds((line, { reversed, given }, { upTo, netTo }) => {
      expect(upTo).to.equal(given);
      expect(line.giftEnds.some(({ to }) => to === upTo)).to.equal(true);
      expect(netTo <= reversed).to.equal(true);
      expect(netTo === 0n || line.reversalEnds.some(({ to }) => to === netTo)).to.equal(true);
    }));

  it("pays exactly the gifts less the refunds, and always something", () =>
    holds((_, { paid, netted }, { from, upTo, netFrom, netTo, amount }) => {
      expect([from, netFrom]).to.deep.equal([paid, netted]);
      expect(amount).to.equal(upTo - from - (netTo - netFrom));
      expect(amount > 0n).to.equal(true);
    }));

  it("leaves out no refund that could have been netted as well", () =>
    holds((line, { reversed, nextGiftBatch, netted, given, paid }, { netTo }) => {
      const better = line.reversalEnds.filter(
        ({ batch: of, to }) =>
          to > netTo && to <= reversed && of < (nextGiftBatch ?? 1_000n) && to - netted <= given - paid,
      );
      expect(better).to.deep.equal([]);
    }));
});
