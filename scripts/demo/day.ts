// The day: who takes part, what is bought, what is brought back. Seeded, so that it can be played again.

import { keccak256, stringToHex } from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import type { Api } from "./api.ts";
import { longStep, step } from "./telling.ts";

export type Party = {
  readonly registration: string;
  readonly name: string;
  readonly signer: PrivateKeyAccount;
};

export type Recorded = {
  readonly id: string;
  readonly key: string;
  readonly merchant: string;
  readonly order: string;
  refunded: boolean;
};

const account = (name: string) => privateKeyToAccount(keccak256(stringToHex(`amanah demo ${name}`)));

const charity = (registration: string, name: string): Party => ({
  registration,
  name,
  signer: account(registration),
});

const CHARITIES = [
  charity("CN-MCA-DEMO1", "Free Lunch for Children"),
  charity("CN-MCA-DEMO2", "Hearing Again"),
  charity("CN-MCA-DEMO2/running-tracks", "Running tracks at rural schools"),
];

/** Accounts of specification sheets: nobody's. */
const IBANS = ["GB29NWBK60161331926819", "FR1420041010050500013M02606", "NL91ABNA0417164300"];

const [LUNCH, HEARING, TRACKS] = CHARITIES.map(({ registration }) => registration) as [
  string,
  string,
  string,
];
const DAY = "2026-11-11T00:00:00+08:00";
const DAY_STARTS = Date.parse(DAY) / 1000;
const DAY_SECONDS = 86_400;

/** What a shop pledges of each sale. */
const PLEDGES = [
  { share: { basisPoints: 100 }, charities: [{ charity: LUNCH }], refunds: "reverse" },
  { share: { perItem: "10" }, base: "price", charities: [{ charity: HEARING }] },
  {
    share: { basisPoints: 30 },
    rounding: "up",
    charities: [
      { charity: LUNCH, parts: 2 },
      { charity: TRACKS, parts: 1 },
    ],
    refunds: "reverse",
  },
  { share: { perItem: "100" }, base: "price", charities: [{ charity: TRACKS }] },
];

const SHOPS = [
  "tea",
  "books",
  "toys",
  "shoes",
  "lamps",
  "rice",
  "phones",
  "chairs",
  "paper",
  "soap",
  "bikes",
  "maps",
];

export async function makeParties(api: Api): Promise<readonly Party[]> {
  for (const { registration, name, signer } of CHARITIES)
    await api.post("/v1/charities", {
      registration,
      name,
      payee: account(`${registration} payee`).address,
      signer: signer.address,
    });
  for (const [index, { registration, name }] of CHARITIES.entries())
    await api.post(`/v1/charities/${encodeURIComponent(registration)}/bank-account`, {
      name,
      iban: IBANS[index],
    });
  const keys = new Map<string, string>();
  for (const { registration } of CHARITIES) {
    const { key } = await api.post("/v1/keys", { role: "charity", subject: registration, label: "demo" });
    keys.set(registration, key as string);
  }
  for (const [index, shop] of SHOPS.entries())
    await makeShop(api, shop, PLEDGES[index % PLEDGES.length], keys);
  return CHARITIES;
}

async function makeShop(
  api: Api,
  shop: string,
  terms: (typeof PLEDGES)[number] | undefined,
  keys: ReadonlyMap<string, string>,
) {
  await api.post("/v1/merchants", {
    id: shop,
    name: `The ${shop} shop`,
    legalDonor: `${shop} trading company`,
  });
  const pledge = await api.post("/v1/pledges", { merchant: shop, currency: "CNY", startsAt: DAY, ...terms });
  for (const { charity } of terms?.charities ?? [])
    await api.post(`/v1/pledges/${pledge.id}/acceptance`, {}, keys.get(charity));
}

/** Numbers in [0, 1) from a seed (mulberry32, Tommy Ettinger 2017): good enough to play with, useless for secrets. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function purchaseOf(random: () => number, number: number) {
  const upTo = (most: number) => Math.floor(random() * most);
  const items = Array.from({ length: 1 + upTo(3) }, (_, index) => ({
    item: `${index + 1}`,
    quantity: 1 + upTo(2),
    price: `${5 + upTo(40_000)}`,
    shipping: `${upTo(3) * 500}`,
  }));
  return {
    merchant: SHOPS[upTo(SHOPS.length)] as string,
    order: `D11-${String(number + 1).padStart(6, "0")}`,
    completedAt: new Date((DAY_STARTS + upTo(DAY_SECONDS)) * 1000).toISOString(),
    currency: "CNY",
    buyer: `buyer-${upTo(700)}`,
    items,
  };
}

export function playPurchases(
  api: Api,
  _: readonly Party[],
  count: number,
  seed: number,
): Promise<Recorded[]> {
  const random = randomFrom(seed);
  const purchases = Array.from({ length: count }, (_, number) => purchaseOf(random, number));
  const said = (recorded: Recorded[]) => `${count} purchases, ${recorded.length} receipts, each durable`;
  return longStep(said, "purchases", count, async (done) => {
    const recorded: Recorded[] = [];
    let answered = 0;
    await api.bulk("/v1/purchases/bulk", purchases, (answer) => {
      const { merchant, order, receipts, detail } = answer as unknown as Recorded & {
        receipts?: Recorded[];
        detail?: string;
      };
      if (receipts === undefined) throw new Error(`order ${order} was refused: ${detail}`);
      for (const { id, key } of receipts) recorded.push({ id, key, merchant, order, refunded: false });
      done(++answered);
    });
    return recorded;
  });
}

export function playRefunds(api: Api, recorded: readonly Recorded[], count: number): Promise<void> {
  return step(`${count} refunds`, async () => {
    for (let number = 1; number <= count; number++) {
      const { merchant, order } = recorded[(number * 37) % recorded.length] as Recorded;
      const refund = {
        merchant,
        order,
        refund: `R-${number}`,
        refundedAt: new Date((DAY_STARTS + DAY_SECONDS) * 1000).toISOString(),
      };
      await api.post("/v1/refunds", number % 2 === 0 ? refund : { ...refund, items: [{ item: "1" }] });
      for (const one of recorded) if (one.merchant === merchant && one.order === order) one.refunded = true;
    }
  });
}
