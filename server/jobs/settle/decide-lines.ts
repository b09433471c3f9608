// The second step of a run: line by line, what is paid or why nothing is. Payouts are written down with their calls, a page
// of lines at a time; a run that was cut off goes on behind the last page that was kept.

import {
  type Decision,
  decide,
  NEEDS_ACTION,
  type Rules,
  type UnpaidReason,
} from "../../programmes/settlement.ts";
import type { NewPayout } from "../../store/payouts.ts";
import {
  type Decided,
  keepDecided,
  type LineToSettle,
  linesToSettle,
  runById,
} from "../../store/settlement-runs.ts";
import type { Settler, Step } from "./context.ts";

const LINES_AT_ONCE = 500;

export const decideLines: Step = async (settler, { id }, signal) => {
  const { sql } = settler;
  const rules = rulesOf(settler);
  while (!signal.aborted) {
    const run = await runById(sql, id);
    if (run?.state !== "deciding") return false;
    const lines = await linesToSettle(sql, run.decided_to, LINES_AT_ONCE);
    if (lines.length === 0) return true;
    await keepDecided(sql, run, decidePage(lines, rules, nowInSeconds()));
  }
  return false;
};

const rulesOf = ({ settings }: Settler): Rules => ({
  minimumMinor: BigInt(settings.SETTLE_MINIMUM_MINOR),
  afterDays: settings.SETTLE_AFTER_DAYS,
});

const nowInSeconds = () => BigInt(Math.floor(Date.now() / 1000));

type DecidedLine = { readonly facts: LineToSettle; readonly decision: Decision };

function decidePage(lines: readonly LineToSettle[], rules: Rules, now: bigint): Decided {
  const decided = lines.map((facts): DecidedLine => ({ facts, decision: decide(facts, rules, now) }));
  const unpaid = decided.flatMap(({ facts: { line }, decision }) =>
    "unpaid" in decision ? [{ line, reason: decision.unpaid }] : [],
  );
  return {
    upToLine: lines.at(-1)?.line ?? 0,
    lines: lines.length,
    payouts: decided.flatMap(payoutOfLine),
    unpaid: countByReason(unpaid),
    setAside: unpaid.filter(({ reason }) => NEEDS_ACTION.has(reason)),
  };
}

function payoutOfLine({ facts, decision }: DecidedLine): NewPayout[] {
  if ("unpaid" in decision) return [];
  const { line, charity, unit, rail } = facts;
  const { from, upTo, netFrom, netTo } = decision;
  return [{ line, charity, unit, rail, from, upTo, netFrom, netTo }];
}

function countByReason(unpaid: readonly { readonly reason: UnpaidReason }[]): Record<string, number> {
  const groups = Map.groupBy(unpaid, ({ reason }) => reason);
  return Object.fromEntries([...groups].map(([reason, lines]) => [reason, lines.length]));
}
