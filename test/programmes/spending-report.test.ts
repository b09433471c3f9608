// A spending report: what is refused and why, and that each position of a report lies in exactly one of its parts.

import { expect } from "chai";
import fc from "fast-check";
import { AmanahError } from "../../server/errors.ts";
import {
  checkReport,
  partsAt,
  type SpendingReport,
  spendingDocument,
  spendingHash,
  spendingReportSchema,
} from "../../server/programmes/spending-report.ts";
import { toHex, utf8 } from "../../server/protocol/bytes.ts";
import { canonicalJson } from "../../server/protocol/details.ts";
import { keccak } from "../../server/protocol/hash.ts";

const part = (from: number | bigint, upTo: number | bigint, more: object = {}) => ({
  from: `${from}`,
  upTo: `${upTo}`,
  project: "Free lunches",
  place: { country: "CN", name: "Yunnan" },
  bought: [{ what: "hot lunches", count: "56000", measure: "meals" }],
  ...more,
});

const report = (from: number | bigint, upTo: number | bigint, parts: object[]): SpendingReport =>
  spendingReportSchema.parse({ unit: "CNY", from: `${from}`, upTo: `${upTo}`, parts });

const SIGNED = { acknowledged: 100n, spent: 20n };

describe("a spending report", () => {
  const codeOf = (wrong: SpendingReport, signed = SIGNED): string => {
    try {
      checkReport(wrong, signed);
    } catch (thrown) {
      expect(thrown).to.be.instanceOf(AmanahError);
      expect((thrown as AmanahError).message).to.match(/^[\w.]+: wanted .+, came \d+$/);
      return (thrown as AmanahError).code;
    }
    return "none";
  };

  const wrong: [string, SpendingReport, string][] = [
    ["that begins before what is reported already", report(10, 50, [part(10, 50)]), "stale-report"],
    ["that leaves out what comes next", report(30, 50, [part(30, 50)]), "stale-report"],
    ["of nothing", report(20, 20, [part(20, 20)]), "empty-report"],
    ["that ends before it begins", report(20, 10, [part(20, 10)]), "empty-report"],
    ["beyond what the charity has signed for", report(20, 101, [part(20, 101)]), "beyond-acknowledged"],
    ["with a gap between its parts", report(20, 50, [part(20, 30), part(31, 50)]), "parts-gap"],
    ["with a gap at its beginning", report(20, 50, [part(21, 50)]), "parts-gap"],
    ["with a gap at its end", report(20, 50, [part(20, 49)]), "parts-gap"],
    ["with overlapping parts", report(20, 50, [part(20, 31), part(30, 50)]), "parts-overlap"],
    ["with the same part twice", report(20, 50, [part(20, 50), part(20, 50)]), "parts-overlap"],
    ["with a part beyond its end", report(20, 50, [part(20, 51)]), "parts-overlap"],
    [
      "with a part beyond its end, behind all others",
      report(20, 50, [part(20, 50), part(50, 60)]),
      "parts-overlap",
    ],
    ["with an empty part", report(20, 50, [part(20, 20), part(20, 50)]), "empty-part"],
    ["with a part that runs backwards", report(20, 50, [part(20, 10), part(10, 50)]), "empty-part"],
  ];
  for (const [what, one, code] of wrong)
    it(`${what} is refused: ${code}`, () => expect(codeOf(one)).to.equal(code));

  it("whose words are not in order is refused by its schema", () => {
    const changes: object[] = [
      { place: { country: "XX", name: "Nowhere" } },
      { place: { country: "cn", name: "Yunnan" } },
      { place: { country: "CN", name: "Yunnan", lat: 25 } },
      { place: { country: "CN", name: "Yunnan", lat: 91, lon: 0 } },
      { bought: [] },
      ...["0", "0.0", "-1", "1e3", "01", "1.", "", 5].map((count) => ({
        bought: [{ what: "x", count, measure: "y" }],
      })),
      { evidence: [{ name: "a", sha256: "12", bytes: 1 }] },
      { evidence: [{ name: "a", sha256: "A".repeat(64), bytes: 1 }] },
      { evidence: [{ name: "a", sha256: "a".repeat(64), bytes: 1.5 }] },
      { evidence: [{ name: "a", sha256: "a".repeat(64), bytes: 1, url: "javascript:alert(1)" }] },
      { project: "" },
      { project: "a\0b" },
      { surprise: true },
      { from: 20 },
    ];
    for (const change of changes)
      expect(() => report(20, 50, [part(20, 50, change)]), JSON.stringify(change)).to.throw();
    expect(() => report(20, 50, []), "no parts").to.throw();
  });

  it("takes what meets the line, to its last position, with its evidence", () => {
    const evidence = [{ name: "bill.pdf", sha256: "a".repeat(64), bytes: 0, mediaType: "application/pdf" }];
    const bought = [{ what: "rice", count: "2.5", measure: "tonnes" }];
    const place = { country: "CN", name: "Yunnan", lat: 25.04, lon: 102.71 };
    expect(codeOf(report(20, 100, [part(20, 60, { evidence, bought, place }), part(60, 100)]))).to.equal(
      "none",
    );
  });

  it("is hashed as the canonical JSON of a document that names ledger and charity", () => {
    const charity = { registration: "GB-CHC-1", name: "Charity" };
    const document = spendingDocument(report(20, 100, [part(20, 100)]), new Uint8Array(32).fill(1), charity);
    expect(document).to.include({ format: "amanah-spending-report/1", charity: "GB-CHC-1", name: "Charity" });
    expect(document.ledger).to.equal(`0x${"01".repeat(32)}`);
    const bytes = utf8(canonicalJson(JSON.parse(JSON.stringify(document))));
    expect(toHex(spendingHash(document))).to.equal(toHex(keccak(bytes)));
  });

  it("gives each position to exactly one part, also at the boundaries", () => {
    const lengths = fc.array(fc.bigInt({ min: 1n, max: 50n }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lengths, fc.nat(600), (sizes, place) => {
        const ends = sizes.map((_, index) => sizes.slice(0, index + 1).reduce((sum, size) => sum + size, 0n));
        const parts = ends.map((end, index) => part(ends[index - 1] ?? 0n, end));
        const whole = report(0, ends.at(-1)!, parts);
        expect(codeOf(whole, { spent: 0n, acknowledged: ends.at(-1)! })).to.equal("none");
        const position = BigInt(place) % ends.at(-1)!;
        const found = partsAt(whole.parts, position, position + 1n);
        expect(found).to.have.length(1);
        expect(BigInt(found[0]!.from) <= position && position < BigInt(found[0]!.upTo)).to.equal(true);
      }),
    );
  });
});
