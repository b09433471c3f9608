// Verifying a receipt that brings its terms along: each tampering is found at its step.

import { expect } from "chai";
import { giftsOf } from "../../server/programmes/purchase.ts";
import { recompute } from "../../server/programmes/recompute.ts";
import { termsDocument } from "../../server/programmes/terms.ts";
import { batchTree } from "../../server/protocol/batch-root.ts";
import { toHex, ZERO32 } from "../../server/protocol/bytes.ts";
import type { Details } from "../../server/protocol/details.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { GIFT, REVERSAL, type Receipt } from "../../server/protocol/receipt.ts";
import { encodeReceiptFile, type OpenedReceipt } from "../../server/protocol/receipt-file.ts";
import { noticeLeaf, previousNotice } from "../../server/protocol/statement.ts";
import { compareWithLedger, type Verification, verifyReceipt } from "../../server/protocol/verify.ts";
import { pledge, purchase } from "../programmes/making.ts";
import { bytesOf, makeReceipt, sealBatch } from "./making.ts";

const LEDGER = { id: bytesOf("ledger"), chainId: 31337, contract: bytesOf("contract", 20) };
const NONE = { given: 0n, reversed: 0n, paid: 0n, netted: 0n, acknowledged: 0n, spent: 0n };

/** A gift of batch 3 with its terms, noticed in batch `noticedIn`; `receipt` and `details` replace what they name. */
function made({ noticedIn = 2n, receipt = {}, details = {} }: Made = {}) {
  const own = pledge();
  const [gift] = giftsOf(purchase(), [own]);
  const told = { ...gift!.details, ...details } as Details;
  const given: Partial<Receipt> = {
    ...{ charity: charityId(gift!.charity), amount: gift!.amount, terms: own.id, kind: GIFT },
    ...receipt,
  };
  const entry = { receipt: makeReceipt("gift", told, given), details: told };
  const { charity, unit, kind } = entry.receipt;
  const side = { charity, unit, kind, from: 0n, previous: 0n, entries: [entry] };
  const sealed = sealBatch(LEDGER, 3n, [side], bytesOf("root of batch 2"));
  const notice = { batch: noticedIn, kind: "pledge", subject: ZERO32, content: own.id };
  const leaf = noticeLeaf(LEDGER.id, notice);
  const tree = batchTree([
    leaf,
    noticeLeaf(LEDGER.id, previousNotice(noticedIn, bytesOf("root of batch 1"))),
  ]);
  const document = JSON.parse(termsDocument(own.terms)) as Details;
  const { batch, ...rest } = notice;
  const terms = { document, batch, notice: rest, proof: tree.proof(leaf) };
  return { file: { ...(sealed.files[0] as OpenedReceipt), terms }, root: sealed.root, termsRoot: tree.root };
}
type Made = { noticedIn?: bigint; receipt?: Partial<Receipt>; details?: object };

const verify = (file: OpenedReceipt) =>
  verifyReceipt(JSON.parse(JSON.stringify(encodeReceiptFile(file))), { recompute });
const lastOf = ({ verdict, reason, steps }: Verification) => [verdict, steps.at(-1)?.step, reason];
const stepOf = ({ steps }: Verification, name: string) => steps.find(({ step }) => step === name);

describe("verifying a receipt with its terms", () => {
  it("recomputes the amount, and compares the notice's root with the contract's", () => {
    const { file, root, termsRoot } = made();
    const alone = verify(file);
    expect([stepOf(alone, "terms")?.ok, stepOf(alone, "amount")?.ok]).to.deep.equal([true, true]);
    expect(toHex(alone.termsRoot!)).to.equal(toHex(termsRoot));
    const compared = compareWithLedger(alone, { ledger: LEDGER.id, root, termsRoot, line: NONE });
    expect([compared.verdict, stepOf(compared, "noticed")?.ok]).to.deep.equal(["valid", true]);
  });

  it("fails at the terms when they were changed, or are another pledge's", () => {
    const { file } = made();
    const share = { basisPoints: 50 };
    const changed = { ...file.terms, document: { ...file.terms.document, share } };
    expect(lastOf(verify({ ...file, terms: changed }))).to.deep.equal(["invalid", "terms", "terms-differ"]);
    const other = { ...file.terms, notice: { ...file.terms.notice, content: bytesOf("other") } };
    expect(lastOf(verify({ ...file, terms: other }))).to.deep.equal([
      ...["invalid", "terms", "terms-notice-differs"],
    ]);
  });

  it("fails at the terms when they are noticed in the receipt's own batch, or a later one", () => {
    for (const noticedIn of [3n, 4n])
      expect(lastOf(verify(made({ noticedIn }).file))).to.deep.equal([
        "invalid",
        "terms",
        "terms-not-before",
      ]);
  });

  it("fails at the contract when the notice is said to be in an earlier batch than it is", () => {
    const { file, root, termsRoot } = made();
    const earlier = verify({ ...file, terms: { ...file.terms, batch: 1n } });
    const compared = compareWithLedger(earlier, { ledger: LEDGER.id, root, termsRoot, line: NONE });
    expect(lastOf(compared)).to.deep.equal(["invalid", "noticed", "terms-root-differs"]);
  });

  it("fails at the amount when another was given than the terms come to", () => {
    const { file } = made({ receipt: { amount: 13n } });
    const verification = verify(file);
    expect(lastOf(verification)).to.deep.equal(["invalid", "amount", "amount-differs"]);
    expect(verification.steps.at(-1)?.says).to.contain("14 smallest units of CNY were to be given");
  });

  it("fails at the amount when the purchase was completed before the terms were in force", () => {
    const early = verify(made({ details: { completedAt: 1 } }).file);
    expect(lastOf(early)).to.deep.equal(["invalid", "amount", "terms-not-in-force"]);
  });

  it("says that nothing was checked where the file holds no terms, and is valid all the same", () => {
    const { file, root } = made();
    const { terms: _, ...without } = file;
    const alone = verify(without);
    expect(stepOf(alone, "terms")).to.deep.include({ ok: null, reason: "terms-not-held" });
    expect(stepOf(alone, "terms")?.says).to.equal("not checked: the file holds no terms");
    const compared = compareWithLedger(alone, { ledger: LEDGER.id, root, line: NONE });
    expect([compared.verdict, stepOf(compared, "noticed")]).to.deep.equal(["valid", undefined]);
  });

  it("does not recompute a reversal, a gift without terms, or one whose details are erased, and says why", () => {
    const reversal = verify(made({ receipt: { kind: REVERSAL } }).file);
    expect(stepOf(reversal, "terms")).to.include({ ok: null, reason: "terms-of-gift" });
    const free = verify(made({ receipt: { terms: ZERO32 } }).file);
    expect(stepOf(free, "terms")).to.include({ ok: null, reason: "no-terms" });
    const erased = verify({ ...made().file, details: null });
    expect([stepOf(erased, "terms")?.ok, stepOf(erased, "amount")?.reason]).to.deep.equal([
      ...[true, "amount-details-erased"],
    ]);
  });

  it("says so where no programme's rules are at hand", () => {
    const alone = verifyReceipt(encodeReceiptFile(made().file));
    expect(stepOf(alone, "amount")).to.include({ ok: null, reason: "terms-not-known" });
  });

  it("refuses at its form what is no proof of terms", () => {
    const { file } = made();
    const json = encodeReceiptFile(file) as unknown as { terms: Record<string, unknown> };
    for (const [name, value] of [
      ["document", "{}"],
      ["batch", 2],
      ["notice", null],
      ["proof", ["0x12"]],
    ] as const) {
      const verification = verifyReceipt({ ...json, terms: { ...json.terms, [name]: value } });
      expect([verification.verdict, verification.steps.at(-1)?.step], name).to.deep.equal([
        ...["invalid", "format"],
      ]);
    }
  });
});
