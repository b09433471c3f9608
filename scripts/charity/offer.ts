// What the service offers for signing, taken apart and put together anew: what is signed is only what we understand, of the
// charity that was asked for. Whether it is true is compared with the contract elsewhere.

import { isDeepStrictEqual } from "node:util";
import type { PrivateKeyAccount } from "viem";
import { fromHex, type Hex, toHex } from "../../server/protocol/bytes.ts";
import { charityId } from "../../server/protocol/ids.ts";
import {
  type SignedArgs,
  type SignedName,
  signedArgsOf,
  type TypedData,
  typedDataOf,
} from "../../server/protocol/typed-data.ts";
import { RefusedError } from "./client.ts";

export type Offer<Name extends SignedName> = {
  readonly args: SignedArgs[Name];
  /** Made here, of the fields above; the same as the service's, to the byte. */
  readonly typedData: TypedData;
  readonly ledger: Hex;
};

/** @throws RefusedError `not-to-be-signed` when the typed data hold anything but what they should */
export function readOffer<Name extends SignedName>(
  name: Name,
  charity: string,
  offered: TypedData,
): Offer<Name> {
  const { args, typedData, ledger } = rebuild(name, offered);
  if (!isDeepStrictEqual(typedData, offered))
    throw refuse(`wanted typed data of ${name} and nothing else, came ${JSON.stringify(offered)}`);
  const wanted = /^0x[0-9a-fA-F]{64}$/.test(charity) ? charity.toLowerCase() : toHex(charityId(charity));
  if (args.charity !== wanted) throw refuse(`wanted charity ${charity} (${wanted}), came ${args.charity}`);
  return { args, typedData, ledger };
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
  new RefusedError("not-to-be-signed", `what the service offers is not to be signed: ${says}`);

export const signOffer = (account: PrivateKeyAccount, { typedData }: Offer<SignedName>): Promise<Hex> =>
  account.signTypedData(typedData as never);
