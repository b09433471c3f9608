// The service on a stage, in a process of its own as its users start it, with shops whose pledges are in force. It seals
// nothing: that is measured by itself.

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { answers, freePort, LOOPBACK } from "../../server/embedded/free-port.ts";
import { ensureCharity, Parties } from "../import/parties.ts";
import { readKeyFile, ServiceClient } from "../import/service-client.ts";
import { startNode, stopNode } from "./child-process.ts";
import { BASIS_POINTS, CHARITY, CURRENCY, SHOPS, shopName } from "./orders.ts";
import type { Stage } from "./stage.ts";

export type BenchedService = { readonly port: number; readonly key: string };

export type ServiceOptions = {
  /** For Node itself, such as `--cpu-prof`. */
  readonly flags?: readonly string[];
  readonly promises: boolean;
};

const NEVER = { SEAL_AFTER_SECONDS: "1000000", SEAL_AT_RECEIPTS: "1000000000" };
/** The discard port, where nobody answers: only on a chain that is not of its own can a service go without promises. */
const NO_CHAIN = {
  CHAIN_RPC_URL: `http://${LOOPBACK}:9`,
  CONTRACT_ADDRESS: `0x${"01".repeat(20)}`,
  LOG_LEVEL: "fatal",
};
const PROMISE_KEY = `0x${"42".repeat(32)}`;
const LOOK_EVERY_MS = 50;

/** Several of them may share a stage. */
export async function startService(
  stage: Stage,
  { flags = [], promises }: ServiceOptions,
): Promise<BenchedService> {
  const port = await freePort();
  const env = {
    ...NEVER,
    ...NO_CHAIN,
    DATA_DIR: stage.dataDir,
    DATABASE_URL: stage.databaseUrl,
    PORT: `${port}`,
    PROMISE_KEY: promises ? PROMISE_KEY : "",
  };
  const child = startNode("server/main.ts", [], { env, flags });
  stage.later(() => stopNode(child));
  while (!(await answers(port))) {
    const ended = child.exitCode ?? child.signalCode;
    if (ended !== null) throw new Error(`the service ended with ${ended}`);
    await sleep(LOOK_EVERY_MS);
  }
  const key = await readKeyFile(join(stage.dataDir, "operator.key"));
  await openShops(new ServiceClient(`http://${LOOPBACK}:${port}`, key));
  return { port, key };
}

async function openShops(client: ServiceClient): Promise<void> {
  await ensureCharity(client, CHARITY);
  const parties = new Parties(client, {
    charity: CHARITY,
    basisPoints: BASIS_POINTS,
    currency: CURRENCY,
    refunds: "merchant-bears",
  });
  const names = Array.from({ length: SHOPS }, (_, shop) => shopName(shop));
  await parties.ensureMerchants(new Map(names.map((name) => [name, name])));
  await parties.close();
}
