// Runs a script as a process of its own to its end. One that comes to none is killed, and what it has said is told, so that
// a command that hangs has a name.

import { type ExecFileException, type ExecFileOptions, execFile } from "node:child_process";
import { basename } from "node:path";

export type Outcome = { readonly code: number; readonly out: string; readonly err: string };

/** No command of a test takes as long, however much else the machine does. */
const LIMIT_MS = 120_000;
const MOST_OUTPUT_BYTES = 1 << 26;

/** Throws with all that was said when the script does not come to an end of its own. */
export function runScript(
  file: string,
  args: readonly string[],
  { limitMs = LIMIT_MS, ...options }: Pick<ExecFileOptions, "cwd" | "env"> & { limitMs?: number } = {},
): Promise<Outcome> {
  const limits = { maxBuffer: MOST_OUTPUT_BYTES, timeout: limitMs, killSignal: "SIGKILL" } as const;
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [file, ...args], { ...options, ...limits }, (error, out, err) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === "number") return resolve({ code, out, err });
      reject(new Error([`${basename(file)} ${args.join(" ")} ${endingOf(error)}`, out, err].join("\n")));
    });
  });
}

const endingOf = (error: ExecFileException | null) =>
  error?.signal ? `was ended by ${error.signal}` : `failed: ${error?.message}`;
