// The message that an account signs to sign in (EIP-4361), read and checked: that it is meant for this service, now. Who
// has signed it, and whether its nonce was used, is decided by others.

import type { Address } from "viem";
import { parseSiweMessage } from "viem/siwe";
import { ForbiddenError, InputError } from "../errors.ts";
import type { Settings } from "../settings.ts";
import { localUrl, publicUrl } from "./receipt-keys.ts";

/** The whole of it, line for line, so that nothing can stand beside what is read. EIP-4361, "ABNF Message Format". */
const SHAPE = new RegExp(
  [
    "^[^\\n]+ wants you to sign in with your Ethereum account:\\n0x[0-9a-fA-F]{40}\\n\\n(?:[^\\n]+\\n)?\\n",
    "URI: [^\\n]+\\nVersion: 1\\nChain ID: [0-9]+\\nNonce: [A-Za-z0-9]{8,}\\nIssued At: [^\\n]+",
    "(?:\\nExpiration Time: [^\\n]+)?(?:\\nNot Before: [^\\n]+)?(?:\\nRequest ID: [^\\n]*)?",
    "(?:\\nResources:(?:\\n- [^\\n]+)*)?$",
  ].join(""),
);

export type SignInMessage = { readonly account: Address; readonly nonce: string };

/** Where this service may be signed in to, the public address first. */
export const ourOrigins = (settings: Settings): string[] => {
  const local = new URL(localUrl(settings));
  const loopback = /^127\./.test(local.hostname) ? [`http://localhost:${local.port}`] : [];
  return [...new Set([new URL(publicUrl(settings)).origin, local.origin, ...loopback])];
};

/**
 * Reads a message, and checks that it is for one of these origins, this chain and this time.
 * @throws InputError `not-a-sign-in`; ForbiddenError `wrong-domain`, `wrong-uri`, `wrong-chain`, `expired`, `not-yet-valid`
 */
export function readSignIn(
  text: string,
  origins: readonly string[],
  chainId: number,
  now: Date,
): SignInMessage {
  if (!SHAPE.test(text)) throw malformed("a message as EIP-4361 forms it, to the line");
  const message = parseSiweMessage(text);
  const { address, nonce, domain, uri } = message;
  if (address === undefined || nonce === undefined || domain === undefined || uri === undefined)
    throw malformed("all members that EIP-4361 asks for");
  checkPlace(origins, message.scheme, domain, uri);
  if (message.chainId !== chainId) refuse("wrong-chain", "Chain ID", `${chainId}`, `${message.chainId}`);
  checkTime(message, now);
  return { account: address, nonce };
}

function checkPlace(
  origins: readonly string[],
  scheme: string | undefined,
  domain: string,
  uri: string,
): void {
  const ours = origins.map((origin) => new URL(origin));
  const isOurs = ours.some(({ host, protocol }) => host === domain && protocol.startsWith(scheme ?? ""));
  if (!isOurs) refuse("wrong-domain", "domain", ours.map(({ host }) => host).join(" or "), domain);
  const origin = URL.canParse(uri) ? new URL(uri).origin : uri;
  if (!origins.includes(origin)) refuse("wrong-uri", "URI", `one at ${origins.join(" or ")}`, uri);
}

type Times = { readonly expirationTime?: Date; readonly notBefore?: Date; readonly issuedAt?: Date };

function checkTime({ expirationTime, notBefore, issuedAt }: Times, now: Date): void {
  for (const time of [expirationTime, notBefore, issuedAt])
    if (time !== undefined && Number.isNaN(time.getTime())) throw malformed("times as RFC 3339 writes them");
  if (expirationTime !== undefined && expirationTime <= now)
    refuse("expired", "Expiration Time", `one after ${now.toISOString()}`, expirationTime.toISOString());
  if (notBefore !== undefined && notBefore > now)
    refuse("not-yet-valid", "Not Before", `one before ${now.toISOString()}`, notBefore.toISOString());
}

function refuse(code: string, field: string, wanted: string, came: string): never {
  throw new ForbiddenError(code, `${field}: wanted ${wanted}, came ${came}`, { field, wanted, came });
}

const malformed = (wanted: string) =>
  new InputError("not-a-sign-in", `message: wanted ${wanted}`, { field: "message", wanted });
