// The service, from settings to pages: what is started, in which order, and how it stops.

import { once } from "node:events";
import type { Server } from "node:http";
import { fileURLToPath } from "node:url";
import { type Logger, pino } from "pino";
import { promiseSigner } from "./chain/promiser.ts";
import { requireFree, startChain } from "./embedded/chain.ts";
import { freePort, LOOPBACK } from "./embedded/free-port.ts";
import { openStore, type Store } from "./embedded/store.ts";
import { AmanahError, InputError, messageOf, UnavailableError } from "./errors.ts";
import { fastKeccak } from "./hashing.ts";
import { createApp } from "./http/app.ts";
import { CampaignWatch } from "./http/campaign-watch.ts";
import { ExportPlaces } from "./http/export-places.ts";
import { OverviewWatch } from "./http/overview-watch.ts";
import { localUrl } from "./http/receipt-keys.ts";
import type { Services } from "./http/services.ts";
import { settleHours } from "./ingest/hours.ts";
import { ingestContributions } from "./ingest/ingest.ts";
import type { MadePromise, PromiseOrder } from "./ingest/promise-maker.ts";
import { PromiseOpener, promiserFor } from "./ingest/promiser.ts";
import { recorderFor, unixNow } from "./ingest/recorder.ts";
import { BookShelf } from "./jobs/book-shelf.ts";
import { runChainJobs } from "./jobs/chain.ts";
import { convertAlways } from "./jobs/convert.ts";
import { Jobs } from "./jobs/leader.ts";
import { publishAlways } from "./jobs/publish.ts";
import { sealAlways } from "./jobs/seal.ts";
import { settleAlways } from "./jobs/settle/settle.ts";
import { TreeWorkers } from "./jobs/tree-workers.ts";
import { tellAlways } from "./jobs/webhooks/tell.ts";
import { ensureOperatorKey } from "./operator-key.ts";
import type { PromiseThreadData } from "./promise-thread.ts";
import { readSettings, type Settings } from "./settings.ts";
import { type Ledger, openLedger } from "./store/ledger.ts";
import { migrate } from "./store/migrate.ts";
import { NoticeFirst } from "./store/notice-first.ts";
import { PledgeCache } from "./store/pledge-cache.ts";
import { Proofs } from "./store/proofs.ts";
import { GroupedWriter, type Promiser } from "./store/writer.ts";
import { Thread } from "./threads.ts";

export type Service = {
  /** Where it listens. */
  readonly url: string;
  /** Where its key was written, when this start made the first one. */
  readonly operatorKeyFile: string | undefined;
  /** The chain's endpoint, for those who want to look for themselves. */
  readonly rpcUrl: string;
  readonly services: Services;
  stop(): Promise<void>;
};

/** Steps to undo, last first. */
class Undo {
  readonly #steps: (() => unknown)[] = [];

  later(step: () => unknown): void {
    this.#steps.unshift(step);
  }

  async all(): Promise<void> {
    for (const step of this.#steps.splice(0)) await step();
  }
}

/** Starts everything. When a step fails, what was started is stopped again. */
export async function startService(settings: Settings, log: Logger): Promise<Service> {
  const undo = new Undo();
  try {
    return await startEach(await withPort(settings), log, undo);
  } catch (thrown) {
    await undo.all();
    throw thrown;
  }
}

/** A port of our own choosing is chosen before anything starts: it is in the links that we hand out. */
const withPort = async (settings: Settings): Promise<Settings> =>
  settings.PORT === 0 ? { ...settings, PORT: await freePort() } : settings;

async function startEach(settings: Settings, log: Logger, undo: Undo): Promise<Service> {
  const store = await openStore(settings, log);
  undo.later(() => store.close());
  await migrate(store.sql);
  const ledger = await openLedger(store.sql);
  const operatorKeyFile = await ensureOperatorKey(store.sql, settings.DATA_DIR);
  const rpcUrl = settings.CHAIN_RPC_URL ?? (await demonstrationUrl(settings));
  const services = {
    ...(await makeServices(settings, log, store, ledger, undo)),
    publicRpcUrl: publicRpcUrl(settings, rpcUrl),
  };
  const workers = new TreeWorkers(settings.TREE_WORKERS);
  undo.later(() => workers.stop());
  const jobs = new Jobs(services);
  undo.later(() => jobs.stop());
  startAnchoring(services, store, rpcUrl, jobs);
  startSealing(services, workers, jobs);
  startPublishing(services, jobs);
  startConverting(services, jobs);
  jobs.start("settle", (signal) => settleAlways(services, signal));
  startTelling(services, jobs);
  const server = await listen(services, settings);
  undo.later(() => closeServer(server));
  // Before that: streams last as long as somebody watches.
  undo.later(() => services.overview.end());
  undo.later(() => services.campaigns.end());
  return {
    url: localUrl(settings),
    operatorKeyFile,
    rpcUrl,
    services,
    stop: () => undo.all(),
  };
}

async function makeServices(
  settings: Settings,
  log: Logger,
  { sql }: Store,
  ledger: Ledger,
  undo: Undo,
): Promise<Omit<Services, "publicRpcUrl">> {
  const pledges = new PledgeCache(sql);
  undo.later(await pledges.listen());
  const promiser = await promiserOf(settings, log, ledger, undo);
  const writer = new GroupedWriter(sql, { queueEvents: settings.QUEUE_LIMIT }, promiser);
  const opener = new PromiseOpener();
  const notices = new NoticeFirst(sql, unixNow);
  const ingest = { sql, writer, pledges, notices, recorder: recorderFor(ledger), promiser, opener };
  const books = new BookShelf({ sql, ledger: ledger.id, folder: settings.BOOKS_DIR, log });
  const proofs = new Proofs(sql, fastKeccak);
  return {
    sql,
    ledger,
    ingest,
    proofs,
    books,
    overview: new OverviewWatch(sql),
    campaigns: new CampaignWatch(sql),
    exports: new ExportPlaces(settings.DATABASE_CONNECTIONS),
    settings,
    log,
  };
}

const PROMISE_THREAD = new URL("./promise-thread.ts", import.meta.url);

/** Who promises what is recorded; nobody without a key. Throws when the thread cannot be started. */
async function promiserOf(
  settings: Settings,
  log: Logger,
  { id: ledger }: Ledger,
  undo: Undo,
): Promise<Promiser | null> {
  if (promiseSigner(settings) === undefined) {
    log.warn("PROMISE_KEY is not set: answers carry no promise");
    return null;
  }
  const { PROMISE_KEY, demonstration, PROMISE_WITHIN_SECONDS: withinSeconds } = settings;
  const data: PromiseThreadData = { ledger, settings: { PROMISE_KEY, demonstration } };
  const thread = new Thread<PromiseOrder, MadePromise>("the thread that promises", PROMISE_THREAD, data);
  undo.later(() => thread.stop());
  await thread.loaded();
  const make = (order: PromiseOrder) => thread.ask(order).catch((thrown) => failedPromise(log, thrown));
  return promiserFor({ make, withinSeconds, now: unixNow });
}

/** Nothing has been written then, and the next write starts the thread again. */
function failedPromise(log: Logger, thrown: unknown): never {
  log.error({ err: thrown }, "receipts could not be promised");
  throw new UnavailableError(
    "promises-unavailable",
    "receipts cannot be promised just now; send the same again",
    1,
  );
}

/** The address of an endpoint may hold the key to it: only the demonstration's own is public unasked. */
const publicRpcUrl = ({ PUBLIC_RPC_URL, demonstration }: Settings, rpcUrl: string): string | null =>
  PUBLIC_RPC_URL ?? (demonstration ? rpcUrl : null);

/** Where the demonstration chain will listen. On a database of our own nobody else can be running it there. */
async function demonstrationUrl({ CHAIN_PORT, DATABASE_URL }: Settings): Promise<string> {
  if (CHAIN_PORT === 0) return `http://${LOOPBACK}:${await freePort()}`;
  if (DATABASE_URL === undefined) await requireFree(CHAIN_PORT);
  return `http://${LOOPBACK}:${CHAIN_PORT}`;
}

function startAnchoring(
  { sql, ledger, settings, log }: Services,
  store: Store,
  rpcUrl: string,
  jobs: Jobs,
): void {
  const options = { sql, databaseUrl: store.url, settings, ledger: ledger.id, rpcUrl, log };
  const speak = (signal: AbortSignal) => runChainJobs({ ...options, signal });
  const work = settings.demonstration ? withChain(rpcUrl, speak) : speak;
  jobs.start("chain", work);
}

type Work = (signal: AbortSignal) => Promise<void>;

/** Whoever speaks to the demonstration chain runs it: another process that takes over rebuilds the ledger on its own. */
const withChain =
  (rpcUrl: string, work: Work): Work =>
  async (signal) => {
    const chain = await startChain({ port: Number(new URL(rpcUrl).port) });
    try {
      await work(signal);
    } finally {
      await chain.stop();
    }
  };

function startSealing({ sql, ledger, settings, log }: Services, workers: TreeWorkers, jobs: Jobs): void {
  const { SEAL_AFTER_SECONDS: sealAfterSeconds, SEAL_AT_RECEIPTS: sealAtReceipts } = settings;
  const sealer = { sql, ledger: ledger.id, workers, log, sealAfterSeconds, sealAtReceipts };
  jobs.start("seal", (signal) => sealAlways(sealer, signal));
}

function startPublishing(services: Services, jobs: Jobs): void {
  const { sql, ledger, settings, log } = services;
  const shelf = new BookShelf({ sql, ledger: ledger.id, folder: settings.BOOKS_DIR, log });
  const more = [() => settleHours(services)];
  jobs.start("publish", (signal) => publishAlways({ sql, ledger, shelf, log, more }, signal));
}

function startConverting({ sql, ingest, log }: Services, jobs: Jobs): void {
  const converter = { sql, log, record: ingestContributions.bind(null, ingest) };
  jobs.start("convert", (signal) => convertAlways(converter, signal));
}

function startTelling({ sql, settings, log }: Services, jobs: Jobs): void {
  const { demonstration, WEBHOOK_RETRY_SECONDS: schedule, WEBHOOK_TIMEOUT_MS: timeoutMs } = settings;
  jobs.start("webhooks", (signal) => tellAlways({ sql, log, demonstration, schedule, timeoutMs }, signal));
}

const SILENCE_LIMIT_MS = 120_000;

async function listen(services: Services, { HOST, PORT }: Settings): Promise<Server> {
  const server = createApp(services).listen(PORT, HOST);
  // An upload may take hours; what may not is a pause in it.
  server.requestTimeout = 0;
  server.setTimeout(SILENCE_LIMIT_MS);
  try {
    await once(server, "listening");
  } catch (thrown) {
    throw new InputError(
      "port",
      `cannot listen on ${HOST}:${PORT}: ${messageOf(thrown)}; choose another with PORT=…`,
    );
  }
  return server;
}

const FINISH_REQUESTS_MS = 10_000;
const CLOSE_IDLE_EVERY_MS = 50;

/**
 * Lets requests under way finish, and those that do not within ten seconds go. Clients that send one request after the
 * other on one connection are told that it ends; else it would never fall idle.
 */
async function closeServer(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.prependListener("request", (_, response) => response.setHeader("Connection", "close"));
  server.close();
  const idle = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  const impatient = setTimeout(() => server.closeAllConnections(), FINISH_REQUESTS_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(impatient);
}

/** Resolves at the first Ctrl-C or SIGTERM; later ones change nothing, since stopping is under way. */
export function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve(signal));
  });
}

async function run(): Promise<void> {
  const signal = untilSignal();
  const settings = readSettings();
  const log = pino({ level: settings.LOG_LEVEL, base: null });
  const service = await startService(settings, log);
  if (service.operatorKeyFile !== undefined) log.info(`the operator's key is in ${service.operatorKeyFile}`);
  log.info(`Amanah is at ${service.url}; its API is described at ${service.url}/docs`);
  log.info(`${await signal}: stopping`);
  await service.stop();
  log.info("stopped");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  run().catch((thrown) => {
    console.error(thrown instanceof AmanahError ? thrown.message : thrown);
    process.exitCode = 1;
  });
}
