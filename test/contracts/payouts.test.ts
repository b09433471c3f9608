// Payouts: what may move `paid` and `netted`, that the money goes to the payee in full and nowhere else, and that a
// repeat does nothing.
import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { anchorAndProve, Books } from "../support/contracts/books.ts";
import {
  as,
  type Deployed,
  deploy,
  deployLedger,
  type LedgerContract,
  networkHelpers,
  type TokenContract,
} from "../support/contracts/chain.ts";
import { charityId, REVERSAL, random32, unitOf } from "../support/contracts/reference.ts";

const CHARITY = charityId("GB-CHC-1164883");
const CNY = unitOf("CNY");
const NOTE = random32();
const RAIL = { none: 0n, token: 1n, bank: 2n };
const WALLET = 1_000_000n;

type World = Deployed & { books: Books; token: TokenContract };

/** A line with 100 fen given and 30 taken back, of a charity with a payee, before the opening. */
async function rebuilding(): Promise<World> {
  const deployed = await deployLedger();
  const { contract, registrar, payee, signer, ledger } = deployed;
  await as(contract, registrar).registerCharity(CHARITY, payee.address, signer.address);
  const books = new Books(ledger);
  await anchorAndProve(deployed, books.seal({ charity: CHARITY, unit: CNY, amounts: [60n, 40n] }));
  await anchorAndProve(
    deployed,
    books.seal({ charity: CHARITY, unit: CNY, kind: REVERSAL, amounts: [10n, 20n] }),
  );
  return { ...deployed, books, token: await deploy<TokenContract>("TestToken", 6) };
}

/** Makes a token the one of CNY (exponent 2), and opens; the payer owns some and has approved all. */
async function openedWith(world: World, token: TokenContract): Promise<World> {
  await as(world.contract, world.admin).setToken(CNY, await token.getAddress(), 2);
  await as(world.contract, world.admin).open();
  if ("mint" in token && token.interface.hasFunction("mint")) await token.mint(world.payer.address, WALLET);
  if (token.interface.hasFunction("approve")) {
    await (token.connect(world.payer) as TokenContract).approve(await world.contract.getAddress(), WALLET);
  }
  return { ...world, token };
}

async function opened(): Promise<World> {
  const world = await rebuilding();
  return openedWith(world, world.token);
}

describe("payouts", () => {
  let world: World;
  let contract: LedgerContract;
  let payer: LedgerContract;

  function use(fixture: () => Promise<World>) {
    beforeEach(async () => {
      world = await networkHelpers.loadFixture(fixture);
      world = { ...world, books: world.books.copy() };
      contract = world.contract;
      payer = as(contract, world.payer);
    });
  }

  const marks = async () => {
    const { given, reversed, paid, netted } = await contract.line(CHARITY, CNY);
    return { given, reversed, paid, netted };
  };
  const held = (account: { address: string }) => world.token.balanceOf(account.address);

  describe("setToken", () => {
    use(rebuilding);
    const set = async (token: string, exponent = 2) =>
      as(contract, world.admin).setToken(CNY, token, exponent);

    it("refuses anyone but the admin", async () => {
      await expect(payer.setToken(CNY, await world.token.getAddress(), 2)).to.be.revertedWithCustomError(
        contract,
        "AccessControlUnauthorizedAccount",
      );
    });

    it("refuses an address without code", async () => {
      for (const token of [world.stranger.address, ZeroAddress]) {
        await expect(set(token)).to.be.revertedWithCustomError(contract, "InvalidToken").withArgs(token);
      }
    });

    it("refuses a token coarser than the unit, which would need rounding", async () => {
      await expect(set(await world.token.getAddress(), 7))
        .to.be.revertedWithCustomError(contract, "DecimalsOutOfRange")
        .withArgs(6, 7);
    });

    it("refuses a token so fine that an amount could overflow", async () => {
      const [fits, tooFine] = [
        await deploy<TokenContract>("TestToken", 58),
        await deploy<TokenContract>("TestToken", 59),
      ];
      await expect(set(await tooFine.getAddress(), 0)).to.be.revertedWithCustomError(
        contract,
        "DecimalsOutOfRange",
      );
      await set(await fits.getAddress(), 0);
    });

    it("refuses a second token, even the same", async () => {
      const token = await world.token.getAddress();
      await set(token);
      await expect(set(token)).to.be.revertedWithCustomError(contract, "TokenAlreadySet").withArgs(CNY);
    });

    it("fixes the token and its scale", async () => {
      const token = await world.token.getAddress();
      expect([...(await contract.tokenOf(CNY))]).to.deep.equal([ZeroAddress, 0n]);
      await expect(set(token)).to.emit(contract, "TokenSet").withArgs(CNY, token, 4);
      expect([...(await contract.tokenOf(CNY))]).to.deep.equal([token, 4n]);
    });
  });

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

  describe("payToken", () => {
    describe("with a sound token", () => {
      use(opened);

      it("refuses a unit without a token", async () => {
        const steps = unitOf("STEP");
        await anchorAndProve(world, world.books.seal({ charity: CHARITY, unit: steps, amounts: [5n] }));
        await expect(payer.payToken(CHARITY, steps, 0, 5, 0))
          .to.be.revertedWithCustomError(contract, "TokenUnknown")
          .withArgs(steps);
      });

      it("refuses a charity that is paid by bank only", async () => {
        const charity = charityId("bank only");
        await as(contract, world.registrar).registerCharity(charity, ZeroAddress, world.signer.address);
        await anchorAndProve(world, world.books.seal({ charity, unit: CNY, amounts: [5n] }));
        await expect(payer.payToken(charity, CNY, 0, 5, 0))
          .to.be.revertedWithCustomError(contract, "NoPayee")
          .withArgs(charity);
      });

      it("refuses beyond the payer's allowance, which bounds what a stolen key can lose", async () => {
        await (world.token.connect(world.payer) as TokenContract).approve(
          await contract.getAddress(),
          999_999,
        );
        await expect(payer.payToken(CHARITY, CNY, 0, 100, 0)).to.be.revertedWithCustomError(
          world.token,
          "ERC20InsufficientAllowance",
        );
      });

      it("refuses a payee that is the payer, to whom nothing would come", async () => {
        const charity = charityId("selfish");
        await as(contract, world.registrar).registerCharity(
          charity,
          world.payer.address,
          world.signer.address,
        );
        await anchorAndProve(world, world.books.seal({ charity, unit: CNY, amounts: [5n] }));
        await expect(payer.payToken(charity, CNY, 0, 5, 0))
          .to.be.revertedWithCustomError(contract, "PayeeNotCredited")
          .withArgs(50_000, 0);
      });

      it("moves the exact amount, scaled, from the payer to the payee and leaves nothing in between", async () => {
        await payer.payToken(CHARITY, CNY, 0, 100, 30);
        expect(await held(world.payee)).to.equal(700_000n);
        expect(await held(world.payer)).to.equal(WALLET - 700_000n);
        expect(await world.token.balanceOf(await contract.getAddress())).to.equal(0n);
      });

      it("announces the interval, the amount and the payee", async () => {
        await payer.payToken(CHARITY, CNY, 0, 60, 10);
        await expect(payer.payToken(CHARITY, CNY, 60, 100, 30))
          .to.emit(contract, "Paid")
          .withArgs(CHARITY, CNY, RAIL.token, 60, 100, 10, 30, 20, world.payee.address, ZeroHash);
      });

      it("moves the watermarks over gifts that were all refunded, without a transfer", async () => {
        await expect(payer.payToken(CHARITY, CNY, 0, 30, 30)).not.to.emit(world.token, "Transfer");
        expect((await marks()).paid).to.equal(30n);
      });

      it("pays a changed payee only once the change is in force", async () => {
        await as(contract, world.registrar).changePayee(CHARITY, world.other.address);
        await payer.payToken(CHARITY, CNY, 0, 60, 0);
        await networkHelpers.time.increase(7 * 86_400);
        await payer.applyChange(CHARITY, 1);
        await payer.payToken(CHARITY, CNY, 60, 100, 0);
        expect([await held(world.payee), await held(world.other)]).to.deep.equal([600_000n, 400_000n]);
      });
    });

    describe("before the opening", () => {
      use(rebuilding);

      it("records what happened before and moves no token", async () => {
        await expect(payer.payToken(CHARITY, CNY, 0, 100, 30))
          .to.emit(contract, "Paid")
          .withArgs(CHARITY, CNY, RAIL.token, 0, 100, 0, 30, 70, world.payee.address, ZeroHash);
        expect(await held(world.payee)).to.equal(0n);
        expect((await marks()).paid).to.equal(100n);
      });
    });

    describe("with other tokens", () => {
      use(rebuilding);
      const pay = () => payer.payToken(CHARITY, CNY, 0, 100, 30);

      it("refuses one that keeps a fee, since the payee would get less", async () => {
        await openedWith(world, await deploy<TokenContract>("FeeToken"));
        await expect(pay()).to.be.revertedWithCustomError(contract, "PayeeNotCredited").withArgs(70, 69);
        expect((await marks()).paid).to.equal(0n);
      });

      it("refuses one that returns false instead of moving", async () => {
        await openedWith(world, await deploy<TokenContract>("RefusingToken"));
        await expect(pay()).to.be.revertedWithCustomError(contract, "SafeERC20FailedOperation");
      });

      it("refuses a second payout from within the first", async () => {
        const token = await deploy<TokenContract & { callBack: TokenContract["mint"] }>("ReentrantToken");
        await openedWith(world, token);
        const [ledger, attacker] = [await contract.getAddress(), await token.getAddress()];
        const role = await contract.getFunction("PAYER_ROLE")();
        await as(contract, world.admin).grantRole(role, attacker);
        const again = contract.interface.encodeFunctionData("payToken", [CHARITY, CNY, 60, 100, 0]);
        await token.callBack(ledger, again);
        await expect(payer.payToken(CHARITY, CNY, 0, 60, 0)).to.be.revertedWithCustomError(
          contract,
          "ReentrancyGuardReentrantCall",
        );
      });

      it("shows the moved watermark to whoever calls in during the transfer", async () => {
        const token = await deploy<TokenContract & { callBack: TokenContract["mint"] }>("ReentrantToken");
        await openedWith(world, token);
        await as(contract, world.admin).grantRole(
          await contract.getFunction("PAYER_ROLE")(),
          await token.getAddress(),
        );
        const twice = contract.interface.encodeFunctionData("payBank", [CHARITY, CNY, 0, 60, 0, NOTE]);
        await token.callBack(await contract.getAddress(), twice);
        await expect(payer.payToken(CHARITY, CNY, 0, 60, 0))
          .to.be.revertedWithCustomError(contract, "FromNotWatermark")
          .withArgs(60, 0);
      });

      it("takes one whose transferFrom returns nothing", async () => {
        const { token } = await openedWith(world, await deploy<TokenContract>("NoReturnToken"));
        await pay();
        expect(await token.balanceOf(world.payee.address)).to.equal(70n);
      });
    });
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
