// A folder of books as large as one likes, of one line: random leaves, small amounts, and of every hundred receipts one is
// taken back in the book behind. Everything in them is in order.

import { createHash, randomFillSync } from "node:crypto";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { BookStatement, Columns } from "../../server/books/book.ts";
import { compareNotices, compareStatements } from "../../server/books/book.ts";
import { encodeBook, NO_REVERSALS } from "../../server/books/encode.ts";
import { fastKeccak } from "../../server/hashing.ts";
import { batchTree } from "../../server/protocol/batch-root.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { type Kind, REVERSAL, receiptHasher } from "../../server/protocol/receipt.ts";
import { noticeLeaf, previousNotice, statementLeaf, timesNotice } from "../../server/protocol/statement.ts";
import { levelsAbove, rootNode } from "../../server/protocol/sum-tree.ts";

const REGISTRATION = "GB-CHC-1164883";
const ONE_TAKEN_BACK_IN = 100;
const SECONDS_OPEN = 60n;
const BEGINNING = 1_790_000_000n;

type Side = { to: bigint; batch: bigint };

export class BookMaker {
  readonly ledger = createHash("sha256").update("bench").digest();
  readonly roots: Uint8Array[] = [];
  readonly #folder: string;
  readonly #charity = charityId(REGISTRATION);
  readonly #sides: [Side, Side] = [
    { to: 0n, batch: 0n },
    { to: 0n, batch: 0n },
  ];
  /** Gifts of the last book that the next one takes back. */
  #takenBack: Uint8Array[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes the next book, with so many gifts. */
  async write(gifts: number): Promise<void> {
    const batch = BigInt(this.roots.length + 1);
    const given = giftsOf(gifts);
    const columns = [given, ...(this.#takenBack.length > 0 ? [this.#reversals()] : [])];
    const statements = columns
      .map((column, kind) => this.#statement(batch, kind as Kind, column))
      .sort(compareStatements);
    const openedAt = BEGINNING + batch * SECONDS_OPEN;
    const times = [openedAt, openedAt + SECONDS_OPEN] as const;
    const notices = [
      previousNotice(batch, this.roots.at(-1) ?? this.ledger),
      timesNotice(batch, ...times),
    ].sort(compareNotices);
    const leaves = [
      ...statements.map((each) => statementLeaf(this.ledger, each)),
      ...notices.map((each) => noticeLeaf(this.ledger, each)),
    ];
    const { root } = batchTree(leaves);
    const receipts = statements.reduce((sum, each) => sum + each.receipts, 0n);
    const [opened, closed] = times;
    const header = {
      ledger: this.ledger,
      batch,
      openedAt: opened,
      closedAt: closed,
      receipts,
      root,
      statements,
      notices,
    };
    await this.#save(
      batch,
      encodeBook(header, (_, index) => [columns[index] as Columns]),
    );
    this.roots.push(root);
    this.#takenBack = Array.from({ length: Math.floor(gifts / ONE_TAKEN_BACK_IN) }, (_, i) =>
      given.leaves.slice(32 * i, 32 * i + 32),
    );
  }

  async #save(batch: bigint, pieces: AsyncIterable<Uint8Array>): Promise<void> {
    const file = await open(join(this.#folder, `${batch}.arrow`), "w");
    for await (const piece of pieces) await file.write(piece);
    await file.close();
  }

  #statement(batch: bigint, kind: Kind, { leaves, amounts }: Columns): BookStatement {
    const side = this.#sides[kind];
    const level = { hashes: leaves, sums: amounts };
    const { hash, sum } = rootNode([level, ...levelsAbove(level, fastKeccak)]);
    const { to: from, batch: previous } = side;
    [side.to, side.batch] = [from + sum, batch];
    const figures = { from, to: side.to, previous, receipts: BigInt(amounts.length), receiptsRoot: hash };
    return { batch, charity: this.#charity, registration: REGISTRATION, unit: "CNY", kind, ...figures };
  }

  /** One fen of each. */
  #reversals(): Columns {
    const leafOf = receiptHasher(this.ledger, fastKeccak);
    const count = this.#takenBack.length;
    const fields = { ids: random(16 * count), details: random(32 * count), salts: random(32 * count) };
    const terms = Buffer.concat(this.#takenBack);
    const part = (column: Uint8Array, i: number, width: number) =>
      column.subarray(i * width, (i + 1) * width);
    const line = {
      charity: this.#charity,
      unit: "CNY",
      kind: REVERSAL,
      amount: 1n,
      acceptedAt: BEGINNING,
    } as const;
    const leaves = this.#takenBack.map((gift, i) =>
      leafOf({
        ...line,
        id: part(fields.ids, i, 16),
        details: part(fields.details, i, 32),
        salt: part(fields.salts, i, 32),
        terms: gift,
      }),
    );
    const acceptedAt = new BigUint64Array(count).fill(BEGINNING);
    return {
      leaves: Buffer.concat(leaves),
      amounts: new BigUint64Array(count).fill(1n),
      reversals: { ...fields, acceptedAt, terms },
    };
  }
}

const random = (bytes: number) => randomFillSync(new Uint8Array(bytes));

function giftsOf(count: number): Columns {
  const amounts = BigUint64Array.from(random(count), (byte) => BigInt(byte + 1));
  return { leaves: random(32 * count), amounts, reversals: NO_REVERSALS };
}
