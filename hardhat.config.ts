// How the contracts are compiled and tested: the compiler of the solc package (nothing is downloaded) and a
// simulated chain. How the service starts its demonstration chain lives in server/embedded.
import { createRequire } from "node:module";
import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { defineConfig } from "hardhat/config";

const require = createRequire(import.meta.url);
const solc = require("solc/package.json") as { version: string };

// A coverage run compiles counters into the contracts: that code must never be taken for the real one.
const build = process.argv.includes("--coverage")
  ? { artifacts: "cache/coverage/artifacts", cache: "cache/coverage/cache" }
  : {};

export default defineConfig({
  plugins: [toolbox],
  solidity: {
    version: solc.version,
    path: require.resolve("solc/soljson.js"),
    npmFilesToBuild: ["@openzeppelin/contracts/governance/TimelockController.sol"],
    // By way of the IR and as small as can be: nothing less keeps the ledger under 24,576 bytes of code.
    settings: { evmVersion: "cancun", viaIR: true, optimizer: { enabled: true, runs: 1 } },
  },
  paths: { ...build, tests: { mocha: "test/contracts" } },
  // The reporter leaves the counts that `npm test` sums up.
  test: { mocha: { timeout: 120_000, reporter: require.resolve("./test/support/reporter.ts") } },
  coverage: { skipFiles: ["contracts/test/**"] },
  typechain: { dontOverrideCompile: true },
});
