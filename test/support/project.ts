// A tiny project of its own with our set-up scripts in it, so that tests may install, break and compile at will.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const SCRIPTS = join(import.meta.dirname, "..", "..", "scripts");

export interface Ending {
  readonly code: number | null;
  readonly output: string;
}

export interface Project {
  readonly folder: string;
  write(path: string, content: string | object): Promise<void>;
  /** Runs JavaScript in the project's folder as a process of its own; gives what it said on both streams. */
  run(code: string): Promise<Ending>;
  remove(): Promise<void>;
}

/** Makes a project with `scripts/` and nothing else. */
export async function makeProject(): Promise<Project> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "project-")));
  await cp(SCRIPTS, join(folder, "scripts"), { recursive: true });
  return {
    folder,
    async write(path, content) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), typeof content === "string" ? content : JSON.stringify(content));
    },
    run: (code) => runIn(folder, code),
    remove: () => rm(folder, { recursive: true }),
  };
}

async function runIn(cwd: string, code: string): Promise<Ending> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const [exitCode] = await once(child, "close");
  return { code: exitCode, output };
}
