// What a movement of the operator's bank account means for a transfer: the rules by which payouts by bank are confirmed,
// sent again or laid before a person. Messages may come twice, late and in any order. How the bank writes them is not
// known here, nor where they are kept.

import { formatAmount, minorOf } from "./currency.ts";

/** An amount as the bank wrote it. */
export type Money = { readonly decimal: string; readonly currency: string };

/** One movement of the operator's account, as the bank tells of it. */
export type Movement = {
  /** The notification's message, as the bank named it. */
  readonly message: string;
  /** The account that moved, where the bank gives its IBAN. */
  readonly account: string | null;
  /** Null when the bank names none, as for what others have sent us. */
  readonly endToEndId: string | null;
  /** The file that it was part of, where the bank names it. */
  readonly paymentId: string | null;
  readonly direction: "debit" | "credit";
  /** Whether it undoes an earlier movement, which then went the other way. */
  readonly isReversal: boolean;
  /** `BOOK` when it is final; `PDNG` and others when it may still change. */
  readonly status: string;
  /** The bank's own reference, the most particular that it gives. */
  readonly reference: string | null;
  readonly amount: Money;
  /** What was instructed, where the account's currency is another. */
  readonly instructed: Money | null;
  /** Why money came back. */
  readonly reason: string | null;
};

/**
 * `filed`: the bank is asked for it. `confirmed`: the money has left. `returned`: it came back, or never left, before the
 * payout was recorded. `bounced`: it came back afterwards. Of the last two another attempt is made.
 */
export type TransferState = "filed" | "confirmed" | "returned" | "bounced";

/** A transfer as it stands when a movement of its end-to-end id is told of. */
export type Standing = {
  readonly state: TransferState;
  readonly amountMinor: bigint;
  readonly currency: string;
  /** The IBAN that it was to leave. */
  readonly debtor: string;
  /** Whether a debit was told of. */
  readonly hasLeft: boolean;
  /** Whether a credit was told of since: a transfer that the bank has refused is returned without one. */
  readonly hasComeBack: boolean;
  /** Whether no later attempt was made for the same payout. */
  readonly isLast: boolean;
  /** Whether a second debit is laid before a person. */
  readonly isPaidTwice: boolean;
  /** Of its payout: waiting for the bank, recorded with the contract (or about to be), or given up. */
  readonly payout: "waiting" | "recorded" | "failed";
};

/** What changes something. */
export type Effect = "confirmed" | "returned" | "bounced" | "offset" | "second-debit-undone";
/** What a person has to look at. Nothing changes. */
export type Flag =
  | "amount-differs"
  | "currency-differs"
  | "other-account"
  | "no-reference"
  | "reversed-credit"
  | "paid-twice"
  | "returned-twice"
  | "payout-failed";

export type Verdict = { readonly outcome: Effect | Flag | "not-booked"; readonly explanation: string };

/** Whether what was told needs a person. */
export const isFlag = (outcome: string): boolean => Object.hasOwn(FLAGS, outcome);

const FLAGS: Record<Flag | "unknown-transfer" | "not-single", true> = {
  "amount-differs": true,
  "currency-differs": true,
  "other-account": true,
  "no-reference": true,
  "reversed-credit": true,
  "paid-twice": true,
  "returned-twice": true,
  "payout-failed": true,
  "unknown-transfer": true,
  "not-single": true,
};

/** What a movement means. `evenIfAmountDiffers`: a person has looked and takes it for the transfer's own. */
export function judge(movement: Movement, standing: Standing, evenIfAmountDiffers = false): Verdict {
  if (movement.status !== "BOOK")
    return say("not-booked", `it is ${movement.status}, not booked: what is final will be told again`);
  return (
    strange(movement, standing) ??
    (evenIfAmountDiffers ? undefined : differing(movement, standing)) ??
    (movement.direction === "debit" ? judgeDebit(standing) : judgeReturn(standing))
  );
}

const say = (outcome: Verdict["outcome"], explanation: string): Verdict => ({ outcome, explanation });

function strange({ direction, isReversal, account, reference }: Movement, { debtor }: Standing) {
  if (account !== null && account !== debtor)
    return say("other-account", `it moved account ${account}; the transfer was to leave ${debtor}`);
  if (direction === "debit" && isReversal)
    return say(
      "reversed-credit",
      "the bank took back a credit, such as that of a return: ask it what it means",
    );
  if (direction === "debit" && reference === null)
    return say("no-reference", "the bank gave no reference of its own, which is what would be recorded");
  return undefined;
}

/** The amount in the transfer's currency decides: the account may be kept in another. */
function differing({ amount, instructed }: Movement, { amountMinor, currency }: Standing) {
  const told = [amount, instructed].find((one) => one?.currency === currency);
  const wanted = formatAmount(amountMinor, currency);
  if (told == null)
    return say("currency-differs", `wanted ${wanted}, came ${amount.decimal} ${amount.currency}`);
  if (minorOf(told.decimal, currency) === amountMinor) return undefined;
  return say("amount-differs", `wanted ${wanted}, came ${told.decimal} ${told.currency}`);
}

const isBack = ({ state }: Standing) => state === "returned" || state === "bounced";

function judgeDebit(standing: Standing): Verdict {
  const { state, hasLeft, hasComeBack, isLast, payout } = standing;
  if (hasComeBack && !hasLeft)
    return say("offset", "the money has left and come back; its return was told of before");
  if (state === "confirmed" || (isBack(standing) && !isLast))
    return say(
      "paid-twice",
      "money has left for this payout already: have the bank call one of the two back",
    );
  if (payout === "failed")
    return say("payout-failed", "money has left for a payout that was given up: have the bank call it back");
  return say("confirmed", payout === "waiting" ? "the payout is recorded" : "the payout was sent again");
}

function judgeReturn(standing: Standing): Verdict {
  const { state, hasComeBack, isPaidTwice, payout } = standing;
  if (state === "confirmed" && isPaidTwice)
    return say("second-debit-undone", "one of two debits came back: the payout stands");
  if (hasComeBack) return say("returned-twice", "the money of this transfer has come back already");
  if (payout === "recorded" && state === "confirmed")
    return say("bounced", "the payout is recorded; it is to be sent again");
  return say("returned", payout === "failed" ? "its payout was given up" : "the payout is to be sent again");
}
