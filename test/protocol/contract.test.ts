// The contract's `verifyReceipt` against ours: the same leaf, the same position and the same status for what holds, and
// a refusal for what does not.

import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { fromHex, type Hex, tag, toHex } from "../../server/protocol/bytes.ts";
import { GIFT, type Kind } from "../../server/protocol/receipt.ts";
import { encodeReceiptFile, type ReceiptFile } from "../../server/protocol/receipt-file.ts";
import { compareWithLedger, type Line, verifyReceipt } from "../../server/protocol/verify.ts";
import { playLedger } from "../vectors/ledger.ts";
import { contractArguments, type DeployedLedger, deployLedger, payByBank } from "./deployed-ledger.ts";
import { bytesOf, makeReceipt, type SealedBatch, sealBatch } from "./making.ts";

/** The contract's `Stage`, in its order. */
const STAGES = ["anchored", "given", "paid", "acknowledged", "spent", "reversed", "netted"];

/** What our details and files say beside the proof is not the contract's to judge. */
const NOT_ON_CHAIN = ["another ledger", "details-differ", "not-json", "a batch other than the statement's"];

async function readingOf(deployed: DeployedLedger, { ledger, batch, receipt }: ReceiptFile) {
  const marks = (await deployed.read("line", [receipt.charity, toHex(tag(receipt.unit))])) as bigint[];
  const names = ["given", "reversed", "paid", "netted", "acknowledged", "spent"];
  const line = Object.fromEntries(names.map((name, i) => [name, marks[i]])) as Line;
  const root = (await deployed.read("root", [BigInt(batch!)])) as Hex;
  return { ledger: fromHex(ledger.id), root: fromHex(root), line };
}

async function expectAgreement(deployed: DeployedLedger, file: ReceiptFile): Promise<void> {
  const ours = compareWithLedger(verifyReceipt(file), await readingOf(deployed, file));
  const theirs = (await deployed.read("verifyReceipt", contractArguments(file))) as [
    Hex,
    bigint,
    bigint,
    number,
  ];
  expect(ours.verdict).to.equal("valid");
  const { leaf, position, status } = ours;
  expect([toHex(leaf!), position!.start, position!.end, STAGES.indexOf(status!)]).to.deep.equal(theirs);
}

async function expectRevert(work: Promise<unknown>, what = "the call"): Promise<void> {
  const outcome = await work.then(
    (value) => ({ value }),
    (error: Error) => ({ error }),
  );
  expect(outcome, what).to.have.property("error");
  if ("error" in outcome) expect(outcome.error.name).to.equal("ContractFunctionExecutionError");
}

describe("the contract's verifier", function () {
  this.timeout(60_000);
  const played = playLedger();
  const anchored = played.files
    .map(({ file }) => encodeReceiptFile(file))
    .filter(({ batch }) => batch && batch !== "4");
  let deployed: DeployedLedger;

  before(async () => {
    deployed = await deployLedger(played.ledger.id);
    await deployed.write("anchorMany", [1n, [...played.roots.values()].map(toHex)]);
  });

  after(() => deployed.stop());

  it("refuses every mutated file that can be put to it", async () => {
    const url = new URL("../vectors/mutated-files.json", import.meta.url);
    const { files } = JSON.parse(readFileSync(url, "utf8")) as {
      files: { name: string; reason: string; step: string; file: ReceiptFile }[];
    };
    const askable = files.filter(({ name, reason, step }) => {
      return step !== "format" && !NOT_ON_CHAIN.includes(reason) && !NOT_ON_CHAIN.includes(name);
    });
    expect(askable.length).to.be.at.least(50);
    for (const { name, file } of askable) {
      await expectRevert(deployed.read("verifyReceipt", contractArguments(file)), name);
    }
  });

  it("refuses a batch that is not anchored", async () => {
    const { file } = played.files.at(-1)!;
    await expectRevert(deployed.read("verifyReceipt", contractArguments(encodeReceiptFile(file))));
  });

  it("agrees on leaf and position of every anchored receipt", async () => {
    for (const file of anchored) await expectAgreement(deployed, file);
  });

  it("agrees on how far the money has come, once statements are proven and paid", async () => {
    const byPosition = anchored.toSorted((a, b) =>
      Number(BigInt(a.statement!.from) - BigInt(b.statement!.from)),
    );
    for (const kind of [0, 1]) {
      for (const file of byPosition.filter(({ receipt }) => receipt.kind === kind)) {
        const [, , statement, proof] = contractArguments(file);
        await deployed.write("prove", [statement, proof]);
      }
    }
    const { charity, unit } = anchored[0]!.receipt;
    await payByBank(deployed, charity, unit, played.batches[0]!.statements[0]!.to);
    for (const file of anchored) await expectAgreement(deployed, file);
  });

  it("agrees on batches of any size, sides and amounts", async () => {
    let [batch, previousRoot] = [3n, played.batches[2]!.root];
    const amounts = fc.array(fc.bigInt({ min: 1n, max: 2n ** 50n }), { minLength: 1, maxLength: 25 });
    const arbitrary = fc.tuple(amounts, fc.constantFrom<Kind>(0, 1), fc.nat());
    for (const [given, kind, pick] of fc.sample(arbitrary, { numRuns: 12, seed: 2026 })) {
      batch += 1n;
      const sealed = sealAny(batch, previousRoot, given, kind);
      previousRoot = sealed.root;
      await deployed.write("anchor", [batch, toHex(sealed.root)]);
      await expectAgreement(deployed, encodeReceiptFile(sealed.files[pick % sealed.files.length]!));
    }
  });

  function sealAny(batch: bigint, previousRoot: Uint8Array, amounts: bigint[], kind: Kind): SealedBatch {
    const charity = bytesOf(`charity ${batch}`);
    const entries = amounts.map((amount, i) => {
      const details = { order: `${batch}-${i}` };
      const terms = bytesOf(kind === GIFT ? "terms" : "leaf of a gift");
      const label = `${batch} ${i}`;
      return { receipt: makeReceipt(label, details, { charity, kind, amount, terms }), details };
    });
    const side = { charity, unit: "CNY", kind, from: 0n, previous: 0n, entries };
    return sealBatch(played.ledger, batch, [side], previousRoot);
  }
});
