// The independent script, run on frozen files: strangers' libraries agree with us on what holds and on what does not.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { toHex } from "../../server/protocol/bytes.ts";
import { type DeployedLedger, deployLedger } from "../protocol/deployed-ledger.ts";
import { bytesOf } from "../protocol/making.ts";
import { runScript } from "../support/run-script.ts";
import { playLedger } from "../vectors/ledger.ts";

const SCRIPT = join(import.meta.dirname, "verify.mjs");

type Named = { name: string; reason: string; verdict: string; file: object };

describe("the independent verification", function () {
  this.timeout(60_000);
  let root: string;

  const vectorsOf = async (name: string): Promise<Named[]> => {
    return JSON.parse(await readFile(join(import.meta.dirname, "../vectors", name), "utf8")).files;
  };

  async function folderOf(files: object[]): Promise<string> {
    const folder = await mkdtemp(join(root, "files-"));
    await Promise.all(files.map((file, i) => writeFile(join(folder, `${i}.json`), JSON.stringify(file))));
    return folder;
  }

  const verify = (...args: string[]) => runScript(SCRIPT, args);

  /** Each receipt once: two of the frozen files show the same one, with its details and without. */
  const holding = async (): Promise<object[]> => {
    const files = await vectorsOf("receipt-files.json");
    return files
      .filter(({ verdict, name }) => verdict === "valid" && !name.includes("erased"))
      .map(({ file }) => file);
  };

  before(async () => {
    root = await mkdtemp(join(tmpdir(), "amanah-independent-"));
  });

  after(() => rm(root, { recursive: true }));

  it("imports nothing of ours", async () => {
    const imports = (await readFile(SCRIPT, "utf8")).match(/from "[^"]+"/g);
    expect(imports).to.have.length.at.least(8);
    expect(imports!.filter((each) => /from "[./]/.test(each))).to.deep.equal([]);
  });

  it("exits 2 when it is used wrongly, and 1 for a folder without receipts", async () => {
    expect((await verify()).code).to.equal(2);
    expect((await verify(root, "--rpc", "http://127.0.0.1:1")).code).to.equal(2);
    expect((await verify(await folderOf([]))).code).to.equal(1);
  });

  it("finds wrong all mutated files whose hashes are wrong", async () => {
    const reasons = [
      "receipts-root-differs",
      "path-length",
      "sum-differs",
      "details-differ",
      "batch-differs",
    ];
    const mutated = (await vectorsOf("mutated-files.json")).filter(({ reason }) => reasons.includes(reason));
    const { code, out } = await verify(await folderOf(mutated.map(({ file }) => file)));
    expect(code).to.equal(1);
    expect(out).to.include(`0 hold, ${mutated.length} do not`);
  });

  it("finds one receipt shown twice", async () => {
    const [file] = await holding();
    const { code, out } = await verify(await folderOf([file!, file!]));
    expect(code).to.equal(1);
    expect(out).to.match(/is given twice/);
  });

  it("holds all frozen files that hold", async () => {
    const files = await holding();
    const { code, out } = await verify(await folderOf(files));
    expect(code).to.equal(0);
    expect(out).to.include(`3 batches, ${files.length} hold, 0 do not`);
  });

  describe("with a contract", () => {
    const played = playLedger();
    let ledger: DeployedLedger;
    let stranger: DeployedLedger;

    before(async () => {
      ledger = await deployLedger(played.ledger.id);
      stranger = await deployLedger(bytesOf("another ledger"));
      const roots = [...played.roots.values()].map(toHex);
      await ledger.write("anchorMany", [1n, roots]);
      await stranger.write("anchorMany", [1n, roots]);
    });

    after(() => Promise.all([ledger.stop(), stranger.stop()]));

    it("finds wrong whatever the contract does not keep", async () => {
      const reasons = ["root-differs"];
      const mutated = (await vectorsOf("mutated-files.json")).filter(({ reason }) =>
        reasons.includes(reason),
      );
      const folder = await folderOf(mutated.map(({ file }) => file));
      const { code, out } = await verify(folder, "--rpc", ledger.url, "--contract", ledger.address);
      expect(code).to.equal(1);
      expect(out).to.include(`0 hold, ${mutated.length} do not`);
    });

    it("finds wrong a contract that keeps another ledger, though its roots are the same", async () => {
      const folder = await folderOf(await holding());
      const { code } = await verify(folder, "--rpc", stranger.url, "--contract", stranger.address);
      expect(code).to.equal(1);
    });

    it("holds all frozen files whose roots the contract keeps", async () => {
      const files = await holding();
      const folder = await folderOf(files);
      const { code, out } = await verify(folder, "--rpc", ledger.url, "--contract", ledger.address);
      expect(code).to.equal(0);
      expect(out).to.include(`${files.length} hold, 0 do not`);
    });
  });
});
