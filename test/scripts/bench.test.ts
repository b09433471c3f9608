// The command `bench`, at sizes at which its figures mean nothing: that it runs, tells each figure, and cleans up.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Figure } from "../../scripts/bench/figures.ts";

const COMMAND = join(import.meta.dirname, "../../scripts/bench.ts");

describe("npm run bench", function () {
  this.timeout(120_000);
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "amanah-bench-"));
    // PostgreSQL's own user passes through, when root runs the tests.
    await chmod(root, 0o711);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const start = (...args: string[]): ChildProcess =>
    spawn(process.execPath, [COMMAND, ...args], {
      env: { ...process.env, TMPDIR: root },
      stdio: ["ignore", "pipe", "pipe"],
    });

  async function endOf(child: ChildProcess) {
    const [out, err, [code]] = await Promise.all([
      textOf(child.stdout),
      textOf(child.stderr),
      once(child, "close"),
    ]);
    return { out, err, code };
  }

  async function textOf(stream: AsyncIterable<Buffer> | null): Promise<string> {
    let text = "";
    for await (const data of stream ?? []) text += data;
    return text;
  }

  it("refuses a size that is none", async () => {
    const { code, err } = await endOf(start("seal", "--size", "1e6"));
    expect(code).to.equal(1);
    expect(err).to.contain("Wanted a whole number from 1.");
  });

  it("leaves nothing behind when it is interrupted", async () => {
    const child = start("ingest", "--seconds", "100");
    const ending = endOf(child);
    while ((await readdir(root)).length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    child.kill("SIGINT");
    const { code, err } = await ending;
    expect(code).to.equal(1);
    expect(err).to.contain("interrupted by SIGINT");
    expect(await readdir(root)).to.deep.equal([]);
  });

  it("tells how ingest compares, and leaves nothing behind", async () => {
    const args = ["ingest", "--size", "300", "--seconds", "1", "--rounds", "1", "--json"];
    const { code, out, err } = await endOf(start(...args));
    expect(code, err).to.equal(0);
    const figures = JSON.parse(out) as Figure[];
    expect(figures.map(({ name, wanted, unit }) => [name, wanted, unit])).to.deep.equal([
      ["single purchases", 0.25, "×"],
      ["single purchases, promised", 0.9, "×"],
      ["bulk purchases, promised", 0.9, "×"],
      ["bulk purchases", 0.3, "×"],
    ]);
    for (const { reached } of figures) expect(reached).to.be.above(0);
    expect(await readdir(root)).to.deep.equal([]);
  });

  it("tells how sealing compares, as a table", async () => {
    const { code, out, err } = await endOf(start("seal", "--size", "1000", "--rounds", "1"));
    expect(code, err).to.equal(0);
    const [head = "", ...rows] = out.split("\n").slice(0, 4);
    expect(head.split(/ {2,}/)).to.deep.equal(["what", "Amanah", "against", "reached", "wanted"]);
    expect(rows.map((row) => row.split(/ {2,}/)[0])).to.deep.equal(["sum tree", "whole seal", "proof"]);
    for (const row of rows) expect(row).to.match(/(met|missed)$/);
    expect(await readdir(root)).to.deep.equal([]);
  });
});
