// One audit in a process of its own, so that its memory can be told: `audit-process.ts RPC BOOKS STATE WORKERS`, answers
// with one line of JSON.

import { NO_PROGRESS } from "../audit/progress.ts";
import { audit } from "../audit/run.ts";
import { CONTRACT } from "./anchored-roots.ts";

const [rpc = "", books = "", state = "", workers = "1"] = process.argv.slice(2);
const { signal } = new AbortController();
const { verdict, receipts, seconds, counts } = await audit({
  ...{ rpc, books, state, signal, contract: CONTRACT, fromBlock: 0n, resume: false },
  ...{ signers: null, merchants: [], orders: null, workers: Number(workers), progress: NO_PROGRESS },
});
const peakBytes = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ verdict, receipts: Number(receipts), seconds, peakBytes, counts }));
