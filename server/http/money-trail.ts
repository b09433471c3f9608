// What became of the money at a receipt's position: the payout that covers it, the charity's signature for it, and the
// charity's reports that tell of it.
// How the receipt itself stands is told beside.

import { z } from "zod";
import { partsAt, type SpendingDocument, type SpendingPart } from "../programmes/spending-report.ts";
import { payoutOver } from "../store/acknowledgements.ts";
import type { Queries } from "../store/database.ts";
import { type PublishedReport, reportsOver } from "../store/disbursements.ts";
import type { LineView } from "../store/overview.ts";
import { type SignedCall, signedOver } from "../store/signed-calls.ts";
import { payoutSchema, showPayout } from "./claims.ts";
import { hex32, hexOrNull, minor, time } from "./words.ts";

/** A gift so large that it was spent in more reports shows the first of them. */
const MOST_REPORTS = 20;

const partSchema = z.object({
  from: minor,
  upTo: minor,
  project: z.string(),
  place: z.looseObject({ country: z.string(), name: z.string() }),
  bought: z.array(z.object({ what: z.string(), count: z.string(), measure: z.string() })),
  beneficiaries: z
    .int()
    .optional()
    .meta({ description: "how many people it reached, where that was counted" }),
  note: z.string().optional(),
});

export const moneyTrailSchema = z.object({
  payout: payoutSchema.nullable().meta({ description: "that brought the money to the charity" }),
  acknowledgement: z
    .object({ from: minor, upTo: minor, signedAt: time, transaction: hex32.nullable() })
    .nullable()
    .meta({ description: "with which the charity has signed for it" }),
  reports: z.array(
    z.object({
      hash: hex32,
      document: z.string(),
      reportedAt: time,
      transaction: hex32.nullable(),
      from: minor,
      upTo: minor,
      parts: z.array(partSchema).meta({ description: "those that the gift fell into" }),
    }),
  ),
});

export type MoneyTrail = {
  readonly payout: ReturnType<typeof showPayout> | null;
  readonly acknowledgement: ReturnType<typeof showSigned> | null;
  readonly reports: readonly ReturnType<typeof showReport>[];
};

export const NO_TRAIL: MoneyTrail = { payout: null, acknowledgement: null, reports: [] };

/** The trail of the gift at [start, end) of a line. */
export async function trailOf(
  sql: Queries,
  line: LineView,
  position: readonly [bigint, bigint],
): Promise<MoneyTrail> {
  const [payout, acknowledgement, reports] = await Promise.all([
    payoutOver(sql, line, position),
    signedOver(sql, "acknowledge", line, position[1]),
    reportsOver(sql, line, position, MOST_REPORTS),
  ]);
  return {
    payout: payout === undefined ? null : showPayout(payout, line.acknowledged),
    acknowledgement: acknowledgement === undefined ? null : showSigned(acknowledgement),
    reports: reports.map((report) => showReport(report, position)),
  };
}

const showSigned = ({ args, mined_at, transaction }: SignedCall<"acknowledge">) => ({
  from: args.acknowledgement.from,
  upTo: args.acknowledgement.upTo,
  signedAt: (mined_at as Date).toISOString(),
  transaction: hexOrNull(transaction),
});

function showReport(
  { from, upTo, evidence, reported_at, transaction, body }: PublishedReport,
  [start, end]: readonly [bigint, bigint],
) {
  const parts = body === null ? [] : partsAt((JSON.parse(body) as SpendingDocument).parts, start, end);
  return {
    hash: evidence,
    document: `/v1/documents/${evidence}`,
    reportedAt: reported_at.toISOString(),
    transaction: hexOrNull(transaction),
    from,
    upTo,
    parts: parts.map(showPart),
  };
}

/** The files that prove it are named in the document. */
const showPart = ({ evidence: _, ...part }: SpendingPart) => part;
