// Contradictions: two anchored statements of one side of a line that no honest ledger holds both; and what is none.
import { expect } from "chai";
import { accuse, contradiction, FAULT, type FaultName, type Shown } from "../support/contracts/accuser.ts";
import { as, type Deployed, type LedgerContract, networkHelpers } from "../support/contracts/chain.ts";
import { CHARITY, opened } from "../support/contracts/charity.ts";
import { anchorForged, type Draft } from "../support/contracts/forger.ts";
import { REVERSAL, random32, unitOf } from "../support/contracts/reference.ts";

const CNY = unitOf("CNY");
const LIMIT = 2n ** 63n;

describe("proveContradiction", () => {
  let deployed: Deployed;
  let contract: LedgerContract;

  beforeEach(async () => {
    deployed = await networkHelpers.loadFixture(opened);
    contract = as(deployed.contract, deployed.stranger);
  });

  /** One batch each, in order. */
  async function anchored(...drafts: Draft[]): Promise<Shown[]> {
    const shown: Shown[] = [];
    for (const draft of drafts) shown.push(...(await anchorForged(deployed, draft)));
    return shown;
  }

  const tried = (first: Shown, second: Shown) => accuse(contract, contradiction(first, second));
  const noFault = (first: Shown, second: Shown) =>
    expect(tried(first, second)).to.be.revertedWithCustomError(contract, "NoFault");

  async function convicts(first: Shown, second: Shown, fault: FaultName) {
    await tried(first, second);
    expect(await contract.faultOf(CHARITY, CNY)).to.equal(FAULT[fault]);
  }

  describe("refuses", () => {
    it("honest statements, next to each other or far apart, in either order", async () => {
      const honest = await anchored({}, { from: 50n }, { from: 100n }, { from: 150n });
      for (const first of honest) for (const second of honest) await noFault(first, second);
    });

    it("honest statements with batches between that do not hold the line", async () => {
      const [first, second] = await anchored({}, { unit: unitOf("STEP") }, { from: 50n, previous: 1n }).then(
        ([one, , three]) => [one!, three!],
      );
      await noFault(first!, second!);
    });

    it("one statement shown twice", async () => {
      const [only] = await anchored({});
      await noFault(only!, only!);
    });

    it("what would be an overlap, a gap or a skip, in the wrong order", async () => {
      const [first, overlap, gap, skip] = await anchored(
        {},
        { from: 49n, previous: 1n },
        { from: 200n, previous: 1n },
        { from: 300n, previous: 1n },
      );
      for (const second of [overlap!, gap!, skip!]) await noFault(second, first!);
      await noFault(gap!, overlap!);
      await noFault(skip!, gap!);
    });

    it("statements of two charities, two units or both sides", async () => {
      for (const other of [{ charity: random32() }, { unit: unitOf("USD") }, { kind: REVERSAL }]) {
        const [first, second] = await anchored({}, { ...other, from: 10n });
        await noFault(first!, second!);
        const [one, both] = await anchorForged(deployed, {}, other);
        await noFault(one!, both!);
      }
    });

    it("a later statement that leaves room behind an earlier one which is not the one it names", async () => {
      const [first, , third] = await anchored({}, { from: 50n }, { from: 170n });
      await noFault(first!, third!);
    });

    it("statements that are not in their batches, on either side", async () => {
      const [first, second] = await anchored({}, { from: 49n });
      const changed = { ...second!, statement: { ...second!.statement, from: 48n } };
      const swapped = { ...first!, proof: second!.proof };
      const cut = { ...second!, proof: second!.proof.slice(1) };
      for (const [one, other] of [
        [first!, changed],
        [swapped, second!],
        [first!, cut],
        [changed, first!],
      ] as const) {
        await expect(tried(one, other)).to.be.revertedWithCustomError(contract, "StatementNotInBatch");
      }
    });

    it("statements of a batch that is not anchored", async () => {
      const [first] = await anchored({});
      const next = { ...first!, statement: { ...first!.statement, batch: 2n } };
      for (const [one, other] of [
        [first!, next],
        [next, first!],
      ] as const) {
        await expect(tried(one, other))
          .to.be.revertedWithCustomError(contract, "BatchNotAnchored")
          .withArgs(2);
      }
    });

    it("statements of another ledger", async () => {
      const foreign = { ...deployed, ledger: random32() };
      const [first] = await anchorForged(foreign, {});
      const [second] = await anchorForged(foreign, { from: 49n });
      await expect(tried(first!, second!)).to.be.revertedWithCustomError(contract, "StatementNotInBatch");
    });
  });

  describe("convicts", () => {
    const pairs: Record<string, { first?: Draft; second: Draft; fault: FaultName }> = {
      "of an overlap by one unit": { second: { from: 49n }, fault: "overlap" },
      "of an overlap by all, both from 0": { second: {}, fault: "overlap" },
      "of an overlap that begins before": {
        first: { from: 10n, previous: 0n },
        second: { from: 9n, previous: 0n },
        fault: "overlap",
      },
      "of an overlap, though one is named as the one before the other": {
        second: { from: 1n, previous: 1n },
        fault: "overlap",
      },
      "of a gap of one unit": { second: { from: 51n }, fault: "gap" },
      "of a gap to the end of all positions": { second: { from: LIMIT - 51n }, fault: "gap" },
      "of a skip, when one names an earlier batch as the one before": {
        second: { from: 50n, previous: 0n },
        fault: "skip",
      },
      "of a skip behind room": { second: { from: 70n, previous: 0n }, fault: "skip" },
    };
    for (const [title, { first = {}, second, fault }] of Object.entries(pairs)) {
      it(title, async () => {
        const [one, other] = await anchored(first, second);
        await convicts(one!, other!, fault);
      });
    }

    it("of a skip over a batch in the middle", async () => {
      const [, second, third] = await anchored({}, { from: 50n }, { from: 100n, previous: 1n });
      await convicts(second!, third!, "skip");
    });

    it("of an overlap of batches far apart, whatever lies between", async () => {
      const [first, , , fourth] = await anchored({}, { from: 50n }, { from: 100n }, { from: 49n });
      await convicts(first!, fourth!, "overlap");
    });

    const twice: Record<string, Draft> = {
      "with other receipts": {},
      "of which one follows the other": { from: 50n },
      "of which one is malformed": { from: 60n, to: 50n },
    };
    for (const [title, second] of Object.entries(twice)) {
      it(`of two statements in one batch, ${title}, in either order`, async () => {
        const [one, other] = await anchorForged(deployed, {}, second);
        const { restore } = await networkHelpers.takeSnapshot();
        await convicts(one!, other!, "twice");
        await restore();
        await convicts(other!, one!, "twice");
      });
    }

    it("by statements that are malformed too", async () => {
      const [first, second] = await anchored({ receipts: 0n }, { from: 49n, receipts: 99n });
      await convicts(first!, second!, "overlap");
    });
  });
});
