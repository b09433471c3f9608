// The wallet that is connected, as what signs; and whether its account is the one that signs for the charity.

import type { Hex } from "viem";
import { useConfig, useConnection } from "wagmi";
import { signMessage, signTypedData } from "wagmi/actions";
import type { TypedData } from "../../../protocol/typed-data.ts";

export type Signer = {
  readonly account: Hex;
  /** Its own name. */
  readonly wallet: string;
  signMessage(message: string): Promise<Hex>;
  signTypedData(typedData: TypedData): Promise<Hex>;
};

/** Null while none is connected. */
export function useSigner(): Signer | null {
  const config = useConfig();
  const { address: account, connector } = useConnection();
  if (account === undefined || connector === undefined) return null;
  return {
    account,
    wallet: connector.name,
    signMessage: (message) => signMessage(config, { account, connector, message }),
    signTypedData: ({ types, ...rest }) =>
      signTypedData(config, { account, connector, types, ...rest } as never),
  };
}

export const isAccount = (account: Hex, expected: Hex | null): boolean =>
  account.toLowerCase() === expected?.toLowerCase();
