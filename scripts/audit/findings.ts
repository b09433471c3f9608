// What an audit finds: each finding with a stable code, where it is, the numbers that show it, and what it means. All are
// counted; of each kind so many are kept, so that a ledger full of errors does not fill the memory.

import type { Hex } from "viem";
import { CATALOGUE, type FindingCode, type Severity } from "./catalogue.ts";

/** Where it is, as far as it is in one place. `registration` is a hint of the books; `charity` is what is hashed. */
export type Place = {
  readonly batch?: bigint | undefined;
  readonly charity?: Hex | undefined;
  readonly unit?: string | undefined;
  readonly side?: "gifts" | "reversals" | undefined;
};

export type Finding = {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly batch: string | null;
  readonly charity: Hex | null;
  readonly unit: string | null;
  readonly side: "gifts" | "reversals" | null;
  /** Positions, amounts and counts as decimal strings; hashes as they are. */
  readonly numbers: Readonly<Record<string, string>>;
  /** One plain sentence. */
  readonly says: string;
  /** What it means for donors and the charity. */
  readonly consequence: string;
};

/** A finding before it is looked up: what any check hands over. Plain data, so that threads can send it. */
export type Observation = {
  readonly code: FindingCode;
  readonly says: string;
  readonly place: Place;
  readonly numbers?: Readonly<Record<string, bigint | number | string>>;
};

export type SavedFindings = {
  readonly kept: readonly Finding[];
  readonly counts: Readonly<Record<string, number>>;
};

const KEPT_OF_EACH_CODE = 200;

export class Findings {
  readonly #kept = new Map<FindingCode, Finding[]>();
  readonly #counts = new Map<FindingCode, number>();

  add({ code, says, place, numbers = {} }: Observation): void {
    this.#counts.set(code, this.countOf(code) + 1);
    const kept = this.#keptOf(code);
    if (kept.length >= KEPT_OF_EACH_CODE) return;
    const { severity, consequence } = CATALOGUE[code];
    const { batch, charity = null, unit = null, side = null } = place;
    const plain = Object.entries(numbers).map(([name, value]) => [name, `${value}`] as const);
    const where = { batch: batch === undefined ? null : `${batch}`, charity, unit, side };
    kept.push({ code, severity, ...where, numbers: Object.fromEntries(plain), says, consequence });
  }

  addAll(observations: Iterable<Observation>): void {
    for (const observation of observations) this.add(observation);
  }

  /** Takes in what another collection has kept and counted, of a thread or of an earlier run. */
  merge({ kept, counts }: SavedFindings): void {
    for (const finding of kept) {
      const ours = this.#keptOf(finding.code);
      if (ours.length < KEPT_OF_EACH_CODE) ours.push(finding);
    }
    for (const [code, count] of Object.entries(counts) as [FindingCode, number][])
      this.#counts.set(code, this.countOf(code) + count);
  }

  countOf(code: FindingCode): number {
    return this.#counts.get(code) ?? 0;
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** How many there are of each code, the gravest codes first. */
  counts(): [FindingCode, number][] {
    return [...this.#counts].sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  }

  /** Those that were kept, the gravest first, then by batch. */
  list(): Finding[] {
    return this.counts().flatMap(([code]) => this.#keptOf(code).toSorted(byBatch));
  }

  save(): SavedFindings {
    return { kept: [...this.#kept.values()].flat(), counts: Object.fromEntries(this.#counts) };
  }

  #keptOf(code: FindingCode): Finding[] {
    const kept = this.#kept.get(code) ?? [];
    this.#kept.set(code, kept);
    return kept;
  }
}

const SEVERITIES: readonly Severity[] = ["grave", "serious", "minor"];
const rank = (code: FindingCode) => SEVERITIES.indexOf(CATALOGUE[code].severity);
const byBatch = (a: Finding, b: Finding) => Number(BigInt(a.batch ?? 0) - BigInt(b.batch ?? 0));
