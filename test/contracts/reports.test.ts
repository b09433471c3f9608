// What the charity signs: acknowledgements of payouts received and reports of what they became. No one else's word moves
// `acknowledged` or `spent`.
import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { anchorAndProve, Books } from "../support/contracts/books.ts";
import {
  as,
  type Deployed,
  deploy,
  deployOpened,
  type LedgerContract,
  networkHelpers,
  VETO_PERIOD_S,
} from "../support/contracts/chain.ts";
import {
  type Acknowledgement,
  charityId,
  type Disbursement,
  REVERSAL,
  random32,
  sign,
  unitOf,
} from "../support/contracts/reference.ts";

const CHARITY = charityId("GB-CHC-1164883");
const CNY = unitOf("CNY");
const EVIDENCE = random32();

type World = Deployed & { books: Books };

/** 100 fen given, 30 taken back; paid up to 60 (10 netted) and up to 90 (30 netted). */
async function paid(): Promise<World> {
  const deployed = await deployOpened();
  const { contract, registrar, payee, signer, payer } = deployed;
  await as(contract, registrar).registerCharity(CHARITY, payee.address, signer.address);
  const books = new Books(deployed.ledger);
  await anchorAndProve(deployed, books.seal({ charity: CHARITY, unit: CNY, amounts: [60n, 40n] }));
  await anchorAndProve(
    deployed,
    books.seal({ charity: CHARITY, unit: CNY, kind: REVERSAL, amounts: [10n, 20n] }),
  );
  await as(contract, payer).payBank(CHARITY, CNY, 0, 60, 10, random32());
  await as(contract, payer).payBank(CHARITY, CNY, 60, 90, 30, random32());
  return { ...deployed, books };
}

describe("reports", () => {
  let world: World;
  let contract: LedgerContract;

  beforeEach(async () => {
    world = await networkHelpers.loadFixture(paid);
    world = { ...world, books: world.books.copy() };
    contract = as(world.contract, world.stranger);
  });

  const acknowledgement = (change: Partial<Acknowledgement> = {}): Acknowledgement => ({
    ...{ charity: CHARITY, unit: CNY, from: 0n, upTo: 60n, netTo: 10n, received: 50n },
    ...{ batch: 2n, root: world.books.batches[1]!.root },
    ...change,
  });
  async function acknowledge(
    change: Partial<Acknowledgement> = {},
    by = world.signer,
    ledger = world.ledger,
  ) {
    const message = acknowledgement(change);
    return contract.acknowledge(message, await sign(by, ledger, "Acknowledgement", message));
  }
  const second = { from: 60n, upTo: 90n, netTo: 30n, received: 10n };

  async function disburse(change: Partial<Disbursement> = {}, by = world.signer, ledger = world.ledger) {
    const message = { charity: CHARITY, unit: CNY, from: 0n, upTo: 60n, evidence: EVIDENCE, ...change };
    return contract.disburse(message, await sign(by, ledger, "Disbursement", message));
  }

  const marks = async () => {
    const { paid, netted, acknowledged, spent } = await contract.line(CHARITY, CNY);
    return [paid, netted, acknowledged, spent];
  };

  async function signerChanged() {
    await as(contract, world.registrar).changeSigner(CHARITY, world.other.address, "0x");
    await networkHelpers.time.increase(VETO_PERIOD_S);
    await contract.applyChange(CHARITY, 1);
  }

  describe("acknowledge", () => {
    it("refuses an unknown charity", async () => {
      const charity = random32();
      await expect(acknowledge({ charity }))
        .to.be.revertedWithCustomError(contract, "CharityUnknown")
        .withArgs(charity);
    });

    it("refuses every signature but the charity's: operator, payee, stranger, another ledger, rubbish", async () => {
      for (const by of [world.payer, world.admin, world.payee, world.stranger]) {
        await expect(acknowledge({}, by))
          .to.be.revertedWithCustomError(contract, "InvalidSignature")
          .withArgs(world.signer.address);
      }
      await expect(acknowledge({}, world.signer, random32())).to.be.revertedWithCustomError(
        contract,
        "InvalidSignature",
      );
      for (const rubbish of ["0x", "0xff", `0x${"00".repeat(65)}`]) {
        await expect(contract.acknowledge(acknowledgement(), rubbish)).to.be.revertedWithCustomError(
          contract,
          "InvalidSignature",
        );
      }
    });

    it("refuses what was signed for another line", async () => {
      const signature = await sign(
        world.signer,
        world.ledger,
        "Acknowledgement",
        acknowledgement({ received: 49n }),
      );
      await expect(contract.acknowledge(acknowledgement(), signature)).to.be.revertedWithCustomError(
        contract,
        "InvalidSignature",
      );
      await expect(acknowledge({ unit: unitOf("USD") })).to.be.revertedWithCustomError(
        contract,
        "UpToOutOfRange",
      );
    });

    it("refuses to begin anywhere but at acknowledged, so that a repeat does nothing", async () => {
      await acknowledge();
      await expect(acknowledge()).to.be.revertedWithCustomError(contract, "FromNotWatermark").withArgs(60, 0);
    });

    it("refuses an empty interval and one beyond what was paid", async () => {
      await acknowledge();
      for (const upTo of [60n, 59n, 91n]) {
        await expect(acknowledge({ ...second, upTo }))
          .to.be.revertedWithCustomError(contract, "UpToOutOfRange")
          .withArgs(60, upTo, 90);
      }
    });

    it("refuses to end where no payout ends", async () => {
      await expect(acknowledge({ upTo: 59n }))
        .to.be.revertedWithCustomError(contract, "NotPayoutEnd")
        .withArgs(59);
    });

    it("refuses another end on the reversal line than the payout's", async () => {
      await expect(acknowledge({ netTo: 30n }))
        .to.be.revertedWithCustomError(contract, "WrongNetTo")
        .withArgs(10, 30);
    });

    it("refuses another amount than the payouts moved", async () => {
      for (const received of [49n, 51n, 60n]) {
        await expect(acknowledge({ received }))
          .to.be.revertedWithCustomError(contract, "WrongReceived")
          .withArgs(50, received);
      }
    });

    it("refuses a batch that is not anchored, and a root that is not the batch's", async () => {
      for (const batch of [0n, 3n]) {
        await expect(acknowledge({ batch }))
          .to.be.revertedWithCustomError(contract, "BatchNotAnchored")
          .withArgs(batch);
      }
      await expect(acknowledge({ batch: 1n })).to.be.revertedWithCustomError(contract, "RootConflict");
      await expect(acknowledge({ root: ZeroHash })).to.be.revertedWithCustomError(contract, "RootConflict");
    });

    it("refuses a former signer once the change is in force", async () => {
      await signerChanged();
      await expect(acknowledge()).to.be.revertedWithCustomError(contract, "InvalidSignature");
      await acknowledge({}, world.other);
    });

    it("moves acknowledged, carried by anyone, and keeps what was signed", async () => {
      const message = acknowledgement();
      const signature = await sign(world.signer, world.ledger, "Acknowledgement", message);
      await expect(contract.acknowledge(message, signature))
        .to.emit(contract, "Acknowledged")
        .withArgs(CHARITY, CNY, Object.values(message), world.signer.address, signature);
      expect(await marks()).to.deep.equal([90n, 30n, 60n, 0n]);
    });

    it("counts only the refunds netted since the acknowledgement before", async () => {
      await acknowledge();
      await acknowledge(second);
      expect(await marks()).to.deep.equal([90n, 30n, 90n, 0n]);
    });

    it("covers several payouts at once", async () => {
      await acknowledge({ upTo: 90n, netTo: 30n, received: 60n });
      expect(await marks()).to.deep.equal([90n, 30n, 90n, 0n]);
    });

    it("goes on while payouts are paused", async () => {
      await as(contract, world.pauser).pause();
      await expect(acknowledge()).to.emit(contract, "Acknowledged");
    });
  });

  describe("disburse", () => {
    beforeEach(() => acknowledge());

    it("refuses an unknown charity", async () => {
      await expect(disburse({ charity: random32() })).to.be.revertedWithCustomError(
        contract,
        "CharityUnknown",
      );
    });

    it("refuses every signature but the charity's", async () => {
      for (const by of [world.payer, world.admin, world.payee, world.stranger]) {
        await expect(disburse({}, by)).to.be.revertedWithCustomError(contract, "InvalidSignature");
      }
      await expect(disburse({}, world.signer, random32())).to.be.revertedWithCustomError(
        contract,
        "InvalidSignature",
      );
    });

    it("refuses to begin anywhere but at spent, so that a repeat does nothing", async () => {
      await disburse({ upTo: 25n });
      for (const from of [0n, 24n, 26n]) {
        await expect(disburse({ from }))
          .to.be.revertedWithCustomError(contract, "FromNotWatermark")
          .withArgs(25, from);
      }
    });

    it("refuses an empty interval and one beyond what was acknowledged", async () => {
      for (const upTo of [0n, 61n, 90n]) {
        await expect(disburse({ upTo }))
          .to.be.revertedWithCustomError(contract, "UpToOutOfRange")
          .withArgs(0, upTo, 60);
      }
    });

    it("refuses a report without evidence", async () => {
      await expect(disburse({ evidence: ZeroHash })).to.be.revertedWithCustomError(contract, "ZeroEvidence");
    });

    it("moves spent, carried by anyone, also while paused, and keeps what was signed", async () => {
      const message = { charity: CHARITY, unit: CNY, from: 0n, upTo: 25n, evidence: EVIDENCE };
      const signature = await sign(world.signer, world.ledger, "Disbursement", message);
      await as(contract, world.pauser).pause();
      await expect(contract.disburse(message, signature))
        .to.emit(contract, "Disbursed")
        .withArgs(CHARITY, CNY, Object.values(message), world.signer.address, signature);
      expect(await marks()).to.deep.equal([90n, 30n, 60n, 25n]);
    });

    it("goes on from where the report before ended, at any position", async () => {
      await disburse({ upTo: 25n });
      await disburse({ from: 25n });
      expect(await marks()).to.deep.equal([90n, 30n, 60n, 60n]);
    });
  });

  it("may be signed by a wallet contract, with its owner's key and no other", async () => {
    const charity = charityId("wallet");
    const wallet = await deploy<LedgerContract>("SmartWallet", world.signer.address);
    await as(contract, world.registrar).registerCharity(charity, ZeroAddress, await wallet.getAddress());
    await anchorAndProve(world, world.books.seal({ charity, unit: CNY, amounts: [5n] }));
    await as(contract, world.payer).payBank(charity, CNY, 0, 5, 0, random32());
    const change = { charity, upTo: 5n, netTo: 0n, received: 5n };
    await expect(acknowledge(change, world.other)).to.be.revertedWithCustomError(
      contract,
      "InvalidSignature",
    );
    await acknowledge(change);
    await disburse({ charity, upTo: 5n });
    expect((await contract.line(charity, CNY)).spent).to.equal(5n);
  });
});
