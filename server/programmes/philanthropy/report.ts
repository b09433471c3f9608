// The report on what was given in a period and what became of it, `amanah-philanthropy-report/1`. Pure: the service makes it
// of its store, and an audit makes it again of books and contract. Beside each figure stands what proves it: batches with a
// root, hashes of documents, transactions.

import type { Hex } from "../../protocol/bytes.ts";
import type {
  AsOf,
  BatchRange,
  EarlierContract,
  LineOf,
  Moved,
  Period,
  Reported,
  StatementFact,
  Step,
} from "./facts.ts";
import { LATENCY_STEPS, Latencies, type LatencyStep, massOf, PERCENTILES, percentile } from "./latencies.ts";
import type { PublishedProgrammes } from "./programmes-document.ts";
import { type Spending, spendingOf } from "./spending.ts";
import { type Shared, sharedBy } from "./sums.ts";

export const PHILANTHROPY_FORMAT = "amanah-philanthropy-report/1";

/** What the batches of the period add to one side of a line: an interval of it. */
export type Side = { readonly from: string; readonly to: string; readonly receipts: string };

/** How much of the period's gifts a watermark has passed, and the transaction that moved it where it stands. */
export type Reached = { readonly amount: string; readonly upTo: string; readonly transaction: Hex | null };

export type CharityRow = {
  readonly charity: string;
  readonly unit: string;
  readonly gifts: Side | null;
  readonly reversals: Side | null;
} & { readonly [Mark in Step]: Reached };

export type UnitRow = {
  readonly unit: string;
  readonly gifts: string;
  readonly given: string;
  readonly reversals: string;
  readonly reversed: string;
} & { readonly [Mark in Step]: string };

export type LatencyRow = {
  readonly unit: string;
  readonly step: LatencyStep;
  /** Of so much that was given, so much has reached the step; the percentiles, in seconds, are over the latter. */
  readonly of: string;
  readonly reached: string;
} & { readonly [Percentile in keyof typeof PERCENTILES]: string | null };

/** 64-bit integers are decimal strings, times Unix seconds. */
export type PhilanthropyReport = {
  readonly format: typeof PHILANTHROPY_FORMAT;
  readonly ledger: Hex;
  readonly period: { readonly from: string; readonly upTo: string };
  readonly batches: { readonly from: string; readonly to: string; readonly root: Hex } | null;
  readonly asOf: { readonly [Name in keyof AsOf]: AsOf[Name] extends Hex ? Hex : string };
  /** Where the ledger lived before, the oldest first; left out where it has not moved. Times are those of the first telling. */
  readonly earlier?: readonly {
    readonly chainId: string;
    readonly contract: Hex;
    readonly lastGoodBatch: string;
  }[];
  readonly units: readonly UnitRow[];
  readonly charities: readonly CharityRow[];
  readonly programmes: Shared<"programme">;
  readonly merchants: Shared<"merchant">;
  readonly spending: Spending;
  readonly latencies: readonly LatencyRow[];
};

/** What is known before the statements are gone through. */
export type Frame = {
  readonly ledger: Hex;
  readonly period: Period;
  readonly batches: BatchRange | null;
  readonly asOf: AsOf;
  /** The oldest first. */
  readonly earlier: readonly EarlierContract[];
  /** In the order of the chain, up to the block; of each line and step `upTo` rises. */
  readonly moves: Iterable<Moved>;
};

type Sums = { from: bigint; to: bigint; receipts: bigint };
type Line = LineOf & { readonly sides: [Sums | null, Sums | null] };

const lineKey = ({ charity, unit }: LineOf) => `${unit} ${charity}`;

/** Reckons one report: takes the period's statements as they go by, and ends with the documents. */
export class PhilanthropyReckoning {
  readonly #frame: Frame;
  readonly #moves = new Map<string, Moved[]>();
  readonly #lines = new Map<string, Line>();
  readonly #latencies = new Map<string, Latencies>();

  constructor(frame: Frame) {
    this.#frame = frame;
    for (const move of frame.moves) this.#movesOf(move, move.step, true).push(move);
  }

  /** How many lines it tells of so far. */
  get lines(): number {
    return this.#lines.size;
  }

  take(statement: StatementFact): void {
    const { kind, from, to, receipts, unit } = statement;
    const line = this.#lines.get(lineKey(statement)) ?? { ...lineOf(statement), sides: [null, null] };
    this.#lines.set(lineKey(statement), line);
    const sums = line.sides[kind as 0 | 1];
    if (sums === null || sums === undefined) line.sides[kind as 0 | 1] = { from, to, receipts };
    else [sums.to, sums.receipts] = [to, sums.receipts + receipts];
    if (kind === 0) this.#latenciesOf(unit).take(statement);
  }

  end(programmes: readonly PublishedProgrammes[], reported: readonly Reported[]): PhilanthropyReport {
    const { ledger, period, batches, asOf, earlier } = this.#frame;
    const lines = [...this.#lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
    const charities = lines.map((line) => this.#charityOf(line));
    const units = unitsOf(charities);
    return {
      format: PHILANTHROPY_FORMAT,
      ledger,
      period: { from: `${period.from}`, upTo: `${period.upTo}` },
      batches: batches && { from: `${batches.from}`, to: `${batches.to}`, root: batches.root },
      asOf: { ...asOf, chainId: `${asOf.chainId}`, block: `${asOf.block}`, at: `${asOf.at}` },
      ...(earlier.length > 0 && { earlier: earlier.map(toldOf) }),
      units,
      charities,
      programmes: sharedBy("programme", programmes, units),
      merchants: sharedBy("merchant", programmes, units),
      spending: spendingOf(reported),
      latencies: units.flatMap((unit) => this.#latencyRows(unit)),
    };
  }

  #movesOf({ charity, unit }: LineOf, step: Step, keep = false): Moved[] {
    const key = `${lineKey({ charity, unit })} ${step}`;
    const moves = this.#moves.get(key) ?? [];
    if (keep) this.#moves.set(key, moves);
    return moves;
  }

  #latenciesOf(unit: string): Latencies {
    const known = this.#latencies.get(unit);
    if (known !== undefined) return known;
    const made = new Latencies((charity, step) => this.#movesOf({ charity, unit }, step));
    this.#latencies.set(unit, made);
    return made;
  }

  #charityOf(line: Line): CharityRow {
    const [gifts, reversals] = line.sides;
    const reached = (step: Step) => reachedBy(this.#movesOf(line, step).at(-1), gifts);
    return {
      ...{ charity: line.charity, unit: line.unit, gifts: sideOf(gifts), reversals: sideOf(reversals) },
      ...{ paid: reached("paid"), acknowledged: reached("acknowledged"), spent: reached("spent") },
    };
  }

  #latencyRows({ unit, given }: UnitRow): LatencyRow[] {
    return LATENCY_STEPS.map((step) => {
      const spread = this.#latenciesOf(unit).spreads[step];
      const at = (percent: bigint) => percentile(spread, percent)?.toString() ?? null;
      const { p50, p90, p99 } = PERCENTILES;
      const percentiles = { p50: at(p50), p90: at(p90), p99: at(p99) };
      return { unit, step, of: given, reached: `${massOf(spread)}`, ...percentiles };
    });
  }
}

const toldOf = ({ chainId, contract, lastGoodBatch }: EarlierContract) => ({
  ...{ chainId: `${chainId}`, contract, lastGoodBatch: `${lastGoodBatch}` },
});

const lineOf = ({ charity, unit }: LineOf): LineOf => ({ charity, unit });

const sideOf = (sums: Sums | null): Side | null =>
  sums && { from: `${sums.from}`, to: `${sums.to}`, receipts: `${sums.receipts}` };

/** min(max(watermark − from, 0), to − from). */
function reachedBy(last: Moved | undefined, gifts: Sums | null): Reached {
  const mark = last?.upTo ?? 0n;
  const { from, to } = gifts ?? { from: 0n, to: 0n };
  const passed = mark <= from ? 0n : (mark < to ? mark : to) - from;
  return { amount: `${passed}`, upTo: `${mark}`, transaction: last?.transaction ?? null };
}

/** Charities come by unit. */
function unitsOf(charities: readonly CharityRow[]): UnitRow[] {
  return [...new Set(charities.map(({ unit }) => unit))].map((unit) => {
    const rows = charities.filter((row) => row.unit === unit);
    const total = (of: (row: CharityRow) => bigint) => `${rows.reduce((sum, row) => sum + of(row), 0n)}`;
    const length = (side: Side | null) => (side === null ? 0n : BigInt(side.to) - BigInt(side.from));
    return {
      unit,
      gifts: total(({ gifts }) => BigInt(gifts?.receipts ?? 0)),
      given: total(({ gifts }) => length(gifts)),
      reversals: total(({ reversals }) => BigInt(reversals?.receipts ?? 0)),
      reversed: total(({ reversals }) => length(reversals)),
      paid: total(({ paid }) => BigInt(paid.amount)),
      acknowledged: total(({ acknowledged }) => BigInt(acknowledged.amount)),
      spent: total(({ spent }) => BigInt(spent.amount)),
    };
  });
}
