// Where a figure leads: to the row, further down on the same page, that names the document or transaction behind it; on paper
// it stands there in full.

import type { ReactNode } from "react";

export const proofId = (name: string): string => `proof-${name}`;

/** A figure as a link to its proof; without one it is a figure. */
export const Figure = ({ of, children }: { of: string | null; children: ReactNode }) =>
  of === null ? (
    children
  ) : (
    <a className="proved" href={`#${proofId(of)}`}>
      {children}
    </a>
  );

/** What all figures by programme and merchant rest on, and all lengths of time. */
export const BY_PROGRAMME = "programmes";
export const BATCHES = "batches";
export const CONTRACT = "contract";
