// Programmes documents and philanthropy reports under audit, in a ledger whose operator may publish whatever it likes.

import { expect } from "chai";
import { toHex as hex } from "viem";
import type { FindingCode } from "../../scripts/audit/catalogue.ts";
import { parsePhilanthropy } from "../../scripts/audit/philanthropy/published.ts";
import type { AuditReport } from "../../scripts/audit/report.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { canonicalJson } from "../../server/protocol/details.ts";
import { auditOf, codesOf } from "../audit/auditing.ts";
import { gifts } from "../audit/drafts.ts";
import { AuditLedger, startAuditChain } from "../audit/ledger.ts";
import { allOf, type Lie, LyingEndpoint } from "../audit/lying-endpoint.ts";

const CHARITY = "GB-CHC-1164883";
const sum = (amount: string, receipts: string) => ({ receipts, amount });

describe("an audit of what is published by programme, and of philanthropy reports", function () {
  this.timeout(60_000);
  let chain: Awaited<ReturnType<typeof startAuditChain>>;
  let ledger: AuditLedger;

  before(async () => {
    chain = await startAuditChain();
  });
  after(() => chain.chain.stop());
  beforeEach(async () => {
    ledger = await AuditLedger.make(chain.operator);
    await ledger.seal(gifts(CHARITY, [10n, 20n]));
    await ledger.seal(gifts(CHARITY, [30n]));
    await ledger.seal(gifts(CHARITY, [40n]));
  });
  afterEach(() => ledger.remove());

  const audited = () => auditOf(ledger, chain.chain.url);
  const document = (
    fromBatch: string,
    toBatch: string,
    amount: string,
    receipts: string,
    more: object = {},
  ) => ({
    ...{ format: "amanah-programmes/1", ledger: toHex(ledger.id), fromBatch, toBatch, merchants: [] },
    programmes: [
      {
        programme: "steps",
        charity: CHARITY,
        unit: "CNY",
        gifts: sum(amount, receipts),
        reversals: sum("0", "0"),
      },
    ],
    ...more,
  });

  const CASES: readonly [string, FindingCode[], () => object[]][] = [
    [
      "nothing in documents that follow on one another",
      [],
      () => [document("1", "2", "60", "3"), document("3", "3", "40", "1")],
    ],
    ["nothing where the last batches wait for theirs", [], () => [document("1", "1", "30", "2")]],
    ["one fen too many", ["programmes-false"], () => [document("1", "2", "61", "3")]],
    ["one receipt too few", ["programmes-false"], () => [document("1", "2", "60", "2")]],
    [
      "batches that are told twice",
      ["programmes-false"],
      () => [document("1", "2", "60", "3"), document("2", "3", "70", "2")],
    ],
    [
      "receipts that are left out between two",
      ["programmes-gap"],
      () => [document("1", "1", "30", "2"), document("3", "3", "40", "1")],
    ],
    ["batches that were not sealed yet", ["programmes-false"], () => [document("1", "9", "60", "3")]],
    [
      "another ledger",
      ["programmes-false"],
      () => [document("1", "1", "30", "2", { ledger: `0x${"00".repeat(32)}` })],
    ],
    ["what is no such document", ["programmes-false"], () => [document("1", "1", "-30", "2")]],
    [
      "merchants who gave more than was given",
      ["programmes-false"],
      () => [
        document("1", "1", "30", "2", {
          merchants: [
            {
              merchant: "tea",
              charity: CHARITY,
              unit: "CNY",
              gifts: sum("31", "1"),
              reversals: sum("0", "0"),
            },
          ],
        }),
      ],
    ],
  ];

  for (const [what, codes, bodies] of CASES)
    it(`finds ${what}`, async () => {
      for (const body of bodies()) await ledger.record("programmes", body);
      await ledger.seal(gifts(CHARITY, [1n]));
      expect(codesOf(await audited())).to.deep.equal(codes);
    });

  const report = (asOf: object) => ({
    ...{ format: "amanah-philanthropy-report/1", ledger: toHex(ledger.id), period: { from: "0", upTo: "1" } },
    asOf: { block: "1", ...asOf },
  });

  it("finds every figure that a report leaves out", async () => {
    const { hash } = await chain.operator.getBlock({ blockNumber: 1n });
    await ledger.record("philanthropy", report({ hash }));
    await ledger.seal(gifts(CHARITY, [1n]));
    const { findings } = await audited();
    expect(findings.map(({ code }) => code)).to.include("philanthropy-report-false");
    expect(findings.map(({ numbers }) => numbers.figure)).to.include("asOf.contract");
  });

  it("finds what calls itself a report and is none", async () => {
    await ledger.record("philanthropy", { format: "amanah-philanthropy-report/1", period: "all" });
    await ledger.seal(gifts(CHARITY, [1n]));
    expect(codesOf(await audited())).to.deep.equal(["philanthropy-report-false"]);
  });

  it("reads nothing in which a member may stand twice", () => {
    const read = (told: string) => parsePhilanthropy(Buffer.from(told));
    const told = canonicalJson(report({}));
    expect(read(told)).to.deep.equal(report({}));
    expect(read(told.replace("{", '{"units":[],'))).to.equal(undefined);
    expect(read(told.replace("{", '{"format":"amanah-philanthropy-report/1",'))).to.equal(undefined);
  });

  describe("by a contract that was opened with batches, of a report that names one as left before", () => {
    const ELSEWHERE = 8;
    const NOBODY = `0x${"ab".repeat(20)}`;
    /** Code that puts code in place which refuses every call. */
    const REFUSING = "0x625f5ffd5f526003601df3";
    const asElsewhere: Lie = (method, _, result) => (method === "eth_chainId" ? hex(ELSEWHERE) : result);
    const refusing: Lie = (method, _, result) => {
      if (method === "eth_call") throw new Error("missing trie node");
      return result;
    };
    const withTime =
      (which: string, time: bigint): Lie =>
      (method, [block], result) =>
        method === "eth_getBlockByNumber" && block === which
          ? { ...(result as object), timestamp: hex(time) }
          : result;
    let elsewhere: LyingEndpoint;
    let next: AuditLedger;

    before(async () => {
      elsewhere = await LyingEndpoint.before(chain.chain.url);
    });
    after(() => elsewhere.close());
    beforeEach(async () => {
      elsewhere.lie = asElsewhere;
      next = await ledger.moved();
      await next.write("open", []);
    });

    async function auditNaming(contract: string, more: object = {}, asOf: object = {}) {
      const named = {
        chainId: `${ELSEWHERE}`,
        contract: contract.toLowerCase(),
        lastGoodBatch: "3",
        ...more,
      };
      const home = { chainId: "31337", contract: next.contract.toLowerCase() };
      const { hash } = await chain.operator.getBlock({ blockNumber: 1n });
      await next.record("philanthropy", { ...report({ ...home, hash, ...asOf }), earlier: [named] });
      await next.seal(gifts(CHARITY, [1n]));
      return await auditOf(next, chain.chain.url, { furtherRpcs: [elsewhere.url] });
    }
    const nameNext = (chainId = 31337, lastGood = 3n) =>
      ledger.write("nameSuccessor", [chainId, next.contract, lastGood]);
    const expectFalse = ({ findings }: AuditReport, found: string) => {
      expect(findings.map(({ code }) => code)).to.deep.equal(["philanthropy-report-false"]);
      expect(findings[0]!.numbers).to.include({ figure: "earlier" });
      expect(findings[0]!.numbers.found).to.include(found);
    };
    const expectUnchecked = (audit: AuditReport) => {
      expect(codesOf(audit)).to.deep.equal([]);
      expect(audit.notChecked.join()).to.match(/1 philanthropy reports that rest on contracts/);
    };

    it("finds an address at which there is no contract", async () => {
      expectFalse(await auditNaming(NOBODY), "no ledger's contract");
    });

    it("finds a contract that is no ledger's", async () => {
      const hash = await chain.operator.sendTransaction({ data: REFUSING });
      const { contractAddress } = await chain.operator.waitForTransactionReceipt({ hash });
      expectFalse(await auditNaming(contractAddress!), "no ledger's contract");
    });

    it("finds a contract of another ledger", async () => {
      const other = await AuditLedger.make(chain.operator);
      expectFalse(await auditNaming(other.contract), "a contract of the ledger");
      await other.remove();
    });

    it("finds one that names another successor, or other batches as good", async () => {
      await nameNext(9);
      expectFalse(await auditNaming(ledger.contract), "on chain 9 as its successor");
    });

    it("finds one that stands up to another batch than it says", async () => {
      await nameNext();
      expectFalse(await auditNaming(ledger.contract, { lastGoodBatch: "2" }), "good up to batch 3");
    });

    it("finds what is no contract's name", async () => {
      expectFalse(await auditNaming(ledger.contract, { chainId: 8 }), "no contract's name");
    });

    it("makes no finding of the true one, before and after it has named its successor", async () => {
      expectUnchecked(await auditNaming(ledger.contract));
      await nameNext();
      expectUnchecked(await auditOf(next, chain.chain.url, { furtherRpcs: [elsewhere.url] }));
    });

    it("makes none where no endpoint can be asked, or only one of demonstration chains", async () => {
      expectUnchecked(await auditNaming(NOBODY, { chainId: "10" }));
      const { notChecked, counts } = await auditNaming(NOBODY, { chainId: "31337" });
      expect(counts).to.deep.equal([]);
      expect(notChecked.join()).to.match(/2 philanthropy reports that rest on contracts/);
    });

    it("makes none where the endpoint fails, or is behind, or its chain has begun anew since", async () => {
      expectFalse(await auditNaming(NOBODY), "no ledger's contract");
      for (const lie of [refusing, withTime("latest", 1n), withTime(hex(1), 2n ** 40n)]) {
        elsewhere.lie = allOf([asElsewhere, lie]);
        expectUnchecked(await auditOf(next, chain.chain.url, { furtherRpcs: [elsewhere.url] }));
      }
    });

    it("makes none of a report as of another chain's contract at the same address", async () => {
      expectUnchecked(await auditNaming(NOBODY, {}, { chainId: "10" }));
    });
  });

  it("says of a report as of a block of a demonstration chain that is gone that it was not checked", async () => {
    await ledger.record("philanthropy", report({ hash: `0x${"ab".repeat(32)}` }));
    await ledger.seal(gifts(CHARITY, [1n]));
    const found = await audited();
    expect(codesOf(found)).to.deep.equal([]);
    expect(found.notChecked.join()).to.contain("1 philanthropy reports");
    expect(found.philanthropy).to.deep.equal([]);
  });
});
