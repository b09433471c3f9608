// A charity in a running service with a chain: registered with its signer, given to by a shop, paid by bank. What it signs
// is signed here with an account of its own, by viem, as a wallet would.

import { type Hex, hexToBytes } from "viem";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { closeNow } from "../../server/jobs/seal.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { callEnded, intend } from "../../server/store/chain-calls.ts";
import { watermarksOf } from "../../server/store/watermarks.ts";
import { type Answer, call } from "./client.ts";
import { eventually } from "./eventually.ts";
import type { TestService } from "./service.ts";
import { keyFor, purchaseOf, termsOf, wanted } from "./shop.ts";

const WITHIN_MS = 30_000;

export interface Charity {
  readonly registration: string;
  readonly id: Hex;
  readonly key: string;
  readonly signer: PrivateKeyAccount;
  readonly merchant: string;
}

let charities = 0;

/** Registers a charity that all of a shop's sales go to. `signer` is the account that the contract knows, if it is another. */
export async function openCharity(
  service: TestService,
  { signerAddress, registration }: { signerAddress?: Hex | null; registration?: string } = {},
): Promise<Charity> {
  charities += 1;
  const name = registration ?? `GB-CHC-9${charities}`;
  const merchant = `giver-${charities}`;
  const signer = privateKeyToAccount(generatePrivateKey());
  const post = (path: string, body: object, key = service.operatorKey) =>
    call(`${service.url}${path}`, { key, body });
  const accounts = signerAddress === null ? {} : { signer: signerAddress ?? signer.address };
  await wanted(201, post("/v1/charities", { registration: name, name: `Charity ${charities}`, ...accounts }));
  await wanted(201, post("/v1/merchants", { id: merchant, name: merchant }));
  const key = await keyFor(service, "charity", name);
  const terms = termsOf(merchant, [name], { share: { basisPoints: 10_000 }, base: "price" });
  const { id } = await wanted(201, post("/v1/pledges", terms));
  await wanted(200, post(`/v1/pledges/${id}/acceptance`, {}, key));
  return {
    registration: name,
    id: `0x${Buffer.from(charityId(name)).toString("hex")}`,
    key,
    signer,
    merchant,
  };
}

export type Gift = { readonly id: string; readonly key: string; readonly amount: string };

let orders = 0;

/** One sale for each amount, all of whose price is given, one batch for all; waits until the contract knows of them. */
export async function give(
  service: TestService,
  charity: Charity,
  amounts: readonly number[],
): Promise<Gift[]> {
  const gifts: Gift[] = [];
  for (const amount of amounts) {
    orders += 1;
    const items = [{ item: "1", quantity: 1, price: `${amount}`, shipping: "0" }];
    const body = purchaseOf(charity.merchant, `g-${orders}`, { items });
    const sale = call(`${service.url}/v1/purchases`, { key: service.operatorKey, body });
    gifts.push((await wanted(201, sale)).receipts[0]);
  }
  const line = lineOf(charity);
  const sum = BigInt(amounts.reduce((total, amount) => total + amount, 0));
  const before = (await watermarksOf(service.sql, line))?.given ?? 0n;
  await closeNow(service.sql);
  await eventually("given", async () => (await watermarksOf(service.sql, line))?.given === before + sum);
  return gifts;
}

export const lineOf = ({ id }: Charity, unit = "CNY") => ({ charity: hexToBytes(id), unit });

/** A bank payout as the operator records it once the bank has confirmed; waits for the contract. */
export async function pay(service: TestService, { id }: Charity, from: bigint, upTo: bigint, netTo = 0n) {
  const reference = `0x${`${upTo}`.padStart(64, "7")}` as const;
  const args = { charity: id, unit: "CNY", from: `${from}`, upTo: `${upTo}`, netTo: `${netTo}`, reference };
  const { failure } = await callEnded(
    service.sql,
    await intend(service.sql, { kind: "payBank", args }),
    WITHIN_MS,
  );
  if (failure !== null) throw new Error(`the payout was refused: ${failure}`);
}

/** Signs typed data as it came from the service. */
export const sign = (signer: PrivateKeyAccount, typedData: unknown): Promise<Hex> =>
  signer.signTypedData(typedData as never);

export const charityPath = (service: TestService, { registration }: Charity, rest = "") =>
  `${service.url}/v1/charities/${encodeURIComponent(registration)}${rest}`;

export const askWhatToSign = (service: TestService, charity: Charity, query = ""): Promise<Answer> =>
  call(charityPath(service, charity, `/acknowledgement${query}`), { key: charity.key });

/** Fetches what there is to sign, signs it and posts it. */
export async function acknowledge(service: TestService, charity: Charity, query = ""): Promise<Answer> {
  const { typedData } = await wanted(200, askWhatToSign(service, charity, query));
  const signature = await sign(charity.signer, typedData);
  return postAcknowledgement(service, charity, { typedData, signature });
}

export const postAcknowledgement = (service: TestService, charity: Charity, body: unknown): Promise<Answer> =>
  call(charityPath(service, charity, "/acknowledgement"), { key: charity.key, body });
