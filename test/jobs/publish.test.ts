// Publishing: books that come out the same to the byte whenever they are made, files that are whole or not there, and
// reports that follow from statements.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { openBook } from "../../server/books/read.ts";
import { fastKeccak } from "../../server/hashing.ts";
import { BookShelf } from "../../server/jobs/book-shelf.ts";
import { type LedgerCard, writeLedgerCard } from "../../server/jobs/ledger-card.ts";
import { mendShelf, type Publisher, publishOldest, reportDay } from "../../server/jobs/publish.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { recordDocument } from "../../server/store/documents.ts";
import { type PeriodReport, reportPeriod } from "../../server/store/period-reports.ts";
import { leadsToItsRoot } from "../books/making.ts";
import { CHARITY, log, SECOND_CHARITY, World } from "../chain/world.ts";

const LONG_AGO = new Date("2020-01-01");

describe("publishing", () => {
  let world: World;
  let folder: string;
  let publisher: Publisher;
  const here = (name: string) => join(folder, name);
  const running = new AbortController();

  beforeEach(async () => {
    world = await World.make();
    folder = await mkdtemp(join(tmpdir(), "amanah-books-"));
    const shelf = new BookShelf({ sql: world.sql, ledger: world.ledger.id, folder, log });
    publisher = { sql: world.sql, ledger: world.ledger, shelf, log };
  });
  afterEach(async () => {
    await world.close();
    await rm(folder, { recursive: true });
  });

  /** Gifts on two lines and a reversal in one batch. */
  async function sealSome(): Promise<bigint> {
    await world.give(Array.from({ length: 300 }, (_, i) => BigInt(i + 1)));
    const [gift] = await world.give([90n, 4n], SECOND_CHARITY, "STEP");
    await world.takeBack(gift!, 30n, SECOND_CHARITY, "STEP");
    return world.seal();
  }

  const publishAll = async () => {
    while (await publishOldest(publisher));
  };

  const flipHash = () =>
    world.sql.unsafe("UPDATE books SET sha256 = set_byte(sha256, 0, get_byte(sha256, 0) # 1)");

  const publicDocument = (body: object) =>
    world.sql.begin("ISOLATION LEVEL READ COMMITTED", (tx) =>
      recordDocument(tx, { kind: "spending", body, isPublic: true }),
    );

  it("writes the books of sealed batches in order, each leading to its root", async () => {
    await sealSome();
    await world.give([7n]);
    await world.seal();
    await world.give([1n]);
    await publishAll();
    expect((await readdir(folder)).sort()).to.deep.equal(["1.arrow", "2.arrow"]);
    const book = openBook(await readFile(here("1.arrow")));
    expect(leadsToItsRoot(book)).to.equal(true);
    expect(
      book.statements
        .map(({ registration, unit, kind, receipts }) => `${registration} ${unit} ${kind} ${receipts}`)
        .sort(),
    ).to.deep.equal([`${CHARITY} CNY 0 300`, `${SECOND_CHARITY} STEP 0 2`, `${SECOND_CHARITY} STEP 1 1`]);
    expect(openBook(await readFile(here("2.arrow"))).statements[0]).to.include({
      previous: 1n,
      receipts: 1n,
    });
  });

  it("makes a book that is lost, or cut off, again to the byte", async () => {
    await sealSome();
    await publishAll();
    const bytes = await readFile(here("1.arrow"));
    await rm(here("1.arrow"));
    expect(await mendShelf(publisher, running.signal)).to.equal(true);
    expect(Buffer.compare(await readFile(here("1.arrow")), bytes)).to.equal(0);
    await truncate(here("1.arrow"), 100);
    expect((await publisher.shelf.book(1n))?.name).to.equal("1.arrow");
    expect(Buffer.compare(await readFile(here("1.arrow")), bytes)).to.equal(0);
    expect(await mendShelf(publisher, running.signal)).to.equal(false);
  });

  it("makes a book or a document that was changed in its place again before it gives it out", async () => {
    const { hash } = await publicDocument({ meals: 56_000 });
    await sealSome();
    await publishAll();
    const spoil = async (name: string) => {
      const bytes = await readFile(here(name));
      await writeFile(
        here(name),
        bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 1 : byte)),
      );
      return bytes;
    };
    await publisher.shelf.book(1n);
    const bytes = await spoil("1.arrow");
    await publisher.shelf.book(1n);
    expect(Buffer.compare(await readFile(here("1.arrow")), bytes)).to.equal(0);
    await spoil(`documents/${toHex(hash)}.json`);
    const name = await publisher.shelf.document(hash);
    expect(await readFile(here(name!), "utf8")).to.equal('{"meals":56000}');
  });

  it("takes away what a killed process has left, among the documents too", async () => {
    const left = here("documents/0x12.json.x.new");
    await mkdir(here("documents"));
    await writeFile(left, "{");
    await utimes(left, LONG_AGO, LONG_AGO);
    await mendShelf(publisher, running.signal);
    expect(await readdir(here("documents"))).to.deep.equal([]);
  });

  it("never gives out a lost book that comes out otherwise, and raises an alarm until it does not", async () => {
    await sealSome();
    await publishAll();
    await rm(here("1.arrow"));
    await flipHash();
    for (const attempt of [() => publisher.shelf.book(1n), () => mendShelf(publisher, running.signal)]) {
      const thrown = await attempt().catch((error: Error) => error);
      expect(thrown)
        .to.have.property("message")
        .that.matches(/was published as .*, and now comes out as/);
    }
    expect(await readdir(folder)).to.deep.equal([]);
    expect(await world.alarms()).to.deep.equal(["book-differs"]);
    await flipHash();
    await mendShelf(publisher, running.signal);
    expect(await world.alarms()).to.deep.equal([]);
  });

  const DAMAGE: readonly (readonly [string, string, RegExp])[] = [
    [
      "a chunk",
      "UPDATE chunks SET leaves = set_byte(leaves, 3, get_byte(leaves, 3) # 1) WHERE number = 0",
      /the receipts of batch 1/,
    ],
    [
      "a reversal",
      "UPDATE receipts SET details = set_byte(details, 3, get_byte(details, 3) # 1) WHERE kind = 1",
      /the receipts of batch 1/,
    ],
    ["a reversal's salt", "UPDATE receipts SET salt = NULL WHERE kind = 1", /has lost its salt/],
    ["a statement", `UPDATE statements SET "to" = "to" + 1`, /the book of batch 1 leads to 0x/],
    [
      "a notice",
      "UPDATE notices SET content = subject WHERE kind = 'previous'",
      /the book of batch 1 leads to 0x/,
    ],
  ];
  for (const [what, change, says] of DAMAGE)
    it(`publishes no book of a batch in which ${what} was changed, and raises an alarm`, async () => {
      await sealSome();
      await world.sql.unsafe(change);
      const thrown = await publishOldest(publisher).catch((error: Error) => error);
      expect(thrown).to.have.property("message").that.matches(says);
      expect(await readdir(folder)).to.deep.equal([]);
      expect(await world.alarms()).to.deep.equal(["book-withheld"]);
    });

  it("leaves no part of a book when its process is killed while writing", async () => {
    await world.give(Array.from({ length: 9_000 }, () => 1n));
    await world.seal();
    const args = [
      join(import.meta.dirname, "publish-process.ts"),
      world.databaseUrl,
      Buffer.from(world.ledger.id).toString("hex"),
      folder,
    ];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    const left = await readdir(folder);
    expect(left).to.have.length(1);
    expect(left[0]).to.match(/^1\.arrow\..*\.new$/);
    expect((await stat(here(left[0]!))).size).to.be.within(1, 9_000 * 44);
    await publishAll();
    expect(leadsToItsRoot(openBook(await readFile(here("1.arrow"))))).to.equal(true);
    await utimes(here(left[0]!), LONG_AGO, LONG_AGO);
    await mendShelf(publisher, running.signal);
    expect(await readdir(folder)).to.deep.equal(["1.arrow"]);
  });

  it("writes public documents under their hash, as they were hashed, once their batch is sealed", async () => {
    const { hash } = await publicDocument({ meals: 56_000 });
    const hidden = await world.sql.begin("ISOLATION LEVEL READ COMMITTED", (tx) =>
      recordDocument(tx, { kind: "merchant-total", body: { salt: "x" }, isPublic: false }),
    );
    expect(await publisher.shelf.document(hash)).to.equal(undefined);
    await world.seal();
    await publishAll();
    expect(await readdir(here("documents"))).to.deep.equal([`${toHex(hash)}.json`]);
    const bytes = await readFile(here(`documents/${toHex(hash)}.json`));
    expect(bytes.toString()).to.equal('{"meals":56000}');
    expect(toHex(fastKeccak(bytes))).to.equal(toHex(hash));
    const { notices, statements } = openBook(await readFile(here("1.arrow")));
    expect(statements).to.deep.equal([]);
    expect(notices.find(({ kind }) => kind === "spending")?.content).to.deep.equal(new Uint8Array(hash));
    expect(await publisher.shelf.document(hidden.hash)).to.equal(undefined);
    await rm(here(`documents/${toHex(hash)}.json`));
    await mendShelf(publisher, running.signal);
    expect(await readFile(here(`documents/${toHex(hash)}.json`)), "a lost one").to.deep.equal(bytes);
  });

  it("tells where an audit begins, and only writes it when it changes", async () => {
    const card = async () => JSON.parse(await readFile(here("ledger.json"), "utf8")) as LedgerCard;
    const write = () => writeLedgerCard(world.sql, world.ledger.id, folder);
    expect(await write()).to.equal(true);
    expect(await card()).to.include({ ledger: toHex(world.ledger.id), contract: null, lastBatch: null });
    await sealSome();
    await publishAll();
    const contract = await world.deploy();
    expect([await write(), await write()]).to.deep.equal([true, false]);
    expect(await card()).to.include({
      format: "amanah-ledger/1",
      contract: contract.toLowerCase(),
      chainId: 31337,
      lastBatch: "1",
    });
    expect((await card()).charities.map(({ registration }) => registration)).to.deep.equal([
      CHARITY,
      SECOND_CHARITY,
    ]);
    await writeFile(here("ledger.json"), "{");
    expect(await write()).to.equal(true);
  });

  describe("a period report", () => {
    const report = async () =>
      JSON.parse(
        (await reportPeriod(world.sql, world.ledger.id, { closedBefore: null, orEmpty: true }))?.body ??
          "null",
      ) as PeriodReport | null;

    it("follows from the statements of consecutive batches, each reported once", async () => {
      await sealSome();
      await world.give([7n]);
      await world.seal();
      expect(await report()).to.deep.equal({
        format: "amanah-period-report/1",
        ledger: toHex(world.ledger.id),
        fromBatch: "1",
        toBatch: "2",
        receipts: "304",
        lines: [
          {
            charity: CHARITY,
            unit: "CNY",
            gifts: { from: "0", to: "45157", receipts: "301" },
            reversals: { from: "0", to: "0", receipts: "0" },
          },
          {
            charity: SECOND_CHARITY,
            unit: "STEP",
            gifts: { from: "0", to: "94", receipts: "2" },
            reversals: { from: "0", to: "30", receipts: "1" },
          },
        ],
      });
      expect(await report()).to.equal(null);
      await world.give([1n]);
      await world.seal();
      const next = await report();
      expect(next).to.deep.include({ fromBatch: "3", toBatch: "3", receipts: "1" });
      expect(next?.lines).to.have.length(1);
      expect(next?.lines[0]?.gifts).to.deep.equal({ from: "45157", to: "45158", receipts: "1" });
    });

    it("is a notice of the batch that was open, and public", async () => {
      await sealSome();
      await report();
      await world.seal();
      await publishAll();
      const { notices } = openBook(await readFile(here("2.arrow")));
      const { content } = notices.find(({ kind }) => kind === "period")!;
      expect(await readdir(here("documents"))).to.deep.equal([`${toHex(content)}.json`]);
    });

    it("is made once when two ask at the same time", async () => {
      await sealSome();
      const made = await Promise.all([report(), report(), report()]);
      expect(made.filter((one) => one !== null)).to.have.length(1);
    });

    it("is made of a day when it is over and its batches are sealed; a quiet one needs none", async () => {
      await sealSome();
      const [row] = await world.sql<{ closed_at: bigint }[]>`SELECT closed_at FROM batches`;
      const nextDay = (row!.closed_at / 86_400n + 1n) * 86_400n;
      expect(await reportDay(publisher, nextDay - 1n)).to.equal(false);
      await world.sql`INSERT INTO batches (number, state, opened_at, closed_at) VALUES (2, 'closed', 0, ${nextDay - 1n})`;
      expect(await reportDay(publisher, nextDay + 5n)).to.equal(false);
      await world.sql`DELETE FROM batches WHERE number = 2`;
      expect(await reportDay(publisher, nextDay + 5n)).to.equal(true);
      await world.seal();
      expect(await reportDay(publisher, nextDay + 5n * 86_400n)).to.equal(false);
    });
  });
});
