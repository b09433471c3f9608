// Philanthropy reports of a running service with a chain: every figure is reckoned here a second time, from the receipts'
// files, the contract and the charity's report, by the plainest means; then a real audit does it by its own.

import { expect } from "chai";
import { type AbiEvent, createPublicClient, http, parseAbi, parseAbiItem, stringToHex } from "viem";
import { page as htmlPage } from "../../scripts/audit/html/page.ts";
import type { AuditReport } from "../../scripts/audit/report.ts";
import { tell } from "../../scripts/audit/tell.ts";
import { closeNow } from "../../server/jobs/seal.ts";
import type { ProgrammesDocument } from "../../server/programmes/philanthropy/programmes-document.ts";
import type { PhilanthropyReport } from "../../server/programmes/philanthropy/report.ts";
import { type DocumentKind, recordDocument } from "../../server/store/documents.ts";
import { auditOf, codesOf } from "../audit/auditing.ts";
import { charityPath, type Gift } from "../support/charity.ts";
import { call } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { textOf } from "../support/pdf.ts";
import {
  type Made,
  makeReport,
  PARTS,
  type Philanthropy,
  playPhilanthropy,
} from "../support/philanthropy.ts";
import { keyFor } from "../support/shop.ts";

type File = {
  readonly receipt: {
    readonly id: string;
    readonly charity: string;
    readonly unit: string;
    readonly kind: number;
    readonly amount: string;
  };
  readonly details: { readonly programme: string; readonly merchant: string; readonly charity: string };
  readonly batch: string;
};

/** The same, for whoever tampers with it. */
type Open<T> = T extends object ? { -readonly [Name in keyof T]: Open<T[Name]> } : T;

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
const amountOf = (files: readonly File[]) => sum(files.map(({ receipt }) => Number(receipt.amount)));

describe("a philanthropy report", function () {
  this.timeout(120_000);
  let played: Philanthropy;
  let made: Made;
  let files: File[];
  let audited: AuditReport;

  before(async () => {
    played = await playPhilanthropy();
    made = await makeReport(played, played.begun);
    const own = [...played.gifts, ...played.others, played.reversal];
    files = await Promise.all(own.map(fileOf));
    audited = await auditNow();
  });
  after(() => played.service.stop());

  const fileOf = async ({ id, key }: Gift): Promise<File> => {
    const headers = { Authorization: `Receipt ${key}` };
    return (await call(`${played.service.url}/v1/receipts/${id}`, { headers })).body;
  };

  const client = () => createPublicClient({ transport: http(played.service.rpcUrl) });
  const contract = () => made.report.asOf.contract;
  const ofKind = (kind: number, charity?: string) =>
    files.filter(
      ({ receipt, details }) => receipt.kind === kind && (charity ?? details.charity) === details.charity,
    );

  /** What the contract itself says of a line now; nothing has moved since the report. */
  async function line(charity: `0x${string}`) {
    const abi = parseAbi([
      "function line(bytes32,bytes32) view returns (uint64,uint64,uint64,uint64,uint64,uint64)",
    ]);
    const args = [charity, stringToHex("CNY", { size: 32 })] as const;
    const marks = await client().readContract({ address: contract(), abi, functionName: "line", args });
    return { paid: Number(marks[2]), acknowledged: Number(marks[4]), spent: Number(marks[5]) };
  }

  /** Closes what is open, waits until its book is there and anchored, and audits from public files. */
  async function auditNow(): Promise<AuditReport> {
    const { sql, services, rpcUrl } = played.service;
    const [open] = await sql<{ number: bigint }[]>`SELECT number FROM open_batch`;
    await closeNow(sql);
    await eventually("all is anchored and published", async () => {
      const rows = await sql`
        SELECT FROM batches JOIN books ON batch = number WHERE number >= ${open?.number ?? 0n} AND state = 'final'`;
      return rows.length > 0;
    });
    return await auditOf({ contract: contract(), books: services.books.folder }, rpcUrl);
  }

  describe("whose figures are reckoned again from receipts", () => {
    it("says of each charity how much was given and taken back, and how far the contract has come", async () => {
      for (const { registration, id } of [played.shown, played.hidden]) {
        const row = made.report.charities.find(({ charity }) => charity === registration);
        const [given, back] = [amountOf(ofKind(0, registration)), amountOf(ofKind(1, registration))];
        expect(row?.gifts).to.deep.equal({
          from: "0",
          to: `${given}`,
          receipts: `${ofKind(0, registration).length}`,
        });
        expect(Number(row?.reversals?.to ?? 0)).to.equal(back);
        const marks = await line(id);
        for (const mark of ["paid", "acknowledged", "spent"] as const) {
          expect(row?.[mark].upTo).to.equal(`${marks[mark]}`);
          expect(row?.[mark].amount).to.equal(`${Math.min(marks[mark], given)}`);
        }
      }
    });

    it("comes to all of it in each unit", async () => {
      const marks = await line(played.shown.id);
      expect(made.report.units).to.deep.equal([
        {
          ...{ unit: "CNY", gifts: `${ofKind(0).length}`, given: `${amountOf(ofKind(0))}` },
          ...{ reversals: `${ofKind(1).length}`, reversed: `${amountOf(ofKind(1))}` },
          ...{ paid: `${marks.paid}`, acknowledged: `${marks.acknowledged}`, spent: `${marks.spent}` },
        },
      ]);
    });

    it("names programmes as the receipts' details do", () => {
      const named = (kind: number) =>
        ofKind(kind).filter(({ details }) => details.programme === "goods-for-good");
      const told = (some: readonly File[]) => ({ receipts: `${some.length}`, amount: `${amountOf(some)}` });
      expect(made.report.programmes.rows).to.deep.equal([
        { programme: "goods-for-good", unit: "CNY", gifts: told(named(0)), reversals: told(named(1)) },
      ]);
    });

    it("names the merchant that shows its totals, and puts the others together", () => {
      const of = (merchant: string | null, kind: number) => {
        const some = ofKind(kind).filter(
          ({ details }) =>
            (details.merchant === played.shown.merchant ? details.merchant : null) === merchant,
        );
        return { receipts: `${some.length}`, amount: `${amountOf(some)}` };
      };
      const row = (merchant: string | null) => ({
        ...{ merchant, unit: "CNY", gifts: of(merchant, 0), reversals: of(merchant, 1) },
      });
      expect(made.report.merchants.rows).to.deep.equal([row(played.shown.merchant), row(null)]);
      expect(JSON.stringify(made.report)).not.to.contain(played.hidden.merchant);
    });

    it("sums up regions, outcomes and people as the charity's report has them", () => {
      const { regions, outcomes, beneficiaries } = made.report.spending;
      const region = (country: string, place: string | null) => {
        const row = regions.find((one) => one.country === country && one.place === place);
        return [row?.amount, row?.beneficiaries];
      };
      const length = ({ from, upTo }: (typeof PARTS)[number]) => Number(upTo) - Number(from);
      const inChina = PARTS.filter(({ place }) => place.country === "CN");
      expect(region("CN", null)).to.deep.equal([`${sum(inChina.map(length))}`, "30"]);
      expect(region("CN", "Yunnan")).to.deep.equal(["6000", "30"]);
      expect(region("CN", "Gansu")).to.deep.equal(["1000", null]);
      expect(region("ID", null)).to.deep.equal(["7000", "12"]);
      expect(region("ID", "Flores")).to.deep.equal(["7000", "12"]);
      expect(regions).to.have.length(5);
      expect(outcomes.map(({ what, count, measure }) => [what, count, measure])).to.deep.equal([
        ["hot lunches", "35.000001", "meals"],
        ["rice", "2.25", "tonnes"],
      ]);
      expect(beneficiaries).to.deep.equal({ people: "42", partsThatTell: "2", partsThatDoNot: "1" });
    });

    it("tells how long each fen took to each step", async () => {
      const seconds = await secondsOfEachFen();
      for (const { step, reached, of, ...told } of made.report.latencies) {
        const sorted = (seconds[step] ?? []).sort((a, b) => a - b);
        const rank = (percent: number) => sorted[Math.ceil((sorted.length * percent) / 100) - 1];
        expect([reached, of], step).to.deep.equal([`${sorted.length}`, `${amountOf(ofKind(0))}`]);
        expect([told.p50, told.p90, told.p99], step).to.deep.equal([50, 90, 99].map((p) => `${rank(p)}`));
      }
      expect(made.report.latencies.map(({ step }) => step)).to.deep.equal([
        "anchored",
        "paid",
        "acknowledged",
        "spent",
      ]);
    });

    /** One number for each fen that has reached a step: gifts lie in the order of batches, and there in that of their ids. */
    async function secondsOfEachFen(): Promise<Record<string, number[]>> {
      const taken: Record<string, number[]> = { anchored: [], paid: [], acknowledged: [], spent: [] };
      const eventTime = async (event: string, args = {}) => {
        const found = await client().getLogs({
          address: contract(),
          event: parseAbiItem(event) as AbiEvent,
          args,
          fromBlock: 0n,
        });
        return Number((await client().getBlock({ blockNumber: found[0]?.blockNumber ?? 0n })).timestamp);
      };
      const times = {
        paid: await eventTime(
          "event Paid(bytes32 indexed charity, bytes32 indexed unit, uint8 rail, uint64 from, uint64 upTo, uint64 netFrom, uint64 netTo, uint64 amount, address payee, bytes32 bankReference)",
        ),
        acknowledged: await eventTime(
          "event Acknowledged(bytes32 indexed charity, bytes32 indexed unit, (bytes32 charity, bytes32 unit, uint64 from, uint64 upTo, uint64 netTo, uint64 received, uint64 batch, bytes32 root) acknowledgement, address signer, bytes signature)",
        ),
        spent: await eventTime(
          "event Disbursed(bytes32 indexed charity, bytes32 indexed unit, (bytes32 charity, bytes32 unit, uint64 from, uint64 upTo, bytes32 evidence) disbursement, address signer, bytes signature)",
        ),
      };
      for (const { registration, id } of [played.shown, played.hidden]) {
        const marks = await line(id);
        const inOrder = ofKind(0, registration).sort(
          (a, b) => Number(a.batch) - Number(b.batch) || (a.receipt.id < b.receipt.id ? -1 : 1),
        );
        let position = 0;
        for (const { batch, receipt } of inOrder) {
          const { body } = await call(`${played.service.url}/v1/batches/${batch}`);
          const closed = Date.parse(body.closedAt) / 1000;
          const anchored = await eventTime("event BatchAnchored(uint64 indexed batch, bytes32 root)", {
            batch: BigInt(batch),
          });
          for (let fen = 0; fen < Number(receipt.amount); fen++, position++) {
            taken.anchored?.push(Math.max(anchored - closed, 0));
            for (const mark of ["paid", "acknowledged", "spent"] as const)
              if (position < marks[mark]) taken[mark]?.push(Math.max(times[mark] - closed, 0));
          }
        }
      }
      return taken;
    }

    it("names for each figure what proves it: batches, documents, transactions", async () => {
      const { batches, programmes, spending, charities, asOf } = made.report;
      const last = await call(`${played.service.url}/v1/batches/${batches?.to}`);
      expect(last.body.root).to.equal(batches?.root);
      for (const { hash } of [...programmes.documents, ...spending.reports])
        expect((await call(`${played.service.url}/v1/documents/${hash}`)).status).to.equal(200);
      for (const { paid, acknowledged, spent } of charities)
        for (const { transaction, upTo } of [paid, acknowledged, spent])
          if (upTo !== "0")
            expect((await client().getTransactionReceipt({ hash: transaction as never })).status).to.equal(
              "success",
            );
      expect((await client().getBlock({ blockNumber: BigInt(asOf.block) })).hash).to.equal(asOf.hash);
    });
  });

  describe("under audit", () => {
    it("bears itself out: each figure is recomputed from public files, and nothing is found", () => {
      expect(codesOf(audited)).to.deep.equal([]);
      const [recomputed] = audited.philanthropy;
      expect(recomputed?.hash).to.equal(made.hash);
      expect(recomputed?.differing).to.equal(0);
      expect(recomputed?.figures).to.be.greaterThan(100);
      expect(tell(audited).join("\n")).to.match(
        /[0-9]+ figures of the philanthropy report .* recomputed: all/,
      );
      expect(htmlPage(audited)).to.contain("figures recomputed, all as they should be");
    });

    const LIES: readonly [string, string, (report: Open<PhilanthropyReport>) => void][] = [
      [
        "more paid than the contract says",
        "charities[GB, CNY].paid.amount",
        (lie) => (lie.charities[0]!.paid.amount = "27500"),
      ],
      [
        "gifts of a programme that were not in it",
        "programmes.rows[goods-for-good, CNY].gifts.amount",
        (lie) => (lie.programmes.rows[0]!.gifts.amount = "31699"),
      ],
      [
        "more people than charities report",
        "spending.beneficiaries.people",
        (lie) => (lie.spending.beneficiaries.people = "4200"),
      ],
      [
        "meals that nobody reports",
        "spending.outcomes[hot lunches, meals].count",
        (lie) => (lie.spending.outcomes[0]!.count = "36"),
      ],
      ["a faster payout", "latencies[CNY, paid].p99", (lie) => (lie.latencies[1]!.p99 = "0.5")],
      ["a charity left out", "charities[GB, CNY].gifts.to", (lie) => lie.charities.shift()],
      [
        "a region that nobody reports",
        "spending.regions[CN, Tibet, CNY].amount",
        (lie) => lie.spending.regions.push({ ...lie.spending.regions[1]!, place: "Tibet" }),
      ],
    ];

    it("is found false, figure by figure, where it lies", async () => {
      for (const [, , plant] of LIES) {
        const lie = structuredClone(made.report) as Open<PhilanthropyReport>;
        plant(lie);
        await record("philanthropy", lie);
      }
      const report = await auditNow();
      expect(codesOf(report)).to.deep.equal(["philanthropy-report-false"]);
      const figures = report.findings.map(({ numbers }) => numbers.figure);
      for (const [lie, figure] of LIES)
        expect(figures, lie).to.include(figure.replace("GB", played.shown.registration));
      expect(report.philanthropy.filter(({ differing }) => differing > 0)).to.have.length(LIES.length);
    });

    it("is found out where the sums by programme are not those of the books", async () => {
      const [published] = made.report.programmes.documents;
      const { body } = await call(`${played.service.url}/v1/documents/${published?.hash}`);
      const lie = structuredClone(body) as Open<ProgrammesDocument>;
      lie.programmes[0]!.gifts.amount = "1";
      await record("programmes", lie);
      const report = await auditNow();
      expect(codesOf(report)).to.include("programmes-false");
      const says = report.findings.filter(({ code }) => code === "programmes-false").map((one) => one.says);
      expect(says.join()).to.match(/: 1 in 5 receipts by programme, 27500 in 5 in the books/);
    });

    const record = (kind: DocumentKind, body: unknown) =>
      played.service.sql.begin((tx) => recordDocument(tx, { kind, body, isPublic: true }));
  });

  it("rests on events that are read anew where the chain has another block than the one that was read", async () => {
    const { sql } = played.service;
    const events = () => sql`SELECT block, log, step, upto, at FROM moved_events ORDER BY block, log`;
    const before = [...(await events())];
    await sql`UPDATE moves_read SET hash = ${Buffer.alloc(32)}, block = block - 1`;
    await sql`UPDATE moved_events SET at = 0`;
    await eventually(
      "all is read again",
      async () => (await sql`SELECT FROM moved_events WHERE at = 0`).length === 0,
    );
    await eventually("as it was", async () => (await events()).length === before.length);
    expect([...(await events())]).to.deep.equal(before);
  });

  describe("as a resource", () => {
    const path = () => `${played.service.url}/v1/philanthropy-reports`;

    it("is listed, and read as it was hashed", async () => {
      const { body } = await call(path());
      expect(body.items.map(({ hash }: { hash: string }) => hash)).to.include(made.hash);
      const read = await call(`${path()}/${made.hash}`);
      expect(read.body).to.deep.equal(made.report);
    });

    it("is a paper that says the same, with its hash and what proves it", async () => {
      const answer = await fetch(`${path()}/${made.hash}/pdf`);
      expect(answer.headers.get("content-type")).to.equal("application/pdf");
      const bytes = Buffer.from(await answer.arrayBuffer());
      const text = textOf(bytes);
      for (const said of [
        "Philanthropy report",
        "275.00 CNY",
        "200.00 CNY",
        "goods-for-good",
        played.shown.merchant,
      ])
        expect(text).to.contain(said);
      expect(text.replace(/\s/g, "")).to.contain(made.hash);
    });

    it("is refused for a period that is not over, that is none, or that is told without its offset", async () => {
      const ask = async (from: string, upTo: string) => {
        const { status, body } = await call(path(), {
          key: played.service.operatorKey,
          body: { from, upTo },
        });
        return [status, body.field ?? body.errors?.[0]?.field];
      };
      expect(await ask("2026-01-01T00:00:00Z", "2999-01-01T00:00:00Z")).to.deep.equal([422, "upTo"]);
      expect(await ask("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z")).to.deep.equal([422, "upTo"]);
      expect(await ask("2026-01-01", "2026-01-02T00:00:00Z")).to.deep.equal([422, "from"]);
    });

    it("is made by the operator alone", async () => {
      const key = await keyFor(played.service, "charity", played.shown.registration);
      const body = { from: "2026-01-01T00:00:00Z", upTo: "2026-01-02T00:00:00Z" };
      expect((await call(path(), { body })).status).to.equal(401);
      expect((await call(path(), { key, body })).status).to.equal(403);
    });

    it("is empty for a period in which no batch was closed", async () => {
      const { report } = await makeReport(played, 1_600_000_000, 1_600_086_400);
      expect([report.batches, report.units, report.charities]).to.deep.equal([null, [], []]);
      expect(report.spending.reports).to.deep.equal([]);
    });

    it("is refused for a period that cuts through what was published together by programme", async () => {
      const { body } = await call(`${played.service.url}/v1/batches/2`);
      const second = Math.floor(Date.parse(body.closedAt) / 1000);
      const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
      const asked = { from: iso(second), upTo: iso(second + 1) };
      const answer = await call(path(), { key: played.service.operatorKey, body: asked });
      expect([answer.status, answer.body.type]).to.deep.equal([
        409,
        "urn:amanah:problem:period-cuts-document",
      ]);
    });

    it("takes no report of spending that counts people in halves", async () => {
      const parts = [{ ...PARTS[0], from: "14000", upTo: "14001", beneficiaries: 1.5 }];
      const body = { unit: "CNY", from: "14000", upTo: "14001", parts };
      const answer = await call(charityPath(played.service, played.shown, "/disbursements"), {
        key: played.shown.key,
        body,
      });
      expect(answer.status).to.equal(422);
      expect(JSON.stringify(answer.body)).to.contain("beneficiaries");
    });
  });
});
