// The command `verify`, run as a stranger runs it: as a process of its own, against a real contract on a real endpoint.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { toHex } from "../../server/protocol/bytes.ts";
import { encodeReceiptFile, type ReceiptFile } from "../../server/protocol/receipt-file.ts";
import {
  contractArguments,
  type DeployedLedger,
  deployLedger,
  payByBank,
} from "../protocol/deployed-ledger.ts";
import { bytesOf } from "../protocol/making.ts";
import { type Outcome, runScript } from "../support/run-script.ts";
import { playLedger } from "../vectors/ledger.ts";

const COMMAND = join(import.meta.dirname, "../../scripts/verify.ts");
const NOWHERE = "0x00000000000000000000000000000000000000ff";

describe("npm run verify", function () {
  this.timeout(60_000);
  const played = playLedger();
  let folder: string;
  let ledger: DeployedLedger;
  let stranger: DeployedLedger;

  const fileOf = (name: string): ReceiptFile => {
    return structuredClone(encodeReceiptFile(played.files.find((each) => each.name === name)!.file));
  };

  async function save(name: string, content: object | string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  }

  const saveNamed = (name: string) => save(`${name}.json`, fileOf(name));

  /** Each test has pins of its own unless it shares a home. */
  async function verify(args: string[], home?: string): Promise<Outcome> {
    const env = { ...process.env, AMANAH_HOME: home ?? (await mkdtemp(join(folder, "home-"))) };
    return await runScript(COMMAND, args, { env });
  }

  const chosen = () => ["--rpc", ledger.url, "--contract", ledger.address];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "amanah-verify-"));
    ledger = await deployLedger(played.ledger.id);
    stranger = await deployLedger(bytesOf("another ledger"));
    await ledger.write("anchorMany", [1n, [...played.roots.values()].map(toHex)]);
    const first = fileOf("first gift of a line, spent");
    const [, , statement, proof] = contractArguments(first);
    await ledger.write("prove", [statement, proof]);
    await payByBank(ledger, first.receipt.charity, "CNY", BigInt(first.statement!.to));
  });

  after(async () => {
    await Promise.all([ledger.stop(), stranger.stop()]);
    await rm(folder, { recursive: true });
  });

  describe("when the command is wrong", () => {
    it("exits 2 and says what it wants", async () => {
      const wrong: [string[], RegExp][] = [
        [[], /missing required argument 'file'/],
        [["x.json", "--rpc", "somewhere"], /wanted an http or https address, got "somewhere"/],
        [["x.json", "--contract", "0x12"], /Wanted 0x and 40 hex digits/],
        [["x.json", "--trust-me"], /unknown option '--trust-me'/],
      ];
      for (const [args, says] of wrong) {
        const { code, out, err } = await verify(args);
        expect([code, out]).to.deep.equal([2, ""]);
        expect(err).to.match(says);
      }
    });

    it("exits 2 for a file that is not there, or a folder", async () => {
      for (const path of [join(folder, "nowhere.json"), folder]) {
        const { code, out } = await verify([path]);
        expect(code).to.equal(2);
        expect(out).to.match(/Cannot tell \(not-readable\).*cannot be read/);
      }
    });

    it("exits 2 when the list of pinned contracts is damaged", async () => {
      const home = await mkdtemp(join(folder, "home-"));
      await writeFile(join(home, "contracts.json"), `{ "0x00": { "contract": 5 } }`);
      const { code, err } = await verify([await saveNamed("gift")], home);
      expect(code).to.equal(2);
      expect(err).to.match(/contracts\.json cannot be read: repair or remove it \(0x00\.contract: wanted 0x/);
    });
  });

  describe("for a file that is not valid", () => {
    it("exits 1 for what is not JSON, or too large to be a receipt", async () => {
      const notJson = await verify([await save("text.json", "not { json")]);
      expect(notJson.code).to.equal(1);
      expect(notJson.out).to.match(/Invalid \(not-json\), at the step "format": the file is not JSON/);
      const huge = await verify([await save("huge.json", `"${"x".repeat(3 << 20)}"`)]);
      expect(huge.code).to.equal(1);
      expect(huge.out).to.match(/Invalid \(too-large\)/);
    });

    it("exits 1 and says which step failed and why, with an endpoint or without", async () => {
      const file = fileOf("first gift of a line, spent");
      file.receipt.amount = "1000000";
      const path = await save("raised.json", file);
      for (const { code, out } of [await verify([path]), await verify([path, ...chosen()])]) {
        expect(code).to.equal(1);
        expect(out).to.match(/ {2}✗ path/);
        expect(out).to.match(
          /^Invalid \(receipts-root-differs\), at the step "path": receipt and path lead to 0x/m,
        );
        expect(out).not.to.match(/^Valid/m);
      }
    });

    it("exits 1 when the contract keeps another ledger", async () => {
      const args = [await saveNamed("gift"), "--rpc", stranger.url, "--contract", stranger.address];
      const { code, out } = await verify(args);
      expect(code).to.equal(1);
      expect(out).to.match(/✗ ledger .*the contract keeps the ledger 0x/);
    });

    it("exits 1 when one file among valid ones is not", async () => {
      const forged = { ...fileOf("gift"), statementProof: [] };
      const { code, out } = await verify([
        await saveNamed("gift"),
        await save("forged.json", forged),
        ...chosen(),
      ]);
      expect(code).to.equal(1);
      expect(out)
        .to.match(/✗ anchored/)
        .and.to.match(/1 valid, 1 invalid, 0 undecided/);
    });

    it("lets nothing in a file steer the terminal or pass for a step", async () => {
      const file = fileOf("gift");
      file.details = {
        ...file.details,
        order: "1\u001b[2J\u202e\n✓ status    spent",
        "✓ status    spent": "yes\r",
      };
      const { out } = await verify([await save("escapes.json", file)]);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come out
      expect(out).not.to.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      expect(out).not.to.match(/^\s*✓ status/m);
      expect(out).to.include("order number: 1\\u{1b}[2J\\u{202e}\\u{a}✓");
    });
  });

  describe("when it cannot tell", () => {
    it("exits 2 without an endpoint, having checked down to the root", async () => {
      const { code, out } = await verify([await saveNamed("gift")]);
      expect(code).to.equal(2);
      expect(out)
        .to.match(/✓ root .*0x/)
        .and.to.match(/Cannot tell \(no-endpoint\).*pass --rpc URL/);
    });

    it("exits 2 without a contract of the reader's choice: the file's own word is but a hint", async () => {
      const file = { ...fileOf("gift"), ledger: { ...fileOf("gift").ledger, contract: ledger.address } };
      const { code, out } = await verify([await save("hinting.json", file), "--rpc", ledger.url]);
      expect(code).to.equal(2);
      expect(out).to.include(
        `the file names ${ledger.address}; pass --contract ${ledger.address} if you have it from`,
      );
    });

    it("exits 2 for a receipt that is not sealed, and says when it will be", async () => {
      const { code, out } = await verify([await saveNamed("gift that is not sealed"), ...chosen()]);
      expect(code).to.equal(2);
      expect(out).to.match(/Cannot tell \(not-sealed\).*expected to be by 2026-09-21/);
    });

    it("exits 2 for a batch that is not anchored", async () => {
      const { code, out } = await verify([
        await saveNamed("gift in a batch that is not anchored"),
        ...chosen(),
      ]);
      expect(code).to.equal(2);
      expect(out).to.include("the contract has no root for batch 4 yet");
    });

    it("exits 2 when the endpoint does not answer, or has no such contract", async () => {
      const path = await saveNamed("gift");
      const dead = await verify([path, "--rpc", "http://127.0.0.1:1", "--contract", ledger.address]);
      const empty = await verify([path, "--rpc", ledger.url, "--contract", NOWHERE]);
      for (const { code, out } of [dead, empty]) {
        expect(code).to.equal(2);
        expect(out).to.match(/Cannot tell \(no-answer\)/);
      }
    });
  });

  describe("for a valid file", () => {
    it("exits 0 and shows order number, position, status and what kind of chain it is", async () => {
      const { code, out } = await verify([await saveNamed("first gift of a line, spent"), ...chosen()]);
      expect(code).to.equal(0);
      expect(out).to.match(/order number: 1\d+/);
      expect(out).to.include("a gift of 1.00 CNY");
      expect(out).to.include("position: [0, 100) on the line of charity 0x");
      expect(out).to.include("the line: given 750, reversed 0, paid 750");
      expect(out).to.match(/✓ status .*paid to the charity; not acknowledged by it yet/);
      expect(out).to.match(
        /^Valid, by the contract 0x[0-9a-f]{40} on chain 31337, taken from the command line\.$/m,
      );
      expect(out).to.match(/demonstration chain.*against its operator it proves nothing/);
      expect(out).to.match(/not proven: that the gift was not refunded/);
    });

    it("gives the same as JSON", async () => {
      const { code, out } = await verify([await saveNamed("gift"), "--json", ...chosen()]);
      const [document, ...rest] = out
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
      expect([code, rest.length]).to.deep.equal([0, 0]);
      expect(document).to.include({
        verdict: "valid",
        reason: null,
        order: "3002",
        batch: "3",
        status: "anchored",
      });
      expect(document.position).to.include({ start: "2700", end: "2850", unit: "CNY" });
      expect(document.root).to.equal(toHex(played.roots.get("3")!));
      expect(document.steps.map(({ step }: { step: string }) => step).at(-1)).to.equal("status");
    });

    it("tells a gift refunded when the reversal that names it is at hand", async () => {
      const reversal = fileOf("netted reversal");
      const paths = await Promise.all(
        played.batches[0]!.files.slice(0, 5).map((file, i) =>
          save(`gift-${i}.json`, encodeReceiptFile(file)),
        ),
      );
      const { code, out } = await verify([
        ...paths,
        await save("reversal.json", reversal),
        "--json",
        ...chosen(),
      ]);
      expect(code).to.equal(0);
      const documents = out
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
      const refunded = documents.filter((each) => each.reversals.length > 0);
      expect(refunded.map(({ leaf }) => leaf)).to.deep.equal([reversal.receipt.terms]);
      expect(documents.at(-1).steps.at(-1)).to.include({ step: "gift", ok: true });
    });
  });

  describe("a pinned contract", () => {
    it("is written after a success only, and taken from then on", async () => {
      const home = await mkdtemp(join(folder, "home-"));
      const path = await saveNamed("gift");
      await verify([await save("broken.json", "{}"), "--pin", ...chosen()], home);
      expect((await verify([path, "--rpc", ledger.url], home)).code).to.equal(2);
      expect((await verify([path, "--pin", ...chosen()], home)).err).to.match(/^pinned: 0x/);
      const { code, out } = await verify([path, "--rpc", ledger.url], home);
      expect(code).to.equal(0);
      expect(out).to.include("taken from the pinned list");
    });

    it("is never exchanged unasked", async () => {
      const home = await mkdtemp(join(folder, "home-"));
      const pins = { [toHex(played.ledger.id)]: { chainId: 31337, contract: NOWHERE } };
      await writeFile(join(home, "contracts.json"), JSON.stringify(pins));
      const { code, err } = await verify([await saveNamed("gift"), "--pin", ...chosen()], home);
      expect(code).to.equal(2);
      expect(err).to.include(`is pinned to ${NOWHERE}; remove that from`);
      expect(JSON.parse(await readFile(join(home, "contracts.json"), "utf8"))).to.deep.equal(pins);
    });

    it("is not looked for on another chain than it was pinned on", async () => {
      const home = await mkdtemp(join(folder, "home-"));
      const pins = { [toHex(played.ledger.id)]: { chainId: 1, contract: ledger.address } };
      await writeFile(join(home, "contracts.json"), JSON.stringify(pins));
      const { code, out } = await verify([await saveNamed("gift"), "--rpc", ledger.url], home);
      expect(code).to.equal(2);
      expect(out).to.include("the pinned contract is on chain 1, this endpoint is of chain 31337");
    });
  });

  describe("many files", () => {
    let counter: Server;
    const calls: string[] = [];

    before(async () => {
      counter = createServer(async (request, response) => {
        const body = await new Response(request as never).text();
        calls.push(body);
        const answer = await fetch(ledger.url, {
          method: "POST",
          body,
          headers: { "content-type": "application/json" },
        });
        response.setHeader("content-type", "application/json").end(await answer.text());
      });
      await new Promise<void>((resolve) => counter.listen(0, "127.0.0.1", resolve));
    });

    after(() => {
      counter.close();
      counter.closeAllConnections();
    });

    it("are told in one line each, with one call for each root, line and fault", async () => {
      const files = played.batches.slice(0, 3).flatMap((batch) => batch.files);
      const paths = await Promise.all(
        files.map((file, i) => save(`many-${i}.json`, encodeReceiptFile(file))),
      );
      const { port } = counter.address() as AddressInfo;
      const args = [...paths, "--rpc", `http://127.0.0.1:${port}`, "--contract", ledger.address];
      const { code, out } = await verify(args);
      expect(code).to.equal(0);
      expect(out).to.include(`${files.length} valid, 0 invalid, 0 undecided`);
      expect(out.match(/^✓ .*order number \d+, \[\d+, \d+\), \w+/gm)).to.have.length(files.length);
      // The chain's id, the ledger, its successor, three roots, three lines and whether these are at fault.
      expect(calls).to.have.length(12);
    });
  });
});
