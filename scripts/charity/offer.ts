// What the service offers for signing, read by server/verifier; what is not to be signed ends a command as a refusal.

import type { PrivateKeyAccount } from "viem";
import { AmanahError } from "../../server/errors.ts";
import type { Hex } from "../../server/protocol/bytes.ts";
import type { SignedName, TypedData } from "../../server/protocol/typed-data.ts";
import * as verifier from "../../server/verifier/signing.ts";
import { RefusedError } from "./client.ts";

export type Offer<Name extends SignedName> = verifier.Offer<Name>;

/** @throws RefusedError `not-to-be-signed` when the typed data hold anything but what they should */
export function readOffer<Name extends SignedName>(
  name: Name,
  charity: string,
  offered: TypedData,
): Offer<Name> {
  try {
    return verifier.readOffer(name, charity, offered);
  } catch (thrown) {
    if (thrown instanceof AmanahError) throw new RefusedError(thrown.code, thrown.message);
    throw thrown;
  }
}

export const signOffer = (account: PrivateKeyAccount, { typedData }: Offer<SignedName>): Promise<Hex> =>
  account.signTypedData(typedData as never);
