// The facts of philanthropy reports, collected from contract and books and from nothing else: which batches a period has, when
// each was anchored, and which events moved watermarks and named reports, as of the block that a report names.

import { fastKeccak } from "../../../server/hashing.ts";
import type { BatchRange, Moved, Period, Reported } from "../../../server/programmes/philanthropy/facts.ts";
import { reportedParts } from "../../../server/programmes/philanthropy/spending.ts";
import { type Hex, toHex } from "../../../server/protocol/bytes.ts";
import type { BookSource } from "../books/book-source.ts";
import { plainUnit } from "../chain/accounts.ts";
import { type Chain, decodeLogs, type LedgerEvent, rootOf } from "../chain/chain.ts";
import type { Endpoint } from "../chain/rpc.ts";
import { type FirstTold, timesOf } from "./first-told.ts";
import { movedBy } from "./moved-by.ts";

/** When batches were closed: Unix seconds by number, in order; of books that could not be read there is none. */
export type Closings = ReadonlyMap<bigint, bigint>;

/** The batches that were closed in a period; null when none was. */
export function batchesIn(closings: Closings, { from, upTo }: Period, chain: Chain): BatchRange | null {
  let range: { from: bigint; to: bigint } | undefined;
  for (const [batch, closedAt] of closings) {
    if (closedAt < from || closedAt >= upTo) continue;
    range ??= { from: batch, to: batch };
    range.to = batch;
  }
  return range === undefined ? null : { ...range, root: toHex(rootOf(chain, range.to)) };
}

/** The contract's events, decoded once for all reports. */
export class ContractFacts {
  readonly #anchored = new Map<bigint, bigint>();
  readonly #moves: Moved[] = [];
  readonly #disbursed: (Omit<Reported, "parts"> & { readonly word: Hex })[] = [];
  readonly #times: Map<bigint, bigint>;
  readonly #first: FirstTold;

  /** @param nameOf a charity's public registration id */
  constructor(chain: Chain, first: FirstTold, nameOf: (charity: Hex) => string) {
    this.#first = first;
    this.#times = new Map(chain.times);
    for (const event of decodeLogs(chain.logs)) this.#follow(event, nameOf);
  }

  #follow(event: LedgerEvent, nameOf: (charity: Hex) => string): void {
    if (event.eventName === "BatchAnchored") this.#anchored.set(event.args.batch, event.block);
    const moved = movedBy(event);
    if (moved === undefined) return;
    const { charity, unit } = event.args as { charity: Hex; unit: Hex };
    const { block, transaction } = event;
    const at = this.#first.movedAt({ charity, unit, ...moved }) ?? this.#times.get(block) ?? 0n;
    const where = { charity: nameOf(charity), unit: plainUnit(unit), block, at, transaction };
    this.#moves.push({ ...where, step: moved.step, upTo: moved.upTo });
    if (moved.evidence === undefined) return;
    this.#disbursed.push({
      ...where,
      from: moved.from,
      upTo: moved.upTo,
      evidence: moved.evidence,
      word: charity,
    });
  }

  /** Fetches the times of the blocks in which batches were anchored. */
  async readTimes(endpoint: Endpoint, ranges: readonly BatchRange[]): Promise<void> {
    const blocks = new Set<bigint>();
    for (const { from, to } of ranges)
      for (let batch = from; batch <= to; batch++) {
        const block = this.#anchored.get(batch);
        if (block !== undefined && !this.#times.has(block)) blocks.add(block);
      }
    for (const [block, at] of await timesOf(endpoint, [...blocks])) this.#times.set(block, at);
  }

  /** When a batch was first anchored, if it is as of a block; null when it was not yet. */
  anchoredAt(batch: bigint, asOf: bigint): bigint | null {
    const block = this.#anchored.get(batch);
    if (block === undefined || block > asOf) return null;
    return this.#first.anchoredAt(batch) ?? this.#times.get(block) ?? null;
  }

  *movesUpTo(asOf: bigint): Generator<Moved> {
    for (const move of this.#moves) if (move.block <= asOf) yield move;
  }

  /** The disbursements of a period with what their reports say; undefined when one of those is not to be had. */
  async reportedIn(
    source: BookSource,
    { from, upTo }: Period,
    asOf: bigint,
  ): Promise<Reported[] | undefined> {
    const reported: Reported[] = [];
    for (const { word: _, ...one } of this.#disbursed) {
      if (one.at < from || one.at >= upTo || one.block > asOf) continue;
      const bytes = await source.document(one.evidence);
      if (bytes === undefined || toHex(fastKeccak(bytes)) !== one.evidence) return undefined;
      reported.push({ ...one, parts: reportedParts(Buffer.from(bytes).toString("utf8")) });
    }
    return reported;
  }
}
