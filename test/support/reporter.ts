// mocha's "spec" reporter, which besides writes what has passed and failed as JSON to the file that AMANAH_TEST_COUNTS names,
// and ends a run that something keeps alive. Both runners use it: plain mocha and Hardhat's.

import { writeFileSync } from "node:fs";
import Mocha, { type MochaOptions, type Runner } from "mocha";

/** After the last test everything must have been stopped; a run that lives on has left something behind. */
const END_LIMIT_MS = 20_000;

class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    const failures: string[] = [];
    runner.on("fail", (test) => failures.push(test.titlePath().join(" ")));
    runner.once("end", () => {
      writeCounts(runner.stats?.passes ?? 0, failures);
      setTimeout(endLeftovers, END_LIMIT_MS).unref();
    });
  }
}

function writeCounts(passed: number, failures: readonly string[]): void {
  const file = process.env.AMANAH_TEST_COUNTS;
  if (file !== undefined) writeFileSync(file, JSON.stringify({ passed, failures }));
}

function endLeftovers(): void {
  console.error(`the tests have left something running: ${process.getActiveResourcesInfo().join(", ")}`);
  process.exit(1);
}

// mocha takes what `require` gives for the reporter itself.
export { CountingReporter as "module.exports" };
