// What a charity can sign, from the service's offer to the call to the contract that carries its signature.

import type { Hex } from "viem";
import { VerificationError } from "../../../errors.ts";
import {
  type SpendingDocument,
  type SpendingReport,
  spendingDocument,
  spendingHash,
} from "../../../programmes/spending-report.ts";
import { fromHex, toHex } from "../../../protocol/bytes.ts";
import { canonicalJson } from "../../../protocol/details.ts";
import type { TypedData } from "../../../protocol/typed-data.ts";
import { type Offer, readOffer } from "../../../verifier/signing.ts";
import { get, inPath, post } from "../../api/client.ts";
import {
  type Acknowledgement,
  type Charity,
  charityPath,
  type Disbursement,
  type Signed,
} from "../queries.ts";
import type { Session } from "./session.ts";

type CoveredPayout = {
  readonly rail: "token" | "bank";
  readonly from: string;
  readonly upTo: string;
  readonly amount: string;
  readonly paidAt: string;
};

export type ToAcknowledge = Offer<"Acknowledgement"> & { readonly payouts: readonly CoveredPayout[] };

/** @throws InputError `not-to-be-signed`; RefusedByService, NoAnswer */
export async function whatToAcknowledge(
  { id }: Charity,
  unit: string,
  { authorization }: Session,
  signal: AbortSignal,
): Promise<ToAcknowledge> {
  type Offered = { readonly typedData: TypedData; readonly payouts: readonly CoveredPayout[] };
  const path = charityPath(id, `/acknowledgement?unit=${inPath(unit)}`);
  const { typedData, payouts } = await get<Offered>(path, { authorization, signal });
  return { ...readOffer("Acknowledgement", id, typedData), payouts };
}

export const postAcknowledgement = (
  { id }: Charity,
  { typedData }: Offer<"Acknowledgement">,
  signature: Hex,
  { authorization }: Session,
): Promise<Acknowledgement> =>
  post(charityPath(id, "/acknowledgement"), { typedData, signature }, { authorization });

/** A report to be signed; or the same as the contract has it, when it has. */
export type ToDisburse =
  | { readonly offer: Offer<"Disbursement">; readonly report: SpendingReport; readonly taken: null }
  | { readonly taken: Disbursement };

type Offered = { readonly document: SpendingDocument; readonly typedData: TypedData };

/** @throws VerificationError `another-report`; InputError `not-to-be-signed`; RefusedByService, NoAnswer */
export async function fileReport(
  charity: Charity,
  report: SpendingReport,
  { authorization }: Session,
): Promise<ToDisburse> {
  const path = charityPath(charity.id, "/disbursements");
  const answer = await post<Offered | Disbursement>(path, report, { authorization });
  if (!("typedData" in answer)) return { taken: answer };
  const offer = readOffer("Disbursement", charity.id, answer.typedData);
  checkDocument(charity, report, offer, answer.document);
  return { offer, report, taken: null };
}

/** What is signed is the hash of our own report, put together here. */
function checkDocument(
  charity: Charity,
  report: SpendingReport,
  { args, ledger }: Offer<"Disbursement">,
  offered: SpendingDocument,
): void {
  const ours = spendingDocument(report, fromHex(ledger), charity);
  const isOurs = canonicalJson(ours) === canonicalJson(offered);
  const { unit, from, upTo, evidence } = args;
  const isSigned = unit === report.unit && from === report.from && upTo === report.upTo;
  if (isOurs && isSigned && evidence === toHex(spendingHash(ours))) return;
  throw new VerificationError("another-report", "what the service offers is not the report that was sent");
}

export const postSignature = (
  { id }: Charity,
  { args, typedData }: Offer<"Disbursement">,
  signature: Hex,
  { authorization }: Session,
): Promise<Disbursement> =>
  post(
    charityPath(id, `/disbursements/${args.evidence}/signature`),
    { typedData, signature },
    { authorization },
  );

export type UnderWay = {
  readonly what: "acknowledgement" | "disbursement";
  /** Where it tells how it stands. */
  readonly path: string;
  readonly stands: Signed;
};

export const acknowledgementUnderWay = ({ id }: Charity, stands: Acknowledgement): UnderWay => ({
  what: "acknowledgement",
  path: charityPath(id, `/acknowledgements/${stands.number}`),
  stands,
});

export const disbursementUnderWay = ({ id }: Charity, stands: Disbursement): UnderWay => ({
  what: "disbursement",
  path: charityPath(id, `/disbursements/${stands.evidence}`),
  stands,
});
