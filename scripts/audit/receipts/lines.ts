// Lines by the fingerprints that records carry: their names, and where payouts have netted refunds of them.

import type { Hex } from "../../../server/protocol/bytes.ts";
import type { LineFingerprint } from "./records.ts";

/** A payout as far as netting goes: refunds up to `netTo` are set off against gifts up to `upTo`. */
export type NettingEnd = { readonly upTo: bigint; readonly netTo: bigint };

/** `nettings` in the order of payouts. */
export type LineName = { readonly charity: Hex; readonly unit: string };
export type LineNames = ReadonlyMap<LineFingerprint, LineName>;
export type LineNettings = ReadonlyMap<LineFingerprint, readonly NettingEnd[]>;

/** The payout that nets, in whole or in part, a reversal that begins at `start`: the first that goes beyond. */
export function nettingOf(nettings: readonly NettingEnd[], start: bigint): NettingEnd | undefined {
  let [low, high] = [0, nettings.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((nettings[middle] as NettingEnd).netTo > start) high = middle;
    else low = middle + 1;
  }
  return nettings[low];
}
