// /v1/charities/{id}/acknowledgement: what a charity can sign for now, and the signature that says that the money has come.

import { z } from "zod";
import { InputError, NotFoundError } from "../errors.ts";
import { checkAcknowledgement } from "../programmes/acknowledgement.ts";
import { amountMinor } from "../programmes/fields.ts";
import { equalBytes, fromHex, type Hex, toHex } from "../protocol/bytes.ts";
import type { AcknowledgementArgs } from "../protocol/contract-calls.ts";
import { anchoredRoot, netToAt, paidUpTo, signedPositions } from "../store/acknowledgements.ts";
import { intend } from "../store/chain-calls.ts";
import type { Charity } from "../store/parties.ts";
import { type SignedCall, signedBefore, signedById, signedFrom } from "../store/signed-calls.ts";
import { offerOf, offerSchema, unitToSign } from "./acknowledgement-offers.ts";
import { parse } from "./problems.ts";
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
import { hex32, listOf, listReply, minor, noSuch, page } from "./words.ts";

const MAX_NUMBER = 2n ** 63n - 1n;

const unitText = z.string().regex(/^[\x21-\x7e]{1,32}$/, "wanted a unit, such as CNY");

const signedFields = z.strictObject({
  charity: hex32,
  unit: unitText,
  from: amountMinor,
  upTo: amountMinor,
  netTo: amountMinor,
  received: amountMinor,
  batch: amountMinor,
  root: hex32,
});

const acknowledgementBody = z
  .strictObject({
    typedData: typedDataSchema.optional(),
    acknowledgement: signedFields.optional(),
    signature: signatureText,
  })
  .refine(({ typedData, acknowledgement }) => (typedData === undefined) !== (acknowledgement === undefined), {
    path: ["typedData"],
    error: "wanted either the typed data that was signed, or the fields of the acknowledgement",
  });

const acknowledgementSchema = standing
  .extend({
    charity: hex32,
    unit: z.string(),
    from: minor,
    upTo: minor,
    netTo: minor,
    received: minor,
    batch: minor,
    root: hex32,
  })
  .meta({ id: "Acknowledgement" });

async function check({ sql }: Services, charity: Charity, args: AcknowledgementArgs): Promise<void> {
  const line = { charity: charity.id, unit: args.unit };
  const [{ acknowledged }, paid, netTo, root] = await Promise.all([
    signedPositions(sql, line),
    paidUpTo(sql, line),
    netToAt(sql, line, BigInt(args.upTo)),
    anchoredRoot(sql, BigInt(args.batch)),
  ]);
  // Where the charity has signed up to, a payout ends; the contract took no other.
  const netted = (await netToAt(sql, line, acknowledged)) ?? 0n;
  checkAcknowledgement(args, { acknowledged, netted, paid, netTo, root });
}

/** What was signed, in plain form. Throws unless it is of this ledger and this charity. */
function signedArgs({ ledger }: Services, charity: Charity, body: z.output<typeof acknowledgementBody>) {
  const { typedData, acknowledgement } = body;
  const came =
    typedData === undefined ? acknowledgement : argsInDomain(ledger.id, "Acknowledgement", typedData);
  const args = parse(signedFields, came) as AcknowledgementArgs;
  if (equalBytes(fromHex(args.charity), charity.id)) return args;
  const wanted = `${toHex(charity.id)}, the hash of ${charity.registration}`;
  const facts = { field: "charity", wanted, came: args.charity };
  throw new InputError("another-charity", `charity: wanted ${wanted}, came ${args.charity}`, facts);
}

const sameSigned = (a: AcknowledgementArgs, b: AcknowledgementArgs) =>
  signedFields.keyof().options.every((name) => a[name] === b[name]);

/** The same acknowledgement, if the contract has it already. */
async function takenBefore({ sql }: Services, charity: Charity, args: AcknowledgementArgs) {
  const line = { charity: charity.id, unit: args.unit };
  const call = await signedFrom(sql, "acknowledge", line, BigInt(args.from));
  const isTaken = call !== undefined && call.mined_at !== null;
  return isTaken && sameSigned(call.args.acknowledgement, args) ? call : undefined;
}

async function relay(
  services: Services,
  charity: Charity,
  args: AcknowledgementArgs,
  came: Hex,
): Promise<Reply> {
  const { sql, ledger } = services;
  const signer = signerOf(charity);
  const before = await takenBefore(services, charity, args);
  if (before !== undefined) return { status: 200, body: show(before) };
  await check(services, charity, args);
  const signed = await whoseSignature(ledger.id, "Acknowledgement", args, came);
  const signature = signatureToSend(signer, came, signed);
  const id = await intend(sql, { kind: "acknowledge", args: { acknowledgement: args, signature } });
  const link = `/v1/charities/${args.charity}/acknowledgements/${id}`;
  const showCall = (call: Parameters<typeof showStanding>[0]) => ({ ...args, ...showStanding(call) });
  return await answerOf(sql, id, { signer, by: signed.by }, showCall, link);
}

const show = (call: SignedCall<"acknowledge">) => ({ ...call.args.acknowledgement, ...showStanding(call) });

function numberInPath(text: string): bigint {
  if (/^[1-9][0-9]{0,17}$/.test(text)) return BigInt(text);
  throw new NotFoundError("unknown-acknowledgement", `number: wanted a number from 1, came ${text}`);
}

const tag = "Charities";
const callers = ["charity", "operator"] as const;

export const acknowledgementRoutes: Route[] = [
  route({
    method: "get",
    path: "/v1/charities/{id}/acknowledgement",
    tag,
    summary: "Get what there is to sign for now",
    description:
      "All payouts up to the last that the contract has recorded, or up to the end of an earlier one. `unit` may be left out where there is something to sign in one unit alone.",
    callers,
    query: z.strictObject({ unit: unitText.optional(), upTo: amountMinor.optional() }),
    answers: {
      200: { description: "What to sign", schema: offerSchema },
      404: { description: "There is nothing to sign; `detail` says why" },
      409: { description: "The charity has no signer" },
    },
    handle: async ({ params: { id = "" }, query, caller }, services) => {
      const charity = await charityOf(services, id, caller);
      signerOf(charity);
      const unit = await unitToSign(services, charity, query.unit);
      const body = await offerOf(
        services,
        charity,
        unit,
        query.upTo === undefined ? undefined : BigInt(query.upTo),
      );
      return { status: 200, body, headers: { "Cache-Control": "private, no-store" } };
    },
  }),
  route({
    method: "post",
    path: "/v1/charities/{id}/acknowledgement",
    tag,
    summary: "Acknowledge payouts by the charity's signature",
    description:
      "The signature of the charity's account over the typed data; a wallet contract's is judged by the ledger's contract. It is relayed to the contract.",
    callers,
    body: acknowledgementBody,
    answers: {
      201: { description: "The contract has it", schema: acknowledgementSchema },
      200: { description: "The contract had the same already", schema: acknowledgementSchema },
      202: { description: "On its way; `Location` tells how it goes on", schema: acknowledgementSchema },
      409: { description: "The charity has signed further already, or has no signer" },
      422: {
        description: "It does not say what is on chain, or was signed by another or for another ledger",
      },
    },
    handle: async ({ params: { id = "" }, body, caller }, services) => {
      const charity = await charityOf(services, id, caller);
      return await relay(services, charity, signedArgs(services, charity, body), body.signature as Hex);
    },
  }),
  route({
    method: "get",
    path: "/v1/charities/{id}/acknowledgements",
    tag,
    summary: "List what a charity has signed for, the newest first",
    query: z.strictObject({ ...page(), after: amountMinor.optional() }),
    answers: { 200: { description: "A page", schema: listOf(acknowledgementSchema) } },
    handle: async ({ params: { id = "" }, query: { after, limit } }, services) => {
      const charity = await charityOf(services, id);
      const before = after === undefined ? MAX_NUMBER : BigInt(after);
      const calls = await signedBefore(services.sql, "acknowledge", charity.id, before, limit);
      return { status: 200, body: listReply(calls.map(show), limit, ({ number }) => `${number}`) };
    },
  }),
  route({
    method: "get",
    path: "/v1/charities/{id}/acknowledgements/{number}",
    tag,
    summary: "Read an acknowledgement, also one that the contract has refused",
    answers: {
      200: { description: "How it stands", schema: acknowledgementSchema },
      404: { description: "Not known" },
    },
    handle: async ({ params: { id = "", number = "" } }, services) => {
      const charity = await charityOf(services, id);
      const call = await signedById(services.sql, "acknowledge", charity.id, numberInPath(number));
      if (call === undefined) throw noSuch("acknowledgement", number);
      return { status: 200, body: show(call) };
    },
  }),
];
