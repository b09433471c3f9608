// What a thread does with reversals whose gifts were found: opens the gifts' books once more and compares leaf, line and
// amounts exactly, and where payouts have netted them.

import { type Book, type OpenStatement, openBook } from "../../../server/books/read.ts";
import { VerificationError } from "../../../server/errors.ts";
import { toHex } from "../../../server/protocol/bytes.ts";
import type { BookSource } from "../books/book-source.ts";
import { lineFingerprint } from "../books/thread-books.ts";
import type { FindingCode } from "../catalogue.ts";
import { Findings, type Observation, type SavedFindings } from "../findings.ts";
import { Fingerprint, WORDS_OF_HASH, wordsOf } from "./fingerprint.ts";
import { type LineNames, type LineNettings, nettingOf } from "./lines.ts";
import { type FoundReversal, GIFT_LEAF_AT, MATCH_WIDTH, reversalAt } from "./records.ts";
import { joinedWords, readPartition, type Segment } from "./scatter.ts";

export type BucketTask = { readonly bucket: number; readonly matches: readonly Segment[] };
export type Compared = {
  readonly reversals: number;
  readonly findings: SavedFindings;
  readonly undecided: number;
};

/** A gift with the reversals that name it: numbers of match records. */
type Reversed = { readonly batch: number; readonly index: number; readonly matches: number[] };

type Tell = (code: FindingCode, says: string, numbers: NonNullable<Observation["numbers"]>) => void;

export class GiftThread {
  readonly #folder: string;
  readonly #source: BookSource;
  readonly #fingerprint: Fingerprint;
  readonly #names: LineNames;
  readonly #nettings: LineNettings;

  constructor(folder: string, source: BookSource, key: Uint8Array, names: LineNames, nettings: LineNettings) {
    [this.#folder, this.#source, this.#names, this.#nettings] = [folder, source, names, nettings];
    this.#fingerprint = new Fingerprint(key);
  }

  async compare({ bucket, matches }: BucketTask): Promise<Compared> {
    const records = joinedWords(
      matches.map((segment) => readPartition(this.#folder, segment, bucket, MATCH_WIDTH)),
    );
    const findings = new Findings();
    let undecided = 0;
    for (const [batch, gifts] of Map.groupBy(reversedGifts(records), (gift) => gift.batch)) {
      const book = await this.#open(BigInt(batch));
      if (book === null) undecided += gifts.reduce((sum, gift) => sum + gift.matches.length, 0);
      else this.#compareBook(book, gifts, records, findings);
    }
    return { reversals: records.length / MATCH_WIDTH, findings: findings.save(), undecided };
  }

  /** It could be read before; should it have changed since, nothing is said of it here. */
  async #open(batch: bigint): Promise<Book | null> {
    const bytes = await this.#source.book(batch);
    try {
      return bytes === undefined ? null : openBook(bytes);
    } catch (error) {
      if (error instanceof VerificationError) return null;
      throw error;
    }
  }

  /** Gifts in the order of their index, so that positions are summed up once. */
  #compareBook(book: Book, gifts: readonly Reversed[], records: Uint32Array, findings: Findings): void {
    let next = 0;
    let first = 0;
    for (const statement of book.statements) {
      const line = lineFingerprint(this.#fingerprint, statement.charity, statement.unit).join("-");
      const words = wordsOf(statement.leaves);
      let [end, summed] = [statement.from, 0];
      const last = first + statement.amounts.length;
      for (; next < gifts.length && (gifts[next] as Reversed).index < last; next++) {
        const gift = gifts[next] as Reversed;
        for (; summed <= gift.index - first; summed++) end += statement.amounts[summed] as bigint;
        const leaf = words.subarray(
          (gift.index - first) * WORDS_OF_HASH,
          (gift.index - first + 1) * WORDS_OF_HASH,
        );
        this.#compareGift({ statement, line, end, leaf, index: gift.index - first }, gift, records, findings);
      }
      first = last;
    }
  }

  #compareGift(
    at: { statement: OpenStatement; line: string; end: bigint; leaf: Uint32Array; index: number },
    gift: Reversed,
    records: Uint32Array,
    findings: Findings,
  ): void {
    const amount = at.statement.amounts[at.index] as bigint;
    let reversed = 0n;
    for (const match of gift.matches) {
      const reversal = reversalAt(records, match + 2);
      const named = records.subarray(match + 2 + GIFT_LEAF_AT, match + MATCH_WIDTH);
      const tell = this.#teller(reversal, gift, findings);
      if (!named.every((word, i) => word === at.leaf[i])) {
        tell("reversal-invented", "takes back from a gift that no book holds", {});
        continue;
      }
      reversed += reversal.amount;
      if (reversal.line !== at.line)
        tell(
          "reversal-of-another-line",
          `takes back from a gift on the line of ${toHex(at.statement.charity)} in ${at.statement.unit}`,
          {},
        );
      if (reversed > amount)
        tell("reversal-excessive", `brings what is taken back from a gift of ${amount} to ${reversed}`, {
          gift: amount,
          reversed,
        });
      this.#checkNetting(reversal, at.end, tell);
    }
  }

  #teller(reversal: FoundReversal, gift: Reversed, findings: Findings): Tell {
    const { batch, index, amount, line } = reversal;
    const place = { batch: BigInt(batch), side: "reversals", ...this.#names.get(line) } as const;
    const numbers = { index, amount, giftBatch: gift.batch, giftIndex: gift.index };
    return (code, says, more) => {
      const sentence = `receipt ${index} of batch ${batch}, a reversal of ${amount}, ${says}`;
      findings.add({ code, says: sentence, place, numbers: { ...numbers, ...more } });
    };
  }

  #checkNetting(reversal: FoundReversal, giftEnd: bigint, tell: Tell): void {
    const start = reversal.end - reversal.amount;
    const netting = nettingOf(this.#nettings.get(reversal.line) ?? [], start);
    if (netting === undefined || giftEnd <= netting.upTo) return;
    tell(
      "netting-beyond-payout",
      `was set off by the payout ending at ${netting.upTo}; its gift ends at ${giftEnd}`,
      { giftEnd, upTo: netting.upTo, netTo: netting.netTo },
    );
  }
}

/** By batch, then by index; the reversals of a gift in the order in which they were recorded. */
function reversedGifts(records: Uint32Array): Reversed[] {
  const word = (at: number, i: number) => records[at + i] as number;
  const starts = Array.from({ length: records.length / MATCH_WIDTH }, (_, match) => match * MATCH_WIDTH);
  starts.sort(
    (a, b) =>
      word(a, 0) - word(b, 0) ||
      word(a, 1) - word(b, 1) ||
      word(a, 4) - word(b, 4) ||
      word(a, 5) - word(b, 5),
  );
  const gifts: Reversed[] = [];
  for (const at of starts) {
    const last = gifts.at(-1);
    if (last?.batch === word(at, 0) && last.index === word(at, 1)) last.matches.push(at);
    else gifts.push({ batch: word(at, 0), index: word(at, 1), matches: [at] });
  }
  return gifts;
}
