// What a dishonest operator anchors: roots that are genuine, over books that are false. Each fraud has a charity of its own
// in one ledger, and is found by its code there and nowhere else. Receipts first, then lines, then history.

import { expect } from "chai";
import type { FindingCode } from "../../scripts/audit/catalogue.ts";
import type { AuditReport } from "../../scripts/audit/report.ts";
import { previousNotice } from "../../server/protocol/statement.ts";
import { auditOf, codesAt, codesOf } from "../audit/auditing.ts";
import { type Draft, gifts, reversals, type Side } from "../audit/drafts.ts";
import { AuditLedger, charityHex, startAuditChain } from "../audit/ledger.ts";

type Before = readonly Draft[];
type Fraud = {
  readonly fraud: string;
  /** The sides of this charity, batch after batch; later ones may look at the drafts before. */
  readonly batches: readonly ((charity: string, before: Before) => readonly Side[])[];
  /** Changes the draft of the batch (from 0) before its root is taken. */
  readonly change?: Readonly<Record<number, (draft: Draft, charity: string, before: Before) => void>>;
  readonly codes: readonly FindingCode[];
};

const give =
  (...amounts: bigint[]) =>
  (charity: string) => [gifts(charity, amounts)];
const take =
  (batch: number, n: number, amount: bigint, other?: string) => (charity: string, before: Before) => [
    reversals(charity, [[before[batch]!.leaf(other ?? charity, n), amount]]),
  ];
const nothing = () => [];

const moveLeaf = (draft: Draft, charity: string, to: number, leaf: Uint8Array): void => {
  draft.column(charity).leaves.set(leaf, 32 * to);
  draft.settle(charity);
};

const FRAUDS: readonly Fraud[] = [
  {
    fraud: "one leaf twice in a book",
    batches: [give(10n, 10n, 5n)],
    change: { 0: (draft, charity) => moveLeaf(draft, charity, 1, draft.leaf(charity, 0)) },
    codes: ["leaf-twice"],
  },
  {
    fraud: "one leaf in two books",
    batches: [give(10n, 5n), nothing, give(10n, 7n)],
    change: { 2: (draft, charity, before) => moveLeaf(draft, charity, 0, before[0]!.leaf(charity, 0)) },
    codes: ["leaf-twice"],
  },
  {
    fraud: "a whole statement anchored twice",
    batches: [give(3n, 4n), give(3n, 4n)],
    change: {
      1: (draft, charity, before) => {
        draft.column(charity).leaves.set(before[0]!.column(charity).leaves);
        draft.settle(charity);
      },
    },
    codes: ["leaf-twice"],
  },
  {
    fraud: "an invented reversal",
    batches: [give(50n), (charity) => [reversals(charity, [[new Uint8Array(32).fill(7), 5n]])]],
    codes: ["reversal-invented"],
  },
  {
    fraud: "a reversal of a reversal",
    batches: [
      give(50n),
      take(0, 0, 5n),
      (charity, before) => [reversals(charity, [[before[1]!.leaf(charity, 0, 1), 2n]])],
    ],
    codes: ["reversal-invented"],
  },
  {
    fraud: "a reversal before its gift",
    batches: [
      give(50n),
      (charity) => [gifts(charity, [1n]), reversals(charity, [[new Uint8Array(32).fill(9), 5n]])],
      give(10n),
    ],
    change: { 2: (draft, charity) => moveLeaf(draft, charity, 0, new Uint8Array(32).fill(9)) },
    codes: ["reversal-premature"],
  },
  {
    fraud: "a reversal beyond its gift",
    batches: [give(50n, 10n), take(0, 1, 11n)],
    codes: ["reversal-excessive"],
  },
  {
    fraud: "several reversals beyond their gift together",
    batches: [give(50n, 10n), take(0, 1, 6n), take(0, 1, 5n)],
    codes: ["reversal-excessive"],
  },
  {
    fraud: "a reversal of another line",
    batches: [give(50n), take(0, 0, 5n, "line-0")],
    codes: ["reversal-of-another-line"],
  },
  {
    fraud: "a gap in the line",
    batches: [give(10n), give(10n)],
    change: { 1: (draft, charity) => shift(draft, charity, 5n) },
    codes: ["line-gap"],
  },
  {
    fraud: "an overlap in the line",
    batches: [give(10n), give(10n)],
    change: { 1: (draft, charity) => shift(draft, charity, -5n) },
    codes: ["line-overlap"],
  },
  {
    fraud: "a statement that passes over the one before",
    batches: [give(10n), give(10n), give(10n)],
    change: {
      2: (draft, charity) => {
        draft.statement(charity).previous = 1n;
      },
    },
    codes: ["line-skip"],
  },
  {
    fraud: "a line begun a second time",
    batches: [give(10n), give(25n)],
    change: {
      1: (draft, charity) => {
        Object.assign(draft.statement(charity), { from: 0n, to: 25n, previous: 0n });
      },
    },
    codes: ["line-overlap", "line-skip"],
  },
  {
    fraud: "a line stated twice in one batch",
    batches: [give(10n), (charity) => [gifts(charity, [10n]), gifts(charity, [20n])]],
    change: {
      1: (draft) => {
        for (const statement of draft.statements)
          if (statement.receipts === 1n && statement.to - statement.from === 20n) statement.previous = 1n;
      },
    },
    codes: ["statement-twice"],
  },
  {
    fraud: "a statement that claims more than its receipts",
    batches: [give(10n), give(10n), give(1n)],
    change: {
      1: (draft, charity) => {
        draft.statement(charity).to += 5n;
      },
      2: (draft, charity) => shift(draft, charity, 5n),
    },
    codes: ["amounts-false"],
  },
  {
    fraud: "sums shifted inside the tree",
    batches: [give(10n, 20n)],
    change: {
      0: (draft, charity) => {
        draft.column(charity).amounts.set([20n, 10n]);
      },
    },
    codes: ["receipts-altered"],
  },
  {
    fraud: "receipts of nothing",
    batches: [give(10n, 1n)],
    change: {
      0: (draft, charity) => {
        draft.column(charity).amounts.set([10n, 0n]);
        draft.settle(charity);
      },
    },
    codes: ["amount-zero"],
  },
  {
    fraud: "a statement that contradicts itself",
    batches: [give(1n, 1n, 10n)],
    change: {
      0: (draft, charity) => {
        draft.column(charity).amounts.set([0n, 0n, 1n]);
        draft.settle(charity);
      },
    },
    codes: ["amount-zero", "statement-malformed"],
  },
  {
    fraud: "another charity's name in the book",
    batches: [give(10n)],
    change: {
      0: (draft, charity) => {
        draft.statement(charity).registration = "GB-CHC-0";
      },
    },
    codes: ["book-header-false"],
  },
];

function shift(draft: Draft, charity: string, by: bigint): void {
  const statement = draft.statement(charity);
  statement.from += by;
  statement.to += by;
}

/** Behind those of the charities: each is a batch of its own. */
const HISTORY: readonly { fraud: string; change: (draft: Draft) => void; codes: readonly FindingCode[] }[] = [
  {
    fraud: "a wrong root before",
    change: (draft) => {
      draft.notices[0] = previousNotice(draft.batch, draft.ledger);
    },
    codes: ["previous-false"],
  },
  {
    fraud: "no root before",
    change: (draft) => {
      draft.notices.shift();
    },
    codes: ["previous-missing"],
  },
  {
    fraud: "no times",
    change: (draft) => {
      draft.notices.splice(1, 1);
      [draft.openedAt, draft.closedAt] = [0n, 0n];
    },
    codes: ["times-backwards", "times-missing"],
  },
  {
    fraud: "times reversed",
    change: (draft) => draft.setTimes(1_790_009_000n, 1_790_008_000n),
    codes: ["times-reversed"],
  },
  {
    fraud: "times that run backwards",
    change: (draft) => draft.setTimes(1_790_000_500n, 1_790_000_600n),
    codes: ["times-backwards"],
  },
];

describe("an audit of what a dishonest operator has anchored", function () {
  this.timeout(60_000);
  let chain: Awaited<ReturnType<typeof startAuditChain>>;
  let ledger: AuditLedger;
  let report: AuditReport;
  const lineBatches = Math.max(...FRAUDS.map(({ batches }) => batches.length)) + 1;

  before(async () => {
    chain = await startAuditChain();
    ledger = await AuditLedger.make(chain.operator);
    for (let batch = 0; batch < lineBatches; batch++) await sealFrauds(batch);
    for (const { change } of HISTORY) {
      const draft = ledger.draft([gifts("honest", [5n])]);
      change(draft);
      await ledger.anchor(draft);
    }
    report = await auditOf(ledger, chain.chain.url);
  });

  async function sealFrauds(batch: number): Promise<void> {
    const before = [...ledger.drafts];
    const sides = FRAUDS.flatMap(({ batches }, n) => [...(batches[batch]?.(`line-${n}`, before) ?? [])]);
    const draft = ledger.draft([...sides, gifts("honest", [5n])]);
    for (const [n, { change }] of FRAUDS.entries()) change?.[batch]?.(draft, `line-${n}`, before);
    await ledger.anchor(draft);
  }

  after(async () => {
    await ledger.remove();
    await chain.chain.stop();
  });

  for (const [n, { fraud, codes }] of FRAUDS.entries())
    it(`names ${fraud}: ${codes.join(", ")}`, () => {
      const charity = charityHex(`line-${n}`);
      const found = codes[0] === "leaf-twice" ? doublesOf(`line-${n}`) : codesAt(report, { charity });
      expect(found).to.deep.equal(codes);
    });

  /** A doubled leaf is told by its places in books; they lie in this line's statements. */
  function doublesOf(charity: string): FindingCode[] {
    const leaves = ledger.drafts.flatMap((draft) =>
      draft.indexOf(charity) < 0 ? [] : [Buffer.from(draft.column(charity).leaves).toString("hex")],
    );
    const found = report.findings.filter(
      ({ code, says }) =>
        code === "leaf-twice" && leaves.some((hex) => hex.includes(/0x([0-9a-f]{64})/.exec(says)![1]!)),
    );
    return [
      ...new Set([...found.map(({ code }) => code), ...codesAt(report, { charity: charityHex(charity) })]),
    ];
  }

  for (const [n, { fraud, codes }] of HISTORY.entries())
    it(`names ${fraud}: ${codes.join(", ")}`, () => {
      expect(codesAt(report, { batch: BigInt(lineBatches + n + 1) })).to.deep.equal(codes);
    });

  it("finds the honest charity's line in order", () => {
    expect(codesAt(report, { charity: charityHex("honest") })).to.deep.equal([]);
  });

  it("finds each doubled leaf once, and nothing that was not planted", () => {
    const planted = new Set([...FRAUDS, ...HISTORY].flatMap(({ codes }) => codes));
    expect(codesOf(report).filter((code) => !planted.has(code))).to.deep.equal([]);
    expect(report.counts.find(({ code }) => code === "leaf-twice")?.count).to.equal(4);
  });
});
