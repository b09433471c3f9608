// Threads that are ended while they load, again and again, in a process of its own: what is wrong here ends the process.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";

const WORKERS = join(import.meta.dirname, "../server/jobs/tree-workers.ts");
const ROUNDS = 30;
const SPREAD_MS = 400;

const SCRIPT = `
  const { TreeWorkers } = await import(${JSON.stringify(WORKERS)});
  for (let round = 0; round < ${ROUNDS}; round++) {
    const workers = new TreeWorkers(2);
    await new Promise((resolve) => setTimeout(resolve, (round * ${SPREAD_MS}) / ${ROUNDS}));
    await workers.stop();
  }
  console.log("all ended");`;

describe("threads", function () {
  this.timeout(60_000);

  it("are ended at any moment of their loading, and the process goes on", async () => {
    const args = ["--input-type=module", "--eval", SCRIPT];
    expect((await promisify(execFile)(process.execPath, args)).stdout).to.equal("all ended\n");
  });
});
