// What is said of a receipt beside its verdict: its steps, those not made among them, and its life, stage by stage.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ROOT } from "../../scripts/child.ts";
import type { Line, Verification } from "../../server/protocol/verification.ts";
import { verifyReceipt } from "../../server/protocol/verify.ts";
import { lifeOf } from "../../server/web/verify/life.ts";
import { linkIn } from "../../server/web/verify/link.ts";
import { openText, otherThan, verifyAlone } from "../../server/web/verify/open/opened.ts";
import type { Payout, ReceiptStatus, Story } from "../../server/web/verify/queries.ts";
import { notProven, shownSteps } from "../../server/web/verify/steps.ts";

const read = (file: string) => JSON.parse(readFileSync(join(ROOT, "test/vectors", file), "utf8"));
type File = { name: string; file: Record<string, unknown> };
const fileOf = (name: string) =>
  (read("receipt-files.json").files as File[]).find((each) => each.name === name)!.file;
const gift = () => structuredClone(fileOf("gift"));
const reversal = () => structuredClone(fileOf("reversal"));

const LINE: Line = { given: 0n, reversed: 0n, paid: 0n, netted: 0n, acknowledged: 0n, spent: 0n };
const NO_STORY: Story = { status: null, erased: null, batch: null, charity: null };
const PAYOUT: Payout = {
  rail: "bank",
  upTo: "9",
  paidAt: "2026-01-02T00:00:00.000Z",
  claimed: true,
  ageSeconds: 86_400,
  transaction: "0x01",
};
const STATUS: ReceiptStatus = {
  stage: "final",
  money: "paid",
  refunded: "0",
  reversals: [],
  fault: null,
  payout: PAYOUT,
  acknowledgement: null,
  reports: [],
};
const storyWith = (status: Partial<ReceiptStatus>): Story => ({
  ...NO_STORY,
  status: { ...STATUS, ...status },
});

const statesOf = (verification: Verification, line: Line | null, story: Story) =>
  lifeOf(verification, line, story).map(({ name, state }) => `${name} ${state}`);

describe("the steps that are shown", () => {
  it("are those that were made, and behind a failure all that were not reached", () => {
    const file = gift();
    (file.details as { order: string }).order = "another";
    const steps = shownSteps(verifyReceipt(file), false, false);
    expect(steps.map(({ step, state }) => `${step} ${state}`)).to.deep.equal([
      "format passed",
      "details failed",
      "leaf unreached",
      "statement unreached",
      "path unreached",
      "sum unreached",
      "root unreached",
      "terms unreached",
      "ledger unreached",
      "anchored unreached",
      "status unreached",
    ]);
    expect(steps[1]).to.include({ reason: "details-differ", source: "here" });
  });

  it("say while the chain is asked that these are still to come", () => {
    const steps = shownSteps(verifyReceipt(gift()), false, true);
    expect(steps.filter(({ state }) => state === "asking").map(({ step }) => step)).to.deep.equal([
      "ledger",
      "anchored",
      "status",
    ]);
    expect(steps.filter(({ source }) => source === "contract")).to.have.length(3);
  });

  it("are none but the first, of something that is no receipt at all", () => {
    const verification = verifyAlone(openText("{"), null);
    expect(verification).to.include({ verdict: "invalid", reason: "not-json" });
    expect(shownSteps(verification, false, false)[0]).to.include({ step: "format", state: "failed" });
    expect(notProven(verification)).to.deep.equal([]);
  });

  it("never say whose receipt it is when the details are erased, or only its place is known", () => {
    expect(notProven(verifyReceipt(fileOf("gift with erased details")))).to.include("owner");
    expect(notProven(verifyReceipt(gift()))).to.deep.equal(["refund", "number", "outside"]);
    expect(notProven(verifyReceipt(reversal()))).to.include("gift");
  });
});

describe("a receipt's proof without its file", () => {
  const proofOf = ({ receipt, details: _, ...file }: Record<string, unknown>, leaf: Uint8Array) => {
    const { id, charity, unit, kind, amount } = receipt as Record<string, unknown>;
    const text = `0x${Buffer.from(leaf).toString("hex")}`;
    return { ...file, format: "amanah-receipt-proof/1", id, charity, unit, kind, amount, leaf: text };
  };

  it("leads from its leaf to the same root and place, and says that the leaf is a claim", () => {
    const whole = verifyReceipt(gift());
    const proof = verifyAlone(openText(JSON.stringify(proofOf(gift(), whole.leaf!))), null);
    expect(proof).to.deep.include({ verdict: "unknown", reason: "not-compared", position: whole.position });
    expect(proof.root).to.deep.equal(whole.root);
    expect(proof.steps[1]).to.include({ step: "leaf", ok: null, reason: "leaf-claimed" });
  });

  it("is refused with another leaf, another amount, or without what it must have", () => {
    const { leaf } = verifyReceipt(gift());
    const proof = proofOf(gift(), leaf!);
    const reasonOf = (changes: object) =>
      verifyAlone(openText(JSON.stringify({ ...proof, ...changes })), null).reason;
    expect(reasonOf({ leaf: `0x${"11".repeat(32)}` })).to.equal("receipts-root-differs");
    expect(reasonOf({ amount: "151" })).to.equal("receipts-root-differs");
    expect(reasonOf({ amount: 150 })).to.equal("not-a-whole-number");
    expect(reasonOf({ statement: null })).to.equal("partly-sealed");
    expect(reasonOf({ batch: null, proof: null, statement: null, statementProof: null })).to.equal(
      "not-sealed",
    );
  });
});

describe("the life of a receipt", () => {
  const verification = verifyReceipt(gift());
  const { end } = verification.position!;

  it("is not known beyond the purchase when nobody could be asked", () => {
    expect(statesOf(verification, null, NO_STORY)).to.deep.equal([
      "recorded done",
      "anchored unknown",
      "paid unknown",
      "acknowledged unknown",
      "spent unknown",
    ]);
  });

  it("goes by the contract's watermarks, whatever the site says", () => {
    const line = { ...LINE, given: end, paid: end, acknowledged: end, spent: end - 1n };
    const stages = lifeOf(verification, line, storyWith({ money: "given", payout: null }));
    expect(stages.slice(2).map(({ name, state, word }) => `${name} ${state} ${word}`)).to.deep.equal([
      "paid done contract",
      "acknowledged done contract",
      "spent waiting contract",
    ]);
  });

  it("calls a bank payout a claim until the charity has signed, and tells for how long", () => {
    const [, , paid] = lifeOf(verification, { ...LINE, given: end, paid: end }, storyWith({}));
    expect(paid).to.include({ state: "claimed", at: PAYOUT.paidAt, ageSeconds: 86_400 });
    const token = storyWith({ payout: { ...PAYOUT, rail: "token", claimed: false } });
    expect(lifeOf(verification, { ...LINE, paid: end }, token)[2]).to.include({ state: "done" });
  });

  it("tells the site's word as the site's word where the contract was not read", () => {
    expect(lifeOf(verification, null, storyWith({}))[2]).to.include({ state: "claimed", word: "site" });
    const signed = storyWith({ money: "acknowledged", payout: { ...PAYOUT, claimed: false } });
    expect(statesOf(verification, null, signed).slice(2)).to.deep.equal([
      "paid done",
      "acknowledged done",
      "spent waiting",
    ]);
  });

  it("has a date that can be written, whatever second a hostile file names", () => {
    const file = gift();
    const receipt = { ...(file.receipt as object), acceptedAt: `${2n ** 63n - 1n}` };
    const [recorded] = lifeOf(verifyReceipt({ ...file, receipt }), null, NO_STORY);
    expect(new Date(recorded!.at!).toISOString()).to.equal("+275760-09-13T00:00:00.000Z");
  });

  it("of a refund is to be counted and set off", () => {
    const taken = verifyReceipt(reversal());
    const line = { ...LINE, reversed: taken.position!.end };
    expect(statesOf(taken, line, NO_STORY).slice(2)).to.deep.equal(["reversed done", "netted waiting"]);
  });
});

describe("a receipt's link", () => {
  const id = `0x${"ab".repeat(16)}`;

  it("is known by its path, with its key or without", () => {
    const link = { id, key: "k-1_", origin: "https://gifts.example" };
    expect(linkIn(` https://gifts.example/r/${id}#k-1_\n`)).to.deep.equal(link);
    expect(linkIn(`https://gifts.example/r/${id}`)).to.deep.equal({ ...link, key: null });
  });

  it("is nothing else that can be pasted or scanned", () => {
    for (const text of ["", "{}", `/r/${id}`, "https://gifts.example/", `https://gifts.example/r/${id}0`])
      expect(linkIn(text), text).to.equal(null);
  });

  it("is never a script that looks like one", () => {
    for (const text of [
      `javascript://x/r/${id}?%0aalert(1)`,
      `javascript:/r/${id}`,
      `data:/r/${id}`,
      `file:///r/${id}`,
    ])
      expect(linkIn(text), text).to.equal(null);
  });

  it("opens the receipt that it names, and no other that a site may hand out for it", () => {
    const served = { receipt: {} };
    const other = `0x${"cd".repeat(16)}`;
    expect(otherThan(id, { receipt: { id: id.toUpperCase().replace("X", "x") } })).to.equal(null);
    expect(otherThan(id, { id })).to.equal(null);
    expect(otherThan(id, served)).to.equal(null);
    expect(otherThan(id, { receipt: { id: other } })).to.equal(other);
    expect(otherThan(id, { id: other })).to.equal(other);
  });
});
