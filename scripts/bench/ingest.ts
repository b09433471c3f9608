// Ingest: single purchases against an Express handler that parses the same body and does nothing else; purchases in bulk
// against PostgreSQL's own COPY of the same rows.

import type { AddressInfo } from "node:net";
import { LOOPBACK } from "../../server/embedded/free-port.ts";
import { uploadBulk } from "./bulk-upload.ts";
import { answerOf, firstLineOf, startNode, stopNode } from "./child-process.ts";
import { CopyTables } from "./copy-tables.ts";
import { type Figure, inTurns, median, perSecond, ratioOf } from "./figures.ts";
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

export async function benchIngest(stage: Stage, options: IngestOptions): Promise<Figure[]> {
  const service = await startService(stage, options.flags);
  const orders = new OrderNumbers();
  return [await singles(stage, service, orders, options), await bulks(stage, service, orders, options)];
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

async function singles(
  stage: Stage,
  { port, key }: BenchedService,
  orders: OrderNumbers,
  { seconds, rounds }: IngestOptions,
): Promise<Figure> {
  const empty = startNode("scripts/bench/empty-handler.ts", []);
  stage.later(() => stopNode(empty));
  const { port: emptyPort } = JSON.parse(await firstLineOf(empty)) as AddressInfo;
  const common = { host: LOOPBACK, path: "/v1/purchases", key, connections: CONNECTIONS, seconds };
  const rate = (to: number) => () =>
    rateOf({ ...common, port: to, firstOrder: orders.take(MOST_SINGLES_A_ROUND) });
  const [ours = [], against = []] = await inTurns(rounds, [rate(port), rate(emptyPort)]);
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

/** Requests a second that were answered. Throws when one was refused. */
async function rateOf(order: LoadOrder): Promise<number> {
  const load = startNode("scripts/bench/load.ts", [JSON.stringify(order)]);
  const { answered, refused, seconds } = await answerOf<LoadAnswer>(load);
  if (refused > 0) throw new Error(`${refused} of ${answered} single requests were refused`);
  return answered / seconds;
}

async function bulks(
  stage: Stage,
  service: BenchedService,
  orders: OrderNumbers,
  { size, rounds }: IngestOptions,
): Promise<Figure> {
  const tables = await CopyTables.create(stage.databaseUrl);
  stage.later(() => tables.close());
  await tables.copyNewRows();
  const upload = async () => size / ((await uploadBulk(service, orders.take(size), size)) / 1000);
  const copy = async () => size / ((await tables.copyNewRows()) / 1000);
  const [ours = [], against = []] = await inTurns(rounds, [upload, copy]);
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
