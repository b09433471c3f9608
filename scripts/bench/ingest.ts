// Ingest: single purchases against an Express handler that parses the same body and does nothing else; purchases in bulk
// against PostgreSQL's own COPY of the same rows; both against a service that promises nothing.

import type { AddressInfo } from "node:net";
import { LOOPBACK } from "../../server/embedded/free-port.ts";
import { uploadBulk } from "./bulk-upload.ts";
import { answerOf, firstLineOf, startNode, stopNode } from "./child-process.ts";
import { CopyTables } from "./copy-tables.ts";
import { type Figure, inTurns, median, perSecond, ratioOf, thereAndBack } from "./figures.ts";
import type { LoadAnswer, LoadOrder } from "./load.ts";
import { type BenchedService, startService } from "./service.ts";
import type { Stage } from "./stage.ts";

export type IngestOptions = {
  /** Purchases in one bulk upload. */
  readonly size: number;
  /** How long single purchases are sent to each side in one round. */
  readonly seconds: number;
  readonly rounds: number;
  /** Flags for the service's Node. */
  readonly flags: readonly string[];
};

const CONNECTIONS = 64;

/** Purchases a second that a service takes, by one way of sending them. */
type Rate = (service: BenchedService) => Promise<number>;

export async function benchIngest(stage: Stage, options: IngestOptions): Promise<Figure[]> {
  const service = await startService(stage, { flags: options.flags, promises: true });
  const silent = await startService(stage, { promises: false });
  const orders = new OrderNumbers();
  const single = singleRate(orders, options);
  const bulk = bulkRate(orders, options);
  return [
    await singles(stage, service, single, options),
    await promised("single purchases", service, silent, single, options),
    await promised("bulk purchases", service, silent, bulk, options),
    // The last, since PostgreSQL tidies up behind so many copies.
    await bulks(stage, service, bulk, options),
  ];
}

/** Hands out numbers of orders, none twice. */
class OrderNumbers {
  #next = 0;

  take(count: number): number {
    this.#next += count;
    return this.#next - count;
  }
}

const MOST_SINGLES_A_ROUND = 10_000_000;

const singleRate =
  (orders: OrderNumbers, { seconds }: IngestOptions): Rate =>
  (service) => {
    const common = { host: LOOPBACK, path: "/v1/purchases", connections: CONNECTIONS, seconds };
    return rateOf({ ...common, ...service, firstOrder: orders.take(MOST_SINGLES_A_ROUND) });
  };

const bulkRate =
  (orders: OrderNumbers, { size }: IngestOptions): Rate =>
  async (service) =>
    (size * 1000) / (await uploadBulk(service, orders.take(size), size));

async function singles(
  stage: Stage,
  service: BenchedService,
  rate: Rate,
  { rounds }: IngestOptions,
): Promise<Figure> {
  const empty = startNode("scripts/bench/empty-handler.ts", []);
  stage.later(() => stopNode(empty));
  const { port } = JSON.parse(await firstLineOf(empty)) as AddressInfo;
  const sides = [service, { port, key: service.key }];
  const [ours = [], against = []] = await inTurns(
    rounds,
    sides.map((side) => () => rate(side)),
  );
  await stopNode(empty);
  return {
    name: "single purchases",
    ours: `${perSecond(median(ours), "purchases")}, durable`,
    against: `empty Express handler ${perSecond(median(against), "requests")}`,
    reached: ratioOf(ours, against),
    unit: "×",
    wanted: 0.25,
    note: `${CONNECTIONS} connections; service, PostgreSQL and load share the cores, the empty handler only with the load`,
  };
}

/** What promises cost: the same service with and without them. */
async function promised(
  what: string,
  service: BenchedService,
  silent: BenchedService,
  rate: Rate,
  { rounds }: IngestOptions,
): Promise<Figure> {
  const [ours = [], against = []] = await thereAndBack(
    rounds,
    () => rate(service),
    () => rate(silent),
  );
  return {
    name: `${what}, promised`,
    ours: `${perSecond(median(ours), "purchases")}, durable`,
    against: `without promises ${perSecond(median(against), "purchases")}`,
    reached: ratioOf(ours, against),
    unit: "×",
    wanted: 0.9,
    note: "a thread of its own promises; where cores are few, it takes its time from all others",
  };
}

async function bulks(
  stage: Stage,
  service: BenchedService,
  rate: Rate,
  { size, rounds }: IngestOptions,
): Promise<Figure> {
  const tables = await CopyTables.create(stage.databaseUrl);
  stage.later(() => tables.close());
  // What was written before is no part of it.
  await tables.copyNewRows();
  const copy = async () => (size * 1000) / (await tables.copyNewRows());
  const [ours = [], against = []] = await inTurns(rounds, [() => rate(service), copy]);
  return {
    name: "bulk purchases",
    ours: `${perSecond(median(ours), "purchases")}, durable`,
    against: `COPY of the same rows ${perSecond(median(against), "purchases")}`,
    reached: ratioOf(ours, against),
    unit: "×",
    wanted: 0.3,
    note: `${size.toLocaleString("en")} a round, one event and one receipt each; one thread hashes them while PostgreSQL writes`,
  };
}

/** Requests a second that were answered. Throws when one was refused. */
async function rateOf(order: LoadOrder): Promise<number> {
  const load = startNode("scripts/bench/load.ts", [JSON.stringify(order)]);
  const { answered, refused, seconds } = await answerOf<LoadAnswer>(load);
  if (refused > 0) throw new Error(`${refused} of ${answered} single requests were refused`);
  return answered / seconds;
}
