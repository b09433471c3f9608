// Everything after "sealed": the loops that anchor, send, follow, prove and read back. One process at a time runs them;
// a second one that believes so too does no harm, since every change of state names the state that it expects.

import { rolesAtHand } from "../chain/accounts.ts";
import { messageOf, UnavailableError } from "../errors.ts";
import { fastKeccak } from "../hashing.ts";
import { type AlarmKind, clearAlarms, raiseAlarm } from "../store/alarms.ts";
import { isUnavailable } from "../store/database.ts";
import { leftToRebuild } from "../store/deployment.ts";
import { Proofs } from "../store/proofs.ts";
import { anchorOldest } from "./anchor.ts";
import { AlarmError, type ChainContext, type ChainOptions, chainContext } from "./chain-context.ts";
import { answerChallenges } from "./challenges/answer.ts";
import { watchChallenges } from "./challenges/watch.ts";
import { examineHistory, examinePlace } from "./examine.ts";
import { followTransactions } from "./follow.ts";
import { pause } from "./leader.ts";
import { examinePromiseKey } from "./promise-key.ts";
import { askForDueProofs } from "./prove.ts";
import { readWatermarks } from "./reconcile.ts";
import { startSecondReader } from "./second-reader.ts";
import { isUnderWay, sendAnswers, sendNext } from "./send.ts";
import { walletKeeper } from "./wallet-codes.ts";
import { watchMoves } from "./watch-moves.ts";

export type ChainJobs = ChainOptions & {
  /** For the second reading, which has a connection of its own. */
  readonly databaseUrl: string;
  readonly signal: AbortSignal;
};

const ANCHOR_ALARMS: readonly AlarmKind[] = ["second-reading"];
const ANSWER_ALARMS: readonly AlarmKind[] = ["challenge-unanswered"];
const PROMISE_ALARMS: readonly AlarmKind[] = ["promise-key-not-in-force"];
const CHAIN_ALARMS: readonly AlarmKind[] = [
  "chain-differs",
  "contract-missing",
  "ledger-differs",
  "ledger-behind",
  "root-differs",
  "call-refused",
];

const LOOK_FOR_SEALED_MS = 200;
/** A challenge can be answered for seven days: it need not be seen as soon as a transaction of ours. */
const POLLS_OF_A_WATCH = 5;
/** Who may promise changes once a year. */
const POLLS_OF_A_LOOK = 30;
const LOOK_FOR_PROOFS_EVERY_MS = 1_000;
const LOOK_AT_LINES_EVERY_MS = 5_000;
const EXAMINE_EVERY_MS = 60_000;
const MOST_WAIT_MS = 30_000;
const MOST_DOUBLINGS = 10;

/** Runs until the signal aborts. To be run by one process at a time. */
export async function runChainJobs({ databaseUrl, signal, ...options }: ChainJobs): Promise<void> {
  const context = chainContext(options);
  context.log.info({ accounts: rolesAtHand(context.accounts) }, "speaking to the contract");
  const reader = startSecondReader(databaseUrl, context.ledger);
  signal.addEventListener("abort", () => void reader.stop(), { once: true });
  const anchoring = { sql: context.sql, reader, log: context.log };
  const answering = { sql: context.sql, log: context.log, proofs: new Proofs(context.sql, fastKeccak) };
  try {
    await Promise.all([
      repeat(context, signal, LOOK_FOR_SEALED_MS, ANCHOR_ALARMS, () => anchorOldest(anchoring)),
      repeat(context, signal, context.pollMs, CHAIN_ALARMS, chainRound(context)),
      // Beside the others: an endpoint that gives no events, or a promise that nobody can keep, holds nothing else up.
      repeat(context, signal, POLLS_OF_A_WATCH * context.pollMs, [], () => watchChallenges(context)),
      repeat(context, signal, POLLS_OF_A_WATCH * context.pollMs, [], () => watchMoves(context)),
      repeat(context, signal, POLLS_OF_A_WATCH * context.pollMs, ANSWER_ALARMS, () =>
        answerChallenges(answering),
      ),
      repeat(context, signal, POLLS_OF_A_LOOK * context.pollMs, PROMISE_ALARMS, () =>
        examinePromiseKey(context),
      ),
    ]);
  } finally {
    await reader.stop();
  }
}

/**
 * One look at the chain: examine it when that is due, follow what is under way, send what is next, read what came of it.
 * Answers to challenges go before whatever may stand still: their time is limited, and the contract judges each by itself.
 */
function chainRound(context: ChainContext): Step {
  const place = every(EXAMINE_EVERY_MS, () => examinePlace(context));
  const history = every(EXAMINE_EVERY_MS, () => examineHistory(context));
  const proving = every(LOOK_FOR_PROOFS_EVERY_MS, () => askIfBuilt(context));
  const reading = every(LOOK_AT_LINES_EVERY_MS, () => readWatermarks(context));
  const keepWallets = walletKeeper(context);
  return async () => {
    await place.run();
    const followed = await followTransactions(context);
    if (followed) for (const work of [proving, reading]) work.makeDue();
    if (await sendAnswers(context)) return true;
    await history.run();
    await keepWallets();
    const sent = await sendNext(context);
    const asked = !sent && (await proving.run()) === true;
    if (!sent && !asked) await reading.run();
    if (followed || sent || asked) return true;
    return (await isUnderWay(context)) && "under way";
  };
}

/** Proofs are asked for once a rebuilding is over: what was proven before is being proven again. */
const askIfBuilt = async (context: ChainContext) =>
  (await leftToRebuild(context.sql)) === 0n && (await askForDueProofs(context));

/** True when something was done; `under way` when what is next waits for a transaction, so that nothing is known of it yet. */
type Step = () => Promise<boolean | "under way">;

/** Work that is due at once and then every so often. It stays due as long as it fails. */
function every<T>(milliseconds: number, work: () => Promise<T>) {
  let next = 0;
  const run = async (): Promise<T | undefined> => {
    if (performance.now() < next) return undefined;
    const done = await work();
    next = performance.now() + milliseconds;
    return done;
  };
  const makeDue = () => {
    next = 0;
  };
  return { run, makeDue };
}

/** Does `step` again and again: at once while it gets something done, else after a pause; longer after each failure. */
async function repeat(
  context: ChainContext,
  signal: AbortSignal,
  waitMs: number,
  alarms: readonly AlarmKind[],
  step: Step,
): Promise<void> {
  // An alarm may stand from before we were started.
  let mayStand = true;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const done = await step();
      if (done === true) continue;
      failures = 0;
      if (done === false && mayStand) mayStand = await takeBack(context, alarms);
    } catch (thrown) {
      if (!signal.aborted) await tell(context, thrown);
      mayStand = true;
      failures += 1;
    }
    await pause(waitAfter(failures, waitMs), signal);
  }
}

const waitAfter = (failures: number, waitMs: number) =>
  Math.min(waitMs * 2 ** Math.min(failures, MOST_DOUBLINGS), Math.max(waitMs, MOST_WAIT_MS));

/** With nothing left to do and nothing amiss, what raised an alarm has been put in order. */
async function takeBack({ sql, log }: ChainContext, alarms: readonly AlarmKind[]): Promise<false> {
  for (const kind of await clearAlarms(sql, alarms)) log.warn({ alarm: kind }, "alarm taken back");
  return false;
}

async function tell({ sql, log }: ChainContext, thrown: unknown): Promise<void> {
  if (thrown instanceof AlarmError) {
    const isNew = await raiseAlarm(sql, thrown.kind, thrown.message).catch(() => true);
    if (isNew) log.fatal({ alarm: thrown.kind }, thrown.message);
  } else if (thrown instanceof UnavailableError || isUnavailable(thrown)) log.warn(messageOf(thrown));
  else log.error({ err: thrown }, `the chain's jobs: ${messageOf(thrown)}; trying again`);
}
