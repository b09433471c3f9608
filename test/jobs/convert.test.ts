// The conversion of steps as its leader dies in the middle: the next one decides the same, and records nothing twice.

import { expect } from "chai";
import { ingestContributions } from "../../server/ingest/ingest.ts";
import { convertNext, giveRemainders } from "../../server/jobs/convert.ts";
import { fundingGift, type PoolTerms, poolId, poolSchema } from "../../server/programmes/pool.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { addCharity } from "../../server/store/parties.ts";
import { acceptPool, addPool, poolById } from "../../server/store/pools.ts";
import { breakingAt } from "../support/publishing.ts";
import { silent } from "../support/service.ts";
import { openTestStore, type TestStore } from "../support/store.ts";

const DAY = 86_400;
const HOUR = 3_600;
const now = () => Math.floor(Date.now() / 1000);
const NOTHING = new Uint8Array(32);

describe("the conversion of steps by a job", () => {
  let store: TestStore;
  let charities = 0;

  before(async () => {
    store = await openTestStore();
  });

  after(() => store.close());

  const converter = (sql = store.sql) => ({
    sql,
    log: silent,
    record: ingestContributions.bind(null, store.ingest),
  });

  async function addAccepted(given: object = {}): Promise<PoolTerms> {
    charities += 1;
    const registration = `GB-CHC-${charities}`;
    const accounts = { website: null, payee: null, signer: null };
    await addCharity(store.sql, { registration, name: registration, rail: "bank", ...accounts });
    const terms = poolSchema.parse({
      sponsor: "Tea trading company",
      charity: registration,
      currency: "CNY",
      rate: { steps: "777", amount: "13" },
      startsAt: new Date((now() - DAY) * 1000).toISOString(),
      endsAt: new Date((now() + DAY) * 1000).toISOString(),
      ...given,
    });
    await addPool(store.sql, terms);
    await acceptPool(store.sql, poolId(terms));
    return terms;
  }

  async function record(key: string, gift: ReturnType<typeof fundingGift>) {
    const told = { name: { source: "test", key }, body: gift.details, happenedAt: now(), gifts: [gift] };
    const [outcome] = await ingestContributions(store.ingest, [told]);
    if (outcome === undefined || outcome instanceof Error) throw outcome;
  }

  async function fund(terms: PoolTerms, amount: string): Promise<void> {
    const bytes = poolId(terms);
    const gift = fundingGift(terms, { bytes, hex: toHex(bytes) }, { amount, reference: "F-1" });
    await record(`fund ${toHex(bytes)}`, gift);
    await store.seal();
    await convertAll();
  }

  async function donate({ charity }: PoolTerms, count: number): Promise<void> {
    for (let walker = 0; walker < count; walker++) {
      const item = `${charity}/${walker}/${Math.random()}`;
      const details = { programme: "steps", charity, item };
      const amount = 10_000n + 37n * BigInt(walker);
      await record(item, { item, charity, unit: "STEP", amount, terms: NOTHING, details });
    }
    await store.seal();
  }

  async function convertAll(sql = store.sql): Promise<void> {
    while (await convertNext(converter(sql)));
  }

  const standing = async (terms: PoolTerms) => {
    const { funded, used, steps } = (await poolById(store.sql, poolId(terms))) ?? {};
    return { funded, used, steps };
  };

  /** The sponsor's gifts: how many receipts, and what they come to. */
  async function giftsOf(terms: PoolTerms) {
    const [row] = await store.sql<{ gifts: bigint; sum: bigint }[]>`
      SELECT count(*) AS gifts, coalesce(sum(amount), 0)::bigint AS sum FROM receipts JOIN lines ON lines.id = line
      WHERE terms = ${poolId(terms)} AND unit = 'CNY'`;
    return row;
  }

  const ALL_STEPS = 40n * 10_000n + (37n * 39n * 40n) / 2n;

  for (const words of ["update conversion_progress", "update pools set used", "insert into conversions"])
    it(`gives all and nothing twice when it dies at: ${words}`, async () => {
      const terms = await addAccepted();
      await fund(terms, "100000");
      await donate(terms, 40);
      const dying = breakingAt(store.sql, words);
      const died = await convertAll(dying).catch((thrown: Error) => thrown.message);
      expect(died).to.equal(`cut off at ${words}`);
      // The gifts are durable already; only what is known of them is not.
      expect(await giftsOf(terms)).to.deep.equal({ gifts: 40n, sum: (ALL_STEPS * 13n) / 777n });
      await convertAll();
      expect(await giftsOf(terms)).to.deep.equal({ gifts: 40n, sum: (ALL_STEPS * 13n) / 777n });
      expect(await standing(terms)).to.deep.equal({
        funded: 100_000n,
        used: (ALL_STEPS * 13n) / 777n,
        steps: ALL_STEPS,
      });
    });

  it("adds committed money once when it dies as a batch is finished", async () => {
    const terms = await addAccepted();
    const bytes = poolId(terms);
    const gift = fundingGift(terms, { bytes, hex: toHex(bytes) }, { amount: "500", reference: "F-1" });
    await record("dying", gift);
    await store.seal();
    await convertAll(breakingAt(store.sql, "update pools set funded")).catch(() => {});
    expect((await standing(terms)).funded).to.equal(0n);
    await convertAll();
    await convertAll();
    expect((await standing(terms)).funded).to.equal(500n);
  });

  it("gives what is left once the pool has ended and all before is sealed, and only once", async () => {
    const terms = await addAccepted({ endsAt: new Date((now() + 2) * 1000).toISOString() });
    await fund(terms, "100000");
    await donate(terms, 3);
    await convertAll();
    const { used } = await standing(terms);
    await giveRemainders(converter(), terms.endsAt + HOUR);
    expect(await standing(terms), "while something may wait for its seal").to.include({ used });
    await store.seal();
    await giveRemainders(converter(), terms.endsAt + HOUR - 1);
    expect(await standing(terms)).to.include({ used });
    await giveRemainders(converter(), terms.endsAt + HOUR);
    await giveRemainders(converter(), terms.endsAt + HOUR);
    expect(await standing(terms)).to.include({ used: 100_000n });
    expect((await giftsOf(terms))?.sum).to.equal(100_000n);
  });

  it("keeps what is left while steps that were sealed a moment ago are not converted", async () => {
    const terms = await addAccepted({ endsAt: new Date((now() + 60) * 1000).toISOString() });
    await fund(terms, "100000");
    await donate(terms, 3);
    await store.sql`UPDATE open_batch SET opened_at = ${terms.endsAt + HOUR}`;
    await giveRemainders(converter(), terms.endsAt + HOUR);
    expect(await standing(terms)).to.include({ used: 0n });
    await convertAll();
    expect((await standing(terms)).steps).to.equal(30_111n);
  });

  it("passes over batches of charities that nobody sponsors", async () => {
    charities += 1;
    const charity = `GB-CHC-${charities}`;
    const accounts = { website: null, payee: null, signer: null };
    await addCharity(store.sql, { registration: charity, name: charity, rail: "bank", ...accounts });
    await donate({ charity } as PoolTerms, 2);
    expect(await convertNext(converter())).to.equal(false);
  });
});
