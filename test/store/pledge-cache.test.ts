// Pledges in the memory of several processes: what one changes, the others hear, also after they were deaf for a while.

import { expect } from "chai";
import { termsHash, termsSchema } from "../../server/programmes/terms.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { connect, type Database } from "../../server/store/database.ts";
import { PledgeCache } from "../../server/store/pledge-cache.ts";
import { acceptPledge, addPledge, endPledge, pledgeById, pledgesOf } from "../../server/store/pledges.ts";
import { termsOf } from "../support/shop.ts";
import { addShop, openTestStore, type TestStore } from "../support/store.ts";

describe("the pledge cache", () => {
  let store: TestStore;
  let near: Database;
  let other: Database;
  let cache: PledgeCache;

  beforeEach(async () => {
    store = await openTestStore();
    [near, other] = [connect(store.url, 4), connect(store.url, 2)];
    await addShop(store.sql, "shop", ["GB-CHC-1"]);
    cache = new PledgeCache(near);
  });
  afterEach(async () => {
    await Promise.all([near.end({ timeout: 1 }), other.end({ timeout: 1 })]);
    await store.close();
  });

  const ended = async () => ((await cache.of(["shop"])).get("shop") ?? []).map(({ endedAt }) => endedAt);
  const endAt = async (at: number) => {
    const [pledge] = await pledgesOf(other, ["shop"]);
    await endPledge(other, pledge!, at);
  };

  async function within(milliseconds: number, holds: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + milliseconds;
    while (!(await holds())) {
      if (performance.now() > end) throw new Error(`it did not hold within ${milliseconds} ms`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  it("remembers nothing before it listens", async () => {
    expect(await ended()).to.deep.equal([null]);
    await endAt(1_790_000_000);
    expect(await ended()).to.deep.equal([1_790_000_000]);
  });

  it("answers from memory, and null for a merchant that is not there, which it does not remember", async () => {
    await cache.listen();
    await cache.of(["shop"]);
    await other`UPDATE pledges SET ended_at = 5`;
    expect(await ended(), "changed without a notification: still from memory").to.deep.equal([null]);
    expect((await cache.of(["new"])).get("new")).to.equal(null);
    await addShop(other, "new", []).catch(() => {});
    expect((await cache.of(["new"])).get("new")).to.deep.equal([]);
  });

  it("hears of an end, an acceptance and a new pledge from another process", async () => {
    await cache.listen();
    await addShop(other, "shop", ["GB-CHC-2"], { share: { basisPoints: 500 } });
    await within(2_000, async () => (await cache.of(["shop"])).get("shop")?.length === 2);
    await endAt(1_790_000_000);
    await within(2_000, async () => (await ended()).includes(1_790_000_000));
    const terms = termsSchema.parse(termsOf("shop", ["GB-CHC-1"], { share: { basisPoints: 700 } }));
    await addPledge(other, terms);
    const accepted = async () =>
      (await cache.of(["shop"]))
        .get("shop")
        ?.map((pledge) => pledge.accepted)
        .sort();
    await within(2_000, async () => (await accepted())?.[0] === false);
    await acceptPledge(other, (await pledgeById(other, termsHash(terms)))!, charityId("GB-CHC-1"));
    await within(2_000, async () => (await accepted())?.every(Boolean) === true);
  });

  it("hears what was changed while its connection was broken, once it listens again", async () => {
    await cache.listen();
    expect(await ended()).to.deep.equal([null]);
    await other.begin(async (tx) => {
      await tx`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ILIKE 'listen%'`;
      await tx`UPDATE pledges SET ended_at = 1790000000`;
    });
    await within(5_000, async () => (await ended())[0] === 1_790_000_000);
    await other`UPDATE pledges SET ended_at = 1790000001`;
    await other`SELECT pg_notify('amanah_pledges_changed', 'shop')`;
    await within(2_000, async () => (await ended())[0] === 1_790_000_001);
  });

  it("does not keep what it read before a change that it heard meanwhile", async () => {
    await cache.listen();
    const reading = cache.of(["shop"]);
    cache.forget("shop");
    await reading;
    await other`UPDATE pledges SET ended_at = 7`;
    expect(await ended()).to.deep.equal([7]);
  });
});
