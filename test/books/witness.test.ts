// What a book testifies about receipts: of files saved before sealing, of sealed ones, and of those that it does not hold.

import { expect } from "chai";
import type { BookHeader, Columns } from "../../server/books/book.ts";
import { openBook } from "../../server/books/read.ts";
import { anyWitness, bookWitness } from "../../server/books/witness.ts";
import { fastKeccak as hash } from "../../server/hashing.ts";
import { encodeReceiptFile, type OpenedReceipt, type Seal } from "../../server/protocol/receipt-file.ts";
import { rootNode, sumTreeLevels } from "../../server/protocol/sum-tree.ts";
import type { Witness } from "../../server/protocol/testimony.ts";
import { compareWithLedger, verifyReceipt } from "../../server/protocol/verify.ts";
import { bytesOf } from "../protocol/making.ts";
import { playLedger, readingOf } from "../vectors/ledger.ts";
import { bookOfSealed, bytesOfBook, type MadeBook, rootOf } from "./making.ts";

const INDEX_OPEN = /index and count are claims until the book is checked/;

const played = playLedger();
const [first, second] = played.batches as [(typeof played.batches)[0], (typeof played.batches)[0]];
const gift = first.files[2]!;
const unsealed = (file: OpenedReceipt): OpenedReceipt => ({ ...file, seal: null });

const witnessOf = async (made: MadeBook): Promise<Witness> =>
  bookWitness(openBook(await bytesOfBook(made)), hash);
const verify = (file: OpenedReceipt, witness: Witness) => verifyReceipt(encodeReceiptFile(file), { witness });

describe("a book as witness", () => {
  const firstBook = bookOfSealed(played.ledger.id, first, played.ledger.id);
  const secondBook = bookOfSealed(played.ledger.id, second, first.root);
  let ofFirst: Witness;
  let ofSecond: Witness;
  before(async () => {
    [ofFirst, ofSecond] = [await witnessOf(firstBook), await witnessOf(secondBook)];
  });

  const changed = async (header: Partial<BookHeader>, columns: readonly Columns[] = firstBook.columns) =>
    witnessOf({ ...firstBook, header: { ...firstBook.header, ...header }, columns });

  /** The first book with one column of the gift's statement changed. */
  const tampered = (change: (columns: Columns, index: number) => Partial<Columns>) => {
    const place = firstBook.receipts.findIndex((receipts) => receipts.includes(gift.receipt));
    const index = firstBook.receipts[place]!.indexOf(gift.receipt);
    const replaced = firstBook.columns.map((own, i) =>
      i === place ? { ...own, ...change(own, index) } : own,
    );
    return changed({}, replaced);
  };

  describe("that cannot tell", () => {
    const expectUnknown = (file: OpenedReceipt, witness: Witness, reason: string, says: RegExp) => {
      const { verdict, reason: came, steps } = verify(file, witness);
      expect([verdict, came]).to.deep.equal(["unknown", reason]);
      expect(steps.find(({ step }) => step === "book")).to.include({ step: "book", ok: null });
      expect(steps.at(-1)!.says).to.match(says);
    };

    it("says that it is of another ledger", () => {
      const file = { ...gift, ledger: { ...gift.ledger, id: bytesOf("another") }, details: null };
      expectUnknown(unsealed(file), ofFirst, "book-of-another-ledger", /the book is of the ledger 0x/);
    });

    it("says that it is of another batch than the sealed file", () => {
      expectUnknown(
        gift,
        ofSecond,
        "book-of-another-batch",
        /the book is of batch 2, the receipt of batch 1/,
      );
    });

    it("says that it does not hold the receipt, and where to look", () => {
      expectUnknown(unsealed(gift), ofSecond, "not-in-book", /does not hold this receipt; it was accepted/);
      const nobody = { ...gift.receipt, charity: bytesOf("nobody"), acceptedAt: 5n };
      const file = unsealed({ ...gift, receipt: nobody, details: null });
      expectUnknown(
        file,
        ofFirst,
        "not-in-book",
        /at Unix second 5, outside of this batch's .*try another book/,
      );
    });

    it("says that it contradicts itself: receipts, sums or root", async () => {
      const leaves = await tampered((columns, index) => {
        const flipped = columns.leaves.slice();
        flipped[index === 0 ? 40 : 0]! ^= 1;
        return { leaves: flipped };
      });
      expectUnknown(unsealed(gift), leaves, "book-contradicts-itself", /the statement's receipts lead to 0x/);
      const amounts = await tampered((columns, index) => ({
        amounts: columns.amounts.map((amount, i) => (i === index ? amount + 1n : amount)),
      }));
      for (const file of [unsealed(gift), gift])
        expectUnknown(file, amounts, "book-contradicts-itself", /the statement's receipts lead to 0x/);
      const past = await tampered((columns, index) => ({
        amounts: columns.amounts.map((amount, i) => (i === index ? amount : 2n ** 63n)),
      }));
      expectUnknown(unsealed(gift), past, "book-contradicts-itself", /past 2\^63/);
      const root = await changed({ root: bytesOf("another root") });
      expectUnknown(unsealed(gift), root, "book-contradicts-itself", /statements and notices lead to 0x/);
      const statements = firstBook.header.statements.map((one) => ({ ...one, to: one.to + 1n }));
      expectUnknown(unsealed(gift), await changed({ statements }), "book-contradicts-itself", /add up to/);
    });

    it("says that it leads to another root than the sealed file", async () => {
      const other = bookOfSealed(played.ledger.id, first, bytesOf("another root before"));
      const root = rootOf(other.header.statements, other.header.notices, played.ledger.id);
      const witness = await witnessOf({ ...other, header: { ...other.header, root } });
      expectUnknown(gift, witness, "book-root-differs", /one of the two is false/);
    });

    it("is not taken for valid when a contract keeps the file's root", () => {
      const alone = verify(gift, ofSecond);
      expect(compareWithLedger(alone, readingOf(played, alone))).to.equal(alone);
    });
  });

  describe("that contradicts the receipt", () => {
    it("finds it counted with another amount, in a book that is in order by itself", async () => {
      const place = firstBook.receipts.findIndex((receipts) => receipts.includes(gift.receipt));
      const { leaves, ...columns } = firstBook.columns[place]!;
      const index = firstBook.receipts[place]!.indexOf(gift.receipt);
      const amounts = columns.amounts.map((amount, i) => (i === index ? amount + 1n : amount));
      const { hash: receiptsRoot } = rootNode(sumTreeLevels({ hashes: leaves, sums: amounts }, hash));
      const { notices, ...header } = firstBook.header;
      const statements = header.statements.map((one, i) =>
        i === place ? { ...one, to: one.to + 1n, receiptsRoot } : one,
      );
      const witness = await changed(
        { statements, root: rootOf(statements, notices, played.ledger.id) },
        firstBook.columns.map((own, i) => (i === place ? { ...own, amounts } : own)),
      );
      const { verdict, reason } = verify(unsealed(gift), witness);
      expect([verdict, reason]).to.deep.equal(["invalid", "book-amount-differs"]);
      expect(verify(gift, witness).reason).to.equal("book-root-differs");
    });

    it("finds an index, or a number of receipts, that is not the book's", () => {
      for (const what of ["index", "receipts"] as const) {
        const differing: Witness = (file, leaf) => {
          const seal = ofFirst(file, leaf) as Seal;
          return { ...seal, proof: { ...seal.proof, [what]: seal.proof[what] + 1n } };
        };
        const { verdict, reason } = verify(gift, differing);
        expect([verdict, reason]).to.deep.equal(["invalid", `book-${what}-differs`]);
      }
    });
  });

  describe("that holds the receipt", () => {
    it("leads every file saved before sealing to the contract", () => {
      const any = anyWitness([ofSecond, ofFirst]);
      for (const file of [...first.files, ...second.files]) {
        const alone = verify(unsealed(file), any);
        expect(alone.steps.map(({ step }) => step)).to.include.members([
          "book",
          "statement",
          "path",
          "sum",
          "root",
        ]);
        expect(alone.position).to.deep.equal(verifyReceipt(encodeReceiptFile(file)).position);
        const compared = compareWithLedger(alone, readingOf(played, alone));
        expect([compared.verdict, compared.batch]).to.deep.equal(["valid", file.seal!.batch]);
        expect(compared.notProven.join()).not.to.match(INDEX_OPEN);
      }
    });

    it("leaves no claim open on index and count of a sealed file", () => {
      expect(verifyReceipt(encodeReceiptFile(gift)).notProven.join()).to.match(INDEX_OPEN);
      const { steps, notProven } = verify(gift, ofFirst);
      const book = steps.find(({ step }) => step === "book");
      expect(book).to.include({ ok: true });
      expect(book!.says).to.match(
        /the book of batch 1 holds this receipt, number \d of \d in its line's statement/,
      );
      expect(notProven.join()).not.to.match(INDEX_OPEN);
    });
  });
});
