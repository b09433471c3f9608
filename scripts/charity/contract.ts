// The contract that a charity's command was given, by an endpoint of the charity's own choosing; what is to be signed is
// compared with it in server/verifier, and a difference ends the command as a refusal.

import type { Address } from "viem";
import { AmanahError, UnavailableError } from "../../server/errors.ts";
import * as verifier from "../../server/verifier/compare-signed.ts";
import { connect } from "../../server/verifier/contract-reader.ts";
import type { Place } from "../../server/verifier/follow.ts";
import { RefusedError } from "./client.ts";
import type { Offer } from "./offer.ts";

export type Contract = { readonly rpc: string; readonly address: Address };

const TRY_AGAIN_SECONDS = 5;

/** @throws RefusedError when the contract says otherwise; UnavailableError when it says nothing */
export const compareAcknowledgement = (
  contract: Contract,
  offer: Offer<"Acknowledgement">,
  signer: Address,
): Promise<void> => compared(contract, (place) => verifier.compareAcknowledgement(place, offer, signer));

/** @throws RefusedError when the contract says otherwise; UnavailableError when it says nothing */
export const compareDisbursement = (
  contract: Contract,
  offer: Offer<"Disbursement">,
  signer: Address,
): Promise<void> => compared(contract, (place) => verifier.compareDisbursement(place, offer, signer));

async function compared({ rpc, address }: Contract, compare: (place: Place) => Promise<void>): Promise<void> {
  try {
    await compare({ reader: await connect(rpc), contract: address });
  } catch (thrown) {
    throw thrown instanceof AmanahError ? told(thrown) : thrown;
  }
}

const told = (error: AmanahError): AmanahError =>
  error instanceof UnavailableError
    ? new UnavailableError(
        error.code,
        `--rpc: no usable answer from the contract: ${error.message}`,
        TRY_AGAIN_SECONDS,
      )
    : new RefusedError("contract-differs", `the contract says otherwise: ${error.message}`);
