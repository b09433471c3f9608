// Who takes part: charities with their keys and accounts, and shops with their pledges.

import { keccak256, stringToHex } from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import type { Api } from "./api.ts";
import { WEEK_STARTS, written } from "./week.ts";

export type Party = {
  readonly registration: string;
  readonly name: string;
  readonly signer: PrivateKeyAccount;
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

export const [LUNCH, HEARING, TRACKS] = CHARITIES.map(({ registration }) => registration) as [
  string,
  string,
  string,
];

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

export const SHOPS = [
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

export type Parties = {
  readonly charities: readonly Party[];
  /** The charities' API keys, by registration id. */
  readonly keys: ReadonlyMap<string, string>;
};

export async function makeParties(api: Api): Promise<Parties> {
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
  // Two of them show what they have given; the others do not, since turnover follows from it.
  for (const shop of SHOPS.slice(0, 2))
    await api.post(`/v1/merchants/${shop}/totals/disclosure`, { shown: true });
  return { charities: CHARITIES, keys };
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
  const pledge = await api.post("/v1/pledges", {
    merchant: shop,
    currency: "CNY",
    startsAt: written(WEEK_STARTS),
    ...terms,
  });
  for (const { charity } of terms?.charities ?? [])
    await api.post(`/v1/pledges/${pledge.id}/acceptance`, {}, keys.get(charity));
}
