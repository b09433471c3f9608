// Faults: that each form convicts its line whoever shows it and whenever, and what follows for the line. Each form's own
// rules are in contradictions, malformed, false-sums and false-receipts.
import { expect } from "chai";
import { ZeroHash } from "ethers";
import { accuse, FAULT } from "../support/contracts/accuser.ts";
import { anchorAndProve } from "../support/contracts/books.ts";
import { as, type Deployed, type LedgerContract, networkHelpers } from "../support/contracts/chain.ts";
import { CHARITY, opened, rebuilding } from "../support/contracts/charity.ts";
import { anchorForged } from "../support/contracts/forger.ts";
import { LIES } from "../support/contracts/lies.ts";
import { load, NOTE, type Purse, opened as purseOpened } from "../support/contracts/purse.ts";
import { GIFT, REVERSAL, random32, sign, statementLeaf, unitOf } from "../support/contracts/reference.ts";

const CNY = unitOf("CNY");

const wordsOf = (form: string) => form.replace(/[A-Z]/, (letter) => ` ${letter.toLowerCase()}`);

const FORMS = Object.keys(LIES) as (keyof typeof LIES)[];

describe("faults", () => {
  let deployed: Deployed;
  let contract: LedgerContract;

  async function use(fixture: () => Promise<Deployed>) {
    deployed = await networkHelpers.loadFixture(fixture);
    contract = as(deployed.contract, deployed.stranger);
  }

  async function nameSuccessor() {
    const { contract: ledger, admin, other } = deployed;
    await as(ledger, admin).nameSuccessor(1, other.address, await ledger.lastBatch());
  }

  /** What happens between the lie and its accusation. */
  const WHEN: Record<string, { fixture: () => Promise<Deployed>; meanwhile?: () => Promise<unknown> }> = {
    "by a stranger": { fixture: opened },
    "while paused": { fixture: opened, meanwhile: () => as(contract, deployed.pauser).pause() },
    "before the opening": { fixture: rebuilding },
    "behind a successor": { fixture: opened, meanwhile: nameSuccessor },
  };

  for (const form of FORMS) {
    for (const [kind, side] of [
      [GIFT, "gifts"],
      [REVERSAL, "reversals"],
    ] as const) {
      for (const [when, { fixture, meanwhile }] of Object.entries(WHEN)) {
        it(`convict a line of ${wordsOf(form)} among ${side}, ${when}`, async () => {
          await use(fixture);
          const { accusation, shown } = await LIES[form](deployed, { kind });
          await meanwhile?.();
          const [first, second = ZeroHash] = shown.map(({ statement }) =>
            statementLeaf(deployed.ledger, statement),
          );
          await expect(accuse(contract, accusation))
            .to.emit(contract, "FaultProven")
            .withArgs(CHARITY, CNY, kind, FAULT[form], first, second);
          expect(await contract.faultOf(CHARITY, CNY)).to.equal(FAULT[form]);
        });
      }
    }
  }

  it("are none of a line that nobody accused", async () => {
    await use(opened);
    expect(await contract.faultOf(CHARITY, CNY)).to.equal(FAULT.none);
  });

  it("stay the first that was proven, whatever is shown later", async () => {
    await use(opened);
    const gap = await LIES.gap(deployed, { kind: REVERSAL });
    await accuse(contract, gap.accusation);
    for (const accusation of [gap.accusation, (await LIES.malformed(deployed, {})).accusation]) {
      await expect(accuse(contract, accusation))
        .to.be.revertedWithCustomError(contract, "LineAtFault")
        .withArgs(FAULT.gap);
    }
    expect(await contract.faultOf(CHARITY, CNY)).to.equal(FAULT.gap);
  });

  describe("of a line", () => {
    let purse: Purse;
    let ledger: LedgerContract;

    /** Of the 100 given, 60 are paid and 40 of them acknowledged; then the line is convicted. */
    beforeEach(async () => {
      purse = await load(purseOpened);
      ledger = purse.contract;
      await as(ledger, purse.payer).payBank(CHARITY, CNY, 0, 40, 0, NOTE);
      await acknowledge(0n, 40n);
      await as(ledger, purse.payer).payBank(CHARITY, CNY, 40, 60, 0, NOTE);
      const { accusation } = await LIES.malformed(purse, {});
      await accuse(as(ledger, purse.stranger), accusation);
    });

    async function acknowledge(from: bigint, upTo: bigint) {
      const { root } = purse.books.batches[0]!;
      const line = { charity: CHARITY, unit: CNY };
      const said = { ...line, from, upTo, netTo: 0n, received: upTo - from, batch: 1n, root };
      return ledger.acknowledge(said, await sign(purse.signer, purse.ledger, "Acknowledgement", said));
    }

    const atFault = (sent: Promise<unknown>) =>
      expect(sent).to.be.revertedWithCustomError(ledger, "LineAtFault").withArgs(FAULT.malformed);

    it("stop its proofs, of gifts and of reversals, also of statements proven before", async () => {
      for (const kind of [GIFT, REVERSAL]) {
        const [next] = await anchorForged(purse, { kind, from: 100n });
        await atFault(ledger.prove(next!.statement, next!.proof));
        const { statement, statementProof } = purse.books.batches[kind]!.entries[0]!;
        await atFault(ledger.prove(statement, statementProof));
      }
    });

    it("stop its payouts on both rails", async () => {
      await atFault(as(ledger, purse.payer).payToken(CHARITY, CNY, 60, 100, 0));
      await atFault(as(ledger, purse.payer).payBank(CHARITY, CNY, 60, 100, 0, NOTE));
    });

    it("leave what the charity signs, and payouts sent again", async () => {
      await expect(acknowledge(40n, 60n)).to.emit(ledger, "Acknowledged");
      const told = { charity: CHARITY, unit: CNY, from: 0n, upTo: 60n, evidence: random32() };
      const signature = await sign(purse.signer, purse.ledger, "Disbursement", told);
      await expect(ledger.disburse(told, signature)).to.emit(ledger, "Disbursed");
      await expect(as(ledger, purse.payer).repay(CHARITY, CNY, 60, NOTE)).to.emit(ledger, "Repaid");
    });

    it("leave the positions of its receipts to be read", async () => {
      const { statement, statementProof, receipts, tree } = purse.books.batches[0]!.entries[0]!;
      const read = await ledger.verifyReceipt(receipts[0], tree.proof(0), statement, statementProof);
      expect([read.start, read.end]).to.deep.equal([0n, 60n]);
    });

    it("leave other lines alone: the same charity's in another unit, another's in the same", async () => {
      const step = { charity: CHARITY, unit: unitOf("STEP") };
      const other = { charity: random32(), unit: CNY };
      await as(ledger, purse.registrar).registerCharity(other.charity, purse.payee, purse.signer);
      purse.books.seal(); // The number that the lie's batch took.
      await anchorAndProve(purse, purse.books.seal({ ...step, amounts: [7n] }, { ...other, amounts: [8n] }));
      await as(ledger, purse.payer).payBank(step.charity, step.unit, 0, 7, 0, NOTE);
      await as(ledger, purse.payer).payToken(other.charity, other.unit, 0, 8, 0);
      expect(await ledger.faultOf(step.charity, step.unit)).to.equal(FAULT.none);
      expect(await ledger.faultOf(other.charity, other.unit)).to.equal(FAULT.none);
    });
  });
});
