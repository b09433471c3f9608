// One transaction from an account of the caller's: means checked, gas measured, signed here, sent, followed into a block.
// What becomes of it is looked up on chain: whoever stops waiting loses nothing, and runs the command again.

import { setTimeout as sleep } from "node:timers/promises";
import { type Address, formatEther, type Hex, keccak256, type LocalAccount } from "viem";
import type { MinedTransaction } from "../../server/chain/client.ts";
import { ask } from "../../server/chain/failures.ts";
import { InputError, UnavailableError } from "../../server/errors.ts";
import { RefusedError } from "../charity/client.ts";
import { say } from "../say.ts";
import { type Contract, orRefused } from "./contract.ts";
import { noteSending } from "./interrupt.ts";

const WAIT_MS = 600_000;
const LOOK_EVERY_MS = 1_000;
const LOOK_SOON_MS = 50;
const RETRY_AFTER_SECONDS = 60;

/** `value`: wei that go with it. `to`: to whom, if not to the contract; null creates another one. */
export type Wanted = { readonly data: Hex; readonly value: bigint; readonly to?: Address | null };

/** Wei, as people write it. Which coin it is, only the chain's users know. */
export const coins = (wei: bigint): string => `${formatEther(wei)} of the chain's coin`;

/**
 * Sends it and waits until it is in a block.
 * @throws InputError `no-means`; RefusedError `contract-refuses`, `reverted`; UnavailableError
 */
export async function sendAndWait(
  contract: Contract,
  account: LocalAccount,
  wanted: Wanted,
): Promise<MinedTransaction> {
  const signed = await prepare(contract, account, wanted);
  say(`sending transaction ${signed.hash}`);
  noteSending(signed.hash);
  const answer = await contract.chain.send(signed.raw);
  if (!answer.accepted && !(await contract.chain.knows(signed.hash)))
    throw new UnavailableError(
      "not-taken",
      `the endpoint does not take it: ${answer.says}`,
      RETRY_AFTER_SECONDS,
    );
  const mined = await untilMined(contract, signed.hash);
  if (!mined.succeeded)
    throw new RefusedError(
      "reverted",
      `the contract refused it in block ${mined.block}; only its fee is lost`,
    );
  say(`it is in block ${mined.block}`);
  return mined;
}

async function prepare({ chain, chainId, address }: Contract, account: LocalAccount, wanted: Wanted) {
  const { data, value, to = address } = wanted;
  const request = { account: account.address, to, data, value };
  const balance = await ask(() => chain.public.getBalance({ address: account.address }));
  requireMeans(account, balance, value);
  const gas = withMargin(await orRefused(() => ask(() => chain.public.estimateGas(request))));
  const fees = await chain.fees();
  requireMeans(account, balance, value + gas * fees.maxFeePerGas);
  const nonce = await ask(() =>
    chain.public.getTransactionCount({ address: account.address, blockTag: "pending" }),
  );
  const raw = await account.signTransaction({
    chainId,
    nonce,
    gas,
    to,
    data,
    value,
    ...fees,
    type: "eip1559",
  });
  return { raw, hash: keccak256(raw) };
}

function requireMeans({ address }: LocalAccount, balance: bigint, wanted: bigint): void {
  if (balance >= wanted) return;
  throw new InputError("no-means", `the account ${address} holds ${coins(balance)}, wanted ${coins(wanted)}`);
}

/** What was measured may be a little less than what it takes when it is mined. */
const withMargin = (gas: bigint) => gas + gas / 8n;

/** An endpoint that is silent for a while says nothing about the transaction. */
async function untilMined({ chain }: Contract, hash: Hex): Promise<MinedTransaction> {
  const end = performance.now() + WAIT_MS;
  for (let pause = LOOK_SOON_MS; performance.now() < end; pause = LOOK_EVERY_MS) {
    const mined = await chain.mined(hash).catch(unlessSilent);
    if (mined !== undefined) return mined;
    await sleep(pause);
  }
  throw new UnavailableError(
    "no-word-yet",
    `the transaction ${hash} is in no block yet; run the same again later, which shows what came of it`,
    RETRY_AFTER_SECONDS,
  );
}

function unlessSilent(thrown: unknown): undefined {
  if (!(thrown instanceof UnavailableError)) throw thrown;
}
