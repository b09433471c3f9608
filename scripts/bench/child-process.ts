// Processes that the bench starts: each is one of our own files, and each is ended with the bench.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { ROOT } from "../child.ts";

export type ChildOptions = {
  readonly env?: Record<string, string>;
  /** Flags for Node itself. */
  readonly flags?: readonly string[];
};

/** Starts `node FILE ...args`; it can be told to end by SIGTERM. */
export function startNode(
  file: string,
  args: readonly string[],
  { env = {}, flags = [] }: ChildOptions = {},
): ChildProcess {
  return spawn(process.execPath, [...flags, file, ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
}

export async function stopNode(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
}

/** What the process prints, as JSON, once it has ended. Throws when it ends badly. */
export async function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  const [printed, [code]] = await Promise.all([readAll(child), once(child, "exit")]);
  if (code !== 0)
    throw new Error(`${child.spawnargs.slice(1).join(" ")} ended with ${code ?? child.signalCode}`);
  return JSON.parse(printed);
}

/** The first line that the process prints. */
export async function firstLineOf(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("wanted a process that prints");
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error(`${child.spawnargs.slice(1).join(" ")} printed nothing`);
}

async function readAll(child: ChildProcess): Promise<string> {
  let text = "";
  for await (const part of child.stdout ?? []) text += part;
  return text;
}
