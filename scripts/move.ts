// `npm run move`: moves the ledger of this database from where it lives to the chain of --to, as a record; no money moves.
// May be cut off and run again; run once more after its end, it says so.

import { Command, InvalidArgumentError } from "commander";
import { pino } from "pino";
import { openStore } from "../server/embedded/store.ts";
import { AmanahError, InputError } from "../server/errors.ts";
import { AlarmError, chainContext } from "../server/jobs/chain-context.ts";
import { type Moved, moveLedger } from "../server/jobs/move/move.ts";
import type { Mover } from "../server/jobs/move/mover.ts";
import { readSettings, type Settings } from "../server/settings.ts";
import type { Database } from "../server/store/database.ts";
import { openLedger } from "../server/store/ledger.ts";
import { migrate } from "../server/store/migrate.ts";
import { holdingChain, progress, seconds, THREE_DAYS_SECONDS, untilInterrupted } from "./move/hold.ts";
import { tellMoved } from "./move/tell.ts";

type Options = { to: string; lastGoodBatch?: bigint; adminDelay: number; sameChain?: boolean };

const HELP = `
Reads from the environment, as the service does:
  CHAIN_RPC_URL                        an endpoint of the chain that the ledger leaves; none for the demonstration chain
  ADMIN_KEY                            deploys and opens the new contract, and names it to the earlier one
  ANCHOR_KEY PAYER_KEY REGISTRAR_KEY   the accounts that get these roles: best four different ones
  PROMISE_KEY                          the account that signs promises
  DATABASE_URL or DATA_DIR             where the ledger is
  CONFIRMATIONS                        how many blocks must lie on each transaction
Stop the service first. Promises that are challenged at the earlier contract are answered there by this command, as far as
their receipts are anchored there: while the successor waits to be named, run it again every day or two, and once more when
it is named. Ends with 0 when the ledger has moved, with 3 when only the successor is still to be named by the
earlier contract's admin, with 1 when something has to be put in order first.`;

const PENDING = 3;

const command = new Command("npm run move --")
  .description(
    "Moves the ledger to another chain: builds it there, compares, opens, names the successor. No money moves.",
  )
  .requiredOption("--to <rpc>", "an endpoint of the chain that the ledger comes to")
  .option(
    "--last-good-batch <number>",
    "the last batch that is right, where a thief has anchored others behind it",
    batch,
  )
  .option("--same-chain", "to another contract on the chain where the ledger lives")
  .option(
    "--admin-delay <seconds>",
    "how long handing the admin's role on takes at the new contract",
    seconds,
    THREE_DAYS_SECONDS,
  )
  .addHelpText("after", HELP)
  .action(run);

await command.parseAsync();

function batch(text: string): bigint {
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError("wanted the number of a batch");
  return BigInt(text);
}

async function run(options: Options): Promise<void> {
  try {
    const settings = readSettings();
    const moved = await withStore(settings, (sql, log) => move(sql, log, settings, options));
    for (const line of tellMoved(moved, options.to)) console.log(line);
    if (moved.toBeSent !== undefined) process.exitCode = PENDING;
  } catch (error) {
    if (!(error instanceof AmanahError || error instanceof AlarmError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

async function withStore<T>(
  settings: Settings,
  work: (sql: Database, log: pino.Logger) => Promise<T>,
): Promise<T> {
  const log = pino({ level: settings.LOG_LEVEL, base: null }, pino.destination(2));
  const store = await openStore(settings, log);
  try {
    await migrate(store.sql);
    return await holdingChain(store.sql, () => work(store.sql, log));
  } finally {
    await store.close();
  }
}

async function move(sql: Database, log: pino.Logger, settings: Settings, options: Options): Promise<Moved> {
  const { id: ledger } = await openLedger(sql);
  const { CHAIN_RPC_URL: from } = settings;
  const at = (rpcUrl: string) => chainContext({ sql, settings: atEndpoint(rpcUrl), ledger, rpcUrl, log });
  const mover: Mover = { target: at(options.to), source: from === undefined ? undefined : at(from) };
  const { adminDelay: adminDelaySeconds, lastGoodBatch, sameChain = false } = options;
  const say = (line: string) => console.error(line);
  const wanted = { adminDelaySeconds, lastGoodBatch, sameChain, say, onProgress: progress() };
  return await moveLedger(mover, wanted, untilInterrupted());
}

/** The operator's keys hold on both chains, also when the one that is left is the demonstration chain. */
function atEndpoint(rpcUrl: string): Settings {
  if (!URL.canParse(rpcUrl)) throw new InputError("endpoint", "--to: wanted an endpoint's URL");
  return readSettings({ ...process.env, CHAIN_RPC_URL: rpcUrl });
}
