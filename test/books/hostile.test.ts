// Books from anywhere: whatever a file holds, opening it ends with a book or with a reason, and nothing that differs from
// what the header leads to passes for a book.

import { expect } from "chai";
import { type BookStatement, headerText } from "../../server/books/book.ts";
import { fileHead, fileTail } from "../../server/books/framing.ts";
import { openBook } from "../../server/books/read.ts";
import { VerificationError } from "../../server/errors.ts";
import { concat } from "../../server/protocol/bytes.ts";
import { bytesOfBook, leadsToItsRoot, smallBook } from "./making.ts";

/** Leaves and amounts of six receipts, and the fields of two reversals. */
const COLUMN_BYTES = 6 * (32 + 8) + 2 * (16 + 8 + 3 * 32);

const refusalOf = (bytes: Uint8Array): VerificationError | null => {
  try {
    openBook(bytes);
    return null;
  } catch (thrown) {
    if (thrown instanceof VerificationError) return thrown;
    throw thrown;
  }
};

const without = (left: BookStatement) => ({
  statements: header.statements.filter((statement) => statement !== left),
  receipts: header.receipts - left.receipts,
});
const { header } = smallBook();

/** A file of no statements with any text for a header. */
const withHeader = (text: string) => concat(fileHead(text), fileTail(text, []));

describe("opening a book from anywhere", () => {
  let bytes: Uint8Array;
  before(async () => {
    bytes = await bytesOfBook(smallBook());
  });

  it("names it cut off, wherever it is cut", () => {
    const codes = new Set<string | undefined>();
    for (let length = 0; length < bytes.length; length++)
      codes.add(refusalOf(bytes.subarray(0, length))?.code);
    expect([...codes]).to.deep.equal(["book-truncated"]);
  });

  it("finds a flipped bit in any byte: at once, or in a column by the root", () => {
    const flipped = bytes.slice();
    let inColumns = 0;
    for (let at = 0; at < bytes.length; at++) {
      flipped[at]! ^= 1 << (at % 8);
      if (refusalOf(flipped) === null) {
        inColumns += 1;
        expect(leadsToItsRoot(openBook(flipped)), `byte ${at}`).to.equal(false);
      }
      flipped[at]! ^= 1 << (at % 8);
    }
    expect(inColumns).to.equal(COLUMN_BYTES);
  });

  it("refuses every other value of the bytes that say where things are", () => {
    const other = bytes.slice();
    for (const at of [...Array(16).keys(), ...Array.from({ length: 40 }, (_, i) => bytes.length - 1 - i)])
      for (let value = 0; value < 256; value++) {
        other[at] = value;
        if (value !== bytes[at]) expect(refusalOf(other), `byte ${at} as ${value}`).not.to.equal(null);
        other[at] = bytes[at]!;
      }
  });

  it("refuses what is no book at all", () => {
    const strangers: [Uint8Array, string][] = [
      [new Uint8Array(0), "book-truncated"],
      [new TextEncoder().encode("PAR1 and more"), "book-damaged"],
      [new Uint8Array(1_000), "book-damaged"],
      [concat(bytes, new Uint8Array(8)), "book-damaged"],
      [concat(bytes, bytes), "book-damaged"],
      [withHeader('{"another":"file"}'), "book-damaged"],
    ];
    for (const [stranger, code] of strangers) expect(refusalOf(stranger)?.code).to.equal(code);
  });

  it("refuses a header that is not of the format, naming what is wrong", () => {
    const text = headerText({ ...header, statements: [], receipts: 0n });
    expect(refusalOf(withHeader(text))).to.equal(null);
    const wrong: [string, RegExp][] = [
      [text.replace("amanah-book/1", "amanah-book/2"), /wanted "amanah-book\/1", got "amanah-book\/2"/],
      [text.replace('"batch":"17"', '"batch":"017"'), /batch: wanted a whole number/],
      [text.replace('"receipts":"0"', '"receipts":"1"'), /the statements have 0, the header says 1/],
      [text.replace('"openedAt"', '"opened"'), /openedAt: is missing/],
      [text.replace("0x", "0X"), /wanted 0x and an even number of hex digits/],
      [text.replace(/0x([0-9a-f]+)/, (hex) => `0x${hex.slice(2).toUpperCase()}`), /canonical form/],
      [text.replace("{", '{"batch":"17",'), /canonical form/],
      [text.replace("}", ',"more":1}'), /./],
      [text.replace('"statements":[]', '"statements":7'), /statements: wanted a list/],
      [text.replace('"statements":[]', '"statements":[null]'), /statements\[0\]: wanted an object/],
      [text.slice(0, -1), /not JSON/],
      [`{"batch":"${"[".repeat(100_000)}`, /not JSON/],
    ];
    for (const [mutated, says] of wrong) {
      const refusal = refusalOf(withHeader(mutated));
      expect(refusal?.code, mutated.slice(0, 60)).to.equal("book-malformed");
      expect(refusal?.message).to.match(says);
    }
  });

  it("allocates nothing by a number that the file cannot hold", () => {
    for (const receipts of [1_000n, 2n ** 40n, 2n ** 62n]) {
      const statements = [{ ...header.statements[0]!, receipts }];
      const refusal = refusalOf(withHeader(headerText({ ...header, statements, receipts })));
      expect(refusal?.code).to.equal("book-truncated");
    }
  });

  it("refuses columns that the header does not tell of, and a header of other columns", async () => {
    const text = headerText(header);
    const fewer = headerText({ ...header, ...without(header.statements[0]!) });
    const head = fileHead(text).length;
    expect(refusalOf(concat(fileHead(fewer), bytes.subarray(head)))?.code).to.equal("book-damaged");
    expect(refusalOf(concat(fileHead(text), fileTail(text, [])))?.code).to.equal("book-truncated");
  });
});
