// What the real contract would never say: each lie of a false contract or endpoint is found by its code. And what the
// contract cannot know: refunds set off against the wrong payout.

import { expect } from "chai";
import { type Hex, pad, toFunctionSelector, toHex, zeroHash } from "viem";
import type { FindingCode } from "../../scripts/audit/catalogue.ts";
import type { AuditReport } from "../../scripts/audit/report.ts";
import { auditOf, codesAt, codesOf } from "../audit/auditing.ts";
import { BANK, cleanLedger, KEY, TOKEN } from "../audit/clean-ledger.ts";
import { gifts, reversals } from "../audit/drafts.ts";
import { AuditLedger, charityHex, startAuditChain, unitHex } from "../audit/ledger.ts";
import { addEvent, allOf, changeEvents, type Lie, LyingEndpoint } from "../audit/lying-endpoint.ts";

const NOBODY = "0x00000000000000000000000000000000000000ff";
const change = (name: string, nth: number, changed: (args: never) => object): Lie =>
  changeEvents(name, (args, n) => (n === nth ? ({ ...args, ...changed(args as never) } as never) : args));

/** Of the signed events: changes what was signed. */
const signed = (name: "Acknowledged" | "Disbursed", nth: number, changed: object): Lie => {
  const member = name === "Acknowledged" ? "acknowledgement" : "disbursement";
  return change(name, nth, (args) => ({ [member]: { ...(args[member] as object), ...changed } }));
};

/** Answers of calls whose data begin so, with the word at a place exchanged. */
const called =
  (data: string, word: number, value: Hex): Lie =>
  (method, params, result) => {
    const call = (params[0] as { data?: string } | undefined)?.data ?? "";
    if (method !== "eth_call" || !call.startsWith(data)) return result;
    const words = (result as string).slice(2).match(/.{64}/g)!;
    words[word] = pad(value).slice(2);
    return `0x${words.join("")}`;
  };

const LINE = toFunctionSelector("line(bytes32,bytes32)");
const FAULT_OF = toFunctionSelector("faultOf(bytes32,bytes32)");
const OF_LINE = { charity: charityHex(BANK), unit: unitHex(), kind: 0 };
const FAULT = { ...OF_LINE, fault: 2, first: zeroHash, second: zeroHash };
const BREACH = { promiseId: zeroHash, leaf: zeroHash, promised: { ...OF_LINE, leaf: zeroHash, amount: 5n } };
const LIES: readonly { lie: string; told: Lie; code: FindingCode }[] = [
  {
    lie: "a payout beyond what was given",
    told: change("Paid", 1, () => ({ upTo: 400n, amount: 150n })),
    code: "payout-beyond-given",
  },
  {
    lie: "a payout of another amount",
    told: change("Paid", 0, () => ({ amount: 159n })),
    code: "payout-amount-false",
  },
  {
    lie: "payouts that leave out a part",
    told: change("Paid", 1, () => ({ from: 215n, amount: 40n })),
    code: "payout-not-consecutive",
  },
  {
    lie: "a payout that nets beyond what was taken back",
    told: change("Paid", 1, () => ({ netTo: 95n, amount: 40n })),
    code: "payout-netting-false",
  },
  {
    lie: "a payout to somebody else",
    told: change("Paid", 2, () => ({ payee: NOBODY })),
    code: "payout-to-wrong-payee",
  },
  {
    lie: "a payout to a charity that nobody registered",
    told: changeEvents("CharityRegistered", (args, n) => (n === 0 ? null : args)),
    code: "payout-to-unregistered",
  },
  {
    lie: "a bank payout without a reference",
    told: change("Paid", 0, () => ({ bankReference: zeroHash })),
    code: "payout-without-reference",
  },
  {
    lie: "a token payout without a transfer",
    told: (method, _, result) =>
      method === "eth_getTransactionReceipt" ? { ...(result as object), logs: [] } : result,
    code: "payout-not-transferred",
  },
  {
    lie: "a repayment of what was not paid by bank",
    told: change("Repaid", 0, () => ({ upTo: 100n })),
    code: "repayment-false",
  },
  {
    lie: "a token of another scale",
    told: change("TokenSet", 0, () => ({ scaleDigits: 3 })),
    code: "token-scale-false",
  },
  {
    lie: "a token exchanged",
    told: addEvent("TokenSet", { unit: unitHex(), token: NOBODY, scaleDigits: 4 }),
    code: "token-set-twice",
  },
  {
    lie: "a forged acknowledgement of a key",
    told: change("Acknowledged", 0, ({ signature }) => ({
      signature: (signature as string).replace(/^0x..../, "0x1234"),
    })),
    code: "signature-forged",
  },
  {
    lie: "a forged acknowledgement of a wallet",
    told: change("Acknowledged", 1, ({ signature }) => ({
      signature: (signature as string).replace(/^0x..../, "0x1234"),
    })),
    code: "signature-forged",
  },
  {
    lie: "a forged disbursement",
    told: change("Disbursed", 0, ({ signature }) => ({
      signature: (signature as string).replace(/^0x..../, "0x1234"),
    })),
    code: "signature-forged",
  },
  {
    lie: "an acknowledgement of more than was signed",
    told: signed("Acknowledged", 0, { received: 161n }),
    code: "signature-forged",
  },
  {
    lie: "an acknowledgement that counts otherwise than payouts",
    told: signed("Acknowledged", 0, { received: 161n }),
    code: "acknowledgement-false",
  },
  {
    lie: "an acknowledgement by another signer",
    told: change("Acknowledged", 0, () => ({ signer: NOBODY })),
    code: "signer-not-in-force",
  },
  {
    lie: "an acknowledgement of another history",
    told: signed("Acknowledged", 0, { root: zeroHash }),
    code: "acknowledgement-root-false",
  },
  {
    lie: "an acknowledgement beyond what was paid",
    told: signed("Acknowledged", 0, { upTo: 400n }),
    code: "acknowledgement-beyond-paid",
  },
  {
    lie: "acknowledgements that leave out a part",
    told: signed("Acknowledged", 0, { from: 5n }),
    code: "acknowledgement-not-consecutive",
  },
  {
    lie: "a disbursement beyond what was acknowledged",
    told: signed("Disbursed", 0, { upTo: 250n }),
    code: "disbursement-beyond-acknowledged",
  },
  {
    lie: "disbursements that leave out a part",
    told: signed("Disbursed", 0, { from: 5n }),
    code: "disbursement-not-consecutive",
  },
  { lie: "a false watermark", told: called(LINE, 2, toHex(1)), code: "watermark-differs" },
  {
    lie: "another signer than its events give",
    told: called(toFunctionSelector("charityOf(bytes32)"), 1, KEY.address),
    code: "charity-differs",
  },
  {
    lie: "a root exchanged after it was anchored",
    told: change("BatchAnchored", 1, () => ({ root: zeroHash })),
    code: "batch-event-differs",
  },
  {
    lie: "a batch that was never anchored",
    told: changeEvents("BatchAnchored", (args, n) => (n === 2 ? null : args)),
    code: "batches-not-consecutive",
  },
  {
    lie: "a proof of a statement that no book holds",
    told: change("StatementProven", 0, () => ({ from: 1n })),
    code: "proof-not-in-book",
  },
  {
    lie: "more given than the books hold",
    told: addEvent("StatementProven", {
      charity: charityHex(BANK),
      unit: unitHex(),
      batch: 4n,
      kind: 0,
      from: 295n,
      to: 900n,
    }),
    code: "given-beyond-books",
  },
  {
    lie: "a proof that lowers what is given",
    told: addEvent("StatementProven", {
      charity: charityHex(BANK),
      unit: unitHex(),
      batch: 1n,
      kind: 0,
      from: 0n,
      to: 210n,
    }),
    code: "proof-not-rising",
  },
  {
    lie: "more taken back than given",
    told: addEvent("StatementProven", {
      charity: charityHex(BANK),
      unit: unitHex(),
      batch: 4n,
      kind: 1,
      from: 90n,
      to: 900n,
    }),
    code: "reversed-beyond-given",
  },
  {
    lie: "a charity registered a second time",
    told: addEvent("CharityRegistered", { charity: charityHex(BANK), payee: NOBODY, signer: NOBODY }),
    code: "charity-registered-twice",
  },
  {
    lie: "a signer changed without announcement",
    told: addEvent("SignerChanged", { charity: charityHex(BANK), change: 1, signer: NOBODY }),
    code: "change-unannounced",
  },
  {
    lie: "a change announced without the delay",
    told: addEvent("PayeeChangeAnnounced", {
      charity: charityHex(TOKEN),
      change: 1,
      payee: NOBODY,
      due: 1,
    }),
    code: "change-rushed",
  },
  { lie: "an opening told twice", told: addEvent("LedgerOpened", { lastBatch: 4n }), code: "opened-twice" },
  { lie: "a fault that is told and not kept", told: addEvent("FaultProven", FAULT), code: "line-at-fault" },
  { lie: "a fault that is kept and not told", told: called(FAULT_OF, 0, toHex(3)), code: "fault-differs" },
  { lie: "a promise told as broken", told: addEvent("BreachRecorded", BREACH), code: "promise-broken" },
];

/** Each lies several times, far enough apart in the list that no lie hides another. */
const AUDITS = 11;

describe("an audit by way of a false contract or endpoint", function () {
  this.timeout(60_000);
  let chain: Awaited<ReturnType<typeof startAuditChain>>;
  let ledger: AuditLedger;
  let endpoint: LyingEndpoint;
  const reports: AuditReport[] = [];

  before(async () => {
    chain = await startAuditChain();
    ledger = await cleanLedger(chain.operator);
    endpoint = await LyingEndpoint.before(chain.chain.url);
    for (let audited = 0; audited < AUDITS; audited++) {
      endpoint.lie = allOf(LIES.filter((_, n) => n % AUDITS === audited).map(({ told }) => told));
      reports.push(await auditOf(ledger, endpoint.url));
    }
  });
  after(async () => {
    await ledger.remove();
    await endpoint.close();
    await chain.chain.stop();
  });

  for (const { lie, code, audited } of LIES.map((each, n) => ({ ...each, audited: n % AUDITS })))
    it(`names ${lie}: ${code}`, () => {
      expect(codesOf(reports[audited]!)).to.include(code);
    });

  it("finds nothing where the endpoint passes everything on", async () => {
    endpoint.lie = (_, __, result) => result;
    expect(codesOf(await auditOf(ledger, endpoint.url))).to.deep.equal([]);
  });

  it("makes do with an endpoint that gives the logs of few blocks and takes one call at a time", async () => {
    endpoint.mostCalls = 1;
    endpoint.lie = (method, params, result) => {
      const { fromBlock, toBlock } = (params[0] ?? {}) as Record<string, string>;
      if (method === "eth_getLogs" && Number(toBlock) - Number(fromBlock) > 4)
        throw new Error("range too large");
      return result;
    };
    expect(codesOf(await auditOf(ledger, endpoint.url))).to.deep.equal([]);
    endpoint.mostCalls = Number.POSITIVE_INFINITY;
  });

  it("names a root that the contract does not keep for what the book holds", async () => {
    endpoint.lie = called(toFunctionSelector("root(uint64)"), 0, toHex(7));
    expect(codesOf(await auditOf(ledger, endpoint.url))).to.include("root-differs");
  });

  it("names a refund set off against a payout of earlier gifts, which the contract cannot know", async () => {
    const greedy = await AuditLedger.make(chain.operator);
    await greedy.register(BANK, KEY.address);
    const first = await greedy.seal(gifts(BANK, [100n]));
    const second = await greedy.seal(gifts(BANK, [50n]));
    const third = await greedy.seal(
      reversals(BANK, [
        [first.leaf(BANK, 0), 10n],
        [second.leaf(BANK, 0), 5n],
      ]),
    );
    for (const draft of [first, second]) await greedy.prove(draft, BANK);
    await greedy.prove(third, BANK, 1);
    await greedy.payBank(BANK, 0n, 100n, 15n);
    const report = await auditOf(greedy, chain.chain.url);
    await greedy.remove();
    expect(codesAt(report, { charity: charityHex(BANK) })).to.deep.equal(["netting-beyond-payout"]);
    expect(report.findings[0]?.numbers).to.include({ giftEnd: "150", upTo: "100", netTo: "15", amount: "5" });
  });
});
