// What the contract turns out to have already, by a transaction that is not ours or that we have lost sight of: it is taken
// note of, and not sent again.

import { nameOf } from "../protocol/contract-calls.ts";
import { finishFound, putOff, type StoredCall } from "../store/chain-calls.ts";
import { AlarmError, type ChainContext, type Home, settledBlock } from "./chain-context.ts";

const LOOK_AGAIN_SECONDS = 5;

/** Roots among the calls that the contract has: the same as ours is taken note of, another one is an alarm. */
export async function takeNoteOfFoundRoots(
  context: ChainContext,
  home: Home,
  calls: readonly StoredCall[],
): Promise<boolean> {
  if (!calls.some(({ kind }) => kind === "anchor")) return false;
  const lastBatch = await home.reader.lastBatch();
  const found = calls.filter((call) => call.kind === "anchor" && BigInt(call.args.batch) <= lastBatch);
  for (const call of found) {
    if (!(await home.reader.isDone(call)))
      throw new AlarmError(
        "root-differs",
        `${nameOf(call)}: the contract holds another root than ours`,
        call,
      );
    await takeNoteOfDone(context, home, call);
  }
  return found.length > 0;
}

/** Takes note of a call that the contract shows as done: final once that is deep enough, else to be looked at again. */
export async function takeNoteOfDone(
  context: ChainContext,
  { reader }: Home,
  call: StoredCall,
): Promise<boolean> {
  const isSettled = await reader.isDone(call, await settledBlock(context));
  if (!isSettled) return await putOff(context.sql, call.id, LOOK_AGAIN_SECONDS);
  context.log.warn({ call: nameOf(call) }, "another transaction has done this already; taking note of it");
  await finishFound(context.sql, call.id);
  return true;
}
