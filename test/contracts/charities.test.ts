// Charities: registration, and how payee and signer change without the charity being robbed of either.
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import {
  as,
  CHANGE_DELAY_S,
  type Deployed,
  deploy,
  deployLedger,
  deployOpened,
  ethers,
  type LedgerContract,
  networkHelpers,
  now,
  VETO_PERIOD_S,
} from "../support/contracts/chain.ts";
import { charityId, random32, sign } from "../support/contracts/reference.ts";

const CHARITY = charityId("GB-CHC-1164883");

async function registered(deployed: Deployed): Promise<Deployed> {
  const { contract, registrar, payee, signer } = deployed;
  await as(contract, registrar).registerCharity(CHARITY, payee.address, signer.address);
  return deployed;
}
const rebuilding = async () => registered(await deployLedger());
const opened = async () => registered(await deployOpened());

/** What a consent or veto names beside the charity: one contract on one chain. */
async function place(contract: LedgerContract) {
  const { chainId } = await ethers.provider.getNetwork();
  return { chainId, ledgerContract: await contract.getAddress() };
}

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

  const consentTo = async (signer: string, change: number, by = deployed.signer, ledger = deployed.ledger) =>
    sign(by, ledger, "SignerChange", { charity: CHARITY, signer, change, ...(await place(contract)) });
  const vetoOf = async (change: number, by = deployed.signer) =>
    sign(by, deployed.ledger, "Veto", { charity: CHARITY, change, ...(await place(contract)) });

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
      await registered(deployed);
      await expect(registered(deployed))
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

  describe("changeSigner", () => {
    use(opened);

    it("refuses anyone but the registrar, the charity too", async () => {
      for (const account of [deployed.stranger, deployed.signer, deployed.payer, deployed.admin]) {
        await expect(
          as(contract, account).changeSigner(CHARITY, deployed.other.address, "0x"),
        ).to.be.revertedWithCustomError(contract, "AccessControlUnauthorizedAccount");
      }
    });

    it("refuses an unknown charity and a zero signer", async () => {
      await expect(
        registrar.changeSigner(random32(), deployed.other.address, "0x"),
      ).to.be.revertedWithCustomError(contract, "CharityUnknown");
      await expect(registrar.changeSigner(CHARITY, ZeroAddress, "0x")).to.be.revertedWithCustomError(
        contract,
        "InvalidSigner",
      );
    });

    it("refuses a consent by anyone but the old signer, to another signer, number or ledger", async () => {
      const to = deployed.other.address;
      const consents = [
        await consentTo(to, 1, deployed.other),
        await consentTo(deployed.stranger.address, 1),
        await consentTo(to, 2),
        await consentTo(to, 1, deployed.signer, random32()),
        "0x00",
      ];
      for (const consent of consents) {
        await expect(registrar.changeSigner(CHARITY, to, consent))
          .to.be.revertedWithCustomError(contract, "InvalidSignature")
          .withArgs(deployed.signer.address);
      }
    });

    it("refuses a consent used before", async () => {
      const consent = await consentTo(deployed.other.address, 1);
      await registrar.changeSigner(CHARITY, deployed.other.address, consent);
      await as(contract, deployed.signer).veto(CHARITY, 1, "0x");
      await expect(
        registrar.changeSigner(CHARITY, deployed.other.address, consent),
      ).to.be.revertedWithCustomError(contract, "InvalidSignature");
    });

    it("refuses a consent that names another contract or chain", async () => {
      const to = deployed.other.address;
      const here = await place(contract);
      for (const there of [
        { ...here, chainId: here.chainId + 1n },
        { ...here, ledgerContract: to },
      ]) {
        const message = { charity: CHARITY, signer: to, change: 1, ...there };
        const consent = await sign(deployed.signer, deployed.ledger, "SignerChange", message);
        await expect(registrar.changeSigner(CHARITY, to, consent)).to.be.revertedWithCustomError(
          contract,
          "InvalidSignature",
        );
      }
    });

    it("waits thirty days without the old signer's consent", async () => {
      const due = (await now()) + 100n + VETO_PERIOD_S;
      await networkHelpers.time.setNextBlockTimestamp(due - VETO_PERIOD_S);
      await expect(registrar.changeSigner(CHARITY, deployed.other.address, "0x"))
        .to.emit(contract, "SignerChangeAnnounced")
        .withArgs(CHARITY, 1, deployed.other.address, due, false);
      expect((await contract.charityOf(CHARITY)).signer).to.equal(deployed.signer.address);
    });

    it("waits seven days with it", async () => {
      const due = (await now()) + 100n + CHANGE_DELAY_S;
      const consent = await consentTo(deployed.other.address, 1);
      await networkHelpers.time.setNextBlockTimestamp(due - CHANGE_DELAY_S);
      await expect(registrar.changeSigner(CHARITY, deployed.other.address, consent))
        .to.emit(contract, "SignerChangeAnnounced")
        .withArgs(CHARITY, 1, deployed.other.address, due, true);
    });

    it("takes the consent of a signer that is a contract", async () => {
      const wallet = await deploy<LedgerContract>("SmartWallet", deployed.signer.address);
      const charity = charityId("wallet");
      await registrar.registerCharity(charity, ZeroAddress, await wallet.getAddress());
      const to = deployed.other.address;
      const message = { charity, signer: to, change: 1, ...(await place(contract)) };
      const consent = await sign(deployed.signer, deployed.ledger, "SignerChange", message);
      await expect(registrar.changeSigner(charity, to, consent)).to.emit(contract, "SignerChangeAnnounced");
    });
  });

  describe("veto", () => {
    use(opened);
    beforeEach(() => registrar.changePayee(CHARITY, deployed.other.address));

    it("refuses anyone but the signer, the registrar and the payee too", async () => {
      for (const account of [deployed.stranger, deployed.registrar, deployed.admin, deployed.payee]) {
        await expect(as(contract, account).veto(CHARITY, 1, "0x"))
          .to.be.revertedWithCustomError(contract, "OnlySigner")
          .withArgs(deployed.signer.address);
      }
    });

    it("refuses another's signature, and the signer's for another change", async () => {
      for (const signature of [await vetoOf(1, deployed.other), await vetoOf(2), "0xff"]) {
        await expect(stranger.veto(CHARITY, 1, signature)).to.be.revertedWithCustomError(
          contract,
          "InvalidSignature",
        );
      }
    });

    it("refuses an unknown charity, and a change that is not pending", async () => {
      await expect(stranger.veto(random32(), 1, "0x")).to.be.revertedWithCustomError(
        contract,
        "CharityUnknown",
      );
      for (const change of [0, 2]) {
        await expect(as(contract, deployed.signer).veto(CHARITY, change, "0x"))
          .to.be.revertedWithCustomError(contract, "NoSuchChange")
          .withArgs(CHARITY, change);
      }
    });

    it("ends a payee's change by the signer's own call", async () => {
      await expect(as(contract, deployed.signer).veto(CHARITY, 1, "0x"))
        .to.emit(contract, "ChangeVetoed")
        .withArgs(CHARITY, 1);
      await networkHelpers.time.increase(CHANGE_DELAY_S);
      await expect(stranger.applyChange(CHARITY, 1)).to.be.revertedWithCustomError(contract, "NoSuchChange");
    });

    it("ends it by a signature that anyone carries, even after it is due", async () => {
      await networkHelpers.time.increase(CHANGE_DELAY_S + 1n);
      await expect(stranger.veto(CHARITY, 1, await vetoOf(1))).to.emit(contract, "ChangeVetoed");
    });

    it("ends a signer's change, consented or not, and leaves a payee's alone", async () => {
      await registrar.changeSigner(
        CHARITY,
        deployed.other.address,
        await consentTo(deployed.other.address, 2),
      );
      await stranger.veto(CHARITY, 2, await vetoOf(2));
      const { payee, signer } = await contract.pendingChanges(CHARITY);
      expect([payee.change, signer.change]).to.deep.equal([1n, 0n]);
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
