// What charities have signed, on its way to the contract: whose signature it is, how a relayed call stands, and what is
// answered. What is signed, and whether it is right, is the business of the resources.

import type { Address } from "viem";
import { z } from "zod";
import { ConflictError, InputError } from "../errors.ts";
import { type Hex, toHex } from "../protocol/bytes.ts";
import {
  ledgerDomain,
  type SignedArgs,
  type SignedName,
  signedArgsOf,
  signedDigest,
} from "../protocol/typed-data.ts";
import type { CallReport } from "../store/chain-calls.ts";
import type { Database } from "../store/database.ts";
import type { Caller } from "../store/keys.ts";
import { type Charity, charityById } from "../store/parties.ts";
import { callHeard } from "../store/signed-calls.ts";
import { mayActFor } from "./auth.ts";
import type { Reply } from "./route.ts";
import type { Services } from "./services.ts";
import { keySignature, signerOfDigest } from "./signatures.ts";
import { charityInPath, hex32, hexOrNull, minor, noSuch, time } from "./words.ts";

/** How long an answer waits for the contract's word. */
const HEARD_WITHIN_MS = 5_000;

export const signatureText = z
  .string()
  .regex(/^0x([0-9a-fA-F]{2}){1,4096}$/, "wanted a signature in hexadecimal, of at most 4096 bytes");

/** Typed data as a wallet signed it; only domain and message count. */
export const typedDataSchema = z
  .looseObject({
    domain: z.record(z.string(), z.unknown()),
    primaryType: z.string().optional(),
    message: z.record(z.string(), z.string()),
  })
  .meta({ id: "TypedData" });

export const standing = z.object({
  number: minor,
  state: z.enum(["waiting", "recorded", "final", "refused"]).meta({
    description: "for the contract; recorded by it; and so deep that it stays; or refused by it",
  }),
  transaction: hex32.nullable(),
  recordedAt: time.nullable(),
  reason: z.string().nullable().meta({ description: "why the contract refuses it" }),
});

type Stands = Pick<CallReport, "id" | "state" | "mined_at" | "transaction" | "failure">;

/** A call that was done on a chain that has forgotten it is done: it is being done again. */
function stateOf({ state, mined_at }: Stands): z.output<typeof standing>["state"] {
  if (state === "failed") return "refused";
  if (mined_at === null) return "waiting";
  return state === "mined" ? "recorded" : "final";
}

export const showStanding = (call: Stands) => ({
  number: call.id,
  state: stateOf(call),
  transaction: hexOrNull(call.transaction),
  recordedAt: call.mined_at?.toISOString() ?? null,
  reason: call.failure,
});

/** The charity of a path. Throws unless there is one, and, where a caller is given, it may act for it. */
export async function charityOf({ sql }: Services, id: string, caller?: Caller): Promise<Charity> {
  const charity = await charityById(sql, charityInPath(id));
  if (charity === undefined) throw noSuch("charity", id);
  if (caller !== undefined) mayActFor(caller, "charity", charity.registration);
  return charity;
}

/** The account that signs for a charity. @throws ConflictError `no-signer` */
export function signerOf({ signer, registration }: Charity): Hex {
  if (signer !== null) return toHex(signer);
  const advice = "the operator registers the account that signs for it";
  throw new ConflictError("no-signer", `${registration} has no signer; ${advice}`);
}

/** The plain form of typed data. @throws InputError `another-ledger` unless it is in our domain */
export function argsInDomain<Name extends SignedName>(
  ledger: Uint8Array,
  name: Name,
  { domain, message }: z.output<typeof typedDataSchema>,
): SignedArgs[Name] {
  const wanted: Record<string, unknown> = ledgerDomain(ledger);
  for (const member of new Set([...Object.keys(wanted), ...Object.keys(domain)])) {
    const came = domain[member];
    const isSame = member === "salt" ? String(came).toLowerCase() === wanted.salt : came === wanted[member];
    if (!isSame) throw elsewhere(member, wanted[member] ?? "nothing", came ?? "nothing");
  }
  return signedArgsOf(name, message);
}

function elsewhere(member: string, wanted: unknown, came: unknown): InputError {
  const field = `domain.${member}`;
  const says = `${field}: wanted ${wanted}, came ${JSON.stringify(came)}; it was signed for another ledger`;
  return new InputError("another-ledger", says, { field, wanted, came });
}

/** A signature as it is sent to the contract, and the account whose key made it; undefined when that is not a key's. */
export type Signed = { readonly signature: Hex; readonly by: Address | undefined };

export async function whoseSignature<Name extends SignedName>(
  ledger: Uint8Array,
  name: Name,
  args: SignedArgs[Name],
  signature: Hex,
): Promise<Signed> {
  const ofKey = keySignature(signature);
  if (ofKey === undefined) return { signature, by: undefined };
  const by = await signerOfDigest(toHex(signedDigest(ledger, name, args)), ofKey);
  return { signature: ofKey, by };
}

/** What the contract is sent: a key's signature in its one form; any other as it came, since it may be a wallet contract's. */
export const signatureToSend = (signer: Hex, came: Hex, { signature, by }: Signed): Hex =>
  by?.toLowerCase() === signer ? signature : came;

/**
 * Waits a little for the contract's word on a call, and answers: 201 when it has taken it, 202 while there is no word
 * yet.
 * @throws InputError `wrong-signer`, `refused-by-contract`
 */
export async function answerOf(
  sql: Database,
  id: bigint,
  { signer, by }: { readonly signer: Hex; readonly by: Address | undefined },
  show: (call: Stands) => unknown,
  link: string,
): Promise<Reply> {
  const call = await callHeard(sql, id, HEARD_WITHIN_MS);
  if (call === undefined || call.state === "failed") throw refusal(call?.failure ?? "it is gone", signer, by);
  const status = stateOf(call) === "waiting" ? 202 : 201;
  return { status, body: show(call), headers: { Location: link } };
}

function refusal(failure: string, signer: Hex, by: Address | undefined): InputError {
  if (!failure.startsWith("InvalidSignature"))
    return new InputError("refused-by-contract", `the contract refuses it: ${failure}`, { failure });
  const came = by === undefined ? "none of a key" : `one of ${by}`;
  const says = `signature: wanted one of ${signer}, came ${came}, and the contract does not take it either`;
  return new InputError("wrong-signer", says, {
    field: "signature",
    wanted: signer,
    came: by ?? null,
    failure,
  });
}
