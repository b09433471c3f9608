// `npm run deploy`: deploys the contract of this database's ledger to CHAIN_RPC_URL, gives the roles to the operator's
// accounts and opens it. May be cut off and run again; run once more, it changes nothing.

import { Command, InvalidArgumentError } from "commander";
import { pino } from "pino";
import { openStore } from "../server/embedded/store.ts";
import { AmanahError, ConflictError, InputError } from "../server/errors.ts";
import { AlarmError, chainContext } from "../server/jobs/chain-context.ts";
import { type Deployed, type DeployOptions, deployLedger } from "../server/jobs/deploy.ts";
import { readSettings } from "../server/settings.ts";
import type { Database } from "../server/store/database.ts";
import { openLedger } from "../server/store/ledger.ts";
import { tryHold } from "../server/store/locks.ts";
import { migrate } from "../server/store/migrate.ts";

const THREE_DAYS_SECONDS = 259_200;

type Options = { adminDelay: number; move?: boolean };

const HELP = `
Reads from the environment:
  CHAIN_RPC_URL                        the endpoint of the chain to deploy to
  ADMIN_KEY                            deploys, grants roles, sets tokens, opens; keep it from the service afterwards
  ANCHOR_KEY PAYER_KEY REGISTRAR_KEY   the accounts that get these roles: best four different ones
  DATABASE_URL or DATA_DIR             where the ledger is
  CONFIRMATIONS                        how many blocks must lie on each transaction`;

const command = new Command("npm run deploy --")
  .description("Deploys the ledger's contract to CHAIN_RPC_URL with the operator's keys, and opens it.")
  .option(
    "--admin-delay <seconds>",
    "how long handing the admin's role on takes",
    seconds,
    THREE_DAYS_SECONDS,
  )
  .option(
    "--move",
    "build a ledger that lives on another chain anew on this one, as a record; no money moves",
  )
  .addHelpText("after", HELP)
  .action(run);

await command.parseAsync();

function seconds(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("wanted whole seconds");
  return Number(text);
}

async function run(options: Options): Promise<void> {
  try {
    tell(await deploy(options));
  } catch (error) {
    if (!(error instanceof AmanahError || error instanceof AlarmError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

function tell({ contract, chainId }: Deployed): void {
  console.log(`The ledger's contract is ${contract} on chain ${chainId}, and it is open.`);
  console.log("Start the service with CHAIN_RPC_URL and, in its environment:");
  console.log(`  CONTRACT_ADDRESS=${contract}`);
  console.log("and without ADMIN_KEY. Publish the address: those who verify pin it.");
}

async function deploy(options: Options): Promise<Deployed> {
  const settings = readSettings();
  const rpcUrl = settings.CHAIN_RPC_URL;
  if (rpcUrl === undefined)
    throw new InputError(
      "endpoint-missing",
      "CHAIN_RPC_URL: wanted the endpoint of the chain to deploy to, came nothing",
    );
  const log = pino({ level: settings.LOG_LEVEL, base: null }, pino.destination(2));
  const store = await openStore(settings, log);
  try {
    await migrate(store.sql);
    const { id: ledger } = await openLedger(store.sql);
    const context = chainContext({ sql: store.sql, settings, ledger, rpcUrl, log });
    return await holdingChain(store.sql, () => deployLedger(context, toPlan(options), untilInterrupted()));
  } finally {
    await store.close();
  }
}

function toPlan({ adminDelay, move = false }: Options): DeployOptions {
  return { adminDelaySeconds: adminDelay, move, onProgress: progress() };
}

/** A line for each change, on stderr. */
function progress(): (callsLeft: bigint) => void {
  let before: bigint | undefined;
  return (left) => {
    if (left !== before && left > 0n) console.error(`${left} calls to go`);
    before = left;
  };
}

function untilInterrupted(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort());
  return stopping.signal;
}

/** Only one process may speak to the contract. */
async function holdingChain<T>(sql: Database, work: () => Promise<T>): Promise<T> {
  const hold = await tryHold(sql, "chain");
  if (hold === null)
    throw new ConflictError(
      "service-running",
      "a service on this database speaks to the contract; stop it first",
    );
  try {
    return await work();
  } finally {
    await hold.release();
  }
}
