// Signers: how one replaces another without the charity being robbed of its voice, and how a charity says no.
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import {
  as,
  CHANGE_DELAY_S,
  type Deployed,
  deploy,
  type LedgerContract,
  networkHelpers,
  now,
  VETO_PERIOD_S,
} from "../support/contracts/chain.ts";
import { CHARITY, consent, opened, place, vetoSignature } from "../support/contracts/charity.ts";
import { charityId, random32, sign } from "../support/contracts/reference.ts";

describe("signers", () => {
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

  use(opened);

  describe("changeSigner", () => {
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
        await consent(deployed, to, 1, deployed.other),
        await consent(deployed, deployed.stranger.address, 1, deployed.signer),
        await consent(deployed, to, 2, deployed.signer),
        await consent(deployed, to, 1, deployed.signer, random32()),
        "0x00",
      ];
      for (const offered of consents) {
        await expect(registrar.changeSigner(CHARITY, to, offered))
          .to.be.revertedWithCustomError(contract, "InvalidSignature")
          .withArgs(deployed.signer.address);
      }
    });

    it("refuses a consent used before", async () => {
      const consented = await consent(deployed, deployed.other.address, 1, deployed.signer);
      await registrar.changeSigner(CHARITY, deployed.other.address, consented);
      await as(contract, deployed.signer).veto(CHARITY, 1, "0x");
      await expect(
        registrar.changeSigner(CHARITY, deployed.other.address, consented),
      ).to.be.revertedWithCustomError(contract, "InvalidSignature");
    });

    it("refuses a consent that names another contract or chain", async () => {
      const to = deployed.other.address;
      const here = await place(deployed);
      for (const there of [
        { ...here, chainId: here.chainId + 1n },
        { ...here, ledgerContract: to },
      ]) {
        const message = { charity: CHARITY, signer: to, change: 1, ...there };
        const consented = await sign(deployed.signer, deployed.ledger, "SignerChange", message);
        await expect(registrar.changeSigner(CHARITY, to, consented)).to.be.revertedWithCustomError(
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
      const consented = await consent(deployed, deployed.other.address, 1, deployed.signer);
      await networkHelpers.time.setNextBlockTimestamp(due - CHANGE_DELAY_S);
      await expect(registrar.changeSigner(CHARITY, deployed.other.address, consented))
        .to.emit(contract, "SignerChangeAnnounced")
        .withArgs(CHARITY, 1, deployed.other.address, due, true);
    });

    it("takes the consent of a signer that is a contract", async () => {
      const wallet = await deploy<LedgerContract>("SmartWallet", deployed.signer.address);
      const charity = charityId("wallet");
      await registrar.registerCharity(charity, ZeroAddress, await wallet.getAddress());
      const to = deployed.other.address;
      const message = { charity, signer: to, change: 1, ...(await place(deployed)) };
      const consented = await sign(deployed.signer, deployed.ledger, "SignerChange", message);
      await expect(registrar.changeSigner(charity, to, consented)).to.emit(contract, "SignerChangeAnnounced");
    });
  });

  describe("veto", () => {
    beforeEach(() => registrar.changePayee(CHARITY, deployed.other.address));

    it("refuses anyone but the signer, the registrar and the payee too", async () => {
      for (const account of [deployed.stranger, deployed.registrar, deployed.admin, deployed.payee]) {
        await expect(as(contract, account).veto(CHARITY, 1, "0x"))
          .to.be.revertedWithCustomError(contract, "OnlySigner")
          .withArgs(deployed.signer.address);
      }
    });

    it("refuses another's signature, and the signer's for another change", async () => {
      for (const signature of [
        await vetoSignature(deployed, 1, deployed.other),
        await vetoSignature(deployed, 2, deployed.signer),
        "0xff",
      ]) {
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
      await expect(stranger.veto(CHARITY, 1, await vetoSignature(deployed, 1, deployed.signer))).to.emit(
        contract,
        "ChangeVetoed",
      );
    });

    it("ends a signer's change, consented or not, and leaves a payee's alone", async () => {
      await registrar.changeSigner(
        CHARITY,
        deployed.other.address,
        await consent(deployed, deployed.other.address, 2, deployed.signer),
      );
      await stranger.veto(CHARITY, 2, await vetoSignature(deployed, 2, deployed.signer));
      const { payee, signer } = await contract.pendingChanges(CHARITY);
      expect([payee.change, signer.change]).to.deep.equal([1n, 0n]);
    });
  });
});
