// Every command starts here: `node scripts/launch.mjs TARGET.ts [arguments…]`, with any Node from 18 on. It sees to a Node
// that runs our TypeScript, to the packages, the compiled contracts and the built pages, then runs TARGET on that Node in its own place.
// `--setup` in place of TARGET stops after the set-up. What each step does lives in setup/.

import path from "node:path";
import { runChild } from "./setup/child.mjs";
import { areContractsCompiled, ensureContracts } from "./setup/contracts.mjs";
import { withLock } from "./setup/lock.mjs";
import { requireNode } from "./setup/node.mjs";
import { arePackagesInstalled, ensurePackages } from "./setup/packages.mjs";
import { arePagesBuilt, ensurePages } from "./setup/pages.mjs";
import { ROOT, SetupError } from "./setup/root.mjs";

const USAGE = "usage: node scripts/launch.mjs TARGET.ts [arguments…]   or   node scripts/launch.mjs --setup";

/** Installs and compiles what is missing, one start at a time; gives the Node to run on. */
async function setUp() {
  // A command that another command runs finds all this done. Nothing is written where nothing is missing: the project
  // may belong to another user.
  if (process.env.AMANAH_LAUNCHED === "1" || isSetUp()) return requireNode();
  return await withLock(path.join(ROOT, "cache", "setup.lock"), async () => {
    await ensurePackages();
    const node = requireNode();
    await ensureContracts(node);
    await ensurePages(node);
    return node;
  });
}

const isSetUp = () => arePackagesInstalled() && areContractsCompiled() && arePagesBuilt();

async function main([target, ...args]) {
  if (target === undefined) throw new SetupError(USAGE);
  const node = await setUp();
  if (target === "--setup") return { code: 0, signal: null };
  const file = path.resolve(ROOT, target);
  // Nodes before 24.12 warn of type stripping on each start.
  const flags = ["--disable-warning=ExperimentalWarning"];
  const env = { ...process.env, AMANAH_LAUNCHED: "1", HARDHAT_DISABLE_TELEMETRY: "true" };
  return await runChild(node, [...flags, file, ...args], { stdio: "inherit", env });
}

try {
  const { code, signal } = await main(process.argv.slice(2));
  // Ends as the child ended, so that whoever started us sees the same.
  if (signal === null) process.exitCode = code;
  else process.kill(process.pid, signal);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`amanah: ${error.message}`);
  process.exitCode = 1;
}
