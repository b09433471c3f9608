// Receipts and promises of a ledger that has moved: which of its contracts proves what, and holds the operator to what.

import { expect } from "chai";
import { ZERO32 } from "../../server/protocol/bytes.ts";
import type { EarlierStanding } from "../../server/protocol/promise-steps.ts";
import { comparePromise, compareWithLedger, type PromiseReading } from "../../server/protocol/verify.ts";
import { bytesOf } from "./making.ts";
import {
  after,
  batch,
  before,
  compared,
  DEADLINE,
  FOR_EVER,
  LEDGER,
  lastOf,
  NEVER,
  ofUnsealed,
  sealed,
  UNASKED,
  unsealed,
  verify,
} from "./promise-files.ts";

describe("what a promise is worth by the contract", () => {
  const LAST_BATCH = 1_000n;
  const OLD = "0x00000000000000000000000000000000000000a1";
  const NAMED: EarlierStanding = {
    ...{ contract: OLD, lastGoodBatch: LAST_BATCH, opened: true, until: FOR_EVER, challenge: UNASKED },
  };

  it("is not the signer's fault where an earlier contract holds the operator to it, and its successor does not", () => {
    const junk = {
      ...after,
      until: NEVER,
      earlier: [{ ...NAMED, contract: "0xb2" as const, until: NEVER }, NAMED],
    };
    for (const found of [ofUnsealed(junk), compared({ root: ZERO32, promise: junk })]) {
      expect([found.verdict, found.reason]).to.deep.equal(["unknown", "promise-not-carried"]);
      expect(lastOf(found).step).to.equal("promiser");
      expect(lastOf(found).says)
        .to.include(OLD)
        .and.to.include("never known")
        .and.not.to.include("nobody's word");
    }
    const { says } = lastOf(ofUnsealed({ ...junk, until: DEADLINE }));
    expect(says).to.include("before 2026-09-22T14:13:20.000Z").and.to.include("retired there");
  });

  it("is nobody's word where no contract of them all holds the operator to it", () => {
    const all = { ...after, until: NEVER, earlier: [{ ...NAMED, until: DEADLINE }] };
    expect(ofUnsealed(all).reason).to.equal("promise-by-stranger");
    expect(ofUnsealed({ ...all, until: FOR_EVER }).reason).to.equal("promise-overdue");
  });

  it("is not in force while no contract that knows its signer is opened, due or not: nothing can be asked for there", () => {
    const shut = { ...NAMED, opened: false };
    for (const reading of [
      { ...before, opened: false },
      { ...after, opened: false },
      { ...after, opened: false, earlier: [shut] },
      { ...after, until: NEVER, earlier: [shut] },
      { ...after, opened: false, earlier: [{ ...NAMED, until: NEVER }] },
    ]) {
      for (const found of [ofUnsealed(reading), compared({ root: ZERO32, promise: reading })]) {
        expect([found.verdict, found.reason]).to.deep.equal(["unknown", "promise-not-in-force"]);
        expect(lastOf(found).step).to.equal("promiser");
        expect(lastOf(found).says).to.include("not opened: it holds the operator to nothing yet");
      }
      const sealedToo = compared({ promise: reading });
      expect(sealedToo.verdict).to.equal("valid");
      expect(lastOf(sealedToo)).to.include({ step: "promiser", ok: null, reason: "promise-not-in-force" });
    }
    expect(ofUnsealed({ ...after, opened: false, until: NEVER }).reason).to.equal("promise-by-stranger");
  });

  it("is held to by an earlier contract that is opened while its successor is not, and can be asked for on neither", () => {
    const moving = { opened: false, earlier: [NAMED, { ...NAMED, contract: "0xb2" as const, until: NEVER }] };
    const pending = ofUnsealed({ ...before, ...moving });
    expect([pending.reason, lastOf(pending).step]).to.deep.equal(["promise-pending", "kept"]);
    const due = ofUnsealed({ ...after, ...moving });
    expect([due.reason, lastOf(due).step]).to.deep.equal(["promise-not-in-force", "promiser"]);
    expect(lastOf(due).says).to.include(`${OLD} holds the operator to`).and.to.include("on neither");
    expect(lastOf(compared({ promise: { ...after, ...moving } }))).to.include({ step: "kept", ok: true });
    expect(ofUnsealed({ ...after, ...moving, opened: true }).reason).to.equal("promise-overdue");
  });

  it("is challenged, answered or broken wherever it was asked for: a successor ends none of that", () => {
    const asked = (state: number, dueAt: bigint, own = 0) => ({
      ...after,
      until: NEVER,
      challenge: { state: own, dueAt: own === 0 ? 0n : after.now },
      earlier: [{ ...NAMED, challenge: { state, dueAt } }],
    });
    for (const [reading, reason] of [
      [asked(1, after.now), "promise-asked-for"],
      [asked(1, DEADLINE), "promise-broken"],
      [asked(1, DEADLINE, 2), "promise-broken"],
      [asked(2, after.now), "promise-answered"],
      [asked(3, DEADLINE, 2), "promise-broken"],
      [asked(4, DEADLINE, 3), "promise-broken"],
    ] as const)
      expect(ofUnsealed(reading).reason).to.equal(reason);
    expect(lastOf(compared({ promise: asked(3, DEADLINE) })).reason).to.equal("promise-broken");
    expect(lastOf(compared({ promise: asked(0, 0n) }))).to.include({ step: "kept", ok: true });
  });

  it("is not told broken for what an earlier contract could not be shown, as long as the successor holds nothing of it", () => {
    const broken = { state: 3, dueAt: DEADLINE };
    const earlier = [{ ...NAMED, lastGoodBatch: verify(sealed).batch! - 1n, challenge: broken }];
    const found = compared({ promise: { ...after, earlier } });
    expect([found.verdict, lastOf(found).reason]).to.deep.equal(["valid", "promise-kept-behind"]);
    expect(lastOf(found).says).to.include(OLD).and.to.include("holds nothing of the kind");
    const carried = compared({ promise: { ...after, challenge: broken, earlier } });
    expect(lastOf(carried).reason).to.equal("promise-broken");
  });

  it("is told broken there where an earlier contract alone says so and the next one holds the operator to it: fetch, or ask", () => {
    const there = (state: number, own = 0, more: Partial<PromiseReading> = {}) => ({
      ...{ ...after, challenge: { state: own, dueAt: after.now } },
      earlier: [{ ...NAMED, challenge: { state, dueAt: DEADLINE } }],
      ...more,
    });
    for (const reading of [there(3), there(1), there(3, 2), there(1, 2)]) {
      const found = ofUnsealed(reading);
      expect([found.verdict, found.reason]).to.deep.equal(["unknown", "promise-broken-there"]);
      expect(lastOf(found).says)
        .to.include(OLD)
        .and.to.include("behind 1000")
        .and.to.include("Fetch the file anew")
        .and.to.include("npm run challenge -- FILE")
        .and.not.to.include("for ever");
    }
    for (const [reading, reason] of [
      [there(3, 1), "promise-asked-for"],
      [there(3, 3), "promise-broken"],
      [there(3, 0, { until: NEVER }), "promise-broken"],
      [there(3, 0, { opened: false }), "promise-broken"],
      [there(2), "promise-answered"],
    ] as const)
      expect(ofUnsealed(reading).reason).to.equal(reason);
  });
});

describe("a ledger that has moved", () => {
  const file = batch.files[1]!;
  const other = bytesOf("another root");
  const line = { given: 110n, reversed: 0n, paid: 110n, netted: 0n, acknowledged: 0n, spent: 0n };
  const reading = { ledger: LEDGER.id, line };
  const move = (lastGoodBatch: bigint, root: Uint8Array, ledger = LEDGER.id) => ({
    ...{ chainId: 8n, contract: "0x00000000000000000000000000000000000000b1" as const },
    ...{ lastGoodBatch, ledger, root },
  });
  const judge = (root: Uint8Array, ...successors: ReturnType<typeof move>[]) =>
    compareWithLedger(verify(file), { ...reading, root, successors });

  it("is proven by the contract that stands for its batch, as long as the next ones keep the same root", () => {
    const found = judge(batch.root, move(1n, batch.root), move(1n, batch.root));
    expect([found.verdict, found.status]).to.deep.equal(["valid", "paid"]);
    expect(found.steps.filter(({ step }) => step === "successor")).to.have.length(2);
    expect(found.steps.find(({ step }) => step === "successor")!.says)
      .to.include("0x00000000000000000000000000000000000000b1 on chain 8")
      .and.to.include("good up to batch 1");
  });

  it("is proven by the successor alone for a batch behind the last good one", () => {
    expect(judge(other, move(0n, batch.root)).verdict).to.equal("valid");
    expect(judge(ZERO32, move(0n, other), move(0n, batch.root)).verdict).to.equal("valid");
    expect(judge(batch.root, move(0n, other)).reason).to.equal("root-differs");
    expect(judge(batch.root, move(0n, ZERO32)).reason).to.equal("not-anchored");
  });

  it("is told rewritten when a successor keeps another root of a good batch, or none", () => {
    for (const root of [other, ZERO32]) {
      for (const moves of [
        [move(1n, root)],
        [move(1n, batch.root), move(1n, root)],
        [move(0n, batch.root), move(1n, root)],
      ]) {
        const found = judge(batch.root, ...moves);
        expect([found.verdict, found.reason]).to.deep.equal(["unknown", "successor-root-differs"]);
      }
    }
    expect(judge(other, move(1n, batch.root)).reason).to.equal("root-differs");
  });

  it("is told when a successor keeps another ledger, sealed or not: that is no fault of the receipt's", () => {
    const elsewhere = move(1n, batch.root, other);
    const promise = { opened: true, until: FOR_EVER, challenge: UNASKED, now: DEADLINE };
    const unsealedToo = comparePromise(verify(unsealed), {
      ledger: LEDGER.id,
      promise,
      successors: [elsewhere],
    });
    for (const found of [judge(batch.root, elsewhere), unsealedToo])
      expect([found.verdict, found.reason]).to.deep.equal(["unknown", "successor-of-another-ledger"]);
  });
});
