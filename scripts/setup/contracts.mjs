// Compiles the contracts when the compiled ones are missing or belong to other sources, another configuration or
// another compiler. How they are compiled is written in hardhat.config.ts.

import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { runStep } from "./child.mjs";
import { filesIn } from "./files.mjs";
import { announce, inRoot, SetupError } from "./root.mjs";

const SOURCES = inRoot("contracts");
const COMPILED = inRoot("artifacts", "contracts");
const CONFIGURATION = inRoot("hardhat.config.ts");
const STAMP = inRoot("artifacts", ".amanah-compiled");
const HARDHAT = inRoot("node_modules", "hardhat", "dist", "src", "cli.js");
/** Packages whose version changes what comes out. */
const COMPILED_WITH = ["solc", "hardhat", "@openzeppelin/contracts"];

/** Compiles unless that has been done. */
export async function ensureContracts(node) {
  if (areContractsCompiled()) return;
  announce("compiling the contracts");
  fs.rmSync(STAMP, { force: true });
  if (!(await runStep(node, [HARDHAT, "build", "--force"], { quiet: true }))) {
    throw new SetupError("the contracts could not be compiled; the compiler's own message is above");
  }
  fs.writeFileSync(STAMP, fingerprint());
}

/** Whether the compiled contracts are those of these very sources. Changes nothing. */
export function areContractsCompiled() {
  return fs.existsSync(STAMP) && fs.readFileSync(STAMP, "utf8") === fingerprint();
}

/**
 * Of what is compiled, with what, and of what came out: a measurement of test coverage leaves contracts with its own
 * counting built in at the same place, and these must never be deployed.
 */
function fingerprint() {
  const hash = createHash("sha256");
  for (const file of [...filesIn(SOURCES), CONFIGURATION, ...filesIn(COMPILED)]) {
    const content = fs.readFileSync(file);
    hash.update(`${path.relative(SOURCES, file)} ${content.length}\n`).update(content);
  }
  for (const name of COMPILED_WITH) hash.update(`${name} ${versionOf(name)}\n`);
  return hash.digest("hex");
}

function versionOf(name) {
  return JSON.parse(fs.readFileSync(inRoot("node_modules", name, "package.json"), "utf8")).version;
}
