// The command `audit`, run as a regulator runs it: as a process of its own, from an endpoint and public books alone.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { AnchoredRoots, CONTRACT } from "../../scripts/bench/anchored-roots.ts";
import { BookMaker } from "../../scripts/bench/books.ts";
import { BANK, cleanLedger, KEY } from "../audit/clean-ledger.ts";
import { type AuditLedger, startAuditChain } from "../audit/ledger.ts";

const COMMAND = join(import.meta.dirname, "../../scripts/audit.ts");
const NOWHERE = "http://127.0.0.1:1";

type Outcome = { code: number | null; out: string; err: string };

describe("npm run audit", function () {
  this.timeout(60_000);
  let folder: string;
  let chain: Awaited<ReturnType<typeof startAuditChain>>;
  let ledger: AuditLedger;

  const start = (args: readonly string[]): ChildProcess =>
    spawn(process.execPath, [COMMAND, ...args], {
      env: { ...process.env, AMANAH_HOME: join(folder, "home") },
      stdio: ["ignore", "pipe", "pipe"],
    });

  async function endOf(child: ChildProcess): Promise<Outcome> {
    const [out, err, [code]] = await Promise.all([
      text(child.stdout!),
      text(child.stderr!),
      once(child, "close"),
    ]);
    return { out, err, code };
  }

  const run = (...args: string[]): Promise<Outcome> => endOf(start(args));
  const chosen = () => ["--rpc", chain.chain.url, "--contract", ledger.contract, "--workers", "1"];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "amanah-audit-"));
    chain = await startAuditChain();
    ledger = await cleanLedger(chain.operator);
  });
  after(async () => {
    await ledger.remove();
    await chain.chain.stop();
    await rm(folder, { recursive: true, force: true });
  });

  describe("when it cannot check", () => {
    it("exits 2 and says what it wants when the command is wrong", async () => {
      const wrong: [string[], RegExp][] = [
        [[], /required option '--rpc <url>' not specified/],
        [["--rpc", "somewhere"], /wanted an http or https address/],
        [[...chosen(), "--books", "x", "--workers", "0"], /Wanted 1 to 64/],
        [
          [...chosen(), "--books", ledger.books, "--signers", join(folder, "none")],
          /wanted \{"registration"/,
        ],
      ];
      for (const [args, says] of wrong) {
        const { code, err } = await run(...args);
        expect(code, err).to.equal(2);
        expect(err).to.match(says);
      }
    });

    it("exits 2 when there is no such contract, or the server of the books does not answer", async () => {
      const empty = await run(
        "--rpc",
        chain.chain.url,
        "--contract",
        `0x${"ab".repeat(20)}`,
        "--books",
        ledger.books,
      );
      expect(empty.code).to.equal(2);
      expect(empty.err).to.match(/could not check: 0xabab.* does not answer as a donation ledger does/);
      const silent = await run(...chosen(), "--books", NOWHERE);
      expect(silent.code).to.equal(2);
      expect(silent.err).to.match(
        /could not check: the books at http:\/\/127\.0\.0\.1:1\/ cannot be fetched/,
      );
    });

    it("exits 2 when the endpoint does not answer", async () => {
      const { code, err } = await run(
        "--rpc",
        NOWHERE,
        "--contract",
        ledger.contract,
        "--books",
        ledger.books,
      );
      expect(code).to.equal(2);
      expect(err).to.match(/could not check: the endpoint 127\.0\.0\.1:1 gives no answer/);
    });
  });

  describe("of a clean ledger", () => {
    it("exits 0, says what was checked and what was not, and leaves nothing behind", async () => {
      const state = join(folder, "own-state");
      const { code, out, err } = await run(...chosen(), "--books", ledger.books, "--state", state);
      expect(code, out + err).to.equal(0);
      expect(await readdir(state)).to.deep.equal([]);
      expect(out)
        .to.match(/4 batches; 19 receipts, 3 of them reversals/)
        .and.to.match(/No findings/)
        .and.to.match(
          /GB-CHC-1164883: 3.04 CNY in 11 gifts, 0.90 CNY taken back, transferred \d\.\d\d CNY; the line is given up to 2.95 CNY, paid 2.95 CNY/,
        )
        .and.to.match(/promises that were not kept and that nobody has asked for on chain/);
      expect(err).to.equal("");
    });

    it("gives the whole outcome as JSON and as a page that needs nothing else", async () => {
      const page = join(folder, "report.html");
      const { code, out } = await run(...chosen(), "--books", ledger.books, "--json", "-", "--html", page);
      expect(code).to.equal(0);
      const report = JSON.parse(out);
      expect(report).to.include({
        format: "amanah-audit/1",
        verdict: "clean",
        batches: "4",
        receipts: "19",
        chainId: 31337,
        signatures: 4,
      });
      expect(report.lines[1]).to.deep.include({ registration: BANK, unit: "CNY", payouts: 2 });
      const html = await readFile(page, "utf8");
      expect(html)
        .to.match(/Clean: nothing was found/)
        .and.to.include("<svg")
        .and.to.include("prefers-color-scheme: dark");
      expect(html).not.to.match(/<script|\bsrc=|<link|url\(|@import/);
    });

    it("takes signers and books from elsewhere: a file and a server", async () => {
      const server = await serve(ledger.books);
      const signers = join(folder, "signers.json");
      await writeFile(signers, JSON.stringify({ [BANK]: KEY.address }));
      const { code, out, err } = await run(
        ...chosen(),
        "--books",
        `${server.url}/books`,
        "--signers",
        signers,
      );
      expect(code, out + err).to.equal(0);
      expect(out).not.to.match(/pass --signers/);
      server.close();
    });
  });

  it("exits 1 and names what it found, with nothing that could steer a terminal or a page", async () => {
    const draft = ledger.drafts[3]!.copy();
    draft.statement(BANK).registration = "<script>\u001b[2J\u202e";
    await ledger.publish(draft);
    const page = join(folder, "findings.html");
    const { code, out } = await run(...chosen(), "--books", ledger.books, "--html", page);
    await ledger.publish(ledger.drafts[3]!);
    expect(code).to.equal(1);
    expect(out).to.match(
      /✗ book-header-false \(minor\), 1: .*\n {4}batch 4, 0x1a5d[0-9a-f]+, CNY: gifts of batch 4: the book calls it "<script>/,
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come out
    expect(out).not.to.match(/[\u001b\u202e]/);
    expect(await readFile(page, "utf8")).not.to.match(/<script|\u202e/);
  });

  describe("that is broken off", () => {
    let endpoint: AnchoredRoots;
    let books: string;
    let state: string;
    const BOOKS = 60;
    const GIFTS = 3_000;
    const args = () => [
      "--rpc",
      endpoint.url,
      "--contract",
      CONTRACT,
      "--books",
      books,
      "--state",
      state,
      "--workers",
      "2",
      "--json",
      "-",
    ];

    before(async () => {
      books = await mkdtemp(join(folder, "books-"));
      const maker = new BookMaker(books);
      endpoint = await AnchoredRoots.listen(maker.ledger);
      for (let book = 0; book < BOOKS; book++) await maker.write(GIFTS);
      endpoint.anchor(maker.roots);
      // One leaf of the first book once more in the last: found only if nothing is forgotten between two runs.
      const [first, last] = [join(books, "1.arrow"), join(books, `${BOOKS}.arrow`)];
      const bytes = await readFile(last);
      (await readFile(first)).copy(
        bytes,
        leavesAt(bytes),
        leavesAt(await readFile(first)),
        leavesAt(await readFile(first)) + 32,
      );
      await writeFile(last, bytes);
    });
    beforeEach(async () => {
      state = await mkdtemp(join(folder, "state-"));
    });
    after(() => endpoint.close());

    const EXPECTED = ["leaf-twice", "receipts-altered"];

    function check({ code, out, err }: Outcome): { notChecked: string[] } {
      expect(code, err).to.equal(1);
      const report = JSON.parse(out);
      expect(report.counts.map((each: { code: string }) => each.code).sort()).to.deep.equal(EXPECTED);
      expect(report).to.include({
        receipts: `${BOOKS * GIFTS + (BOOKS - 1) * (GIFTS / 100)}`,
        reversals: (BOOKS - 1) * (GIFTS / 100),
      });
      return report;
    }

    const FAST = 20;

    /**
     * Slows the books down, so that there is time to break off, which is done when so many have been fetched; by a kill not
     * before something was noted down. Behind the first few they come one by one.
     */
    async function slowly(signal: NodeJS.Signals, afterBooks: number, port?: number): Promise<Outcome> {
      let fetched = 0;
      const reached = Promise.withResolvers<void>();
      const isNoted = () => signal !== "SIGKILL" || hasNotedABook(state);
      const server = await serve(
        books,
        async () => {
          fetched += 1;
          if (fetched >= afterBooks && isNoted()) reached.resolve();
          await new Promise((resolve) => setTimeout(resolve, 250 * Math.max(1, fetched - FAST)));
        },
        port,
      );
      slow = `${server.url}/`;
      const child = start([...args().map((arg) => (arg === books ? slow : arg))]);
      const ending = endOf(child);
      await reached.promise;
      child.kill(signal);
      const ended = await ending;
      server.close();
      return ended;
    }
    let slow = "";

    it("goes on after Ctrl-C from where it was, and finds the same", async () => {
      const { code, err } = await slowly("SIGINT", 12);
      expect(code).to.equal(2);
      expect(err).to.match(/stopped behind batch \d+; the same command goes on from there/);
      const server = await serve(books, undefined, Number(new URL(slow).port));
      const report = check(await run(...args().map((arg) => (arg === books ? slow : arg))));
      server.close();
      expect(report.notChecked.join("\n")).to.match(
        /books up to batch \d+ were checked by a run that was broken off/,
      );
    });

    it("finds the same after a kill, and after another while it goes on", async () => {
      await slowly("SIGKILL", 12);
      await slowly("SIGKILL", 3, Number(new URL(slow).port));
      const server = await serve(books, undefined, Number(new URL(slow).port));
      const report = check(await run(...args().map((arg) => (arg === books ? slow : arg))));
      server.close();
      expect(report.notChecked.join("\n")).to.match(/checked by a run that was broken off/);
      expect(await readdir(state)).to.deep.equal([]);
    });

    it("begins anew where its folder was changed, and finds the same", async () => {
      await slowly("SIGINT", 12);
      const files = await readdir(state);
      for (const name of files.filter((name) => name.startsWith("leaves-")))
        await appendFile(join(state, name), "");
      const [leaves = ""] = files.filter((name) => name.startsWith("leaves-"));
      await writeFile(join(state, leaves), Buffer.alloc((await stat(join(state, leaves))).size));
      const server = await serve(books, undefined, Number(new URL(slow).port));
      check(await run(...args().map((arg) => (arg === books ? slow : arg))));
      server.close();
    });

    it("does not run twice on one folder", async () => {
      await writeFile(join(state, "lock"), `${process.pid}`);
      const { code, err } = await run(...args());
      expect(code).to.equal(2);
      expect(err).to.match(/process \d+ is auditing with .*pass another folder with --state/);
    });
  });
});

/** Not until then is there something to go on from. */
const hasNotedABook = (state: string): boolean =>
  existsSync(join(state, "checkpoint.json")) &&
  /"batch":{"\$integer":"[1-9]/.test(readFileSync(join(state, "checkpoint.json"), "utf8"));

/** Where the leaves of a book's first statement begin: behind the message in front of the columns, whose bytes are random. */
function leavesAt(book: Buffer): number {
  const marks = Buffer.from([0xff, 0xff, 0xff, 0xff]);
  const schema = book.indexOf(marks, 8);
  const message = schema + 8 + book.readUInt32LE(schema + 4);
  return message + 8 + book.readUInt32LE(message + 4);
}

/** Serves a folder under `/` and `/books/`. */
async function serve(
  folder: string,
  before: () => Promise<void> = async () => {},
  port = 0,
): Promise<{ url: string; close(): void }> {
  const server: Server = createServer(async (request, response) => {
    await before();
    const path = join(folder, (request.url ?? "").replace(/^\/books/, ""));
    const exists = await stat(path).then(
      (found) => found.isFile(),
      () => false,
    );
    if (!exists) return void response.writeHead(404).end();
    createReadStream(path).pipe(response);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
