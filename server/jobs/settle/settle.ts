// Settlement runs: on a schedule or when the operator asks, one at a time. Each step writes down what it has done, so that
// whoever leads this job next goes on where the last leader was cut off.

import {
  askForRun,
  isRunDue,
  moveRun,
  type RunState,
  runById,
  runUnderWay,
  type SettlementRun,
} from "../../store/settlement-runs.ts";
import { pause } from "../leader.ts";
import { LOOK_EVERY_MS, type Settler, type Step } from "./context.ts";
import { decideLines } from "./decide-lines.ts";
import { followPayouts } from "./follow-payouts.ts";
import { proveLines } from "./prove-lines.ts";

/** Runs until the signal aborts. To be run by one process at a time. */
export async function settleAlways(settler: Settler, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const run = (await runUnderWay(settler.sql)) ?? (await startIfDue(settler));
    if (run === undefined) await pause(LOOK_EVERY_MS, signal);
    else await carryOut(settler, run, signal);
  }
}

async function startIfDue({ sql, settings }: Settler): Promise<SettlementRun | undefined> {
  const every = settings.SETTLE_EVERY_SECONDS;
  if (every === 0 || !(await isRunDue(sql, every))) return undefined;
  return (await askForRun(sql, "schedule")).run;
}

const STEPS: Record<RunState, { readonly work: Step; readonly next: RunState } | null> = {
  proving: { work: proveLines, next: "deciding" },
  deciding: { work: decideLines, next: "paying" },
  paying: { work: followPayouts, next: "done" },
  done: null,
};

/** Carries a run on from wherever it is, until it is done or the signal aborts. */
export async function carryOut(settler: Settler, run: SettlementRun, signal: AbortSignal): Promise<void> {
  settler.log.info({ run: run.id, state: run.state }, "settling");
  for (let state = run.state; !signal.aborted; ) {
    const step = STEPS[state];
    if (step === null) return tell(settler, run.id);
    if (await step.work(settler, run, signal)) await moveRun(settler.sql, run.id, state, step.next);
    state = (await runById(settler.sql, run.id))?.state ?? "done";
  }
}

async function tell({ sql, log }: Settler, id: bigint): Promise<void> {
  const run = await runById(sql, id);
  log.info({ run: id, lines: run?.looked_at, unpaid: run?.unpaid }, "the settlement run is done");
}
