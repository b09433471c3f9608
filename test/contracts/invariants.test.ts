// Random sequences of all calls by all roles, each compared with the model, and the ledger's invariants after each.
// FUZZ_RUNS and FUZZ_SEED choose other sequences; one run is 250 steps.
import { expect } from "chai";
import fc from "fast-check";
import { type Deployed, deployLedger, networkHelpers } from "../support/contracts/chain.ts";
import { MARKS, type Mark, type Marks } from "../support/contracts/model.ts";
import { KINDS, type Kind, type Step, take } from "../support/contracts/steps.ts";
import { World } from "../support/contracts/world.ts";

const STEPS_PER_RUN = 250;
const DEFAULT_RUNS = 10;
const RUNS = Number(process.env.FUZZ_RUNS ?? DEFAULT_RUNS);
const SEED = Number(process.env.FUZZ_SEED ?? 20_260_901);

/** Which call may move which watermark; every other may move none. */
const MOVES: Partial<Record<Kind, Mark[]>> = {
  prove: ["given", "reversed"],
  payToken: ["paid", "netted"],
  payBank: ["paid", "netted"],
  acknowledge: ["acknowledged"],
  disburse: ["spent"],
};

function checkOrder(marks: Marks) {
  const { given, reversed, paid, netted, acknowledged, spent } = marks;
  expect(
    spent <= acknowledged && acknowledged <= paid && paid <= given,
    "spent ≤ acknowledged ≤ paid ≤ given",
  ).to.equal(true);
  expect(netted <= reversed && reversed <= given, "netted ≤ reversed ≤ given").to.equal(true);
}

function checkMoves(kind: Kind, before: Marks, after: Marks) {
  for (const mark of MARKS) {
    expect(after[mark] >= before[mark], `${kind} lets ${mark} fall`).to.equal(true);
    if (!MOVES[kind]?.includes(mark)) expect(after[mark], `${kind} moves ${mark}`).to.equal(before[mark]);
  }
}

/** Calls that move money are tried more often than those that hinder them, so that money comes far. */
const WEIGHTS: Partial<Record<Kind, number>> = {
  ...{ anchor: 3, prove: 6, payToken: 5, payBank: 4, acknowledge: 6, disburse: 5 },
  ...{ repay: 2, applyChange: 2, unpause: 4 },
  ...{ challenge: 3, answer: 3, recordBreach: 2, proveContradiction: 2 },
};

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.oneof(...KINDS.map((kind) => ({ arbitrary: fc.constant(kind), weight: WEIGHTS[kind] ?? 1 }))),
  line: fc.nat(3),
  honest: fc.integer({ min: 0, max: 9 }).map((n) => n < 8),
  actor: fc.nat(6),
  a: fc.nat(1_000),
  b: fc.nat(1_000),
  skew: fc.constantFrom(-1n, 1n, 7n),
});

describe("the ledger's invariants", () => {
  async function walk(deployed: Deployed, steps: Step[], outcomes: Map<string, number>) {
    const world = await World.create(deployed);
    let before = await world.marks();
    for (const taken of steps) {
      const { expected, done, error } = await take(world, taken);
      expect(done, `${taken.kind}: ${error}`).to.equal(expected);
      const key = `${taken.kind} ${done}`;
      outcomes.set(key, (outcomes.get(key) ?? 0) + 1);
      const after = await world.marks();
      for (const [i, marks] of after.entries()) {
        checkOrder(marks);
        checkMoves(taken.kind, before[i]!, marks);
        const { line } = world.where(i);
        expect(marks, taken.kind).to.deep.equal(line.marks);
        expect(line.money, "money paid in all").to.equal(marks.paid - marks.netted);
      }
      await world.checkMoney();
      await world.checkCharities();
      await world.checkAccusations();
      before = after;
    }
    for (const balance of world.model.balances.values()) if (balance > 0n) outcomes.set("tokens moved", 1);
  }

  it(`hold over ${RUNS * STEPS_PER_RUN} random steps, every kind of call both succeeding and failing`, async function () {
    this.timeout(300_000);
    const outcomes = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: STEPS_PER_RUN, maxLength: STEPS_PER_RUN, size: "max" }),
        async (steps) => walk(await networkHelpers.loadFixture(deployLedger), steps, outcomes),
      ),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
    if (RUNS < DEFAULT_RUNS) return; // Too few to see every outcome.
    expect(outcomes.has("tokens moved")).to.equal(true);
    for (const kind of KINDS) {
      if (kind === "wait") continue;
      for (const done of [true, false])
        expect(outcomes.get(`${kind} ${done}`) ?? 0, `${kind} ${done}`).to.be.above(0);
    }
  });
});
