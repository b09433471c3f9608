// The command that runs all tests, on small test files: what it counts, and that nothing is passed over in silence.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { answers } from "../../server/embedded/free-port.ts";
import { lineOf } from "../support/lines.ts";

const COMMAND = join(import.meta.dirname, "..", "..", "scripts", "test.ts");

const POSTGRES = join(import.meta.dirname, "..", "support", "postgres.ts");

const PASSING = 'it("passes", () => {});';
const FAILING = 'it("fails", () => { throw new Error("no"); });';

describe("test command", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "tests-"));
  });

  afterEach(() => rm(folder, { recursive: true }));

  /** Writes a test file in a folder of its own, which makes a runner of its own. */
  async function keep(name: string, text: string): Promise<string> {
    await mkdir(join(folder, name));
    const file = join(folder, name, "small.test.ts");
    await writeFile(file, text);
    return file;
  }

  async function run(args: readonly string[]): Promise<{ code: number | null; lines: string[] }> {
    const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ["ignore", "pipe", "ignore"] });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    const [code] = await once(child, "close");
    return { code, lines: output.trimEnd().split("\n") };
  }

  /** Runs the command on one file with this text; gives its code and its last line. */
  async function runOn(text: string, options: string[] = []) {
    const { code, lines } = await run([await keep("only", text), ...options]);
    return { code, lastLine: lines.at(-1) };
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

  it("names what has failed once more, of all folders, right above the sum", async () => {
    const one = await keep("one", `describe("first", () => { ${FAILING} });`);
    const other = await keep("other", `describe("second", () => { ${PASSING} ${FAILING} });`);
    const { code, lines } = await run([one, other]);
    expect(code).to.equal(1);
    expect(lines.at(-4)).to.equal("failed:");
    expect(lines.slice(-3, -1).sort()).to.deep.equal(["  - first fails", "  - second fails"]);
    expect(lines.at(-1)).to.equal("1 passed, 2 failed");
  });

  it("divides a folder of many files among processes, and leaves none of them out", async () => {
    const says = 'it("passes", () => console.log("process", process.pid));';
    const files = Array.from({ length: 9 }, (_, index) => join(folder, `${index}.test.ts`));
    for (const file of files) await writeFile(file, says);
    const { code, lines } = await run(files);
    expect([code, lines.at(-1)]).to.deep.equal([0, "9 passed, 0 failed"]);
    const processes = lines.filter((line) => line.startsWith("process "));
    expect([processes.length, new Set(processes).size]).to.deep.equal([9, 2]);
  });

  it("runs two folders at a time, and shows each as a whole", async () => {
    /** Ends only when the other is under way, and speaks before and after. */
    const meeting = (own: string, other: string) => `
      import { existsSync, writeFileSync } from "node:fs";
      it("meets", async () => {
        writeFileSync(${JSON.stringify(join(folder, own))}, "");
        console.log("${own} waits");
        while (!existsSync(${JSON.stringify(join(folder, other))})) await new Promise((go) => setTimeout(go, 20));
        console.log("${own} has met");
      });`;
    const files = [await keep("a", meeting("ann", "ben")), await keep("b", meeting("ben", "ann"))];
    const { code, lines } = await run(files);
    const spoken = lines.filter((line) => /waits|has met/.test(line));
    expect([code, lines.at(-1)]).to.deep.equal([0, "2 passed, 0 failed"]);
    for (const name of ["ann", "ben"]) {
      const first = spoken.indexOf(`${name} waits`);
      expect(spoken[first + 1]).to.equal(`${name} has met`);
    }
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const)
    it(`leaves no database running when it is ended by ${signal}`, async () => {
      const file = await keep(
        "only",
        `import { freshDatabase } from ${JSON.stringify(POSTGRES)};
        it("waits", async () => {
          console.log("at", new URL((await freshDatabase()).url).port);
          await new Promise((go) => setTimeout(go, 50_000));
        });`,
      );
      const child = spawn(process.execPath, [COMMAND, file], { stdio: ["ignore", "pipe", "ignore"] });
      const ended = once(child, "close");
      const port = Number((await lineOf(child.stdout, (line) => line.startsWith("at "))).slice(3));
      expect(await answers(port)).to.equal(true);
      child.kill(signal);
      expect((await ended)[0]).to.equal(1);
      expect(await answers(port)).to.equal(false);
    });
});
