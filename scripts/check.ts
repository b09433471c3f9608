// Checks what tools can settle: format and lint of TypeScript and JSON, format and lint of Solidity, types.
// Every check runs, also after one has failed; the exit code is the number that failed. Tests are not run here.

import { runNode, tool } from "./child.ts";

const SOLIDITY = "contracts/**/*.sol";

const CHECKS = [
  { name: "format and lint (biome)", args: [tool("@biomejs", "biome", "bin", "biome"), "check"] },
  {
    name: "format of Solidity (prettier)",
    args: [tool("prettier", "bin", "prettier.cjs"), "--check", SOLIDITY],
  },
  {
    name: "lint of Solidity (solhint)",
    args: [tool("solhint", "solhint.js"), "--max-warnings", "0", SOLIDITY],
  },
  { name: "types (tsc)", args: [tool("typescript", "bin", "tsc"), "--noEmit"] },
];

const failed: string[] = [];
for (const { name, args } of CHECKS) {
  console.log(`\n${name}`);
  if ((await runNode(args)) !== 0) failed.push(name);
}
console.log(failed.length === 0 ? "\nall checks passed" : `\nchecks that failed: ${failed.join(", ")}`);
process.exitCode = failed.length;
