// Campaigns by the API: who makes and ends them, what is refused, and totals that anyone reads, watches and adds up again.

import { expect } from "chai";
import { CampaignWatch } from "../../server/http/campaign-watch.ts";
import { closeNow } from "../../server/jobs/seal.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { keccak } from "../../server/protocol/hash.ts";
import { rootOfBatch } from "../../server/store/sealing.ts";
import { type Answer, call } from "../support/client.ts";
import { EventReader } from "../support/events.ts";
import { eventually } from "../support/eventually.ts";
import { expectFieldProblem, expectProblem } from "../support/problems.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, purchaseOf, type Shop, wanted } from "../support/shop.ts";

const HOUR_MS = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();

describe("campaigns", function () {
  this.timeout(60_000);
  let service: TestService;
  let shop: Shop;

  before(async () => {
    service = await startTestService();
    shop = await openShop(service, { terms: { share: { basisPoints: 1000 } } });
    await wanted(201, post("/v1/merchants", { id: "hidden", name: "Hidden" }));
    await wanted(200, post(`/v1/merchants/${shop.merchant}/totals/disclosure`, { shown: true }));
  });
  after(() => service.stop());

  const get = (path: string) => call(`${service.url}${path}`);
  const post = (path: string, body: unknown, key = service.operatorKey) =>
    call(`${service.url}${path}`, { key, body });

  const week = (id: string, given: object = {}) => ({
    id,
    title: "The week of giving",
    startsAt: inHours(-24),
    endsAt: inHours(24),
    merchants: [shop.merchant],
    goals: [
      { what: "money", unit: "CNY", amount: "100000" },
      { what: "outcome", name: "lunches", unit: "CNY", costs: "400", count: 50 },
      { what: "line", unit: "STEP", amount: "1000000" },
    ],
    ...given,
  });

  const make = (id: string, given: object = {}) => wanted(201, post("/v1/campaigns", week(id, given)));

  /** 135 fen each. */
  const buy = (order: string) =>
    wanted(
      201,
      post("/v1/purchases", purchaseOf(shop.merchant, order, { completedAt: inHours(-1) }), shop.merchantKey),
    );

  const refund = (order: string) =>
    wanted(
      201,
      post(
        "/v1/refunds",
        { merchant: shop.merchant, refund: `r-${order}`, order, refundedAt: inHours(0) },
        shop.merchantKey,
      ),
    );

  /** Closes the open batch; the service's own job seals it. */
  async function seal(): Promise<void> {
    const batch = (await closeNow(service.sql)) as bigint;
    await eventually(
      `batch ${batch} sealed`,
      async () => (await rootOfBatch(service.sql, batch)) !== undefined,
    );
  }

  /** Not as it was a second ago. */
  async function readNow(id: string): Promise<Answer["body"]> {
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    return wanted(200, get(`/v1/campaigns/${id}`));
  }

  it("are made by the operator, with a public document that is noticed in the batch before the first that counts", async () => {
    const made = await make("noticed");
    expect(made).to.deep.include({ id: "noticed", endedAt: null, totals: [] });
    const document = await get(`/v1/documents/${made.hash}`);
    expect(document.body).to.deep.equal(made.document);
    expect(document.body).to.include({ format: "amanah-campaign/1", id: "noticed", programmes: null });
    const text = await (await fetch(`${service.url}/v1/documents/${made.hash}`)).text();
    expect(toHex(keccak(Buffer.from(text)))).to.equal(made.hash);
    expect(BigInt(document.headers.get("amanah-batch") ?? "")).to.equal(BigInt(made.countsFrom) - 1n);
  });

  it("tell what was given, what refunds took back, and how far each goal is, to the last part", async () => {
    await make("goals");
    for (const order of ["g-1", "g-2", "g-3", "g-4"]) await buy(order);
    await refund("g-4");
    const { totals, goals } = await readNow("goals");
    expect(totals).to.deep.equal([
      { unit: "CNY", gifts: "4", given: "540", reversals: "1", takenBack: "135" },
    ]);
    expect(goals).to.deep.equal([
      { what: "money", unit: "CNY", reached: "405", of: "100000", part: "0", each: "1" },
      { what: "outcome", unit: "CNY", name: "lunches", reached: "1", of: "50", part: "5", each: "400" },
      { what: "line", unit: "STEP", reached: "0", of: "1000000", part: "0", each: "1" },
    ]);
  });

  it("tell per sealed batch what it has added, page by page, which adds up to the total", async () => {
    await make("batches");
    for (const order of ["b-1", "b-2", "b-3"]) {
      await buy(order);
      await seal();
    }
    const batches = [];
    for (let after = ""; ; ) {
      const page = await wanted(200, get(`/v1/campaigns/batches/batches?limit=2${after}`));
      batches.push(...page.items);
      if (page.next === null) break;
      after = `&after=${encodeURIComponent(page.next)}`;
    }
    expect(batches.map(({ gifts, given }) => [gifts, given])).to.deep.equal([
      ["1", "135"],
      ["1", "135"],
      ["1", "135"],
    ]);
    expect((await readNow("batches")).totals[0].given).to.equal("405");
  });

  it("are told to whoever watches, as gifts are recorded", async () => {
    await make("live");
    const reader = await EventReader.open(`${service.url}/v1/campaigns/live/stream`);
    expect((await reader.nextNamed("campaign")).data.totals).to.deep.equal([]);
    await buy("l-1");
    expect((await reader.nextNamed("campaign")).data.totals[0]).to.include({ gifts: "1", given: "135" });
    await refund("l-1");
    const { data } = await reader.nextNamed("campaign");
    expect(data.totals[0]).to.include({ given: "135", takenBack: "135" });
    expect(service.services.campaigns.watchers).to.equal(1);
    await reader.close();
  });

  it("are watched by a bounded number, whoever watches which", async () => {
    const full = new CampaignWatch(service.sql, 0);
    const refused = await full.watch("live", {} as never, () => "").catch((error) => error);
    expect(refused).to.include({ code: "too-many-watchers", retryAfterSeconds: 30 });
  });

  it("share a moment with a hundred others at most", async () => {
    const far = { startsAt: inHours(24 * 300), endsAt: inHours(24 * 301) };
    const [from, to] = [far.startsAt, far.endsAt].map((at) => Math.floor(Date.parse(at) / 1000));
    await service.sql`
      INSERT INTO campaigns (id, document, starts_at, ends_at, counts_from)
      SELECT 'many-' || n, ${Buffer.alloc(32)}, ${from!}::bigint, ${to!}::bigint, 1 FROM generate_series(1, 100) AS n`;
    expectProblem(await post("/v1/campaigns", week("one-more", far)), 409, "too-many-campaigns");
    await make("elsewhere", { startsAt: inHours(24 * 302), endsAt: inHours(24 * 303) });
    await service.sql`DELETE FROM campaigns WHERE id LIKE 'many-%'`;
  });

  it("end when the operator says so: what happens afterwards does not count", async () => {
    await make("ended");
    const ended = await wanted(200, post("/v1/campaigns/ended/end", {}));
    expect(ended.endedAt).to.equal(ended.endsAt);
    expect(BigInt(ended.endedFrom)).to.equal(BigInt(ended.countsFrom) + 1n);
    const later = purchaseOf(shop.merchant, "e-later", { completedAt: inHours(1) });
    await wanted(201, post("/v1/purchases", later, shop.merchantKey));
    await buy("e-before");
    expect((await readNow("ended")).totals[0].gifts).to.equal("1");
    expect(await wanted(200, post("/v1/campaigns/ended/end", {}))).to.include({ endedAt: ended.endedAt });
  });

  it("are listed, the newest first, each with its totals", async () => {
    await make("list-1");
    await make("list-2");
    const first = await wanted(200, get("/v1/campaigns?limit=1"));
    expect(first.items.map(({ id }: Answer["body"]) => id)).to.deep.equal(["list-2"]);
    const second = await wanted(200, get(`/v1/campaigns?limit=1&after=${first.next}`));
    expect(second.items.map(({ id }: Answer["body"]) => id)).to.deep.equal(["list-1"]);
  });

  it("stay as they were made: the same again is the same, another under its name is refused", async () => {
    const body = week("same");
    await wanted(201, post("/v1/campaigns", body));
    await wanted(200, post("/v1/campaigns", body));
    expectProblem(await post("/v1/campaigns", { ...body, title: "Another" }), 409, "campaign-differs");
  });

  it("are not made by anyone else", async () => {
    expectProblem(await post("/v1/campaigns", week("theirs"), shop.merchantKey), 403, "wrong-role");
    expectProblem(await get("/v1/campaigns/theirs"), 404, "unknown-campaign");
    expectProblem(await get("/v1/campaigns/theirs/stream"), 404, "unknown-campaign");
    expectProblem(await get("/v1/campaigns/theirs/batches"), 404, "unknown-campaign");
  });

  const refused: readonly [string, object, string, string][] = [
    ["a window that ends before it starts", { endsAt: inHours(-48) }, "invalid", "endsAt"],
    ["a window that is over", { startsAt: inHours(-48), endsAt: inHours(-1) }, "over-already", "endsAt"],
    ["a window of more than a year", { endsAt: inHours(24 * 400) }, "invalid", "endsAt"],
    ["a merchant that hides its totals", { merchants: ["hidden"] }, "hidden-totals", "merchants"],
    ["a merchant that is not here", { merchants: ["nobody"] }, "unknown-merchant", "merchants"],
    ["a charity that is not here", { charities: ["GB-CHC-none"] }, "unknown-charity", "charities"],
    ["a programme that does not exist", { programmes: ["raffle"] }, "invalid", "programmes.0"],
    [
      "a goal in no currency",
      { goals: [{ what: "money", unit: "XXX", amount: "1" }] },
      "unknown-currency",
      "goals.0.unit",
    ],
    [
      "an outcome that costs nothing",
      { goals: [{ what: "outcome", name: "meals", unit: "CNY", costs: "0", count: 1 }] },
      "invalid",
      "goals.0.costs",
    ],
  ];
  for (const [what, given, code, field] of refused)
    it(`are not made of ${what}, which the answer names`, async () => {
      const answer = await post("/v1/campaigns", week("refused", given));
      expectFieldProblem(answer, field);
      expectProblem(answer, 422, code);
      expectProblem(await get("/v1/campaigns/refused"), 404, "unknown-campaign");
    });
});
