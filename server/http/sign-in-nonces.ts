// Nonces for signing in: each is a time, chance, and a code that only this ledger's services can make. None is stored until
// it is used, so that asking for many costs nobody anything.

import { timingSafeEqual } from "node:crypto";
import { ForbiddenError } from "../errors.ts";
import { fastHmac, randomBytes } from "../hashing.ts";

/** How long somebody may take to sign. */
export const NONCE_SECONDS = 600;

const TAG = "amanah.sign-in.v1";
const CHANCE_BYTES = 16;
const CODE_DIGITS = 32;
const NONCE = /^([0-9a-f]{10})[0-9a-f]{32}([0-9a-f]{32})$/;

const codeOf = (secret: Uint8Array, claim: string): string =>
  Buffer.from(fastHmac(secret, Buffer.from(TAG + claim)))
    .toString("hex")
    .slice(0, CODE_DIGITS);

/** A nonce of letters and digits alone, as EIP-4361 wants it. `now` in Unix seconds. */
export function makeNonce(secret: Uint8Array, now: number): string {
  const chance = Buffer.from(randomBytes(CHANCE_BYTES)).toString("hex");
  const claim = now.toString(16).padStart(10, "0") + chance;
  return claim + codeOf(secret, claim);
}

/** @throws ForbiddenError `unknown-nonce`, `old-nonce` */
export function checkNonce(secret: Uint8Array, nonce: string, now: number): void {
  const [, time = "0", code = ""] = NONCE.exec(nonce) ?? [];
  const wanted = codeOf(secret, nonce.slice(0, -CODE_DIGITS));
  if (code === "" || !timingSafeEqual(Buffer.from(code), Buffer.from(wanted)))
    throw new ForbiddenError("unknown-nonce", "Nonce: wanted one from POST /v1/sign-in/nonce, came another");
  const age = now - Number.parseInt(time, 16);
  if (age > NONCE_SECONDS)
    throw new ForbiddenError(
      "old-nonce",
      `Nonce: wanted one of the last ${NONCE_SECONDS} s, came one ${age} s old`,
    );
}
