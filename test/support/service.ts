// A real service for a test: the wiring of server/main.ts on a database of its own in the shared PostgreSQL. Without
// `chain` it is given an endpoint where nobody answers, which is the fastest chain there is, and shows that ingest,
// sealing and reads do not need one. Talking to it lives in client.ts, what is sold in it in shop.ts.

import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import { freshDataDir } from "../../server/embedded/data-dir.ts";
import type { Services } from "../../server/http/services.ts";
import { startService } from "../../server/main.ts";
import { readSettings } from "../../server/settings.ts";
import type { Database } from "../../server/store/database.ts";
import { freshDatabase, type TestDatabase } from "./postgres.ts";

export interface TestService {
  readonly url: string;
  readonly operatorKey: string;
  readonly databaseUrl: string;
  readonly dataDir: string;
  readonly rpcUrl: string;
  readonly services: Services;
  /** The service's own pool. */
  readonly sql: Database;
  /** Stops the service and takes its folder and its database away. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  /** Whether a demonstration chain runs beside it. */
  readonly chain?: boolean;
  readonly settings?: Readonly<Record<string, string>>;
  /** A database that holds a ledger already, and its operator's key; without it the ledger is a new one. */
  readonly restored?: { readonly database: TestDatabase; readonly operatorKey: string };
}

/** The discard port: nobody answers there. */
const DEAD_CHAIN = { CHAIN_RPC_URL: "http://127.0.0.1:9", CONTRACT_ADDRESS: `0x${"01".repeat(20)}` };
export const silent = pino({ level: "silent" });

/** Seals only when told to, unless the settings say otherwise. Links carry the address of PUBLIC_URL. */
export async function startTestService({
  chain = false,
  settings = {},
  restored,
}: ServiceOptions = {}): Promise<TestService> {
  const [database, dataDir] = await Promise.all([restored?.database ?? freshDatabase(), freshDataDir()]);
  const service = await startService(
    readSettings({
      PORT: "0",
      PUBLIC_URL: "https://gifts.example",
      DATA_DIR: dataDir,
      DATABASE_URL: database.url,
      SEAL_AFTER_SECONDS: "86400",
      TREE_WORKERS: "1",
      ...(chain ? { CHAIN_PORT: "0" } : DEAD_CHAIN),
      ...settings,
    }),
    silent,
  );
  const stop = async () => {
    await service.stop();
    await Promise.all([database.drop(), rm(dataDir, { recursive: true, force: true })]);
  };
  return {
    url: service.url,
    operatorKey: restored?.operatorKey ?? (await readFile(join(dataDir, "operator.key"), "utf8")).trim(),
    databaseUrl: database.url,
    dataDir,
    rpcUrl: service.rpcUrl,
    services: service.services,
    sql: service.services.sql,
    stop,
  };
}
