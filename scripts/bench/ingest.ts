// Ingest: single purchases against an Express handler that parses the same body and does nothing else; purchases in bulk
// against PostgreSQL's own COPY of the same rows; both against a service that promises nothing.

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

/** The service as it is, and one that promises nothing. */
type Pair = { readonly promising: BenchedService; readonly plain: BenchedService };

export async function benchIngest(stage: Stage, options: IngestOptions): Promise<Figure[]> {
  const promising = await startService(stage, { flags: options.flags, promises: true });
  const plain = await startService(stage, { promises: false });
  const orders = new OrderNumbers();
  const pair = { promising, plain };
  return [...(await singles(stage, pair, orders, options)), ...(await bulks(stage, pair, orders, options))];
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
  { promising, plain }: Pair,
  orders: OrderNumbers,
  { seconds, rounds }: IngestOptions,
): Promise<Figure[]> {
  const empty = startNode("scripts/bench/empty-handler.ts", []);
  stage.later(() => stopNode(empty));
  const { port } = JSON.parse(await firstLineOf(empty)) as AddressInfo;
  const common = { host: LOOPBACK, path: "/v1/purchases", connections: CONNECTIONS, seconds };
  const rate = (to: BenchedService) => () =>
    rateOf({ ...common, ...to, firstOrder: orders.take(MOST_SINGLES_A_ROUND) });
  const sides = [promising, plain, { port, key: promising.key }];
  const [ours = [], unpromised = [], against = []] = await inTurns(rounds, sides.map(rate));
  await stopNode(empty);
  const single: Figure = {
    name: "single purchases",
    ours: `${perSecond(median(ours), "purchases")}, durable`,
    against: `empty Express handler ${perSecond(median(against), "requests")}`,
    reached: ratioOf(ours, against),
    unit: "×",
    wanted: 0.25,
    note: `${CONNECTIONS} connections; service, PostgreSQL and load share the cores, the empty handler only with the load`,
  };
  return [single, promisesOf(single, ours, unpromised)];
}

/** What promises cost: the same service with and without them. */
const promisesOf = ({ name, ours, note }: Figure, rates: readonly number[], unpromised: readonly number[]) =>
  ({
    name: `${name}, promised`,
    ours,
    against: `without promises ${perSecond(median(unpromised), "purchases")}`,
    reached: ratioOf(rates, unpromised),
    unit: "×",
    wanted: 0.9,
    note,
  }) satisfies Figure;

/** Requests a second that were answered. Throws when one was refused. */
async function rateOf(order: LoadOrder): Promise<number> {
  const load = startNode("scripts/bench/load.ts", [JSON.stringify(order)]);
  const { answered, refused, seconds } = await answerOf<LoadAnswer>(load);
  if (refused > 0) throw new Error(`${refused} of ${answered} single requests were refused`);
  return answered / seconds;
}

async function bulks(
  stage: Stage,
  { promising, plain }: Pair,
  orders: OrderNumbers,
  { size, rounds }: IngestOptions,
): Promise<Figure[]> {
  const tables = await CopyTables.create(stage.databaseUrl);
  stage.later(() => tables.close());
  await tables.copyNewRows();
  const upload = (to: BenchedService) => async () =>
    size / ((await uploadBulk(to, orders.take(size), size)) / 1000);
  const copy = async () => size / ((await tables.copyNewRows()) / 1000);
  const sides = [upload(promising), upload(plain), copy];
  const [ours = [], unpromised = [], against = []] = await inTurns(rounds, sides);
  const many: Figure = {
    name: "bulk purchases",
    ours: `${perSecond(median(ours), "purchases")}, durable`,
    against: `COPY of the same rows ${perSecond(median(against), "purchases")}`,
    reached: ratioOf(ours, against),
    unit: "×",
    wanted: 0.3,
    note: `${size.toLocaleString("en")} a round, one event and one receipt each; one thread hashes them while PostgreSQL writes`,
  };
  return [many, promisesOf(many, ours, unpromised)];
}
