// What the two commands share: paths as their caller means them, an interruption that ends cleanly, and what is told at the end.

import { resolve } from "node:path";
import { AmanahError, messageOf } from "../../server/errors.ts";
import { isUnavailable } from "../../server/store/database.ts";
import { warn } from "../say.ts";
import type { TableSum } from "./format.ts";

const FAILED = 1;
/** As shells have it for Ctrl-C. */
const INTERRUPTED = 130;
const MEGABYTE = 1_000_000;

/** npm runs scripts in the project's folder, and says where it was called. */
export const pathOf = (path: string) => resolve(process.env.INIT_CWD ?? process.cwd(), path);

export const megabytes = (bytes: number) => Math.ceil(bytes / MEGABYTE);

/** Runs a command until it ends or is interrupted, and says what went wrong in words. */
export async function runUntilSignal(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stopping = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => stopping.abort());
  try {
    await work(stopping.signal);
  } catch (thrown) {
    process.exitCode = stopping.signal.aborted ? INTERRUPTED : FAILED;
    const says = stopping.signal.aborted ? "interrupted; nothing was kept" : explained(thrown);
    if (typeof says === "string") warn(says);
    else console.error(says);
  }
}

function explained(thrown: unknown): unknown {
  if (thrown instanceof AmanahError) return thrown.message;
  if (isUnavailable(thrown))
    return `the database went away (${messageOf(thrown)}); nothing was kept, so run the same again`;
  // What the system says of a file names it: no space left, no such file, permission denied.
  return (thrown as NodeJS.ErrnoException).syscall === undefined ? thrown : messageOf(thrown);
}

/** Such as "3 batches, 592 receipts". */
export function countsOf(tables: readonly TableSum[]): string {
  const rows = (wanted: RegExp) =>
    tables.reduce((sum, { name, rows: own }) => sum + (wanted.test(name) ? own : 0), 0).toLocaleString("en");
  return `${rows(/^batches$/)} batches, ${rows(/^receipts(_|$)/)} receipts, ${rows(/^events$/)} events`;
}
