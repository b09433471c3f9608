// The lock of the set-up: one process at a time, and none waits for the dead.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { makeProject, type Project } from "../support/project.ts";

/** Holds the lock for a while and notes when it has begun and ended. */
const HOLD = `
  import { appendFileSync } from "node:fs";
  import { setTimeout as sleep } from "node:timers/promises";
  const { withLock } = await import("./scripts/setup/lock.mjs");
  await withLock("cache/setup.lock", async () => {
    appendFileSync("notes", "begin " + process.pid + "\\n");
    await sleep(150);
    appendFileSync("notes", "end " + process.pid + "\\n");
  });`;

describe("set-up lock", () => {
  let project: Project;

  beforeEach(async () => {
    project = await makeProject();
  });

  afterEach(() => project.remove());

  const notes = async () => (await readFile(join(project.folder, "notes"), "utf8")).trim().split("\n");
  const isHeld = () => existsSync(join(project.folder, "cache/setup.lock"));

  it("is let go when the work fails", async () => {
    const { code } = await project.run(
      'await (await import("./scripts/setup/lock.mjs")).withLock("cache/setup.lock", () => { throw new Error("no"); });',
    );
    expect(code).to.equal(1);
    expect(isHeld()).to.equal(false);
  });

  it("lets one process work at a time, and tells the others whom they wait for", async () => {
    const endings = await Promise.all(Array.from({ length: 4 }, () => project.run(HOLD)));
    const said = await notes();
    expect(said).to.have.length(8);
    for (let at = 0; at < said.length; at += 2) {
      expect(said[at + 1], "each ends before the next begins").to.equal(said[at]!.replace("begin", "end"));
    }
    expect(endings.map(({ code }) => code)).to.deep.equal([0, 0, 0, 0]);
    expect(endings.map(({ output }) => output).join("")).to.match(
      /waiting for the set-up that process \d+ does/,
    );
    expect(isHeld()).to.equal(false);
  });

  it("is taken over from a process that has died, by one of those who find it", async () => {
    const { output: pid } = await project.run("process.stdout.write(String(process.pid))");
    await project.write("cache/setup.lock", pid);
    await Promise.all(Array.from({ length: 4 }, () => project.run(HOLD)));
    const said = await notes();
    for (let at = 0; at < said.length; at += 2)
      expect(said[at + 1]).to.equal(said[at]!.replace("begin", "end"));
    expect(said).to.have.length(8);
  });
});
