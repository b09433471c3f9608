// The embedded PostgreSQL through all that can happen to it: two starts at once, kill -9 of us and of it, an interrupted
// creation, private folders, root and ordinary users. Every server here is real.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { freshDataDir } from "../../server/embedded/data-dir.ts";
import { startPostgres } from "../../server/embedded/postgres.ts";
import { findPostmaster } from "../../server/embedded/postmaster.ts";
import { serverUser } from "../../server/embedded/system-user.ts";
import { InputError, UnavailableError } from "../../server/errors.ts";
import { connect } from "../../server/store/database.ts";
import { killAtOnce, lineOf } from "../support/lines.ts";
import { answers } from "../support/ports.ts";

const STARTER = join(import.meta.dirname, "..", "support", "start-postgres.ts");
const isRoot = process.getuid?.() === 0;
const onLinux = process.platform === "linux";

describe("embedded PostgreSQL", () => {
  let dataDir: string;
  let children: ChildProcess[];

  beforeEach(async () => {
    dataDir = await freshDataDir();
    children = [];
  });

  afterEach(async () => {
    await Promise.all(children.map(killAtOnce));
    if (existsSync(join(dataDir, "postgres", "postmaster.pid")))
      await (await startPostgres({ dataDir })).stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  function startElsewhere(): ChildProcess {
    const child = spawn(process.execPath, [STARTER, dataDir], { stdio: ["ignore", "pipe", "inherit"] });
    children.push(child);
    return child;
  }

  const drafts = () => readdirSync(dataDir).filter((name) => name.startsWith("postgres.draft-"));

  const started = async (child: ChildProcess): Promise<{ url: string; adopted: boolean }> =>
    JSON.parse(await lineOf(child.stdout!, (line) => line.includes("url") || line.includes("failure")));

  async function ask(url: string, query: string): Promise<unknown[]> {
    const sql = connect(url, 1);
    try {
      return (await sql.unsafe(query).values()).flat();
    } finally {
      await sql.end();
    }
  }

  describe("refuses", () => {
    it("a data folder below a private one, when we are root, and names a folder to choose", async function () {
      // Only root gives PostgreSQL a user of its own, who then has to get through the folders above.
      if (!isRoot) this.skip();
      const folder = await mkdtemp(join(tmpdir(), "private-"));
      const error = await startPostgres({ dataDir: join(folder, "data") }).catch((thrown) => thrown);
      const mode = statSync(folder).mode & 0o777;
      await rm(folder, { recursive: true });
      expect(error).to.be.instanceOf(InputError).with.property("code", "data-dir-private");
      expect(error.message).to.contain("DATA_DIR=/var/lib/amanah");
      expect(mode, "a folder that was there before is not opened").to.equal(0o700);
    });

    it("a database whose password is missing", async () => {
      await (await startPostgres({ dataDir })).stop();
      await rm(join(dataDir, "postgres.json"));
      const error = await startPostgres({ dataDir }).catch((thrown) => thrown);
      expect(error)
        .to.be.instanceOf(InputError)
        .with.property("message")
        .that.contains("restore it from your backup");
    });

    it("a damaged password file, without showing what is in it", async () => {
      writeFileSync(join(dataDir, "postgres.json"), '{"password": "hunter');
      const error = await startPostgres({ dataDir }).catch((thrown) => thrown);
      expect(error).to.be.instanceOf(InputError).with.property("message").that.contains("damaged");
      expect(error.message).not.to.contain("hunter");
    });

    it("a database of another version of PostgreSQL, in the server's own words", async () => {
      await (await startPostgres({ dataDir })).stop();
      writeFileSync(join(dataDir, "postgres", "PG_VERSION"), "9\n");
      const error = await startPostgres({ dataDir }).catch((thrown) => thrown);
      expect(error).to.be.instanceOf(UnavailableError).with.property("message").that.contains("incompatible");
    });

    it("a client with another password", async () => {
      const { url } = await startPostgres({ dataDir });
      const address = new URL(url);
      address.password = "wrong";
      const error = await ask(address.href, "SELECT 1").catch((thrown) => thrown);
      expect(error.message).to.contain("password authentication failed");
    });
  });

  it("starts on a fresh folder, on this machine's own address only, and durable", async () => {
    const { url, adopted } = await startPostgres({ dataDir });
    expect(adopted).to.equal(false);
    expect(new URL(url)).to.include({ hostname: "127.0.0.1", pathname: "/amanah" });
    const settings =
      "listen_addresses fsync synchronous_commit full_page_writes data_checksums server_encoding jit";
    const shown = await ask(url, `SELECT ${settings.split(" ").map((name) => `current_setting('${name}')`)}`);
    expect(shown).to.deep.equal(["127.0.0.1", "on", "on", "on", "on", "UTF8", "off"]);
    expect(
      await ask(url, "SELECT datcollate FROM pg_database WHERE datname = current_database()"),
    ).to.deep.equal(["C"]);
  });

  it("keeps the password and the port in a file that only its owner reads", async () => {
    const { url } = await startPostgres({ dataDir });
    const { port, password } = new URL(url);
    const file = join(dataDir, "postgres.json");
    expect(JSON.parse(await readFile(file, "utf8"))).to.deep.equal({ password, port: Number(port) });
    expect(statSync(file).mode & 0o777).to.equal(0o600);
  });

  it("keeps rows' values out of its log", async () => {
    const { url } = await startPostgres({ dataDir });
    await ask(
      url,
      "CREATE TABLE donors (name text PRIMARY KEY); INSERT INTO donors VALUES ('a secret name')",
    );
    await ask(url, "INSERT INTO donors VALUES ('a secret name')").catch(() => {});
    const log = await readFile(join(dataDir, "postgres", "postgres.log"), "utf8");
    expect(log).to.contain("duplicate key").and.not.to.contain("a secret name");
  });

  it("ends sessions when it stops, frees the port, and may be stopped twice", async () => {
    const { url, stop } = await startPostgres({ dataDir });
    const sql = connect(url, 1);
    await sql`SELECT 1`;
    await stop();
    await stop();
    expect(await answers(Number(new URL(url).port))).to.equal(false);
    await sql.end({ timeout: 1 });
  });

  it("keeps what was committed over a stop and a start", async () => {
    const first = await startPostgres({ dataDir });
    await ask(first.url, "CREATE TABLE kept AS SELECT 7 AS value");
    await first.stop();
    const second = await startPostgres({ dataDir });
    expect(second.adopted).to.equal(false);
    expect(await ask(second.url, "SELECT value FROM kept")).to.deep.equal([7]);
  });

  it("survives the kill -9 of the process that started it, and the next one adopts it", async () => {
    const child = startElsewhere();
    const { url } = await started(child);
    await ask(url, "CREATE TABLE kept AS SELECT 7 AS value");
    await killAtOnce(child);
    const next = await startPostgres({ dataDir });
    expect(next).to.include({ url, adopted: true });
    expect(await ask(next.url, "SELECT value FROM kept")).to.deep.equal([7]);
  });

  it("recovers what was committed when the server itself is killed", async () => {
    const { url } = await startPostgres({ dataDir });
    await ask(url, "CREATE TABLE kept AS SELECT 7 AS value");
    process.kill((await findPostmaster(join(dataDir, "postgres")))!.pid, "SIGKILL");
    const next = await startPostgres({ dataDir });
    expect(next.adopted).to.equal(false);
    expect(await ask(next.url, "SELECT value FROM kept")).to.deep.equal([7]);
  });

  it("gives five starts at once on a fresh folder the same server", async function () {
    this.timeout(180_000);
    const all = await Promise.all(Array.from({ length: 5 }, () => started(startElsewhere())));
    expect(new Set(all.map(({ url }) => url)).size).to.equal(1);
    expect(await ask(all[0]!.url, "SELECT 1")).to.deep.equal([1]);
    expect(drafts()).to.deep.equal([]);
  });

  it("gives five starts at once after a stop the same server", async function () {
    this.timeout(180_000);
    await (await startPostgres({ dataDir })).stop();
    const all = await Promise.all(Array.from({ length: 5 }, () => started(startElsewhere())));
    expect(new Set(all.map(({ url }) => url)).size).to.equal(1);
  });

  for (const sign of ["PG_VERSION", "base/1/PG_VERSION", "base/5/PG_VERSION"]) {
    it(`starts after its creation was killed once ${sign} was there, and leaves nothing of it behind`, async () => {
      const stdio = ["ignore", "pipe", "inherit"] as const;
      const child = spawn(process.execPath, [STARTER, dataDir], { detached: true, stdio: [...stdio] });
      children.push(child);
      while (!drafts().some((draft) => existsSync(join(dataDir, draft, sign)))) await sleep(1);
      // Its whole process group, initdb too.
      process.kill(-child.pid!, "SIGKILL");
      await once(child, "exit");
      expect(drafts()).to.have.length(1);
      expect(existsSync(join(dataDir, "postgres"))).to.equal(false);
      const { url } = await startPostgres({ dataDir });
      expect(await ask(url, "SELECT current_database()")).to.deep.equal(["amanah"]);
      expect(drafts()).to.deep.equal([]);
    });
  }

  it("starts although another process has the number of a server that crashed", async function () {
    // Whose a process number is, is read in /proc, which Linux alone has.
    if (!onLinux) this.skip();
    await (await startPostgres({ dataDir })).stop();
    const user = await serverUser();
    const other = spawn("sleep", ["60"], { ...user });
    children.push(other);
    await once(other, "spawn");
    const lockFile = [other.pid, join(dataDir, "postgres"), 1, 1, "", "127.0.0.1", "", "ready"].join("\n");
    writeFileSync(join(dataDir, "postgres", "postmaster.pid"), lockFile);
    const { url, adopted } = await startPostgres({ dataDir });
    expect(adopted).to.equal(false);
    expect(await ask(url, "SELECT 1")).to.deep.equal([1]);
  });
});
