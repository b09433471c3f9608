// The overview as it is now, and whoever watches it.

import type { Database } from "../store/database.ts";
import { type BatchRow, batchesBefore } from "../store/overview.ts";
import {
  type OldestClaim,
  oldestClaim,
  type Pace,
  paceOf,
  type UnitTotals,
  unitTotals,
} from "../store/totals.ts";
import { LiveWatch } from "./live-watch.ts";

export type Overview = {
  readonly units: readonly UnitTotals[];
  readonly pace: Pace;
  /** The newest first. */
  readonly batches: readonly BatchRow[];
  readonly claim: OldestClaim | undefined;
};

const BATCHES_SHOWN = 8;
const BEHIND_ALL = 2n ** 63n - 1n;

async function look(sql: Database): Promise<Overview> {
  const [units, pace, batches, claim] = await Promise.all([
    unitTotals(sql),
    paceOf(sql),
    batchesBefore(sql, BEHIND_ALL, BATCHES_SHOWN),
    oldestClaim(sql),
  ]);
  return { units, pace, batches, claim };
}

export class OverviewWatch extends LiveWatch<Overview> {
  constructor(sql: Database, mostWatchers?: number) {
    super({ event: "overview", path: "/v1/overview", look: () => look(sql) }, mostWatchers);
  }
}
