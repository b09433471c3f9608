// Wallet contracts that sign for charities, on the demonstration chain: their code is kept before what they signed is sent,
// and put back on a chain that has forgotten it, or the rebuilt ledger would refuse what it took before. What a wallet keeps
// in storage of its own is not.

import { bytesToHex, type Hex, hexToBytes } from "viem";
import { codeAt, putCode } from "../chain/account-code.ts";
import type { CallKind } from "../protocol/contract-calls.ts";
import { keepWalletCode, signersOnTheWay, walletCodes } from "../store/wallet-codes.ts";
import type { ChainContext } from "./chain-context.ts";

/** A step for each round of the chain's jobs, before calls are sent: looks once at each call that a charity has signed. */
export function walletKeeper({ sql, chain, settings }: ChainContext): () => Promise<void> {
  let after = 0n;
  return async () => {
    if (!settings.demonstration) return;
    const { signers, last } = await signersOnTheWay(sql, after);
    for (const account of signers) {
      const code = await codeAt(chain, bytesToHex(account));
      if (code !== undefined) await keepWalletCode(sql, { account, code: hexToBytes(code) });
    }
    after = last;
  };
}

/** Puts the code of all wallets back, on a chain that has forgotten everything. */
export async function restoreWallets({ sql, chain, log }: ChainContext): Promise<void> {
  for (const { account, code } of await walletCodes(sql)) {
    const address: Hex = bytesToHex(account);
    await putCode(chain, address, bytesToHex(code));
    log.info({ wallet: address }, "a wallet contract that signs for a charity is put back");
  }
}

/**
 * Whether a call is one that a charity has signed. When the rebuilt demonstration chain refuses one that it took before,
 * the wallet contract that signed it has changed beyond what we can put back: the charity signs again.
 */
export const isSignedByCharity = (kind: CallKind): boolean => kind === "acknowledge" || kind === "disburse";
