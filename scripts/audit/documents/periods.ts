// The operator's published totals, recomputed: while the statements of all books go by once, each period report that is
// under way adds up its own batches, and is compared when they are over.

import type { Hex } from "../../../server/protocol/bytes.ts";
import { toHex } from "../../../server/protocol/bytes.ts";
import { charityId } from "../../../server/protocol/ids.ts";
import type { WalkedLine } from "../books/walk.ts";
import type { LoggedStatement } from "../books/walk-log.ts";
import type { Findings, Observation } from "../findings.ts";

export const PERIOD_FORMAT = "amanah-period-report/1";

/** A published report, as far as it could be read; `batch` is the one whose notice names it. */
export type PublishedPeriod = { readonly batch: bigint; readonly hash: Hex; readonly report: PeriodReport };

export type PeriodReport = {
  readonly format: string;
  readonly ledger: string;
  readonly fromBatch: string;
  readonly toBatch: string;
  readonly receipts: string;
  readonly lines: readonly PeriodLine[];
};
type Total = { readonly from: string; readonly to: string; readonly receipts: string };
type PeriodLine = {
  readonly charity: string;
  readonly unit: string;
  readonly gifts: Total;
  readonly reversals: Total;
};

type Sum = { from: bigint; to: bigint; receipts: bigint };
type Sums = [Sum | undefined, Sum | undefined];
type UnderWay = {
  readonly published: PublishedPeriod;
  readonly from: bigint;
  readonly to: bigint;
  readonly lines: Map<number, Sums>;
};

/** Reads what a period report says; undefined when it is none. */
export function parsePeriod(bytes: Uint8Array): PeriodReport | undefined {
  try {
    const report = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as PeriodReport;
    const wellFormed =
      report.format === PERIOD_FORMAT && [report.fromBatch, report.toBatch, report.receipts].every(isDecimal);
    return wellFormed && Array.isArray(report.lines) ? report : undefined;
  } catch {
    return undefined;
  }
}

const isDecimal = (value: unknown) => typeof value === "string" && /^(0|[1-9][0-9]{0,18})$/.test(value);

export class Periods {
  readonly #lines: readonly WalkedLine[];
  readonly #unread: readonly bigint[];
  readonly #findings: Findings;
  readonly #waiting: UnderWay[];
  #active: UnderWay[] = [];
  /** Where each side of each line ends, as far as statements have gone by. */
  readonly #ends = new Map<number, [bigint, bigint]>();
  /** Reports over books that could not be read. */
  undecided = 0;

  /** @param lines by the number that the walk has given them */
  constructor(
    published: readonly PublishedPeriod[],
    context: { ledger: Hex; lines: readonly WalkedLine[]; unread: readonly bigint[]; findings: Findings },
  ) {
    [this.#lines, this.#unread, this.#findings] = [context.lines, context.unread, context.findings];
    const reports = published.map((each) => ({
      published: each,
      from: BigInt(each.report.fromBatch),
      to: BigInt(each.report.toBatch),
      lines: new Map(),
    }));
    this.#waiting = reports.sort((a, b) => Number(a.from - b.from) || Number(a.to - b.to));
    for (const each of reports) this.#checkFrame(each, context.ledger);
    this.#checkSequence();
  }

  take(statement: LoggedStatement): void {
    this.#closeBefore(statement.batch);
    while (this.#waiting[0] !== undefined && this.#waiting[0].from <= statement.batch)
      this.#active.push(this.#waiting.shift() as UnderWay);
    this.#closeBefore(statement.batch);
    for (const { lines } of this.#active) add(lines, statement);
    const ends = this.#ends.get(statement.line) ?? [0n, 0n];
    ends[statement.kind] = statement.to;
    this.#ends.set(statement.line, ends);
  }

  end(): void {
    this.#active.push(...this.#waiting.splice(0));
    for (const each of this.#active.splice(0)) this.#compare(each);
  }

  #closeBefore(batch: bigint): void {
    for (const each of this.#active) if (each.to < batch) this.#compare(each);
    this.#active = this.#active.filter(({ to }) => to >= batch);
  }

  #checkFrame({ published, from, to }: UnderWay, ledger: Hex): void {
    const { batch, report } = published;
    if (report.ledger === ledger && from >= 1n && from <= to && to < batch) return;
    this.#tell(
      "period-report-false",
      published,
      `is over the batches ${from} to ${to} of the ledger ${report.ledger}, in batch ${batch}`,
      {},
    );
  }

  #checkSequence(): void {
    let last = 0n;
    for (const { published, from, to } of this.#waiting) {
      if (from !== last + 1n)
        this.#tell(
          "period-report-gap",
          published,
          `begins with batch ${from}; the one before it ended with ${last}`,
          { last },
        );
      last = to;
    }
  }

  #compare(each: UnderWay): void {
    if (this.#unread.some((batch) => batch <= each.to)) return void this.undecided++;
    const said = new Map(each.published.report.lines.map((line) => [sayingKey(line), line]));
    let receipts = 0n;
    for (const [number, sums] of each.lines) {
      const { charity, unit } = this.#lines[number] as WalkedLine;
      receipts += (sums[0]?.receipts ?? 0n) + (sums[1]?.receipts ?? 0n);
      const wanted = this.#wanted(number, sums);
      const came = said.get(`${charity}/${unit}`);
      said.delete(`${charity}/${unit}`);
      if (wanted === toldOf(came)) continue;
      this.#tell(
        "period-report-false",
        each.published,
        `says ${toldOf(came)}; the books give ${wanted}`,
        {},
        { charity, unit },
      );
    }
    for (const line of said.values())
      this.#tell(
        "period-report-false",
        each.published,
        `tells of a line of ${line.charity} that none of its batches adds to`,
        {},
        { unit: line.unit },
      );
    if (`${receipts}` !== each.published.report.receipts)
      this.#tell(
        "period-report-false",
        each.published,
        `counts ${each.published.report.receipts} receipts; the books have ${receipts}`,
        { receipts },
      );
  }

  #wanted(number: number, sums: Sums): string {
    const ends = this.#ends.get(number) ?? [0n, 0n];
    return toldSums(
      sums.map((sum, kind) => sum ?? { from: ends[kind] as bigint, to: ends[kind] as bigint, receipts: 0n }),
    );
  }

  #tell(
    code: "period-report-false" | "period-report-gap",
    { batch, hash, report }: PublishedPeriod,
    says: string,
    numbers: NonNullable<Observation["numbers"]>,
    line: Observation["place"] = {},
  ): void {
    const sentence = `the period report ${hash.slice(0, 10)}… of the batches ${report.fromBatch} to ${report.toBatch} ${says}`;
    this.#findings.add({
      code,
      says: sentence,
      place: { batch, ...line },
      numbers: { fromBatch: report.fromBatch, toBatch: report.toBatch, ...numbers },
    });
  }
}

function add(lines: Map<number, Sums>, { line, kind, from, to, receipts }: LoggedStatement): void {
  const sums = lines.get(line) ?? [undefined, undefined];
  lines.set(line, sums);
  const sum = sums[kind];
  if (sum === undefined) sums[kind] = { from, to, receipts };
  else [sum.to, sum.receipts] = [to, sum.receipts + receipts];
}

/** "gifts [0, 50) in 3, reversals [0, 0) in 0": two reports are the same when these texts are. */
const toldSums = (sums: readonly { from: unknown; to: unknown; receipts: unknown }[]) =>
  sums
    .map(
      ({ from, to, receipts }, kind) =>
        `${kind === 0 ? "gifts" : "reversals"} [${from}, ${to}) in ${receipts}`,
    )
    .join(", ");

const toldOf = (line: PeriodLine | undefined) =>
  line === undefined ? "nothing" : toldSums([line.gifts ?? {}, line.reversals ?? {}] as never);

function sayingKey({ charity, unit }: PeriodLine): string {
  try {
    return `${toHex(charityId(charity))}/${unit}`;
  } catch {
    return `${charity}/${unit}`;
  }
}
