// The book of a batch: what goes in comes out, to the byte, and the frozen book stays as it is.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { type Columns, compareStatements, headerText, parseHeader } from "../../server/books/book.ts";
import { encodeBook, NO_REVERSALS, wholeBook } from "../../server/books/encode.ts";
import { openBook } from "../../server/books/read.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { bytesOf } from "../protocol/making.ts";
import {
  BATCH,
  bytesOfBook,
  leadsToItsRoot,
  type MadeBook,
  makeBook,
  piecesOf,
  type Side,
  smallBook,
} from "./making.ts";

const FROZEN = join(import.meta.dirname, "../vectors/books/small.arrow");
const FROZEN_ROOT = "0x43625e2e325d869da8983fe7a3c5cc5a298ba1d4a06db1a93b982a8087c41146";

const side: fc.Arbitrary<Side> = fc.record({
  charity: fc.constantFrom("GB-CHC-1", "GB-CHC-2", "US-EIN-3/meals"),
  unit: fc.constantFrom("CNY", "STEP", "MEAL"),
  kind: fc.constantFrom(0 as const, 1 as const),
  amounts: fc.array(fc.bigInt(1n, 2n ** 50n), { minLength: 1, maxLength: 40 }),
});
const sides = fc.uniqueArray(side, {
  maxLength: 6,
  selector: ({ charity, unit, kind }) => `${charity}/${unit}/${kind}`,
});

/** What a book tells, without the views that it is told by. */
const plain = ({ leaves, amounts, reversals }: Columns) => ({
  leaves: toHex(leaves),
  amounts: [...amounts],
  reversals: [...reversals.acceptedAt].map((at, i) => [
    at,
    ...[reversals.terms, reversals.details, reversals.salts].map((hashes) =>
      toHex(hashes.slice(32 * i, 32 * i + 32)),
    ),
    toHex(reversals.ids.slice(16 * i, 16 * i + 16)),
  ]),
});

describe("a book", () => {
  it("refuses columns of another length than its header says, naming the column", async () => {
    const made = smallBook();
    const short = (column: keyof Columns, value: unknown): MadeBook => ({
      ...made,
      columns: made.columns.map((columns) => ({ ...columns, [column]: value })),
    });
    const refusals: [MadeBook, RegExp][] = [
      [short("leaves", new Uint8Array(31)), /leaves: wanted \d+ bytes for this statement, got 31/],
      [short("amounts", new BigUint64Array(4)), /amounts: wanted \d+ bytes/],
      [short("reversals", NO_REVERSALS), /ids: wanted 32 bytes for this statement, got 0/],
    ];
    for (const [wrong, says] of refusals) {
      const thrown = await bytesOfBook(wrong).catch((error: Error) => error);
      expect(thrown).to.include({ code: "wrong-count" }).and.to.have.property("message").that.matches(says);
    }
  });

  it("refuses statements or notices out of order, and a sum of receipts that is not theirs", async () => {
    const { header, columns } = smallBook();
    const wrong = [
      [{ statements: header.statements.toReversed() }, "wrong-order"],
      [{ notices: header.notices.toReversed() }, "wrong-order"],
      [{ receipts: 7n }, "wrong-count"],
    ] as const;
    for (const [change, code] of wrong) {
      const thrown = await bytesOfBook({ header: { ...header, ...change }, columns, receipts: [] }).catch(
        (error) => error,
      );
      expect(thrown).to.include({ code });
    }
  });

  it("gives back what it was made of, whatever pieces that came in, and leads to its root", async () => {
    await fc.assert(
      fc.asyncProperty(
        sides,
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 0, max: 7 }),
        async (given, piece, shift) => {
          const made = makeBook(given);
          const bytes = await bytesOfBook(made, piece);
          expect(Buffer.compare(bytes, await bytesOfBook(made))).to.equal(0);
          const shifted = new Uint8Array(bytes.length + shift).subarray(shift);
          shifted.set(bytes);
          const book = openBook(shifted);
          expect(book.statements.map(plain)).to.deep.equal(made.columns.map(plain));
          expect(headerText(book)).to.equal(headerText(made.header));
          expect(parseHeader(headerText(made.header))).to.deep.equal(made.header);
          expect(leadsToItsRoot(book)).to.equal(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("holds no statements where a batch has documents only", async () => {
    const notice = { batch: BATCH, kind: "spending", subject: bytesOf("whom"), content: bytesOf("what") };
    const book = openBook(await bytesOfBook(makeBook([], [notice])));
    expect(book.statements).to.deep.equal([]);
    expect(book.notices.map(({ kind }) => kind)).to.deep.equal(["previous", "spending", "times"]);
    expect(leadsToItsRoot(book)).to.equal(true);
  });

  it("holds thousands of statements, found in the order of their bytes", async () => {
    const many = Array.from({ length: 2_000 }, (_, i) => ({ charity: `X-${i}`, amounts: [BigInt(i + 1)] }));
    const book = openBook(await bytesOfBook(makeBook(many)));
    expect(book.statements).to.have.length(2_000);
    expect(book.statements.toSorted(compareStatements)).to.deep.equal(book.statements);
    expect(leadsToItsRoot(book)).to.equal(true);
  });

  it("takes 44 bytes a receipt, and is not copied to be read", async () => {
    const receipts = 100_000;
    const { header } = makeBook([{ charity: "GB-CHC-1", amounts: [1n] }]);
    const statements = [{ ...header.statements[0]!, receipts: BigInt(receipts) }];
    const columns = {
      leaves: new Uint8Array(receipts * 32),
      amounts: new BigUint64Array(receipts),
      reversals: NO_REVERSALS,
    };
    const bytes = await wholeBook({ ...header, statements, receipts: BigInt(receipts) }, () =>
      piecesOf(columns, 4_096),
    );
    expect(bytes.length / receipts).to.be.within(44, 44.1);
    const [opened] = openBook(bytes).statements;
    expect([opened!.leaves.buffer, opened!.amounts.buffer]).to.deep.equal([bytes.buffer, bytes.buffer]);
  });

  it("goes out leaf by leaf: what is held is the amounts only", async () => {
    const { header, columns } = smallBook();
    const sizes: number[] = [];
    for await (const piece of encodeBook(header, (_, i) => piecesOf(columns[i]!, 1)))
      sizes.push(piece.length);
    expect(sizes.filter((size) => size === 32).length).to.be.at.least(6);
  });

  it("is for ever the frozen one", async () => {
    const frozen = readFileSync(FROZEN);
    expect(Buffer.compare(await bytesOfBook(smallBook()), frozen)).to.equal(0);
    const book = openBook(frozen);
    expect(toHex(book.root)).to.equal(FROZEN_ROOT);
    expect(leadsToItsRoot(book)).to.equal(true);
  });
});
