// Papers as PDF: every script reads, tables go on over pages under their heads, and the code says where to compare.

import { expect } from "chai";
import { toPdf } from "../../server/papers/pdf.ts";
import type { Paper } from "../../server/programmes/statements/paper.ts";
import { qrCodeOf, textOf } from "../support/pdf.ts";

const WHERE = {
  url: "https://gifts.example/v1/statements/AAAAAAAAAAAAAAAAAAAAAA",
  hash: `0x${"cd".repeat(32)}`,
};

const paperOf = (given: Partial<Paper> = {}): Paper => ({
  title: "Gifts through your purchases",
  subtitle: "2026-01-01 to 2026-12-31",
  facts: [["Ledger", `0x${"12".repeat(32)}`]],
  tables: [],
  notes: ["The donor in law is the merchant."],
  ...given,
});

const tableOf = (rows: readonly (readonly string[])[]) => ({
  title: "Each gift",
  columns: [
    { title: "Order", width: 60 },
    { title: "Given", width: 40, align: "right" as const },
  ],
  rows,
  empty: "Nothing was given.",
});

describe("a paper", () => {
  it("reads in every script: none of its characters is missing", async () => {
    const names = [
      "北京茶叶有限公司",
      "Associação São José",
      "Łódź Żółw",
      "Благотворительный",
      "Ίδρυμα",
      "مؤسسة",
      "Tây Hồ",
    ];
    const text = textOf(await toPdf(paperOf({ facts: names.map((name) => ["Name", name]) }), WHERE));
    for (const name of names.filter((one) => !/\p{Script=Arabic}/u.test(one))) expect(text).to.contain(name);
    expect(text).not.to.contain("\ufffd");
  });

  it("breaks a long table between rows, with its head on each page and the pages numbered", async () => {
    const rows = Array.from({ length: 200 }, (_, n) => [`order ${n}\nof ${n}`, `${n}.00 CNY`]);
    const text = textOf(await toPdf(paperOf({ tables: [tableOf(rows)] }), WHERE));
    const [, pages] = /page 1 of (\d+)/.exec(text) ?? [];
    expect(Number(pages)).to.be.above(3);
    expect(text.split("\n").filter((line) => line === "Order").length).to.equal(Number(pages));
    for (let page = 1; page <= Number(pages); page++) expect(text).to.contain(`page ${page} of ${pages}`);
    const lines = text.split("\n");
    for (let n = 0; n < 200; n++) expect(lines.indexOf(`of ${n}`) - lines.indexOf(`order ${n}`)).to.equal(1);
  });

  it("goes on over pages with a row that is longer than one", async () => {
    const lines = Array.from({ length: 300 }, (_, n) => `thing ${n} of it`);
    const text = textOf(await toPdf(paperOf({ tables: [tableOf([[lines.join("\n"), "1"]])] }), WHERE));
    for (const line of lines) expect(text).to.contain(line);
    expect(text).to.contain("page 5 of 5");
    expect(text.split("\n").filter((line) => line === "Order").length).to.equal(5);
  });

  it("breaks what is longer than its column, wherever it has to, and loses none of it", async () => {
    const long = "0123456789abcdef".repeat(12);
    const text = textOf(await toPdf(paperOf({ tables: [tableOf([[long, "1"]])] }), WHERE));
    expect(text.replaceAll("\n", "")).to.contain(long);
  });

  it("says so where a table is empty", async () => {
    const text = textOf(await toPdf(paperOf({ tables: [tableOf([])] }), WHERE));
    expect(text).to.contain("Nothing was given.").and.not.to.contain("Order");
  });

  it("draws no character that only controls how others are drawn", async () => {
    const text = textOf(await toPdf(paperOf({ facts: [["Name", "a\u202eb\u0000c\u200bd"]] }), WHERE));
    expect(text).to.contain("abcd");
  });

  it("carries the hash in print, and the place to compare as a code that a scanner reads", async () => {
    const paper = await toPdf(paperOf(), WHERE);
    expect(qrCodeOf(paper)).to.equal(WHERE.url);
    expect(textOf(paper)).to.contain(WHERE.hash).and.to.contain(WHERE.url);
  });
});
