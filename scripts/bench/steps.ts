// Steps: converting donations into sponsors' gifts, against recording as many donations; each conversion reads its donation in
// the line's order, reckons, and records a receipt of its own.

import { pino } from "pino";
import { type Ingest, ingestContributions } from "../../server/ingest/ingest.ts";
import { PromiseOpener } from "../../server/ingest/promiser.ts";
import { recorderFor, unixNow } from "../../server/ingest/recorder.ts";
import { convertNext } from "../../server/jobs/convert.ts";
import { closeNow, type Sealer, sealOldest } from "../../server/jobs/seal.ts";
import { TreeWorkers } from "../../server/jobs/tree-workers.ts";
import { fundingGift, poolId, poolSchema } from "../../server/programmes/pool.ts";
import { ZERO32 } from "../../server/protocol/bytes.ts";
import { connect, type Database } from "../../server/store/database.ts";
import { openLedger } from "../../server/store/ledger.ts";
import { migrate } from "../../server/store/migrate.ts";
import { NoticeFirst } from "../../server/store/notice-first.ts";
import { addCharity } from "../../server/store/parties.ts";
import { PledgeCache } from "../../server/store/pledge-cache.ts";
import { addPool } from "../../server/store/pools.ts";
import { GroupedWriter } from "../../server/store/writer.ts";
import { type Figure, inTurns, median, perSecond, ratioOf, timed } from "./figures.ts";
import { CHARITY, CURRENCY } from "./orders.ts";
import type { Stage } from "./stage.ts";

export type StepsOptions = {
  /** Donations in one round. */
  readonly size: number;
  readonly rounds: number;
};

const CONNECTIONS = 8;
const AT_ONCE = 500;
const STEPS_EACH = 12_345n;
/** Enough for all that 90 billion steps come to, and more. */
const FUNDED = "1000000000000";

const TERMS = poolSchema.parse({
  sponsor: "Bench",
  charity: CHARITY,
  currency: CURRENCY,
  rate: { steps: "5000", amount: "100" },
  startsAt: "2020-01-01T00:00:00Z",
  endsAt: "2120-01-01T00:00:00Z",
});

export async function benchSteps(stage: Stage, { size, rounds }: StepsOptions): Promise<Figure[]> {
  const sql = connect(stage.databaseUrl, CONNECTIONS);
  const workers = new TreeWorkers(1);
  try {
    const walk = await Walk.begin(sql, workers);
    const rate = async (milliseconds: Promise<number>) => (size * 1000) / (await milliseconds);
    const [donated = [], converted = []] = await inTurns(rounds, [
      () => rate(timed(() => walk.donate(size))),
      () => rate(walk.sealed().then(() => timed(() => walk.convert()))),
    ]);
    return [figureOf(converted, donated, size)];
  } finally {
    await workers.stop();
    await sql.end();
  }
}

const figureOf = (converted: readonly number[], donated: readonly number[], size: number): Figure => ({
  name: "steps converted",
  ours: `${perSecond(median(converted), "conversions")}, durable`,
  against: `donations recorded ${perSecond(median(donated), "donations")}`,
  reached: ratioOf(converted, donated),
  unit: "×",
  wanted: 0.5,
  note: `${size.toLocaleString("en")} a round, of one charity; 90 billion steps in half a year are some 9 million donations, one in two seconds`,
});

class Walk {
  readonly #ingest: Ingest;
  readonly #sealer: Sealer;
  #walkers = 0;

  private constructor(ingest: Ingest, sealer: Sealer) {
    this.#ingest = ingest;
    this.#sealer = sealer;
  }

  /** A charity with a pool that is full. */
  static async begin(sql: Database, workers: TreeWorkers): Promise<Walk> {
    await migrate(sql);
    const ledger = await openLedger(sql);
    const services = { sql, promiser: null, opener: new PromiseOpener() };
    const ingest = {
      ...services,
      writer: new GroupedWriter(sql),
      pledges: new PledgeCache(sql),
      notices: new NoticeFirst(sql, unixNow),
      recorder: recorderFor(ledger),
    };
    const never = { sealAfterSeconds: Infinity, sealAtReceipts: Infinity };
    const sealer = { sql, ledger: ledger.id, workers, log: pino({ level: "silent" }), ...never };
    const walk = new Walk(ingest, sealer);
    await walk.#fund(sql);
    return walk;
  }

  async #fund(sql: Database): Promise<void> {
    const accounts = { website: null, payee: null, signer: null, rail: "bank" } as const;
    await addCharity(sql, { registration: CHARITY, name: CHARITY, ...accounts });
    await addPool(sql, TERMS);
    const funding = { amount: FUNDED, reference: "bench" };
    await this.#record([fundingGift(TERMS, { bytes: poolId(TERMS), hex: "0x" }, funding)]);
    await this.sealed();
    await this.convert();
  }

  async donate(count: number): Promise<void> {
    for (let done = 0; done < count; done += AT_ONCE)
      await this.#record(Array.from({ length: Math.min(AT_ONCE, count - done) }, () => this.#donation()));
  }

  #donation() {
    const item = `walker-${this.#walkers++}`;
    const details = { programme: "steps", charity: CHARITY, item };
    return { item, charity: CHARITY, unit: "STEP", amount: STEPS_EACH, terms: ZERO32, details };
  }

  async #record(gifts: readonly ReturnType<typeof fundingGift>[]): Promise<void> {
    const told = gifts.map((gift) => ({
      name: { source: "bench", key: gift.item },
      body: gift.details,
      happenedAt: unixNow(),
      gifts: [gift],
    }));
    for (const outcome of await ingestContributions(this.#ingest, told))
      if (outcome instanceof Error) throw outcome;
  }

  async sealed(): Promise<void> {
    await closeNow(this.#sealer.sql);
    while ((await sealOldest(this.#sealer)) !== undefined);
  }

  async convert(): Promise<void> {
    const { sql, log } = this.#sealer;
    const record = ingestContributions.bind(null, this.#ingest);
    while (await convertNext({ sql, log, record }));
  }
}
