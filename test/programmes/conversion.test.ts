// How donated steps become sponsors' gifts: exactly, first come first served, within what the pools hold.

import { expect } from "chai";
import fc from "fast-check";
import {
  type Conversion,
  conversionGift,
  convert,
  type Donation,
  type Pool,
  rateOf,
  remainderGift,
  worthOf,
} from "../../server/programmes/conversion.ts";
import { dayOf, type PoolTerms, poolId, poolSchema } from "../../server/programmes/pool.ts";
import { recompute } from "../../server/programmes/recompute.ts";
import type { Details } from "../../server/protocol/details.ts";
import { charityId } from "../../server/protocol/ids.ts";

const OPEN = 1_790_000_000;
const DAY = 86_400;

const termsOf = (given: object = {}): PoolTerms =>
  poolSchema.parse({
    sponsor: "Tea trading company",
    charity: "GB-CHC-1",
    currency: "CNY",
    rate: { steps: "5000", amount: "100" },
    startsAt: new Date(OPEN * 1000).toISOString(),
    endsAt: new Date((OPEN + 180 * DAY) * 1000).toISOString(),
    ...given,
  });

const poolOf = (funded: bigint, given: object = {}, stands: Partial<Pool> = {}): Pool => {
  const terms = termsOf(given);
  const fresh = { id: poolId(terms), terms, noticedIn: 1n, used: 0n, steps: 0n, day: 0, dayUsed: 0n };
  return { ...fresh, funded, ...stands };
};

/** Donations end to end on the line, in batch 2, `apart` seconds one after the other. */
function donationsOf(steps: readonly bigint[], apart = 0, start = 0n): Donation[] {
  let at = start;
  return steps.map((count, index) => {
    const receipt = new Uint8Array(16).fill(index % 256);
    const donation = { receipt, batch: 2n, from: at, upTo: at + count, acceptedAt: OPEN + index * apart };
    at += count;
    return donation;
  });
}

function convertAll(donations: readonly Donation[], before: readonly Pool[]) {
  let pools = before;
  const conversions = donations.flatMap((donation) => {
    const paid = convert(donation, pools);
    pools = paid.pools;
    return paid.conversions;
  });
  return { conversions, pools };
}

const sum = (conversions: readonly Conversion[]) =>
  conversions.reduce((total, { amount }) => total + amount, 0n);

const receiptOf = (amount: bigint, terms: Uint8Array) => ({
  id: new Uint8Array(16),
  charity: charityId("GB-CHC-1"),
  unit: "CNY",
  kind: 0 as const,
  amount,
  acceptedAt: BigInt(OPEN),
  terms,
  details: new Uint8Array(32),
  salt: new Uint8Array(32),
});

const documentOf = ({ terms }: Pool) => ({ format: "amanah-pool/1", ...terms }) as unknown as Details;

const anySteps = fc.array(fc.bigInt({ min: 1n, max: 40_000n }), { minLength: 1, maxLength: 60 });
const anyRate = fc.record({
  steps: fc.bigInt({ min: 1n, max: 100_000n }).map(String),
  amount: fc.bigInt({ min: 1n, max: 1_000n }).map(String),
});

describe("the conversion of steps", () => {
  it("pays 1 yuan for 5,000 steps at such a rate", () => {
    const { conversions, pools } = convertAll(donationsOf([10_000n]), [poolOf(1_000n)]);
    expect(conversions.map(({ from, upTo, amount }) => [from, upTo, amount])).to.deep.equal([
      [0n, 10_000n, 200n],
    ]);
    expect(pools[0]).to.include({ used: 200n, steps: 10_000n });
  });

  it("comes to what all steps together are worth, however they are divided", () => {
    fc.assert(
      fc.property(anySteps, anyRate, (steps, rate) => {
        const pool = poolOf(2n ** 62n, { rate });
        const { conversions, pools } = convertAll(donationsOf(steps), [pool]);
        const all = steps.reduce((total, count) => total + count, 0n);
        expect(sum(conversions)).to.equal(worthOf(rateOf(pool.terms), 0n, all));
        expect(pools[0]?.steps).to.equal(all);
      }),
    );
  });

  it("gives never more than what was committed, nor more in a day than the sponsor said", () => {
    fc.assert(
      fc.property(
        anySteps,
        anyRate,
        fc.bigInt({ min: 1n, max: 3_000n }),
        fc.bigInt({ min: 1n, max: 500n }),
        (steps, rate, funded, cap) => {
          const pool = poolOf(funded, { rate, dailyCap: `${cap}` });
          const { conversions, pools } = convertAll(donationsOf(steps, DAY / 5), [pool]);
          expect(sum(conversions) <= funded).to.equal(true);
          expect(pools[0]?.used).to.equal(sum(conversions));
          const byDay = Map.groupBy(conversions, ({ donation }) => dayOf(pool.terms, donation.acceptedAt));
          for (const own of byDay.values()) expect(sum(own) <= cap).to.equal(true);
        },
      ),
    );
  });

  it("pays first for what came first, and for no step twice", () => {
    fc.assert(
      fc.property(
        anySteps,
        fc.array(fc.bigInt({ min: 1n, max: 2_000n }), { maxLength: 4 }),
        (steps, funds) => {
          const pools = funds.map((funded, index) => poolOf(funded, { sponsor: `Sponsor ${index}` }));
          const { conversions } = convertAll(donationsOf(steps), pools);
          for (const [index, { from }] of conversions.entries())
            expect(from).to.equal(index === 0 ? 0n : conversions[index - 1]?.upTo);
        },
      ),
    );
  });

  it("lets the next pool pay for the steps that the first has no money for", () => {
    const [small, large] = [poolOf(30n), poolOf(1_000n, { sponsor: "Rice trading company" })];
    const { conversions } = convertAll(donationsOf([10_000n]), [small, large]);
    expect(conversions.map(({ from, upTo, amount }) => [from, upTo, amount])).to.deep.equal([
      [0n, 1_500n, 30n],
      [1_500n, 10_000n, 170n],
    ]);
  });

  it("leaves steps that nobody pays for donated, and pays for those of the next day again", () => {
    const pool = poolOf(1_000n, { dailyCap: "100" });
    const { conversions } = convertAll(donationsOf([8_000n, 8_000n], DAY), [pool]);
    expect(conversions.map(({ from, upTo, amount }) => [from, upTo, amount])).to.deep.equal([
      [0n, 5_000n, 100n],
      [8_000n, 13_000n, 100n],
    ]);
  });

  it("keeps to the cap of each day when the line mixes donations from both sides of midnight", () => {
    const pool = poolOf(10_000n, { dailyCap: "100" });
    const mixed = donationsOf(Array.from({ length: 20 }, () => 5_000n)).map((donation, index) => ({
      ...donation,
      acceptedAt: OPEN + (index % 2) * DAY,
    }));
    expect(sum(convertAll(mixed, [pool]).conversions)).to.equal(200n);
  });

  it("pays for no part of a step: what a step costs more than is left stays for the end", () => {
    const pool = poolOf(5n, { rate: { steps: "1", amount: "2" } });
    const { conversions, pools } = convertAll(donationsOf([10n]), [pool]);
    expect(conversions.map(({ from, upTo, amount }) => [from, upTo, amount])).to.deep.equal([[0n, 2n, 4n]]);
    expect(remainderGift(pools[0] as Pool).amount).to.equal(1n);
  });

  it("begins the day by the pool's own clock", () => {
    const midnightInChina = Date.parse("2026-09-02T00:00:00+08:00") / 1000;
    const terms = { utcOffset: "+08:00" };
    expect(dayOf(terms, midnightInChina) - dayOf(terms, midnightInChina - 1)).to.equal(1);
    expect(dayOf({ utcOffset: "-03:30" }, 3.5 * 3_600)).to.equal(0);
    expect(dayOf({ utcOffset: "-03:30" }, 3.5 * 3_600 - 1)).to.equal(-1);
  });

  it("pays for no steps before the pool begins, from its end on, or of batches up to its notice", () => {
    const [donation] = donationsOf([10_000n]) as [Donation];
    const pool = poolOf(1_000n);
    const paid = (given: Partial<Donation>) => convert({ ...donation, ...given }, [pool]).conversions.length;
    expect(paid({ acceptedAt: OPEN - 1 })).to.equal(0);
    expect(paid({ acceptedAt: OPEN })).to.equal(1);
    expect(paid({ acceptedAt: pool.terms.endsAt - 1 })).to.equal(1);
    expect(paid({ acceptedAt: pool.terms.endsAt })).to.equal(0);
    expect(paid({ batch: 1n })).to.equal(0);
  });

  it("stays exact over 90 billion steps, and where a line ends", () => {
    const rate = { steps: "5000", amount: "100" };
    for (const whole of [90_000_000_000n, 2n ** 62n]) {
      const pool = poolOf(2n ** 62n, { rate });
      const steps = [whole - 12_345n, 1n, 49n, 12_295n];
      const { conversions, pools } = convertAll(donationsOf(steps), [pool]);
      expect(sum(conversions)).to.equal((whole * 100n) / 5_000n);
      expect(pools[0]?.steps).to.equal(whole);
    }
  });

  it("gives the charity all that is left at the end", () => {
    fc.assert(
      fc.property(anySteps, fc.bigInt({ min: 1n, max: 100_000n }), (steps, funded) => {
        const { conversions, pools } = convertAll(donationsOf(steps), [poolOf(funded)]);
        expect(sum(conversions) + remainderGift(pools[0] as Pool).amount).to.equal(funded);
      }),
    );
  });
});

describe("a sponsor's gift", () => {
  const paid = () => {
    const { conversions } = convertAll(donationsOf([10_033n, 12_345n]), [poolOf(100_000n)]);
    return conversions[1] as Conversion;
  };

  it("names the steps that it paid for, and which part of the pool it is", () => {
    const gift = conversionGift(paid());
    expect(gift.details).to.include({
      programme: "steps",
      stepsFrom: "10033",
      stepsUpTo: "22378",
      paidBefore: "10033",
      poolFrom: "200",
      poolUpTo: "447",
    });
    expect([gift.unit, gift.amount]).to.deep.equal(["CNY", 247n]);
  });

  it("is recomputed from its details and the pool's terms, whatever was paid before", () => {
    fc.assert(
      fc.property(anySteps, anyRate, fc.bigInt({ min: 1n, max: 2_000n }), (steps, rate, funded) => {
        const pool = poolOf(funded, { rate });
        for (const conversion of convertAll(donationsOf(steps), [pool]).conversions) {
          const { amount, terms, details } = conversionGift(conversion);
          const receipt = receiptOf(amount, terms);
          expect(
            recompute({ receipt, details: details as Details, document: documentOf(pool) }),
          ).to.deep.equal({
            amount,
          });
        }
      }),
    );
  });

  it("is refused by terms of another sponsor, another currency, or another time", () => {
    const conversion = paid();
    const { amount, terms, details } = conversionGift(conversion);
    const by = (given: object) => () =>
      recompute({
        receipt: receiptOf(amount, terms),
        details: details as Details,
        document: { ...documentOf(conversion.pool), ...given } as Details,
      });
    expect(by({ sponsor: "Somebody else" })).to.throw("the pool is of sponsor");
    expect(by({ currency: "USD" })).to.throw("the pool gives USD");
    expect(by({ endsAt: OPEN })).to.throw("while the pool was open");
  });

  it("of what was left over, or of committed money, is not reckoned from steps", () => {
    const pool = poolOf(500n);
    const { details, terms } = remainderGift(pool);
    const told = recompute({
      receipt: receiptOf(500n, terms),
      details: details as Details,
      document: documentOf(pool),
    });
    expect(told).to.have.property("reason", "amount-not-told");
  });
});

describe("a pool's terms", () => {
  const refused = (given: object) => {
    const { error } = poolSchema.safeParse({ ...termsJson, ...given });
    return error?.issues.map(({ path }) => path.join(".")) ?? [];
  };
  const termsJson = {
    sponsor: "Tea trading company",
    charity: "GB-CHC-1",
    currency: "CNY",
    rate: { steps: "5000", amount: "100" },
    startsAt: "2026-09-01T00:00:00+08:00",
    endsAt: "2026-09-10T00:00:00+08:00",
  };

  it("are refused without a rate, a real currency, an end behind the start, or an offset that exists", () => {
    expect(refused({ rate: { steps: "0", amount: "100" } })).to.deep.equal(["rate.steps"]);
    expect(refused({ currency: "XYZ" })).to.deep.equal(["currency"]);
    expect(refused({ endsAt: termsJson.startsAt })).to.deep.equal(["endsAt"]);
    expect(refused({ utcOffset: "+15:00" })).to.deep.equal(["utcOffset"]);
    expect(refused({ dailyCap: "0" })).to.deep.equal(["dailyCap"]);
  });

  it("have the hash of their canonical document for their name", () => {
    expect(poolId(poolSchema.parse(termsJson))).to.deep.equal(poolId(poolSchema.parse({ ...termsJson })));
    expect(poolId(poolSchema.parse(termsJson))).not.to.deep.equal(
      poolId(poolSchema.parse({ ...termsJson, dailyCap: "100" })),
    );
  });
});
