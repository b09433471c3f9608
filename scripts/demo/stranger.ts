// A stranger's commands, each in a process of its own that is told nothing but public files, an endpoint and the
// contract: files verified, and the whole ledger audited.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { say } from "./telling.ts";

/** What a stranger knows. */
export type Known = { readonly rpc: string; readonly contract: string; readonly issuer: string };

export const verifyFile = (file: string, { rpc, contract, issuer }: Known): Promise<void> =>
  run("verify", [file, "--rpc", rpc, "--contract", contract, "--issuer", issuer]);

/** `state` is a folder for what the audit notes meanwhile, `html` the file that it reports to. */
export const auditLedger = (
  books: string,
  { rpc, contract }: Known,
  state: string,
  html: string,
): Promise<void> =>
  run("audit", ["--rpc", rpc, "--contract", contract, "--books", books, "--html", html], ["--state", state]);

/** Runs a command as a user would type it; `unseen` goes with it. Throws unless it ends with 0. */
function run(command: string, args: readonly string[], unseen: readonly string[] = []): Promise<void> {
  say(`\n$ npm run ${command} -- ${args.join(" ")}\n`);
  const script = join(import.meta.dirname, `../${command}.ts`);
  const child = spawn(process.execPath, [script, ...args, ...unseen], { stdio: "inherit" });
  return new Promise((done, fail) => {
    child.once("error", fail);
    child.once("exit", (code) => (code === 0 ? done() : fail(new Error(`${command} ended with ${code}`))));
  });
}
