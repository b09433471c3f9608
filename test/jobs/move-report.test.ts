// What a philanthropy report says of gifts that lived through a move: what the earlier contract was told of them stays as it
// was, though the new one records it again a month later; and an audit of both contracts comes to the same figures.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { Hex } from "viem";
import type { AuditReport } from "../../scripts/audit/report.ts";
import { BookShelf } from "../../server/jobs/book-shelf.ts";
import { newAddress } from "../../server/jobs/move/move.ts";
import { publishOldest } from "../../server/jobs/publish.ts";
import type { Period } from "../../server/programmes/philanthropy/facts.ts";
import { philanthropyPaper } from "../../server/programmes/philanthropy/paper.ts";
import type { PhilanthropyReport } from "../../server/programmes/philanthropy/report.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { recordDocument } from "../../server/store/documents.ts";
import { indexDonors } from "../../server/store/donors.ts";
import { movesReadUpTo } from "../../server/store/moved-events.ts";
import { reportPhilanthropy } from "../../server/store/philanthropy.ts";
import { watermarksOf } from "../../server/store/watermarks.ts";
import { auditOf, codesOf } from "../audit/auditing.ts";
import { Moving, OTHER_CHAIN } from "../chain/moving.ts";
import { acknowledge, disburse, payBank, register } from "../chain/statements.ts";
import { CHARITY, charityHex, eventually, log, signerOf } from "../chain/world.ts";

const LINE = { charity: charityId(CHARITY), unit: "CNY" };
const A_MONTH_S = 30n * 86_400n;
const AROUND_S = 600n;

describe("a philanthropy report over gifts from before a move", function () {
  this.timeout(120_000);
  let moving: Moving;
  let books: string;
  let period: Period;
  let contract: Hex;
  let earlier: PhilanthropyReport;
  let later: PhilanthropyReport;

  before(async () => {
    moving = await Moving.make();
    books = await mkdtemp(join(tmpdir(), "amanah-moved-books-"));
    const begun = unixNow();
    await live();
    period = { from: begun, upTo: unixNow() + 1n };
    // A period ends before the second that it names: what is closed from here on is behind it.
    await sleep(1_100);
    earlier = await report(moving.promised.contract, period);
    await moving.stop();
    await moveAMonthLater();
    await reportThere();
  });
  after(async () => {
    await moving.close();
    await rm(books, { recursive: true });
  });

  const unixNow = () => BigInt(Math.floor(Date.now() / 1000));
  const marked = (mark: "given" | "spent", at: bigint) =>
    eventually(mark, async () => (await watermarksOf(moving.world.sql, LINE))?.[mark] === at);

  /** Given, paid, signed for and spent, at the earlier contract. */
  async function live(): Promise<void> {
    const { world } = moving;
    const signer = signerOf(world.chain);
    const evidence = await recordSpending();
    moving.run();
    await moving.end(register(signer, charityHex()));
    const batch = await moving.give([50n, 70n]);
    await marked("given", 120n);
    await moving.end(payBank(0n, 120n));
    await moving.end(await acknowledge(signer, world.ledger.id, [0n, 120n], batch));
    await moving.end(await disburse(signer, world.ledger.id, [0n, 50n], evidence));
    await marked("spent", 50n);
  }

  async function recordSpending(): Promise<Hex> {
    const place = { country: "CN", name: "Yunnan" };
    const bought = [{ what: "hot lunches", count: "12", measure: "meals" }];
    const part = { from: "0", upTo: "50", project: "Lunches", place, bought, beneficiaries: 6 };
    const line = { charity: CHARITY, unit: "CNY", from: "0", upTo: "50" };
    const body = {
      format: "amanah-spending-report/1",
      ledger: toHex(moving.world.ledger.id),
      ...line,
      parts: [part],
    };
    const { hash } = await moving.world.sql.begin((tx) =>
      recordDocument(tx, { kind: "spending", subject: LINE.charity, body, isPublic: true }),
    );
    return toHex(hash);
  }

  async function moveAMonthLater(): Promise<void> {
    const node = moving.node(moving.next);
    await node.increaseTime({ seconds: Number(A_MONTH_S) });
    await node.mine({ blocks: 1 });
    contract = newAddress((await moving.move()).move) as Hex;
  }

  /** The same period, under a batch that the new contract has, with all books. */
  async function reportThere(): Promise<void> {
    const { world, next } = moving;
    const { sql, ledger } = world;
    const jobs = world.run(moving.settings(next.url, { CONTRACT_ADDRESS: contract }), next.url);
    later = await report(contract, period);
    const last = await world.seal();
    await eventually("all is anchored there", async () => (await world.stateOf(last)) === "final");
    await jobs.stop();
    const shelf = new BookShelf({ sql, ledger: ledger.id, folder: books, log });
    while (await publishOldest({ sql, ledger, shelf, log }));
  }

  async function report(of: string, asked: Period): Promise<PhilanthropyReport> {
    const { sql, ledger } = moving.world;
    await eventually("all is read", async () => {
      const read = await movesReadUpTo(sql);
      const spent = await sql`SELECT FROM moved_events WHERE step = 'spent'`;
      return read !== undefined && toHex(read.contract) === of.toLowerCase() && spent.length === 1;
    });
    await indexDonors(sql, Buffer.alloc(32, 3));
    return JSON.parse((await reportPhilanthropy(sql, ledger.id, asked)).body);
  }

  const auditFrom = (url: string, from: string, furtherRpcs: string[] = []): Promise<AuditReport> =>
    auditOf({ contract: from as Hex, books }, url, { furtherRpcs });
  const auditBoth = () => auditFrom(moving.world.chain.url, moving.promised.contract, [moving.next.url]);

  it("is given, with the figures and times that it had before", () => {
    expect(later.asOf).to.include({ chainId: `${OTHER_CHAIN}`, contract: contract.toLowerCase() });
    expect(later.batches).to.deep.equal(earlier.batches);
    expect(later.units).to.deep.equal(earlier.units);
    expect(later.units[0]).to.include({ given: "120", paid: "120", acknowledged: "120", spent: "50" });
    expect(later.latencies).to.deep.equal(earlier.latencies);
    for (const { p99 } of later.latencies) expect(Number(p99)).to.be.below(Number(A_MONTH_S));
  });

  it("names the contracts that the ledger has left, on paper too", () => {
    const left = { chainId: "31337", contract: moving.promised.contract.toLowerCase(), lastGoodBatch: "1" };
    expect(earlier).not.to.have.property("earlier");
    expect(later.earlier).to.deep.equal([left]);
    const facts = philanthropyPaper(later, "3").facts.map(([name, value]) => `${name}: ${value}`);
    expect(facts).to.include(`Contract before: ${left.contract} on chain 31337, up to batch 1`);
  });

  it("tells of what was spent in the period in which it was reported", () => {
    const { reports, ...sums } = earlier.spending;
    expect(later.spending).to.deep.include(sums);
    expect(later.spending.reports.map(({ hash, at }) => [hash, at])).to.deep.equal(
      reports.map(({ hash, at }) => [hash, at]),
    );
    expect(reports).to.have.length(1);
  });

  it("is borne out, figure by figure, by an audit of both contracts", async () => {
    const audited = await auditBoth();
    expect(codesOf(audited)).to.deep.equal([]);
    expect(audited.philanthropy.map(({ differing }) => differing)).to.deep.equal([0]);
  });

  it("is not judged by an audit that begins with the new contract, and that says why", async () => {
    const audited = await auditFrom(moving.next.url, contract);
    expect(codesOf(audited)).to.deep.equal([]);
    expect(audited.philanthropy).to.deep.equal([]);
    expect(audited.notChecked.join()).to.match(
      /2 philanthropy reports that rest on contracts which the ledger left before/,
    );
  });

  it("tells of nothing spent in that in which the ledger moved", async () => {
    const moved = unixNow() + A_MONTH_S;
    const { spending } = await report(contract, { from: moved - AROUND_S, upTo: moved + AROUND_S });
    expect(spending.reports).to.deep.equal([]);
  });
});
