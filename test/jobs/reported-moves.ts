// What tests of reports across moves stand on: a ledger that has paid, and whose charity has signed and spent; reports of it,
// and audits of the contracts in which it lived.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Hex } from "viem";
import type { AuditReport } from "../../scripts/audit/report.ts";
import type { EmbeddedChain } from "../../server/embedded/chain.ts";
import { BookShelf } from "../../server/jobs/book-shelf.ts";
import { publishOldest } from "../../server/jobs/publish.ts";
import type { Period } from "../../server/programmes/philanthropy/facts.ts";
import type { PhilanthropyReport } from "../../server/programmes/philanthropy/report.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { recordDocument } from "../../server/store/documents.ts";
import { indexDonors } from "../../server/store/donors.ts";
import { movesReadUpTo } from "../../server/store/moved-events.ts";
import { reportPhilanthropy } from "../../server/store/philanthropy.ts";
import { watermarksOf } from "../../server/store/watermarks.ts";
import { auditOf } from "../audit/auditing.ts";
import { Moving } from "../chain/moving.ts";
import { acknowledge, disburse, payBank, register } from "../chain/statements.ts";
import { CHARITY, charityHex, log, signerOf } from "../chain/world.ts";
import { eventually } from "../support/eventually.ts";

const LINE = { charity: charityId(CHARITY), unit: "CNY" };

export const unixNow = () => BigInt(Math.floor(Date.now() / 1000));

export class ReportedMoves {
  readonly moving: Moving;
  readonly #books: string;

  private constructor(moving: Moving, books: string) {
    this.moving = moving;
    this.#books = books;
  }

  static async make(): Promise<ReportedMoves> {
    return new ReportedMoves(await Moving.make(), await mkdtemp(join(tmpdir(), "amanah-moved-books-")));
  }

  async close(): Promise<void> {
    await this.moving.close();
    await rm(this.#books, { recursive: true });
  }

  readonly marked = (mark: "given" | "paid" | "spent", at: bigint) =>
    eventually(`${mark} ${at}`, async () => (await watermarksOf(this.moving.world.sql, LINE))?.[mark] === at);

  /** Given, paid, signed for and spent, at the first contract. */
  async live(): Promise<void> {
    const { moving, marked } = this;
    const { world } = moving;
    const signer = signerOf(world.chain);
    const evidence = await this.#recordSpending();
    moving.run();
    await moving.end(register(signer, charityHex()));
    const batch = await moving.give([50n, 70n]);
    await marked("given", 120n);
    await moving.end(payBank(0n, 120n));
    await moving.end(await acknowledge(signer, world.ledger.id, [0n, 120n], batch));
    await moving.end(await disburse(signer, world.ledger.id, [0n, 50n], evidence));
    await marked("spent", 50n);
  }

  async #recordSpending(): Promise<Hex> {
    const { sql, ledger } = this.moving.world;
    const place = { country: "CN", name: "Yunnan" };
    const bought = [{ what: "hot lunches", count: "12", measure: "meals" }];
    const part = { from: "0", upTo: "50", project: "Lunches", place, bought, beneficiaries: 6 };
    const line = { charity: CHARITY, unit: "CNY", from: "0", upTo: "50" };
    const body = { format: "amanah-spending-report/1", ledger: toHex(ledger.id), ...line, parts: [part] };
    const { hash } = await sql.begin((tx) =>
      recordDocument(tx, { kind: "spending", subject: LINE.charity, body, isPublic: true }),
    );
    return toHex(hash);
  }

  /** Of a period, as of a contract, all of whose events are read: so many of them payouts. */
  async report(of: string, asked: Period, payouts = 1): Promise<PhilanthropyReport> {
    const { sql, ledger } = this.moving.world;
    await eventually("all is read", async () => {
      const read = await movesReadUpTo(sql);
      const spent = await sql`SELECT FROM moved_events WHERE step = 'spent'`;
      const paid = await sql`SELECT FROM moved_events WHERE step = 'paid'`;
      const isOfHome = read !== undefined && toHex(read.contract) === of.toLowerCase();
      return isOfHome && spent.length === 1 && paid.length === payouts;
    });
    await indexDonors(sql, Buffer.alloc(32, 3));
    return JSON.parse((await reportPhilanthropy(sql, ledger.id, asked)).body);
  }

  /** The same periods, under batches that a contract has on another chain, with all books. */
  async reportAt<Reports>(
    chain: EmbeddedChain,
    contract: Hex,
    report: () => Promise<Reports>,
  ): Promise<Reports> {
    const { moving } = this;
    const { world } = moving;
    const jobs = world.run(moving.settings(chain.url, { CONTRACT_ADDRESS: contract }), chain.url);
    const reports = await report();
    const last = await world.seal();
    await eventually("all is anchored there", async () => (await world.stateOf(last)) === "final");
    await jobs.stop();
    await this.#publish();
    return reports;
  }

  async #publish(): Promise<void> {
    const { sql, ledger } = this.moving.world;
    const shelf = new BookShelf({ sql, ledger: ledger.id, folder: this.#books, log });
    while (await publishOldest({ sql, ledger, shelf, log }));
  }

  audit(url: string, from: string, furtherRpcs: string[] = []): Promise<AuditReport> {
    return auditOf({ contract: from as Hex, books: this.#books }, url, { furtherRpcs });
  }
}

/** Has a chain's next blocks be so much later. */
export async function passOn(moving: Moving, chain: EmbeddedChain, seconds: bigint): Promise<void> {
  const node = moving.node(chain);
  await node.increaseTime({ seconds: Number(seconds) });
  await node.mine({ blocks: 1 });
}
