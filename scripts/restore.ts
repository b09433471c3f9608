// npm run restore: a data folder that the service starts on, from a file that `npm run backup` has made.

import { statSync } from "node:fs";
import { Command } from "commander";
import { InputError } from "../server/errors.ts";
import { readSettings } from "../server/settings.ts";
import { connect } from "../server/store/database.ts";
import { countsOf, megabytes, pathOf, runUntilSignal } from "./backup/command.ts";
import { OPERATOR_KEY } from "./backup/format.ts";
import {
  checkBackup,
  type PutBack,
  type PutBackOptions,
  restoreDatabase,
  restoreFolder,
} from "./backup/put-back.ts";
import { showProgress } from "./import/progress.ts";
import { say } from "./say.ts";

const ABOUT = `
The folder must be empty or missing. It gets the schema that the backup was made with; the service brings that up to date
when it starts. Every row is compared with the backup before the folder is there.

After a restore the ledger is as old as its backup. On a chain of your own (CHAIN_RPC_URL) what the contract has wins: a payout
that it knows is not made again, and where it holds a batch that the backup does not know, the service raises an alarm
and sends nothing more. Bank transfers that were ordered after the backup and are not on chain yet are known to nobody but
your bank: so none is filed until you have compared with the account and run npm run bank -- release. What was erased after
the backup is back: erase it again.`;

type Options = { readonly to?: string; readonly database?: true; readonly check?: true };

const command = new Command("npm run restore --")
  .description("Makes a data folder from a backup; or checks a backup without keeping anything of it.")
  .argument("<file>", "that `npm run backup` has made")
  .option(
    "--to <folder>",
    "the data folder to make; start the service on it with DATA_DIR=<folder> npm start",
  )
  .option("--database", "into the empty database that DATABASE_URL names, in place of a folder")
  .option("--check", "only read the backup to its end and compare its sums")
  .addHelpText("after", ABOUT)
  .action((file: string, options: Options) =>
    runUntilSignal((signal) => restore(pathOf(file), options, signal)),
  );

async function restore(file: string, options: Options, signal: AbortSignal): Promise<void> {
  const work = workOf(options);
  const bar = showProgress("megabytes", megabytes(statSync(file).size));
  const onProgress = (bytes: number) => bar.update(megabytes(bytes));
  const { head, tables, advice } = await work(file, { onProgress, signal }).finally(() => bar.stop());
  say(`ledger ${head.ledger} as of ${head.takenAt}: ${countsOf(tables)}`);
  for (const line of advice) say(line);
}

type Work = (
  file: string,
  options: PutBackOptions,
) => Promise<PutBack & { readonly advice: readonly string[] }>;

/** Throws `InputError` unless exactly one thing is asked for. */
function workOf({ to, database, check }: Options): Work {
  const asked = [
    check && checked,
    to !== undefined && intoFolder(pathOf(to)),
    database && intoDatabase,
  ].filter((work): work is Work => typeof work === "function");
  const [work] = asked;
  if (work !== undefined && asked.length === 1) return work;
  throw new InputError("restore-what", "wanted one of --to <folder>, --database and --check");
}

const checked: Work = async (file, options) => ({
  ...(await checkBackup(file, options)),
  advice: ["the backup is whole"],
});

const intoFolder =
  (folder: string): Work =>
  async (file, options) => ({
    ...(await restoreFolder(file, folder, options)),
    advice: [`restored; start the service on it with: DATA_DIR=${folder} npm start`],
  });

/** By the environment, since everybody on the machine can read command lines. */
const intoDatabase: Work = async (file, options) => {
  const { DATABASE_URL } = readSettings();
  if (DATABASE_URL === undefined)
    throw new InputError("restore-where", "DATABASE_URL: wanted, with --database");
  const sql = connect(DATABASE_URL, 2);
  try {
    const { operatorKey, ...done } = await restoreDatabase(file, sql, options);
    const key = `the operator's key is in the backup: tar -xf ${file} ${OPERATOR_KEY}`;
    return { ...done, advice: ["restored", ...(operatorKey === undefined ? [] : [key])] };
  } finally {
    await sql.end({ timeout: 1 });
  }
};

await command.parseAsync();
