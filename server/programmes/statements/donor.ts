// A donor's statement, `amanah-donor-statement/1`: what was given through a donor's purchases in a period, and how far the
// money has come. Pure. The donor in law is the merchant, and no word here promises that anything may be deducted.

import { type Paper, periodText, type Sheet, type Table, written } from "./paper.ts";

export const DONOR_STATEMENT_FORMAT = "amanah-donor-statement/1";

/**
 * `recorded`: not counted by the contract yet. `given`: counted, not paid. `claimed`: paid by bank, as the operator says.
 * `paid`: paid on chain. `acknowledged`: the charity has signed for it. `spent`: it has reported what it became.
 */
export const GIFT_STATUSES = ["recorded", "given", "claimed", "paid", "acknowledged", "spent"] as const;
export type GiftStatus = (typeof GIFT_STATUSES)[number];

export type DonorGift = {
  /** When the purchase completed; ISO 8601. */
  readonly completedAt: string;
  readonly merchant: string;
  readonly legalDonor: string;
  readonly order: string;
  readonly charity: string;
  readonly charityName: string;
  readonly unit: string;
  readonly amount: string;
  readonly refunded: string;
  readonly status: GiftStatus;
  /** Since when the operator says that it has paid, while the charity has not signed; ISO 8601, null of any other. */
  readonly claimedSince: string | null;
  readonly receipt: string;
  readonly link: string;
};

export type DonorTotal = {
  readonly charity: string;
  readonly charityName: string;
  readonly unit: string;
  readonly gifts: number;
  readonly amount: string;
  readonly refunded: string;
  /** What is left of `amount` after refunds. */
  readonly net: string;
  /** Of `amount`, before refunds. */
  readonly byStatus: Readonly<Partial<Record<GiftStatus, string>>>;
};

export type DonorStatement = {
  readonly format: typeof DONOR_STATEMENT_FORMAT;
  readonly ledger: string;
  readonly from: string;
  readonly to: string;
  /** False when gifts of the last minutes may be missing. */
  readonly complete: boolean;
  /** When earlier gifts of this donor were erased; ISO 8601. */
  readonly erased: readonly string[];
  readonly gifts: readonly DonorGift[];
  readonly totals: readonly DonorTotal[];
  readonly notes: readonly string[];
};

/** How far a line has come, by the contract. */
export type Marks = {
  readonly given: bigint;
  readonly paid: bigint;
  readonly acknowledged: bigint;
  readonly spent: bigint;
};

/** The status of a gift that ends at `end` on its line. `isClaimed`: whether it was a bank that paid it. */
export function statusAt(
  end: bigint | null,
  marks: Marks | null,
  isClaimed: (end: bigint) => boolean,
): GiftStatus {
  if (end === null || marks === null || marks.given < end) return "recorded";
  if (marks.spent >= end) return "spent";
  if (marks.acknowledged >= end) return "acknowledged";
  if (marks.paid >= end) return isClaimed(end) ? "claimed" : "paid";
  return "given";
}

export type DonorFacts = Pick<DonorStatement, "ledger" | "from" | "to" | "complete" | "erased" | "gifts">;

export const donorStatement = (facts: DonorFacts): DonorStatement => ({
  format: DONOR_STATEMENT_FORMAT,
  ...facts,
  totals: totalsOf(facts.gifts),
  notes: notesOf(facts),
});

/** One for each charity and unit, in the order of their names. */
export function totalsOf(gifts: readonly DonorGift[]): DonorTotal[] {
  const groups = Map.groupBy(gifts, ({ charity, unit }) => `${charity} ${unit}`);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => totalOf(group));
}

function totalOf(gifts: readonly DonorGift[]): DonorTotal {
  const { charity, charityName, unit } = gifts[0] as DonorGift;
  const [amount, refunded] = [sumOf(gifts, "amount"), sumOf(gifts, "refunded")];
  const byStatus = GIFT_STATUSES.flatMap((status) => {
    const own = gifts.filter((gift) => gift.status === status);
    return own.length === 0 ? [] : [[status, `${sumOf(own, "amount")}`]];
  });
  const sums = { amount: `${amount}`, refunded: `${refunded}`, net: `${amount - refunded}` };
  return { charity, charityName, unit, gifts: gifts.length, ...sums, byStatus: Object.fromEntries(byStatus) };
}

const sumOf = (gifts: readonly DonorGift[], of: "amount" | "refunded"): bigint =>
  gifts.reduce((sum, gift) => sum + BigInt(gift[of]), 0n);

const NOTES = [
  "The donor in law of each gift is the merchant named with it, out of what it was paid. This statement is no tax document: it does not say that the buyer gave, or may deduct, any of it.",
  "Refunds are shown apart: a refunded gift keeps its receipt, and another receipt takes it back.",
  "How far the money has come is read from the contract. “Claimed” is a bank transfer that the charity has not signed for yet; “spent” is what the charity itself reports.",
  "Each receipt can be checked by anyone, without the operator: open its link.",
];

const notesOf = ({ complete, erased }: DonorFacts): string[] => [
  ...(complete ? [] : ["Gifts of the last minutes may be missing: they are still being counted."]),
  ...(erased.length === 0
    ? []
    : [`What was given before was erased on request (${erased.map((at) => at.slice(0, 10)).join(", ")}).`]),
  ...NOTES,
];

export const donorPaper = (statement: DonorStatement): Paper => ({
  title: "Gifts through your purchases",
  subtitle: periodText(statement),
  facts: [
    ["Ledger", statement.ledger],
    ["Gifts", `${statement.gifts.length}`],
  ],
  tables: [totalsTable(statement), giftsTable(statement)],
  notes: statement.notes,
});

const totalsTable = ({ totals }: DonorStatement): Table => ({
  title: "By charity",
  columns: [
    { title: "Charity", width: 34 },
    { title: "Gifts", width: 8, align: "right" },
    { title: "Given", width: 15, align: "right" },
    { title: "Refunded", width: 15, align: "right" },
    { title: "How far it has come", width: 28 },
  ],
  rows: totals.map((one) => [
    `${one.charityName}\n${one.charity}`,
    `${one.gifts}`,
    written(one.amount, one.unit),
    written(one.refunded, one.unit),
    Object.entries(one.byStatus)
      .map(([status, amount]) => `${status} ${written(amount, one.unit)}`)
      .join("\n"),
  ]),
  empty: "Nothing was given in this period.",
});

const giftsTable = ({ gifts }: DonorStatement): Table => ({
  title: "Each gift",
  columns: [
    { title: "Date", width: 11 },
    { title: "Donor in law, order, receipt", width: 34 },
    { title: "Charity", width: 17 },
    { title: "Given", width: 12, align: "right" },
    { title: "Refunded", width: 12, align: "right" },
    { title: "Status", width: 14 },
  ],
  rows: gifts.map((gift) => [
    gift.completedAt.slice(0, 10),
    `${gift.legalDonor}\n${gift.order}\n${gift.receipt}`,
    gift.charityName,
    written(gift.amount, gift.unit),
    gift.refunded === "0" ? "" : written(gift.refunded, gift.unit),
    gift.claimedSince === null ? gift.status : `${gift.status} since ${gift.claimedSince.slice(0, 10)}`,
  ]),
  empty: "Nothing was given in this period.",
});

const COLUMNS = [
  "completedAt",
  "merchant",
  "legalDonor",
  "order",
  "charity",
  "charityName",
  "unit",
  "amount",
  "refunded",
  "status",
  "claimedSince",
  "receipt",
  "link",
] as const;

export const donorSheet = ({ gifts }: DonorStatement): Sheet => ({
  columns: COLUMNS,
  rows: gifts.map((gift) => COLUMNS.map((column) => gift[column] ?? "")),
});
