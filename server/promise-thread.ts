// The thread that promises: hashing and signing take the service's own thread no time. The key is that of the settings.

import { workerData } from "node:worker_threads";
import { promiseSigner } from "./chain/promiser.ts";
import { InvariantError } from "./errors.ts";
import { promiseMaker } from "./ingest/promise-maker.ts";
import type { Settings } from "./settings.ts";
import { answerTasks } from "./threads.ts";

export type PromiseThreadData = {
  readonly ledger: Uint8Array;
  readonly settings: Pick<Settings, "PROMISE_KEY" | "demonstration">;
};

const { ledger, settings } = workerData as PromiseThreadData;
const sign = promiseSigner(settings);
if (sign === undefined) throw new InvariantError("a thread that promises was started without a key");
answerTasks(promiseMaker(ledger, sign));
