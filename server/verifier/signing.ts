// What a charity is about to sign, taken apart and put together anew, and what the chosen contract says of it: the word of
// the service that offers it is taken for nothing. Whether the two agree is judged where the rules are.

import type { Hex } from "viem";
import { InputError } from "../errors.ts";
import { equalBytes, fromHex, toHex } from "../protocol/bytes.ts";
import { canonicalJson } from "../protocol/details.ts";
import { charityId } from "../protocol/ids.ts";
import {
  type SignedArgs,
  type SignedName,
  signedArgsOf,
  type TypedData,
  typedDataOf,
} from "../protocol/typed-data.ts";
import type { Line } from "../protocol/verify.ts";
import type { LineName } from "./contract-reader.ts";
import type { Place } from "./follow.ts";

export type Offer<Name extends SignedName> = {
  readonly args: SignedArgs[Name];
  /** Made here, of the fields above; the same as the service's, to the byte. */
  readonly typedData: TypedData;
  readonly ledger: Hex;
};

/**
 * `charity` is the hash of its registration id, or the id itself.
 * @throws InputError `not-to-be-signed` when the typed data hold anything but what they should
 */
export function readOffer<Name extends SignedName>(
  name: Name,
  charity: string,
  offered: TypedData,
): Offer<Name> {
  const offer = rebuild(name, offered);
  if (canonicalJson(offer.typedData) !== canonicalJson(offered))
    throw refuse(`wanted typed data of ${name} and nothing else, came ${JSON.stringify(offered)}`);
  const wanted = /^0x[0-9a-fA-F]{64}$/.test(charity) ? charity.toLowerCase() : toHex(charityId(charity));
  if (offer.args.charity === wanted) return offer;
  throw refuse(`wanted charity ${charity} (${wanted}), came ${offer.args.charity}`);
}

function rebuild<Name extends SignedName>(name: Name, offered: TypedData): Offer<Name> {
  try {
    const args = signedArgsOf(name, offered.message);
    const ledger = fromHex(offered.domain.salt, 32, "ledger");
    return { args, typedData: typedDataOf(ledger, name, args), ledger: toHex(ledger) };
  } catch {
    throw refuse(`wanted typed data of ${name}, came ${JSON.stringify(offered)}`);
  }
}

const refuse = (says: string) =>
  new InputError("not-to-be-signed", `what the service offers is not to be signed: ${says}`);

/** What a contract says of the parties and of the line that something is signed for. */
export type Standing = {
  readonly ledger: Hex;
  /** Who signs for the charity; lower case. */
  readonly signer: Hex;
  readonly line: Line;
};

/** What it says beyond that of an acknowledgement: the payouts at both ends, and the root that is named. */
export type PayoutStanding = {
  /** Where the payouts that end at `from` and `upTo` end on the reversal line; undefined where none ends. */
  readonly netFrom: bigint | undefined;
  readonly netTo: bigint | undefined;
  /** Undefined while the batch is not anchored. */
  readonly root: Uint8Array | undefined;
};

/** @throws UnavailableError `no-answer` */
export async function readStanding({ reader, contract }: Place, line: LineName): Promise<Standing> {
  const [ledger, { signer }, marks] = await Promise.all([
    reader.ledger(contract),
    reader.charity(contract, line.charity),
    reader.line(contract, line),
  ]);
  return { ledger: toHex(ledger), signer, line: marks };
}

/** @throws UnavailableError `no-answer` */
export async function readPayouts(
  { reader, contract }: Place,
  line: LineName,
  { from, upTo, batch }: { readonly from: bigint; readonly upTo: bigint; readonly batch: bigint },
): Promise<PayoutStanding> {
  const [netFrom, netTo, root] = await Promise.all([
    reader.netTo(contract, line, from),
    reader.netTo(contract, line, upTo),
    reader.root(contract, batch),
  ]);
  const isAnchored = !equalBytes(root, new Uint8Array(root.length));
  return { netFrom, netTo, root: isAnchored ? root : undefined };
}
