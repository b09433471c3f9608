// The package entry `amanah/verify`: the checks of the command and of the pages, for anyone's own page or program. Built to
// one file of plain JavaScript without imports.

import { InputError, UnavailableError } from "../../errors.ts";
import type { Verification } from "../../protocol/verification.ts";
import { NOT_COMPARED, NOT_SEALED } from "../../protocol/verify.ts";
import { type Compared, compareWith, undecided } from "../compare.ts";
import { type ContractReader, checkEndpoint, connect, connectProvider } from "../contract-reader.ts";
import { plainOf } from "../plain.ts";
import { verifyText } from "../verify-text.ts";
import type { Options, Provider, Result, VerifyReceipt } from "./types.ts";

export type * from "./types.ts";

export const verifyReceipt: VerifyReceipt = async (file, options): Promise<Result> => {
  if (options !== undefined) checkOptions(options);
  const alone = verifyText(bytesOf(file), null);
  const { verification, line = null, successors = [] } = await compared(alone, options);
  return plainOf(verification, line, successors);
};

const CONTRACT = /^0x[0-9a-fA-F]{40}$/;

function checkOptions({ contract, rpc = [] }: Options): void {
  if (!CONTRACT.test(contract))
    throw new InputError("not-a-contract", `contract: wanted 0x and 40 hexadecimal digits, came ${contract}`);
  for (const url of [rpc].flat()) checkEndpoint(url);
}

/** What is not bytes or text is JSON that was parsed: written again, it is read as strictly as a file. */
function bytesOf(file: unknown): Uint8Array {
  if (file instanceof Uint8Array) return file;
  if (file instanceof ArrayBuffer) return new Uint8Array(file);
  return new TextEncoder().encode(typeof file === "string" ? file : (JSON.stringify(file) ?? ""));
}

/** Whether a contract has anything to say of it: a root to compare, or a promise to weigh. */
const isComparable = ({ reason, promiser }: Verification): boolean =>
  reason === NOT_COMPARED || (reason === NOT_SEALED && promiser !== null);

async function compared(alone: Verification, options: Options | undefined): Promise<Compared> {
  if (options === undefined || !isComparable(alone)) return { verification: alone };
  try {
    const [reader, ...others] = await readersOf(options);
    if (reader === undefined) return { verification: alone };
    const contract = options.contract.toLowerCase() as Options["contract"];
    return await compareWith({ reader, contract }, [reader, ...others], alone);
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    return { verification: undecided(alone, "ledger", error.code, error.message) };
  }
}

function readersOf({ provider, rpc = [], fetch }: Options): Promise<ContractReader[]> {
  if (provider !== undefined) return Promise.all([connectProvider(provider as Provider)]);
  return Promise.all([rpc].flat().map((url: string) => connect(url, fetch)));
}
