// What `verify` reads of real contracts beyond roots and lines: promises, faults, and the contract to which a ledger has moved,
// on the same chain and on another one.

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { type Hex, toFunctionSelector } from "viem";
import { type Judged, judgeFiles } from "../../scripts/verify/judge.ts";
import { report, toJson } from "../../scripts/verify/report.ts";
import { type EmbeddedChain, startChain } from "../../server/embedded/chain.ts";
import { tag, toHex } from "../../server/protocol/bytes.ts";
import { GIFT } from "../../server/protocol/receipt.ts";
import { encodeReceiptFile, type OpenedReceipt } from "../../server/protocol/receipt-file.ts";
import { LyingEndpoint } from "../audit/lying-endpoint.ts";
import { contractArguments, type DeployedLedger, deployLedger } from "../protocol/deployed-ledger.ts";
import { bytesOf, makeReceipt, sealBatch } from "../protocol/making.ts";
import { accountOf, promised } from "../protocol/promising.ts";
import { playLedger } from "../vectors/ledger.ts";

const COMMAND = join(import.meta.dirname, "../../scripts/verify.ts");
const OTHER_CHAIN = 8;
const KEY = bytesOf("the key that promises");
const LONG_AGO = 1_790_000_000n;
const soon = () => BigInt(Math.floor(Date.now() / 1000)) + 86_400n;

describe("verify and what the contract says beside the root", function () {
  this.timeout(60_000);
  const played = playLedger();
  const roots = played.batches.map(({ root }) => toHex(root));
  let folder: string;
  let chain: EmbeddedChain;
  let other: EmbeddedChain;
  let elsewhere: LyingEndpoint;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "amanah-moved-"));
    [chain, other] = [await startChain(), await startChain()];
    elsewhere = await LyingEndpoint.before(other.url);
    elsewhere.lie = (method, _, result) =>
      method === "eth_chainId" ? `0x${OTHER_CHAIN.toString(16)}` : result;
  });

  after(async () => {
    await elsewhere.close();
    await Promise.all([chain.stop(), other.stop()]);
    await rm(folder, { recursive: true });
  });

  /** A contract with the first `batches` of the played ledger. */
  async function ledgerWith(batches: number, on = chain, id = played.ledger.id): Promise<DeployedLedger> {
    const ledger = await deployLedger(id, on);
    await ledger.write("anchorMany", [1n, roots.slice(0, batches)]);
    return ledger;
  }

  const nameSuccessor = (from: DeployedLedger, to: DeployedLedger, lastGood: bigint, on = 31337) =>
    from.write("nameSuccessor", [on, to.address, lastGood]);

  async function save(file: OpenedReceipt): Promise<string> {
    const path = join(folder, `${toHex(file.receipt.id)}.json`);
    await writeFile(path, JSON.stringify(encodeReceiptFile(file)));
    return path;
  }

  async function judge(file: OpenedReceipt, contract: Hex, rpc = [chain.url]): Promise<Judged> {
    const [judged] = await judgeFiles([await save(file)], {
      rpc,
      contract,
      pins: {},
      witness: null,
      issuer: null,
    });
    return judged!;
  }

  const outcomeOf = ({ verification: { verdict, reason } }: Judged) => [verdict, reason];
  const [ofThird, ofFourth] = [played.batches[2]!.files[0]!, played.batches[3]!.files[0]!];

  describe("a ledger that has moved", () => {
    it("is followed to a successor on the same chain, and says so in text and JSON", async () => {
      const [old, next] = [await ledgerWith(3), await ledgerWith(4)];
      await nameSuccessor(old, next, 3n);
      for (const file of [ofThird, ofFourth]) {
        const judged = await judge(file, old.address);
        expect(outcomeOf(judged)).to.deep.equal(["valid", null]);
        expect(report([judged]).join("\n"))
          .to.match(
            /✓ successor it names 0x[0-9a-f]{40} on chain 31337 as its successor.* up to batch 3; read there/,
          )
          .and.to.include(`by its successor ${next.address} on chain 31337.`);
        expect(JSON.parse(toJson(judged)).successors).to.deep.equal([
          { chainId: 31337, contract: next.address, lastGoodBatch: "3" },
        ]);
      }
    });

    it("is followed by the command to another chain, with an endpoint of each", async () => {
      const [old, next] = [await ledgerWith(3), await ledgerWith(4, other)];
      await nameSuccessor(old, next, 3n, OTHER_CHAIN);
      const alone = await judge(ofThird, old.address);
      expect(outcomeOf(alone)).to.deep.equal(["unknown", "successor-elsewhere"]);
      expect(alone.verification.steps.at(-1)!.says).to.include(`pass a further --rpc URL of that chain`);
      const args = ["--rpc", chain.url, "--rpc", elsewhere.url, "--contract", old.address];
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [COMMAND, await save(ofFourth), ...args],
        {
          env: { ...process.env, AMANAH_HOME: folder },
        },
      );
      expect(stdout).to.include(`by its successor ${next.address} on chain ${OTHER_CHAIN}.`);
    });

    it("takes watermarks and faults from the successor, over several moves", async () => {
      const [first, second, third] = [await ledgerWith(2), await ledgerWith(3), await ledgerWith(4)];
      await nameSuccessor(first, second, 2n);
      await nameSuccessor(second, third, 3n);
      const sealed = encodeReceiptFile(played.batches[0]!.files[0]!);
      const [, , statement, proof] = contractArguments(sealed);
      await third.write("prove", [statement, proof]);
      const judged = await judge(played.batches[0]!.files[0]!, first.address);
      expect(outcomeOf(judged)).to.deep.equal(["valid", null]);
      expect(judged.successors).to.have.length(2);
      expect(judged.line!.given).to.equal(BigInt(sealed.statement!.to));
    });

    it("is told rewritten when the successor keeps another root of a good batch", async () => {
      const [old, next] = [await ledgerWith(3), await ledgerWith(2)];
      await next.write("anchor", [3n, toHex(bytesOf("another history"))]);
      await nameSuccessor(old, next, 3n);
      expect(outcomeOf(await judge(ofThird, old.address))).to.deep.equal([
        "unknown",
        "successor-root-differs",
      ]);
    });

    it("is not followed into another ledger, in a circle, or to where there is no contract", async () => {
      const [old, stranger] = [await ledgerWith(3), await ledgerWith(3, chain, bytesOf("another ledger"))];
      await nameSuccessor(old, stranger, 3n);
      expect(outcomeOf(await judge(ofThird, old.address))).to.deep.equal([
        "unknown",
        "successor-of-another-ledger",
      ]);
      const [one, two, three] = [await ledgerWith(3), await ledgerWith(3), await ledgerWith(3)];
      await nameSuccessor(one, two, 3n);
      await nameSuccessor(two, one, 3n);
      expect(outcomeOf(await judge(ofThird, one.address))).to.deep.equal(["unknown", "successor-circle"]);
      await three.write("nameSuccessor", [31337, "0x00000000000000000000000000000000000000ff", 3n]);
      expect(outcomeOf(await judge(ofThird, three.address))).to.deep.equal(["unknown", "no-answer"]);
    });

    it("is not looked for in a contract that was deployed before successors, faults and promises", async () => {
      const old = await ledgerWith(3);
      const unknown = ["successor()", "faultOf(bytes32,bytes32)", "promiserUntil(address)"];
      const before = await LyingEndpoint.before(chain.url);
      before.lie = (method, params, result) => {
        const data = (params?.[0] as { data?: string })?.data ?? "";
        if (method === "eth_call" && unknown.some((name) => data.startsWith(toFunctionSelector(name))))
          throw new Error("execution reverted");
        return result;
      };
      const file = promised(ofThird, KEY, LONG_AGO);
      const judged = [
        await judge(file, old.address, [before.url]),
        await judge({ ...file, seal: null }, old.address, [before.url]),
      ];
      await before.close();
      expect(judged.map(outcomeOf)).to.deep.equal([
        ["valid", null],
        ["unknown", "not-sealed"],
      ]);
    });
  });

  describe("a promise, once a successor is named that does not know its signer", () => {
    const file = promised({ ...ofThird, seal: null }, KEY, LONG_AGO);
    let old: DeployedLedger;
    let junk: DeployedLedger;

    before(async () => {
      [old, junk] = [await ledgerWith(2), await ledgerWith(2)];
      await old.write("admitPromiser", [accountOf(KEY)]);
      for (const each of [old, junk]) await each.write("open", []);
    });

    async function challenge(): Promise<void> {
      const { leaf, charity, unit, kind, amount, deadline, path, signature } = file.promise;
      const asked = { leaf: toHex(leaf), charity: toHex(charity), unit: toHex(tag(unit)), kind, amount };
      await old.write("challenge", [asked, deadline, path.map(toHex), toHex(signature)]);
    }

    it("is the operator's word still, and the successor is told to break it", async () => {
      const middle = await ledgerWith(2);
      await middle.write("admitPromiser", [accountOf(KEY)]);
      await middle.write("open", []);
      await nameSuccessor(middle, junk, 2n);
      const judged = await judge(file, middle.address);
      expect(outcomeOf(judged)).to.deep.equal(["unknown", "promise-not-carried"]);
      const said = report([judged]).join("\n");
      expect(said)
        .to.include(`${middle.address} holds the operator to`)
        .and.to.include("has never known this account");
      expect(said).not.to.include("nobody's word");
    });

    it("is asked for where it was asked for before", async () => {
      await challenge();
      await nameSuccessor(old, junk, 2n);
      const judged = await judge(file, old.address);
      expect(outcomeOf(judged)).to.deep.equal(["unknown", "promise-asked-for"]);
    });

    it("is by a stranger where no contract knows the signer", async () => {
      const stranger = promised({ ...ofFourth, seal: null }, bytesOf("a stranger's key"), LONG_AGO);
      expect(outcomeOf(await judge(stranger, old.address))).to.deep.equal(["unknown", "promise-by-stranger"]);
    });
  });

  describe("the promise of a receipt that is not sealed", () => {
    let ledger: DeployedLedger;
    const unsealed = { ...ofThird, seal: null };
    const overdue = promised(unsealed, KEY, LONG_AGO);

    before(async () => {
      ledger = await ledgerWith(2);
      await ledger.write("open", []);
    });

    it("is not in force at a contract that its operator never opens, whomever that admits", async () => {
      const shut = await ledgerWith(2);
      await shut.write("admitPromiser", [accountOf(KEY)]);
      const judged = await judge(overdue, shut.address);
      expect(outcomeOf(judged)).to.deep.equal(["unknown", "promise-not-in-force"]);
      const said = report([judged]).join("\n");
      expect(said).to.include("the contract is not opened: it holds the operator to nothing yet");
      expect(said).not.to.include("npm run challenge");
    });

    it("is nobody's word while the contract does not admit its signer", async () => {
      const judged = await judge(overdue, ledger.address);
      expect(outcomeOf(judged)).to.deep.equal(["unknown", "promise-by-stranger"]);
    });

    it("is told with what it is worth: to look again, to ask for it, and how that stands", async () => {
      await ledger.write("admitPromiser", [accountOf(KEY)]);
      const accepted = { ...unsealed, receipt: { ...unsealed.receipt, acceptedAt: soon() - 86_400n } };
      const pending = await judge(promised(accepted, KEY, soon()), ledger.address);
      expect(outcomeOf(pending)).to.deep.equal(["unknown", "promise-pending"]);
      expect(outcomeOf(await judge(overdue, ledger.address))).to.deep.equal(["unknown", "promise-overdue"]);
      const { leaf, charity, unit, kind, amount, deadline, path, signature } = overdue.promise;
      const asked = { leaf: toHex(leaf), charity: toHex(charity), unit: toHex(tag(unit)), kind, amount };
      await ledger.write("challenge", [asked, deadline, path.map(toHex), toHex(signature)]);
      const open = await judge(overdue, ledger.address);
      expect(outcomeOf(open)).to.deep.equal(["unknown", "promise-asked-for"]);
      expect(report([open]).join("\n")).to.match(/Cannot tell \(promise-asked-for\), at the step "kept"/);
    });

    it("is kept once the file shows the receipt in an anchored batch", async () => {
      await ledger.write("anchor", [3n, roots[2]]);
      const judged = await judge(promised(ofThird, KEY, LONG_AGO), ledger.address);
      expect(judged.verification.verdict).to.equal("valid");
      expect(judged.verification.steps.at(-1)).to.include({ step: "kept", ok: true });
    });

    it("stays as the file alone tells it without an endpoint", async () => {
      expect(outcomeOf(await judge(overdue, ledger.address, []))).to.deep.equal(["unknown", "not-sealed"]);
    });
  });

  it("does not call a receipt valid whose line anybody has shown to be at fault", async () => {
    const id = bytesOf("a ledger that contradicts itself");
    const keeper = { ...played.ledger, id };
    const seal = (batch: bigint, previousRoot: Uint8Array) => {
      const details = { order: `${batch}` };
      const entries = [{ receipt: makeReceipt(`fault ${batch}`, details, {}), details }];
      const side = {
        charity: bytesOf("charity"),
        unit: "CNY",
        kind: GIFT,
        from: 0n,
        previous: batch - 1n,
        entries,
      };
      return sealBatch(keeper, batch, [side as never], previousRoot);
    };
    const first = seal(1n, id);
    const second = seal(2n, first.root);
    const ledger = await deployLedger(id, chain);
    await ledger.write("anchorMany", [1n, [toHex(first.root), toHex(second.root)]]);
    expect((await judge(first.files[0]!, ledger.address)).verification.verdict).to.equal("valid");
    const evidence = [first, second].flatMap(({ files }) =>
      contractArguments(encodeReceiptFile(files[0]!)).slice(2),
    );
    await ledger.write("proveContradiction", evidence);
    const judged = await judge(first.files[0]!, ledger.address);
    expect(outcomeOf(judged)).to.deep.equal(["unknown", "line-at-fault"]);
    expect(judged.verification.steps.at(-1)!.says).to.include("overlap");
  });
});
