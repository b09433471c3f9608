// Runs one program to its end, as another system user where asked, and keeps what it said for the error.
// It knows nothing of PostgreSQL.

import { type ChildProcess, spawn } from "node:child_process";
import { UnavailableError } from "../errors.ts";

/** The user and group, by number, that a program runs as. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

export interface RunOptions {
  /** undefined: as ourselves. */
  readonly user?: SystemUser | undefined;
  readonly cwd: string;
  /** What the program reads on its standard input; nothing when absent. */
  readonly input?: string;
}

const OUTPUT_LIMIT_CHARACTERS = 4_000;
const LAST_WORDS_MS = 1_000;
const RETRY_AFTER_SECONDS = 5;

/**
 * Runs `program` and gives what it wrote (the end of it, when that is long).
 * Throws `UnavailableError` with that text when it cannot be run or ends with another code than 0; its fact `exitCode`
 * is null when it never came to its own end.
 */
export async function runTool(
  program: string,
  args: readonly string[],
  options: RunOptions,
): Promise<string> {
  const child = spawn(program, args, {
    ...options.user,
    cwd: options.cwd,
    // The C locale: messages in one language, and the same cluster on every machine.
    env: { ...process.env, LC_ALL: "C" },
    windowsHide: true,
  });
  let output = "";
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-OUTPUT_LIMIT_CHARACTERS);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  // A program that ends early closes its input; its exit code tells why.
  child.stdin.on("error", () => {});
  child.stdin.end(options.input ?? "");
  const { reason, exitCode } = await endOf(child);
  if (exitCode === 0) return output;
  const message = `${program} ${reason}\n${output}`.trim();
  throw new UnavailableError("tool-failed", message, RETRY_AFTER_SECONDS, { exitCode });
}

/** `exitCode` is null when the program could not be run, or was ended by a signal. */
async function endOf(child: ChildProcess): Promise<{ reason: string; exitCode: number | null }> {
  return await new Promise((resolve) => {
    child.once("error", ({ message }) => resolve({ reason: message, exitCode: null }));
    child.once("exit", (exitCode, signal) => {
      const ending = { reason: `ended with ${signal ?? `code ${exitCode}`}`, exitCode };
      // Its last words may come after its end; but on Windows a server started by pg_ctl keeps the pipes open.
      child.once("close", () => resolve(ending));
      setTimeout(() => resolve(ending), LAST_WORDS_MS).unref();
    });
  });
}
