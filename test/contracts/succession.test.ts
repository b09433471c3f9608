// A ledger that was moved: who names the contract in which it goes on, what ends here then, and what does not.
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { accuse, contradiction } from "../support/contracts/accuser.ts";
import { anchor, anchorAndProve, prove } from "../support/contracts/books.ts";
import { as, BOND_WEI, deployLedger, ethers, type LedgerContract } from "../support/contracts/chain.ts";
import { CHARITY } from "../support/contracts/charity.ts";
import { anchorForged } from "../support/contracts/forger.ts";
import { anchorReceipt, answer, challenge, promise } from "../support/contracts/promiser.ts";
import { CNY, load, NOTE, opened, type Purse, rebuilding } from "../support/contracts/purse.ts";
import { random32, sign, unitOf } from "../support/contracts/reference.ts";

const ELSEWHERE = { chainId: 137n, ledgerContract: "0x00000000000000000000000000000000000000aa" };

describe("a ledger's successor", () => {
  let purse: Purse;
  let contract: LedgerContract;
  let admin: LedgerContract;

  async function use(fixture: () => Promise<Purse>) {
    purse = await load(fixture);
    contract = as(purse.contract, purse.stranger);
    admin = as(purse.contract, purse.admin);
  }

  beforeEach(() => use(opened));

  const { chainId, ledgerContract } = ELSEWHERE;
  const refused = (sent: Promise<unknown>, reason: string) =>
    expect(sent).to.be.revertedWithCustomError(contract, reason);
  const named = async () => [...(await contract.successor())];

  describe("is refused", () => {
    it("from anyone but the admin", async () => {
      for (const account of [purse.stranger, purse.anchorer, purse.payer, purse.registrar, purse.pauser])
        await refused(
          as(contract, account).nameSuccessor(chainId, ledgerContract, 2),
          "AccessControlUnauthorizedAccount",
        );
    });

    it("at the zero address, and at this contract itself", async () => {
      const { chainId: here } = await ethers.provider.getNetwork();
      await refused(admin.nameSuccessor(chainId, ZeroAddress, 2), "InvalidSuccessor");
      await refused(admin.nameSuccessor(here, await contract.getAddress(), 2), "InvalidSuccessor");
    });

    it("with a last good batch that was never anchored", async () => {
      await expect(admin.nameSuccessor(chainId, ledgerContract, 3))
        .to.be.revertedWithCustomError(contract, "BatchNotAnchored")
        .withArgs(3);
    });

    it("a second time, the same or another", async () => {
      await admin.nameSuccessor(chainId, ledgerContract, 2);
      for (const to of [ledgerContract, purse.other.address])
        await refused(admin.nameSuccessor(chainId, to, 2), "Succeeded");
      expect(await named()).to.deep.equal([chainId, ethers.getAddress(ledgerContract), 2n]);
    });
  });

  it("is none before it is named", async () => {
    expect(await named()).to.deep.equal([0n, ZeroAddress, 0n]);
  });

  it("is named by the admin and announced, with any batch so far as the last good one, none too", async () => {
    for (const lastGoodBatch of [2n, 1n, 0n]) {
      await use(opened);
      await expect(admin.nameSuccessor(chainId, ledgerContract, lastGoodBatch))
        .to.emit(contract, "SuccessorNamed")
        .withArgs(chainId, ethers.getAddress(ledgerContract), lastGoodBatch);
      expect(await named()).to.deep.equal([chainId, ethers.getAddress(ledgerContract), lastGoodBatch]);
    }
  });

  it("may have this contract's address on another chain, as by the same deployer's first transaction", async () => {
    const same = await contract.getAddress();
    await admin.nameSuccessor(chainId, same, 2);
    expect(await named()).to.deep.equal([chainId, same, 2n]);
  });

  it("may be named before the opening, of a ledger that was begun wrongly", async () => {
    await use(rebuilding);
    await expect(admin.nameSuccessor(chainId, ledgerContract, 0)).to.emit(contract, "SuccessorNamed");
    await expect(admin.open()).to.emit(contract, "LedgerOpened");
  });

  describe("once it is named", () => {
    beforeEach(() => admin.nameSuccessor(chainId, ledgerContract, 2));

    it("nothing is anchored here, alone or among many, and what is stays", async () => {
      const anchorer = as(contract, purse.anchorer);
      const roots = purse.books.batches.map(({ root }) => root);
      await refused(anchorer.anchor(3, random32()), "Succeeded");
      await refused(anchorer.anchorMany(1, [...roots, random32()]), "Succeeded");
      await refused(anchorer.anchor(2, random32()), "RootConflict");
      await anchorer.anchorMany(1, roots);
      expect(await contract.lastBatch()).to.equal(2n);
    });

    it("nothing is paid here, on either rail", async () => {
      await refused(as(contract, purse.payer).payToken(CHARITY, CNY, 0, 60, 0), "Succeeded");
      await refused(as(contract, purse.payer).payBank(CHARITY, CNY, 0, 60, 0, NOTE), "Succeeded");
    });

    it("nothing is challenged here", async () => {
      await refused(challenge(purse, await promise(purse, 50n)), "Succeeded");
    });
  });

  it("leaves proofs of what was anchored before", async () => {
    const batch = purse.books.seal({ charity: CHARITY, unit: unitOf("STEP"), amounts: [5n] });
    await anchor(purse, batch);
    await admin.nameSuccessor(chainId, ledgerContract, 3);
    await prove(purse, batch);
    expect((await contract.line(CHARITY, unitOf("STEP"))).given).to.equal(5n);
  });

  it("leaves what charities sign, and bank transfers sent again", async () => {
    await as(contract, purse.payer).payBank(CHARITY, CNY, 0, 60, 0, NOTE);
    await admin.nameSuccessor(chainId, ledgerContract, 2);
    const line = { charity: CHARITY, unit: CNY };
    const { root } = purse.books.batches[0]!;
    const said = { ...line, from: 0n, upTo: 60n, netTo: 0n, received: 60n, batch: 1n, root };
    const told = { ...line, from: 0n, upTo: 60n, evidence: random32() };
    await contract.acknowledge(said, await sign(purse.signer, purse.ledger, "Acknowledgement", said));
    await contract.disburse(told, await sign(purse.signer, purse.ledger, "Disbursement", told));
    await expect(as(contract, purse.payer).repay(CHARITY, CNY, 60, NOTE)).to.emit(contract, "Repaid");
    expect((await contract.line(CHARITY, CNY)).spent).to.equal(60n);
  });

  it("leaves accusations, and batches behind the last good one to be accused by", async () => {
    const [first] = await anchorForged(purse, { from: 100n });
    const [second] = await anchorForged(purse, { from: 149n });
    await admin.nameSuccessor(chainId, ledgerContract, 2);
    await expect(accuse(contract, contradiction(first!, second!))).to.emit(contract, "FaultProven");
  });

  it("leaves challenges to their ends", async () => {
    const held = await promise(purse, 50n);
    await challenge(purse, held);
    const forged = await anchorReceipt(purse, held, { from: 100n });
    await admin.nameSuccessor(chainId, ledgerContract, 2);
    await expect(answer(purse, held, forged)).to.changeEtherBalance(ethers, purse.other, BOND_WEI);
  });

  it("is asked for what was promised here: the same signature holds there, once its key is admitted", async () => {
    const held = await promise(purse, 50n);
    await admin.nameSuccessor(chainId, ledgerContract, 2);
    const moved = { ...purse, ...(await deployLedger()), ledger: purse.ledger };
    const there = await ethers.deployContract("DonationLedger", [
      purse.ledger,
      purse.admin.address,
      0,
      BOND_WEI,
    ]);
    moved.contract = there as unknown as LedgerContract;
    await as(moved.contract, purse.admin).open();
    await expect(challenge(moved, held)).to.be.revertedWithCustomError(there, "NotPromiser");
    await as(moved.contract, purse.admin).admitPromiser(purse.promiser.address);
    await expect(challenge(moved, held)).to.emit(there, "Challenged");
  });

  it("leaves the lines as they were", async () => {
    await anchorAndProve(purse, purse.books.seal({ charity: CHARITY, unit: CNY, amounts: [9n] }));
    const before = await contract.line(CHARITY, CNY);
    await admin.nameSuccessor(chainId, ledgerContract, 3);
    expect(await contract.line(CHARITY, CNY)).to.deep.equal(before);
  });
});
