// Verification as a whole: steps, verdicts and reasons, on files made for the purpose.
// The frozen files and their mutations are read in vectors.test.ts.

import { expect } from "chai";
import fc from "fast-check";
import { utf8, ZERO32 } from "../../server/protocol/bytes.ts";
import { keccak } from "../../server/protocol/hash.ts";
import { GIFT, REVERSAL, receiptLeaf } from "../../server/protocol/receipt.ts";
import { encodeReceiptFile, type OpenedReceipt } from "../../server/protocol/receipt-file.ts";
import {
  compareWithLedger,
  type LedgerReading,
  type Line,
  type Position,
  statusOf,
  type Verification,
  verifyReceipt,
} from "../../server/protocol/verify.ts";
import { uint63 } from "./arbitraries.ts";
import { bytesOf, makeReceipt, type SealedBatch, type Side, sealBatch } from "./making.ts";

const LEDGER = { id: bytesOf("ledger"), chainId: 31337, contract: bytesOf("contract", 20) };
const CHARITY = bytesOf("charity");

function giftSide(amounts: bigint[]): Side {
  const entries = amounts.map((amount, i) => {
    const details = { order: `order ${i}`, nonce: "00".repeat(16) };
    return { receipt: makeReceipt(`gift ${i}`, details, { charity: CHARITY, amount }), details };
  });
  return { charity: CHARITY, unit: "CNY", kind: GIFT, from: 1000n, previous: 1n, entries };
}

const sealGifts = (amounts: bigint[]) =>
  sealBatch(LEDGER, 2n, [giftSide(amounts)], bytesOf("root of batch 1"));

function lineUpTo(position: bigint, watermarks: (keyof Line)[]): Line {
  const none: Line = { given: 0n, reversed: 0n, paid: 0n, netted: 0n, acknowledged: 0n, spent: 0n };
  return { ...none, ...Object.fromEntries(watermarks.map((name) => [name, position])) };
}

const readingOf = ({ root }: SealedBatch): LedgerReading => {
  return { ledger: LEDGER.id, root, line: lineUpTo(1500n, ["given"]) };
};

const stepsOf = ({ steps }: Verification) => steps.map(({ step, ok }) => `${ok} ${step}`);

const verify = (file: OpenedReceipt) => verifyReceipt(encodeReceiptFile(file));

describe("verifying a receipt", () => {
  const batch = sealGifts([50n, 60n, 70n]);
  const file = batch.files[1]!;

  it("is invalid at its first step, without a throw, for anything that is no receipt file", () => {
    fc.assert(
      fc.property(fc.anything(), (anything) => {
        const { verdict, steps, file: none } = verifyReceipt(anything);
        expect([verdict, steps.length, steps[0]!.step, none]).to.deep.equal(["invalid", 1, "format", null]);
      }),
    );
  });

  it("is invalid when the details name another charity than the receipt", () => {
    const named = (charity: string) => {
      const details = { order: "1", charity };
      const receipt = makeReceipt("named", details, { charity: keccak(utf8("GB-CHC-1")) });
      return verify({ ...file, receipt, details }).steps.find(({ step }) => step === "details");
    };
    expect(named("GB-CHC-2")).to.include({ ok: false });
    expect(named("GB-CHC-1")).to.include({ ok: true });
  });

  it("stops at the first step that fails, with its reason", () => {
    const forged = verify({ ...file, details: { ...file.details, order: "of another buyer" } });
    expect([forged.verdict, forged.reason]).to.deep.equal(["invalid", "details-differ"]);
    expect(stepsOf(forged)).to.deep.equal(["true format", "false details"]);
    expect([forged.position, forged.root]).to.deep.equal([null, null]);
  });

  it("finds one bit changed anywhere in what is hashed", () => {
    const { receipt } = file;
    for (const field of ["id", "terms", "salt"] as const) {
      const changed = receipt[field].with(3, receipt[field][3]! ^ 4);
      const { reason } = verify({ ...file, receipt: { ...receipt, [field]: changed } });
      expect(reason).to.equal("receipts-root-differs");
    }
  });

  it("is undecided with the file alone: anyone can build a root", () => {
    const alone = verify(file);
    expect([alone.verdict, alone.reason]).to.deep.equal(["unknown", "not-compared"]);
    expect(stepsOf(alone)).to.deep.equal([
      ...["format", "details", "leaf", "statement", "path", "sum", "root"].map((step) => `true ${step}`),
      "null terms",
    ]);
    expect(alone.root).to.deep.equal(batch.root);
  });

  it("is undecided while not sealed, and says when it will be", () => {
    const waiting = verify({ ...file, seal: null, expected: 1_790_000_120n });
    expect([waiting.verdict, waiting.reason]).to.deep.equal(["unknown", "not-sealed"]);
    expect(waiting.steps.at(-1)!.says).to.include("2026-09-21T14:15:20.000Z");
    expect(waiting.leaf).to.deep.equal(receiptLeaf(LEDGER.id, file.receipt));
    expect(verify({ ...file, seal: null }).steps.at(-1)!.says).not.to.include("expected");
    expect(verify({ ...file, seal: null, expected: 2n ** 62n }).steps.at(-1)!.says).to.include("Unix second");
  });

  it("goes on without the details once they are erased, and says what is missing then", () => {
    const erased = compareWithLedger(verify({ ...file, details: null }), readingOf(batch));
    expect(erased.verdict).to.equal("valid");
    expect(erased.steps[1]).to.include({ step: "details", ok: null, reason: "details-erased" });
    expect(erased.notProven[0]).to.match(/^whose gift this is/);
    expect(verify(file).notProven.join()).not.to.include("whose gift this is");
  });

  it("places every receipt on its line, one behind the other", () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 1n, max: 2n ** 40n }), { minLength: 1, maxLength: 20 }),
        (amounts) => {
          const positions = sealGifts(amounts).files.map((each) => verify(each).position!);
          expect(positions[0]!.start).to.equal(1000n);
          expect(positions.at(-1)!.end).to.equal(1000n + amounts.reduce((a, b) => a + b));
          for (const [i, { start, end }] of positions.entries()) {
            expect(end).to.equal(positions[i + 1]?.start ?? end);
            expect(end > start).to.equal(true);
          }
        },
      ),
    );
  });
});

describe("comparing with the contract", () => {
  const batch = sealGifts([50n, 60n, 70n]);
  const alone = verify(batch.files[1]!);
  const { end } = alone.position!;

  it("finds a root other than the file's", () => {
    const other = compareWithLedger(alone, { ...readingOf(batch), root: bytesOf("other") });
    expect([other.verdict, other.reason, other.status]).to.deep.equal(["invalid", "root-differs", null]);
  });

  it("finds a contract that keeps another ledger, before it looks at any root", () => {
    const other = compareWithLedger(alone, { ...readingOf(batch), ledger: bytesOf("other") });
    expect([other.verdict, other.reason]).to.deep.equal(["invalid", "ledger-differs"]);
    expect(other.steps.at(-1)!.step).to.equal("ledger");
  });

  it("cannot tell while the contract has no root for the batch", () => {
    const early = compareWithLedger(alone, { ...readingOf(batch), root: ZERO32 });
    expect([early.verdict, early.reason, early.status]).to.deep.equal(["unknown", "not-anchored", null]);
  });

  it("leaves a verification alone that did not reach a root", () => {
    for (const stopped of [verifyReceipt({}), verify({ ...batch.files[1]!, seal: null })]) {
      expect(compareWithLedger(stopped, readingOf(batch))).to.equal(stopped);
    }
  });

  it("is valid with the root that the contract keeps, and does not change what it was given", () => {
    const before = structuredClone(alone);
    const valid = compareWithLedger(alone, readingOf(batch));
    expect([valid.verdict, valid.reason, valid.status]).to.deep.equal(["valid", null, "given"]);
    expect(valid.steps.slice(0, alone.steps.length)).to.deep.equal(alone.steps);
    expect(alone).to.deep.equal(before);
  });

  for (const [status, watermarks] of Object.entries({
    anchored: [],
    given: ["given"],
    paid: ["given", "paid"],
    acknowledged: ["given", "paid", "acknowledged"],
    spent: ["given", "paid", "acknowledged", "spent"],
  } as Record<string, (keyof Line)[]>)) {
    it(`tells a gift ${status} once ${watermarks.at(-1) ?? "its root alone"} has come to its end, and not before`, () => {
      const at = { ...readingOf(batch), line: lineUpTo(end, watermarks) };
      expect(compareWithLedger(alone, at).status).to.equal(status);
      const before = { ...at, line: lineUpTo(end - 1n, watermarks) };
      expect(compareWithLedger(alone, before).status).to.equal("anchored");
    });
  }

  it("judges a reversal by the reversal side of its line alone", () => {
    const position: Position = { charity: CHARITY, unit: "CNY", kind: REVERSAL, start: 10n, end: 20n };
    const gifts = lineUpTo(100n, ["given", "paid", "acknowledged", "spent"]);
    expect(statusOf(position, gifts)).to.equal("anchored");
    expect(statusOf(position, { ...gifts, reversed: 20n, netted: 19n })).to.equal("reversed");
    expect(statusOf(position, { ...gifts, reversed: 20n, netted: 20n })).to.equal("netted");
  });

  it("never tells a gift less far when a watermark moves right", () => {
    const order = ["anchored", "given", "paid", "acknowledged", "spent"];
    fc.assert(
      fc.property(fc.array(uint63, { minLength: 4, maxLength: 4 }), uint63, uint63, (marks, at, step) => {
        const [spent, acknowledged, paid, given] = marks.toSorted((a, b) => (a < b ? -1 : 1));
        const line = {
          ...lineUpTo(0n, []),
          spent: spent!,
          acknowledged: acknowledged!,
          paid: paid!,
          given: given!,
        };
        const position: Position = { charity: CHARITY, unit: "CNY", kind: GIFT, start: 0n, end: at };
        const further = { ...line, given: line.given + step };
        const rank = (status: string) => order.indexOf(status);
        expect(rank(statusOf(position, further))).to.be.at.least(rank(statusOf(position, line)));
      }),
    );
  });
});
