// A test's way to run commands: what it gives, and what it says of a command that comes to no end.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { runScript } from "./support/run-script.ts";

const TALKS = 'console.log("so far"); console.error("and so");';

describe("a script that a test runs", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "amanah-scripts-"));
  });
  after(() => rm(folder, { recursive: true }));

  async function write(code: string): Promise<string> {
    const file = join(folder, "script.mjs");
    await writeFile(file, code);
    return file;
  }

  it("gives its code and what it says", async () => {
    const outcome = await runScript(await write(`${TALKS} process.exitCode = 3;`), []);
    expect(outcome).to.deep.equal({ code: 3, out: "so far\n", err: "and so\n" });
  });

  it("is killed when it comes to no end, and what it said is told", async () => {
    const hanging = await write(`${TALKS} process.on("SIGTERM", () => {}); setInterval(() => {}, 1_000);`);
    const failure = await runScript(hanging, ["--on"], { limitMs: 2_000 }).catch((error: Error) => error);
    expect(failure).to.be.instanceOf(Error);
    expect((failure as Error).message).to.equal("script.mjs --on was ended by SIGKILL\nso far\n\nand so\n");
  });
});
