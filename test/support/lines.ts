// Reads what a child process says, line by line, and ends children whatever state they are in.

import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** The first line that `wanted` accepts. Throws with all that was said when the stream ends before. */
export async function lineOf(stream: Readable, wanted: (line: string) => boolean): Promise<string> {
  const said: string[] = [];
  for await (const line of createInterface({ input: stream })) {
    if (wanted(line)) return line;
    said.push(line);
  }
  throw new Error(`the wanted line never came, only:\n${said.join("\n")}`);
}

/** Kills the child at once, as the kernel would, and waits until it is gone. */
export async function killAtOnce(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
