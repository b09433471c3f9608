// The two commands as a newcomer meets them: on a clean copy of the tree, in a folder that is closed to everybody else, with
// nothing installed. Takes as long as an installation does.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect } from "chai";
import { ROOT } from "../../scripts/child.ts";
import { verifyReceipt } from "../../server/protocol/verify.ts";
import { freePort } from "../support/ports.ts";

/** What installing, compiling and running leaves behind, and what is not the tree's. */
const LEFT_OUT = new Set([".git", "node_modules", "artifacts", "cache", "dist", "coverage", "data", "types"]);

describe("on a clean copy of the tree", function () {
  this.timeout(240_000);
  let folder: string;
  let tree: string;

  before(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "clean-")));
    tree = join(folder, "amanah");
    await cp(ROOT, tree, { recursive: true, filter: (path) => !LEFT_OUT.has(relative(ROOT, path)) });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Runs npm there with nothing of ours in its environment. */
  async function npm(...args: string[]) {
    const { PATH, HOME, TMPDIR } = process.env;
    const ports = { PORT: `${await freePort()}`, CHAIN_PORT: `${await freePort()}` };
    const env = { PATH, HOME, TMPDIR, ...ports, CI: "true" };
    const child = spawn("npm", args, {
      cwd: tree,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (text) => {
        said += text;
      });
    const [code] = await once(child, "close");
    return { code, said };
  }

  it("`npm run demo` plays its day, verifies a receipt and keeps it", async () => {
    const file = join(folder, "receipt.json");
    const { code, said } = await npm("run", "demo", "--", "--exit", "--out", file);
    expect(code, said).to.equal(0);
    expect(said)
      .to.match(/2000 purchases/)
      .and.match(/✓ anchored/)
      .and.match(/Valid, by the contract 0x/);
    const { steps, reason } = verifyReceipt(JSON.parse(await readFile(file, "utf8")));
    expect(reason).to.equal("not-compared");
    expect(steps.filter(({ ok }) => ok === false)).to.deep.equal([]);
  });

  it("`npm test` runs tests and counts them", async () => {
    const { code, said } = await npm("test", "--", join("test", "hashing.test.ts"));
    expect(code, said).to.equal(0);
    expect(said.trim().split("\n").at(-1)).to.match(/^[1-9]\d* passed, 0 failed$/);
  });
});
