// The launch script as a shell and npm see it: which Node it picks, codes, signals and arguments. Its set-up finds
// everything done here; packages.test.ts and contracts.test.ts see it at work.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { lineOf } from "../support/lines.ts";

const LAUNCH = join(import.meta.dirname, "..", "..", "scripts", "launch.mjs");
const LEAST_MAJOR = 24;

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

describe("launch script", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "launch-"));
  });

  afterEach(() => rm(folder, { recursive: true }));

  /** Launches a target with this text; the environment is that of a person, not of a test that was launched itself. */
  async function launch(text: string, args: string[] = [], node = process.execPath) {
    const target = join(folder, "target.ts");
    await writeFile(target, text);
    const { AMANAH_LAUNCHED: _, ...env } = process.env;
    return spawn(node, [LAUNCH, target, ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  }

  async function ending(child: Awaited<ReturnType<typeof launch>>): Promise<Ending> {
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    const [code, signal] = await once(child, "close");
    return { code, signal, output };
  }

  it("says how it is used when no target is given", async () => {
    const { status, stderr } = await run([LAUNCH]);
    expect(status).to.equal(1);
    expect(stderr).to.contain("usage: node scripts/launch.mjs TARGET.ts").and.not.to.contain("    at ");
  });

  it("ends with the target's code", async () => {
    expect(await ending(await launch("process.exitCode = 3;"))).to.include({ code: 3, signal: null });
  });

  it("ends by the signal that ended the target", async () => {
    const killed = 'process.kill(process.pid, "SIGKILL"); setTimeout(() => {}, 10_000);';
    expect(await ending(await launch(killed))).to.include({ code: null, signal: "SIGKILL" });
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`passes ${signal} on, and does not end before the target has finished with it`, async () => {
      const child = await launch(`
        process.on("${signal}", () => setTimeout(() => { console.log("cleaned up"); process.exit(5); }, 300));
        setTimeout(() => {}, 20_000);
        console.log("ready");`);
      await lineOf(child.stdout, (line) => line === "ready");
      child.kill(signal);
      const { code, output } = await ending(child);
      expect(code).to.equal(5);
      expect(output).to.contain("cleaned up");
    });
  }

  it("hands arguments over as they are, and stays in the caller's folder", async () => {
    const awkward = ["--flag", "two words", "", "*", 'a"b'];
    const child = await launch(
      "console.log(JSON.stringify([process.cwd(), process.argv.slice(2)]));",
      awkward,
    );
    const { output } = await ending(child);
    expect(JSON.parse(output)).to.deep.equal([folder, awkward]);
  });

  it("keeps the target's output clean of its own", async () => {
    expect(await ending(await launch('const text: string = "only this"; console.log(text);'))).to.include({
      output: "only this\n",
    });
  });

  it(`runs the target on Node ${LEAST_MAJOR} or later, whichever older one it is started by`, async function () {
    const old = oldNode();
    // Where no older Node is installed there is none to be started by.
    if (old === undefined) this.skip();
    const { output } = await ending(
      await launch("console.log(process.versions.node, process.execPath);", [], old),
    );
    expect(Number.parseInt(output, 10)).to.be.at.least(LEAST_MAJOR);
    expect(output).to.contain(join("node_modules", "node-"));
  });
});

async function run(args: string[]): Promise<{ status: number; stderr: string }> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const [status] = await once(child, "close");
  return { status, stderr };
}

/** A Node on the PATH, or where systems put it, that is too old to run the project; many machines have none. */
function oldNode(): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/local/bin", "/usr/bin"];
  const nodes = folders.map((folder) => join(folder, "node")).filter((file) => existsSync(file));
  return nodes.find((node) => {
    const major = Number.parseInt(
      execFileSync(node, ["-p", "process.versions.node"], { encoding: "utf8" }),
      10,
    );
    return major >= 18 && major < LEAST_MAJOR;
  });
}
