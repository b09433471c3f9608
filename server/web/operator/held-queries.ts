// Days of steps that wait for the operator: what is asked of them, and having them decided.

import { isRefused } from "../api/client.ts";
import { useDone, useListed } from "./queries.ts";

export type HeldDay = {
  readonly id: string;
  readonly platform: string;
  /** `accepted`: decided, and its recording was cut off. */
  readonly state: "held" | "appealed" | "accepted";
  readonly reasons: readonly { readonly code: string; readonly says: string }[];
  readonly heldAt: string;
  readonly report: {
    readonly person: string;
    readonly day: string;
    readonly charity: string;
    readonly device: { readonly id: string; readonly model: string };
    readonly source: { readonly app: string };
    /** Steps of each of the day's 24 hours. */
    readonly hours: readonly number[];
  } | null;
  readonly appeal: { readonly text: string; readonly at: string } | null;
  readonly decision: { readonly reason: string; readonly at: string } | null;
};

export type Decision = { readonly accept: boolean; readonly reason: string };

export type Decided = {
  readonly state: string;
  readonly receipts?: readonly { readonly id: string; readonly amount: string }[];
};

export const useHeldDays = () => useListed<HeldDay>("/v1/steps/held?state=waiting");

/** What was decided of a day; by somebody else, where it is null. */
export type Outcome = { readonly day: HeldDay; readonly decided: Decided | null };

export const useDecide = (day: HeldDay, tell: (outcome: Outcome) => void) =>
  useDone<Decision, Decided>((body) => ({ path: `/v1/steps/held/${day.id}/decision`, body }), {
    done: (decided) => tell({ day, decided }),
    failed: (error) => {
      if (isRefused(error) && error.code === "already-decided") tell({ day, decided: null });
    },
  });
