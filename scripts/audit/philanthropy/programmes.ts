// Programmes documents against the statements of their batches: while all statements go by once, the documents that are
// under way add up theirs, and are compared when they are over.

import {
  contradictionsOf,
  type SideSum,
  sideKey,
} from "../../../server/programmes/philanthropy/programmes-document.ts";
import type { Hex } from "../../../server/protocol/bytes.ts";
import type { LoggedStatement } from "../books/walk-log.ts";
import type { FindingCode } from "../catalogue.ts";
import type { Findings } from "../findings.ts";
import type { PublishedSums } from "./published.ts";

type UnderWay = {
  readonly published: PublishedSums;
  readonly from: bigint;
  readonly to: bigint;
  readonly sums: Map<string, SideSum>;
};
type Line = { readonly charity: string; readonly unit: string };

export type ProgrammesContext = {
  readonly ledger: Hex;
  readonly unread: readonly bigint[];
  readonly findings: Findings;
  /** By the public name of its charity. */
  lineOf(number: number): Line;
};

export class Programmes {
  readonly #context: ProgrammesContext;
  readonly #waiting: UnderWay[];
  readonly #first: bigint | undefined;
  #active: UnderWay[] = [];
  #ended = 0n;
  #told = 0n;
  /** Documents over books that could not be read. */
  undecided = 0;

  constructor(published: readonly PublishedSums[], context: ProgrammesContext) {
    this.#context = context;
    const all = published.map((each) => ({
      published: each,
      from: BigInt(each.document.fromBatch),
      to: BigInt(each.document.toBatch),
      sums: new Map(),
    }));
    this.#waiting = all.sort((a, b) => Number(a.from - b.from) || Number(a.to - b.to));
    this.#first = this.#waiting[0]?.from;
    for (const each of all) this.#checkFrame(each);
  }

  take(statement: LoggedStatement): void {
    const { batch, kind, from, to, receipts } = statement;
    this.#begin(batch);
    this.#checkTold(batch);
    const key = sideKey(this.#context.lineOf(statement.line), kind);
    for (const { sums } of this.#active) {
      const before = sums.get(key) ?? { receipts: 0n, amount: 0n };
      sums.set(key, { receipts: before.receipts + receipts, amount: before.amount + (to - from) });
    }
  }

  end(): void {
    this.#active.push(...this.#waiting.splice(0));
    for (const each of this.#active.splice(0)) this.#compare(each);
  }

  #begin(batch: bigint): void {
    for (const each of this.#active) if (each.to < batch) this.#compare(each);
    this.#active = this.#active.filter(({ to }) => to >= batch);
    while (this.#waiting[0] !== undefined && this.#waiting[0].from <= batch)
      this.#start(this.#waiting.shift() as UnderWay, batch);
  }

  #start(each: UnderWay, batch: bigint): void {
    if (each.from <= this.#ended)
      this.#tell("programmes-false", each, `begins before the one before it ends, with batch ${this.#ended}`);
    this.#ended = each.to > this.#ended ? each.to : this.#ended;
    if (each.to >= batch) this.#active.push(each);
    else this.#compare(each);
  }

  /** Receipts between two documents, or before a later one, are in none; those behind all wait for theirs. */
  #checkTold(batch: bigint): void {
    const [next] = this.#waiting;
    const isBehindFirst = this.#first !== undefined && batch > this.#first;
    if (this.#active.length > 0 || next === undefined || !isBehindFirst || this.#told === next.from) return;
    this.#told = next.from;
    this.#tell(
      "programmes-gap",
      next,
      `is the next behind batch ${batch}, which has receipts and is in none`,
    );
  }

  #checkFrame(each: UnderWay): void {
    const { batch, document } = each.published;
    if (
      document.ledger === this.#context.ledger &&
      each.from >= 1n &&
      each.from <= each.to &&
      each.to < batch
    )
      return;
    this.#tell("programmes-false", each, `is of the ledger ${document.ledger}, in batch ${batch}`);
  }

  #compare(each: UnderWay): void {
    if (this.#context.unread.some((batch) => batch >= each.from && batch <= each.to))
      return void this.undecided++;
    for (const says of contradictionsOf(each.published.document, each.sums))
      this.#tell("programmes-false", each, `says of ${says}`);
  }

  #tell(code: FindingCode, { published: { batch, hash }, from, to }: UnderWay, what: string): void {
    const says = `the programmes document ${hash.slice(0, 10)}… of the batches ${from} to ${to} ${what}`;
    this.#context.findings.add({ code, says, place: { batch }, numbers: { fromBatch: from, toBatch: to } });
  }
}
