// The installing of packages, on a project whose only package lies beside it: npm itself, and no network.

import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { makeProject, type Project } from "../support/project.ts";

const INSTALL = 'await (await import("./scripts/setup/packages.mjs")).ensurePackages();';
const INSTALLING = "installing packages";

describe("set-up of packages", function () {
  this.timeout(60_000);
  let project: Project;

  beforeEach(async () => {
    project = await makeProject();
    await project.write("leaf/package.json", { name: "leaf", version: "1.0.0" });
    await project.write("package.json", { name: "p", version: "1.0.0", dependencies: { leaf: "file:leaf" } });
    await writeLock("1.0.0");
  });

  afterEach(() => project.remove());

  const writeLock = (version: string) =>
    project.write("package-lock.json", {
      name: "p",
      version: "1.0.0",
      lockfileVersion: 3,
      packages: {
        "": { name: "p", version: "1.0.0", dependencies: { leaf: "file:leaf" } },
        leaf: { version },
        "node_modules/leaf": { resolved: "leaf", link: true },
      },
    });

  const has = (path: string) => existsSync(join(project.folder, path));

  it("fails with advice, and without a stamp, when npm fails", async () => {
    await project.write("package.json", {
      name: "p",
      version: "1.0.0",
      dependencies: { other: "file:leaf" },
    });
    const { code, output } = await project.run(INSTALL);
    expect(code).to.equal(1);
    expect(output).to.contain("could not be installed").and.to.contain("run the same command again");
    expect(has("node_modules/.amanah-installed")).to.equal(false);
  });

  it("installs when nothing is there, and then no more", async () => {
    expect((await project.run(INSTALL)).output).to.contain(INSTALLING);
    expect(has("node_modules/leaf/package.json")).to.equal(true);
    expect(await project.run(INSTALL)).to.deep.equal({ code: 0, output: "" });
  });

  it("takes over what npm has installed by hand", async () => {
    await project.run(INSTALL);
    await rm(join(project.folder, "node_modules/.amanah-installed"));
    expect(await project.run(INSTALL)).to.deep.equal({ code: 0, output: "" });
  });

  it("repairs an install that ended before npm had recorded it", async () => {
    await project.run(INSTALL);
    await rm(join(project.folder, "node_modules/.amanah-installed"));
    await rm(join(project.folder, "node_modules/.package-lock.json"));
    expect((await project.run(INSTALL)).output).to.contain(INSTALLING);
  });

  it("repairs an install of which a package is gone", async () => {
    await project.run(INSTALL);
    await rm(join(project.folder, "node_modules/leaf"));
    expect((await project.run(INSTALL)).output).to.contain(INSTALLING);
    expect(has("node_modules/leaf/package.json")).to.equal(true);
  });

  it("installs again when the lock file has changed", async () => {
    await project.run(INSTALL);
    await project.write("leaf/package.json", { name: "leaf", version: "1.0.1" });
    await writeLock("1.0.1");
    expect((await project.run(INSTALL)).output).to.contain(INSTALLING);
  });
});
