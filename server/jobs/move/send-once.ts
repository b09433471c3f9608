// A transaction that a move sends beside the calls that are written down: it is not kept, since it does no harm when it is
// made twice.

import type { Address, Hex, LocalAccount } from "viem";
import { limitFees } from "../../chain/fees.ts";
import { type Signed, sign, signRaised } from "../../chain/sign.ts";
import { type ChainContext, settledBlock } from "../chain-context.ts";
import { offer } from "../follow.ts";
import { pause } from "../leader.ts";

export type Sending = { readonly to: Address; readonly data: Hex; readonly gas: bigint };

/** Five raises more than double a fee; what is not taken then, waiting longer does not help. */
const MOST_RAISES = 5;

/**
 * Sends it, at a higher fee when it is stuck, until its place on the chain is taken for good, by whatever. False when it was
 * cut off before, or waited as long again behind the last raise.
 */
export async function sendOnce(
  context: ChainContext,
  account: LocalAccount,
  sending: Sending,
  signal: AbortSignal,
): Promise<boolean> {
  const { chain, feeLimit } = context;
  const [chainId, nonce] = [await chain.chainId(), await chain.nonce(account.address)];
  const fees = limitFees(await chain.fees(), feeLimit);
  let signed = await sign(account, { chainId, nonce: Number(nonce), ...sending, ...fees });
  const isTaken = async () => (await chain.nonce(account.address, await settledBlock(context))) > nonce;
  for (let raises = 0; ; raises++) {
    if (await isTakenInTime(context, signed, isTaken, signal)) return true;
    if (signal.aborted || raises === MOST_RAISES) return false;
    signed = await raised(context, account, signed);
  }
}

/** Offers it until it is taken, stuck or cut off. */
async function isTakenInTime(
  context: ChainContext,
  signed: Signed,
  isTaken: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<boolean> {
  const { pollMs, settings } = context;
  const since = performance.now();
  while (!signal.aborted && performance.now() - since <= settings.STUCK_AFTER_SECONDS * 1_000) {
    if (await isTaken()) return true;
    await offer(context, signed);
    await pause(pollMs, signal);
  }
  return await isTaken();
}

const raised = async ({ chain, feeLimit }: ChainContext, account: LocalAccount, { raw, hash }: Signed) =>
  (await signRaised(account, raw, await chain.fees(), feeLimit)) ?? { raw, hash };
