// What the commands that anyone may send to the contract have in common: options, what they begin with, exit codes. Which
// contract and which endpoint are the caller's choice; no service is asked.

import { type Command, InvalidArgumentError } from "commander";
import { type Address, isAddress } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { InputError, messageOf } from "../../server/errors.ts";
import { checkEndpoint } from "../../server/verifier/contract-reader.ts";
import { readSigner } from "../charity/key-file.ts";
import { warn } from "../say.ts";
import { tellWhenInterrupted } from "./interrupt.ts";

export const COULD_NOT = 2;

export type ChainOptions = {
  readonly rpc: string;
  readonly contract?: Address;
  readonly keyFile?: string;
  readonly dryRun?: true;
  readonly yes?: true;
};

export function withChainOptions(command: Command, exitCodes: string): Command {
  tellWhenInterrupted();
  return command
    .requiredOption("--rpc <url>", "any JSON-RPC endpoint of the contract's chain", endpoint)
    .option(
      "--contract <address>",
      "the ledger's contract, from a source that you trust; without it, the one that `npm run verify -- --pin` keeps",
      address,
    )
    .option("--key-file <file>", "with the private key of the account that sends and pays")
    .option("--dry-run", "tell what would be done, and send nothing")
    .option("--yes", "send without asking")
    .addHelpText("after", `\n${exitCodes}`)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : COULD_NOT));
}

/** The account that sends. @throws InputError `no-key` */
export async function senderOf({ keyFile }: ChainOptions): Promise<PrivateKeyAccount> {
  if (keyFile !== undefined) return await readSigner(keyFile, warn);
  throw new InputError(
    "no-key",
    "--key-file: wanted a file with the private key of the account that sends and pays",
  );
}

function endpoint(url: string): string {
  try {
    return checkEndpoint(url);
  } catch (thrown) {
    throw new InvalidArgumentError(messageOf(thrown));
  }
}

function address(text: string): Address {
  if (isAddress(text, { strict: false })) return text.toLowerCase() as Address;
  throw new InvalidArgumentError("Wanted 0x and 40 hexadecimal digits.");
}
