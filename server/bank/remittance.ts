// What a charity reads on its own bank statement: enough to find its line, the interval that was paid, and the root under
// which the gifts lie, without asking anybody.

import { bankText } from "./bank-text.ts";

export const REMITTANCE_LENGTH = 140;

export type Remitted = {
  readonly registration: string;
  /** The interval on the charity's line. */
  readonly from: bigint;
  readonly upto: bigint;
  /** The batch whose statement ends at `upto`, and its root of 32 bytes. */
  readonly batch: bigint | null;
  readonly root: Uint8Array | null;
};

/** At most 140 characters that banks take. Where they do not suffice, the registration id is cut: the rest is exact. */
export function remittanceOf({ registration, from, upto, batch, root }: Remitted): string {
  const under = batch === null || root === null ? "" : ` ${batch} ${Buffer.from(root).toString("hex")}`;
  const exact = ` ${from}-${upto}${under}`;
  return bankText(registration, REMITTANCE_LENGTH - exact.length) + exact;
}
