// Documents, period reports, merchants' totals and published signers: each fraud and each loss is found by its code.

import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import type { FindingCode } from "../../scripts/audit/catalogue.ts";
import type { AuditReport } from "../../scripts/audit/report.ts";
import type { AuditOptions } from "../../scripts/audit/run.ts";
import type { Completeness } from "../../server/programmes/completeness.ts";
import { toHex, utf8 } from "../../server/protocol/bytes.ts";
import { canonicalJson } from "../../server/protocol/details.ts";
import { keccak } from "../../server/protocol/hash.ts";
import { auditOf, codesAt, codesOf } from "../audit/auditing.ts";
import { BANK, cleanLedger, KEY, MERCHANT, merchantTotal, TOKEN } from "../audit/clean-ledger.ts";
import { gifts } from "../audit/drafts.ts";
import { AuditLedger, charityHex, startAuditChain } from "../audit/ledger.ts";

type Chain = Awaited<ReturnType<typeof startAuditChain>>;

const side = (from: string, to: string, receipts: string) => ({ from, to, receipts });
const NONE = side("0", "0", "0");

describe("an audit of documents", function () {
  this.timeout(60_000);
  let chain: Chain;
  let clean: AuditLedger;

  before(async () => {
    chain = await startAuditChain();
    clean = await cleanLedger(chain.operator);
  });
  after(async () => {
    await clean.remove();
    await chain.chain.stop();
  });

  describe("of spending reports", () => {
    let report: AuditReport;
    const FRAUDS: readonly {
      fraud: string;
      code: FindingCode;
      plant: (ledger: AuditLedger, charity: string) => Promise<`0x${string}`>;
    }[] = [
      {
        fraud: "a report that is not published",
        code: "report-missing",
        plant: async (ledger, charity) => {
          const hash = await ledger.report(charity, 0n, 10n);
          await rm(join(ledger.books, "documents", `${hash}.json`));
          return hash;
        },
      },
      {
        fraud: "a report altered behind the signature",
        code: "report-altered",
        plant: async (ledger, charity) => {
          const hash = await ledger.report(charity, 0n, 10n);
          const path = join(ledger.books, "documents", `${hash}.json`);
          await writeFile(path, (await readFile(path, "utf8")).replace('"count":"3"', '"count":"3000"'));
          return hash;
        },
      },
      {
        fraud: "a report that no batch timestamps",
        code: "report-without-notice",
        plant: async (ledger, charity) => {
          const other = await AuditLedger.make(chain.operator);
          Object.assign(other, { id: ledger.id, books: ledger.books });
          return other.report(charity, 0n, 10n);
        },
      },
      {
        fraud: "a report of less than was signed for",
        code: "report-false",
        plant: (ledger, charity) => ledger.report(charity, 0n, 10n, { parts: [{ from: "0", upTo: "9" }] }),
      },
      {
        fraud: "a report whose parts overlap",
        code: "report-false",
        plant: (ledger, charity) =>
          ledger.report(charity, 0n, 10n, {
            parts: [
              { from: "0", upTo: "6" },
              { from: "5", upTo: "10" },
            ],
          }),
      },
      {
        fraud: "a report in another charity's name",
        code: "report-false",
        plant: (ledger, charity) => ledger.report(charity, 0n, 10n, { charity: "GB-CHC-0" }),
      },
      {
        fraud: "a report of another ledger",
        code: "report-false",
        plant: (ledger, charity) => ledger.report(charity, 0n, 10n, { ledger: `0x${"00".repeat(32)}` }),
      },
    ];

    before(async () => {
      const ledger = await AuditLedger.make(chain.operator);
      const charities = FRAUDS.map((_, n) => `charity-${n}`);
      const reports: `0x${string}`[] = [];
      for (const [n, { plant }] of FRAUDS.entries()) reports.push(await plant(ledger, charities[n]!));
      const draft = await ledger.seal(...charities.map((charity) => gifts(charity, [10n])));
      for (const [n, charity] of charities.entries()) {
        await ledger.register(charity, KEY.address);
        await ledger.prove(draft, charity);
        await ledger.payBank(charity, 0n, 10n);
        await ledger.acknowledge(charity, KEY, 0n, 10n, 0n, 10n);
        await ledger.disburse(charity, KEY, 0n, 10n, reports[n]!);
      }
      report = await auditOf(ledger, chain.chain.url);
      await ledger.remove();
    });

    for (const [n, { fraud, code }] of FRAUDS.entries())
      it(`names ${fraud}: ${code}`, () => {
        expect(codesAt(report, { charity: charityHex(`charity-${n}`) })).to.deep.equal([code]);
      });
  });

  describe("of period reports and pledges", () => {
    let ledger: AuditLedger;

    beforeEach(async () => {
      ledger = await AuditLedger.make(chain.operator);
      await ledger.seal(gifts(BANK, [10n, 20n]), gifts(TOKEN, [5n]));
      await ledger.seal(gifts(BANK, [30n]));
    });
    afterEach(() => ledger.remove());

    const honest = () => ({
      ...{
        format: "amanah-period-report/1",
        ledger: toHex(ledger.id),
        fromBatch: "1",
        toBatch: "2",
        receipts: "4",
      },
      lines: [
        { charity: TOKEN, unit: "CNY", gifts: side("0", "5", "1"), reversals: NONE },
        { charity: BANK, unit: "CNY", gifts: side("0", "60", "3"), reversals: NONE },
      ],
    });

    const FALSE: readonly [string, FindingCode, () => object][] = [
      [
        "more given than the books hold",
        "period-report-false",
        () => ({
          ...honest(),
          lines: [{ ...honest().lines[1], gifts: side("0", "70", "3") }, honest().lines[0]],
        }),
      ],
      ["fewer receipts", "period-report-false", () => ({ ...honest(), receipts: "3" })],
      ["a line left out", "period-report-false", () => ({ ...honest(), lines: honest().lines.slice(1) })],
      [
        "a line invented",
        "period-report-false",
        () => ({ ...honest(), lines: [...honest().lines, { ...honest().lines[0], unit: "USD" }] }),
      ],
      ["batches that are not sealed yet", "period-report-false", () => ({ ...honest(), toBatch: "9" })],
      ["another ledger", "period-report-false", () => ({ ...honest(), ledger: `0x${"00".repeat(32)}` })],
      ["what is no report", "period-report-false", () => ({ format: "amanah-period-report/1", lines: {} })],
      [
        "batches left out before it",
        "period-report-gap",
        () => ({
          ...honest(),
          fromBatch: "2",
          receipts: "1",
          lines: [{ charity: BANK, unit: "CNY", gifts: side("30", "60", "1"), reversals: NONE }],
        }),
      ],
    ];

    for (const [fraud, code, body] of FALSE)
      it(`names a report with ${fraud}: ${code}`, async () => {
        await ledger.record("period", body());
        await ledger.seal(gifts(BANK, [1n]));
        expect(codesOf(await auditOf(ledger, chain.chain.url))).to.deep.equal([code]);
      });

    it("finds nothing in reports that follow on one another", async () => {
      await ledger.record("period", honest());
      await ledger.seal(gifts(BANK, [1n]));
      const lines = [{ charity: BANK, unit: "CNY", gifts: side("60", "61", "1"), reversals: NONE }];
      await ledger.record("period", { ...honest(), fromBatch: "3", toBatch: "3", receipts: "1", lines });
      await ledger.seal(gifts(TOKEN, [1n]));
      expect(codesOf(await auditOf(ledger, chain.chain.url))).to.deep.equal([]);
    });

    it("names documents that are missing or altered", async () => {
      const [lost, altered] = [
        await ledger.record("pledge", { terms: 1 }),
        await ledger.record("pledge", { terms: 2 }),
      ];
      await ledger.seal(gifts(BANK, [1n]));
      await rm(join(ledger.books, "documents", `${lost}.json`));
      await writeFile(join(ledger.books, "documents", `${altered}.json`), '{"terms":3}');
      expect(codesOf(await auditOf(ledger, chain.chain.url))).to.deep.equal([
        "document-altered",
        "document-missing",
      ]);
    });
  });

  describe("of merchants' totals", () => {
    const ORDERS = [1, 2, 3].map((n) => ({ order: `D11-${n}`, paid: 2000n, currency: "CNY" }));

    const told = (changed: object = {}): Completeness => {
      const total = { ...merchantTotal(clean), ...changed };
      const hash = toHex(keccak(utf8(canonicalJson(total))));
      const subject = toHex(
        keccak(Uint8Array.from([...utf8(MERCHANT), ...Buffer.from(total.salt.slice(2), "hex")])),
      );
      const orders = ORDERS.map(({ order }) => order);
      return {
        format: "amanah-completeness/1",
        merchant: MERCHANT,
        day: total.day,
        total,
        hash,
        subject,
        batch: "2",
        orders,
        erasedOrders: "0",
      } as Completeness;
    };
    const found = async (options: Partial<AuditOptions>) =>
      codesOf(await auditOf(clean, chain.chain.url, options));

    it("finds nothing where they agree with the merchant's own orders", async () => {
      expect(await found({ merchants: [told()], orders: ORDERS })).to.deep.equal([]);
      expect(await found({ merchants: [told()], orders: null })).to.deep.equal([]);
    });

    it("names the merchant's missing order: merchant-order-missing", async () => {
      const report = await auditOf(clean, chain.chain.url, {
        merchants: [told()],
        orders: [...ORDERS, { order: "D11-4", paid: 100n, currency: "CNY" }],
      });
      expect(codesOf(report)).to.deep.equal(["merchant-order-missing", "merchant-total-false"]);
      expect(report.findings.find(({ code }) => code === "merchant-order-missing")?.numbers).to.include({
        order: "D11-4",
      });
    });

    it("names an order that the merchant does not have: merchant-order-unknown", async () => {
      expect(await found({ merchants: [told()], orders: ORDERS.slice(1) })).to.include(
        "merchant-order-unknown",
      );
    });

    it("names a total that no batch timestamps: merchant-total-unpublished", async () => {
      expect(await found({ merchants: [told({ purchases: "2" })], orders: null })).to.include(
        "merchant-total-unpublished",
      );
      expect(await found({ merchants: [{ ...told(), batch: "3" }], orders: null })).to.deep.equal([
        "merchant-total-unpublished",
      ]);
    });

    it("names purchases missing between two days: merchant-sequence-gap", async () => {
      const next = told({ day: "2026-09-22", purchases: "2", last: "6" });
      expect(await found({ merchants: [told(), next], orders: null })).to.include("merchant-sequence-gap");
    });
  });

  describe("of signers that charities publish", () => {
    const found = async (signers: Record<string, string>) =>
      codesOf(await auditOf(clean, chain.chain.url, { signers }));

    it("finds nothing where they are those of the contract, in any case of letters", async () => {
      expect(await found({ [BANK]: KEY.address.toUpperCase().replace("0X", "0x") })).to.deep.equal([]);
    });

    it("names another signer: signer-differs", async () => {
      expect(await found({ [BANK]: chain.operator.account.address })).to.deep.equal(["signer-differs"]);
    });

    it("names a charity that is not registered: signer-unregistered", async () => {
      expect(await found({ "GB-CHC-0": KEY.address })).to.deep.equal(["signer-unregistered"]);
    });
  });
});
