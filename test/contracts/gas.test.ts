// What calls cost: the reach that the design promises, and a committed snapshot, so that no change makes them dearer
// unnoticed. UPDATE_GAS_SNAPSHOT=1 writes the snapshot anew.
import { readFile, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { type ContractTransactionResponse, id } from "ethers";
import hre from "hardhat";
import {
  type Accusation,
  accuse,
  contradiction,
  falseReceipt,
  malformed,
} from "../support/contracts/accuser.ts";
import { anchorAndProve, Books } from "../support/contracts/books.ts";
import {
  ANSWER_PERIOD_S,
  as,
  type Deployed,
  deploy,
  deployOpened,
  type LedgerContract,
  networkHelpers,
  type TokenContract,
} from "../support/contracts/chain.ts";
import { anchorForged, type Draft } from "../support/contracts/forger.ts";
import { challenge, promiseAll } from "../support/contracts/promiser.ts";
import {
  batchTree,
  charityId,
  GIFT,
  REVERSAL,
  type Receipt,
  random32,
  randomReceipt,
  receiptLeaf,
  type Statement,
  sign,
  statementLeaf,
  unitOf,
} from "../support/contracts/reference.ts";
import { type Node, nodeHash } from "../support/contracts/trees.ts";

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
    const statementProof = await anchorAmongMany(statement);
    // An eth_call sends these bytes; eth_estimateGas tells what it needs, call data and the fixed 21,000 included.
    const gas = await contract.verifyReceipt.estimateGas(receipt, proof, statement, statementProof);
    measured["verifyReceipt, among a million"] = gas;
    expect(gas).to.be.at.most(150_000n);
  });

  const amongAMillion = (receipt: Receipt) =>
    climbOf({ hash: receiptLeaf(deployed.ledger, receipt), sum: receipt.amount }, 333_333n, 1_048_571n);

  /** The way up from a node, and where it leads to; made-up siblings stand for the rest of its tree. */
  function climbOf(node: Node, index: bigint, receipts: bigint) {
    const path = hashes("sibling", (receipts - 1n).toString(2).length).map((hash, level) => ({
      hash,
      sum: 77n << BigInt(level),
    }));
    let { hash, sum } = node;
    for (const [level, sibling] of path.entries()) {
      const isRight = (index >> BigInt(level)) & 1n;
      hash = isRight ? nodeHash(sibling, { hash, sum }) : nodeHash({ hash, sum }, sibling);
      sum += sibling.sum;
    }
    const statement = { batch: 1n, charity: CHARITY, unit: CNY, kind: GIFT, from: 0n, to: sum, previous: 0n };
    return { proof: { index, receipts, path }, statement: { ...statement, receipts, receiptsRoot: hash } };
  }

  function amongStatements(leaf: string) {
    const statementProof = hashes("statement", 16);
    const pair = (a: string, b: string) => batchTree([a, b]).root;
    return { statementProof, root: statementProof.reduce(pair, leaf) };
  }

  /** Anchored as batch 1, among 65,536 statements. */
  async function anchorAmongMany(statement: Statement): Promise<string[]> {
    const { root, statementProof } = amongStatements(statementLeaf(deployed.ledger, statement));
    await as(contract, deployed.anchorer).anchor(1, root);
    return statementProof;
  }

  it("challenges a promise that one signature gave with 511 others, and records its breach", async () => {
    const others = hashes("promise", 9);
    const receipt = randomReceipt(CHARITY, CNY, GIFT, 50n);
    const [held] = await promiseAll(deployed, [receipt]);
    const root = others.reduce((a, b) => batchTree([a, b]).root, held!.id);
    const signature = await sign(deployed.promiser, deployed.ledger, "Promises", {
      root,
      deadline: held!.deadline,
    });
    await measure("challenge", challenge(deployed, { ...held!, path: others, signature }));
    await networkHelpers.time.increase(ANSWER_PERIOD_S + 1n);
    await measure("recordBreach", contract.recordBreach(held!.promised));
  });

  it("answers for a receipt among a million, in a batch of 65,536 statements, for at most 200,000", async () => {
    const receipt = randomReceipt(CHARITY, CNY, GIFT, 50n);
    const [held] = await promiseAll(deployed, [receipt]);
    const { proof, statement } = amongAMillion(receipt);
    const statementProof = await anchorAmongMany(statement);
    await challenge(deployed, held!);
    const answered = contract.answer(held!.promised, proof, statement, statementProof);
    expect(await measure("answer, among a million", answered)).to.be.at.most(200_000n);
  });

  it("convicts of a false sum 20 levels down, in a batch of 65,536 statements, for at most 150,000", async () => {
    const [left, right] = hashes("leaf", 2).map((hash) => ({ hash, sum: 50n })) as [Node, Node];
    const opened = { left, right, sum: 101n };
    // The lowest nodes of a tree of 2^20 - 5 leaves.
    const { proof, statement } = climbOf({ hash: nodeHash(left, right), sum: 101n }, 166_666n, 524_286n);
    const statementProof = await anchorAmongMany(statement);
    const convicted = contract.proveFalseSum(statement, statementProof, opened, proof);
    expect(await measure("proveFalseSum, among a million", convicted)).to.be.at.most(150_000n);
  });

  it("convicts of each of the other faults", async () => {
    // Two statements and two other leaves: every proof has two siblings.
    const forge = async (name: string, draft: Draft) =>
      (await anchorForged(deployed, { charity: charityId(name), ...draft }, { unit: unitOf("STEP") }))[0]!;
    const convict = (accusation: Accusation) => measure(accusation.name, accuse(contract, accusation));
    await convict(contradiction(await forge("XX-1", {}), await forge("XX-1", { from: 49n })));
    await convict(malformed(await forge("XX-2", { receipts: 51n })));
    await convict(falseReceipt(await forge("XX-3", { amounts: [60n, 40n], counted: [60n, 41n] }), 1));
  });

  it("admits and retires a promiser, and names a successor", async () => {
    const admin = as(contract, deployed.admin);
    await measure("admitPromiser", admin.admitPromiser(deployed.other.address));
    await measure("retirePromiser", admin.retirePromiser(deployed.other.address));
    await measure("nameSuccessor", admin.nameSuccessor(1, deployed.other.address, 0));
  });

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
