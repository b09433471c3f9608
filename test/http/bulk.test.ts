// Bulk uploads: one result for each line in order, the good ones kept whatever stands between them, in bounded memory.

import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { expect } from "chai";
import { bulk, call, linesOf } from "../support/client.ts";
import { expectProblem } from "../support/problems.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, purchaseOf, type Shop } from "../support/shop.ts";

describe("a bulk upload", () => {
  let service: TestService;
  let shop: Shop;
  let rounds = 0;

  before(async () => {
    service = await startTestService();
    shop = await openShop(service);
  });
  after(() => service.stop());
  beforeEach(() => {
    rounds += 1;
  });

  const buy = (order: string | number, given: object = {}) =>
    purchaseOf(shop.merchant, `${rounds}-${order}`, given);
  const send = (lines: readonly unknown[]) => bulk(service.url, shop.merchantKey, lines);
  const recorded = async () => {
    const [row] = await service.sql`SELECT count(*) FROM events WHERE body LIKE ${`%"order":"${rounds}-%`}`;
    return Number(row?.count);
  };

  /** An upload whose body is written by hand. */
  function upload(): ClientRequest {
    const headers = { Authorization: `Bearer ${shop.merchantKey}`, "Content-Type": "application/x-ndjson" };
    return request(`${service.url}/v1/purchases/bulk`, { method: "POST", headers });
  }

  it("is refused as a whole without a key, or as another type", async () => {
    const url = `${service.url}/v1/purchases/bulk`;
    const body = JSON.stringify(buy(1));
    expectProblem(await call(url, { body, type: "application/x-ndjson" }), 401, "unknown-key");
    expectProblem(
      await call(url, { body, type: "text/csv", key: shop.merchantKey }),
      415,
      "wrong-content-type",
    );
    expectProblem(
      await call(url, { body, type: "application/x-ndjson", key: shop.charityKeys[0] }),
      403,
      "wrong-role",
    );
    expect(await recorded()).to.equal(0);
  });

  it("keeps the good lines among broken ones, and says of each what is wrong", async () => {
    const deep = `{"merchant":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    const lines: [unknown, number, string | undefined][] = [
      [buy(1), 201, undefined],
      ["{", 400, "malformed-json"],
      ["", 400, "malformed-json"],
      ["\u0000", 400, "malformed-json"],
      [buy(2), 201, undefined],
      [buy(2), 200, undefined],
      [buy(2, { buyer: "another" }), 409, "event-differs"],
      [buy(3, { currency: "XYZ" }), 422, "unknown-currency"],
      [buy(4, { merchant: "someone-else" }), 403, "wrong-subject"],
      [buy(5, { completedAt: "9999-01-01T00:00:00Z" }), 422, "in-the-future"],
      [buy(6, { items: [{ item: "1", price: 1.5 }] }), 422, "invalid"],
      [buy(7, { items: [{ item: "1", price: "1.5" }] }), 422, "invalid"],
      [buy(8, { extra: 1 }), 422, "invalid"],
      ["null", 422, "invalid"],
      ["[]", 422, "invalid"],
      [deep, 422, "invalid"],
      [`"${"x".repeat(1_000_001)}"`, 413, "body-too-large"],
      [`{"__proto__":{}}`, 422, "invalid"],
      [`  ${JSON.stringify(buy(9))}\r`, 201, undefined],
      [buy(10), 201, undefined],
    ];
    const results = await send(lines.map(([line]) => line));
    expect(results.map(({ line }) => line)).to.deep.equal(lines.map((_, at) => at + 1));
    expect(results.map(({ status }) => status)).to.deep.equal(lines.map(([, status]) => status));
    expect(results.map(({ type }) => type?.replace("urn:amanah:problem:", ""))).to.deep.equal(
      lines.map(([, , code]) => code),
    );
    expect(await recorded()).to.equal(4);
  });

  it("refuses a line that is no UTF-8 instead of recording other characters", async () => {
    const tea = JSON.stringify(buy(1, { items: [{ item: "1", title: "XX", price: "1" }] }));
    const [before, after] = tea.split("XX") as [string, string];
    const bytes = Buffer.concat([
      Buffer.from(before),
      Buffer.of(0xc3, 0x28),
      Buffer.from(`${after}\n${JSON.stringify(buy(2))}\n`),
    ]);
    const url = `${service.url}/v1/purchases/bulk`;
    const answer = await call(url, { key: shop.merchantKey, body: bytes, type: "application/x-ndjson" });
    expect(linesOf(answer.body).map(({ status, field }) => [status, field])).to.deep.equal([
      [400, "line"],
      [201, undefined],
    ]);
    expect(await recorded()).to.equal(1);
  });

  it("of nothing is answered with nothing", async () => {
    const answer = await call(`${service.url}/v1/purchases/bulk`, {
      key: shop.merchantKey,
      body: "",
      type: "application/x-ndjson",
    });
    expect([answer.status, answer.body]).to.deep.equal([200, ""]);
  });

  it("needs no newline at its end", async () => {
    const answer = await call(`${service.url}/v1/purchases/bulk`, {
      key: shop.merchantKey,
      body: `${JSON.stringify(buy(1))}\n${JSON.stringify(buy(2))}`,
      type: "application/x-ndjson",
    });
    expect(linesOf(answer.body).map(({ status }) => status)).to.deep.equal([201, 201]);
  });

  it("takes lines and characters that are cut anywhere", async () => {
    const tea = { items: [{ item: "1", title: "绿茶 🍵", price: "1250" }] };
    const bytes = Buffer.from(`${JSON.stringify(buy(1, tea))}\n${JSON.stringify(buy(2, tea))}\n`);
    const sending = upload();
    const answered = once(sending, "response") as Promise<[IncomingMessage]>;
    for (let at = 0; at < bytes.length; at += 7) {
      sending.write(bytes.subarray(at, at + 7));
      if (at % 70 === 0) await new Promise(setImmediate);
    }
    sending.end();
    const [response] = await answered;
    expect(linesOf(await textOf(response)).map(({ status }) => status)).to.deep.equal([201, 201]);
    const [row] = await service.sql`SELECT body FROM events WHERE body LIKE ${`%"order":"${rounds}-1"%`}`;
    expect(JSON.parse(row?.body).items[0].title).to.equal("绿茶 🍵");
  });

  it("finds duplicates far apart, and answers both with the same receipts", async () => {
    const lines = Array.from({ length: 3_000 }, (_, at) => buy(at % 1_500));
    const results = await send(lines);
    expect(results.map(({ status }) => status).filter((status) => status === 201)).to.have.length(1_500);
    expect(
      results.every(({ receipts }, at) => receipts[0].id === results[(at + 1_500) % 3_000].receipts[0].id),
    ).to.equal(true);
    expect(await recorded()).to.equal(1_500);
  });

  it("answers while the upload goes on", async () => {
    const sending = upload();
    const answered = once(sending, "response") as Promise<[IncomingMessage]>;
    for (let at = 0; at < 5_000; at++) sending.write(`${JSON.stringify(buy(at))}\n`);
    const [response] = await answered;
    const [first] = (await once(response, "data")) as [Buffer];
    expect(first.toString()).to.match(/^\{"line":1,"status":201/);
    sending.end(`${JSON.stringify(buy("last"))}\n`);
    expect(linesOf((first.toString() + (await textOf(response))).trim()).at(-1)).to.include({
      line: 5_001,
      status: 201,
    });
  });

  it("answers the lines that have come, to a sender that waits for its answers before it sends more", async () => {
    const sending = upload();
    const answered = once(sending, "response") as Promise<[IncomingMessage]>;
    sending.write(`${JSON.stringify(buy(1))}\n${JSON.stringify(buy(2))}\n`);
    const [response] = await answered;
    const [first] = (await once(response, "data")) as [Buffer];
    expect(linesOf(first.toString().trim()).map(({ line, status }) => [line, status])).to.deep.equal([
      [1, 201],
      [2, 201],
    ]);
    sending.end(`${JSON.stringify(buy(3))}\n`);
    expect(linesOf((await textOf(response)).trim()).map(({ line }) => line)).to.deep.equal([3]);
  });

  it("whose reader is slow is taken no faster than it reads, and warns of nothing", async () => {
    // Their answers are twice what the system's buffers between the two take.
    const LINES = 40_000;
    const warnings: Error[] = [];
    const hear = (warning: Error) => warnings.push(warning);
    process.on("warning", hear);
    const sending = upload();
    const answered = once(sending, "response") as Promise<[IncomingMessage]>;
    const lines = Array.from({ length: LINES }, (_, at) => `${JSON.stringify(buy(at))}\n`);
    sending.end(lines.join(""));
    const [response] = await answered;
    response.pause();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const taken = await recorded();
    expect(taken, "all were taken although nobody read").to.be.below(LINES);
    const results = linesOf(await textOf(response));
    process.off("warning", hear);
    expect(results.filter(({ status }) => status === 201)).to.have.length(LINES);
    expect(warnings.map(({ message }) => message)).to.deep.equal([]);
  }).timeout(60_000);

  it("that its sender breaks off leaves whole purchases only, and the service goes on", async () => {
    const sending = upload();
    sending.on("error", () => {});
    for (let at = 0; at < 2_000; at++) sending.write(`${JSON.stringify(buy(at))}\n`);
    sending.write(JSON.stringify(buy("torn")).slice(0, 50));
    const [response] = (await once(sending, "response")) as [IncomingMessage];
    response.on("error", () => {});
    sending.destroy();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const torn = await service.sql`
      SELECT events.id FROM events LEFT JOIN receipts ON event = events.id WHERE receipts.id IS NULL`;
    expect(torn).to.have.length(0);
    const rest = await send([buy("torn"), ...Array.from({ length: 2_000 }, (_, at) => buy(at))]);
    expect(rest.every(({ status }) => status === 200 || status === 201)).to.equal(true);
    expect(await recorded()).to.equal(2_001);
  });

  it("tells the lines that no longer fit the queue to come back", async () => {
    const small = await startTestService({ settings: { QUEUE_LIMIT: "1" } });
    try {
      const own = await openShop(small);
      const results = await bulk(
        small.url,
        own.merchantKey,
        Array.from({ length: 200 }, (_, at) => purchaseOf(own.merchant, `q-${at}`)),
      );
      const statuses = new Set(results.map(({ status }) => status));
      expect([...statuses].sort()).to.deep.equal([201, 429]);
      const [row] = await small.sql`SELECT count(*) FROM events`;
      expect(Number(row?.count)).to.equal(results.filter(({ status }) => status === 201).length);
    } finally {
      await small.stop();
    }
  });
});

async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part);
  return Buffer.concat(parts).toString();
}
