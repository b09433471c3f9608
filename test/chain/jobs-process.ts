// The chain's jobs as a process of their own, to be killed. Says "up" once they run; ends with SIGTERM.

import { pino } from "pino";
import { runChainJobs } from "../../server/jobs/chain.ts";
import { readSettings } from "../../server/settings.ts";
import { connect } from "../../server/store/database.ts";
import { openLedger } from "../../server/store/ledger.ts";

const settings = readSettings();
const [databaseUrl, rpcUrl] = [settings.DATABASE_URL, settings.CHAIN_RPC_URL];
if (databaseUrl === undefined || rpcUrl === undefined)
  throw new Error("wanted DATABASE_URL and CHAIN_RPC_URL");

const stopping = new AbortController();
process.on("SIGTERM", () => stopping.abort());
const sql = connect(databaseUrl, 4);
const { id: ledger } = await openLedger(sql);
const log = pino({ level: settings.LOG_LEVEL }, pino.destination(2));
console.log("up");
await runChainJobs({ sql, databaseUrl, settings, ledger, rpcUrl, log, signal: stopping.signal });
await sql.end();
