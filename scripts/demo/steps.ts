// Steps: a sponsor commits money, people donate their days, and each day becomes the sponsor's gift.

import { setTimeout as sleep } from "node:timers/promises";
import type { Api } from "./api.ts";
import type { Recorded } from "./goods.ts";
import { SHOPS, TRACKS } from "./parties.ts";
import { drawn, randomFrom } from "./random.ts";
import { longStep, step } from "./telling.ts";
import { DAYS, dayOf, UTC_OFFSET, WEEK_ENDS, WEEK_STARTS, written } from "./week.ts";

const MONTH_SECONDS = 30 * 86_400;
const COMMITTED = "200000";
const WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;
/** A day may be reported for a week. */
const FIRST_DAY = DAYS - 6;

/** The pool's id, once the money that is committed to it is sealed: it pays for what is walked from then on. */
export const openPool = (api: Api, keys: ReadonlyMap<string, string>): Promise<string> =>
  step("a sponsor commits money for steps, before anyone walks", async () => {
    const { id } = await api.post("/v1/pools", {
      sponsor: "Running shoes company",
      charity: TRACKS,
      currency: "CNY",
      rate: { steps: "5000", amount: "100" },
      startsAt: written(WEEK_STARTS),
      endsAt: written(WEEK_ENDS + MONTH_SECONDS),
      utcOffset: UTC_OFFSET,
    });
    await api.post(`/v1/pools/${id}/acceptance`, {}, keys.get(TRACKS));
    await api.post(`/v1/pools/${id}/funding`, { amount: COMMITTED, reference: "F-1" });
    await until(async () => (await api.get(`/v1/pools/${id}`)).funded === COMMITTED);
    return id as string;
  });

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + WITHIN_MS;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error("it took more than a minute until the steps were converted");
    await sleep(LOOK_EVERY_MS);
  }
}

/** Asleep at night, busy in the morning and in the evening. */
function hoursOf(random: () => number): number[] {
  return Array.from({ length: 24 }, (_, hour) => {
    if (hour < 6 || hour > 22) return 0;
    const isBusy = hour === 8 || hour === 12 || hour === 18 || hour === 20;
    return isBusy ? 2_000 + drawn(random, 1_500) : drawn(random, 450);
  });
}

/** What a machine that rocks the device all day looks like. */
const ROCKED = Array.from({ length: 24 }, (_, hour) => (hour < 8 ? 0 : 7_000));

const reportOf = (walker: number, day: number, hours: readonly number[]) => ({
  platform: SHOPS[0],
  person: `walker-${walker}`,
  day: dayOf(day),
  utcOffset: UTC_OFFSET,
  charity: TRACKS,
  device: { id: `device-${walker}`, model: "Watch" },
  source: { app: "Walk", recording: "automatic" },
  hours,
});

/** Days of so many walkers, one of whom does not walk; resolves once what they have donated is converted. */
export function playSteps(api: Api, pool: string, walkers: number, seed: number): Promise<Recorded> {
  const random = randomFrom(seed);
  const reports = Array.from({ length: walkers }, (_, walker) =>
    Array.from({ length: DAYS - FIRST_DAY }, (_, day) => reportOf(walker, FIRST_DAY + day, hoursOf(random))),
  ).flat();
  reports.push(reportOf(walkers, FIRST_DAY, ROCKED));
  const said = () => `${reports.length} days of steps, one of them held, the others the sponsor's gifts`;
  return longStep(said, "days", reports.length, async (done) => {
    const donated = await donate(api, reports, done);
    const steps = donated.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
    await until(async () => (await api.get(`/v1/pools/${pool}`)).steps === `${steps}`);
    return giftFor(api, donated[donated.length >> 1] as Donated);
  });
}

type Donated = { readonly id: string; readonly key: string; readonly amount: string };

async function donate(api: Api, reports: readonly object[], done: (count: number) => void) {
  const donated: Donated[] = [];
  let answered = 0;
  await api.bulk("/v1/steps/bulk", reports, ({ status, receipts, detail }) => {
    if (status !== 201 && status !== 202) throw new Error(`a day of steps was refused: ${detail}`);
    donated.push(...((receipts ?? []) as Donated[]));
    done(++answered);
  });
  return donated;
}

/** The sponsor's gift for one day: whoever holds the receipt of the steps may open it. */
async function giftFor(api: Api, { id, key }: Donated): Promise<Recorded> {
  const path = `/v1/receipts/${id}/conversions`;
  const { items } = (await api.as(`Receipt ${key}`, path)) as { items: { gift: string; key: string }[] };
  const [gift] = items;
  if (gift === undefined) throw new Error("no gift was made of a day's steps");
  return { id: gift.gift, key: gift.key, merchant: "", order: "", refunded: false };
}
