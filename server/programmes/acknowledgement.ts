// What a charity may sign for: the checks that the contract will make, made beforehand, each with a reason of its own. Pure:
// what is on chain is handed in; whose signature it is lives elsewhere.

import { ConflictError, InputError } from "../errors.ts";
import { toHex } from "../protocol/bytes.ts";
import type { AcknowledgementArgs } from "../protocol/contract-calls.ts";

/** What is recorded of the line and of what the acknowledgement names. */
export type AcknowledgementFacts = {
  /** How far the charity has signed already, and where that ends on the reversal line. */
  readonly acknowledged: bigint;
  readonly netted: bigint;
  /** Where the last payout ends. */
  readonly paid: bigint;
  /** Where the payout that ends at `upTo` ends on the reversal line; undefined when none ends there. */
  readonly netTo: bigint | undefined;
  /** The root of the batch that is named; undefined when it is not anchored. */
  readonly root: Uint8Array | undefined;
};

/** The money of [from, upTo): the gifts less the refunds set off, in minor units. */
export const receivedOver = (from: bigint, upTo: bigint, netFrom: bigint, netTo: bigint): bigint =>
  upTo - from - (netTo - netFrom);

/**
 * Refuses what the contract would refuse.
 * @throws ConflictError `stale-acknowledgement`; InputError `empty-acknowledgement`, `beyond-paid`, `not-payout-end`,
 *   `wrong-net-to`, `wrong-received`, `unknown-root`, each naming the field, what was wanted and what came
 */
export function checkAcknowledgement(signed: AcknowledgementArgs, facts: AcknowledgementFacts): void {
  const [from, upTo] = [BigInt(signed.from), BigInt(signed.upTo)];
  const { acknowledged, netted, paid, netTo, root } = facts;
  if (from !== acknowledged) throw stale(acknowledged, from);
  if (upTo <= from) throw refuse("empty-acknowledgement", "upTo", `more than from, ${from}`, upTo);
  if (upTo > paid) throw refuse("beyond-paid", "upTo", `at most ${paid}, where the last payout ends`, upTo);
  if (netTo === undefined) throw refuse("not-payout-end", "upTo", "a position where a payout ends", upTo);
  if (BigInt(signed.netTo) !== netTo)
    throw refuse("wrong-net-to", "netTo", `${netTo}, where that payout ends`, signed.netTo);
  const received = receivedOver(from, upTo, netted, netTo);
  if (BigInt(signed.received) !== received)
    throw refuse(
      "wrong-received",
      "received",
      `${received}, the money of the payouts between`,
      signed.received,
    );
  checkRoot(signed, root);
}

function checkRoot({ batch, root }: AcknowledgementArgs, anchored: Uint8Array | undefined): void {
  if (anchored === undefined) throw refuse("unknown-root", "batch", "one that is anchored", batch);
  const wanted = toHex(anchored);
  if (root.toLowerCase() !== wanted)
    throw refuse("unknown-root", "root", `${wanted}, of batch ${batch}`, root);
}

const refuse = (code: string, field: string, wanted: string, came: bigint | string) =>
  new InputError(code, `${field}: wanted ${wanted}, came ${came}`, { field, wanted, came: `${came}` });

const stale = (acknowledged: bigint, came: bigint) => {
  const wanted = `${acknowledged}, up to where the charity has signed already`;
  const facts = { field: "from", wanted, came: `${came}`, acknowledged: `${acknowledged}` };
  return new ConflictError("stale-acknowledgement", `from: wanted ${wanted}, came ${came}`, facts);
};
