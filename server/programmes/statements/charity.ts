// A charity's proof of funds, `amanah-charity-statement/1`: how far one of its lines had come at both ends of a period, and
// what moved it in between. Pure; every figure can be read from the contract by anyone. What it looks like is in `charity-paper`.

import { written } from "./paper.ts";

export const CHARITY_STATEMENT_FORMAT = "amanah-charity-statement/1";

/** Positions, in whole minor units. */
export type MarksText = {
  readonly given: string;
  readonly reversed: string;
  readonly paid: string;
  readonly netted: string;
  readonly acknowledged: string;
  readonly spent: string;
};

/** Where on chain something happened, and when. */
type Happened = { readonly at: string; readonly transaction: string | null };

export type PayoutLine = Happened & {
  readonly rail: "bank" | "token";
  readonly from: string;
  readonly upTo: string;
  readonly netTo: string;
  /** What was moved: the interval less the refunds that were set off. */
  readonly amount: string;
  /** keccak-256 of the bank's reference; null for a token. */
  readonly reference: string | null;
};

export type RepaidLine = Happened & { readonly upTo: string; readonly reference: string };

export type AcknowledgementLine = Happened & {
  readonly from: string;
  readonly upTo: string;
  readonly netTo: string;
  readonly received: string;
  readonly batch: string;
  readonly root: string;
};

export type ReportedPart = {
  readonly from: string;
  readonly upTo: string;
  readonly project: string;
  readonly bought: readonly { readonly what: string; readonly count: string; readonly measure: string }[];
};

export type DisbursementLine = Happened & {
  readonly from: string;
  readonly upTo: string;
  /** The hash of the published report. */
  readonly evidence: string;
  /** The parts of the report as it was published; null when it is not at hand. */
  readonly parts: readonly ReportedPart[] | null;
};

export type CharityFacts = {
  readonly ledger: { readonly id: string; readonly chainId: string | null; readonly contract: string | null };
  readonly charity: { readonly registration: string; readonly name: string; readonly id: string };
  readonly unit: string;
  readonly from: string;
  readonly to: string;
  readonly opening: MarksText;
  readonly closing: MarksText;
  readonly payouts: readonly PayoutLine[];
  readonly repaid: readonly RepaidLine[];
  readonly acknowledgements: readonly AcknowledgementLine[];
  readonly disbursements: readonly DisbursementLine[];
  /** Paid, and not signed for at the end of the period; `days` is the age of the oldest of it. */
  readonly claimed: { readonly amount: string; readonly since: string; readonly days: number } | null;
};

export type CharityStatement = CharityFacts & {
  readonly format: typeof CHARITY_STATEMENT_FORMAT;
  readonly notes: readonly string[];
};

export const charityStatement = (facts: CharityFacts): CharityStatement => ({
  format: CHARITY_STATEMENT_FORMAT,
  ...facts,
  notes: notesOf(facts),
});

/** The one that the service starts by itself when it is given no other. */
const DEMONSTRATION_CHAIN = "31337";

const notesOf = ({ ledger, charity, unit, claimed }: CharityFacts): string[] => [
  ...(claimed === null
    ? []
    : [
        `${written(claimed.amount, unit)} are claimed: paid as the operator says, and not signed for by the charity at the end of the period. The oldest of it is ${claimed.days} days old.`,
      ]),
  ledger.contract === null
    ? "The ledger has no contract yet: none of this can be checked on chain."
    : `To check: ask the contract ${ledger.contract} on chain ${ledger.chainId} for line(${charity.id}, "${unit}"), and read its events Paid, Acknowledged and Disbursed. Its ledger() must be ${ledger.id}.`,
  ...(ledger.chainId === DEMONSTRATION_CHAIN
    ? [
        `Chain ${DEMONSTRATION_CHAIN} is a demonstration chain: it runs at its operator's, and proves nothing against its operator.`,
      ]
    : []),
  "Positions are places on the line of all gifts to this charity in this unit since the ledger began. Acknowledgements and disbursements carry the charity's own signature.",
  "It is not proven here that a report of spending is true: it is proven who signed it, when, and for which gifts.",
];
