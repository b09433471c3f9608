// What a certificate of volunteer time says: an Open Badges 3.0 achievement as a W3C Verifiable Credential 2.0. Pure: the same
// facts always give the same document. No personal data is in it but the name that the volunteer asks for.

import { hoursText, type Year } from "../programmes/hours/year.ts";
import { CREDENTIALS, OPEN_BADGES } from "./documents.ts";

const TERMS = "urn:amanah:terms#";

/** Terms of our own: the receipt as its id opens it, whole, so that it verifies without the operator. */
const OWN_TERMS = {
  receiptProof: { "@id": `${TERMS}receiptProof`, "@type": "@json" },
  kindOfService: `${TERMS}kindOfService`,
  tenths: { "@id": `${TERMS}tenths`, "@type": "http://www.w3.org/2001/XMLSchema#integer" },
};

/** What every certificate is read by. Another context could give its words another meaning under the same signature. */
export const CONTEXT = [CREDENTIALS, OPEN_BADGES, OWN_TERMS] as const;

export type Evidence = {
  /** Where the receipt is shown, without its key. */
  readonly link: string;
  readonly kind: string;
  readonly tenths: number;
  /** The receipt's public view: leaf, amount, proof, statement. */
  readonly receiptProof: object;
};

export type Facts = {
  /** The issuer's DID, name and address. */
  readonly issuer: { readonly id: string; readonly name: string; readonly url: string };
  /** 16 bytes in hexadecimal: the certificate's own name. */
  readonly id: string;
  readonly year: number;
  readonly served: Year;
  /** As the volunteer wants to be called; null for none. */
  readonly displayName: string | null;
  readonly evidence: readonly Evidence[];
  /** ISO 8601: when the last of its receipts was accepted. */
  readonly validFrom: string;
};

export function certificateOf(facts: Facts) {
  const { issuer, id, year, evidence, validFrom } = facts;
  return {
    "@context": CONTEXT,
    id: `urn:amanah:certificate:${id}`,
    type: ["VerifiableCredential", "AchievementCredential"],
    name: `Three hours ${year}`,
    issuer: { ...issuer, type: ["Profile"] },
    validFrom,
    credentialSubject: subjectOf(facts),
    evidence: evidence.map(({ link, kind, tenths, receiptProof }) => ({
      id: link,
      type: ["Evidence"],
      name: `${hoursText(tenths)} h, ${kind}`,
      kindOfService: kind,
      tenths,
      receiptProof,
    })),
  };
}

/** What the last result is called: the hours under the caps. */
export const TOTAL = "counted";
const resultId = (id: string, what: string) => `urn:amanah:certificate:${id}:result:${what}`;

function subjectOf({ id, year, served, displayName }: Facts) {
  const results = [
    ...served.kinds.map(({ kind, tenths }) => [kind, tenths] as const),
    [TOTAL, served.counted] as const,
  ];
  return {
    id: `urn:amanah:certificate:${id}:subject`,
    type: ["AchievementSubject"],
    ...(displayName === null ? {} : { identifier: [identityOf(displayName)] }),
    achievement: {
      id: `urn:amanah:three-hours:${year}`,
      type: ["Achievement"],
      achievementType: "CommunityService",
      name: `Three hours ${year}`,
      description: `Voluntary service in ${year}, by kind, in hours.`,
      criteria: {
        narrative:
          "Six effective minutes count as a tenth of an hour; travel, meals and rest do not count. Every hour is a receipt that anyone can verify.",
      },
      resultDescription: results.map(([what]) => ({
        id: resultId(id, what),
        type: ["ResultDescription"],
        name: what === TOTAL ? "hours counted towards three, under the caps" : `hours: ${what}`,
        resultType: "RawScore",
      })),
    },
    result: results.map(([what, tenths]) => ({
      type: ["Result"],
      resultDescription: resultId(id, what),
      value: hoursText(tenths),
    })),
  };
}

const identityOf = (name: string) => ({
  type: "IdentityObject",
  hashed: false,
  identityHash: name,
  identityType: "name",
});
