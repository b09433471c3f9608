// /books over HTTP: immutable files with ranges and conditions, for any page of the web; made again where they are lost.

import { once } from "node:events";
import { readFile, rm, writeFile } from "node:fs/promises";
import { get, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { expect } from "chai";
import { openBook } from "../../server/books/read.ts";
import { closeNow } from "../../server/jobs/seal.ts";
import { leadsToItsRoot } from "../books/making.ts";
import { call } from "../support/client.ts";
import { expectProblem } from "../support/problems.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, purchaseOf, type Shop, wanted } from "../support/shop.ts";

describe("books over HTTP", () => {
  let service: TestService;
  let shop: Shop;
  let bytes: Buffer;
  const path = (name: string) => join(service.services.settings.BOOKS_DIR, name);
  const book = (headers: Record<string, string> = {}) => fetch(`${service.url}/books/2.arrow`, { headers });

  /** Status and bytes for If-None-Match. Not by fetch, which asks for a fresh answer along with it. */
  async function conditional(tag: string): Promise<[number | undefined, number]> {
    const asked = get(`${service.url}/books/2.arrow`, { headers: { "If-None-Match": tag } });
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    let length = 0;
    for await (const chunk of response) length += chunk.length;
    return [response.statusCode, length];
  }

  async function until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
    const end = performance.now() + 15_000;
    for (;;) {
      const found = await look();
      if (found) return found;
      if (performance.now() > end) throw new Error(`still not: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  const sellAndSeal = async (order: string) => {
    const body = purchaseOf(shop.merchant, order);
    await wanted(201, call(`${service.url}/v1/purchases`, { key: shop.merchantKey, body }));
    await closeNow(service.sql);
  };

  before(async () => {
    service = await startTestService();
    shop = await openShop(service);
    await sellAndSeal("1");
    bytes = await until("published", async () => readFile(path("2.arrow")).catch(() => undefined));
  });
  after(() => service.stop());

  it("refuses what is not there, and says why", async () => {
    const missing: [string, string][] = [
      ["/books/999.arrow", "book-not-there"],
      ["/books/x.arrow", "unknown-batch"],
      ["/books/0.arrow", "unknown-batch"],
      [`/books/documents/0x${"00".repeat(32)}.json`, "unknown-document"],
      ["/books/documents/0x12.json", "unknown-document"],
      ["/books/%2e%2e%2foperator.key", "no-such-path"],
      ["/books/..%2foperator.key.arrow", "unknown-batch"],
    ];
    for (const [at, code] of missing) expectProblem(await call(`${service.url}${at}`), 404, code);
    const refused = await call(`${service.url}/books/999.arrow`);
    expect(refused.headers.get("access-control-allow-origin"), "to any page").to.equal("*");
  });

  it("gives the whole book, for ever, to any page", async () => {
    const response = await book();
    expect(response.status).to.equal(200);
    expect(response.headers.get("content-type")).to.equal("application/vnd.apache.arrow.file");
    expect(response.headers.get("cache-control")).to.equal("public, max-age=31536000, immutable");
    expect(response.headers.get("access-control-allow-origin")).to.equal("*");
    const came = await response.bytes();
    expect(Buffer.compare(came, bytes)).to.equal(0);
    expect(leadsToItsRoot(openBook(came))).to.equal(true);
  });

  it("gives the range that is asked for, and says which", async () => {
    const response = await book({ Range: "bytes=8-99" });
    expect(response.status).to.equal(206);
    expect(response.headers.get("content-range")).to.equal(`bytes 8-99/${bytes.length}`);
    expect(Buffer.compare(await response.bytes(), bytes.subarray(8, 100))).to.equal(0);
    const beyond = await call(`${service.url}/books/2.arrow`, {
      headers: { Range: `bytes=${bytes.length}-` },
    });
    expectProblem(beyond, 416, "range-not-satisfiable");
    expect(beyond.headers.get("content-range")).to.equal(`bytes */${bytes.length}`);
    expect(beyond.headers.get("cache-control")).to.equal(null);
  });

  it("sends nothing to who has it already: the tag is the hash of the bytes", async () => {
    const tag = (await book()).headers.get("etag") as string;
    expect(tag).to.match(/^"[0-9a-f]{64}"$/);
    expect(await conditional(tag)).to.deep.equal([304, 0]);
    expect(await conditional('"another"')).to.deep.equal([200, bytes.length]);
    expect((await book({ Range: "bytes=0-7", "If-Range": tag })).status).to.equal(206);
  });

  it("makes a book again that is lost, and one that another process has not written yet", async () => {
    await rm(path("2.arrow"));
    const together = await Promise.all([book(), book(), book()]);
    for (const response of together) expect(Buffer.compare(await response.bytes(), bytes)).to.equal(0);
    await rm(path("2.arrow"));
    await writeFile(path("2.arrow"), bytes.subarray(0, 50));
    expect(Buffer.compare(await (await book()).bytes(), bytes)).to.equal(0);
  });

  it("answers 500 rather than with a book that comes out otherwise than published", async () => {
    await rm(path("2.arrow"));
    await service.sql`UPDATE books SET bytes = bytes + 1, sha256 = ${Buffer.alloc(32)}`;
    expectProblem(await call(`${service.url}/books/2.arrow`), 500, "internal");
    await service.sql`DELETE FROM books`;
    expect((await book()).status).to.equal(200);
  });

  it("reports a period for the operator, and gives the report once its batch is sealed", async () => {
    const report = (key?: string) => call(`${service.url}/v1/reports/period`, { key, body: {} });
    expectProblem(await report(), 401, "unknown-key");
    expectProblem(await report(shop.merchantKey), 403, "wrong-role");
    const { hash, toBatch } = await wanted(201, report(service.operatorKey));
    expect(toBatch).to.equal("2");
    expectProblem(await report(service.operatorKey), 409, "nothing-to-report");
    expectProblem(await call(`${service.url}/books/documents/${hash}.json`), 404, "unknown-document");
    await closeNow(service.sql);
    const document = await until("sealed", async () => {
      const response = await fetch(`${service.url}/books/documents/${hash}.json`);
      return response.ok && response;
    });
    expect(document.headers.get("cache-control")).to.include("immutable");
    expect(await document.json()).to.deep.include({ format: "amanah-period-report/1", toBatch: "2" });
    const { items } = await wanted(200, call(`${service.url}/v1/reports/period`));
    expect(items).to.have.length(1);
    expect(items[0]).to.include({ hash, fromBatch: "1", toBatch: "2" });
  });

  it("tells where an audit begins", async () => {
    const card = await until("the card", async () => {
      const response = await fetch(`${service.url}/books/ledger.json`);
      return response.ok && response;
    });
    expect(card.headers.get("cache-control")).to.equal("public, max-age=10");
    expect(await card.json()).to.include({ format: "amanah-ledger/1" });
  });
});
