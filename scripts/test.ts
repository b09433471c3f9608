// Runs all tests, or those of the files and the pattern (`--grep`) given: the contracts' by Hardhat's own runner, the
// rest by mocha, each folder in a process of its own, so that none carries the native parts of another's chain along. One
// after the other, since two cores measure badly at once. The last line sums all runners' counts.

import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { ROOT, runNode, tool } from "./child.ts";

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

interface Runner {
  readonly name: string;
  readonly args: readonly string[];
  /** The files to run; none: all that are the runner's own. */
  readonly files: readonly string[];
}

const CONTRACT_TESTS = join("test", "contracts");
const TIMEOUT_MS = "30000";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: "string", short: "g" }, bail: { type: "boolean", short: "b" } },
});
const options = [...(values.grep ? ["--grep", values.grep] : []), ...(values.bail ? ["--bail"] : [])];
const files = positionals.flatMap((path) => testsIn(relative(ROOT, path)));
const isContractTest = (file: string) => file.startsWith(CONTRACT_TESTS);

/** A file is itself; a folder stands for the tests below it. */
function testsIn(path: string): string[] {
  const isFolder = statSync(join(ROOT, path), { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? globSync(join(path, "**/*.test.ts"), { cwd: ROOT }).sort() : [path];
}

const contractTests: Runner = {
  name: "the contracts' tests",
  // The launch script has compiled them.
  args: [tool("hardhat", "dist", "src", "cli.js"), "test", "mocha", "--no-compile"],
  files: files.filter(isContractTest),
};

const MOCHA = [
  tool("mocha", "bin", "mocha.js"),
  ...[
    "--require",
    "test/support/hooks.ts",
    "--reporter",
    "test/support/reporter.ts",
    "--timeout",
    TIMEOUT_MS,
  ],
];

/** One runner for the tests of each folder. */
function folderRunners(): Runner[] {
  const chosen = files.length > 0 ? files : globSync("test/**/*.test.ts", { cwd: ROOT }).sort();
  const byFolder = Object.groupBy(
    chosen.filter((file) => !isContractTest(file)),
    dirname,
  );
  return Object.entries(byFolder).map(([folder, own = []]) => ({
    name: `the tests in ${folder}`,
    args: MOCHA,
    files: own,
  }));
}

const RUNNERS: readonly Runner[] = [
  ...(files.length === 0 || contractTests.files.length > 0 ? [contractTests] : []),
  ...folderRunners(),
];

/** Runs one runner and reads what its reporter counted; a runner that ends badly without saying why is a failure. */
async function run({ name, args, files: chosen }: Runner, countsFile: string): Promise<Counts> {
  const code = await runNode([...args, ...options, ...chosen], { AMANAH_TEST_COUNTS: countsFile });
  const counts = readCounts(countsFile);
  if (counts !== undefined && (code === 0 || counts.failed > 0)) return counts;
  console.error(`${name} ended with code ${code}${counts === undefined ? " and without a report" : ""}`);
  return { passed: counts?.passed ?? 0, failed: 1 };
}

function readCounts(file: string): Counts | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

const folder = mkdtempSync(join(tmpdir(), "amanah-counts-"));
const total = { passed: 0, failed: 0 };
for (const [index, runner] of RUNNERS.entries()) {
  const counts = await run(runner, join(folder, `${index}.json`));
  total.passed += counts.passed;
  total.failed += counts.failed;
}
rmSync(folder, { recursive: true });
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
