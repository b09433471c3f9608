// The rules of philanthropy reports: sums, shares, percentiles, and the comparison of two reports.

import { expect } from "chai";
import fc from "fast-check";
import type { Moved, Reported, StatementFact, Step } from "../../server/programmes/philanthropy/facts.ts";
import { differencesOf } from "../../server/programmes/philanthropy/figures.ts";
import { massOf, percentile, type Spread } from "../../server/programmes/philanthropy/latencies.ts";
import { philanthropyPaper } from "../../server/programmes/philanthropy/paper.ts";
import {
  contradictionsOf,
  type ProgrammesDocument,
  sideKey,
} from "../../server/programmes/philanthropy/programmes-document.ts";
import {
  PhilanthropyReckoning,
  type PhilanthropyReport,
} from "../../server/programmes/philanthropy/report.ts";
import { reportedParts, spendingOf } from "../../server/programmes/philanthropy/spending.ts";

const HASH = `0x${"11".repeat(32)}` as const;
const ROOT = `0x${"22".repeat(32)}` as const;
const LEDGER = `0x${"33".repeat(32)}` as const;
const line = { charity: "GB-CHC-1", unit: "CNY" };
const asOf = { chainId: 1n, contract: HASH, block: 99n, hash: HASH, at: 10_000n };

const statement = (
  batch: bigint,
  from: bigint,
  to: bigint,
  more: Partial<StatementFact> = {},
): StatementFact => ({
  ...line,
  ...{ batch, from, to, kind: 0, receipts: 1n, closedAt: batch * 100n, anchoredAt: batch * 100n + 5n },
  ...more,
});
const moved = (step: Step, upTo: bigint, at: bigint): Moved => ({
  ...line,
  step,
  upTo,
  at,
  block: 1n,
  transaction: HASH,
});

function reckon(
  statements: readonly StatementFact[],
  moves: readonly Moved[],
  reported: readonly Reported[] = [],
): PhilanthropyReport {
  const period = { from: 0n, upTo: 1_000n };
  const batches = { from: 1n, to: 9n, root: ROOT };
  const reckoning = new PhilanthropyReckoning({ ledger: LEDGER, period, batches, asOf, moves, earlier: [] });
  for (const one of statements) reckoning.take(one);
  return reckoning.end([], reported);
}

const rising = (most: number) =>
  fc
    .uniqueArray(fc.bigInt({ min: 1n, max: 400n }), { minLength: 1, maxLength: most })
    .map((all) => all.sort((a, b) => (a < b ? -1 : 1)));

describe("the rules of a philanthropy report", () => {
  it("counts of a period's gifts what each watermark has passed, wherever it stands", () => {
    const amountAt = (mark: bigint) =>
      reckon([statement(1n, 100n, 150n)], [moved("paid", mark, 200n)]).charities[0]?.paid.amount;
    expect([50n, 100n, 101n, 149n, 150n, 999n].map(amountAt)).to.deep.equal([
      "0",
      "0",
      "1",
      "49",
      "50",
      "50",
    ]);
  });

  it("gives each minor unit the time of the move that first reached it (property)", () => {
    fc.assert(
      fc.property(rising(8), rising(8), (ends, marks) => {
        const statements = ends.map((to, i) => statement(BigInt(i + 1), i === 0 ? 0n : ends[i - 1]!, to));
        const moves = marks.map((upTo, i) => moved("spent", upTo, 2_000n + BigInt(i) * 7n));
        const row = reckon(statements, moves).latencies.find(({ step }) => step === "spent")!;
        const seconds: bigint[] = [];
        for (const { from, to, closedAt } of statements)
          for (let position = from; position < to; position++) {
            const move = moves.find(({ upTo }) => upTo > position);
            if (move !== undefined) seconds.push(move.at - closedAt);
          }
        seconds.sort((a, b) => (a < b ? -1 : 1));
        expect(row.reached).to.equal(`${seconds.length}`);
        for (const [name, percent] of [
          ["p50", 50],
          ["p90", 90],
          ["p99", 99],
        ] as const) {
          const rank = seconds[Math.ceil((seconds.length * percent) / 100) - 1];
          expect(row[name]).to.equal(rank === undefined ? null : `${rank}`);
        }
      }),
    );
  });

  it("never names a percentile that no money took, and none where no money came", () => {
    expect(percentile(new Map(), 50n)).to.equal(null);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.bigInt({ min: 0n, max: 1_000n }), fc.bigInt({ min: 1n, max: 2n ** 62n })), {
          minLength: 1,
        }),
        (pairs) => {
          const spread: Spread = new Map(pairs);
          const [half, most] = [percentile(spread, 50n)!, percentile(spread, 99n)!];
          expect(spread.has(half) && spread.has(most) && half <= most).to.equal(true);
          const within = massOf(new Map([...spread].filter(([seconds]) => seconds <= half)));
          expect(within * 2n >= massOf(spread)).to.equal(true);
        },
      ),
    );
  });

  it("counts a batch that is not anchored as of the block as not anchored", () => {
    const [row] = reckon(
      [statement(1n, 0n, 10n), statement(2n, 10n, 40n, { anchoredAt: null })],
      [],
    ).latencies;
    expect([row?.step, row?.of, row?.reached, row?.p99]).to.deep.equal(["anchored", "40", "10", "5"]);
  });

  it("tells on paper no share of steps that is paid: no payout moves them", () => {
    const paper = philanthropyPaper(reckon([statement(1n, 0n, 10n, { unit: "STEP" })], []), "2");
    const [units] = paper.tables;
    expect(units?.rows).to.deep.equal([["STEP", "1", "10 STEP", "0 STEP", "", "", ""]]);
    const times = paper.tables.find(({ title }) => title.startsWith("How long"));
    expect(times?.rows.map(([step]) => step)).to.deep.equal(["anchored, STEP"]);
  });

  it("cuts a long table on paper, and says what is left out", () => {
    const many = Array.from({ length: 600 }, (_, i) => statement(1n, 0n, 1n, { charity: `GB-CHC-${i}` }));
    const charities = philanthropyPaper(reckon(many, []), "2").tables.find(
      ({ title }) => title === "By charity",
    );
    expect(charities?.rows).to.have.length(501);
    expect(charities?.rows.at(-1)?.[0]).to.equal("and 100 more, in the report");
  });

  it("takes no time for less than none: a chain's clock may be behind", () => {
    const [row] = reckon([statement(1n, 0n, 10n, { anchoredAt: 1n })], []).latencies;
    expect(row?.p50).to.equal("0");
  });

  it("puts what no document tells by programme in a row without a name, so that the sum is whole", () => {
    const told: ProgrammesDocument = {
      ...{ format: "amanah-programmes/1", ledger: LEDGER, fromBatch: "1", toBatch: "1", merchants: [] },
      programmes: [
        {
          programme: "steps",
          ...line,
          gifts: { receipts: "1", amount: "7" },
          reversals: { receipts: "0", amount: "0" },
        },
      ],
    };
    const frame = {
      ledger: LEDGER,
      period: { from: 0n, upTo: 1n },
      batches: null,
      asOf,
      moves: [],
      earlier: [],
    };
    const reckoning = new PhilanthropyReckoning(frame);
    reckoning.take(statement(1n, 0n, 10n, { receipts: 3n }));
    const { rows } = reckoning.end([{ hash: HASH, document: told }], []).programmes;
    expect(rows.map(({ programme, gifts }) => [programme, gifts.receipts, gifts.amount])).to.deep.equal([
      ["steps", "1", "7"],
      [null, "2", "3"],
    ]);
  });

  it("adds up what charities report exactly, decimals too, with each report that says so", () => {
    const part = (count: string, beneficiaries?: number) => ({
      ...{ from: "0", upTo: "5", place: { country: "CN", name: "Yunnan" } },
      ...{ bought: [{ what: "rice", count, measure: "tonnes" }], beneficiaries },
    });
    const report = (evidence: `0x${string}`, from: bigint, parts: Reported["parts"]): Reported => ({
      ...{ ...line, from, upTo: from + 5n, evidence, block: 1n, at: 5n, transaction: HASH, parts },
    });
    const told = spendingOf([
      report(ROOT, 5n, [part("0.000001", 4)]),
      report(HASH, 0n, [part("0.1"), part("0.2", 3)]),
    ]);
    expect(told.outcomes).to.deep.equal([
      { what: "rice", measure: "tonnes", count: "0.300001", reports: [HASH, ROOT] },
    ]);
    expect(
      told.regions.map(({ place, amount, beneficiaries }) => [place, amount, beneficiaries]),
    ).to.deep.equal([
      [null, "15", "7"],
      ["Yunnan", "15", "7"],
    ]);
    expect(told.beneficiaries).to.deep.equal({ people: "7", partsThatTell: "2", partsThatDoNot: "1" });
  });

  it("reads no parts out of what is no report", () => {
    for (const body of [null, "", "{", "[]", '{"parts":[{"from":"-1"}]}', '{"parts":[{"from":1,"upTo":2}]}'])
      expect(reportedParts(body)).to.equal(null);
  });
});

describe("a document by programme", () => {
  const row = (amount: string, receipts = "1") => ({
    ...line,
    ...{ gifts: { receipts, amount }, reversals: { receipts: "0", amount: "0" } },
  });
  const document = (programmes: string[], merchants: string[] = []): ProgrammesDocument => ({
    ...{ format: "amanah-programmes/1", ledger: LEDGER, fromBatch: "1", toBatch: "2" },
    programmes: programmes.map((amount, i) => ({ programme: `p${i}`, ...row(amount) })),
    merchants: merchants.map((amount, i) => ({ merchant: `m${i}`, ...row(amount) })),
  });
  const stated = new Map([[sideKey(line, 0), { receipts: 2n, amount: 10n }]]);

  it("agrees with statements that it adds up to exactly, and with fewer gifts by merchant", () => {
    expect(contradictionsOf(document(["4", "6"], ["9"]), stated)).to.deep.equal([]);
  });

  it("contradicts them by one fen too many or too few, or by merchants who gave more than was given", () => {
    for (const wrong of [
      document(["4", "7"]),
      document(["4", "5"]),
      document(["10"]),
      document(["4", "6"], ["11"]),
    ])
      expect(contradictionsOf(wrong, stated)).to.have.length(1);
  });

  it("contradicts them by a line that they do not have, or that it leaves out", () => {
    expect(contradictionsOf(document(["4", "6"]), new Map())).to.have.length(1);
    expect(contradictionsOf(document([]), stated)).to.have.length(1);
  });
});

describe("two reports compared", () => {
  it("are the same whatever the order of rows", () => {
    const rows = [
      { charity: "A", unit: "CNY", paid: "1" },
      { charity: "B", unit: "CNY", paid: "2" },
    ];
    expect(differencesOf({ rows }, { rows: rows.toReversed() })).to.deep.equal({
      figures: 6,
      differences: [],
    });
  });

  it("differ by each figure that differs, and by each that one of them has alone", () => {
    const [says, found] = [
      { rows: [{ unit: "CNY", paid: "2" }] },
      { rows: [{ unit: "CNY", paid: "1", spent: "0" }] },
    ];
    expect(differencesOf(says, found).differences).to.deep.equal([
      { figure: "rows[CNY].paid", says: "2", found: "1" },
      { figure: "rows[CNY].spent", says: undefined, found: "0" },
    ]);
  });

  it("are compared even where one nests or names without end, and differ there", () => {
    let deep: unknown = "1";
    for (let i = 0; i < 20_000; i++) deep = [deep];
    const long = { rows: [{ charity: "x".repeat(1_000_000), paid: "1" }] };
    for (const hostile of [{ deep }, long]) {
      const { differences } = differencesOf(hostile, { unit: "CNY" });
      expect(differences.length).to.be.greaterThan(0);
      expect(JSON.stringify(differences).length).to.be.lessThan(5_000);
    }
  });

  it("differ where a member is called so that its figure reads like another one's", () => {
    const found = { batches: { from: "1" }, units: [{ unit: "CNY", given: "9" }] };
    const said = (batches: object, units: object[], more: object) => ({ batches, units, ...more });
    for (const hostile of [
      said({ from: "7" }, found.units, { "batches.from": "1" }),
      said(found.batches, [{ unit: "CNY", given: "900" }], { "units[CNY].given": "9" }),
      said(found.batches, [], { "units[CNY]": found.units[0] }),
    ])
      expect(differencesOf(hostile, found).differences).to.have.length.greaterThan(0);
  });

  it("differ by a row that stands twice", () => {
    const row = { unit: "CNY", paid: "2" };
    expect(differencesOf({ rows: [row, row] }, { rows: [row] }).differences).to.have.length(2);
  });
});
