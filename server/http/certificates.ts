// /v1/volunteers/me/years/{year}/certificate: a volunteer's year as a credential that anyone verifies. Only receipts whose
// batch is anchored are in it.

import { z } from "zod";
import { certificateOf, type Evidence } from "../certificates/certificate.ts";
import { type CertificateSigner, certificateSigner } from "../certificates/signing.ts";
import { ConflictError, UnavailableError } from "../errors.ts";
import { sha256 } from "../hashing.ts";
import { text } from "../programmes/fields.ts";
import { yearOf } from "../programmes/hours/year.ts";
import { toHex } from "../protocol/bytes.ts";
import { receiptsOfYear, type ServedReceipt } from "../store/attendances.ts";
import { receiptsByIds, type StoredReceipt } from "../store/receipts.ts";
import { publicUrl } from "./receipt-keys.ts";
import { publicReceipt } from "./receipts.ts";
import { type Route, route } from "./route.ts";
import type { Services } from "./services.ts";
import { requireVolunteer } from "./volunteer-keys.ts";
import { yearInPath } from "./volunteers.ts";
import { isoTime } from "./words.ts";

/** Two for each week of the year; whoever serves more often has the receipts themselves. */
const MOST_RECEIPTS = 100;
const ID_BYTES = 16;
const RETRY_SECONDS = 3600;

type Proven = Evidence & { readonly acceptedAt: bigint; readonly kind: ServedReceipt["kind"] };

/** The receipts of a year that are anchored, in an order that does not change. Throws when there are too many, or none. */
async function provenOf(services: Services, volunteer: Uint8Array, year: number): Promise<Proven[]> {
  const served = await receiptsOfYear(services.sql, volunteer, year, MOST_RECEIPTS + 1);
  if (served.length > MOST_RECEIPTS)
    throw new ConflictError("too-many-receipts", `a certificate names at most ${MOST_RECEIPTS} receipts`);
  const receipts = await receiptsByIds(
    services.sql,
    served.map(({ receipt }) => receipt),
  );
  const proven: Proven[] = [];
  for (const each of served) {
    const found = await evidenceOf(services, each, receipts.get(each.receipt.toString("hex")));
    if (found !== undefined) proven.push(found);
  }
  if (proven.length > 0) return proven;
  throw new ConflictError(
    "nothing-anchored",
    `nothing of ${year} is recorded and anchored yet; ask again later`,
  );
}

async function evidenceOf(
  services: Services,
  { kind, tenths }: ServedReceipt,
  receipt: StoredReceipt | undefined,
): Promise<Proven | undefined> {
  if (receipt === undefined) return undefined;
  const { file, stage } = await publicReceipt(services, receipt);
  if (stage !== "anchored" && stage !== "final") return undefined;
  const link = `${publicUrl(services.settings)}/r/${toHex(receipt.id)}`;
  return { link, kind, tenths, receiptProof: file, acceptedAt: receipt.accepted_at };
}

let signer: { readonly of: object; readonly made: Promise<CertificateSigner | undefined> } | undefined;

/** Made once, when it is first asked for; undefined where no key is set. */
function madeSigner({ settings }: Services): Promise<CertificateSigner | undefined> {
  if (signer?.of !== settings) signer = { of: settings, made: certificateSigner(settings) };
  return signer.made;
}

/** Throws `UnavailableError` where no key is set. */
async function signerOf(services: Services): Promise<CertificateSigner> {
  const made = await madeSigner(services);
  if (made !== undefined) return made;
  throw new UnavailableError(
    "no-certificate-key",
    "certificates cannot be signed: the operator has set no CERTIFICATE_KEY",
    RETRY_SECONDS,
  );
}

/** Named by what is in it: the same receipts under the same display name are the same certificate. */
const idOf = (proven: readonly Proven[], year: number, displayName: string | null): string =>
  sha256(JSON.stringify([year, displayName, proven.map(({ link }) => link)]))
    .toString("hex")
    .slice(0, 2 * ID_BYTES);

const latest = (proven: readonly Proven[]): bigint =>
  proven.reduce((last, { acceptedAt }) => (acceptedAt > last ? acceptedAt : last), 0n);

export const certificateRoutes: Route[] = [
  route({
    method: "get",
    path: "/v1/certificates/issuer",
    tag: "Three hours",
    summary: "Whose signature certificates carry",
    answers: {
      200: {
        description: "A did:key, to compare; null where the operator has set no key for certificates",
        schema: z.object({ issuer: z.string().nullable() }),
      },
    },
    handle: async (_, services) => ({
      status: 200,
      body: { issuer: (await madeSigner(services))?.issuer ?? null },
    }),
  }),
  route({
    method: "get",
    path: "/v1/volunteers/me/years/{year}/certificate",
    tag: "Three hours",
    summary: "One's certificate of a year",
    description:
      "With `Authorization: Volunteer` and the volunteer's key. A W3C Verifiable Credential 2.0 and Open Badges 3.0 AchievementCredential, signed with eddsa-rdfc-2022 by a did:key; its evidence are the anchored receipts, each with the proof that it is in its batch.",
    query: z.strictObject({ name: text(100).optional() }),
    answers: {
      200: { description: "The certificate", schema: z.looseObject({ type: z.array(z.string()) }) },
      409: { description: "Nothing is anchored yet" },
      503: { description: "The operator has set no key for certificates" },
    },
    handle: async ({ params: { year = "" }, query: { name = null }, request }, services) => {
      const volunteer = requireVolunteer(request, services.ledger.secrets);
      const wanted = yearInPath(year);
      const { issuer, sign } = await signerOf(services);
      const proven = await provenOf(services, volunteer, wanted);
      const validFrom = isoTime(latest(proven));
      const credential = certificateOf({
        issuer: { id: issuer, name: "Amanah", url: publicUrl(services.settings) },
        id: idOf(proven, wanted, name),
        year: wanted,
        served: yearOf(proven),
        displayName: name,
        evidence: proven,
        validFrom,
      });
      const headers = { "Cache-Control": "private, no-store" };
      return { status: 200, body: await sign(credential, validFrom), headers };
    },
  }),
];
