// The compiled contract, as the compiler left it. Read once, when it is first deployed.

import { readFileSync } from "node:fs";
import type { Hex } from "viem";
import { InputError } from "../errors.ts";

const ARTIFACT = new URL("../../artifacts/contracts/DonationLedger.sol/DonationLedger.json", import.meta.url);

let bytecode: Hex | undefined;

/** What a deployment sends, before the constructor's arguments. Throws `InputError` when nothing is compiled. */
export function ledgerBytecode(): Hex {
  bytecode ??= (JSON.parse(readArtifact()) as { bytecode: Hex }).bytecode;
  return bytecode;
}

function readArtifact(): string {
  try {
    return readFileSync(ARTIFACT, "utf8");
  } catch {
    throw new InputError("not-compiled", "the contracts are not compiled: run `npm run setup`");
  }
}
