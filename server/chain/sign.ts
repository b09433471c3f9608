// Signed transactions: made, raised to a higher fee, and taken apart again. EIP-1559 only.

import { type Address, type Hex, keccak256, type LocalAccount, parseTransaction } from "viem";
import { InvariantError } from "../errors.ts";
import { type Fees, raiseFees } from "./fees.ts";

export type Unsigned = Fees & {
  readonly chainId: number;
  readonly nonce: number;
  readonly gas: bigint;
  /** Null creates a contract. */
  readonly to: Address | null;
  readonly data: Hex;
};

/** What is sent, and the name under which the chain knows it. */
export type Signed = { readonly hash: Hex; readonly raw: Hex };

export async function sign(account: LocalAccount, unsigned: Unsigned): Promise<Signed> {
  const raw = await account.signTransaction({ ...unsigned, type: "eip1559" });
  return { raw, hash: keccak256(raw) };
}

/** The same transaction at higher fees, which replaces it; undefined when the limit leaves no room. */
export async function signRaised(
  account: LocalAccount,
  raw: Hex,
  asked: Fees,
  limit: bigint,
): Promise<Signed | undefined> {
  const before = unsignedOf(raw);
  const fees = raiseFees(before, asked, limit);
  return fees && (await sign(account, { ...before, ...fees }));
}

function unsignedOf(raw: Hex): Unsigned {
  const parsed = parseTransaction(raw);
  if (parsed.type !== "eip1559" || parsed.gas === undefined)
    throw new InvariantError("a stored transaction is not one of ours");
  const { chainId, nonce = 0, gas, to = null, data = "0x" } = parsed;
  const { maxFeePerGas = 0n, maxPriorityFeePerGas = 0n } = parsed;
  return { chainId, nonce, gas, to, data, maxFeePerGas, maxPriorityFeePerGas };
}
