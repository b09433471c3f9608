// `npm run demo`: one small day of the whole system on a fresh folder, from purchases to money spent, and then a donor's
// receipt and the whole ledger checked as a stranger would. The parts of the day are in the folder beside.

import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Command } from "commander";
import pino from "pino";
import { freshDataDir } from "../server/embedded/data-dir.ts";
import { answers } from "../server/embedded/free-port.ts";
import { AmanahError } from "../server/errors.ts";
import { type Service, startService, untilSignal } from "../server/main.ts";
import { toHex } from "../server/protocol/bytes.ts";
import { readSettings } from "../server/settings.ts";
import { deploymentOf } from "../server/store/deployment.ts";
import { apiClient } from "./demo/api.ts";
import { BANK_ACCOUNT } from "./demo/bank.ts";
import { playPurchases, playRefunds, type Recorded } from "./demo/goods.ts";
import { moveMoney, waitUntilAnchored, waitUntilPublished } from "./demo/money.ts";
import { readKey } from "./demo/operator.ts";
import { makeParties } from "./demo/parties.ts";
import { reportOn } from "./demo/report.ts";
import { auditLedger, verifyReceipt } from "./demo/stranger.ts";
import { say, step } from "./demo/telling.ts";

const PURCHASES = 2_000;
const REFUNDS = 40;

type Options = { exit?: boolean; out?: string; seed: string };

const program = new Command("npm run demo --")
  .description(
    "Plays a small day on a fresh folder: purchases, refunds, sealing, anchoring, payout, one receipt verified, and the ledger audited.",
  )
  .option("--exit", "end when the day is over instead of staying up")
  .option("--out <file>", "keep the donor's anchored receipt file")
  .option("--seed <number>", "another day: the same seed plays the same purchases", "11")
  .action(run);

async function run(options: Options): Promise<void> {
  const signal = untilSignal();
  const dataDir = await freshDataDir();
  try {
    await playAndStay(options, dataDir, signal);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function playAndStay(options: Options, dataDir: string, signal: Promise<unknown>): Promise<void> {
  const service = await step("PostgreSQL, chain, contract, service", () =>
    startService(settingsFor(dataDir), quietLog()),
  );
  try {
    const played = await Promise.race([playDay(service, options, dataDir), signal.then(() => undefined)]);
    if (played === undefined || options.exit === true) return;
    tellWhatNext(service, played);
    await signal;
    say("\nstopping");
  } finally {
    await service.stop();
  }
}

const quietLog = () => pino({ level: process.env.LOG_LEVEL ?? "error", base: null }, pino.destination(2));

/** The usual ports where they are free, so that the links look as they will at home. */
function settingsFor(dataDir: string) {
  const { DATABASE_URL: _, CHAIN_RPC_URL: __, ...environment } = process.env;
  return readSettings({
    ...environment,
    DATA_DIR: dataDir,
    SEAL_AFTER_SECONDS: "1",
    ...BANK_ACCOUNT,
    ...ports,
  });
}

const portOr = async (port: number) => ((await answers(port)) ? "0" : `${port}`);
const ports = {
  PORT: process.env.PORT ?? (await portOr(8080)),
  CHAIN_PORT: process.env.CHAIN_PORT ?? (await portOr(8545)),
};

type Played = {
  readonly file: string;
  readonly contract: string;
  readonly receipt: Recorded;
  /** The audit's, a page for a browser. */
  readonly report: string;
  /** The hash of the philanthropy report. */
  readonly philanthropy: string;
};

async function playDay(service: Service, { seed, out }: Options, dataDir: string): Promise<Played> {
  const api = apiClient(service.url, await readKey(dataDir));
  const begun = Math.floor(Date.now() / 1_000);
  const parties = await step("charities, merchants and their pledges", () => makeParties(api));
  const recorded = await playPurchases(api, PURCHASES, Number(seed));
  await playRefunds(api, recorded, REFUNDS);
  await waitUntilAnchored(service);
  await moveMoney(service, api, parties);
  const { hash: philanthropy } = await reportOn(service, api, begun);
  const receipt = donorsReceipt(recorded);
  const file = resolve(out ?? join(dataDir, "receipt.json"));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(await api.receipt(receipt), null, 2)}\n`);
  const contract = toHex((await deploymentOf(service.services.sql))?.contract as Buffer);
  await waitUntilPublished(service);
  const known = { rpc: service.rpcUrl, contract };
  await verifyReceipt(file, known);
  const report = join(dataDir, "audit.html");
  await auditLedger(`${service.url}/books`, known, join(dataDir, "audit"), report);
  return { file, contract, receipt, report, philanthropy };
}

/** One that was not refunded: somewhere in the middle of the day. */
const donorsReceipt = (recorded: readonly Recorded[]): Recorded =>
  recorded.filter(({ refunded }) => !refunded)[Math.floor(recorded.length / 2)] as Recorded;

function tellWhatNext(service: Service, { file, contract, receipt, report, philanthropy }: Played): void {
  say(`
A donor's receipt, at its address on the line:

  ${service.url}/r/${receipt.id}#${receipt.key}

Everything is still running. Open that link, and try:
  the API and its reference    ${service.url}/docs
  the lines and watermarks     ${service.url}/v1/lines
  the batches                  ${service.url}/v1/batches
  what was given, and became   ${service.url}/reports/${philanthropy}
  the donor's receipt, public  ${service.url}/v1/receipts/${receipt.id}
  the audit's report           ${report}
  change a digit in ${file}
  and run                      npm run verify -- ${file} --rpc ${service.rpcUrl} --contract ${contract}
Ctrl-C stops it and removes what it made.`);
}

program.parseAsync().catch((thrown) => {
  console.error(thrown instanceof AmanahError ? thrown.message : thrown);
  process.exitCode = 1;
});
