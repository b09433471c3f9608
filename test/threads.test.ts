// Threads that die of a task, or never start; and threads that are ended while they load, again and again, in a process of
// its own: what is wrong there ends the process.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { InvariantError } from "../server/errors.ts";
import { Thread } from "../server/threads.ts";

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

const ECHO = new URL("./support/echo-thread.ts", import.meta.url);
const NOWHERE = new URL("./support/no-such-thread.ts", import.meta.url);

describe("threads", function () {
  this.timeout(60_000);
  const threads: Thread<string, string>[] = [];

  afterEach(() => Promise.all(threads.splice(0).map((thread) => thread.stop())));

  function start(entry: URL): Thread<string, string> {
    const thread = new Thread<string, string>("the tested thread", entry);
    threads.push(thread);
    return thread;
  }

  const failureOf = (answer: Promise<unknown>) =>
    answer.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );

  for (const [how, task, reason] of [
    ["throws", "throw", "poisoned"],
    ["ends itself", "exit", "it ended with 0"],
  ] as const)
    it(`that die of a task, which ${how}, fail all who wait, and answer again when next asked`, async () => {
      const thread = start(ECHO);
      await thread.loaded();
      const died = await Promise.all([thread.ask(task), thread.ask("behind it")].map(failureOf));
      for (const failure of died)
        expect(failure)
          .to.be.instanceOf(InvariantError)
          .and.have.property("message", `the tested thread failed: ${reason}`);
      expect(await Promise.all(["one", "two"].map((next) => thread.ask(next)))).to.deep.equal(["one", "two"]);
    });

  it("that cannot be started say so, to who waits for them and to who asks", async () => {
    const thread = start(NOWHERE);
    for (const failure of [await failureOf(thread.loaded()), await failureOf(thread.ask("one"))])
      expect(failure)
        .to.be.instanceOf(InvariantError)
        .and.have.property("message")
        .that.matches(/^the tested thread failed: .*no-such-thread/);
  });

  it("answer nobody once they are stopped", async () => {
    const thread = start(ECHO);
    const waiting = failureOf(thread.ask("one"));
    await thread.stop();
    for (const failure of [await waiting, await failureOf(thread.ask("two"))])
      expect(failure).to.have.property("message", "the tested thread was stopped");
  });

  it("are ended at any moment of their loading, and the process goes on", async () => {
    const args = ["--input-type=module", "--eval", SCRIPT];
    expect((await promisify(execFile)(process.execPath, args)).stdout).to.equal("all ended\n");
  });
});
