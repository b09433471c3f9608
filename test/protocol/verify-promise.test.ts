// The promise in a receipt file: whose word it is, that it is of this receipt, and what it is worth by the contract. Where the
// ledger has moved, see verify-promise-moved.test.ts.

import { expect } from "chai";
import { ZERO32 } from "../../server/protocol/bytes.ts";
import type { ReceiptPromise } from "../../server/protocol/promise.ts";
import type { OpenedReceipt } from "../../server/protocol/receipt-file.ts";
import { comparePromise, type PromiseReading, verifyReceipt } from "../../server/protocol/verify.ts";
import { bytesOf } from "./making.ts";
import {
  after,
  batch,
  before,
  changed,
  compared,
  DEADLINE,
  HOUR,
  KEY,
  LEDGER,
  lastOf,
  NEVER,
  ofUnsealed,
  SEVEN_DAYS,
  sealed,
  unsealed,
  verify,
} from "./promise-files.ts";
import { accountOf, promised } from "./promising.ts";

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
