// What a philanthropy report does not prove, and on what basis its figures stand: said on paper as on the page.

export const PHILANTHROPY_NOTES: readonly string[] = [
  "Gifts are those of the batches that were closed in the period. Each is in a book that anyone recomputes; the last batch's root fixes all of them.",
  "Paid, acknowledged and spent say how much of these gifts the contract's watermarks have passed as of the block named above. Refunds stand beside them: they are set off against payouts and change no gift.",
  "Which gift belongs to which programme or merchant is the operator's word, held to the sums of the books and to every receipt's own details. Merchants are named only where they show their totals.",
  "Regions, outcomes and people are what charities report and sign in the period, also of money that was given before. Whoever is helped twice counts twice. That a meal was eaten is proven by nobody's books.",
  "Times are from the closing of a batch to the step, weighted by money, over the money that has reached the step. What a contract was told that the ledger has left since keeps its time. A payout by bank is the operator's claim until the charity has signed for it.",
];
