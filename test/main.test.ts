// The service as a process: how it starts, what it says when it cannot, how it stops while requests are under way.

import { existsSync, readFileSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { freshDataDir } from "../server/embedded/data-dir.ts";
import { startPostgres } from "../server/embedded/postgres.ts";
import { findPostmaster } from "../server/embedded/postmaster.ts";
import { call } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { killAtOnce } from "./support/lines.ts";
import { failToStart, type ServiceProcess, startProcess } from "./support/process.ts";

import { openShop, purchaseOf } from "./support/shop.ts";

/** Beside the time of its start, which a busy machine lengthens as it does the stop. Jobs and pool are given five seconds each. */
const STOP_LIMIT_MS = 4_000;

describe("the service as a process", function () {
  this.timeout(90_000);
  let dataDir: string;
  let running: ServiceProcess[];

  beforeEach(async () => {
    dataDir = await freshDataDir();
    running = [];
  });
  afterEach(async () => {
    await Promise.all(running.map(({ child }) => killAtOnce(child)));
    if (existsSync(join(dataDir, "postgres", "postmaster.pid")))
      await (await startPostgres({ dataDir })).stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function start(settings: Record<string, string> = {}): Promise<ServiceProcess> {
    const service = await startProcess(dataDir, settings);
    running.push(service);
    return service;
  }

  const keyOf = () => readFileSync(join(dataDir, "operator.key"), "utf8").trim();

  describe("does not start, exits with 1 and says why,", () => {
    const secret = `0x${"ab".repeat(31)}zz`;
    const cases: [string, Record<string, string>, RegExp][] = [
      ["with a port that is none", { PORT: "70000" }, /^PORT: .*70000/m],
      ["with a setting that is no number", { SEAL_AFTER_SECONDS: "soon" }, /^SEAL_AFTER_SECONDS: .*"soon"/m],
      ["with a database that is none", { DATABASE_URL: "mysql://localhost" }, /^DATABASE_URL: /m],
      ["with an endpoint that is none", { CHAIN_RPC_URL: "localhost:8545" }, /^CHAIN_RPC_URL: /m],
      ["with a key that is damaged, without showing it", { ANCHOR_KEY: secret }, /^ANCHOR_KEY: .*not shown/m],
      [
        "with several settings at fault, naming each",
        { PORT: "x", QUEUE_LIMIT: "-1" },
        /^PORT: [\s\S]*^QUEUE_LIMIT: /m,
      ],
    ];
    for (const [what, settings, words] of cases)
      it(what, async () => {
        const { code, said } = await failToStart(dataDir, settings);
        expect(code).to.equal(1);
        expect(said)
          .to.match(words)
          .and.not.contain(secret)
          .and.not.match(/^\s+at /m);
        expect(existsSync(join(dataDir, "postgres")), "nothing was begun").to.equal(false);
      });

    it("when its port is taken, and stops what it had started", async () => {
      const { server, port } = await occupied();
      const { code, said } = await failToStart(dataDir, { PORT: `${port}` });
      server.close();
      expect(code).to.equal(1);
      expect(said).to.contain(`cannot listen on 127.0.0.1:${port}`).and.contain("PORT=");
      expect(existsSync(join(dataDir, "postgres", "postmaster.pid")), "its database was stopped").to.equal(
        false,
      );
    });

    it("on a data folder where another service runs, which goes on undisturbed", async () => {
      const first = await start();
      const { code, said } = await failToStart(dataDir);
      expect(code).to.equal(1);
      expect(said).to.contain(`another service is running on ${dataDir}`);
      expect((await call(`${first.url}/health`)).status).to.equal(200);
      expect(await first.end()).to.equal(0);
    });
  });

  it("makes the operator's key once, for its eyes only, and keeps it and all else over a restart", async () => {
    const first = await start();
    const key = keyOf();
    expect(statSync(join(dataDir, "operator.key")).mode & 0o777).to.equal(0o600);
    expect(first.said()).to.contain("operator.key").and.not.contain(key);
    const shop = await openShop({ url: first.url, operatorKey: key });
    const body = purchaseOf(shop.merchant, "kept");
    const { receipts } = (await call(`${first.url}/v1/purchases`, { key: shop.merchantKey, body })).body;
    expect(await first.end()).to.equal(0);

    const second = await start();
    expect(keyOf()).to.equal(key);
    expect(second.said()).not.to.contain("operator's key");
    const again = await call(`${second.url}/v1/purchases`, { key: shop.merchantKey, body });
    expect([again.status, again.body.receipts.map(({ id }: { id: string }) => id)]).to.deep.equal([
      200,
      receipts.map(({ id }: { id: string }) => id),
    ]);
    expect(await second.end()).to.equal(0);
  });

  for (const signal of ["SIGTERM", "SIGINT"] as const)
    it(`${signal}, also twice, stops it with 0 while requests are under way; none acknowledged is lost`, async () => {
      const first = await start({ SEAL_AFTER_SECONDS: "1" });
      const shop = await openShop({ url: first.url, operatorKey: keyOf() });
      const acknowledged = new Map<string, string>();
      let stopped = false;
      const sendAll = async (sender: number) => {
        for (let order = 0; !stopped; order++) {
          const name = `${sender}-${order}`;
          const body = purchaseOf(shop.merchant, name);
          const answer = await call(`${first.url}/v1/purchases`, { key: shop.merchantKey, body }).catch(
            () => undefined,
          );
          if (answer === undefined) return;
          expect(answer.status, JSON.stringify(answer.body)).to.equal(201);
          acknowledged.set(name, answer.body.receipts[0].id);
        }
      };
      const senders = Array.from({ length: 16 }, (_, sender) => sendAll(sender));
      await eventually("many purchases", () => acknowledged.size > 100, 30_000);
      const stopping = performance.now();
      first.child.kill(signal);
      expect(await first.end(signal)).to.equal(0);
      stopped = true;
      expect(performance.now() - stopping, "milliseconds to stop").to.be.below(STOP_LIMIT_MS + first.startMs);
      expect(first.said()).not.to.contain("cut off");
      await Promise.all(senders);
      expect(
        existsSync(join(dataDir, "postgres", "postmaster.pid")),
        "the database was stopped too",
      ).to.equal(false);

      const second = await start();
      for (const [order, id] of acknowledged) {
        const body = purchaseOf(shop.merchant, order);
        const answer = await call(`${second.url}/v1/purchases`, { key: shop.merchantKey, body });
        expect([answer.status, answer.body.receipts?.[0].id], order).to.deep.equal([200, id]);
      }
      expect(await second.end()).to.equal(0);
    });

  it("takes the folder over from a predecessor that was killed, with its database still running", async () => {
    const first = await start();
    await killAtOnce(first.child);
    const second = await start();
    expect((await call(`${second.url}/health`)).status).to.equal(200);
    expect(await second.end()).to.equal(0);
  });

  it("says 503 when its database has died under it, still stops with 0, and starts on what was kept", async () => {
    const first = await start({ SEAL_AFTER_SECONDS: "1" });
    const shop = await openShop({ url: first.url, operatorKey: keyOf() });
    const send = (url: string, order: string) =>
      call(`${url}/v1/purchases`, { key: shop.merchantKey, body: purchaseOf(shop.merchant, order) });
    expect((await send(first.url, "before")).status).to.equal(201);
    process.kill((await findPostmaster(join(dataDir, "postgres")))!.pid, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect((await send(first.url, "during")).status).to.equal(503);
    expect((await call(`${first.url}/health`)).status).to.equal(503);
    expect(await first.end(), first.said()).to.equal(0);
    const second = await start();
    expect((await send(second.url, "before")).status).to.equal(200);
    expect((await send(second.url, "during")).status).to.equal(201);
    expect(await second.end()).to.equal(0);
  });
});

/** A port that somebody listens on. */
async function occupied(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, port: (server.address() as { port: number }).port };
}
