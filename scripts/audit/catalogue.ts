// Every kind of finding: its stable code, how grave it is, and what it means for donors and the charity. Programs match
// these codes; none is ever given another meaning.

export type Severity = "grave" | "serious" | "minor";
type Entry = { readonly severity: Severity; readonly consequence: string };

const grave = (consequence: string): Entry => ({ severity: "grave", consequence });
const serious = (consequence: string): Entry => ({ severity: "serious", consequence });
const minor = (consequence: string): Entry => ({ severity: "minor", consequence });

const UNPROVABLE = "Receipts of this batch cannot be checked by anybody; no charity should sign past it.";
const ALTERED = "The book is not what was anchored: a receipt in it may be missing, added or changed.";
const POSITIONS =
  "Positions on this line cannot be trusted from here on: two gifts may be shown the same money, or money may be counted that nobody gave.";
const TAKEN = "Money given was taken back from the charity without a gift that justifies it.";
const UNPAID = "The charity was paid less, or less is shown, than its donors gave.";
const UNSIGNED = "The charity did not sign this: what donors see as acknowledged or spent is not proven.";
const FALSE_CONTRACT =
  "A contract that keeps its own rules cannot say this: it, or the endpoint, is false. Ask another endpoint.";
const SWAPPED = "Money may have gone to, or been signed for by, somebody other than the charity.";
const HISTORY = "The order of history is not fixed here: batches may have been exchanged or left out.";
const UNREPORTED = "What the money became cannot be looked up by donors.";

const BOOKS = {
  "book-missing": grave(UNPROVABLE),
  "book-damaged": grave(UNPROVABLE),
  "book-of-another-ledger": grave(UNPROVABLE),
  "book-of-another-batch": grave(UNPROVABLE),
  "book-header-false": minor(
    "The book says of itself what its contents do not bear out; its receipts were judged by their contents.",
  ),
  "root-differs": grave(ALTERED),
  "receipts-altered": grave(ALTERED),
  "amounts-false": grave(
    "The amounts do not add up to what the statement claims: totals are inflated or shrunk inside the tree.",
  ),
  "amount-zero": serious(
    "A receipt of nothing is no gift; it makes counts of donors and receipts larger than they are.",
  ),
  "reversal-altered": grave(
    "The published fields of a reversal do not hash to its leaf: which gift it takes back is not known.",
  ),
  "statement-malformed": grave(POSITIONS),
  "statement-twice": grave(POSITIONS),
  "line-gap": grave(
    "Positions are left out on this line: money is shown as given that has no receipt, or gifts are missing.",
  ),
  "line-overlap": grave("Two statements claim the same positions: two donors are shown the same money."),
  "line-skip": grave(
    "A statement passes over one before it: a verifier who follows the line back would miss a batch.",
  ),
  "previous-missing": serious(HISTORY),
  "previous-false": grave(HISTORY),
  "times-missing": serious("When these gifts were recorded is not fixed."),
  "times-reversed": serious("When these gifts were recorded is not known: the batch ends before it begins."),
  "times-backwards": serious(
    "Batches run backwards in time: gifts may have been recorded later than they claim.",
  ),
} as const;

const RECEIPTS = {
  "leaf-twice": grave(
    "One receipt stands for two gifts: two donors would both find it valid, and one gift is missing.",
  ),
  "reversal-invented": grave(TAKEN),
  "reversal-premature": grave(TAKEN),
  "reversal-of-another-line": grave(TAKEN),
  "reversal-excessive": grave(TAKEN),
  "netting-beyond-payout": grave(
    "A refund was set off against a payout whose gifts come before the refunded one: the charity was paid too little then.",
  ),
} as const;

const MONEY = {
  "proof-not-in-book": grave("The contract counts money as given that the book of the batch does not show."),
  "given-beyond-books": grave("The contract counts more as given than all books hold."),
  "payout-not-consecutive": grave("Payouts leave out or repeat a part of the line: " + UNPAID),
  "payout-beyond-given": grave("A payout covers positions that nobody has given yet."),
  "payout-amount-false": grave(UNPAID),
  "payout-netting-false": grave(UNPAID),
  "payout-to-unregistered": grave(SWAPPED),
  "payout-to-wrong-payee": grave(SWAPPED),
  "payout-without-reference": serious("Nobody can find this transfer at the bank."),
  "payout-not-transferred": grave(
    "The ledger says paid, and the token's own events show no such transfer: the charity has not received it.",
  ),
  "repayment-false": serious(
    "A transfer is recorded as sent again that was never made by bank, or of another amount.",
  ),
  "token-scale-false": grave(
    "One minor unit is not worth one minor unit of the token: every payout in it is too large or too small.",
  ),
  "token-set-twice": grave(FALSE_CONTRACT),
  "acknowledgement-not-consecutive": grave(UNSIGNED),
  "acknowledgement-beyond-paid": grave(UNSIGNED),
  "acknowledgement-false": grave(UNSIGNED),
  "acknowledgement-root-false": grave(
    "The charity signed for a history other than the one that is anchored.",
  ),
  "signature-forged": grave(UNSIGNED),
  "signer-not-in-force": grave(UNSIGNED),
  "disbursement-not-consecutive": grave(UNREPORTED),
  "disbursement-beyond-acknowledged": grave(
    "Money is reported as spent that the charity has not signed for.",
  ),
  "watermark-differs": grave(FALSE_CONTRACT),
} as const;

const PROVEN = {
  "line-at-fault": grave(
    "The contract holds a proven fault of this line: what it says of positions contradicts itself, and it pays no more.",
  ),
  "fault-differs": grave(FALSE_CONTRACT),
  "promise-broken": grave(
    "A receipt was promised, and nobody showed in time that it was recorded: a gift may have been left out.",
  ),
  "challenge-overdue": grave(
    "A promised receipt was asked for on chain and not shown in time: a gift may have been left out. The breach is not recorded yet.",
  ),
  "challenge-differs": grave(FALSE_CONTRACT),
} as const;

const CONTRACT = {
  "batch-event-differs": grave(FALSE_CONTRACT),
  "batches-not-consecutive": grave(FALSE_CONTRACT),
  "proof-not-rising": grave(FALSE_CONTRACT),
  "reversed-beyond-given": grave("More was taken back than was ever given on this line."),
  "charity-registered-twice": grave(SWAPPED),
  "charity-differs": grave(SWAPPED),
  "change-unannounced": grave(SWAPPED),
  "change-rushed": grave(SWAPPED),
  "change-despite-veto": grave(SWAPPED),
  "opened-twice": grave(FALSE_CONTRACT),
  "contract-not-opened": grave(
    "What the operator promises binds it to nothing: a gift may be left out, and nobody can ask for it on chain until the contract is opened.",
  ),
} as const;

const MOVES = {
  "moved-root-differs": grave(
    "History was rewritten when the ledger moved: receipts of this batch may be lost.",
  ),
  "fault-not-carried": serious(
    "A fault of this line was proven before the ledger moved, and is forgotten since: right only if it was of batches behind the last good one.",
  ),
  "breach-not-carried": grave(
    "A broken promise was recorded before the ledger moved, and is forgotten since.",
  ),
  "promiser-not-carried": grave(
    "What was promised before the ledger moved can be asked for nowhere any more: a gift may have been left out.",
  ),
} as const;

const DOCUMENTS = {
  "document-missing": serious("A document that a batch timestamps cannot be read by those whom it concerns."),
  "document-altered": grave("A published document is not the one that was timestamped."),
  "report-missing": serious(UNREPORTED),
  "report-altered": grave("The published report is not the one that the charity signed."),
  "report-without-notice": serious("No batch timestamps this report: when it was made is not fixed."),
  "report-false": grave("The charity's report does not cover the money that it was signed for."),
  "period-report-false": grave("The operator's published totals are not those of the books."),
  "period-report-gap": serious(
    "Batches between two period reports are in neither: published totals leave gifts out.",
  ),
  "philanthropy-report-false": grave(
    "A figure that the operator publishes about gifts, or what became of them, is not what public files come to.",
  ),
  "programmes-false": grave(
    "What the operator publishes by programme or merchant is not what the books come to.",
  ),
  "programmes-gap": serious("Receipts are in no total by programme: published totals leave gifts out."),
  "merchant-total-unpublished": grave(
    "No batch timestamps this total of the merchant's purchases: it can be exchanged later.",
  ),
  "merchant-total-false": grave(
    "The total recorded for the merchant is not that of its own books: gifts are missing or invented.",
  ),
  "merchant-order-missing": grave(
    "A purchase of the merchant is not recorded: its gift never reached the line.",
  ),
  "merchant-order-unknown": serious("A purchase is recorded that the merchant's own books do not have."),
  "merchant-sequence-gap": grave("Purchases are missing between two of the merchant's daily totals."),
  "signer-differs": grave(SWAPPED),
  "signer-unregistered": serious(
    "The charity publishes a signer, but the contract does not know this charity.",
  ),
} as const;

export const CATALOGUE = {
  ...BOOKS,
  ...RECEIPTS,
  ...MONEY,
  ...PROVEN,
  ...CONTRACT,
  ...MOVES,
  ...DOCUMENTS,
} as const;

export type FindingCode = keyof typeof CATALOGUE;
