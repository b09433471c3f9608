// What calls cost: the reach that the design promises, and a committed snapshot, so that no change makes them dearer
// unnoticed. UPDATE_GAS_SNAPSHOT=1 writes the snapshot anew.
import { readFile, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { type ContractTransactionResponse, id, solidityPackedKeccak256 } from "ethers";
import hre from "hardhat";
import { anchorAndProve, Books } from "../support/contracts/books.ts";
import {
  as,
  type Deployed,
  deploy,
  deployOpened,
  type LedgerContract,
  networkHelpers,
  type TokenContract,
} from "../support/contracts/chain.ts";
import {
  batchTree,
  charityId,
  GIFT,
  REVERSAL,
  type ReceiptProof,
  random32,
  randomReceipt,
  receiptLeaf,
  sign,
  statementLeaf,
  unitOf,
} from "../support/contracts/reference.ts";

const SNAPSHOT = new URL("gas-snapshot.json", import.meta.url);
/** A zero byte of call data costs 12 gas less than another, and hashes and signatures hold a few by chance. */
const TOLERANCE_GAS = 150;

const CHARITY = charityId("GB-CHC-1164883");
const CNY = unitOf("CNY");

/** Where there are many, the same in every run, so that chance does not blur the figures. */
const hashes = (name: string, count: number) => Array.from({ length: count }, (_, i) => id(`${name} ${i}`));

async function gasOf(sent: Promise<ContractTransactionResponse>): Promise<bigint> {
  return (await (await sent).wait())!.gasUsed;
}

describe("gas", () => {
  const measured: Record<string, bigint> = {};
  let deployed: Deployed;
  let contract: LedgerContract;
  let books: Books;

  before(function () {
    if (hre.globalOptions.coverage) this.skip(); // Instrumented code costs more.
  });

  beforeEach(async () => {
    deployed = await networkHelpers.loadFixture(deployOpened);
    contract = deployed.contract;
    books = new Books(deployed.ledger);
  });

  const register = () =>
    as(contract, deployed.registrar).registerCharity(
      CHARITY,
      deployed.payee.address,
      deployed.signer.address,
    );

  async function measure(name: string, sent: Promise<ContractTransactionResponse>): Promise<bigint> {
    measured[name] = await gasOf(sent);
    return measured[name];
  }

  /** A charity registered, its token set and the payer rich: ready for payouts on either rail. */
  async function readyToPay() {
    await register();
    const token = await deploy<TokenContract>("TestToken", 2);
    await as(contract, deployed.admin).setToken(CNY, await token.getAddress(), 2);
    await token.mint(deployed.payer.address, 1_000_000);
    await token.mint(deployed.payee.address, 1);
    await (token.connect(deployed.payer) as TokenContract).approve(await contract.getAddress(), 1_000_000);
    return as(contract, deployed.payer);
  }

  async function give(batches: number, amounts: bigint[]) {
    for (let i = 0; i < batches; i++) {
      await anchorAndProve(deployed, books.seal({ charity: CHARITY, unit: CNY, amounts }));
    }
  }

  it("anchors a batch for at most 55,000 after the first", async () => {
    const anchorer = as(contract, deployed.anchorer);
    await measure("anchor, the first", anchorer.anchor(1, random32()));
    const root = random32();
    expect(await measure("anchor", anchorer.anchor(2, root))).to.be.at.most(55_000n);
    await measure("anchor, repeated", anchorer.anchor(2, root));
    const many = hashes("root", 100);
    expect((await measure("anchorMany, 100", anchorer.anchorMany(3, many))) / 100n).to.be.at.most(55_000n);
  });

  it("registers charities and proves statements", async () => {
    await measure("registerCharity", register());
    for (const name of ["prove, the first of a line", "prove"]) {
      // Two statements and two other leaves: every proof has two siblings.
      const amounts = [60n, 40n];
      const other = { charity: CHARITY, unit: unitOf("STEP"), amounts };
      const batch = books.seal({ charity: CHARITY, unit: CNY, amounts }, other);
      await as(contract, deployed.anchorer).anchor(batch.number, batch.root);
      const { statement, statementProof } = batch.entries[0]!;
      await measure(name, as(contract, deployed.stranger).prove(statement, statementProof));
    }
  });

  for (const rail of ["payToken", "payBank"] as const) {
    it(`costs the same with ${rail} for one receipt of one batch as for six hundred of thirty`, async () => {
      const payer = await readyToPay();
      await give(1, [1n]);
      const pay = (from: number, upTo: number) =>
        rail === "payToken"
          ? payer.payToken(CHARITY, CNY, from, upTo, 0)
          : payer.payBank(CHARITY, CNY, from, upTo, 0, random32());
      await measure(`${rail}, the first of a line`, pay(0, 1));
      await give(1, [1n]);
      const small = await measure(rail, pay(1, 2));
      await give(30, new Array<bigint>(20).fill(1n));
      const large = await gasOf(pay(2, 602));
      expect(Number(large)).to.be.closeTo(Number(small), TOLERANCE_GAS);
    });
  }

  it("acknowledges and disburses", async () => {
    const payer = await readyToPay();
    await give(1, [60n, 40n]);
    await anchorAndProve(
      deployed,
      books.seal({ charity: CHARITY, unit: CNY, kind: REVERSAL, amounts: [10n] }),
    );
    await payer.payBank(CHARITY, CNY, 0, 60, 0, random32());
    await payer.payBank(CHARITY, CNY, 60, 100, 10, random32());
    const line = { charity: CHARITY, unit: CNY };
    const at = { batch: 1n, root: books.batches[0]!.root };
    for (const [name, part] of [
      ["the first of a line", { from: 0n, upTo: 60n, netTo: 0n, received: 60n }],
      ["", { from: 60n, upTo: 100n, netTo: 10n, received: 30n }],
    ] as const) {
      const said = { ...line, ...part, ...at };
      const saidBy = await sign(deployed.signer, deployed.ledger, "Acknowledgement", said);
      await measure(["acknowledge", name].filter(Boolean).join(", "), contract.acknowledge(said, saidBy));
      const told = { ...line, from: part.from, upTo: part.upTo, evidence: random32() };
      const toldBy = await sign(deployed.signer, deployed.ledger, "Disbursement", told);
      await measure(["disburse", name].filter(Boolean).join(", "), contract.disburse(told, toldBy));
    }
  });

  it("verifies a receipt among a million, in a batch of 65,536 statements, for at most 150,000", async () => {
    const receipt = randomReceipt(CHARITY, CNY, GIFT, 50n);
    const { proof, statement } = amongAMillion(receipt);
    const { root, statementProof } = amongStatements(statementLeaf(deployed.ledger, statement));
    await as(contract, deployed.anchorer).anchor(1, root);
    // An eth_call sends these bytes; eth_estimateGas tells what it needs, call data and the fixed 21,000 included.
    const gas = await contract.verifyReceipt.estimateGas(receipt, proof, statement, statementProof);
    measured["verifyReceipt, among a million"] = gas;
    expect(gas).to.be.at.most(150_000n);
  });

  /** Twenty made-up siblings stand for the rest of a tree of 2^20 - 5 leaves. */
  function amongAMillion(receipt: ReturnType<typeof randomReceipt>) {
    const siblings = hashes("sibling", 20);
    const proof: ReceiptProof = { index: 333_333n, receipts: 1_048_571n, path: [] };
    let [hash, sum] = [receiptLeaf(deployed.ledger, receipt), receipt.amount];
    for (let level = 0n; level < 20n; level++) {
      const sibling = { hash: siblings[Number(level)]!, sum: 77n << level };
      const children =
        (proof.index >> level) & 1n
          ? [sibling.sum, sibling.hash, sum, hash]
          : [sum, hash, sibling.sum, sibling.hash];
      hash = solidityPackedKeccak256(["uint64", "bytes32", "uint64", "bytes32"], children);
      sum += sibling.sum;
      proof.path.push(sibling);
    }
    const statement = { batch: 1n, charity: CHARITY, unit: CNY, kind: GIFT, from: 0n, to: sum, previous: 0n };
    return { proof, statement: { ...statement, receipts: proof.receipts, receiptsRoot: hash } };
  }

  function amongStatements(leaf: string) {
    const statementProof = hashes("statement", 16);
    const pair = (a: string, b: string) => batchTree([a, b]).root;
    return { statementProof, root: statementProof.reduce(pair, leaf) };
  }

  it("has not become dearer or cheaper than the committed snapshot says", async () => {
    const found = Object.fromEntries(Object.entries(measured).map(([name, gas]) => [name, Number(gas)]));
    if (process.env.UPDATE_GAS_SNAPSHOT) await writeFile(SNAPSHOT, `${JSON.stringify(found, null, 2)}\n`);
    const snapshot = JSON.parse(await readFile(SNAPSHOT, "utf8")) as Record<string, number>;
    expect(Object.keys(found)).to.have.members(Object.keys(snapshot));
    for (const [name, gas] of Object.entries(snapshot)) {
      expect(found[name], name).to.be.closeTo(gas, TOLERANCE_GAS);
    }
  });
});
