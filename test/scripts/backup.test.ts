// Backups as files: what is refused, what comes back, and that nothing half done is left, on the shared PostgreSQL. Taking
// one of a living service, and starting on it, is in backup-service.test.ts.

import { existsSync, statSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ARCHIVE_END, type Entry, encodeEntry, readArchive } from "../../scripts/backup/archive.ts";
import { checkBackup, restoreDatabase, restoreFolder } from "../../scripts/backup/put-back.ts";
import { openSource } from "../../scripts/backup/source.ts";
import { takeBackup } from "../../scripts/backup/take.ts";
import { freshDataDir } from "../../server/embedded/data-dir.ts";
import { InputError } from "../../server/errors.ts";
import { connect, type Database } from "../../server/store/database.ts";
import { openLedger } from "../../server/store/ledger.ts";
import { migrate, migrationNames } from "../../server/store/migrate.ts";
import { heldSince } from "../../server/store/restorations.ts";
import { emptyDatabase, type TestDatabase } from "../support/postgres.ts";
import { addShop, openTestStore, purchases, record, type TestStore } from "../support/store.ts";

const NOW = new Date(0);
const KEY = Buffer.from("amanah_operator_key\n");

describe("backup and restore", function () {
  this.timeout(60_000);
  let folder: string;
  let store: TestStore;
  /** A whole backup of a ledger with two batches and an open one. */
  let file: string;
  let databases: { database: TestDatabase; sql: Database }[];

  before(async () => {
    folder = await freshDataDir();
    store = await openTestStore();
    await addShop(store.sql, "shop", ["GB-CHC-1", "GB-CHC-2"]);
    for (const name of ["first", "second", "open"]) {
      await record(store.ingest, purchases("shop", name, 60));
      if (name !== "open") await store.seal();
    }
    await store.sql`SELECT ensure_receipts_partition(25000)`;
    // As a ledger that has moved has them.
    await store.sql`INSERT INTO first_anchored (batch, at) VALUES (1, 1790000000)`;
    await store.sql`
      INSERT INTO first_moved (charity, unit, step, upto, at) VALUES ('\\x01', 'CNY', 'paid', 50, 1790000001)`;
    file = join(folder, "whole.tar");
    await takeBackup(store.sql, { to: file, operatorKey: KEY });
  });
  beforeEach(() => {
    databases = [];
  });
  afterEach(async () => {
    for (const { sql, database } of databases) {
      await sql.end({ timeout: 1 });
      await database.drop();
    }
  });
  after(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  async function empty(): Promise<Database> {
    const database = await emptyDatabase();
    const sql = connect(database.url, 3);
    databases.push({ database, sql });
    return sql;
  }

  const failureOf = async (work: Promise<unknown>) =>
    await work.then(
      () => undefined,
      (thrown) => thrown,
    );

  async function expectRefused(work: Promise<unknown>, code: string, words: RegExp): Promise<void> {
    const failure = await failureOf(work);
    expect(failure).to.be.instanceOf(Error).with.property("code", code);
    expect(failure.message).to.match(words);
  }

  async function entriesOf(path: string): Promise<Entry[]> {
    const entries: Entry[] = [];
    const content = await readFile(path);
    for await (const entry of readArchive(
      (async function* () {
        yield content;
      })(),
    ))
      entries.push(entry);
    return entries;
  }

  let made = 0;

  async function written(content: Buffer): Promise<string> {
    const path = join(folder, `made-${made++}.tar`);
    await writeFile(path, content);
    return path;
  }

  const archive = (entries: readonly Entry[]) =>
    written(Buffer.concat([...entries.map((entry) => encodeEntry(entry, NOW)), ARCHIVE_END]));

  /** The backup with its head changed. */
  async function withHead(change: (head: Record<string, unknown>) => object): Promise<string> {
    const [head, ...rest] = await entriesOf(file);
    const changed = change(JSON.parse(head!.content.toString()));
    return archive([{ name: head!.name, content: Buffer.from(JSON.stringify(changed)) }, ...rest]);
  }

  describe("a backup is refused", () => {
    it("with one byte changed in any of its entries", async () => {
      const whole = await readFile(file);
      let at = 0;
      let damaged = 0;
      for (const { content } of await entriesOf(file)) {
        const flipped = Buffer.from(whole);
        const middle = at + 512 + (content.length >> 1);
        flipped.writeUInt8(whole.readUInt8(middle) ^ 1, middle);
        const failure = await failureOf(checkBackup(await written(flipped)));
        expect(failure, `byte ${middle}`).to.be.instanceOf(InputError);
        at += 512 + Math.ceil(content.length / 512) * 512;
        damaged += 1;
      }
      expect(damaged).to.be.above(20);
    });

    it("that ends too early, wherever that is, and nothing of it is kept", async () => {
      const whole = await readFile(file);
      const end = whole.length - ARCHIVE_END.length;
      for (const length of [whole.length >> 2, whole.length >> 1, end - 4_096, end - 1]) {
        const cut = await written(whole.subarray(0, length));
        await expectRefused(checkBackup(cut), "damaged-backup", /damaged/);
      }
      const cut = await written(whole.subarray(0, whole.length >> 1));
      const sql = await empty();
      await expectRefused(restoreDatabase(cut, sql), "damaged-backup", /ends too early/);
      expect(await sql`SELECT FROM receipts`, "no row is kept").to.have.length(0);
      const target = join(folder, "from-cut");
      await expectRefused(restoreFolder(cut, target), "damaged-backup", /ends too early/);
      expect(await readdir(target)).to.deep.equal([]);
    });

    it("with a table's rows missing, doubled or exchanged, though every entry is whole", async () => {
      const entries = await entriesOf(file);
      const at = entries.findIndex(({ name }) => name.startsWith("tables/events/"));
      const events = entries[at]!;
      const chunks = entries.find(({ name }) => name.startsWith("tables/chunks/"))!;
      const forged = [
        entries.toSpliced(at, 1),
        entries.toSpliced(at + 1, 0, { ...events, name: events.name.replace("1.copy", "2.copy") }),
        entries.toSpliced(at, 1, { ...events, content: chunks.content }),
      ];
      for (const one of forged)
        await expectRefused(checkBackup(await archive(one)), "damaged-backup", /table events|tables\/events/);
    });

    it("that is none: another file, or an encrypted one", async () => {
      const notes = await written(Buffer.from("dear diary, ".repeat(200)));
      const other = await archive([{ name: "diary.txt", content: Buffer.from("dear diary") }]);
      for (const path of [notes, other, await written(Buffer.alloc(0))])
        await expectRefused(checkBackup(path), "not-a-backup", /encrypted/);
    });

    it("of a format newer than this version knows", async () => {
      const newer = await withHead((head) => ({ ...head, format: "amanah-backup/2" }));
      await expectRefused(checkBackup(newer), "newer-format", /amanah-backup\/2.*knows amanah-backup\/1/);
    });

    it("of a schema newer than this version's, before anything is made", async () => {
      const newer = await withHead((head) => ({
        ...head,
        migrations: ["0001-ledger.sql", "9999-later.sql"],
      }));
      const target = join(folder, "from-newer");
      await expectRefused(restoreFolder(newer, target), "newer-schema", /9999-later\.sql.*newer/);
      expect(existsSync(target)).to.equal(false);
    });

    it("with words in the bounds of a partition that are no bounds", async () => {
      const tables = (head: Record<string, unknown>) =>
        (head.tables as { name: string; partition: object | null }[]).map((table) =>
          table.name === "receipts_from_20000"
            ? { ...table, partition: { of: "receipts", bounds: "DEFAULT; DROP TABLE events" } }
            : table,
        );
      const hostile = await withHead((head) => ({ ...head, tables: tables(head) }));
      await expectRefused(restoreDatabase(hostile, await empty()), "other-schema", /receipts_from_20000/);
    });
  });

  describe("nothing is overwritten:", () => {
    it("a file that exists is not", async () => {
      await expectRefused(takeBackup(store.sql, { to: file }), "file-exists", /exists already/);
    });

    it("a folder that holds anything is not", async () => {
      const target = join(folder, "in-use");
      await mkdir(target);
      await writeFile(join(target, "operator.key"), "mine");
      await expectRefused(restoreFolder(file, target), "folder-not-empty", /operator\.key/);
      expect(await readdir(target)).to.deep.equal(["operator.key"]);
    });

    it("a database that has a table is not", async () => {
      const sql = await empty();
      await sql`CREATE TABLE precious (thing text)`;
      await expectRefused(restoreDatabase(file, sql), "not-empty", /precious/);
    });
  });

  describe("no backup is made", () => {
    it("of a folder without a database, and none is made there", async () => {
      const nowhere = join(folder, "nowhere");
      await expectRefused(openSource({ dataDir: nowhere }), "no-database", /--data-dir/);
      expect(existsSync(nowhere)).to.equal(false);
    });

    it("of a database without a ledger", async () => {
      await expectRefused(takeBackup(await empty(), { to: folder }), "no-ledger", /holds no ledger/);
    });

    it("in a folder that is missing", async () => {
      const to = join(folder, "missing", "b.tar");
      await expectRefused(takeBackup(store.sql, { to }), "no-folder", /no such folder/);
    });

    it("when it is interrupted or the database goes away: no file is left, and the store serves on", async () => {
      const before = await readdir(folder);
      const stopping = new AbortController();
      const to = join(folder, "interrupted.tar");
      const onProgress = () => stopping.abort();
      const interrupted = await failureOf(takeBackup(store.sql, { to, onProgress, signal: stopping.signal }));
      expect(interrupted).to.have.property("name", "AbortError");
      const ended = async () => {
        const [own] = await store.sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE state <> 'idle' AND query LIKE 'COPY%' AND datname = current_database()`;
        return own;
      };
      const cutOff = await failureOf(
        takeBackup(store.sql, { to, onProgress: () => void ended().catch(() => {}) }),
      );
      // The last table may have been read before the connection ended.
      if (cutOff === undefined) await rm(to);
      expect(await readdir(folder)).to.deep.equal(before);
      expect(await store.sql`SELECT 1 AS one`).to.deep.equal([{ one: 1 }]);
    });
  });

  it("holds for its owner alone, and names itself after ledger and time in a folder", async () => {
    const own = join(folder, "own");
    await mkdir(own);
    const taken = await takeBackup(store.sql, { to: own });
    expect(taken.file).to.match(/amanah-0x[0-9a-f]{8}-\d{8}T\d{6}Z\.tar$/);
    expect(statSync(taken.file).mode & 0o777).to.equal(0o600);
    expect(await readdir(own)).to.have.length(1);
  });

  it("removes what a backup that was killed on this machine has left, and nobody else's", async () => {
    const shared = join(folder, "shared");
    await mkdir(shared);
    const left = (host: string, pid: number) => join(shared, `b.tar.unfinished-${host}-${pid}`);
    const gone = 2 ** 22 + 1;
    for (const path of [left(hostname(), gone), left("elsewhere", gone), left(hostname(), process.ppid)])
      await writeFile(path, "half");
    await takeBackup(store.sql, { to: join(shared, "c.tar") });
    expect((await readdir(shared)).sort()).to.deep.equal(
      [
        `b.tar.unfinished-${hostname()}-${process.ppid}`,
        `b.tar.unfinished-elsewhere-${gone}`,
        "c.tar",
      ].sort(),
    );
  });

  it("leaves out no table that outlives a crash", async () => {
    const { tables } = (await checkBackup(file)).head;
    const all = await store.sql<{ name: string }[]>`
      SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname`;
    const names = tables.map(({ name }) => name);
    expect(names).to.deep.equal(all.map(({ name }) => name));
    expect(names).to.include.members(["first_anchored", "first_moved", "conversions", "webhook_messages"]);
  });

  it("brings back every row of every table, the numberings and the partitions, to the byte", async () => {
    const sql = await empty();
    const { operatorKey, tables } = await restoreDatabase(file, sql);
    expect(operatorKey).to.deep.equal(KEY);
    expect(tables.filter(({ name }) => name.startsWith("receipts_from_")).map(({ name }) => name)).to.include(
      "receipts_from_20000",
    );
    expect(await heldSince(sql), "nothing more is asked of the bank unseen").to.be.instanceOf(Date);
    // Else it is as it was.
    await sql`TRUNCATE restorations RESTART IDENTITY`;
    const again = join(folder, "again.tar");
    await takeBackup(sql, { to: again, operatorKey: KEY });
    const [first, second] = await Promise.all([entriesOf(file), entriesOf(again)]);
    const rowsOf = (entries: Entry[]) =>
      entries.filter(({ name }) => name !== "amanah-backup.json" && name !== "end.json");
    expect(rowsOf(second).map(({ name }) => name)).to.deep.equal(rowsOf(first).map(({ name }) => name));
    for (const [at, { name, content }] of rowsOf(first).entries())
      expect(rowsOf(second)[at]!.content.equals(content), name).to.equal(true);
    const headOf = ([head]: Entry[]) => ({ ...JSON.parse(head!.content.toString()), takenAt: null });
    expect(headOf(second)).to.deep.equal(headOf(first));
    const [events] = await sql`SELECT count(*) FROM events`;
    expect(events?.count).to.equal(180n);
  });

  it("gives out no number again: the next line has one of its own", async () => {
    const sql = await empty();
    await restoreDatabase(file, sql);
    const [most] = await sql<{ id: number }[]>`SELECT max(id) AS id FROM lines`;
    const [next] = await sql<{ id: number }[]>`
      INSERT INTO lines (charity, unit) SELECT id, 'XXX' FROM charities LIMIT 1 RETURNING id`;
    expect(next!.id).to.be.above(most!.id);
  });

  it("keeps the schema that it was made with, which today's version then brings up to date", async () => {
    const old = await empty();
    const first = (await migrationNames()).slice(0, 4);
    await migrate(old, first);
    const ledger = await openLedger(old);
    const { file: backup } = await takeBackup(old, { to: folder });
    const sql = await empty();
    await restoreDatabase(backup, sql);
    const applied = async () =>
      (await sql<{ name: string }[]>`SELECT name FROM migrations ORDER BY name`).map(({ name }) => name);
    expect(await applied()).to.deep.equal(first);
    await migrate(sql);
    expect(await applied()).to.deep.equal(await migrationNames());
    expect((await openLedger(sql)).id).to.deep.equal(ledger.id);
  });
});
