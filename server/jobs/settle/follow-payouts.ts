// The last step of a run: transfers for the bank are written, and the token payouts are followed until each is paid, has
// failed, or says what it waits for. The chain's jobs carry them; here they are only watched.

import { messageOf } from "../../errors.ts";
import { isUnavailable } from "../../store/database.ts";
import { payoutsOnTheWay } from "../../store/payouts.ts";
import { pause } from "../leader.ts";
import { fileBankTransfers, MOST_TRANSFERS_A_FILE } from "./bank-files.ts";
import { LOOK_EVERY_MS, patienceOf, type Settler, type Step } from "./context.ts";

export const followPayouts: Step = async (settler, run, signal) => {
  const end = performance.now() + patienceOf(settler).payingMs;
  await fileTransfers(settler, signal);
  while (!signal.aborted) {
    const left = await payoutsOnTheWay(settler.sql, run.id);
    if (left === 0n) return true;
    if (performance.now() > end) return leaveUnderWay(settler, run.id, left);
    await pause(LOOK_EVERY_MS, signal);
  }
  return false;
};

/** What goes wrong with the bank's files keeps nobody else waiting: the payouts stay, and the next run files them. */
async function fileTransfers(settler: Settler, signal: AbortSignal): Promise<void> {
  try {
    await fileBankTransfers(settler, MOST_TRANSFERS_A_FILE, signal);
  } catch (thrown) {
    if (isUnavailable(thrown)) throw thrown;
    settler.log.error({ err: thrown }, `transfers were not written: ${messageOf(thrown)}`);
  }
}

/** They are paid all the same once the chain takes them; a run is not held open for ever. */
function leaveUnderWay({ log }: Settler, run: bigint, payouts: bigint): true {
  log.warn({ run, payouts }, "the run ends with payouts under way; they go on without it");
  return true;
}
