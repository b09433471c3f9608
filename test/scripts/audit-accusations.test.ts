// What an audit finds and the contract can be convinced of, it accuses of: each call is in the report, ready to be sent, and
// convicts the line that it is about. What an audit finds besides has none.

import { expect } from "chai";
import type { Hex } from "viem";
import { page } from "../../scripts/audit/html/page.ts";
import { type AuditReport, reportJson } from "../../scripts/audit/report.ts";
import { tell } from "../../scripts/audit/tell.ts";
import { LEDGER_ABI } from "../../server/chain/abi.ts";
import { faultNumbered } from "../../server/protocol/faults.ts";
import { auditOf, codesAt, codesOf } from "../audit/auditing.ts";
import { cleanLedger } from "../audit/clean-ledger.ts";
import { gifts } from "../audit/drafts.ts";
import { type AuditLedger, charityHex, startAuditChain, unitHex } from "../audit/ledger.ts";
import { HONEST, LIES, lyingLedger } from "../audit/lies.ts";

describe("an audit of what the contract can be convinced of", function () {
  this.timeout(60_000);
  let chain: Awaited<ReturnType<typeof startAuditChain>>;
  let ledger: AuditLedger;
  let report: AuditReport;

  before(async () => {
    chain = await startAuditChain();
    ledger = await lyingLedger(chain.operator);
    await ledger.anchor(ledger.draft([gifts(HONEST, [1n])]));
    report = await auditOf(ledger, chain.chain.url);
  });
  after(async () => {
    await ledger.remove();
    await chain.chain.stop();
  });

  const findingOf = (charity: string, code: string) =>
    report.findings.find((each) => each.charity === charityHex(charity) && each.code === code)!;

  async function faultOf(charity: string) {
    const args = [charityHex(charity), unitHex()] as const;
    const { contract: address } = ledger;
    return faultNumbered(
      await chain.operator.readContract({ address, abi: LEDGER_ABI, functionName: "faultOf", args }),
    );
  }

  async function send(to: Hex, data: Hex): Promise<string> {
    const hash = await chain.operator.sendTransaction({ to, data });
    return (await chain.operator.waitForTransactionReceipt({ hash })).status;
  }

  for (const { charity, fault, code } of LIES)
    it(`accuses of ${fault} where it found ${code}, and the contract convicts the line of it`, async () => {
      const { accusation } = findingOf(charity, code);
      expect(accusation?.contract).to.equal(ledger.contract.toLowerCase());
      expect(accusation?.says).to.match(/^(gifts|reversals) of CNY: .*\d/);
      expect(await faultOf(charity)).to.equal(null);
      expect(await send(accusation!.contract, accusation!.data)).to.equal("success");
      expect(await faultOf(charity)).to.equal(fault);
    });

  it("tells in words, in the page and as JSON how they are brought to the contract", () => {
    const text = tell(report).join("\n");
    const html = page(report);
    expect(text).to.match(/^ {2}⚖ batch 2, 0x[0-9a-f]{64}, CNY: gifts of batch 2: it begins at 5/m);
    expect(text).to.contain(`npm run fault -- --books ${ledger.books} --contract`);
    const { accusation } = findingOf(LIES[0]!.charity, LIES[0]!.code);
    expect(html).to.contain("can be proven").and.to.contain(accusation!.data);
    const json = JSON.parse(reportJson(report)) as { findings: { accusation: object | null }[] };
    expect(json.findings.filter((each) => each.accusation !== null)).to.have.length.at.least(LIES.length);
  });

  it("accuses no honest line, and of nothing that the contract could not judge", async () => {
    expect(codesAt(report, { charity: charityHex(HONEST) })).to.deep.equal([]);
    const zero = report.findings.filter(({ code }) => code === "amount-zero");
    expect(zero.map(({ accusation }) => accusation)).to.deep.equal([null]);
    const clean = await cleanLedger(chain.operator);
    const cleanReport = await auditOf(clean, chain.chain.url);
    expect(cleanReport.findings).to.deep.equal([]);
    expect(tell(cleanReport).join("\n")).not.to.contain("npm run fault");
    await clean.remove();
  });

  it("finds proven faults in the contract, and accuses of them no more", async () => {
    const again = await auditOf(ledger, chain.chain.url);
    expect(codesOf(again)).to.include("line-at-fault").and.not.to.include("fault-differs");
    const convicted = again.findings.filter(({ code }) => code === "line-at-fault");
    expect(convicted.map(({ charity }) => charity)).to.have.members(
      LIES.map((lie) => charityHex(lie.charity)),
    );
    expect(again.findings.filter(({ accusation }) => accusation !== null)).to.deep.equal([]);
  });
});
