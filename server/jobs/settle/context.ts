// What the steps of a settlement run work with.

import type { Logger } from "pino";
import type { Settings } from "../../settings.ts";
import type { Database } from "../../store/database.ts";
import type { SettlementRun } from "../../store/settlement-runs.ts";

export type Settler = {
  readonly sql: Database;
  readonly settings: Settings;
  readonly log: Logger;
  /** How long proofs, and then payouts, are waited for; by default as long as a busy chain may take. */
  readonly patience?: Patience;
};

export type Patience = { readonly provingMs: number; readonly payingMs: number };

/** One step of a run. True when it is done; false when it was stopped before. Done again, it does no harm. */
export type Step = (settler: Settler, run: SettlementRun, signal: AbortSignal) => Promise<boolean>;

const PATIENCE: Patience = { provingMs: 15 * 60_000, payingMs: 60 * 60_000 };

export const patienceOf = ({ patience = PATIENCE }: Settler): Patience => patience;

/** How often a step looks whether what it waits for has come. */
export const LOOK_EVERY_MS = 250;
