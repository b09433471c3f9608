// A stranger's command line: a folder with files and keys, and our commands run in it as processes of their own.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Outcome, runScript } from "./run-script.ts";

export const SCRIPTS = join(import.meta.dirname, "../../scripts");

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
    return runScript(join(SCRIPTS, `${name}.ts`), args, {
      env: { ...process.env, AMANAH_HOME: this.folder },
    });
  }
}
