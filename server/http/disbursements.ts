// /v1/charities/{id}/disbursements: what the money became. A charity reports it, signs the report's hash, and the report is
// published, timestamped by a batch, and named on chain.

import { z } from "zod";
import { InputError } from "../errors.ts";
import { amountMinor } from "../programmes/fields.ts";
import { sayDisbursement } from "../programmes/signing-words.ts";
import {
  checkReport,
  type SpendingDocument,
  spendingDocument,
  spendingHash,
  spendingReportSchema,
} from "../programmes/spending-report.ts";
import { equalBytes, type Hex, toHex } from "../protocol/bytes.ts";
import type { DisbursementArgs } from "../protocol/contract-calls.ts";
import { signedDigest, typedDataOf } from "../protocol/typed-data.ts";
import { signedPositions } from "../store/acknowledgements.ts";
import { disbursementOf, draftByHash, keepDraft, publishReport } from "../store/disbursements.ts";
import { documentByHash } from "../store/documents.ts";
import type { Charity } from "../store/parties.ts";
import { type SignedCall, signedBefore, signedFrom } from "../store/signed-calls.ts";
import {
  answerOf,
  argsInDomain,
  charityOf,
  showStanding,
  signatureText,
  signatureToSend,
  signerOf,
  standing,
  typedDataSchema,
  whoseSignature,
} from "./relay.ts";
import { type Reply, type Route, route } from "./route.ts";
import type { Services } from "./services.ts";
import { address, bytesInPath, hex32, listOf, listReply, minor, noSuch, page } from "./words.ts";

const HASH_BYTES = 32;
const MAX_NUMBER = 2n ** 63n - 1n;

const signatureBody = z.strictObject({ typedData: typedDataSchema.optional(), signature: signatureText });

const documentSchema = z.looseObject({ format: z.string() }).meta({ id: "SpendingReport" });

const offerSchema = z
  .object({
    hash: hex32.meta({ description: "of the document's canonical JSON (RFC 8785)" }),
    document: documentSchema,
    signer: address,
    typedData: typedDataSchema.meta({ description: "as `eth_signTypedData_v4` takes it" }),
    digest: hex32.meta({ description: "what a wallet contract is asked about" }),
    words: z.array(z.string()).meta({ description: "the same, for people" }),
  })
  .meta({ id: "DisbursementOffer" });

const disbursementSchema = standing
  .extend({
    charity: hex32,
    unit: z.string(),
    from: minor,
    upTo: minor,
    evidence: hex32.meta({ description: "the report's hash" }),
    document: z.string().meta({ description: "where the report is" }),
  })
  .meta({ id: "Disbursement" });

type Shown = Pick<SignedCall<"disburse">, "id" | "state" | "mined_at" | "transaction" | "failure">;

const showWith = (args: DisbursementArgs) => (call: Shown) => ({
  ...args,
  ...showStanding(call),
  document: `/v1/documents/${args.evidence}`,
});

const show = (call: SignedCall<"disburse">) => showWith(call.args.disbursement)(call);

const argsOf = (
  { unit, from, upTo }: SpendingDocument,
  charity: Charity,
  hash: Uint8Array,
): DisbursementArgs => ({
  charity: toHex(charity.id),
  unit,
  from,
  upTo,
  evidence: toHex(hash),
});

/** Checks the report against how far the charity's line has come. */
async function check({ sql }: Services, charity: Charity, report: SpendingDocument): Promise<void> {
  checkReport(report, await signedPositions(sql, { charity: charity.id, unit: report.unit }));
}

/** The same report, if the contract has it already. */
async function takenBefore({ sql }: Services, charity: Charity, { unit, from, evidence }: DisbursementArgs) {
  const call = await signedFrom(sql, "disburse", { charity: charity.id, unit }, BigInt(from));
  const isTaken = call !== undefined && call.mined_at !== null;
  return isTaken && call.args.disbursement.evidence === evidence ? call : undefined;
}

function offerOf({ ledger }: Services, charity: Charity, document: SpendingDocument, args: DisbursementArgs) {
  return {
    hash: args.evidence,
    document,
    signer: signerOf(charity),
    typedData: typedDataOf(ledger.id, "Disbursement", args),
    digest: toHex(signedDigest(ledger.id, "Disbursement", args)),
    words: sayDisbursement(`${charity.name} (${charity.registration})`, args, toHex(ledger.id)),
  };
}

/** A report that waits for its signature, or whose signature the contract has refused. */
async function reportOf({ sql }: Services, charity: Charity, hash: Uint8Array): Promise<SpendingDocument> {
  const [draft, document] = await Promise.all([draftByHash(sql, hash), documentByHash(sql, hash)]);
  const known =
    draft ?? (document?.kind === "spending" ? { ...document, charity: document.subject } : undefined);
  if (known !== undefined && equalBytes(known.charity, charity.id)) return JSON.parse(known.body);
  throw noSuch("report", `${toHex(hash)}; report it first`);
}

/** Throws unless what was signed is this disbursement, of this ledger. */
function checkSigned(
  { ledger }: Services,
  args: DisbursementArgs,
  typedData: z.output<typeof typedDataSchema>,
): void {
  const came = argsInDomain(ledger.id, "Disbursement", typedData);
  for (const name of Object.keys(args) as (keyof DisbursementArgs)[]) {
    if (args[name] === came[name]) continue;
    const facts = { field: name, wanted: args[name], came: came[name] ?? null };
    throw new InputError("another-report", `${name}: wanted ${args[name]}, came ${came[name]}`, facts);
  }
}

async function relay(
  services: Services,
  charity: Charity,
  document: SpendingDocument,
  came: Hex,
): Promise<Reply> {
  const { sql, ledger } = services;
  const signer = signerOf(charity);
  const args = argsOf(document, charity, spendingHash(document));
  const before = await takenBefore(services, charity, args);
  if (before !== undefined) return { status: 200, body: show(before) };
  await check(services, charity, document);
  const signed = await whoseSignature(ledger.id, "Disbursement", args, came);
  const signature = signatureToSend(signer, came, signed);
  const id = await publishReport(sql, { disbursement: args, signature }, document);
  const link = `/v1/charities/${args.charity}/disbursements/${args.evidence}`;
  return await answerOf(sql, id, { signer, by: signed.by }, showWith(args), link);
}

const tag = "Charities";

export const disbursementRoutes: Route[] = [
  route({
    method: "post",
    path: "/v1/charities/{id}/disbursements",
    tag,
    summary: "Report what the money became, and get what to sign",
    description:
      "`from` is where the last report ended, `upTo` at most where the charity has signed for money; the parts lie end to end between. Nothing is published before it is signed; what nobody signs within thirty days is forgotten.",
    callers: ["charity"],
    body: spendingReportSchema,
    answers: {
      201: { description: "What to sign", schema: offerSchema },
      200: { description: "The contract has this report already", schema: disbursementSchema },
      409: { description: "Spending is reported further already, or the charity has no signer" },
      422: { description: "The intervals do not add up" },
    },
    handle: async ({ params: { id = "" }, body, caller }, services) => {
      const charity = await charityOf(services, id, caller);
      const document = spendingDocument(body, services.ledger.id, charity);
      const hash = spendingHash(document);
      const args = argsOf(document, charity, hash);
      const before = await takenBefore(services, charity, args);
      if (before !== undefined) return { status: 200, body: show(before) };
      await check(services, charity, document);
      const offer = offerOf(services, charity, document, args);
      await keepDraft(services.sql, hash, charity.id, document);
      return { status: 201, body: offer };
    },
  }),
  route({
    method: "post",
    path: "/v1/charities/{id}/disbursements/{hash}/signature",
    tag,
    summary: "Sign a report",
    description:
      "Publishes the report as a document that the next batch timestamps, and relays the signature to the contract.",
    callers: ["charity"],
    body: signatureBody,
    answers: {
      201: { description: "The contract has it", schema: disbursementSchema },
      200: { description: "The contract had the same already", schema: disbursementSchema },
      202: { description: "On its way; `Location` tells how it goes on", schema: disbursementSchema },
      404: { description: "There is no such report" },
      422: { description: "It was signed by another, for another report or for another ledger" },
    },
    handle: async ({ params: { id = "", hash = "" }, body, caller }, services) => {
      const charity = await charityOf(services, id, caller);
      const document = await reportOf(services, charity, bytesInPath(hash, HASH_BYTES, "report"));
      const args = argsOf(document, charity, spendingHash(document));
      if (body.typedData !== undefined) checkSigned(services, args, body.typedData);
      return await relay(services, charity, document, body.signature as Hex);
    },
  }),
  route({
    method: "get",
    path: "/v1/charities/{id}/disbursements",
    tag,
    summary: "List the reports of a charity, the newest first",
    query: z.strictObject({ ...page(), after: amountMinor.optional() }),
    answers: { 200: { description: "A page", schema: listOf(disbursementSchema) } },
    handle: async ({ params: { id = "" }, query: { after, limit } }, services) => {
      const charity = await charityOf(services, id);
      const before = after === undefined ? MAX_NUMBER : BigInt(after);
      const calls = await signedBefore(services.sql, "disburse", charity.id, before, limit);
      return { status: 200, body: listReply(calls.map(show), limit, ({ number }) => `${number}`) };
    },
  }),
  route({
    method: "get",
    path: "/v1/charities/{id}/disbursements/{hash}",
    tag,
    summary: "Read a report that was signed, and how it stands",
    answers: {
      200: {
        description: "The report",
        schema: disbursementSchema.extend({ report: documentSchema.nullable() }),
      },
      404: { description: "Not known, or not signed" },
    },
    handle: async ({ params: { id = "", hash = "" } }, services) => {
      const charity = await charityOf(services, id);
      const bytes = bytesInPath(hash, HASH_BYTES, "report");
      const call = await disbursementOf(services.sql, charity.id, bytes);
      if (call === undefined) throw noSuch("report", hash);
      const document = await documentByHash(services.sql, bytes);
      return { status: 200, body: { ...show(call), report: document ? JSON.parse(document.body) : null } };
    },
  }),
];
