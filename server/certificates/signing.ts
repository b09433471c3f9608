// Signs certificates, and checks their signatures: W3C Data Integrity, eddsa-rdfc-2022. The issuer is the did:key of the key
// itself, which an independent verifier resolves without asking anyone.

import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import * as multikey from "@digitalbazaar/ed25519-multikey";
import { cryptosuite } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import { issue, verifyCredential } from "@digitalbazaar/vc";
import { fromHex, utf8 } from "../protocol/bytes.ts";
import { keccak } from "../protocol/hash.ts";
import type { Settings } from "../settings.ts";
import { loadDocument } from "./documents.ts";

export type CertificateSigner = {
  /** The issuer's did:key. */
  readonly issuer: string;
  /** `created`: ISO 8601. The same credential and time give the same signature. */
  sign(credential: object, created: string): Promise<object>;
};

/** Fixed for the demonstration, whose certificates prove nothing against whoever has read this. */
const DEMONSTRATION_SEED = keccak(utf8("amanah: certificates of the demonstration"));

/** Undefined when the operator has set no key for certificates. */
export async function certificateSigner({
  CERTIFICATE_KEY,
  demonstration,
}: Pick<Settings, "CERTIFICATE_KEY" | "demonstration">): Promise<CertificateSigner | undefined> {
  const seed = CERTIFICATE_KEY === undefined ? DEMONSTRATION_SEED : fromHex(CERTIFICATE_KEY.toLowerCase());
  if (CERTIFICATE_KEY === undefined && !demonstration) return undefined;
  const { publicKeyMultibase } = await multikey.generate({ seed });
  const issuer = `did:key:${publicKeyMultibase}`;
  const pair = await multikey.generate({ seed, controller: issuer });
  const sign = (credential: object, date: string) =>
    issue({
      credential,
      suite: new DataIntegrityProof({ signer: pair.signer(), date, cryptosuite }),
      documentLoader: loadDocument,
    });
  return { issuer, sign };
}

/** Null when the signature is its issuer's and nothing was changed; else the reason. */
export async function signatureFault(credential: object): Promise<string | null> {
  const suite = new DataIntegrityProof({ cryptosuite });
  const { verified, error } = await verifyCredential({ credential, suite, documentLoader: loadDocument });
  if (verified) return null;
  return error?.errors?.[0]?.message ?? error?.message ?? "the signature does not verify";
}
