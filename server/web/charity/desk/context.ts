// What every part of the desk needs: which charity, in which session, and what has been signed here and is under way.

import { createContext, useContext } from "react";
import type { Charity, Line } from "../queries.ts";
import type { Session } from "./session.ts";
import type { UnderWay } from "./signing.ts";

export type DeskState = {
  readonly charity: Charity;
  readonly session: Session;
  /** Forgets the session. */
  readonly end: () => void;
  readonly underWay: readonly UnderWay[];
  /** Adds what was signed, or says how it stands now. */
  readonly add: (one: UnderWay) => void;
};

export const DeskContext = createContext<DeskState | null>(null);

export function useDesk(): DeskState {
  const desk = useContext(DeskContext);
  if (desk === null) throw new Error("a part of the desk stands outside of it");
  return desk;
}

/** Whether something of this kind was signed for the line that its watermark does not show yet. */
export const isUnderWay = (
  underWay: readonly UnderWay[],
  what: UnderWay["what"],
  { unit, watermarks }: Line,
): boolean =>
  underWay.some(({ what: signed, stands }) => {
    if (signed !== what || stands.unit !== unit || stands.state === "refused") return false;
    const mark = what === "acknowledgement" ? watermarks.acknowledged : watermarks.spent;
    return BigInt(stands.upTo) > BigInt(mark);
  });
