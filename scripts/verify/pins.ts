// The contracts that this reader trusts, one for each ledger: contracts.json in $AMANAH_HOME, by default ~/.amanah.
// Who can write to this file can make false receipts verify here.

import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Hex } from "viem";
import { ConflictError, InputError } from "../../server/errors.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import * as fields from "../../server/protocol/fields.ts";

/** By the ledger's id, lower-case hex. */
export type Pins = Readonly<Record<string, Pin>>;
export type Pin = { readonly chainId: number; readonly contract: Hex };

const ADDRESS_BYTES = 20;

export function pinsFile(): string {
  return join(process.env.AMANAH_HOME || join(homedir(), ".amanah"), "contracts.json");
}

/**
 * No pins when there is no file.
 * @throws InputError `pins-damaged`
 */
export async function readPins(file: string): Promise<Pins> {
  try {
    return parsePins(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new InputError(
      "pins-damaged",
      `${file} cannot be read: repair or remove it (${(error as Error).message})`,
    );
  }
}

function parsePins(json: unknown): Pins {
  const pins = fields.fieldsOf(json, "");
  const parsed = Object.keys(pins.members).map((ledger) => {
    const pin = fields.objectAt(pins, ledger);
    const contract = toHex(fields.hexAt(pin, "contract", ADDRESS_BYTES));
    return [ledger.toLowerCase(), { chainId: fields.smallNumberAt(pin, "chainId"), contract }];
  });
  return Object.fromEntries(parsed);
}

/**
 * Writes one more pin, whole or not at all. A pin is never changed unasked: whoever swaps a contract swaps the truth.
 * @throws ConflictError `already-pinned`
 */
export async function writePin(file: string, ledger: Hex, pin: Pin): Promise<void> {
  const pins = await readPins(file);
  const known = pins[ledger];
  if (known !== undefined && known.contract !== pin.contract.toLowerCase()) {
    const message = `the ledger ${ledger} is pinned to ${known.contract}; remove that from ${file} first`;
    throw new ConflictError("already-pinned", message);
  }
  await mkdir(join(file, ".."), { recursive: true, mode: 0o700 });
  const fresh = `${file}.${process.pid}.new`;
  const all = { ...pins, [ledger]: { ...pin, contract: pin.contract.toLowerCase() } };
  await writeFile(fresh, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
  await rename(fresh, file);
}
