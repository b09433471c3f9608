// Charities: registration, and payees that change only after everyone had time to see it.
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import {
  as,
  CHANGE_DELAY_S,
  type Deployed,
  deployOpened,
  type LedgerContract,
  networkHelpers,
  now,
  VETO_PERIOD_S,
} from "../support/contracts/chain.ts";
import { CHARITY, opened, rebuilding } from "../support/contracts/charity.ts";
import { random32 } from "../support/contracts/reference.ts";

describe("charities", () => {
  let deployed: Deployed;
  let contract: LedgerContract;
  let registrar: LedgerContract;
  let stranger: LedgerContract;

  function use(fixture: () => Promise<Deployed>) {
    beforeEach(async () => {
      deployed = await networkHelpers.loadFixture(fixture);
      contract = deployed.contract;
      registrar = as(contract, deployed.registrar);
      stranger = as(contract, deployed.stranger);
    });
  }

  describe("registerCharity", () => {
    use(deployOpened);

    it("refuses anyone but the registrar", async () => {
      for (const account of [deployed.stranger, deployed.admin, deployed.payer]) {
        await expect(
          as(contract, account).registerCharity(CHARITY, deployed.payee.address, deployed.signer.address),
        ).to.be.revertedWithCustomError(contract, "AccessControlUnauthorizedAccount");
      }
    });

    it("refuses a zero signer, which would read as not registered", async () => {
      await expect(registrar.registerCharity(CHARITY, deployed.payee.address, ZeroAddress))
        .to.be.revertedWithCustomError(contract, "InvalidSigner")
        .withArgs(ZeroAddress);
    });

    it("refuses the ledger itself as payee, since it must never hold money", async () => {
      const itself = await contract.getAddress();
      await expect(registrar.registerCharity(CHARITY, itself, deployed.signer.address))
        .to.be.revertedWithCustomError(contract, "InvalidPayee")
        .withArgs(itself);
    });

    it("refuses a second registration, even the same one", async () => {
      const register = () =>
        registrar.registerCharity(CHARITY, deployed.payee.address, deployed.signer.address);
      await register();
      await expect(register())
        .to.be.revertedWithCustomError(contract, "CharityAlreadyRegistered")
        .withArgs(CHARITY);
    });

    it("acts at once", async () => {
      await expect(registrar.registerCharity(CHARITY, deployed.payee.address, deployed.signer.address))
        .to.emit(contract, "CharityRegistered")
        .withArgs(CHARITY, deployed.payee.address, deployed.signer.address);
      expect([...(await contract.charityOf(CHARITY))]).to.deep.equal([
        deployed.payee.address,
        deployed.signer.address,
        0n,
      ]);
    });

    it("takes a charity that is paid by bank only", async () => {
      await registrar.registerCharity(CHARITY, ZeroAddress, deployed.signer.address);
      expect((await contract.charityOf(CHARITY)).payee).to.equal(ZeroAddress);
    });
  });

  describe("before the opening", () => {
    use(rebuilding);

    it("puts changes in force at once, without anyone's consent", async () => {
      await expect(registrar.changePayee(CHARITY, deployed.other.address))
        .to.emit(contract, "PayeeChanged")
        .withArgs(CHARITY, 1, deployed.other.address);
      await expect(registrar.changeSigner(CHARITY, deployed.other.address, "0x"))
        .to.emit(contract, "SignerChanged")
        .withArgs(CHARITY, 2, deployed.other.address);
      expect([...(await contract.charityOf(CHARITY))]).to.deep.equal([
        deployed.other.address,
        deployed.other.address,
        2n,
      ]);
    });
  });

  describe("changePayee", () => {
    use(opened);

    it("refuses anyone but the registrar, the charity too", async () => {
      for (const account of [deployed.stranger, deployed.signer, deployed.payer, deployed.admin]) {
        await expect(
          as(contract, account).changePayee(CHARITY, deployed.other.address),
        ).to.be.revertedWithCustomError(contract, "AccessControlUnauthorizedAccount");
      }
    });

    it("refuses an unknown charity", async () => {
      const unknown = random32();
      await expect(registrar.changePayee(unknown, deployed.other.address))
        .to.be.revertedWithCustomError(contract, "CharityUnknown")
        .withArgs(unknown);
    });

    it("refuses the ledger itself as payee", async () => {
      await expect(registrar.changePayee(CHARITY, await contract.getAddress())).to.be.revertedWithCustomError(
        contract,
        "InvalidPayee",
      );
    });

    it("only announces the change, with the day it is due", async () => {
      const due = (await now()) + 100n + CHANGE_DELAY_S;
      await networkHelpers.time.setNextBlockTimestamp(due - CHANGE_DELAY_S);
      await expect(registrar.changePayee(CHARITY, deployed.other.address))
        .to.emit(contract, "PayeeChangeAnnounced")
        .withArgs(CHARITY, 1, deployed.other.address, due);
      expect((await contract.charityOf(CHARITY)).payee).to.equal(deployed.payee.address);
      const { payee, signer } = await contract.pendingChanges(CHARITY);
      expect([...payee]).to.deep.equal([deployed.other.address, due, 1n]);
      expect([...signer]).to.deep.equal([ZeroAddress, 0n, 0n]);
    });

    it("replaces a change announced before and starts the delay anew", async () => {
      await registrar.changePayee(CHARITY, deployed.stranger.address);
      await networkHelpers.time.increase(CHANGE_DELAY_S - 10n);
      await registrar.changePayee(CHARITY, deployed.other.address);
      await networkHelpers.time.increase(10n);
      await expect(stranger.applyChange(CHARITY, 1)).to.be.revertedWithCustomError(contract, "NoSuchChange");
      await expect(stranger.applyChange(CHARITY, 2)).to.be.revertedWithCustomError(contract, "ChangeNotDue");
    });
  });

  describe("applyChange", () => {
    use(opened);

    it("refuses a number that no pending change has", async () => {
      for (const change of [0, 1]) {
        await expect(stranger.applyChange(CHARITY, change)).to.be.revertedWithCustomError(
          contract,
          "NoSuchChange",
        );
      }
    });

    it("refuses a change a second before it is due, and keeps it pending", async () => {
      await registrar.changePayee(CHARITY, deployed.other.address);
      const { due } = (await contract.pendingChanges(CHARITY)).payee;
      await networkHelpers.time.setNextBlockTimestamp(due - 1n);
      await expect(stranger.applyChange(CHARITY, 1))
        .to.be.revertedWithCustomError(contract, "ChangeNotDue")
        .withArgs(due);
      expect((await contract.pendingChanges(CHARITY)).payee.change).to.equal(1);
    });

    it("puts a due payee in force, once, called by anyone", async () => {
      await registrar.changePayee(CHARITY, deployed.other.address);
      const { due } = (await contract.pendingChanges(CHARITY)).payee;
      await networkHelpers.time.setNextBlockTimestamp(due);
      await expect(stranger.applyChange(CHARITY, 1))
        .to.emit(contract, "PayeeChanged")
        .withArgs(CHARITY, 1, deployed.other.address);
      expect((await contract.charityOf(CHARITY)).payee).to.equal(deployed.other.address);
      await expect(stranger.applyChange(CHARITY, 1)).to.be.revertedWithCustomError(contract, "NoSuchChange");
    });

    it("puts a due signer in force, whose veto then counts and the old one's no more", async () => {
      await registrar.changeSigner(CHARITY, deployed.other.address, "0x");
      await registrar.changePayee(CHARITY, deployed.stranger.address);
      await networkHelpers.time.increase(VETO_PERIOD_S);
      await expect(stranger.applyChange(CHARITY, 1))
        .to.emit(contract, "SignerChanged")
        .withArgs(CHARITY, 1, deployed.other.address);
      await expect(as(contract, deployed.signer).veto(CHARITY, 2, "0x")).to.be.revertedWithCustomError(
        contract,
        "OnlySigner",
      );
      await as(contract, deployed.other).veto(CHARITY, 2, "0x");
    });
  });
});
