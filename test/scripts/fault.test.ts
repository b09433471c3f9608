// The command `fault`, run as a donor, a charity or a regulator runs it: as a process of its own, with receipt files, books and
// an endpoint. It convicts liars, lets the honest be, and believes nothing that the contract does not take.

import { mkdtemp, rm, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { getAddress } from "viem";
import { toHex } from "../../server/protocol/bytes.ts";
import { cleanLedger } from "../audit/clean-ledger.ts";
import { type AuditLedger, charityHex, startAuditChain } from "../audit/ledger.ts";
import { LIES, lyingLedger } from "../audit/lies.ts";
import { Liar, type Lie } from "../independent/liar.ts";
import { type Outcome, runScript } from "../support/run-script.ts";

const COMMAND = join(import.meta.dirname, "../../scripts/fault.ts");
const SENDER = 6;

describe("npm run fault", function () {
  this.timeout(120_000);
  let folder: string;
  let chain: Awaited<ReturnType<typeof startAuditChain>>;
  let ledger: AuditLedger;
  let anchored: bigint;
  let saved = 0;

  const run = (...args: string[]): Promise<Outcome> =>
    runScript(COMMAND, args, {
      env: { ...process.env, INIT_CWD: folder, AMANAH_HOME: join(folder, "home") },
    });
  const chosen = (of = ledger) => ["--rpc", chain.chain.url, "--contract", of.contract];
  const withKey = ["--key-file", "sender.key", "--yes"];

  async function save(file: object): Promise<string> {
    saved += 1;
    const name = `${saved}.json`;
    await writeFile(join(folder, name), JSON.stringify(file));
    return name;
  }

  const liar = () =>
    new Liar({ ledger: toHex(ledger.id), chainId: chain.chain.chainId, contract: ledger.contract }, anchored);

  /** Anchors a lie as the operator does; answers with the files that two donors hold. */
  async function anchor({ roots, files }: Lie): Promise<string[]> {
    await ledger.write("anchorMany", [anchored + 1n, roots]);
    anchored += BigInt(roots.length);
    return await Promise.all(files.map(save));
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "amanah-fault-"));
    chain = await startAuditChain();
    ledger = await lyingLedger(chain.operator);
    anchored = BigInt(ledger.drafts.length);
    await writeFile(join(folder, "sender.key"), chain.chain.accounts[SENDER]!.privateKey, { mode: 0o600 });
  });
  after(async () => {
    await ledger.remove();
    await chain.chain.stop();
    await rm(folder, { recursive: true, force: true });
  });

  describe("when it cannot check", () => {
    it("exits 2 and says what it wants", async () => {
      const [held] = await anchor(liar().twoStatements("XX-WRONG", 100n));
      const other = await save({
        ...JSON.parse(JSON.stringify(liar().twoStatements("XX-WRONG", 100n).files[0])),
        ledger: { id: `0x${"11".repeat(32)}`, chainId: 1, contract: ledger.contract },
      });
      await writeFile(join(folder, "broken.json"), "{");
      const wrong: [string[], RegExp][] = [
        [[...chosen()], /wanted receipt files, --books, or both/],
        [[held!, "--contract", ledger.contract], /required option '--rpc <url>'/],
        [[held!, "--rpc", chain.chain.url], /--contract: wanted the ledger's contract, since none is pinned/],
        [[held!, "--rpc", chain.chain.url, "--contract", "0x12"], /Wanted 0x and 40 hexadecimal digits/],
        [["broken.json", ...chosen()], /broken\.json: wanted a receipt file/],
        [["nowhere.json", ...chosen()], /nowhere\.json: wanted a receipt file/],
        [[held!, other, ...chosen()], /wanted files of one ledger/],
        [[other, ...chosen()], /wanted that of ledger 0x11/],
        [[held!, "--rpc", "http://127.0.0.1:9", "--contract", ledger.contract], /endpoint/],
      ];
      for (const [args, says] of wrong) {
        const { code, err } = await run(...args);
        expect([code, says.test(err)], `${args.join(" ")}: ${err}`).to.deep.equal([2, true]);
      }
    });

    it("exits 2 when books are missing and the others show nothing", async () => {
      const clean = await cleanLedger(chain.operator);
      await unlink(join(clean.books, "2.arrow"));
      const { code, out, err } = await run(...chosen(clean), "--books", clean.books);
      await clean.remove();
      expect([code, err]).to.deep.equal([2, "the book of batch 2 cannot be used: it is not there\n"]);
      expect(out).to.contain("no contradiction that convicts anybody in 3 books");
      expect(out).to.contain("1 books could not be read");
    });

    it("shows how it is used, with its exit codes", async () => {
      const { code, out } = await run("--help");
      expect(code).to.equal(0);
      expect(out).to.contain("Exit code 0").and.to.contain("--books");
    });
  });

  describe("of honest files and books", () => {
    it("finds nothing, and exits 0", async () => {
      const files = await anchor(liar().twoStatements("XX-HONEST", 100n));
      const { code, out } = await run(...files, ...chosen());
      expect(code, out).to.equal(0);
      expect(out).to.contain("no contradiction that convicts anybody in 2 sealed of 2 receipt files");
    });

    it("finds nothing in all books of a clean ledger", async () => {
      const clean = await cleanLedger(chain.operator);
      const { code, out } = await run(...chosen(clean), "--books", clean.books, ...withKey);
      await clean.remove();
      expect([code, out.includes("in 4 books")]).to.deep.equal([0, true]);
    });

    it("convicts nobody of files that were never anchored: the contract refuses them", async () => {
      const { files } = liar().twoStatements("XX-SLANDER", 60n);
      const { code, out } = await run(...(await Promise.all(files.map(save))), ...chosen(), ...withKey);
      expect(code, out).to.equal(0);
      expect(out).to.contain("begins at 60, although batch").and.to.contain("the contract refuses it:");
      expect(out).not.to.contain("data:");
    });
  });

  const lies: Record<string, (charity: string) => Lie> = {
    overlap: (charity) => liar().twoStatements(charity, 60n),
    gap: (charity) => liar().twoStatements(charity, 150n),
    skip: (charity) => liar().skip(charity),
    "false-sum": (charity) => liar().falseSum(charity),
  };

  describe("of two donors' files", () => {
    for (const [fault, tell] of Object.entries(lies))
      it(`finds a planted ${fault}, shows the call, sends it with a key, and finds it proven afterwards`, async () => {
        const charity = `XX-${fault}`;
        const files = await anchor(tell(charity));
        const shown = await run(...files, ...chosen());
        expect(shown.code, shown.err).to.equal(1);
        expect(shown.out)
          .to.contain(`line of charity ${charityHex(charity)} in CNY`)
          .and.to.contain(`✗ ${fault}: the contract takes it`)
          .and.to.contain(`to:   ${getAddress(ledger.contract)}`)
          .and.to.match(/call: prove(Contradiction|FalseSum)\n {2}data: 0x[0-9a-f]{1000,}/)
          .and.to.contain("nothing was sent");
        const dry = await run(...files, ...chosen(), ...withKey, "--dry-run");
        expect([dry.code, dry.out.includes("nothing was sent")]).to.deep.equal([1, true]);
        const sent = await run(...files, ...chosen(), ...withKey);
        expect(sent.code, sent.err).to.equal(1);
        expect(sent.out).to.match(new RegExp(`the line of charity ${charityHex(charity)} is at fault: \\w`));
        const again = await run(...files, ...chosen(), ...withKey);
        expect([again.code, again.out.includes("at fault already")]).to.deep.equal([1, true]);
      });

    it("needs one file only where the lie is on its own way", async () => {
      const [own, other] = await anchor(liar().falseSum("XX-ALONE"));
      const { code, out } = await run(own!, ...chosen());
      expect(
        [code, /counts 60 for a node that stands for 50 and 30, which is 80/.test(out)],
        out,
      ).to.deep.equal([1, true]);
      expect((await run(other!, ...chosen())).code).to.equal(0);
    });
  });

  it("convicts of a statement that no file may hold, and so no reader takes", async () => {
    const [, beyond] = await anchor(liar().twoStatements("XX-BEYOND", 2n ** 63n));
    const { code, out, err } = await run(beyond!, ...chosen(), ...withKey);
    expect(code, err).to.equal(1);
    expect(out)
      .to.contain("contradicts itself: it goes from 9223372036854775808 to 9223372036854775858")
      .and.to.contain("is at fault: a statement contradicts itself");
  });

  it("finds every planted lie in the books alone, and proves them all", async () => {
    const { code, out, err } = await run(...chosen(), "--books", ledger.books, ...withKey);
    expect(code, err).to.equal(1);
    for (const { charity, fault } of LIES) {
      expect(out).to.contain(`line of charity ${charityHex(charity)} in CNY`);
      expect(out).to.contain(`✗ ${fault}: the contract takes it`);
      expect(out).to.contain(`the line of charity ${charityHex(charity)} is at fault: `);
    }
    const again = await run(...chosen(), "--books", ledger.books);
    expect(again.out.match(/at fault already/g)).to.have.length(LIES.length);
  });
});
