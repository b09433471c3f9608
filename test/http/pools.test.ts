// Pools of sponsors in a real service: offered, accepted, funded for good, and given for steps as their batches are sealed.

import { expect } from "chai";
import { receiptKey } from "../../server/http/receipt-keys.ts";
import { ingestContributions } from "../../server/ingest/ingest.ts";
import { TreeWorkers } from "../../server/jobs/tree-workers.ts";
import { fromHex, toHex } from "../../server/protocol/bytes.ts";
import { call } from "../support/client.ts";
import { sealAndIndex } from "../support/publishing.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, type Shop, wanted } from "../support/shop.ts";

const DAY = 86_400;
const SPONSOR = "Tea trading company";
const NOTHING = new Uint8Array(32);

describe("pools", () => {
  let service: TestService;
  const workers = new TreeWorkers(1);

  before(async () => {
    service = await startTestService({ settings: { PROMISE_KEY: `0x${"42".repeat(32)}` } });
  });

  after(async () => {
    await service.stop();
    await workers.stop();
  });

  const now = () => Math.floor(Date.now() / 1000);
  const post = (path: string, body: object, key = service.operatorKey) =>
    call(`${service.url}${path}`, { key, body });
  const get = async (path: string) => (await call(`${service.url}${path}`)).body;

  const poolBody = (charity: string, given: object = {}) => ({
    sponsor: SPONSOR,
    charity,
    currency: "CNY",
    rate: { steps: "5000", amount: "100" },
    startsAt: new Date((now() - DAY) * 1000).toISOString(),
    endsAt: new Date((now() + DAY) * 1000).toISOString(),
    ...given,
  });

  /** A pool that its charity has accepted. */
  async function openPool(shop: Shop, given: object = {}): Promise<string> {
    const { id } = await wanted(201, post("/v1/pools", poolBody(shop.charities[0] as string, given)));
    await wanted(200, post(`/v1/pools/${id}/acceptance`, {}, shop.charityKeys[0]));
    return id;
  }

  /** Donates days of steps, each a receipt; answers with their ids. */
  async function donate(charity: string, counts: readonly bigint[]): Promise<string[]> {
    const outcomes = await ingestContributions(
      service.services.ingest,
      counts.map((amount, index) => {
        const name = `walk-${charity}-${amount}-${index}-${Math.random()}`;
        const details = { programme: "steps", charity, item: name };
        const gift = { item: name, charity, unit: "STEP", amount, terms: NOTHING, details };
        return { name: { source: "test", key: name }, body: details, happenedAt: now(), gifts: [gift] };
      }),
    );
    return outcomes.map((outcome) => {
      if (outcome instanceof Error) throw outcome;
      return toHex(outcome.receipts[0]?.id as Uint8Array);
    });
  }

  const seal = () => sealAndIndex(service.sql, service.services.ledger, workers);

  /** Seals, and waits until the service has converted all that is sealed. */
  async function sealAndConvert(): Promise<void> {
    await seal();
    const { sql } = service;
    const isDone = async () => {
      const [row] = await sql`
        SELECT coalesce(max(statements.batch), 0) <= (SELECT batch FROM conversion_progress) AS done
        FROM statements JOIN lines ON lines.id = line JOIN pools USING (charity)
        WHERE unit = 'STEP' OR starts_with(unit, 'POOL-')`;
      return row?.done === true;
    };
    while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  const conversionsOf = async (receipts: readonly string[]) =>
    (await Promise.all(receipts.map((id) => get(`/v1/receipts/${id}/conversions`)))).flatMap(
      ({ items }) => items as { gift: string | null; from: string; upTo: string; amount: string }[],
    );

  it("are named by the hash of their terms, which are published", async () => {
    const { charities } = await openShop(service);
    const body = poolBody(charities[0] as string);
    const made = await wanted(201, post("/v1/pools", body));
    expect(await wanted(200, post("/v1/pools", body))).to.deep.equal(made);
    const document = await get(`/v1/documents/${made.id}`);
    expect(document).to.include({ format: "amanah-pool/1", sponsor: SPONSOR });
  });

  it("are refused for a charity that nobody knows, and take no money before it has accepted", async () => {
    const refused = await post("/v1/pools", poolBody("GB-CHC-NOBODY"));
    expect([refused.status, refused.body.field]).to.deep.equal([422, "charity"]);
    const { charities } = await openShop(service);
    const { id } = await wanted(201, post("/v1/pools", poolBody(charities[0] as string)));
    const early = await post(`/v1/pools/${id}/funding`, { amount: "100", reference: "F-1" });
    expect([early.status, early.body.type]).to.satisfy(
      ([status, type]: [number, string]) => status === 409 && type.endsWith("pool-not-accepted"),
    );
  });

  it("are accepted by no other charity, nor by the operator for it", async () => {
    const { charities } = await openShop(service);
    const { id } = await wanted(201, post("/v1/pools", poolBody(charities[0] as string)));
    const other = await openShop(service);
    const stranger = await post(`/v1/pools/${id}/acceptance`, {}, other.charityKeys[0]);
    const operator = await post(`/v1/pools/${id}/acceptance`, {});
    expect([stranger.status, operator.status]).to.deep.equal([403, 403]);
  });

  it("are funded with a promised receipt on a line of committed money; the same reference is the same", async () => {
    const shop = await openShop(service);
    const id = await openPool(shop);
    const body = { amount: "5000", reference: "F-1" };
    const first = await wanted(201, post(`/v1/pools/${id}/funding`, body));
    expect(first.receipts[0]).to.include({ unit: "POOL-CNY", amount: "5000", terms: id });
    expect(first.receipts[0].promise).to.be.an("object");
    const again = await wanted(200, post(`/v1/pools/${id}/funding`, body));
    expect(again.receipts).to.deep.equal(first.receipts);
    const other = await post(`/v1/pools/${id}/funding`, { ...body, amount: "6000" });
    expect(other.status).to.equal(409);
  });

  it("take no money once they have ended, and still answer for what was committed before", async () => {
    const shop = await openShop(service);
    const id = await openPool(shop, { endsAt: new Date((now() + 2) * 1000).toISOString() });
    const body = { amount: "5000", reference: "F-1" };
    const first = await wanted(201, post(`/v1/pools/${id}/funding`, body));
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    const late = await post(`/v1/pools/${id}/funding`, { ...body, reference: "F-2" });
    expect([late.status, late.body.type]).to.satisfy(
      ([status, type]: [number, string]) => status === 409 && type.endsWith("pool-ended"),
    );
    const again = await wanted(200, post(`/v1/pools/${id}/funding`, body));
    expect(again.receipts).to.deep.equal(first.receipts);
  });

  it("are funded with what a line can hold, and no more", async () => {
    const id = await openPool(await openShop(service));
    const much = await post(`/v1/pools/${id}/funding`, { amount: `${2n ** 61n}`, reference: "F-1" });
    expect([much.status, much.body.errors?.[0]?.field]).to.deep.equal([422, "amount"]);
  });

  it("give for donated steps first come first served, and each gift names the steps that it paid for", async () => {
    const shop = await openShop(service);
    const charity = shop.charities[0] as string;
    const id = await openPool(shop);
    await wanted(201, post(`/v1/pools/${id}/funding`, { amount: "500", reference: "F-1" }));
    await sealAndConvert();
    const receipts = await donate(charity, [10_000n, 12_000n, 9_000n]);
    await sealAndConvert();
    const conversions = (await conversionsOf(receipts)).sort((a, b) => Number(a.from) - Number(b.from));
    expect(conversions.map(({ amount }) => BigInt(amount)).reduce((a, b) => a + b)).to.equal(500n);
    expect(conversions.at(-1)?.upTo).to.equal("25000");
    const pool = await get(`/v1/pools/${id}`);
    expect(pool).to.include({ funded: "500", used: "500", left: "0", steps: "25000" });
    const gift = await get(`/v1/receipts/${conversions[0]?.gift}`);
    expect(gift).to.include({ unit: "CNY", amount: conversions[0]?.amount });
  });

  it("let whoever holds the receipt of the steps open the gifts for them, and nobody else", async () => {
    const shop = await openShop(service);
    const charity = shop.charities[0] as string;
    const id = await openPool(shop);
    await wanted(201, post(`/v1/pools/${id}/funding`, { amount: "500", reference: "F-1" }));
    await sealAndConvert();
    const [steps] = (await donate(charity, [10_000n])) as [string];
    await sealAndConvert();
    const [stranger] = await conversionsOf([steps]);
    expect(stranger).not.to.have.property("key");
    const key = receiptKey(service.services.ledger.secret, fromHex(steps));
    const asked = (path: string, own: string) =>
      call(`${service.url}${path}`, { headers: { Authorization: `Receipt ${own}` } });
    const [gift] = (await asked(`/v1/receipts/${steps}/conversions`, key)).body.items;
    const file = (await asked(`/v1/receipts/${gift.gift}`, gift.key)).body;
    expect(file.details).to.include({
      stepReceipt: steps,
      stepsFrom: "0",
      stepsUpTo: "10000",
      sponsor: SPONSOR,
    });
    expect(file.terms.document).to.include({ format: "amanah-pool/1", sponsor: SPONSOR });
    expect((await asked(`/v1/receipts/${steps}/conversions`, gift.key)).status).to.equal(403);
  });

  it("do not pay for steps of batches before they were funded", async () => {
    const shop = await openShop(service);
    const id = await openPool(shop);
    const early = await donate(shop.charities[0] as string, [10_000n]);
    await wanted(201, post(`/v1/pools/${id}/funding`, { amount: "500", reference: "F-1" }));
    await sealAndConvert();
    expect(await conversionsOf(early)).to.deep.equal([]);
  });
});
