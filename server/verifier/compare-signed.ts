// Compares what a charity is to sign with the contract that it believes, before a key or a wallet is asked: the service's
// word is not taken for it.

import type { Hex } from "viem";
import { VerificationError } from "../errors.ts";
import { checkAcknowledgement } from "../programmes/acknowledgement.ts";
import { fromHex } from "../protocol/bytes.ts";
import type { Place } from "./follow.ts";
import { type Offer, readPayouts, readStanding, type Standing } from "./signing.ts";

const lineOf = ({ charity, unit }: { charity: Hex; unit: string }) => ({ charity: fromHex(charity), unit });

/**
 * @throws VerificationError, ConflictError or InputError where the contract says otherwise; UnavailableError when it says
 *   nothing
 */
export async function compareAcknowledgement(
  place: Place,
  { args, ledger }: Offer<"Acknowledgement">,
  signer: Hex,
): Promise<void> {
  const line = lineOf(args);
  const ends = { from: BigInt(args.from), upTo: BigInt(args.upTo), batch: BigInt(args.batch) };
  const [standing, payouts] = await Promise.all([readStanding(place, line), readPayouts(place, line, ends)]);
  checkParties(standing, ledger, signer);
  const { acknowledged, paid } = standing.line;
  const { netFrom = 0n, netTo, root } = payouts;
  checkAcknowledgement(args, { acknowledged, paid, netted: netFrom, netTo, root });
}

/** @throws as `compareAcknowledgement` */
export async function compareDisbursement(
  place: Place,
  { args, ledger }: Offer<"Disbursement">,
  signer: Hex,
): Promise<void> {
  const standing = await readStanding(place, lineOf(args));
  checkParties(standing, ledger, signer);
  const { spent, acknowledged } = standing.line;
  if (BigInt(args.from) !== spent)
    throw differs("from", `${spent}, up to where spending is reported`, args.from);
  if (BigInt(args.upTo) > acknowledged)
    throw differs("upTo", `at most ${acknowledged}, up to where is signed for`, args.upTo);
}

function checkParties(standing: Standing, ledger: Hex, signer: Hex): void {
  if (standing.ledger !== ledger) throw differs("ledger", standing.ledger, ledger);
  if (standing.signer !== signer.toLowerCase()) throw differs("signer", standing.signer, signer);
}

const differs = (what: string, wanted: string, came: string) =>
  new VerificationError("contract-differs", `${what}: wanted ${wanted}, came ${came}`, {
    what,
    wanted,
    came,
  });
