// Books that are not what was anchored: each kind of damage or fraud, in a batch of its own, found by its code and nowhere
// else. What is anchored false from the beginning is another file's.

import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import type { FindingCode } from "../../scripts/audit/catalogue.ts";
import type { AuditReport } from "../../scripts/audit/report.ts";
import { auditOf, codesAt, codesOf } from "../audit/auditing.ts";
import { type Draft, gifts, reversals } from "../audit/drafts.ts";
import { AuditLedger, startAuditChain } from "../audit/ledger.ts";

const CHARITY = "GB-CHC-1164883";

type Planted = {
  readonly fraud: string;
  readonly plant: (draft: Draft, ledger: AuditLedger) => unknown;
  readonly codes: readonly FindingCode[];
};

/** Publishes a changed copy of what was anchored. */
const changed =
  (change: (draft: Draft) => void) =>
  async (draft: Draft, ledger: AuditLedger): Promise<void> => {
    const copy = draft.copy();
    change(copy);
    await ledger.publish(copy);
  };

/** Publishes changed bytes. */
const bytes =
  (change: (book: Buffer, draft: Draft) => Uint8Array) =>
  async (draft: Draft, ledger: AuditLedger): Promise<void> => {
    const path = join(ledger.books, `${draft.batch}.arrow`);
    await writeFile(path, change(await readFile(path), draft));
  };

const flipped = (book: Buffer, at: number): Buffer => {
  book[at]! ^= 1;
  return book;
};

const cut = (draft: Draft, receipts: number): void => {
  const column = draft.column(CHARITY);
  const all = new Uint8Array(32 * receipts);
  all.set(column.leaves.subarray(0, all.length));
  const amounts = new BigUint64Array(receipts).fill(1n);
  amounts.set(column.amounts.subarray(0, receipts));
  Object.assign(column, { leaves: all, amounts });
  draft.statement(CHARITY).receipts = BigInt(receipts);
};

const FRAUDS: readonly Planted[] = [
  {
    fraud: "a dropped receipt",
    plant: changed((draft) => cut(draft, 3)),
    codes: ["amounts-false", "receipts-altered", "root-differs"],
  },
  {
    fraud: "an added receipt",
    plant: changed((draft) => cut(draft, 5)),
    codes: ["amounts-false", "receipts-altered", "root-differs"],
  },
  {
    fraud: "an altered leaf",
    plant: changed((draft) => {
      draft.column(CHARITY).leaves[40]! ^= 1;
    }),
    codes: ["receipts-altered"],
  },
  {
    fraud: "reordered receipts",
    plant: changed((draft) => {
      const { leaves, amounts } = draft.column(CHARITY);
      const first = leaves.slice(0, 32);
      leaves.copyWithin(0, 32, 64).set(first, 32);
      [amounts[0], amounts[1]] = [amounts[1]!, amounts[0]!];
    }),
    codes: ["receipts-altered"],
  },
  {
    fraud: "money moved from one receipt to another",
    plant: changed((draft) => {
      const { amounts } = draft.column(CHARITY);
      [amounts[0], amounts[1]] = [amounts[0]! - 1n, amounts[1]! + 1n];
    }),
    codes: ["receipts-altered"],
  },
  {
    fraud: "an amount made larger",
    plant: changed((draft) => {
      draft.column(CHARITY).amounts[2]! += 1n;
    }),
    codes: ["amounts-false", "receipts-altered"],
  },
  {
    fraud: "amounts past 2^63",
    plant: changed((draft) => {
      draft.column(CHARITY).amounts.fill(2n ** 64n - 1n);
    }),
    codes: ["amounts-false", "receipts-altered"],
  },
  {
    fraud: "published fields of a reversal that do not make its leaf",
    plant: changed((draft) => {
      draft.column(CHARITY, 1).reversals.terms[0]! ^= 1;
    }),
    codes: ["reversal-altered", "reversal-invented"],
  },
  {
    fraud: "a notice exchanged",
    plant: changed((draft) => {
      draft.notices = draft.notices.map((notice) =>
        notice.kind === "pledge" ? { ...notice, content: draft.ledger } : notice,
      );
    }),
    codes: ["document-missing", "root-differs"],
  },
  {
    fraud: "a dropped receipt, all figures made to fit",
    plant: changed((draft) => {
      cut(draft, 3);
      draft.settle(CHARITY);
    }),
    codes: ["root-differs"],
  },
  {
    fraud: "a missing book",
    plant: (draft, ledger) => rm(join(ledger.books, `${draft.batch}.arrow`)),
    codes: ["book-missing"],
  },
  {
    fraud: "a truncated book",
    plant: bytes((book) => book.subarray(0, book.length - 100)),
    codes: ["book-damaged"],
  },
  { fraud: "an empty book", plant: bytes(() => new Uint8Array(0)), codes: ["book-damaged"] },
  {
    fraud: "a bit flipped in the framing",
    plant: bytes((book) => flipped(book, book.length - 20)),
    codes: ["book-damaged"],
  },
  {
    fraud: "a bit flipped in a receipt",
    plant: bytes((book, draft) => flipped(book, book.indexOf(draft.leaf(CHARITY, 1)) + 5)),
    codes: ["receipts-altered"],
  },
  {
    fraud: "the book of another ledger",
    plant: changed((draft) => {
      (draft as { ledger: Uint8Array }).ledger = draft.ledger.map((byte) => byte ^ 1);
    }),
    codes: ["book-of-another-ledger"],
  },
  {
    fraud: "the book of another batch",
    plant: async (draft, ledger) =>
      writeFile(join(ledger.books, `${draft.batch}.arrow`), await readFile(join(ledger.books, "1.arrow"))),
    codes: ["book-of-another-batch"],
  },
];

describe("an audit of books that are not what was anchored", function () {
  this.timeout(60_000);
  let chain: Awaited<ReturnType<typeof startAuditChain>>;
  let ledger: AuditLedger;
  let report: AuditReport;

  before(async () => {
    chain = await startAuditChain();
    ledger = await AuditLedger.make(chain.operator);
    const first = await ledger.seal(gifts(CHARITY, Array(FRAUDS.length + 2).fill(100n)));
    for (const [n] of FRAUDS.entries()) {
      await ledger.record("pledge", { merchant: `${n}` });
      await ledger.seal(
        gifts(CHARITY, [10n, 20n, 30n, 40n]),
        reversals(CHARITY, [[first.leaf(CHARITY, n), 1n]]),
      );
    }
    await ledger.seal(gifts(CHARITY, [1n]));
    expect(codesOf(await auditOf(ledger, chain.chain.url)), "before any fraud").to.deep.equal([]);
    for (const [n, { plant }] of FRAUDS.entries()) await plant(ledger.drafts[n + 1]!, ledger);
    report = await auditOf(ledger, chain.chain.url, { workers: 2 });
  });

  after(async () => {
    await ledger.remove();
    await chain.chain.stop();
  });

  for (const [n, { fraud, codes }] of FRAUDS.entries())
    it(`names ${fraud}: ${codes.join(", ")}`, () => {
      expect(codesAt(report, { batch: BigInt(n + 2) })).to.deep.equal(codes);
    });

  it("finds the books before and behind them in order", () => {
    expect(codesAt(report, { batch: 1n })).to.deep.equal([]);
    expect(codesAt(report, { batch: BigInt(FRAUDS.length + 2) })).to.deep.equal([]);
  });

  it("tells each with batch, line, numbers and consequence", () => {
    const finding = report.findings.find(({ code, batch }) => code === "amounts-false" && batch === "7")!;
    expect(finding).to.include({ unit: "CNY", side: "gifts", severity: "grave" });
    expect(finding.numbers).to.include({ sum: "101", receipts: "4" });
    expect(finding.says).to.equal("gifts of batch 7: its amounts add up to 101; the statement claims 100");
    expect(finding.consequence).to.match(/inflated or shrunk/);
  });

  it("says what could not be judged for want of a book", () => {
    expect(report.unreadBatches).to.equal(6);
    expect(report.notChecked.join("\n")).to.match(/6 books could not be read/);
  });
});
