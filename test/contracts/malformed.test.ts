// Statements that contradict themselves: each way of it convicts, and what is at the edge of it does not.
import { expect } from "chai";
import { accuse, FAULT, malformed, type Shown } from "../support/contracts/accuser.ts";
import { as, type Deployed, type LedgerContract, networkHelpers } from "../support/contracts/chain.ts";
import { CHARITY, opened } from "../support/contracts/charity.ts";
import { anchorForged, type Draft } from "../support/contracts/forger.ts";
import { REVERSAL, random32, unitOf } from "../support/contracts/reference.ts";

const CNY = unitOf("CNY");
const LIMIT = 2n ** 63n;

describe("proveMalformed", () => {
  let deployed: Deployed;
  let contract: LedgerContract;

  beforeEach(async () => {
    deployed = await networkHelpers.loadFixture(opened);
    contract = as(deployed.contract, deployed.stranger);
  });

  const tried = (shown: Shown) => accuse(contract, malformed(shown));

  /** In batch 2, so that there is a batch before. */
  async function anchored(draft: Draft): Promise<Shown> {
    await anchorForged(deployed);
    const [forged] = await anchorForged(deployed, draft);
    return forged!;
  }

  const wellFormed: Record<string, Draft> = {
    "the first of a line": {},
    "the first of reversals": { kind: REVERSAL },
    "a later one": { from: 1n, previous: 1n },
    "one receipt of one unit": { amounts: [1n] },
    "as many receipts as units": { amounts: [1n, 1n, 1n] },
    "one that ends where positions end": { to: LIMIT - 1n },
  };
  for (const [title, draft] of Object.entries(wellFormed)) {
    it(`refuses ${title}`, async () => {
      await expect(tried(await anchored(draft))).to.be.revertedWithCustomError(contract, "NoFault");
    });
  }

  it("refuses a malformed statement that was not anchored, or of another ledger", async () => {
    const { statement, proof } = await anchored({});
    await expect(tried({ statement: { ...statement, receipts: 0n }, proof })).to.be.revertedWithCustomError(
      contract,
      "StatementNotInBatch",
    );
    await expect(
      tried({ statement: { ...statement, receipts: 0n, batch: 3n }, proof }),
    ).to.be.revertedWithCustomError(contract, "BatchNotAnchored");
    const [foreign] = await anchorForged({ ...deployed, ledger: random32() }, { receipts: 0n });
    await expect(tried(foreign!)).to.be.revertedWithCustomError(contract, "StatementNotInBatch");
  });

  const contradicting: Record<string, Draft> = {
    "of no known kind": { kind: 2 },
    "of the last kind that a byte holds": { kind: 255 },
    "that is empty": { from: 0n, to: 0n },
    "that is empty in the middle of the line": { from: 7n, to: 7n },
    "that runs backwards": { from: 5n, to: 4n },
    "that ends at 2^63": { to: LIMIT },
    "that ends at the last of 64 bits": { to: 2n ** 64n - 1n },
    "without receipts": { receipts: 0n },
    "with more receipts than units": { receipts: 51n },
    "with as many receipts as 64 bits can tell": { receipts: 2n ** 64n - 1n },
    "that names itself as the one before": { from: 1n, previous: 2n },
    "that names a later one as the one before": { from: 1n, previous: 3n },
    "first on its line, yet not at 0": { from: 1n, previous: 0n },
    "at 0, yet not first on its line": { previous: 1n },
  };
  for (const [title, draft] of Object.entries(contradicting)) {
    it(`convicts of a statement ${title}`, async () => {
      const shown = await anchored(draft);
      await tried(shown);
      const { charity, unit } = shown.statement;
      expect([charity, unit]).to.deep.equal([CHARITY, CNY]);
      expect(await contract.faultOf(charity, unit)).to.equal(FAULT.malformed);
    });
  }
});
