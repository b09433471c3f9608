// Where a ledger has moved to, as the contracts themselves name it: which of them decides for a batch, and whether those
// behind it bear it out. Reading them is the caller's.

import { equalBytes, type Hex, toHex } from "./bytes.ts";
import type { Trail } from "./trail.ts";

/** A contract that the one before it names as its successor, from the batch behind `lastGoodBatch` on. */
export type Successor = {
  readonly chainId: bigint;
  readonly contract: Hex;
  readonly lastGoodBatch: bigint;
  /** What it says of itself: the ledger that it keeps. */
  readonly ledger: Uint8Array;
};

/** A successor, with its root of the batch in question. */
export type SuccessorReading = Successor & { readonly root: Uint8Array };

/** Says that the ledger was followed. One that leads to another ledger leads nowhere, and that is no fault of the receipt's. */
export function followSuccessors(trail: Trail, ledger: Uint8Array, successors: readonly Successor[]): void {
  for (const successor of successors) {
    if (!equalBytes(successor.ledger, ledger))
      trail.stop("successor", "successor-of-another-ledger", sayOtherLedger(successor));
    trail.take(
      "successor",
      () => successor,
      (followed) => sayFollowed(followed),
    );
  }
}

/** The root that decides: of the first contract that stands for the batch. */
export function decidingRoot(
  first: Uint8Array,
  successors: readonly SuccessorReading[],
  batch: bigint,
): Uint8Array {
  const at = successors.findIndex(({ lastGoodBatch }) => batch <= lastGoodBatch);
  const roots = [first, ...successors.map(({ root }) => root)];
  return roots.at(at) as Uint8Array;
}

/** History must be the same wherever it was carried: a receipt that one contract proves and the next does not is rewritten. */
export function checkCarried(
  trail: Trail,
  root: Uint8Array,
  successors: readonly SuccessorReading[],
  batch: bigint,
): void {
  for (const successor of successors)
    if (batch <= successor.lastGoodBatch && !equalBytes(successor.root, root))
      trail.stop("successor", "successor-root-differs", sayRewritten(successor, root, batch));
}

const sayFollowed = ({ chainId, contract, lastGoodBatch }: Successor): string =>
  `it names ${contract} on chain ${chainId} as its successor, and itself as good up to batch ${lastGoodBatch}; read there`;

const sayOtherLedger = ({ contract, ledger }: Successor): string =>
  `it names ${contract} as its successor, which keeps another ledger: ${toHex(ledger)}`;

const sayRewritten = ({ contract, root }: SuccessorReading, before: Uint8Array, batch: bigint): string =>
  `history was rewritten when the ledger moved: of batch ${batch} the contract before keeps ${toHex(before)}, its successor ${contract} ${toHex(root)}`;
