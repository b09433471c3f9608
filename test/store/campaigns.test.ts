// A campaign's total against its receipts: at every moment the sum of those that match, while several processes write,
// refund, seal, and make and end campaigns.

import { expect } from "chai";
import {
  type Ingest,
  ingestContributions,
  ingestPurchases,
  ingestRefund,
} from "../../server/ingest/ingest.ts";
import { type Campaign, campaignSchema, type Total } from "../../server/programmes/campaign.ts";
import { type Refund, refundSchema } from "../../server/programmes/refund.ts";
import { campaignBatches, campaignTotals } from "../../server/store/campaign-totals.ts";
import { addCampaign, campaignById, endCampaign } from "../../server/store/campaigns.ts";
import type { Queries } from "../../server/store/database.ts";
import { addShop, bought, openTestStore, record, type TestStore } from "../support/store.ts";

const START = Date.parse("2025-11-09T00:00:00Z") / 1000;
const DAY = 86_400;
const NOW = START + 5 * DAY;

const campaign = (id: string, given: object = {}): Campaign =>
  campaignSchema.parse({
    id,
    title: `Campaign ${id}`,
    startsAt: new Date(START * 1000).toISOString(),
    endsAt: new Date((START + 9 * DAY) * 1000).toISOString(),
    ...given,
  });

const refundOf = (merchant: string, order: string, given: object = {}): Refund =>
  refundSchema.parse({
    merchant,
    order,
    refund: `r-${order}`,
    refundedAt: new Date((START + 12 * DAY) * 1000).toISOString(),
    ...given,
  });

/** A purchase that completed so many days after the window's start. */
const boughtOn = (merchant: string, order: string, days: number) =>
  bought(merchant, order, { completedAt: new Date((START + days * DAY) * 1000).toISOString() });

type Told = {
  kind: number;
  amount: bigint;
  unit: string;
  batch: bigint;
  details: string;
  body: string;
};

/** Every receipt with the details, the event and the batch of the gift that it is or takes back. */
const toldBy = (sql: Queries) => sql<Told[]>`
  SELECT receipts.kind, receipts.amount, unit, gift.batch, gift.private AS details, body
  FROM receipts JOIN lines ON lines.id = receipts.line
  LEFT JOIN reversals ON reversal = receipts.id
  JOIN receipts AS gift ON gift.id = coalesce(reversals.gift, receipts.id)
  JOIN events ON events.id = gift.event`;

type Row = {
  number: number;
  body: string;
  counts_from: bigint;
  ended_at: bigint | null;
  ended_from: bigint | null;
};

/** By the campaign's document and the receipts' own words: no code of the service is asked. */
function recomputed(row: Row, told: readonly Told[]): Total[] {
  const { startsAt, endsAt, programmes, charities, merchants } = JSON.parse(row.body) as Campaign;
  const isIn = (list: readonly string[] | null, value: string) => list?.includes(value) ?? true;
  const matching = told.filter(({ details, body, batch }) => {
    const { programme, charity, merchant } = JSON.parse(details);
    const { completedAt } = JSON.parse(body);
    const isEnded = row.ended_from !== null && batch >= row.ended_from;
    const end = isEnded ? Math.min(endsAt, Number(row.ended_at)) : endsAt;
    return (
      batch >= row.counts_from &&
      startsAt <= completedAt &&
      completedAt < end &&
      isIn(programmes, programme) &&
      isIn(charities, charity) &&
      isIn(merchants, merchant)
    );
  });
  const units = [...new Set(matching.map(({ unit }) => unit))].sort();
  return units.map((unit) => totalOf(unit, matching));
}

function totalOf(unit: string, told: readonly Told[]): Total {
  const of = (kind: number) => told.filter((one) => one.unit === unit && one.kind === kind);
  const sum = (kind: number) => of(kind).reduce((all, { amount }) => all + amount, 0n);
  return {
    ...{ unit, gifts: BigInt(of(0).length), given: sum(0) },
    ...{ reversals: BigInt(of(1).length), takenBack: sum(1) },
  };
}

describe("campaigns in the store", function () {
  this.timeout(120_000);
  let store: TestStore;

  beforeEach(async () => {
    store = await openTestStore();
    await addShop(store.sql, "tea", ["GB-CHC-1", "GB-CHC-2"], { refunds: "reverse" });
    await addShop(store.sql, "books", ["GB-CHC-3"], { refunds: "reverse" });
  });
  afterEach(() => store.close());

  /** All campaigns at one moment: what the service says of each, and what the receipts say. */
  const look = () =>
    store.sql.begin("ISOLATION LEVEL REPEATABLE READ", async (tx) => {
      const rows = await tx<Row[]>`
        SELECT number, body, counts_from, ended_at, ended_from FROM campaigns JOIN documents ON hash = document
        ORDER BY number`;
      const totals = await campaignTotals(
        tx,
        rows.map(({ number }) => number),
      );
      const told = await toldBy(tx);
      return rows.map((row) => ({ said: totals.get(row.number), found: recomputed(row, told) }));
    });

  async function expectExact(): Promise<readonly Total[][]> {
    const looked = await look();
    for (const { said, found } of looked) expect(said).to.deep.equal(found);
    return looked.map(({ found }) => found);
  }

  const end = async (id: string, at: number) =>
    endCampaign(store.sql, (await campaignById(store.sql, id))!, at);

  it("counts what is recorded from its creation on and happened within its window, at the moment it is durable", async () => {
    await record(store.ingest, [boughtOn("tea", "before-creation", 1)]);
    expect(await addCampaign(store.sql, campaign("week"), NOW)).to.equal(true);
    await record(store.ingest, [
      boughtOn("tea", "before-window", -1),
      boughtOn("tea", "first-second", 0),
      boughtOn("tea", "after-window", 9),
    ]);
    const [totals] = await expectExact();
    expect(totals).to.deep.equal([{ unit: "CNY", gifts: 2n, given: 14n, reversals: 0n, takenBack: 0n }]);
  });

  it("counts a gift once, however often it is told", async () => {
    await addCampaign(store.sql, campaign("week"), NOW);
    const told = [boughtOn("tea", "again", 1), boughtOn("tea", "again", 1)];
    const { ingest } = await store.another();
    for (const one of [store.ingest, ingest, store.ingest]) await ingestPurchases(one, told);
    const [totals] = await expectExact();
    expect(totals?.[0]).to.include({ gifts: 2n, given: 14n });
  });

  it("counts for a campaign that another process has made or ended a moment before", async () => {
    const { ingest } = await store.another();
    await record(ingest, [boughtOn("tea", "known-by-none", 1)]);
    await addCampaign(store.sql, campaign("week"), NOW);
    await record(ingest, [boughtOn("tea", "counted", 1)]);
    await end("week", START + DAY);
    await record(ingest, [boughtOn("tea", "too-late", 2)]);
    const [totals] = await expectExact();
    expect(totals?.[0]?.gifts).to.equal(2n);
  });

  it("counts for each campaign what its programmes, charities and merchants name", async () => {
    await addCampaign(store.sql, campaign("of-tea", { merchants: ["tea"] }), NOW);
    await addCampaign(store.sql, campaign("of-one", { charities: ["GB-CHC-2", "GB-CHC-3"] }), NOW);
    await addCampaign(store.sql, campaign("of-steps", { programmes: ["steps"] }), NOW);
    await record(store.ingest, [boughtOn("tea", "1", 1), boughtOn("books", "1", 1)]);
    const totals = await expectExact();
    expect(totals.map((own) => own[0]?.gifts ?? 0n)).to.deep.equal([2n, 2n, 0n]);
  });

  it("counts what any programme gives, in its own unit, by when it happened", async () => {
    await addCampaign(store.sql, campaign("week", { programmes: ["steps"] }), NOW);
    const walk = (key: string, days: number, steps: bigint) => ({
      name: { source: "steps", key },
      body: { key, completedAt: START + days * DAY },
      happenedAt: START + days * DAY,
      gifts: [
        {
          ...{ item: "1", charity: "GB-CHC-1", unit: "STEP", amount: steps, terms: new Uint8Array(32) },
          details: { programme: "steps", charity: "GB-CHC-1", item: "1", day: days },
        },
      ],
    });
    const walks = [walk("a", 1, 8_000n), walk("b", 8, 12_000n), walk("c", 9, 5_000n)];
    await ingestContributions(store.ingest, walks);
    const [totals] = await expectExact();
    expect(totals).to.deep.equal([{ unit: "STEP", gifts: 2n, given: 20_000n, reversals: 0n, takenBack: 0n }]);
  });

  it("tells what refunds have taken back beside what was given, which never falls", async () => {
    await addCampaign(store.sql, campaign("week"), NOW);
    await record(store.ingest, [boughtOn("tea", "back", 1), boughtOn("tea", "kept", 1)]);
    await ingestRefund((await store.another()).ingest, refundOf("tea", "back"));
    const [totals] = await expectExact();
    expect(totals).to.deep.equal([{ unit: "CNY", gifts: 4n, given: 28n, reversals: 2n, takenBack: 14n }]);
  });

  it("counts a refund for the campaign of its gift alone: not of one recorded before, and after the end as well", async () => {
    await record(store.ingest, [boughtOn("tea", "before", 1)]);
    await addCampaign(store.sql, campaign("week"), NOW);
    await record(store.ingest, [boughtOn("tea", "within", 1)]);
    await end("week", NOW);
    for (const order of ["before", "within"]) await ingestRefund(store.ingest, refundOf("tea", order));
    const [totals] = await expectExact();
    expect(totals?.[0]).to.include({ gifts: 2n, reversals: 2n });
  });

  it("counts the refund of a purchase that is erased", async () => {
    await addCampaign(store.sql, campaign("week"), NOW);
    await record(store.ingest, [boughtOn("tea", "erased", 1)]);
    await store.sql`UPDATE receipts SET private = NULL, salt = NULL`;
    await store.sql`UPDATE events SET body_hash = sha256(body::bytea), body = NULL`;
    await ingestRefund(store.ingest, refundOf("tea", "erased"));
    const { number } = (await campaignById(store.sql, "week"))!;
    expect((await campaignTotals(store.sql, [number])).get(number)).to.deep.equal([
      { unit: "CNY", gifts: 2n, given: 14n, reversals: 2n, takenBack: 14n },
    ]);
  });

  it("ends where it was ended, for what is told afterwards: what happened before still counts", async () => {
    await addCampaign(store.sql, campaign("week"), NOW);
    await record(store.ingest, [boughtOn("tea", "1", 1)]);
    expect(await end("week", START + 2 * DAY)).to.equal(true);
    expect(await end("week", START + DAY)).to.equal(false);
    await record(store.ingest, [boughtOn("tea", "2", 1), boughtOn("tea", "3", 2)]);
    const [totals] = await expectExact();
    expect(totals?.[0]?.gifts).to.equal(4n);
  });

  it("has its notice, and that of its end, in the batch before the first that it applies to", async () => {
    await addCampaign(store.sql, campaign("week"), NOW);
    await end("week", NOW);
    const { hash, countsFrom, endedFrom } = (await campaignById(store.sql, "week"))!;
    const documents =
      await store.sql`SELECT hash, batch FROM documents WHERE kind = 'campaign' ORDER BY batch`;
    expect(documents.map(({ batch }) => batch)).to.deep.equal([countsFrom - 1n, (endedFrom as bigint) - 1n]);
    expect(documents[0]?.hash).to.deep.equal(hash);
  });

  it("keeps the first of two campaigns of one name", async () => {
    const both = [campaign("week"), campaign("week", { title: "Another" })];
    const made = await Promise.all(both.map((one) => addCampaign(store.sql, one, NOW)));
    expect(made.filter(Boolean)).to.have.length(1);
  });

  it("tells what each sealed batch has added, which adds up to the total", async () => {
    await addCampaign(store.sql, campaign("week"), NOW);
    await store.seal();
    for (const order of ["1", "2", "3"]) {
      await record(store.ingest, [boughtOn("tea", order, 1), boughtOn("tea", `${order}-more`, 1)]);
      if (order === "2") await ingestRefund(store.ingest, refundOf("tea", "1"));
      await store.seal();
    }
    const { number } = (await campaignById(store.sql, "week"))!;
    const batches = await campaignBatches(store.sql, number, { batch: 0n, unit: "" }, 10);
    expect(batches.map(({ gifts, takenBack }) => [gifts, takenBack])).to.deep.equal([
      [4n, 0n],
      [4n, 14n],
      [4n, 0n],
    ]);
    const [total] = (await expectExact())[0]!;
    expect(batches.reduce((sum, { given }) => sum + given, 0n)).to.equal(total?.given);
    expect(await store.sql`SELECT FROM campaign_counts`).to.have.length(0);
  });

  it("is exact at every moment while processes write, refund and seal, and campaigns are made and ended", async () => {
    const others = await Promise.all([1, 2].map(() => store.another({ groupEvents: 20, transactions: 3 })));
    await addCampaign(store.sql, campaign("all-along"), NOW);
    let isDone = false;
    const writing = Promise.all(
      others.flatMap(({ ingest }, at) => ["tea", "books"].map((shop) => sell(ingest, shop, at))),
    );
    const changing = change(() => isDone);
    const looks: number[] = [];
    const looking = (async () => {
      while (!isDone) looks.push((await expectExact()).length);
    })();
    await writing.finally(() => {
      isDone = true;
    });
    await Promise.all([changing, looking]);
    const last = await expectExact();
    expect(looks.length).to.be.above(5);
    expect(new Set(looks).size, "campaigns came while they were looked at").to.be.above(1);
    expect(last[0]?.[0]?.gifts).to.be.above(300n);
    expect(last[0]?.[0]?.reversals).to.be.above(0n);
    // All may be sealed already.
    await record(store.ingest, [boughtOn("tea", "last", 1)]);
    await store.seal();
    await expectExact();
  });

  /** Sells in small groups, some of it twice, and refunds every fifth. The processes tell of the same sales in part. */
  async function sell(ingest: Ingest, shop: string, at: number): Promise<void> {
    for (let group = 0; group < 8; group++) {
      const names = Array.from({ length: 20 }, (_, index) => `${group}-${index}`);
      const orders = names.map((name, index) => (index % 4 === 0 ? name : `${at}-${name}`));
      const sales = orders.map((order, index) => boughtOn(shop, order, (index % 12) - 1));
      await Promise.all([record(ingest, sales), record(ingest, sales.slice(0, 5))]);
      for (const order of orders.filter((_, index) => index % 5 === 1))
        await ingestRefund(ingest, refundOf(shop, order));
    }
  }

  /** Makes campaigns and ends them in turn, and seals in between, for as long as there is writing. */
  async function change(isDone: () => boolean): Promise<void> {
    const kinds = [
      {},
      { merchants: ["tea"] },
      { charities: ["GB-CHC-2"] },
      { programmes: ["goods-for-good"] },
    ];
    for (let made = 0; !isDone(); made++) {
      await addCampaign(store.sql, campaign(`c-${made}`, kinds[made % kinds.length]), NOW);
      if (made % 2 === 1) await end(`c-${made - 1}`, START + (made % 8) * DAY);
      await store.seal();
    }
  }
});
