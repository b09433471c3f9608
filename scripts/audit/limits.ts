// What an audit cannot tell, said plainly: of this ledger, with these options. No finding is made of it.

import type { Replay } from "./chain/replay.ts";

export type Limits = {
  readonly replay: Replay;
  readonly isDemonstration: boolean;
  /** Challenges that can still be answered in time. */
  readonly openChallenges: number;
  readonly hasMoved: boolean;
  /** Breaches that contracts record which the ledger was leaving, or had left, by then. */
  readonly breachesLeftBehind: number;
  /** Faults at such contracts of batches behind the last good one. */
  readonly faultsLeftBehind: number;
  readonly unread: readonly bigint[];
  /** Reversals, proofs and reports that depend on what could not be read. */
  readonly undecided: {
    readonly reversals: number;
    readonly proofs: number;
    readonly periods: number;
    readonly reports: number;
    /** Reports that rest on contracts left before the one that the audit begins with. */
    readonly begunLate: number;
  };
  readonly hasSigners: boolean;
  readonly hasMerchants: boolean;
  readonly hasOrders: boolean;
  readonly resumedAt: bigint | null;
};

export function tellLimits(limits: Limits): string[] {
  return [...tellLedger(limits), ...tellMissing(limits), ...tellOptions(limits), ...ALWAYS];
}

const ALWAYS = [
  "promises that were not kept and that nobody has asked for on chain: whoever holds the receipt can, with npm run challenge",
  "whether shops reported every purchase, and whether what was reported as spent reached people: books cannot show it",
  "private details of receipts: they are the donors'; a donor checks a receipt with npm run verify",
];

function* tellLedger(limits: Limits): Generator<string> {
  const { replay, isDemonstration, openChallenges, hasMoved } = limits;
  if (isDemonstration)
    yield "the demonstration chain runs at its operator's and forgets when it stops: against its operator it proves nothing";
  if (!replay.charities.opened)
    yield "the ledger is not opened: payouts are records of what happened elsewhere, and changes of payees and signers act at once";
  if (openChallenges > 0)
    yield `${openChallenges} promised receipts that were asked for on chain and can still be shown in time: audit again later`;
  if (hasMoved)
    yield "the contracts that the ledger has left, but for their roots, faults, broken promises, promise keys and, for philanthropy reports, times: what was paid and signed there was read as the successor records it, and a promise key that was set in the last day before an opening is looked for a week after it";
  yield* tellLeftBehind(limits);
  const payouts = [...replay.accounts.values()].flatMap((account) => account.payouts);
  const byBank = payouts.filter(({ rail }) => rail === "bank").length;
  if (byBank > 0)
    yield `${byBank} bank payouts: the chain has the hash of the bank's reference only; that the money arrived is told by the charity's signature alone`;
  const records = payouts.filter(
    ({ rail, moves, amount }) => rail === "token" && !moves && amount > 0n,
  ).length;
  if (records > 0)
    yield `${records} token payouts were recorded before the opening: no token moved with them on this chain`;
}

function* tellLeftBehind({ breachesLeftBehind, faultsLeftBehind }: Limits): Generator<string> {
  if (breachesLeftBehind > 0)
    yield `${breachesLeftBehind} promises that contracts record as broken which the ledger had left by then, or whose successor was open already: whoever holds such a receipt sees with npm run verify whether the successor keeps it, and can challenge it there`;
  if (faultsLeftBehind > 0)
    yield `${faultsLeftBehind} faults that rest on batches behind the last good one, which the ledger has left behind: that they were somebody else's is the operator's word`;
}

function* tellMissing({ unread, undecided }: Limits): Generator<string> {
  if (unread.length > 0)
    yield `${unread.length} books could not be read: whether a line goes on behind them, and what they timestamp, was taken as it came`;
  if (undecided.reversals > 0) yield `${undecided.reversals} reversals whose gift may be in such a book`;
  if (undecided.proofs > 0) yield `${undecided.proofs} proven statements of such books`;
  if (undecided.periods > 0) yield `${undecided.periods} period reports over such books`;
  if (undecided.reports > 0)
    yield `${undecided.reports} philanthropy reports and documents by programme: over books or documents that could not be read, or as of a block of a chain that was left or has begun anew`;
  if (undecided.begunLate > 0)
    yield `${undecided.begunLate} philanthropy reports that rest on contracts which the ledger left before the one that this audit began with: begin with the first of those that they name, or pass a further --rpc of its chain to see whether it names its successor`;
}

function* tellOptions({ hasSigners, hasMerchants, hasOrders, resumedAt }: Limits): Generator<string> {
  if (!hasSigners)
    yield "whether signers are the charities' own: pass --signers FILE with what charities publish on their sites";
  if (!hasMerchants)
    yield "merchants' totals against merchants' own books: pass --merchant and --merchant-orders";
  else if (!hasOrders) yield "the merchant's own orders: pass --merchant-orders FILE";
  if (resumedAt !== null)
    yield `books up to batch ${resumedAt} were checked by a run that was broken off, and not read again: pass --no-resume to read them`;
}
