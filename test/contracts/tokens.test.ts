// Payouts by token: that the money goes to the payee in full and nowhere else, whatever the token does.
import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { anchorAndProve } from "../support/contracts/books.ts";
import {
  as,
  deploy,
  type LedgerContract,
  networkHelpers,
  type TokenContract,
} from "../support/contracts/chain.ts";
import { CHARITY } from "../support/contracts/charity.ts";
import {
  CNY,
  load,
  marksOf,
  NOTE,
  opened,
  openedWith,
  type Purse,
  RAIL,
  rebuilding,
  WALLET,
} from "../support/contracts/purse.ts";
import { charityId, unitOf } from "../support/contracts/reference.ts";

describe("tokens", () => {
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
});
