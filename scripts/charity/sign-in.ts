// Signing in with the signer's key (EIP-4361), to the address that the user has given and to no other: a service that says
// it is another's would be handed a session there.

import type { PrivateKeyAccount } from "viem";
import { createSiweMessage } from "viem/siwe";
import type { CharityClient } from "./client.ts";

const VALID_MS = 120_000;

/** From here on the client speaks for every charity that the account signs for. */
export async function signIn(client: CharityClient, account: PrivateKeyAccount, now: Date): Promise<void> {
  const { nonce, chainId } = (await client.post("/v1/sign-in/nonce", {})).body;
  const { host, origin } = new URL(client.url);
  const message = createSiweMessage({
    address: account.address,
    domain: host,
    uri: origin,
    version: "1",
    chainId,
    nonce,
    issuedAt: now,
    expirationTime: new Date(now.getTime() + VALID_MS),
  });
  const signature = await account.signMessage({ message });
  client.use((await client.post("/v1/sign-in", { message, signature })).body.token);
}

/** Ends the session; a service that is gone has nothing to end. */
export async function signOut(client: CharityClient): Promise<void> {
  await client.post("/v1/sign-in/end", {}).catch(() => {});
}
