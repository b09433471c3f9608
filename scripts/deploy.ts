// `npm run deploy`: deploys the contract of this database's ledger to CHAIN_RPC_URL, gives the roles to the operator's
// accounts and opens it. May be cut off and run again; run once more, it changes nothing.

import { Command } from "commander";
import { pino } from "pino";
import { openStore } from "../server/embedded/store.ts";
import { AmanahError, InputError } from "../server/errors.ts";
import { AlarmError, chainContext } from "../server/jobs/chain-context.ts";
import { type Deployed, type DeployOptions, deployLedger } from "../server/jobs/deploy.ts";
import { readSettings } from "../server/settings.ts";
import { openLedger } from "../server/store/ledger.ts";
import { migrate } from "../server/store/migrate.ts";
import { holdingChain, progress, seconds, THREE_DAYS_SECONDS, untilInterrupted } from "./move/hold.ts";

type Options = { adminDelay: number };

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
  .addHelpText("after", HELP)
  .action(run);

await command.parseAsync();

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

function toPlan({ adminDelay }: Options): DeployOptions {
  return { adminDelaySeconds: adminDelay, onProgress: progress() };
}
