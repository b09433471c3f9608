// A small ledger with everything that pages show, on a real chain, made once for a run of mocha: gifts of three batches, a
// payout, the charity's signature, and a report of what part of it became. Whoever changes it makes their own.

import { stopAtEnd } from "./at-end.ts";
import {
  acknowledge,
  type Charity,
  charityPath,
  type Gift,
  give,
  openCharity,
  pay,
  sign,
} from "./charity.ts";
import { call } from "./client.ts";
import { eventually } from "./eventually.ts";
import { startTestService, type TestService } from "./service.ts";
import { wanted } from "./shop.ts";

export interface PlayedLedger {
  readonly service: TestService;
  readonly charity: Charity;
  /** All of it is spent, and reported: [0, 14000) of the line. */
  readonly spent: readonly Gift[];
  /** Paid and signed for, and not spent: [14000, 20000). */
  readonly acknowledged: readonly Gift[];
  /** Given and not paid yet: [20000, 27500). */
  readonly given: readonly Gift[];
}

/** What the charity's report says that its money became. */
export const BOUGHT = {
  project: "Free lunches",
  what: "hot lunches",
  count: "35",
  measure: "meals",
} as const;

let shared: Promise<PlayedLedger> | undefined;

/** The ledger that all tests of the run may look at, and none may change. */
export async function playedLedger(): Promise<PlayedLedger> {
  shared ??= playLedger().then((played) => {
    stopAtEnd(() => played.service.stop());
    return played;
  });
  return await shared;
}

/** One of the caller's own, to be stopped by them. */
export async function playLedger(settings: Record<string, string> = {}): Promise<PlayedLedger> {
  const service = await startTestService({
    chain: true,
    settings: { PUBLIC_URL: "", PROVE_EVERY_SECONDS: "0", SETTLE_EVERY_SECONDS: "0", ...settings },
  });
  const charity = await openCharity(service);
  const spent = await give(service, charity, [5_000, 20, 1_980, 7_000]);
  const acknowledged = await give(service, charity, [1_000, 5_000]);
  await pay(service, charity, 0n, 20_000n);
  await watermark(service, charity, "paid", "20000");
  await wanted(201, acknowledge(service, charity));
  await watermark(service, charity, "acknowledged", "20000");
  await report(service, charity, "14000");
  await watermark(service, charity, "spent", "14000");
  const given = await give(service, charity, [2_500, 5_000]);
  return { service, charity, spent, acknowledged, given };
}

const watermark = (service: TestService, { registration }: Charity, mark: string, upTo: string) =>
  eventually(`${mark} ${upTo}`, async () => {
    const { body } = await call(`${service.url}/v1/lines/${encodeURIComponent(registration)}/CNY`);
    return body.watermarks[mark] === upTo;
  });

async function report(service: TestService, charity: Charity, upTo: string): Promise<void> {
  const { project, ...bought } = BOUGHT;
  const part = { from: "0", upTo, project, place: { country: "CN", name: "Yunnan" }, bought: [bought] };
  const body = { unit: "CNY", from: "0", upTo, parts: [part] };
  const path = charityPath(service, charity, "/disbursements");
  const { hash, typedData } = await wanted(201, call(path, { key: charity.key, body }));
  const signature = await sign(charity.signer, typedData);
  await wanted(201, call(`${path}/${hash}/signature`, { key: charity.key, body: { typedData, signature } }));
}

/** The whole receipt file, as its owner saves it. */
export const receiptFile = async ({ service }: PlayedLedger, { id, key }: Gift) =>
  await wanted(
    200,
    call(`${service.url}/v1/receipts/${id}`, { headers: { Authorization: `Receipt ${key}` } }),
  );
