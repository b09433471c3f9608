// The documents that signing and checking need, none of which is ever fetched: the context of W3C credentials 2.0 from a
// package, that of Open Badges 3.0 as a copy of https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json (1EdTech), and the
// document of a did:key, which the key itself gives (W3C CCG did:key, §3.1).

import { readFileSync } from "node:fs";
import { defaultDocumentLoader } from "@digitalbazaar/vc";

export const CREDENTIALS = "https://www.w3.org/ns/credentials/v2";
export const OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";

const openBadges: unknown = JSON.parse(
  readFileSync(new URL("./open-badges-3.0.3.json", import.meta.url), "utf8"),
);

const loaded = (documentUrl: string, document: unknown) => ({ contextUrl: null, documentUrl, document });

/** Throws for every document that is not one of ours. */
export async function loadDocument(url: string) {
  if (url === OPEN_BADGES) return loaded(url, openBadges);
  const [, key, fragment] = /^did:key:(z6Mk[1-9A-HJ-NP-Za-km-z]{44})(#\1)?$/.exec(url) ?? [];
  if (key !== undefined) return loaded(url, fragment === undefined ? didDocument(key) : methodOf(key));
  return defaultDocumentLoader(url);
}

const methodOf = (key: string) => ({
  "@context": "https://w3id.org/security/multikey/v1",
  id: `did:key:${key}#${key}`,
  type: "Multikey",
  controller: `did:key:${key}`,
  publicKeyMultibase: key,
});

const didDocument = (key: string) => ({
  "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
  id: `did:key:${key}`,
  verificationMethod: [methodOf(key)],
  assertionMethod: [`did:key:${key}#${key}`],
});
