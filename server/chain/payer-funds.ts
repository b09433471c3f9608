// What the payer could pay with just now. Tokens are strangers' contracts, some of which keep to no standard: what one does
// not say is taken for enough, and the payout itself then tells.

import { type Address, encodeFunctionData, hexToBigInt, isAddressEqual, zeroAddress } from "viem";
import { LEDGER_ABI } from "./abi.ts";
import type { Chain } from "./client.ts";
import { unitOf } from "./encode.ts";
import { ask, RefusedError } from "./failures.ts";
import { TOKEN_ABI } from "./token-abi.ts";

/** In minor units of the ledger's unit; undefined is unknown. */
export type PayerFunds = {
  readonly token: Address;
  readonly balance: bigint | undefined;
  readonly allowance: bigint | undefined;
};

/** The payer's balance of a unit's token and what it allows the ledger to take; undefined when no token is named. */
export async function payerFunds(
  chain: Chain,
  ledger: Address,
  unit: string,
  payer: Address,
): Promise<PayerFunds | undefined> {
  const named = { address: ledger, abi: LEDGER_ABI, functionName: "tokenOf", args: [unitOf(unit)] } as const;
  const [token, scaleDigits] = await ask(() => chain.public.readContract(named));
  if (isAddressEqual(token, zeroAddress)) return undefined;
  const scale = 10n ** BigInt(scaleDigits);
  const [balance, allowance] = await Promise.all([
    amountOf(chain, token, { functionName: "balanceOf", args: [payer] }),
    amountOf(chain, token, { functionName: "allowance", args: [payer, ledger] }),
  ]);
  return { token, balance: balance && balance / scale, allowance: allowance && allowance / scale };
}

type Question =
  | { functionName: "balanceOf"; args: readonly [Address] }
  | { functionName: "allowance"; args: readonly [Address, Address] };

const WORD_HEX_LENGTH = 2 + 64;

async function amountOf(chain: Chain, token: Address, question: Question): Promise<bigint | undefined> {
  const data = encodeFunctionData({ abi: TOKEN_ABI, ...question });
  try {
    const answer = await ask(() => chain.public.call({ to: token, data }));
    return answer.data?.length === WORD_HEX_LENGTH ? hexToBigInt(answer.data) : undefined;
  } catch (thrown) {
    if (thrown instanceof RefusedError) return undefined;
    throw thrown;
  }
}
