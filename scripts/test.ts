// Runs all tests, or those of the files and the pattern (`--grep`) given: the contracts' by Hardhat's own runner, the
// rest by mocha, a folder's in a few processes of their own, so that none carries the native parts of another's chain along
// and none is much longer than the others. Two runners go at a time, since much of their time is waiting; what each says is
// shown when it has ended. The last lines name what has failed and sum all runners' counts.

import { closeSync, globSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { ROOT, runNode, tool } from "./child.ts";

interface Counts {
  readonly passed: number;
  /** The full titles of what has failed. */
  readonly failures: readonly string[];
}

interface Runner {
  readonly folder: string;
  readonly args: readonly string[];
  /** The files to run; none: all that are the runner's own. */
  readonly files: readonly string[];
}

const CONTRACT_TESTS = join("test", "contracts");
/** Long enough for a machine that does something else besides. */
const TIMEOUT_MS = "60000";
const LANES = 2;
/** Where Node keeps what it has compiled: tests start hundreds of processes, which all load the same modules. */
const COMPILED = join(ROOT, "cache", "node");
/** Of one folder: what files of a process share, such as PostgreSQL, is started again for the next. */
const MOST_FILES = 8;
/** What takes longest starts first, so that the lanes end together; the rest follows by name. */
const LONGEST = ["scripts", "jobs", "contracts", "http", "."].map((folder) => join("test", folder));

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
  folder: CONTRACT_TESTS,
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

/** A few runners for the tests of each folder, of about as many files each. */
function folderRunners(): Runner[] {
  const chosen = files.length > 0 ? files : globSync("test/**/*.test.ts", { cwd: ROOT }).sort();
  const byFolder = Object.groupBy(
    chosen.filter((file) => !isContractTest(file)),
    dirname,
  );
  return Object.entries(byFolder).flatMap(([folder, own = []]) =>
    inParts(own).map((part) => ({ folder, args: MOCHA, files: part })),
  );
}

/** Neighbours stay together: they often are of one subject. */
function inParts<T>(list: readonly T[]): readonly (readonly T[])[] {
  const parts = Math.ceil(list.length / MOST_FILES);
  const size = Math.ceil(list.length / parts);
  return Array.from({ length: parts }, (_, part) => list.slice(part * size, (part + 1) * size));
}

const RUNNERS: readonly Runner[] = [
  ...(files.length === 0 || contractTests.files.length > 0 ? [contractTests] : []),
  ...folderRunners(),
].sort((one, other) => placeOf(one) - placeOf(other));

function placeOf({ folder }: Runner): number {
  const place = LONGEST.indexOf(folder);
  return place === -1 ? LONGEST.length : place;
}

/** Runs one runner and reads what its reporter counted; a runner that ends badly without saying why is a failure. */
async function run({ folder, args, files: chosen }: Runner, notes: string): Promise<Counts> {
  const code = await runShown([...args, ...options, ...chosen], notes);
  const counts = readCounts(`${notes}.json`);
  if (counts !== undefined && (code === 0 || counts.failures.length > 0)) return counts;
  const failure = `the tests in ${folder} ended with code ${code}${counts === undefined ? " and without a report" : ""}`;
  return { passed: counts?.passed ?? 0, failures: [failure] };
}

/** Of several runners each is shown as a whole, when it has ended. */
async function runShown(args: readonly string[], notes: string): Promise<number> {
  const env = { AMANAH_TEST_COUNTS: `${notes}.json`, NODE_COMPILE_CACHE: COMPILED };
  if (RUNNERS.length === 1) return await runNode(args, env);
  const log = openSync(`${notes}.log`, "w");
  try {
    return await runNode(args, env, log);
  } finally {
    closeSync(log);
    process.stdout.write(readFileSync(`${notes}.log`));
  }
}

function readCounts(file: string): Counts | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** Takes runners from the queue until there are none, or until we were told to stop. */
async function runLane(queue: Iterator<[number, Runner]>): Promise<void> {
  for (let next = queue.next(); !next.done && !isStopped; next = queue.next()) {
    const [index, runner] = next.value;
    const counts = await run(runner, join(notesFolder, `${index}`));
    passed += counts.passed;
    failures.push(...counts.failures);
    if (values.bail && failures.length > 0) isStopped = true;
  }
}

const notesFolder = mkdtempSync(join(tmpdir(), "amanah-counts-"));
let passed = 0;
const failures: string[] = [];
let isStopped = false;
// The runners hear of it by runNode; nothing is to start after them.
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => {
    isStopped = true;
  });

const queue = RUNNERS.entries();
await Promise.all(Array.from({ length: LANES }, () => runLane(queue)));
rmSync(notesFolder, { recursive: true });
if (failures.length > 0) console.log(["failed:", ...failures].join("\n  - "));
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 && !isStopped ? 0 : 1;
