// An account's contracts have the same addresses on every chain: they follow from its number of transactions alone. People
// would take the successor for one of the contracts that were left, so it gets another address.

import { type Address, bytesToHex, getContractAddress, isAddressEqual, type LocalAccount } from "viem";
import { InvariantError, UnavailableError } from "../../errors.ts";
import { earlierHomes } from "../../store/moves.ts";
import type { ChainContext } from "../chain-context.ts";
import type { Earlier } from "./mover.ts";
import { sendOnce } from "./send-once.ts";

const GAS_OF_TRANSFER = 21_000n;

/**
 * Sees to it that the admin's next contract gets another address than the earlier ones, by transfers of nought to itself if
 * need be. They are not written down first: made twice, they do no harm.
 * @throws UnavailableError `transfer-stuck`
 */
export async function avoidAddress(
  { address }: Earlier,
  target: ChainContext,
  signal: AbortSignal,
): Promise<void> {
  const { admin } = target.accounts;
  if (admin === undefined) throw new InvariantError("a ledger is founded by its admin");
  const before = await earlierHomes(target.sql);
  const taken = [address, ...before.map(({ from_contract }) => bytesToHex(from_contract))];
  while (!signal.aborted && (await isNext(target, admin, taken))) await passOver(target, admin, signal);
}

async function isNext({ chain, log }: ChainContext, { address: from }: LocalAccount, taken: Address[]) {
  const next = getContractAddress({ from, nonce: await chain.nonce(from) });
  if (!taken.some((each) => isAddressEqual(each, next))) return false;
  log.info({ taken: next }, "the new contract would get the address of an earlier one; taking another");
  return true;
}

async function passOver(target: ChainContext, admin: LocalAccount, signal: AbortSignal): Promise<void> {
  const transfer = { to: admin.address, data: "0x", gas: GAS_OF_TRANSFER } as const;
  if ((await sendOnce(target, admin, transfer, signal)) || signal.aborted) return;
  throw new UnavailableError(
    "transfer-stuck",
    `the chain took no transaction of the admin ${admin.address}, at no fee within MAX_FEE_GWEI; run the same again`,
    target.settings.STUCK_AFTER_SECONDS,
  );
}
