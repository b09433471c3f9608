// Batches: who may anchor, in which order, and that what is anchored stays.
import { expect } from "chai";
import { ZeroHash } from "ethers";
import { as, type Deployed, deployLedger, networkHelpers } from "../support/contracts/chain.ts";
import { random32 } from "../support/contracts/reference.ts";

describe("batches", () => {
  let deployed: Deployed;
  let anchorer: Deployed["contract"];
  const roots = [random32(), random32(), random32()] as const;

  beforeEach(async () => {
    deployed = await networkHelpers.loadFixture(deployLedger);
    anchorer = as(deployed.contract, deployed.anchorer);
  });

  describe("anchor", () => {
    it("refuses anyone without the anchoring role, the admin too", async () => {
      for (const account of [deployed.stranger, deployed.admin, deployed.payer]) {
        await expect(as(deployed.contract, account).anchor(1, roots[0]))
          .to.be.revertedWithCustomError(anchorer, "AccessControlUnauthorizedAccount")
          .withArgs(account.address, await deployed.contract.getFunction("ANCHOR_ROLE")());
      }
    });

    it("refuses a zero root, which would read as not anchored", async () => {
      await expect(anchorer.anchor(1, ZeroHash))
        .to.be.revertedWithCustomError(anchorer, "ZeroRoot")
        .withArgs(1);
    });

    it("refuses batch 0", async () => {
      await expect(anchorer.anchor(0, roots[0]))
        .to.be.revertedWithCustomError(anchorer, "BatchOutOfOrder")
        .withArgs(1, 0);
    });

    it("refuses to leave a gap", async () => {
      await anchorer.anchor(1, roots[0]);
      await expect(anchorer.anchor(3, roots[2]))
        .to.be.revertedWithCustomError(anchorer, "BatchOutOfOrder")
        .withArgs(2, 3);
    });

    it("refuses another root for a batch already anchored, and keeps the first", async () => {
      await anchorer.anchor(1, roots[0]);
      await expect(anchorer.anchor(1, roots[1]))
        .to.be.revertedWithCustomError(anchorer, "RootConflict")
        .withArgs(1, roots[0], roots[1]);
      expect(await anchorer.root(1)).to.equal(roots[0]);
    });

    it("records the next batch and announces it", async () => {
      await expect(anchorer.anchor(1, roots[0])).to.emit(anchorer, "BatchAnchored").withArgs(1, roots[0]);
      await expect(anchorer.anchor(2, roots[1])).to.emit(anchorer, "BatchAnchored").withArgs(2, roots[1]);
      expect(await anchorer.lastBatch()).to.equal(2);
      expect(await anchorer.root(2)).to.equal(roots[1]);
    });

    it("takes the same batch and root again without a trace", async () => {
      await anchorer.anchor(1, roots[0]);
      await expect(anchorer.anchor(1, roots[0])).not.to.emit(anchorer, "BatchAnchored");
      expect(await anchorer.lastBatch()).to.equal(1);
    });

    it("goes on while payouts are paused", async () => {
      await as(deployed.contract, deployed.pauser).pause();
      await expect(anchorer.anchor(1, roots[0])).to.emit(anchorer, "BatchAnchored");
    });
  });

  describe("anchorMany", () => {
    it("refuses anyone without the anchoring role", async () => {
      await expect(
        as(deployed.contract, deployed.stranger).anchorMany(1, roots),
      ).to.be.revertedWithCustomError(anchorer, "AccessControlUnauthorizedAccount");
    });

    it("records nothing at all when one root conflicts", async () => {
      await anchorer.anchor(1, roots[0]);
      await expect(anchorer.anchorMany(1, [roots[1], roots[2]])).to.be.revertedWithCustomError(
        anchorer,
        "RootConflict",
      );
      expect(await anchorer.lastBatch()).to.equal(1);
    });

    it("refuses a list that begins beyond the next batch", async () => {
      await expect(anchorer.anchorMany(2, roots)).to.be.revertedWithCustomError(anchorer, "BatchOutOfOrder");
    });

    it("records many in a row", async () => {
      await anchorer.anchorMany(1, roots);
      expect(await anchorer.lastBatch()).to.equal(3);
      expect(await Promise.all([1, 2, 3].map((n) => anchorer.root(n)))).to.deep.equal([...roots]);
    });

    it("skips those already anchored and adds the rest", async () => {
      await anchorer.anchorMany(1, roots.slice(0, 2));
      await expect(anchorer.anchorMany(1, roots)).to.emit(anchorer, "BatchAnchored").withArgs(3, roots[2]);
      expect(await anchorer.lastBatch()).to.equal(3);
    });
  });

  it("reads zero for a batch that is not anchored", async () => {
    expect(await anchorer.root(1)).to.equal(ZeroHash);
    expect(await anchorer.lastBatch()).to.equal(0);
  });
});
