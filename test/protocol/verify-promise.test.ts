// The promise in a receipt file: whose word it is, that it is of this receipt, and what it is worth by the contract.

import { expect } from "chai";
import { ZERO32 } from "../../server/protocol/bytes.ts";
import type { ReceiptPromise } from "../../server/protocol/promise.ts";
import type { EarlierStanding } from "../../server/protocol/promise-steps.ts";
import { encodeReceiptFile, type OpenedReceipt } from "../../server/protocol/receipt-file.ts";
import {
  comparePromise,
  compareWithLedger,
  type LedgerReading,
  type PromiseReading,
  type Verification,
  verifyReceipt,
} from "../../server/protocol/verify.ts";
import { bytesOf, makeReceipt, sealBatch } from "./making.ts";
import { accountOf, promised } from "./promising.ts";

const LEDGER = { id: bytesOf("ledger"), chainId: 31337, contract: bytesOf("contract", 20) };
const KEY = bytesOf("the key that promises");
const DEADLINE = 1_790_086_400n;
const HOUR = 3_600n;
const SEVEN_DAYS = 7n * 24n * HOUR;
const FOR_EVER = 2n ** 48n - 1n;
const NEVER = 0n;
const UNASKED = { state: 0, dueAt: 0n };

const entries = [50n, 60n].map((amount, i) => {
  const details = { order: `order ${i}` };
  return { receipt: makeReceipt(`promised ${i}`, details, { amount }), details };
});
const charity = bytesOf("charity");
const batch = sealBatch(
  LEDGER,
  1n,
  [{ charity, unit: "CNY", kind: 0, from: 0n, previous: 0n, entries }],
  LEDGER.id,
);
const sealed = promised(batch.files[0]!, KEY, DEADLINE, [bytesOf("a sibling")]);
const unsealed = { ...sealed, seal: null };

const verify = (file: OpenedReceipt) => verifyReceipt(JSON.parse(JSON.stringify(encodeReceiptFile(file))));
const changed = (change: Partial<ReceiptPromise>, file = sealed) =>
  verify({ ...file, promise: { ...file.promise, ...change } });
const lastOf = ({ steps }: Verification) => steps.at(-1)!;

describe("the promise in a receipt file", () => {
  const { signature } = sealed.promise;
  const other = bytesOf("other");
  for (const [change, reason] of [
    [{ leaf: other }, "promise-leaf-differs"],
    [{ charity: other }, "promise-charity-differs"],
    [{ unit: "EUR" }, "promise-unit-differs"],
    [{ kind: 1 }, "promise-kind-differs"],
    [{ amount: 1n }, "promise-amount-differs"],
    [{ signature: signature.with(64, 29) }, "promise-signature"],
    [{ signature: new Uint8Array(65).fill(27, 64) }, "promise-signature"],
  ] as [Partial<ReceiptPromise>, string][]) {
    it(`makes the file invalid, sealed or not: ${reason} (${Object.keys(change)})`, () => {
      for (const file of [sealed, { ...sealed, seal: null }]) {
        const found = changed(change, file as typeof sealed);
        expect([found.verdict, found.reason, lastOf(found).step]).to.deep.equal([
          "invalid",
          reason,
          "promise",
        ]);
      }
    });
  }

  it("makes the file invalid whose deadline retiring the key would escape, and no honest one", () => {
    const accepted = sealed.receipt.acceptedAt;
    const within = (seconds: bigint, file: OpenedReceipt = sealed) =>
      verify(promised(file, KEY, accepted + seconds));
    for (const file of [sealed, unsealed as OpenedReceipt]) {
      expect(within(SEVEN_DAYS + HOUR, file).reason).not.to.equal("promise-too-far");
      const found = within(SEVEN_DAYS + HOUR + 1n, file);
      expect([found.verdict, found.reason, lastOf(found).step]).to.deep.equal([
        "invalid",
        "promise-too-far",
        "promise",
      ]);
      expect(lastOf(found).says).to.include("more than seven days after 2026-09-21T14:13:20.000Z");
    }
  });

  it("is another account's once path or deadline are changed", () => {
    expect(verify(sealed).promiser).to.equal(accountOf(KEY));
    for (const change of [{ path: [] }, { path: [other] }, { deadline: DEADLINE + 1n }])
      expect(changed(change).promiser).not.to.equal(accountOf(KEY));
  });

  it("says who promised, and by when", () => {
    const step = verify(sealed).steps.find((each) => each.step === "promise")!;
    expect(step.ok).to.equal(true);
    expect(step.says).to.include(accountOf(KEY)).and.to.include("2026-09-22T14:13:20.000Z");
  });

  it("is missed in a file that is not sealed, and not in one that is", () => {
    expect(lastOf(verify({ ...unsealed, promise: null })).says).to.include("nothing in the file promises it");
    const steps = verify(batch.files[0]!).steps.map(({ step }) => step);
    expect(steps).not.to.include("promise");
  });
});

describe("what a promise is worth by the contract", () => {
  const before: PromiseReading = { opened: true, until: FOR_EVER, challenge: UNASKED, now: DEADLINE };
  const after = { ...before, now: DEADLINE + 1n };
  const ofUnsealed = (promise: PromiseReading) =>
    comparePromise(verify(unsealed), { ledger: LEDGER.id, promise });
  const line = { given: 0n, reversed: 0n, paid: 0n, netted: 0n, acknowledged: 0n, spent: 0n };
  const compared = (reading: Partial<LedgerReading>) =>
    compareWithLedger(verify(sealed), { ledger: LEDGER.id, root: batch.root, line, ...reading });

  const told: [string, PromiseReading, string, string][] = [
    ["it can still be kept", before, "promise-pending", "after 2026-09-22T14:13:20.000Z"],
    ["its deadline is over", after, "promise-overdue", "npm run challenge -- FILE"],
    ["nobody's word", { ...after, until: NEVER }, "promise-by-stranger", "nobody's word"],
    ["of a key retired before", { ...before, until: DEADLINE }, "promise-by-stranger", "nobody's word"],
    [
      "it was asked for",
      { ...after, challenge: { state: 1, dueAt: after.now } },
      "promise-asked-for",
      "until",
    ],
    [
      "it was not answered",
      { ...after, challenge: { state: 1, dueAt: DEADLINE } },
      "promise-broken",
      "records the breach",
    ],
    [
      "it was answered",
      { ...after, challenge: { state: 2, dueAt: after.now } },
      "promise-answered",
      "file anew",
    ],
    [
      "its breach is recorded",
      { ...after, challenge: { state: 3, dueAt: after.now } },
      "promise-broken",
      "for ever",
    ],
    [
      "it was answered late",
      { ...after, challenge: { state: 4, dueAt: 1n } },
      "promise-answered",
      "file anew",
    ],
  ];

  for (const [title, reading, reason, says] of told) {
    it(`leaves a receipt in no anchored batch undecided: ${reason} (${title})`, () => {
      for (const found of [ofUnsealed(reading), compared({ root: ZERO32, promise: reading })]) {
        expect([found.verdict, found.reason]).to.deep.equal(["unknown", reason]);
        expect(lastOf(found).says).to.include(says);
      }
    });
  }

  it("counts as the operator's word until the very second at which a retired key's ends", () => {
    expect(ofUnsealed({ ...before, until: DEADLINE + 1n }).reason).to.equal("promise-pending");
  });

  it("is weaker than it looks while its deadline is more than seven days ahead, whenever the file says it was accepted", () => {
    const early = (seconds: bigint) => ofUnsealed({ ...before, now: DEADLINE - seconds });
    expect(early(SEVEN_DAYS + HOUR).reason).to.equal("promise-pending");
    const found = early(SEVEN_DAYS + HOUR + 1n);
    expect([found.verdict, found.reason]).to.deep.equal(["unknown", "promise-too-far"]);
    expect(lastOf(found).says).to.include("retiring the key");
  });

  it("is nothing in another ledger", () => {
    const found = comparePromise(verify(unsealed), { ledger: bytesOf("other"), promise: before });
    expect([found.verdict, found.reason]).to.deep.equal(["invalid", "ledger-differs"]);
  });

  it("is kept once the receipt is anchored", () => {
    const found = compared({ promise: after });
    expect([found.verdict, lastOf(found).step, lastOf(found).ok]).to.deep.equal(["valid", "kept", true]);
  });

  it("takes nothing from an anchored receipt when it was nobody's word, or broken before", () => {
    for (const [reading, reason] of [
      [{ ...after, until: NEVER }, "promise-by-stranger"],
      [{ ...after, challenge: { state: 4, dueAt: 1n } }, "promise-broken"],
    ] as const) {
      const found = compared({ promise: reading });
      expect([found.verdict, lastOf(found).ok, lastOf(found).reason]).to.deep.equal(["valid", null, reason]);
    }
  });

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

  it("is not judged by a contract that knows of no promises", () => {
    expect(compared({ root: ZERO32, promise: null }).reason).to.equal("not-anchored");
    expect(compared({}).verdict).to.equal("valid");
  });

  it("leaves a verification alone that has no promise, or a batch", () => {
    for (const alone of [verify(sealed), verify({ ...unsealed, promise: null }), verifyReceipt({})])
      expect(comparePromise(alone, { ledger: LEDGER.id, promise: before })).to.equal(alone);
  });

  it("leaves a receipt undecided whose line is at fault, and says which fault and how far the money came", () => {
    for (const [fault, name] of [
      "overlap",
      "gap",
      "skip",
      "twice",
      "malformed",
      "false-sum",
      "false-receipt",
      "fault 8",
    ].entries()) {
      const found = compared({ fault: fault + 1 });
      expect([found.verdict, found.reason, found.status]).to.deep.equal([
        "unknown",
        "line-at-fault",
        "anchored",
      ]);
      expect(lastOf(found).says).to.include(name);
    }
    expect(compared({ fault: 0 }).verdict).to.equal("valid");
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
