// The compiling of contracts by the set-up, on a project with one small contract and this project's packages.

import { existsSync } from "node:fs";
import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { makeProject, type Project } from "../support/project.ts";

const COMPILE = 'await (await import("./scripts/setup/contracts.mjs")).ensureContracts(process.execPath);';
const COMPILING = "compiling the contracts";
const ROOT = join(import.meta.dirname, "..", "..");

const CONFIGURATION = `
  import { createRequire } from "node:module";
  const require = createRequire(import.meta.url);
  export default { solidity: { version: require("solc/package.json").version, path: require.resolve("solc/soljson.js") } };`;

const contract = (body: string) =>
  `// SPDX-License-Identifier: MIT\npragma solidity ^0.8.0;\ncontract Small {${body}}\n`;

describe("set-up of contracts", function () {
  this.timeout(60_000);
  let project: Project;

  before(async () => {
    project = await makeProject();
    await symlink(join(ROOT, "node_modules"), join(project.folder, "node_modules"));
    await project.write("package.json", { name: "p", version: "1.0.0", type: "module" });
    await project.write("hardhat.config.ts", CONFIGURATION);
  });

  after(() => project.remove());

  const isCompiled = () => existsSync(join(project.folder, "artifacts/.amanah-compiled"));

  it("shows the compiler's own message when a contract is wrong, and leaves no stamp", async () => {
    await project.write("contracts/Small.sol", contract("uint8 public constant limit = 256;"));
    const { code, output } = await project.run(COMPILE);
    expect(code).to.equal(1);
    expect(output).to.contain("could not be compiled").and.to.contain("Small.sol");
    expect(isCompiled()).to.equal(false);
  });

  it("compiles what has not been compiled, and then no more", async () => {
    await project.write("contracts/Small.sol", contract(""));
    expect((await project.run(COMPILE)).output).to.contain(COMPILING);
    expect(existsSync(join(project.folder, "artifacts/contracts/Small.sol/Small.json"))).to.equal(true);
    expect(await project.run(COMPILE)).to.deep.equal({ code: 0, output: "" });
  });

  it("compiles again when a contract has changed", async () => {
    await project.write("contracts/Small.sol", contract("uint8 public count;"));
    expect((await project.run(COMPILE)).output).to.contain(COMPILING);
  });

  it("compiles again when the configuration has changed", async () => {
    await project.write("hardhat.config.ts", `${CONFIGURATION}\n// another\n`);
    expect((await project.run(COMPILE)).output).to.contain(COMPILING);
  });

  it("compiles again when something else has changed what came out, as a measurement of coverage does", async () => {
    const file = join(project.folder, "artifacts/contracts/Small.sol/Small.json");
    const clean = await readFile(file, "utf8");
    await writeFile(file, clean.replace('"bytecode": "0x', '"bytecode": "0xfe'));
    expect((await project.run(COMPILE)).output).to.contain(COMPILING);
    expect(await readFile(file, "utf8")).to.equal(clean);
    expect(await project.run(COMPILE)).to.deep.equal({ code: 0, output: "" });
  });
});
