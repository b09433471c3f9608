// The audit's outcome as one document, `amanah-audit/1`: what was read, what each line comes to, what was found and what
// was not checked. How it is shown is in the files beside.

import type { Hex } from "../../server/protocol/bytes.ts";
import type { Line } from "../../server/protocol/verify.ts";
import type { Accusation } from "./accusations/accuse.ts";
import { bookLineKey, type Day, type WalkState } from "./books/walk.ts";
import type { FindingCode } from "./catalogue.ts";
import type { Account } from "./chain/accounts.ts";
import type { Chain } from "./chain/chain.ts";
import type { LeftContract } from "./chain/left.ts";
import { toldOf } from "./chain/moves.ts";
import type { Finding, Findings } from "./findings.ts";
import type { Recomputed } from "./philanthropy/check.ts";

export const AUDIT_FORMAT = "amanah-audit/1";
const DEMONSTRATION_CHAIN = 31337;
const PAYOUTS_SHOWN = 2_000;

/** What the books hold of a line, and how far the contract says the money has come. */
export type LineReport = {
  readonly charity: Hex;
  readonly registration: string | null;
  readonly unit: string;
  readonly books: {
    readonly gifts: bigint;
    readonly reversals: bigint;
    readonly giftReceipts: bigint;
    readonly reversalReceipts: bigint;
  };
  readonly contract: Line;
  readonly payouts: number;
  readonly acknowledgements: number;
  readonly disbursements: number;
};

/** `acknowledgedAt` is null while the charity has not signed: then a bank payout is the operator's claim. */
export type PayoutReport = {
  readonly charity: Hex;
  readonly unit: string;
  readonly rail: "token" | "bank";
  readonly upTo: bigint;
  readonly amount: bigint;
  readonly at: bigint;
  readonly acknowledgedAt: bigint | null;
};

/** With the call that proves it to the contract, where there is one. */
export type ReportedFinding = Finding & { readonly accusation: Accusation | null };

export type AuditReport = {
  readonly format: typeof AUDIT_FORMAT;
  readonly verdict: "clean" | "findings";
  readonly chainId: number;
  readonly contract: Hex;
  readonly ledger: Hex;
  /** The contracts that the ledger has left, the oldest first; each was good up to its last good batch. */
  readonly movedFrom: readonly ReturnType<typeof toldOf>[];
  readonly block: { readonly number: bigint; readonly hash: Hex; readonly at: bigint };
  readonly isDemonstration: boolean;
  readonly books: string;
  readonly batches: bigint;
  readonly unreadBatches: number;
  readonly receipts: bigint;
  readonly reversals: number;
  readonly bytes: bigint;
  readonly notices: number;
  readonly documents: number;
  readonly signatures: number;
  readonly lines: readonly LineReport[];
  readonly days: readonly (Day & { readonly day: string })[];
  readonly payouts: readonly PayoutReport[];
  /** Philanthropy reports whose figures were recomputed. */
  readonly philanthropy: readonly Recomputed[];
  readonly counts: readonly { readonly code: FindingCode; readonly count: number }[];
  readonly findings: readonly ReportedFinding[];
  readonly notChecked: readonly string[];
  readonly seconds: number;
  readonly receiptsPerSecond: number;
};

export type ReportParts = {
  readonly chain: Chain;
  readonly books: string;
  readonly walk: WalkState;
  readonly left: readonly LeftContract[];
  readonly accounts: readonly Account[];
  readonly findings: Findings;
  readonly accusations: ReadonlyMap<Finding, Accusation>;
  readonly counted: Pick<AuditReport, "reversals" | "notices" | "documents" | "signatures">;
  readonly philanthropy: readonly Recomputed[];
  readonly notChecked: readonly string[];
  readonly seconds: number;
  /** Checked in this run; the rest by one that was broken off. */
  readonly receiptsNow: number;
};

export function makeReport({ chain, walk, findings, counted, ...parts }: ReportParts): AuditReport {
  const { chainId, contract, ledger, block, lastBatch } = chain;
  return {
    format: AUDIT_FORMAT,
    verdict: findings.total === 0 ? "clean" : "findings",
    ...{
      chainId,
      contract,
      ledger,
      movedFrom: parts.left.map(toldOf),
      block,
      isDemonstration: chainId === DEMONSTRATION_CHAIN,
    },
    ...{
      books: parts.books,
      batches: lastBatch,
      unreadBatches: walk.unread.length,
      receipts: walk.receipts,
      bytes: walk.bytes,
    },
    ...counted,
    lines: linesOf(walk, parts.accounts),
    days: [...walk.days]
      .map(([day, figures]) => ({ day, ...figures }))
      .sort((a, b) => (a.day < b.day ? -1 : 1)),
    payouts: payoutsOf(parts.accounts),
    philanthropy: parts.philanthropy,
    counts: findings.counts().map(([code, count]) => ({ code, count })),
    findings: findings.list().map((finding) => {
      return { ...finding, accusation: parts.accusations.get(finding) ?? null };
    }),
    notChecked: parts.notChecked,
    seconds: parts.seconds,
    receiptsPerSecond: Math.round(parts.receiptsNow / Math.max(parts.seconds, 0.001)),
  };
}

const NO_MARKS: Line = { given: 0n, reversed: 0n, paid: 0n, netted: 0n, acknowledged: 0n, spent: 0n };

/** The lines of the books and of the contract together, the largest first. */
function linesOf(walk: WalkState, accounts: readonly Account[]): LineReport[] {
  const byKey = new Map(accounts.map((account) => [bookLineKey(account.charity, account.unit), account]));
  const keys = new Set([...walk.lines.keys(), ...byKey.keys()]);
  const lines = [...keys].map((key) => lineOf(walk.lines.get(key), byKey.get(key)));
  return lines.sort((a, b) =>
    a.unit === b.unit ? Number(b.books.gifts - a.books.gifts) : a.unit < b.unit ? -1 : 1,
  );
}

function lineOf(
  walked: WalkState["lines"] extends Map<string, infer L> ? L | undefined : never,
  account: Account | undefined,
): LineReport {
  const [gifts, reversals] = walked?.sides ?? [];
  return {
    charity: (walked?.charity ?? account?.charity) as Hex,
    registration: walked?.registration ?? null,
    unit: (walked?.unit ?? account?.unit) as string,
    books: {
      ...{ gifts: gifts?.to ?? 0n, reversals: reversals?.to ?? 0n },
      ...{ giftReceipts: gifts?.receipts ?? 0n, reversalReceipts: reversals?.receipts ?? 0n },
    },
    contract: account === undefined ? NO_MARKS : { ...account.marks },
    payouts: account?.payouts.length ?? 0,
    acknowledgements: account?.acknowledgements.length ?? 0,
    disbursements: account?.disbursements.length ?? 0,
  };
}

/** The newest. */
function payoutsOf(accounts: readonly Account[]): PayoutReport[] {
  const all = accounts.flatMap(({ charity, unit, payouts, acknowledgements }) =>
    payouts.map(({ rail, upTo, amount, at }) => {
      const acknowledgedAt = acknowledgements.find((signed) => signed.upTo >= upTo)?.at ?? null;
      return { charity, unit, rail, upTo, amount, at, acknowledgedAt };
    }),
  );
  return all.sort((a, b) => Number(a.at - b.at)).slice(-PAYOUTS_SHOWN);
}

/** As JSON: integers that may pass 2^53 are decimal strings. */
export const reportJson = (report: AuditReport): string =>
  JSON.stringify(report, (_, value) => (typeof value === "bigint" ? `${value}` : value), 2);
