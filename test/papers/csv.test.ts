// Sheets as comma-separated values, read back by another implementation.

import { expect } from "chai";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { toCsv } from "../../server/papers/csv.ts";

const read = (text: string): string[][] => parse(text, { bom: true, relax_column_count: false });

describe("a sheet as CSV", () => {
  it("holds no cell that a spreadsheet takes for a formula", () => {
    const attacks = [
      "=1+1",
      "+1+1",
      "-2+3",
      "@SUM(A1)",
      "\t=1",
      "\r=1",
      '=HYPERLINK("http://x.example","y")',
      "=cmd|' /C calc'!A0",
      "＝1+1",
      "＠SUM(A1)",
    ];
    const cells = read(toCsv({ columns: ["text"], rows: attacks.map((text) => [text]) }))
      .slice(1)
      .flat();
    for (const [index, cell] of cells.entries()) {
      expect(cell).to.match(/^'/);
      expect(cell.slice(1)).to.equal(attacks[index]);
    }
  });

  it("leaves numbers as they are, negative ones too", () => {
    const numbers = ["-12", "0", "12.50", "-0.01"];
    expect(read(toCsv({ columns: numbers, rows: [] }))).to.deep.equal([numbers]);
  });

  it("gives back every text, whatever quotes, commas and line ends it holds, in lines that end in CR LF", () => {
    const text = fc
      .string({ unit: "grapheme", maxLength: 12 })
      .filter((one) => !/^[=+\-@＝＋－＠\t\r\n\ufeff]/.test(one));
    const row = fc.array(text, { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), (rows) => {
        const csv = toCsv({ columns: ["a", 'b,\r\n"c'], rows });
        expect(csv.endsWith("\r\n")).to.equal(true);
        expect(read(csv)).to.deep.equal([["a", 'b,\r\n"c'], ...rows]);
      }),
    );
  });
});
