// The first step of a run: whatever is anchored is proven to the contract, and the watermarks are read, so that as much is
// paid as there is. What is not proven in time is paid by the next run.

import { type ProofProgress, proofProgress } from "../../store/anchoring.ts";
import { tryPayoutsNow } from "../../store/chain-calls.ts";
import { leftToRebuild } from "../../store/deployment.ts";
import { recordConfirmedAgain } from "../../store/payouts.ts";
import { pause } from "../leader.ts";
import { askForDueProofs } from "../prove.ts";
import { LOOK_EVERY_MS, patienceOf, type Settler, type Step } from "./context.ts";

/** Also has what earlier runs could not pay, for want of something, tried at once. */
export const proveLines: Step = async (settler, run, signal) => {
  const end = performance.now() + patienceOf(settler).provingMs;
  const isOver = () => signal.aborted || performance.now() > end;
  await tryAgain(settler);
  await untilSo(async () => (await leftToRebuild(settler.sql)) === 0n, isOver, signal);
  await askForAllProofs(settler, signal);
  const { newest_call: newest } = await proofProgress(settler.sql);
  const proven = await untilSo(areProven(settler, newest), isOver, signal);
  if (!proven && !signal.aborted)
    settler.log.warn({ run: run.id }, "not all proofs came in time; settling what is proven");
  return !signal.aborted;
};

async function tryAgain({ sql, log }: Settler): Promise<void> {
  await tryPayoutsNow(sql);
  const again = await sql.begin((tx) => recordConfirmedAgain(tx));
  if (again > 0)
    log.warn({ payouts: again }, "the bank has paid what the contract refused to record; asking again");
}

async function askForAllProofs({ sql, log }: Settler, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await askForDueProofs({ sql, log, proveEverySeconds: 0 })));
}

/**
 * Tells whether the proofs up to a call have ended and the watermarks show them. Newer ones may keep coming, and one that
 * failed never shows: then two readings will do, of which the second began after the proofs had ended.
 */
function areProven({ sql }: Settler, upToCall: bigint): () => Promise<boolean> {
  const readings = new Set<number>();
  return async () => {
    const progress = await proofProgress(sql, upToCall);
    if (progress.unfinished > 0n) return false;
    readings.add(readingOf(progress));
    return progress.unread === 0n || readings.size > 2;
  };
}

const readingOf = ({ read_at }: ProofProgress) => read_at?.getTime() ?? 0;

/** Looks again and again until `holds`; false when it is over before. */
async function untilSo(holds: () => Promise<boolean>, isOver: () => boolean, signal: AbortSignal) {
  while (!isOver()) {
    if (await holds()) return true;
    await pause(LOOK_EVERY_MS, signal);
  }
  return false;
}
