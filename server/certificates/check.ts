// Whether a certificate agrees with itself: its hours are those of its receipts, counted by the published table. Whether its
// signature holds is for `signing` to say, whether its receipts are anchored for whoever reads the contract.

import { z } from "zod";
import { MINUTE } from "../programmes/hours/gift.ts";
import { KINDS, MINUTES_A_TENTH } from "../programmes/hours/service-kinds.ts";
import { hoursText, yearOf } from "../programmes/hours/year.ts";
import { canonicalJson, type JsonValue } from "../protocol/details.ts";
import { GIFT } from "../protocol/receipt.ts";
import { CONTEXT, TOTAL } from "./certificate.ts";

const canonical = (json: unknown): string => canonicalJson(json as JsonValue);

const evidence = z.looseObject({
  kindOfService: z.enum(KINDS),
  tenths: z.int().min(1),
  receiptProof: z.looseObject({
    id: z.string(),
    leaf: z.string(),
    unit: z.literal(MINUTE),
    kind: z.literal(GIFT),
    amount: z.string(),
  }),
});

const certificate = z.looseObject({
  "@context": z
    .array(z.unknown())
    .refine((context) => canonical(context) === canonical(CONTEXT), "wanted the context that we publish"),
  type: z.array(z.string()).refine((types) => types.includes("AchievementCredential")),
  issuer: z.looseObject({ id: z.string() }),
  credentialSubject: z.looseObject({
    result: z.array(z.looseObject({ resultDescription: z.string(), value: z.string() })),
  }),
  evidence: z.array(evidence).min(1),
});

export type Certificate = z.output<typeof certificate>;

/** Whether parsed JSON means to be a certificate, whatever is wrong with it. */
export const isCertificate = (json: unknown): json is object =>
  typeof json === "object" &&
  json !== null &&
  "type" in json &&
  Array.isArray(json.type) &&
  json.type.includes("AchievementCredential");

/** The certificate; a sentence of what is wrong with it where it is none of ours, or contradicts itself. */
export function readCertificate(json: unknown): Certificate | string {
  const read = certificate.safeParse(json);
  if (!read.success) return `not a certificate of volunteer time: ${z.prettifyError(read.error)}`;
  return contradictionOf(read.data) ?? read.data;
}

function contradictionOf({ evidence, credentialSubject }: Certificate): string | null {
  const leaves = new Set(evidence.map(({ receiptProof }) => receiptProof.leaf.toLowerCase()));
  if (leaves.size !== evidence.length) return "it names a receipt twice";
  for (const { tenths, receiptProof } of evidence)
    if (receiptProof.amount !== `${BigInt(tenths) * MINUTES_A_TENTH}`)
      return `it counts ${hoursText(tenths)} h for the receipt ${receiptProof.id} over ${receiptProof.amount} minutes`;
  const wanted = resultsOf(evidence);
  const came = credentialSubject.result.map(({ resultDescription, value }) => [
    nameOf(resultDescription),
    value,
  ]);
  return JSON.stringify(came) === JSON.stringify(wanted) ? null : "its hours are not those of its receipts";
}

function resultsOf(evidence: Certificate["evidence"]): [string, string][] {
  const year = yearOf(evidence.map(({ kindOfService, tenths }) => ({ kind: kindOfService, tenths })));
  return [
    ...year.kinds.map(({ kind, tenths }): [string, string] => [kind, hoursText(tenths)]),
    [TOTAL, hoursText(year.counted)],
  ];
}

const nameOf = (resultDescription: string): string => resultDescription.split(":").at(-1) ?? "";
