// The thread of the second reading: batches' numbers come in, findings go out. Its connection is its own.

import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../errors.ts";
import { connect } from "../store/database.ts";
import { tellLoaded } from "../threads.ts";
import type { ReadingAnswer, ReadingOrder } from "./second-reader.ts";
import { readAgain } from "./second-reading.ts";

const { databaseUrl, ledger } = workerData as ReadingOrder;
const sql = connect(databaseUrl, 1);

parentPort?.on("message", async (batch: bigint) => {
  parentPort?.postMessage(await answer(batch));
});
tellLoaded(parentPort);

async function answer(batch: bigint): Promise<ReadingAnswer> {
  try {
    return { findings: await readAgain(sql, ledger, batch) };
  } catch (thrown) {
    return { failure: `the second reading of batch ${batch}: ${messageOf(thrown)}` };
  }
}
