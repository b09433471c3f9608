// The command that runs all tests, on small test files: what it counts, and that nothing is passed over in silence.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";

const COMMAND = join(import.meta.dirname, "..", "..", "scripts", "test.ts");

const PASSING = 'it("passes", () => {});';
const FAILING = 'it("fails", () => { throw new Error("no"); });';

describe("test command", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "tests-"));
  });

  afterEach(() => rm(folder, { recursive: true }));

  /** Runs the command on one file with this text; gives its code and its last line. */
  async function runOn(text: string, options: string[] = []) {
    const file = join(folder, "small.test.ts");
    await writeFile(file, text);
    const child = spawn(process.execPath, [COMMAND, file, ...options], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    const [code] = await once(child, "close");
    return { code, lastLine: output.trimEnd().split("\n").at(-1) };
  }

  it("counts a failed test, and fails", async () => {
    expect(await runOn(PASSING + FAILING)).to.deep.equal({ code: 1, lastLine: "1 passed, 1 failed" });
  });

  it("counts a failed hook as a failure", async () => {
    const text = `before(() => { throw new Error("no"); }); ${PASSING}`;
    expect(await runOn(text)).to.deep.equal({ code: 1, lastLine: "0 passed, 1 failed" });
  });

  it("counts a file that cannot be loaded as a failure", async () => {
    expect(await runOn('throw new Error("no");')).to.deep.equal({ code: 1, lastLine: "0 passed, 1 failed" });
  });

  it("counts a run that ends in the middle as a failure", async () => {
    const text = `${PASSING} it("ends all", () => process.exit(0));`;
    expect(await runOn(text)).to.deep.equal({ code: 1, lastLine: "0 passed, 1 failed" });
  });

  it("counts neither a test that is skipped nor one that the pattern leaves out", async () => {
    const text = `${PASSING} ${FAILING} it.skip("passes later", () => {});`;
    expect(await runOn(text, ["--grep", "passes"])).to.deep.equal({
      code: 0,
      lastLine: "1 passed, 0 failed",
    });
  });

  it("sums up what passed", async () => {
    expect(await runOn(PASSING.repeat(3))).to.deep.equal({ code: 0, lastLine: "3 passed, 0 failed" });
  });
});
