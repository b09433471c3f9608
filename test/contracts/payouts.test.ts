// Payouts on either rail and by bank: what may move `paid` and `netted`, and that a repeat does nothing.
import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { as, type LedgerContract, networkHelpers } from "../support/contracts/chain.ts";
import { CHARITY } from "../support/contracts/charity.ts";
import { CNY, load, marksOf, NOTE, opened, type Purse, RAIL } from "../support/contracts/purse.ts";
import { random32 } from "../support/contracts/reference.ts";

describe("payouts", () => {
  let world: Purse;
  let contract: LedgerContract;
  let payer: LedgerContract;

  function use(fixture: () => Promise<Purse>) {
    beforeEach(async () => {
      world = await load(fixture);
      contract = world.contract;
      payer = as(contract, world.payer);
    });
  }

  const marks = () => marksOf(contract);
  const held = (account: { address: string }) => world.token.balanceOf(account.address);

  describe("by either rail", () => {
    use(opened);
    type Position = number | bigint;
    const rails = {
      payToken: (from: Position, upTo: Position, netTo: Position, charity = CHARITY, by = payer) =>
        by.payToken(charity, CNY, from, upTo, netTo),
      payBank: (from: Position, upTo: Position, netTo: Position, charity = CHARITY, by = payer) =>
        by.payBank(charity, CNY, from, upTo, netTo, NOTE),
    };
    for (const [name, pay] of Object.entries(rails)) {
      describe(name, () => {
        it("refuses anyone but the payer", async () => {
          for (const account of [world.stranger, world.admin, world.anchorer, world.signer]) {
            await expect(pay(0, 100, 0, CHARITY, as(contract, account))).to.be.revertedWithCustomError(
              contract,
              "AccessControlUnauthorizedAccount",
            );
          }
        });

        it("refuses while paused, and goes on afterwards", async () => {
          await as(contract, world.pauser).pause();
          await expect(pay(0, 100, 0)).to.be.revertedWithCustomError(contract, "EnforcedPause");
          await as(contract, world.pauser).unpause();
          await pay(0, 100, 0);
        });

        it("refuses an unknown charity", async () => {
          const unknown = random32();
          await expect(pay(0, 100, 0, unknown))
            .to.be.revertedWithCustomError(contract, "CharityUnknown")
            .withArgs(unknown);
        });

        it("refuses to begin anywhere but at paid, so that a repeat pays nothing", async () => {
          await pay(0, 60, 0);
          for (const from of [0, 59, 61]) {
            await expect(pay(from, 100, 0))
              .to.be.revertedWithCustomError(contract, "FromNotWatermark")
              .withArgs(60, from);
          }
        });

        it("refuses an empty interval, one that runs backwards, and one beyond what was given", async () => {
          await pay(0, 60, 0);
          for (const upTo of [60, 59, 101]) {
            await expect(pay(60, upTo, 0))
              .to.be.revertedWithCustomError(contract, "UpToOutOfRange")
              .withArgs(60, upTo, 100);
          }
        });

        it("refuses to net fewer refunds than before, or more than there are", async () => {
          await pay(0, 60, 10);
          for (const netTo of [9, 31]) {
            await expect(pay(60, 100, netTo))
              .to.be.revertedWithCustomError(contract, "NetToOutOfRange")
              .withArgs(10, netTo, 30);
          }
        });

        it("refuses to net more than it pays", async () => {
          await expect(pay(0, 29, 30))
            .to.be.revertedWithCustomError(contract, "NettingExceedsGifts")
            .withArgs(29, 30);
        });

        it("moves paid and netted, and nothing else", async () => {
          await pay(0, 60, 10);
          expect(await marks()).to.deep.equal({ given: 100n, reversed: 30n, paid: 60n, netted: 10n });
          await pay(60, 100, 30);
          expect(await marks()).to.deep.equal({ given: 100n, reversed: 30n, paid: 100n, netted: 30n });
        });

        it("keeps where it began and ended", async () => {
          await pay(0, 60, 10);
          await pay(60, 100, 30);
          const { from, netFrom, netTo, paidAt, rail } = await contract.payoutEnd(CHARITY, CNY, 100);
          expect([from, netFrom, netTo]).to.deep.equal([60n, 10n, 30n]);
          expect([rail, paidAt]).to.deep.equal([
            name === "payToken" ? RAIL.token : RAIL.bank,
            BigInt(await networkHelpers.time.latest()),
          ]);
          expect((await contract.payoutEnd(CHARITY, CNY, 99)).rail).to.equal(RAIL.none);
        });
      });
    }
  });

  describe("payBank", () => {
    use(opened);

    it("refuses a zero reference", async () => {
      await expect(payer.payBank(CHARITY, CNY, 0, 100, 0, ZeroHash)).to.be.revertedWithCustomError(
        contract,
        "ZeroReference",
      );
    });

    it("records the bank's reference and moves no token", async () => {
      await expect(payer.payBank(CHARITY, CNY, 0, 100, 30, NOTE))
        .to.emit(contract, "Paid")
        .withArgs(CHARITY, CNY, RAIL.bank, 0, 100, 0, 30, 70, ZeroAddress, NOTE);
      expect(await held(world.payee)).to.equal(0n);
    });
  });

  describe("repay", () => {
    use(opened);
    beforeEach(() => payer.payBank(CHARITY, CNY, 0, 60, 10, NOTE));

    it("refuses anyone but the payer", async () => {
      await expect(
        as(contract, world.stranger).repay(CHARITY, CNY, 60, random32()),
      ).to.be.revertedWithCustomError(contract, "AccessControlUnauthorizedAccount");
    });

    it("refuses while paused", async () => {
      await as(contract, world.pauser).pause();
      await expect(payer.repay(CHARITY, CNY, 60, random32())).to.be.revertedWithCustomError(
        contract,
        "EnforcedPause",
      );
    });

    it("refuses a zero reference", async () => {
      await expect(payer.repay(CHARITY, CNY, 60, ZeroHash)).to.be.revertedWithCustomError(
        contract,
        "ZeroReference",
      );
    });

    it("refuses where no payout ends, and one that went by token", async () => {
      await payer.payToken(CHARITY, CNY, 60, 100, 10);
      for (const upTo of [59, 100]) {
        await expect(payer.repay(CHARITY, CNY, upTo, random32()))
          .to.be.revertedWithCustomError(contract, "NotByBank")
          .withArgs(upTo);
      }
    });

    it("records the new transfer and moves no watermark", async () => {
      const before = await marks();
      const note = random32();
      await expect(payer.repay(CHARITY, CNY, 60, note))
        .to.emit(contract, "Repaid")
        .withArgs(CHARITY, CNY, 60, 50, note);
      expect(await marks()).to.deep.equal(before);
    });
  });
});
