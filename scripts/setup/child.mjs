// Runs a child process to its end, and never ends before it: a signal that reaches us is passed on, and the child decides.

import { spawn } from "node:child_process";
import { ROOT, SetupError } from "./root.mjs";

const PASSED_ON = process.platform === "win32" ? ["SIGINT"] : ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Gives { code, signal } of the child's end; throws the system's error when it cannot be started.
 * From a terminal a Ctrl-C reaches the child directly and through us: a repeated signal must do no harm there.
 */
export async function runChild(program, args, { onOutput, ...options }) {
  const child = spawn(program, args, options);
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", onOutput);
  const passOn = (signal) => child.kill(signal);
  for (const signal of PASSED_ON) process.on(signal, passOn);
  try {
    return await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => resolve({ code, signal }));
    });
  } finally {
    for (const signal of PASSED_ON) process.removeListener(signal, passOn);
  }
}

/**
 * For a step of the set-up, in the project's folder. Its output goes to standard error, or when `quiet` only after a
 * failure. Gives true when it ended well.
 */
export async function runStep(program, args, { quiet = false } = {}) {
  const env = { ...process.env, HARDHAT_DISABLE_TELEMETRY: "true" };
  const output = [];
  const { code, signal } = await runChild(program, args, {
    cwd: ROOT,
    env,
    stdio: ["ignore", quiet ? "pipe" : 2, quiet ? "pipe" : 2],
    onOutput: (chunk) => output.push(chunk),
  });
  if (code !== 0) process.stderr.write(Buffer.concat(output));
  // A person who interrupts the step means the whole command.
  if (signal !== null) throw new SetupError(`interrupted by ${signal}`);
  return code === 0;
}
