// An audit of a ledger that has moved: followed to where it is now, on the same chain or another one, and what was not carried
// along. And challenges: a promise that was asked for, in time and not.

import { expect } from "chai";
import { createTestClient, toHex as hex, http, toFunctionSelector } from "viem";
import { page } from "../../scripts/audit/html/page.ts";
import { reportJson } from "../../scripts/audit/report.ts";
import { tell } from "../../scripts/audit/tell.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { GIFT } from "../../server/protocol/receipt.ts";
import { statementLeaf } from "../../server/protocol/statement.ts";
import { auditOf, codesOf } from "../audit/auditing.ts";
import { type Draft, gifts } from "../audit/drafts.ts";
import { AuditLedger, charityHex, type Operator, startAuditChain, unitHex } from "../audit/ledger.ts";
import { allOf, changeEvents, type Lie, LyingEndpoint } from "../audit/lying-endpoint.ts";
import { bytesOf, makeReceipt } from "../protocol/making.ts";
import { accountOf, promised } from "../protocol/promising.ts";

const CHARITY = "GB-CHC-1164883";
const OTHER_CHAIN = 8;
const KEY = bytesOf("the key that promises");
const DAY_S = 24 * 3600;
const WEEK_S = 7 * DAY_S;
/** As the contract has it of an account that promises. */
const IN_FORCE = 2 ** 48 - 1;

describe("an audit of a ledger that has moved", function () {
  this.timeout(120_000);
  let url: string;
  let operator: Operator;
  const stops: (() => Promise<unknown>)[] = [];

  before(async () => {
    const { chain, operator: own } = await startAuditChain();
    [url, operator] = [chain.url, own];
    stops.push(() => chain.stop());
  });

  after(async () => {
    for (const stop of stops.reverse()) await stop();
  });

  async function ledgerOf(...amounts: bigint[][]): Promise<AuditLedger> {
    const ledger = await AuditLedger.make(operator);
    for (const some of amounts) await ledger.seal(gifts(CHARITY, some));
    stops.push(() => ledger.remove());
    return ledger;
  }

  const nameSuccessor = (old: AuditLedger, next: AuditLedger, lastGood: bigint, chainId = 31337) =>
    old.write("nameSuccessor", [chainId, next.contract, lastGood]);

  it("is of the successor, from the old contract's address, and says so everywhere", async () => {
    const old = await ledgerOf([10n, 20n], [30n]);
    const next = await old.moved();
    await nameSuccessor(old, next, 2n);
    await next.seal(gifts(CHARITY, [40n]));
    const report = await auditOf(old, url);
    expect([report.verdict, report.contract, report.batches]).to.deep.equal(["clean", next.contract, 3n]);
    expect(tell(report).join("\n")).to.include(
      `moved there from ${old.contract.toLowerCase()} on chain 31337, good up to batch 2`,
    );
    expect(tell(report).join("\n")).to.include("the contracts that the ledger has left");
    expect(page(report)).to.include("which stands up to batch 2");
    expect(JSON.parse(reportJson(report)).movedFrom[0]).to.include({
      contract: old.contract.toLowerCase(),
      lastGoodBatch: "2",
    });
  });

  it("needs an endpoint of the other chain to which it has moved", async () => {
    const { chain, operator: there } = await startAuditChain();
    const elsewhere = await LyingEndpoint.before(chain.url);
    stops.push(
      () => chain.stop(),
      () => elsewhere.close(),
    );
    elsewhere.lie = (method, _, result) => (method === "eth_chainId" ? hex(OTHER_CHAIN) : result);
    const old = await ledgerOf([10n], [20n]);
    const next = await old.moved(there);
    await nameSuccessor(old, next, 2n, OTHER_CHAIN);
    const refused = await auditOf(old, url).catch((error: unknown) => error);
    expect(refused).to.include({ code: "successor-elsewhere" });
    const report = await auditOf(old, url, { furtherRpcs: [elsewhere.url] });
    expect([report.verdict, report.chainId, report.batches]).to.deep.equal(["clean", OTHER_CHAIN, 2n]);
  });

  it("takes a contract that was deployed before successors and faults as having none", async () => {
    const old = await ledgerOf([10n]);
    await old.prove(old.drafts[0]!, CHARITY);
    const before = await LyingEndpoint.before(url);
    const unknown = ["successor()", "faultOf(bytes32,bytes32)"].map((name) => toFunctionSelector(name));
    before.lie = (method, params, result) => {
      const data = (params?.[0] as { data?: string })?.data ?? "";
      if (method === "eth_call" && unknown.some((selector) => data.startsWith(selector)))
        throw new Error("execution reverted");
      return result;
    };
    expect((await auditOf(old, before.url)).verdict).to.equal("clean");
    await before.close();
  });

  it("is refused where successors lead in a circle, or into another ledger", async () => {
    const [old, other] = [await ledgerOf([10n]), await ledgerOf([10n])];
    const next = await old.moved();
    await nameSuccessor(old, next, 1n);
    await nameSuccessor(next, old, 1n);
    expect(await auditOf(old, url).catch((error: unknown) => error)).to.include({ code: "successor-circle" });
    const strayed = await ledgerOf([10n]);
    await nameSuccessor(strayed, other, 1n);
    expect(await auditOf(strayed, url).catch((error: unknown) => error)).to.include({
      code: "successor-of-another-ledger",
    });
  });

  it("finds roots that are others, or none, at the successor", async () => {
    const old = await ledgerOf([10n], [20n], [30n]);
    const rewritten = old.drafts.splice(1);
    const next = await old.moved();
    await next.seal(gifts(CHARITY, [5n]));
    old.drafts.push(...rewritten);
    await nameSuccessor(old, next, 3n);
    const report = await auditOf(old, url);
    const found = report.findings.filter(({ code }) => code === "moved-root-differs");
    expect(found.map(({ batch }) => batch)).to.deep.equal(["2", "3"]);
    expect(found[1]!.numbers.successor).to.equal("none");
  });

  it("finds a fault and a broken promise that the successor does not know of", async () => {
    const old = await ledgerOf([10n]);
    const draft = old.draft([gifts(CHARITY, [20n])]);
    Object.assign(draft.statement(CHARITY), { from: 5n, to: 25n });
    await old.anchor(draft);
    const next = await old.moved();
    await accuse(old, old.drafts[0]!, draft);
    const breach = promiseOf(old);
    // Before the opening a breach is carried over by the admin.
    await old.write("recordBreach", [breach.asked]);
    await nameSuccessor(old, next, 2n);
    const codes = codesOf(await auditOf(old, url));
    expect(codes).to.include.members(["fault-not-carried", "breach-not-carried", "line-overlap"]);
    await accuse(next, next.drafts[0]!, next.drafts[1]!);
    await next.write("recordBreach", [breach.asked]);
    const carried = codesOf(await auditOf(old, url));
    expect(carried).to.include.members(["line-at-fault", "promise-broken"]);
    expect(carried).not.to.include("fault-not-carried");
    expect(carried).not.to.include("breach-not-carried");
  });

  describe("with keys that promise", () => {
    const RETIRED = bytesOf("a key that has promised");
    let old: AuditLedger;
    let next: AuditLedger;
    let retiredAt: number;

    beforeEach(async () => {
      old = await ledgerOf([10n]);
      for (const key of [KEY, RETIRED]) await old.write("admitPromiser", [accountOf(key)]);
      await old.write("retirePromiser", [accountOf(RETIRED)]);
      retiredAt = (await old.read("promiserUntil", [accountOf(RETIRED)])) as number;
      next = await old.moved();
    });

    const node = () => createTestClient({ mode: "hardhat", transport: http(url) });
    /** Blocks may have one time here: what was told in the second of the opening is held against nobody. */
    const passSecond = () => node().increaseTime({ seconds: 1 });
    const passDays = (days: number) => node().increaseTime({ seconds: days * DAY_S });

    async function opened(): Promise<string[]> {
      await passDays(2);
      await next.write("open", []);
      await nameSuccessor(old, next, 1n);
      return codesOf(await auditOf(old, url));
    }
    const carry = (key: Uint8Array, until: number) => next.write("carryPromiser", [accountOf(key), until]);

    it("finds each whose word does not count at the successor", async () => {
      expect(await opened()).to.deep.equal(["promiser-not-carried"]);
      const { findings } = await auditOf(old, url);
      expect(findings.map(({ numbers }) => numbers.promiser)).to.have.members([KEY, RETIRED].map(accountOf));
    });

    it("finds one whose word ends sooner there", async () => {
      await carry(KEY, IN_FORCE);
      await carry(RETIRED, retiredAt - 1);
      expect(await opened()).to.deep.equal(["promiser-not-carried"]);
    });

    it("makes no finding of those that were carried over, nor when they are retired there", async () => {
      await carry(KEY, IN_FORCE);
      await carry(RETIRED, retiredAt);
      expect(await opened()).to.deep.equal([]);
      await next.write("retirePromiser", [accountOf(KEY)]);
      expect(codesOf(await auditOf(old, url))).to.deep.equal([]);
    });

    it("finds one that was admitted while the opening was on its way when a week has passed, and not before", async () => {
      await carry(KEY, IN_FORCE);
      await carry(RETIRED, retiredAt);
      await passDays(2);
      await old.write("admitPromiser", [accountOf(bytesOf("a key that crosses"))]);
      await passSecond();
      await next.write("open", []);
      await nameSuccessor(old, next, 1n);
      expect(codesOf(await auditOf(old, url))).to.deep.equal([]);
      await passDays(8);
      await node().mine({ blocks: 1 });
      expect(codesOf(await auditOf(old, url))).to.deep.equal(["promiser-not-carried"]);
    });

    it("makes none of one that was admitted when the successor was open, or is admitted there since", async () => {
      await carry(RETIRED, retiredAt);
      await passDays(2);
      await next.write("open", []);
      await old.write("admitPromiser", [accountOf(bytesOf("a late key"))]);
      await nameSuccessor(old, next, 1n);
      expect(codesOf(await auditOf(old, url))).to.deep.equal(["promiser-not-carried"]);
      await next.write("admitPromiser", [accountOf(KEY)]);
      expect(codesOf(await auditOf(old, url))).to.deep.equal([]);
    });
  });

  it("makes no finding of a fault that rests on a batch behind the last good one, and says that it was left behind", async () => {
    const old = await ledgerOf([10n]);
    const next = await old.moved();
    const stolen = old.draft([gifts(CHARITY, [20n])]);
    Object.assign(stolen.statement(CHARITY), { from: 5n, to: 25n });
    await old.anchor(stolen);
    await accuse(old, old.drafts[0]!, stolen);
    await nameSuccessor(old, next, 1n);
    const report = await auditOf(old, url);
    expect(codesOf(report)).to.deep.equal([]);
    expect(report.notChecked.join("\n")).to.match(/1 faults that rest on batches behind the last good one/);
  });

  describe("with a promise that is recorded as broken at the contract that it leaves", () => {
    let old: AuditLedger;
    let next: AuditLedger;
    let asked: ReturnType<typeof promiseOf>["asked"];
    let at: string;
    let passWeek: () => Promise<unknown>;

    beforeEach(async () => {
      const { chain, operator: there } = await startAuditChain();
      const node = createTestClient({ mode: "hardhat", transport: http(chain.url) });
      [at, passWeek] = [chain.url, () => node.increaseTime({ seconds: WEEK_S + 60 })];
      old = await AuditLedger.make(there);
      stops.push(
        () => chain.stop(),
        () => old.remove(),
      );
      await old.seal(gifts(CHARITY, [10n]));
      const promise = promiseOf(old);
      asked = promise.asked;
      await old.write("admitPromiser", [accountOf(KEY)]);
      await old.write("open", []);
      next = await old.moved();
      await next.write("carryPromiser", [accountOf(KEY), IN_FORCE]);
      await old.write("challenge", [asked, promise.deadline, [], promise.signature]);
    });

    async function isTold(): Promise<void> {
      const report = await auditOf(old, at);
      expect(codesOf(report)).to.deep.equal([]);
      expect(report.notChecked.join("\n")).to.match(/1 promises that contracts record as broken/);
    }

    it("makes no finding of what was recorded when the ledger had left, and says what it cannot tell", async () => {
      await next.write("open", []);
      await nameSuccessor(old, next, 1n);
      await passWeek();
      await old.write("recordBreach", [asked]);
      await isTold();
    });

    it("makes none of what was recorded between the successor's opening and its naming", async () => {
      await next.write("open", []);
      await passWeek();
      await old.write("recordBreach", [asked]);
      await nameSuccessor(old, next, 1n);
      await isTold();
    });

    it("makes one when the successor could still have taken it over", async () => {
      await passWeek();
      await old.write("recordBreach", [asked]);
      await passWeek();
      await next.write("open", []);
      await nameSuccessor(old, next, 1n);
      expect(codesOf(await auditOf(old, at))).to.deep.equal(["breach-not-carried"]);
    });

    it("makes one when the ledger lived on there behind the successor's opening", async () => {
      await next.write("open", []);
      await passWeek();
      const second = await old.seal(gifts(CHARITY, [20n]));
      await old.write("recordBreach", [asked]);
      await next.anchor(second);
      await nameSuccessor(old, next, 2n);
      expect(codesOf(await auditOf(old, at))).to.deep.equal(["breach-not-carried"]);
    });
  });

  describe("and of a contract that is not opened, with keys that promise and batches", () => {
    let ledger: AuditLedger;
    let there: Operator;
    let at: string;
    let elsewhere: LyingEndpoint;
    let passWeek: () => Promise<void>;

    before(async () => {
      const { chain, operator: own } = await startAuditChain();
      [at, there] = [chain.url, own];
      elsewhere = await LyingEndpoint.before(at);
      elsewhere.lie = (method, _, result) => (method === "eth_chainId" ? hex(OTHER_CHAIN) : result);
      const node = createTestClient({ mode: "hardhat", transport: http(at) });
      passWeek = async () => {
        await node.increaseTime({ seconds: WEEK_S + 60 });
        await node.mine({ blocks: 1 });
      };
      stops.push(
        () => chain.stop(),
        () => elsewhere.close(),
      );
    });

    beforeEach(async () => {
      ledger = await AuditLedger.make(there);
      await ledger.seal(gifts(CHARITY, [10n]));
    });

    afterEach(() => ledger.remove());

    it("finds that nothing of what is promised can be asked for", async () => {
      await ledger.write("admitPromiser", [accountOf(KEY)]);
      await passWeek();
      const report = await auditOf(ledger, elsewhere.url);
      expect(codesOf(report)).to.deep.equal(["contract-not-opened"]);
      expect(report.findings[0]!.numbers).to.include({ promisers: accountOf(KEY), batches: "1" });
      await ledger.write("open", []);
      expect(codesOf(await auditOf(ledger, elsewhere.url))).to.deep.equal([]);
    });

    it("finds nothing while a ledger may be moving there, on the demonstration chain, or without such a key", async () => {
      await passWeek();
      expect(codesOf(await auditOf(ledger, elsewhere.url))).to.deep.equal([]);
      await ledger.write("admitPromiser", [accountOf(KEY)]);
      expect(codesOf(await auditOf(ledger, at))).to.deep.equal([]);
      const moving = await ledger.moved();
      await moving.write("admitPromiser", [accountOf(KEY)]);
      expect(codesOf(await auditOf(moving, elsewhere.url))).to.deep.equal([]);
    });

    it("finds it of a successor, too, which an honest move opens before it is named", async () => {
      await ledger.write("admitPromiser", [accountOf(KEY)]);
      await ledger.write("open", []);
      const next = await ledger.moved();
      await next.write("admitPromiser", [accountOf(KEY)]);
      await nameSuccessor(ledger, next, 1n, OTHER_CHAIN);
      await passWeek();
      expect(codesOf(await auditOf(ledger, elsewhere.url))).to.deep.equal(["contract-not-opened"]);
    });
  });

  describe("and of challenges", () => {
    let ledger: AuditLedger;
    let endpoint: LyingEndpoint;

    before(async () => {
      ledger = await ledgerOf([10n]);
      const { asked, deadline, signature } = promiseOf(ledger);
      await ledger.write("admitPromiser", [accountOf(KEY)]);
      await ledger.write("open", []);
      await ledger.write("challenge", [asked, deadline, [], signature]);
      endpoint = await LyingEndpoint.before(url);
      stops.push(() => endpoint.close());
    });

    it("is clean while one can still be answered, and says that it is open", async () => {
      const report = await auditOf(ledger, url);
      expect(report.verdict).to.equal("clean");
      expect(report.notChecked.join("\n")).to.include("1 promised receipts that were asked for on chain");
    });

    it("finds one that is overdue", async () => {
      const later: Lie = (method, _, result) => {
        if (method !== "eth_getBlockByNumber") return result;
        const block = result as { timestamp: string };
        return { ...block, timestamp: hex(BigInt(block.timestamp) + BigInt(WEEK_S) + 60n) };
      };
      endpoint.lie = later;
      const report = await auditOf(ledger, endpoint.url);
      expect(codesOf(report)).to.deep.equal(["challenge-overdue"]);
      expect(report.findings[0]!.numbers).to.include({ amount: "50" });
      expect(tell(report).join("\n")).to.include("was asked for and not shown by");
    });

    it("finds events of a challenge that the contract does not bear out", async () => {
      endpoint.lie = allOf([
        changeEvents("Challenged", (args) => ({ ...args, promiseId: `0x${"77".repeat(32)}` }) as never),
      ]);
      expect(codesOf(await auditOf(ledger, endpoint.url))).to.deep.equal(["challenge-differs"]);
    });
  });
});

/** A promise of a receipt that no batch holds, as the contract takes it. */
function promiseOf({ id }: { id: Uint8Array }) {
  const receipt = makeReceipt("never recorded", {}, { charity: charityId(CHARITY) });
  const ledger = { id, chainId: 31337, contract: bytesOf("contract", 20) };
  const file = { ledger, receipt, details: {}, seal: null, expected: null, promise: null };
  const { promise } = promised(file, KEY, 1_790_000_000n);
  const asked = {
    ...{ leaf: toHex(promise.leaf), charity: toHex(promise.charity), unit: unitHex(), kind: GIFT },
    amount: promise.amount,
  };
  return { asked, deadline: promise.deadline, signature: toHex(promise.signature) };
}

/** Shows the contract that two statements contradict each other. */
async function accuse(ledger: AuditLedger, first: Draft, second: Draft): Promise<void> {
  const evidence = [first, second].flatMap((draft) => {
    const { registration: _, ...statement } = draft.statement(CHARITY);
    const proof = draft.tree().proof(statementLeaf(ledger.id, statement)).map(toHex);
    const { receiptsRoot } = statement;
    return [
      { ...statement, charity: charityHex(CHARITY), unit: unitHex(), receiptsRoot: toHex(receiptsRoot) },
      proof,
    ];
  });
  await ledger.write("proveContradiction", evidence);
}
