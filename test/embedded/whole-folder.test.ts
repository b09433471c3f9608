// A folder that is there whole or not at all: failures, races and drafts that a killed process has left.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { makeWhole } from "../../server/embedded/whole-folder.ts";

describe("makeWhole", () => {
  let parent: string;
  let folder: string;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), "whole-"));
    folder = join(parent, "made");
  });

  afterEach(() => rm(parent, { recursive: true }));

  const fillWith = (word: string) => (draft: string) => writeFile(join(draft, "word"), word);

  it("leaves nothing when filling fails, and throws what it threw", async () => {
    const fill = async (draft: string) => {
      writeFileSync(join(draft, "half"), "");
      throw new Error("disk full");
    };
    const error = await makeWhole(folder, fill).catch((thrown) => thrown);
    expect(error.message).to.equal("disk full");
    expect(readdirSync(parent)).to.deep.equal([]);
  });

  it("removes the draft of a process that has died, and keeps that of a living one", async () => {
    const dead = spawn(process.execPath, ["--version"], { stdio: "ignore" });
    await once(dead, "exit");
    mkdirSync(`${folder}.draft-${dead.pid}-00`);
    mkdirSync(`${folder}.draft-${process.ppid}-00`);
    await makeWhole(folder, fillWith("a"));
    expect(readdirSync(parent).sort()).to.deep.equal(["made", `made.draft-${process.ppid}-00`]);
  });

  it("does nothing when the folder exists", async () => {
    await makeWhole(folder, fillWith("first"));
    await makeWhole(folder, fillWith("second"));
    expect(await readFile(join(folder, "word"), "utf8")).to.equal("first");
  });

  it("keeps the folder of whoever is first, when both fill it at once", async () => {
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const slow = makeWhole(folder, async (draft) => {
      await held;
      await fillWith("slow")(draft);
    });
    await makeWhole(folder, fillWith("quick"));
    letGo();
    await slow;
    expect(await readFile(join(folder, "word"), "utf8")).to.equal("quick");
    expect(readdirSync(parent)).to.deep.equal(["made"]);
  });
});
