// npm run backup: everything that a new machine needs, as of one moment, into one file, while the service runs.

import { Command } from "commander";
import { readSettings } from "../server/settings.ts";
import { countsOf, megabytes, pathOf, runUntilSignal } from "./backup/command.ts";
import { openSource, type Where } from "./backup/source.ts";
import { takeBackup } from "./backup/take.ts";
import { type Progress, showProgress } from "./import/progress.ts";

const ABOUT = `
The file holds the whole ledger, the donors' private details and keys, and the operator's key: whoever reads it owns the
service's past, so encrypt it, and keep it on another machine. The accounts that sign on the chain (ANCHOR_KEY and its like)
are not in it, nor are books and other public files, which are made again from the ledger.

It is as of the moment at which it begins: what is accepted later is not in it. For a database of your own (DATABASE_URL) its
own tools know more: pg_basebackup with an archived log loses nothing.`;

type Options = { readonly to: string; readonly dataDir?: string };

const command = new Command("npm run backup --")
  .description("Backs the ledger up into one file, while the service runs or not.")
  .requiredOption("--to <path>", "the file to make, or a folder in which it gets a name with its time")
  .option("--data-dir <folder>", "of the service, in place of DATA_DIR and DATABASE_URL")
  .addHelpText("after", ABOUT)
  .action((options: Options) => runUntilSignal((signal) => backUp(options, signal)));

await command.parseAsync();

async function backUp({ to, dataDir }: Options, signal: AbortSignal): Promise<void> {
  const source = await openSource(sourceOf(dataDir));
  let bar: Progress | undefined;
  const onProgress = (bytes: number, expected: number) => {
    bar ??= showProgress("megabytes", megabytes(expected));
    bar.update(Math.min(megabytes(bytes), megabytes(expected)));
  };
  try {
    const { sql, operatorKey } = source;
    const taken = await takeBackup(sql, { to: pathOf(to), operatorKey, onProgress, signal });
    bar?.stop();
    console.log(`ledger ${taken.ledger} as of ${taken.takenAt.toISOString()}: ${countsOf(taken.tables)}`);
    console.log(`${taken.file} (${taken.bytes.toLocaleString("en")} bytes)`);
    if (operatorKey === undefined)
      console.log("no operator.key was found, so none is in it: keep that file yourself");
  } finally {
    bar?.stop();
    await source.close();
  }
}

function sourceOf(dataDir: string | undefined): Where {
  if (dataDir !== undefined) return { dataDir: pathOf(dataDir) };
  const settings = readSettings();
  return { dataDir: settings.DATA_DIR, databaseUrl: settings.DATABASE_URL };
}
