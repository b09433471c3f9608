// A transaction that a move sends beside the calls that are written down: it is not kept, since it does no harm when it is
// made twice.

import type { Address, Hex, LocalAccount } from "viem";
import { limitFees } from "../../chain/fees.ts";
import { type Signed, sign, signRaised } from "../../chain/sign.ts";
import { type ChainContext, settledBlock } from "../chain-context.ts";
import { offer } from "../follow.ts";
import { pause } from "../leader.ts";

export type Sending = { readonly to: Address; readonly data: Hex; readonly gas: bigint };

/** Sends it, at a higher fee when it is stuck, until its place on the chain is taken for good, by whatever. */
export async function sendOnce(
  context: ChainContext,
  account: LocalAccount,
  sending: Sending,
  signal: AbortSignal,
): Promise<void> {
  const { chain, feeLimit, pollMs, settings } = context;
  const [chainId, nonce] = [await chain.chainId(), await chain.nonce(account.address)];
  const fees = limitFees(await chain.fees(), feeLimit);
  let signed = await sign(account, { chainId, nonce: Number(nonce), ...sending, ...fees });
  let since = performance.now();
  while (!signal.aborted && (await chain.nonce(account.address, await settledBlock(context))) <= nonce) {
    if (performance.now() - since > settings.STUCK_AFTER_SECONDS * 1_000) {
      signed = await raised(context, account, signed);
      since = performance.now();
    }
    await offer(context, signed);
    await pause(pollMs, signal);
  }
}

const raised = async ({ chain, feeLimit }: ChainContext, account: LocalAccount, { raw, hash }: Signed) =>
  (await signRaised(account, raw, await chain.fees(), feeLimit)) ?? { raw, hash };
