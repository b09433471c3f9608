// Hours that were disputed twice: what is asked of them, and having them decided.

import { inPath, isRefused } from "../api/client.ts";
import { useDone, useListed } from "./queries.ts";

export type Dispute = {
  readonly activity: string;
  readonly volunteer: string;
  readonly name: string;
  readonly displayName: string | null;
  readonly checkIn: string | null;
  readonly checkOut: string | null;
  readonly pieces: number | null;
  /** The volunteer's last word, and the organiser's. */
  readonly reason: string | null;
  readonly decision: string | null;
  readonly counted: { readonly hours: string } | null;
  readonly announced: {
    readonly organiser: string;
    readonly title: string;
    /** `offline` counts by time, all others in pieces. */
    readonly kind: string;
    readonly place: string;
    readonly startsAt: string;
    readonly endsAt: string;
  };
};

export type Verdict = {
  readonly checkIn: string;
  readonly checkOut: string;
  readonly pieces: number | null;
  readonly reason: string;
};

/** What was decided of it; by somebody else, where it is null. */
export type Ended = { readonly dispute: Dispute; readonly decided: Pick<Dispute, "counted"> | null };

export const useDisputes = () => useListed<Dispute>("/v1/disputes");

/** What the volunteer is called. */
export const calledOf = ({ displayName, name }: Dispute) => displayName ?? name;

export const nameOf = ({ activity, volunteer }: Dispute) => `${activity}/${volunteer}`;

export function useJudge(dispute: Dispute, tell: (ended: Ended) => void) {
  const { activity, volunteer } = dispute;
  const path = `/v1/activities/${inPath(activity)}/attendances/${inPath(volunteer)}/decision`;
  return useDone<Verdict, Dispute>((body) => ({ path, body }), {
    done: (decided) => tell({ dispute, decided }),
    failed: (error) => {
      if (isRefused(error) && error.code === "wrong-state") tell({ dispute, decided: null });
    },
  });
}
