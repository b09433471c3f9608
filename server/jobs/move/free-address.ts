// An account's contracts have the same addresses on every chain: they follow from its number of transactions alone. People
// would take the successor for the earlier contract, so it gets another address.

import { getContractAddress, isAddressEqual } from "viem";
import { limitFees } from "../../chain/fees.ts";
import { sign } from "../../chain/sign.ts";
import { InvariantError } from "../../errors.ts";
import { type ChainContext, settledBlock } from "../chain-context.ts";
import { offer } from "../follow.ts";
import { pause } from "../leader.ts";
import type { Earlier } from "./mover.ts";

const GAS_OF_TRANSFER = 21_000n;

/**
 * Sees to it that the admin's next contract gets another address than the earlier one, by a transfer of nought to itself if
 * need be. That is not written down first: made twice, it does no harm.
 */
export async function avoidAddress(
  { address: taken }: Earlier,
  target: ChainContext,
  signal: AbortSignal,
): Promise<void> {
  const { chain, accounts, feeLimit, pollMs, log } = target;
  const { admin } = accounts;
  if (admin === undefined) throw new InvariantError("a ledger is founded by its admin");
  const nonce = await chain.nonce(admin.address);
  if (!isAddressEqual(getContractAddress({ from: admin.address, nonce }), taken)) return;
  log.info({ taken }, "the new contract would get the address of the earlier one; taking another");
  const [chainId, fees] = [await chain.chainId(), limitFees(await chain.fees(), feeLimit)];
  const transfer = { to: admin.address, data: "0x", gas: GAS_OF_TRANSFER } as const;
  const signed = await sign(admin, { chainId, nonce: Number(nonce), ...transfer, ...fees });
  while (!signal.aborted && (await chain.nonce(admin.address, await settledBlock(target))) <= nonce) {
    await offer(target, signed);
    await pause(pollMs, signal);
  }
}
