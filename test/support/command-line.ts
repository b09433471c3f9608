// A stranger's command line: a folder with files and keys, and our commands run in it as processes of their own.

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const SCRIPTS = join(import.meta.dirname, "../../scripts");

export type Outcome = { readonly code: number; readonly out: string; readonly err: string };

export class CommandLine {
  readonly folder: string;
  #files = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<CommandLine> {
    return new CommandLine(await mkdtemp(join(tmpdir(), "amanah-stranger-")));
  }

  leave(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }

  readonly pathOf = (name: string): string => join(this.folder, name);

  /** Writes a file that nobody else can read. */
  async keep(name: string, text: string): Promise<string> {
    await writeFile(this.pathOf(name), text, { mode: 0o600 });
    return this.pathOf(name);
  }

  /** Saves a receipt file, or what is taken for one. */
  save(file: object | string): Promise<string> {
    this.#files += 1;
    return this.keep(`receipt-${this.#files}.json`, typeof file === "string" ? file : JSON.stringify(file));
  }

  run(name: string, args: readonly string[]): Promise<Outcome> {
    const env = { ...process.env, AMANAH_HOME: this.folder };
    return new Promise((resolve) => {
      execFile(process.execPath, [join(SCRIPTS, `${name}.ts`), ...args], { env }, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      });
    });
  }
}
