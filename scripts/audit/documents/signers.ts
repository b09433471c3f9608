// What charities publish on their own sites, held against the contract: {registration: signer} as a JSON file that the
// reader has put together. Only so can a charity be told from somebody who was registered in its name.

import { readFile } from "node:fs/promises";
import { InputError, messageOf } from "../../../server/errors.ts";
import { toHex } from "../../../server/protocol/bytes.ts";
import { charityId } from "../../../server/protocol/ids.ts";
import type { Charities } from "../chain/charities.ts";
import type { Findings } from "../findings.ts";

export type PublishedSigners = Readonly<Record<string, string>>;

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

/** @throws InputError `not-signers` */
export async function readSigners(file: string): Promise<PublishedSigners> {
  const refuse = (why: string) =>
    new InputError("not-signers", `${file}: wanted {"registration": "0x… signer", …}; ${why}`);
  let read: unknown;
  try {
    read = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw refuse(messageOf(error));
  }
  if (read === null || typeof read !== "object" || Array.isArray(read)) throw refuse("this is no object");
  for (const [registration, signer] of Object.entries(read))
    if (typeof signer !== "string" || !ADDRESS.test(signer)) throw refuse(`${registration} has no address`);
  return read as PublishedSigners;
}

export function checkSigners(published: PublishedSigners, charities: Charities, findings: Findings): void {
  for (const [registration, signer] of Object.entries(published)) {
    const charity = toHex(charityId(registration));
    const known = charities.of(charity);
    const numbers = { registration, published: signer, inForce: known?.signer ?? "none" };
    if (known === undefined) {
      const says = `${registration} publishes ${signer} as its signer, and is not registered with the contract`;
      findings.add({ code: "signer-unregistered", says, place: { charity }, numbers });
    } else if (known.signer !== signer.toLowerCase()) {
      const says = `${registration} publishes ${signer} as its signer; the contract has ${known.signer}`;
      findings.add({ code: "signer-differs", says, place: { charity }, numbers });
    }
  }
}
