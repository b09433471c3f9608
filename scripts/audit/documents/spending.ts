// Disbursements: the report that the charity signed is published, is the one it signed, is timestamped by a batch, and
// covers just the money that it was signed for.

import { fastKeccak } from "../../../server/hashing.ts";
import { parseAmount } from "../../../server/protocol/amounts.ts";
import { type Hex, toHex } from "../../../server/protocol/bytes.ts";
import { charityId } from "../../../server/protocol/ids.ts";
import type { BookSource } from "../books/book-source.ts";
import type { LoggedNotice } from "../books/walk-log.ts";
import type { FindingCode } from "../catalogue.ts";
import type { Account, Disbursed } from "../chain/accounts.ts";
import type { Findings, Observation } from "../findings.ts";

export const SPENDING_FORMAT = "amanah-spending-report/1";

type Part = { readonly from?: unknown; readonly upTo?: unknown };
type Report = Part &
  Readonly<Record<"format" | "ledger" | "charity" | "unit", unknown>> & { readonly parts?: readonly Part[] };

export type SpendingContext = {
  readonly ledger: Hex;
  readonly source: BookSource;
  /** Notices by content, as far as somebody asked for them. */
  readonly notices: ReadonlyMap<Hex, readonly LoggedNotice[]>;
  /** With books that could not be read, a notice may be in one of them. */
  readonly isComplete: boolean;
  readonly findings: Findings;
};

export async function checkDisbursements(
  context: SpendingContext,
  accounts: Iterable<Account>,
): Promise<void> {
  for (const account of accounts)
    for (const disbursed of account.disbursements) await checkDisbursement(context, account, disbursed);
}

async function checkDisbursement(
  context: SpendingContext,
  account: Account,
  disbursed: Disbursed,
): Promise<void> {
  const { charity, unit } = account;
  const { from, upTo, evidence } = disbursed;
  const tell = (code: FindingCode, says: string, numbers: Observation["numbers"] = {}) =>
    context.findings.add({
      ...{ code, place: { charity, unit }, numbers: { from, upTo, evidence, ...numbers } },
      says: `the report of what [${from}, ${upTo}) became ${says}`,
    });
  const notices = context.notices.get(evidence) ?? [];
  if (context.isComplete && !notices.some(({ kind, subject }) => kind === "spending" && subject === charity))
    tell("report-without-notice", "is timestamped by no batch");
  const bytes = await context.source.document(evidence);
  if (bytes === undefined) return void tell("report-missing", "is not published");
  const hash = toHex(fastKeccak(bytes));
  if (hash !== evidence)
    return void tell("report-altered", `hashes to ${hash}; the charity signed ${evidence}`, { hash });
  const wrong = faultOf(parseOrNone(bytes), context.ledger, account, disbursed);
  if (wrong !== undefined) tell("report-false", wrong);
}

/** What a report says that is not so; undefined when it says what was signed. */
function faultOf(
  report: Report | undefined,
  ledger: Hex,
  { charity, unit }: Account,
  { from, upTo }: Disbursed,
): string | undefined {
  if (report?.format !== SPENDING_FORMAT) return `is no ${SPENDING_FORMAT}`;
  if (report.ledger !== ledger) return `is of the ledger ${report.ledger}`;
  if (typeof report.charity !== "string" || idOrNone(report.charity) !== charity)
    return "is of another charity";
  if (report.unit !== unit) return `is in ${report.unit}, not in ${unit}`;
  if (positionOf(report.from) !== from || positionOf(report.upTo) !== upTo)
    return `covers [${report.from}, ${report.upTo})`;
  return faultOfParts(Array.isArray(report.parts) ? report.parts : [], from, upTo);
}

function faultOfParts(parts: readonly Part[], from: bigint, upTo: bigint): string | undefined {
  let at: bigint | undefined = from;
  for (const part of parts) {
    const end = positionOf(part?.upTo);
    if (positionOf(part?.from) !== at || end === undefined || end <= (at as bigint))
      return `has a part of [${part?.from}, ${part?.upTo}) where one from ${at} should be`;
    at = end;
  }
  return at === upTo ? undefined : `has parts up to ${at} only`;
}

function positionOf(value: unknown): bigint | undefined {
  try {
    return parseAmount(value, "position");
  } catch {
    return undefined;
  }
}

function idOrNone(registration: string): Hex | undefined {
  try {
    return toHex(charityId(registration));
  } catch {
    return undefined;
  }
}

function parseOrNone(bytes: Uint8Array): Report | undefined {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as Report;
  } catch {
    return undefined;
  }
}
