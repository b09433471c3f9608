// Runs one of our tools on the Node that runs us, in the project's folder, and waits for it whatever signal arrives.
// The set-up has its own, scripts/setup/child.mjs, since it must work before there is a Node for TypeScript.

import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..");

const PASSED_ON = ["SIGINT", "SIGTERM"] as const;
/** What shells add to the number of the signal that ended a process. */
const SIGNAL_BASE = 128;

/** Gives the exit code of `node ...args`; its output is ours, or goes to the open file given. */
export async function runNode(
  args: readonly string[],
  env: Record<string, string> = {},
  output: "inherit" | number = "inherit",
): Promise<number> {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: ["inherit", output, output],
    env: { ...process.env, ...env },
  });
  const passOn = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of PASSED_ON) process.on(signal, passOn);
  try {
    return await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) =>
        resolve(signal === null ? (code ?? 1) : SIGNAL_BASE + constants.signals[signal]),
      );
    });
  } finally {
    for (const signal of PASSED_ON) process.off(signal, passOn);
  }
}

/** The path of a tool's script inside node_modules, which runs without its package's own start-up file. */
export const tool = (...parts: string[]) => join(ROOT, "node_modules", ...parts);
