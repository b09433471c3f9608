// How far a receipt's money has come, as verifyReceipt tells it from the watermarks.
import { expect } from "chai";
import { anchor, anchorAndProve, Books, type Entry } from "../support/contracts/books.ts";
import { as, type Deployed, type LedgerContract, networkHelpers } from "../support/contracts/chain.ts";
import { CHARITY, opened } from "../support/contracts/charity.ts";
import { GIFT, REVERSAL, random32, sign, unitOf } from "../support/contracts/reference.ts";

const CNY = unitOf("CNY");
const STAGE = { anchored: 0n, given: 1n, paid: 2n, acknowledged: 3n, spent: 4n, reversed: 5n, netted: 6n };

describe("stages", () => {
  let deployed: Deployed;
  let contract: LedgerContract;
  let books: Books;

  beforeEach(async () => {
    deployed = await networkHelpers.loadFixture(opened);
    contract = as(deployed.contract, deployed.stranger);
    books = new Books(deployed.ledger);
  });

  async function stageOf(
    { receipts, tree, statement, statementProof }: Entry,
    index: number,
  ): Promise<bigint> {
    const checked = await contract.verifyReceipt(
      receipts[index],
      tree.proof(index),
      statement,
      statementProof,
    );
    return checked.stage;
  }

  async function sealed(amounts: bigint[], kind: number): Promise<Entry> {
    const batch = books.seal({ charity: CHARITY, unit: CNY, kind, amounts });
    await anchor(deployed, batch);
    return batch.entries[0]!;
  }

  it("of gifts go from anchored to given, paid, acknowledged and spent, of reversals from anchored to reversed and netted", async () => {
    const gifts = await sealed([50n, 20n], GIFT);
    const reversals = await sealed([20n, 10n], REVERSAL);
    const stages = async () => [await stageOf(gifts, 0), await stageOf(reversals, 0)];
    expect(await stages()).to.deep.equal([STAGE.anchored, STAGE.anchored]);
    for (const { entries } of books.batches) {
      await contract.prove(entries[0]!.statement, entries[0]!.statementProof);
    }
    expect(await stages()).to.deep.equal([STAGE.given, STAGE.reversed]);
    await as(contract, deployed.payer).payBank(CHARITY, CNY, 0, 50, 20, random32());
    expect(await stages()).to.deep.equal([STAGE.paid, STAGE.netted]);
    const line = { charity: CHARITY, unit: CNY };
    const at = { batch: 1, root: books.batches[0]!.root };
    const acknowledgement = { ...line, from: 0, upTo: 50, netTo: 20, received: 30, ...at };
    const sworn = await sign(deployed.signer, deployed.ledger, "Acknowledgement", acknowledgement);
    await contract.acknowledge(acknowledgement, sworn);
    expect(await stages()).to.deep.equal([STAGE.acknowledged, STAGE.netted]);
    const disbursement = { ...line, from: 0, upTo: 50, evidence: random32() };
    const told = await sign(deployed.signer, deployed.ledger, "Disbursement", disbursement);
    await contract.disburse(disbursement, told);
    expect(await stages()).to.deep.equal([STAGE.spent, STAGE.netted]);
  });

  it("stay behind while the watermark is short of the receipt's end", async () => {
    const batch = books.seal({ charity: CHARITY, unit: CNY, amounts: [50n, 20n] });
    await anchorAndProve(deployed, batch);
    await as(contract, deployed.payer).payBank(CHARITY, CNY, 0, 69, 0, random32());
    expect(await stageOf(batch.entries[0]!, 0)).to.equal(STAGE.paid);
    expect(await stageOf(batch.entries[0]!, 1)).to.equal(STAGE.given);
  });
});
