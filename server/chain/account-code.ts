// The code that stands at an account: read from any chain, and put there on the demonstration chain, which lets us.

import type { Address, Hex } from "viem";
import type { Chain } from "./client.ts";
import { ask } from "./failures.ts";

/** Undefined for an account without code, which has a key. */
export const codeAt = ({ public: client }: Chain, address: Address): Promise<Hex | undefined> =>
  ask(() => client.getCode({ address }));

/** For a Hardhat node alone; any other endpoint refuses. */
export async function putCode({ public: client }: Chain, address: Address, code: Hex): Promise<void> {
  await ask(() => client.request({ method: "hardhat_setCode", params: [address, code] } as never));
}
