// An account's contracts have the same addresses on every chain: they follow from its number of transactions alone. People
// would take the successor for the earlier contract, so it gets another address.

import { getContractAddress, isAddressEqual } from "viem";
import { InvariantError, UnavailableError } from "../../errors.ts";
import type { ChainContext } from "../chain-context.ts";
import type { Earlier } from "./mover.ts";
import { sendOnce } from "./send-once.ts";

const GAS_OF_TRANSFER = 21_000n;

/**
 * Sees to it that the admin's next contract gets another address than the earlier one, by a transfer of nought to itself if
 * need be. That is not written down first: made twice, it does no harm.
 * @throws UnavailableError `transfer-stuck`
 */
export async function avoidAddress(
  { address: taken }: Earlier,
  target: ChainContext,
  signal: AbortSignal,
): Promise<void> {
  const { chain, accounts, log } = target;
  const { admin } = accounts;
  if (admin === undefined) throw new InvariantError("a ledger is founded by its admin");
  const nonce = await chain.nonce(admin.address);
  if (!isAddressEqual(getContractAddress({ from: admin.address, nonce }), taken)) return;
  log.info({ taken }, "the new contract would get the address of the earlier one; taking another");
  const transfer = { to: admin.address, data: "0x", gas: GAS_OF_TRANSFER } as const;
  if ((await sendOnce(target, admin, transfer, signal)) || signal.aborted) return;
  throw new UnavailableError(
    "transfer-stuck",
    `the chain took no transaction of the admin ${admin.address}, at no fee within MAX_FEE_GWEI; run the same again`,
    target.settings.STUCK_AFTER_SECONDS,
  );
}
