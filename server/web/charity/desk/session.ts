// The session in which a charity acts: got by its wallet's signature (EIP-4361), or an API key that the operator made. Kept
// until the tab is closed, and nowhere else.

import type { Hex } from "viem";
import { createSiweMessage } from "viem/siwe";
import { get, post } from "../../api/client.ts";
import { charityPath } from "../queries.ts";

export type Session = {
  /** As a request carries it. */
  readonly authorization: string;
  readonly by: "wallet" | "key";
  /** When it ends; a key ends when it is revoked. */
  readonly expiresAt: string | null;
  /** For which it speaks, by registration id. */
  readonly charities: readonly string[];
};

const KEPT_AS = "amanah.session";

/** The session of this tab, if it has one for this charity that has not ended. */
export function keptSession(registration: string, now: Date): Session | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT_AS) ?? "null") as Session | null;
    return kept !== null && isInForce(kept, registration, now) ? kept : null;
  } catch {
    return null;
  }
}

export const isInForce = ({ charities, expiresAt }: Session, registration: string, now: Date): boolean =>
  charities.includes(registration) && (expiresAt === null || new Date(expiresAt) > now);

export function keepSession(session: Session | null): void {
  try {
    if (session === null) sessionStorage.removeItem(KEPT_AS);
    else sessionStorage.setItem(KEPT_AS, JSON.stringify(session));
  } catch {
    // Then it holds until the page is left.
  }
}

type Offer = { readonly nonce: string; readonly chainId: number; readonly expiresAt: string };
type Opened = { readonly token: string; readonly expiresAt: string; readonly charities: string[] };

/**
 * Signs in to where this page is, and to no other place: a service that says it is another's would be handed a session
 * there.
 * @throws RefusedByService, NoAnswer, and what the wallet throws
 */
export async function signIn(
  account: Hex,
  sign: (message: string) => Promise<Hex>,
  { host, origin }: Pick<Location, "host" | "origin">,
): Promise<Session> {
  const { nonce, chainId, expiresAt } = await post<Offer>("/v1/sign-in/nonce", {});
  const place = { domain: host, uri: origin, chainId };
  const expirationTime = new Date(expiresAt);
  const message = createSiweMessage({ address: account, ...place, nonce, version: "1", expirationTime });
  const signature = await sign(message);
  const { token, ...opened } = await post<Opened>("/v1/sign-in", { message, signature });
  return { authorization: `Bearer ${token}`, by: "wallet", ...opened };
}

/** Tries a key on what only the charity and the operator may read. @throws RefusedByService, NoAnswer */
export async function signInByKey(key: string, registration: string): Promise<Session> {
  const authorization = `Bearer ${key}`;
  await get(charityPath(registration, "/bank-account"), { authorization });
  return { authorization, by: "key", expiresAt: null, charities: [registration] };
}

/** Ends a session with the service, too; one that is out of reach has it end by itself within the hour. */
export async function signOut({ by, authorization }: Session): Promise<void> {
  keepSession(null);
  if (by === "wallet") await post("/v1/sign-in/end", {}, { authorization }).catch(() => {});
}
