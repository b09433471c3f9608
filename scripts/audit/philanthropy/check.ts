// Philanthropy reports, recomputed: each is made again by the same rules, of facts that the audit has collected itself, and
// compared figure by figure.

import type { Period } from "../../../server/programmes/philanthropy/facts.ts";
import { type Difference, differencesOf } from "../../../server/programmes/philanthropy/figures.ts";
import type { PublishedProgrammes } from "../../../server/programmes/philanthropy/programmes-document.ts";
import {
  PhilanthropyReckoning,
  type PhilanthropyReport,
} from "../../../server/programmes/philanthropy/report.ts";
import type { Hex } from "../../../server/protocol/bytes.ts";
import type { BookSource } from "../books/book-source.ts";
import type { WalkedLine } from "../books/walk.ts";
import type { LoggedStatement } from "../books/walk-log.ts";
import { type AuditedBlock, type Chain, readBlock } from "../chain/chain.ts";
import type { LeftContract } from "../chain/left.ts";
import type { Reachable } from "../chain/moves.ts";
import { isDemonstration } from "../chain/opening.ts";
import type { Endpoint } from "../chain/rpc.ts";
import type { Findings } from "../findings.ts";
import { batchesIn, type Closings, ContractFacts } from "./collect.ts";
import { beginsBefore, earlierOf, FirstTold, isAsOf } from "./first-told.ts";
import { falseEarlier } from "./named-earlier.ts";
import { Programmes } from "./programmes.ts";
import type { PublishedReport, PublishedSums } from "./published.ts";

/** A report that was recomputed: how many figures it has, and how many of them differ. */
export type Recomputed = {
  readonly hash: Hex;
  readonly batch: bigint;
  readonly from: bigint;
  readonly upTo: bigint;
  readonly figures: number;
  readonly differing: number;
};

export type PhilanthropyContext = {
  readonly chain: Chain;
  readonly endpoint: Endpoint;
  readonly source: BookSource;
  readonly lines: readonly WalkedLine[];
  readonly closings: Closings;
  readonly unread: readonly bigint[];
  /** Contracts that the ledger has left: what reports say as of their blocks cannot be read any more. */
  readonly left: readonly LeftContract[];
  /** Where contracts can be asked that reports name as left even before those. */
  readonly reachable: readonly Reachable[];
  readonly findings: Findings;
};

type UnderWay = {
  readonly published: PublishedReport;
  readonly period: Period;
  readonly asOf: AuditedBlock;
  readonly reckoning: PhilanthropyReckoning;
  readonly batches: ReturnType<typeof batchesIn>;
};

export class Philanthropy {
  readonly #context: PhilanthropyContext;
  readonly #facts: ContractFacts;
  readonly #programmes: Programmes;
  readonly #sums: readonly PublishedProgrammes[];
  readonly #reports: UnderWay[] = [];
  #batch = 0n;
  #active: readonly UnderWay[] = [];
  readonly recomputed: Recomputed[] = [];
  /** Reports of which not everything can be read. */
  undecided = 0;
  /** Reports that rest on contracts which the ledger left before the first one that is audited. */
  begunLate = 0;

  private constructor(context: PhilanthropyContext, first: FirstTold, sums: readonly PublishedSums[]) {
    this.#context = context;
    this.#sums = sums.map(({ hash, document }) => ({ hash, document }));
    const names = new Map(context.lines.map(({ charity, registration }) => [charity, registration]));
    const nameOf = (charity: Hex) => names.get(charity) ?? charity;
    this.#facts = new ContractFacts(context.chain, first, nameOf);
    const { findings, unread } = context;
    const lineOf = (number: number) => this.#lineOf(number);
    this.#programmes = new Programmes(sums, { ledger: context.chain.ledger, unread, findings, lineOf });
  }

  /** Ready for the statements of all books. */
  static async begin(
    context: PhilanthropyContext,
    reports: readonly PublishedReport[],
    sums: readonly PublishedSums[],
  ): Promise<Philanthropy> {
    const { left, chain, closings } = context;
    const ranges = reports.flatMap(({ document }) => batchesIn(closings, periodOf(document), chain) ?? []);
    const first = await FirstTold.read(reports.length > 0 ? left : [], chain, ranges);
    const begun = new Philanthropy(context, first, sums);
    for (const published of reports) await begun.#prepare(published);
    await begun.#facts.readTimes(context.endpoint, ranges);
    return begun;
  }

  take(statement: LoggedStatement): void {
    const { batch, line, kind, from, to, receipts } = statement;
    this.#programmes.take(statement);
    for (const { reckoning, asOf } of this.#over(batch)) {
      const closedAt = this.#context.closings.get(batch) ?? 0n;
      const anchoredAt = this.#facts.anchoredAt(batch, asOf.number);
      reckoning.take({ ...this.#lineOf(line), batch, kind, from, to, receipts, closedAt, anchoredAt });
    }
  }

  /** The reports whose period a batch is in: found once for all of its statements. */
  #over(batch: bigint): readonly UnderWay[] {
    if (this.#batch === batch) return this.#active;
    this.#batch = batch;
    this.#active = this.#reports.filter(
      ({ batches }) => batches !== null && batch >= batches.from && batch <= batches.to,
    );
    return this.#active;
  }

  async end(): Promise<void> {
    this.#programmes.end();
    this.undecided += this.#programmes.undecided;
    for (const each of this.#reports) await this.#compare(each);
  }

  #lineOf(number: number) {
    const { charity, registration, unit } = this.#context.lines[number] as WalkedLine;
    return { charity: registration ?? charity, unit };
  }

  /** A report as of a block that is gone with its chain, or over a book that nobody can read, is left undecided. */
  async #prepare(published: PublishedReport): Promise<void> {
    const { chain, endpoint, closings, unread, left } = this.#context;
    const { asOf: said } = published.document;
    const asOf = await blockOrNone(endpoint, chain, BigInt(said.block));
    const isGone = isDemonstration(chain) && asOf?.hash !== said.hash;
    const isOfLeft = left.some((each) => isAsOf(said, each));
    if (unread.length > 0 || isOfLeft || isGone) return void this.undecided++;
    if (beginsBefore(published.document, left, chain)) return await this.#tellBegunLate(published);
    if (asOf === undefined)
      return this.#tell(published, { figure: "asOf.block", says: said.block, found: undefined });
    const period = periodOf(published.document);
    const batches = batchesIn(closings, period, chain);
    const { chainId, contract, ledger } = chain;
    const block = {
      chainId: BigInt(chainId),
      contract: lower(contract),
      block: asOf.number,
      hash: asOf.hash,
      at: asOf.at,
    };
    const moves = this.#facts.movesUpTo(asOf.number);
    const reckoning = new PhilanthropyReckoning({
      ...{ ledger, period, batches, asOf: block, moves },
      earlier: earlierOf(left),
    });
    this.#reports.push({ published, period, asOf, reckoning, batches });
  }

  async #tellBegunLate(published: PublishedReport): Promise<void> {
    const { chain, left, reachable } = this.#context;
    const invented = await falseEarlier(published.document, chain, left, reachable);
    if (invented === undefined) this.begunLate++;
    else this.#tell(published, { figure: "earlier", ...invented });
  }

  async #compare({ published, period, asOf, reckoning, batches }: UnderWay): Promise<void> {
    const reported = await this.#facts.reportedIn(this.#context.source, period, asOf.number);
    if (reported === undefined) return void this.undecided++;
    const sums = this.#sums.filter(
      ({ document: { fromBatch, toBatch } }) =>
        batches !== null && BigInt(fromBatch) >= batches.from && BigInt(toBatch) <= batches.to,
    );
    const { figures, differences } = differencesOf(published.document, reckoning.end(sums, reported));
    for (const difference of differences) this.#tell(published, difference);
    const { hash, batch } = published;
    this.recomputed.push({ hash, batch, ...period, figures, differing: differences.length });
  }

  #tell({ batch, hash, document }: PublishedReport, { figure, says, found }: Difference): void {
    const { from, upTo } = document.period;
    const sentence = `the philanthropy report ${hash.slice(0, 10)}… of [${from}, ${upTo}) says ${says ?? "nothing"} for ${figure}; found was ${found ?? "nothing"}`;
    const numbers = { figure, says: says ?? "nothing", found: found ?? "nothing" };
    this.#context.findings.add({
      code: "philanthropy-report-false",
      says: sentence,
      place: { batch },
      numbers,
    });
  }
}

const periodOf = ({ period: { from, upTo } }: PhilanthropyReport): Period => ({
  from: BigInt(from),
  upTo: BigInt(upTo),
});

const lower = (address: Hex) => address.toLowerCase() as Hex;

/** Undefined when the chain has not come so far. */
async function blockOrNone(
  endpoint: Endpoint,
  { block }: Chain,
  number: bigint,
): Promise<AuditedBlock | undefined> {
  return number > block.number ? undefined : await readBlock(endpoint, number);
}
