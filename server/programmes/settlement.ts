// Which interval of a line is paid next, or why nothing is. Pure; what becomes of a payout is the store's and the jobs'.

import { isMoney } from "./currency.ts";

/** Where a statement of reversals ends on the reversal line, and in which batch it lies. */
export type ReversalEnd = { readonly batch: bigint; readonly to: bigint };

/** What is known of a line when it is decided on. Positions are the contract's watermarks, as last read. */
export type LineFacts = {
  readonly unit: string;
  readonly rail: "token" | "bank";
  readonly hasPayee: boolean;
  readonly hasSigner: boolean;
  /** Whether a fault is proven of it: the contract takes no more payout then. */
  readonly isAtFault: boolean;
  /** Whether a payout of the line was asked for that `paid` does not show yet. */
  readonly isUnderWay: boolean;
  readonly given: bigint;
  readonly reversed: bigint;
  readonly paid: bigint;
  readonly netted: bigint;
  /** The batch of the first statement of gifts behind `given`; null when there is none. */
  readonly nextGiftBatch: bigint | null;
  /** Statements of reversals behind `netted`, in any order. */
  readonly reversalEnds: readonly ReversalEnd[];
  /** When the batch of the oldest unpaid gift was closed, in Unix seconds; null when nothing is unpaid. */
  readonly waitingSince: bigint | null;
};

export type Rules = {
  /** The least that is worth a transfer, in minor units of its currency. */
  readonly minimumMinor: bigint;
  /** Gifts that have waited this long are paid whatever they come to. */
  readonly afterDays: number;
};

/** The interval that is paid: [from, upTo) of the gifts, less [netFrom, netTo) of the reversals. */
export type Settled = {
  readonly from: bigint;
  readonly upTo: bigint;
  readonly netFrom: bigint;
  readonly netTo: bigint;
  readonly amount: bigint;
};

export type UnpaidReason =
  | "not-money"
  /** Its money does not move until the ledger has a successor. */
  | "line-at-fault"
  | "payout-under-way"
  | "nothing-given"
  /** Everything that could be paid was refunded. */
  | "all-refunded"
  | "below-minimum"
  /** There is no account to pay tokens to. */
  | "no-payee"
  /** Without a signer the contract knows no such charity: it could never acknowledge. */
  | "no-signer";

export type Decision = Settled | { readonly unpaid: UnpaidReason };

/** Reasons that stay until somebody acts. */
export const NEEDS_ACTION: ReadonlySet<UnpaidReason> = new Set<UnpaidReason>([
  "line-at-fault",
  "no-payee",
  "no-signer",
]);

const SECONDS_A_DAY = 86_400n;

/** What is paid on a line as of `now`, in Unix seconds. */
export function decide(facts: LineFacts, rules: Rules, now: bigint): Decision {
  const reason = obstacleOf(facts);
  if (reason !== undefined) return { unpaid: reason };
  const settled = settle(facts);
  if (settled.amount === 0n) return { unpaid: "all-refunded" };
  const lacking = lackOf(facts);
  if (lacking !== undefined) return { unpaid: lacking };
  if (settled.amount < rules.minimumMinor && !isOld(facts, rules, now)) return { unpaid: "below-minimum" };
  return settled;
}

function obstacleOf({ unit, isAtFault, isUnderWay, given, paid }: LineFacts): UnpaidReason | undefined {
  if (!isMoney(unit)) return "not-money";
  if (isAtFault) return "line-at-fault";
  if (isUnderWay) return "payout-under-way";
  return given <= paid ? "nothing-given" : undefined;
}

/** Told only when there is money for the charity. */
function lackOf({ rail, hasPayee, hasSigner }: LineFacts): UnpaidReason | undefined {
  if (!hasSigner) return "no-signer";
  return rail === "token" && !hasPayee ? "no-payee" : undefined;
}

function settle(facts: LineFacts): Settled {
  const { paid, netted, given } = facts;
  const netTo = netToOf(facts);
  return { from: paid, upTo: given, netFrom: netted, netTo, amount: given - paid - (netTo - netted) };
}

/**
 * The furthest end of a statement of reversals that may be netted and fits. A reversal lies in the batch of its gift or in
 * a later one, since a refund names a purchase that is recorded. So a reversal in a batch before that of the next gifts is
 * of a gift in a batch before it too, and all gifts of the line in those batches end at or before `given`, which is paid.
 */
function netToOf({ given, paid, netted, reversed, nextGiftBatch, reversalEnds }: LineFacts): bigint {
  let furthest = netted;
  for (const { batch, to } of reversalEnds) {
    const isBehind = to <= reversed && (nextGiftBatch === null || batch < nextGiftBatch);
    if (isBehind && to - netted <= given - paid && to > furthest) furthest = to;
  }
  return furthest;
}

const isOld = ({ waitingSince }: LineFacts, { afterDays }: Rules, now: bigint) =>
  waitingSince !== null && now - waitingSince >= BigInt(afterDays) * SECONDS_A_DAY;
