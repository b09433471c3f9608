// The default database: a real PostgreSQL from an npm package, in the data folder. The server is detached from us. It
// survives a Ctrl-C and our own kill -9, and the next start adopts it. Who holds the ledger's lock in the database stops it.
// Creating its files, its user and its programs' places live in the files beside; so does everything Unix about root.

import { existsSync } from "node:fs";
import { readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { InputError, messageOf, UnavailableError } from "../errors.ts";
import { findBinaries } from "./binaries.ts";
import { DATABASE_NAME, ensureCluster, type Installation } from "./cluster.ts";
import { ensureCredentials, notePort } from "./credentials.ts";
import { ensureDataDir } from "./data-dir.ts";
import { freePort, LOOPBACK } from "./free-port.ts";
import { clearLockFile, findPostmaster, type Postmaster, settledPostmaster } from "./postmaster.ts";
import { runTool } from "./run-tool.ts";
import { serverUser } from "./system-user.ts";

export interface PostgresOptions {
  /** Made when missing. PostgreSQL lives in its folder `postgres`, its password in `postgres.json`. */
  readonly dataDir: string;
  /** Hears one short line for each step that takes time. */
  readonly onProgress?: (step: string) => void;
  /** Waits for no disk: faster, and lost when the machine stops. For what nobody will miss, such as a run of tests. */
  readonly forgettable?: boolean;
}

export interface EmbeddedPostgres {
  /** postgres://amanah:…@127.0.0.1:port/amanah */
  readonly url: string;
  /** Whether the server was already running. */
  readonly adopted: boolean;
  /**
   * Stops the server, whoever started it; sessions are ended, nothing committed is lost. Do not call it when another
   * service uses the database: leaving the server running is harmless.
   */
  stop(): Promise<void>;
}

/** Long enough for recovery after a crash, at most `max_wal_size` of log. */
const START_LIMIT_SECONDS = 600;
const FAST_STOP_SECONDS = 60;
const IMMEDIATE_STOP_SECONDS = 15;
/** A port may be taken between our choosing it and PostgreSQL's binding it. */
const START_ATTEMPTS = 4;
const LOG_LIMIT_BYTES = 10_000_000;
const LOG_TAIL_CHARACTERS = 2_000;
const RETRY_AFTER_SECONDS = 10;

/** What differs from PostgreSQL's own defaults, on the server's command line so that it holds for old clusters too. */
const SETTINGS = {
  listen_addresses: LOOPBACK,
  // No socket file: its path would be too long in deep folders, and its rights another thing to hold.
  unix_socket_directories: "",
  shared_buffers: "256MB",
  max_connections: "100",
  // An acknowledged receipt is a durable one, always.
  fsync: "on",
  synchronous_commit: "on",
  // Bulk uploads write much log in bursts; with the defaults they would wait for checkpoints.
  max_wal_size: "4GB",
  checkpoint_timeout: "15min",
  wal_compression: "on",
  // Every query of the service is short: compiling it would take longer than running it.
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
  log_checkpoints: "off",
  // Rows and parameters hold private details, and a log is not erased with them.
  log_error_verbosity: "terse",
  log_min_error_statement: "panic",
} as const;

/** Keeps all that is committed over a crash of the server itself, and nothing over one of the machine. */
const FORGETTABLE = {
  fsync: "off",
  full_page_writes: "off",
  // Little is logged, and that uncompressed: copying a database costs a quarter.
  wal_compression: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
  // It may be kept in memory.
  max_wal_size: "512MB",
} as const;

/**
 * Starts PostgreSQL on `dataDir`, or adopts the one that runs there. Any number of processes may do so at once.
 * Throws `InputError` when the folder cannot be used and says what to do, `UnavailableError` when the server fails.
 */
export async function startPostgres({
  dataDir,
  onProgress = () => {},
  forgettable = false,
}: PostgresOptions): Promise<EmbeddedPostgres> {
  const folder = await ensureDataDir(dataDir);
  const cluster = join(folder, "postgres");
  const credentials = await credentialsFor(folder, cluster);
  const user = await serverUser();
  const installation = { cluster, user, binaries: await findBinaries(folder, user) };
  if (!existsSync(cluster)) onProgress("creating the database");
  await ensureCluster(installation, credentials);
  const running = await settledPostmaster(cluster, START_LIMIT_SECONDS * 1_000);
  onProgress(running === undefined ? "starting PostgreSQL" : "adopting the PostgreSQL that runs already");
  const { port } =
    running ?? (await start(installation, forgettable ? { ...SETTINGS, ...FORGETTABLE } : SETTINGS));
  await notePort(folder, credentials, port);
  return {
    url: `postgres://${DATABASE_NAME}:${credentials.password}@${LOOPBACK}:${port}/${DATABASE_NAME}`,
    adopted: running !== undefined,
    stop: () => stop(installation),
  };
}

async function credentialsFor(folder: string, cluster: string) {
  if (!existsSync(cluster) || existsSync(join(folder, "postgres.json")))
    return await ensureCredentials(folder);
  throw new InputError(
    "postgres-json",
    `${cluster} is a database, but its password, ${join(folder, "postgres.json")}, is missing: restore it from your backup`,
  );
}

type ServerSettings = Readonly<Record<string, string>>;

async function start(installation: Installation, settings: ServerSettings): Promise<Postmaster> {
  let failure = "";
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
    failure = await tryToStart(installation, { ...settings, port: `${await freePort()}` });
    // Also after a failure: of two starts at once PostgreSQL lets one win, and the other adopts it.
    const running = await settledPostmaster(installation.cluster, START_LIMIT_SECONDS * 1_000);
    if (running !== undefined) return running;
  }
  throw new UnavailableError("postgres-start", `PostgreSQL did not start: ${failure}`, RETRY_AFTER_SECONDS);
}

/** Gives the reason when it failed, with the end of the server's log; "" when it started. */
async function tryToStart(
  { cluster, binaries, user }: Installation,
  settings: ServerSettings,
): Promise<string> {
  const log = join(cluster, "postgres.log");
  await clearLockFile(cluster);
  await setAsideLong(log);
  const given = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  const args = [
    "start",
    "-D",
    cluster,
    "-l",
    log,
    "-w",
    "-t",
    `${START_LIMIT_SECONDS}`,
    "-o",
    given.join(" "),
  ];
  try {
    await runTool(binaries.pgCtl, args, { user, cwd: cluster });
    return "";
  } catch (error) {
    return `${messageOf(error)}\n${await tailOf(log)}`;
  }
}

async function setAsideLong(log: string): Promise<void> {
  const size = existsSync(log) ? (await stat(log)).size : 0;
  if (size > LOG_LIMIT_BYTES) await rename(log, `${log}.1`);
}

async function tailOf(log: string): Promise<string> {
  return existsSync(log) ? (await readFile(log, "utf8")).slice(-LOG_TAIL_CHARACTERS) : "";
}

async function stop({ cluster, binaries, user }: Installation): Promise<void> {
  const ways = [
    { mode: "fast", seconds: FAST_STOP_SECONDS },
    // Without its last checkpoint: the next start replays the log, and nothing committed is lost.
    { mode: "immediate", seconds: IMMEDIATE_STOP_SECONDS },
  ];
  let failure: unknown;
  for (const { mode, seconds } of ways) {
    if ((await findPostmaster(cluster)) === undefined) return;
    const args = ["stop", "-D", cluster, "-m", mode, "-w", "-t", `${seconds}`];
    failure = await runTool(binaries.pgCtl, args, { user, cwd: cluster }).catch((error: unknown) => error);
  }
  if ((await findPostmaster(cluster)) !== undefined) throw failure;
}
