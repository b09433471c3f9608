// The signer's private key, and the API key, from files: never from the command line, which others on the machine can read.

import { readFile, stat } from "node:fs/promises";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { InputError, messageOf } from "../../server/errors.ts";
import { pathFrom } from "./paths.ts";

const OTHERS = 0o077;

/** The account of a key file. `warn` is told when others than its owner may read it. @throws InputError `no-key` */
export async function readSigner(file: string, warn: (says: string) => void): Promise<PrivateKeyAccount> {
  const text = await readSecret(file, warn, "--key-file: wanted a file with the signer's private key");
  const hex = text.startsWith("0x") ? text : `0x${text}`;
  try {
    return privateKeyToAccount(hex as `0x${string}`);
  } catch {
    const wanted = "0x and 64 hexadecimal digits, a private key of the curve secp256k1";
    throw new InputError("no-key", `--key-file: wanted ${wanted} in ${file}, came something else`);
  }
}

export const readApiKey = (file: string, warn: (says: string) => void): Promise<string> =>
  readSecret(file, warn, "--api-key-file: wanted a file with the charity's API key");

async function readSecret(file: string, warn: (says: string) => void, wanted: string): Promise<string> {
  const path = pathFrom(file);
  try {
    const { mode } = await stat(path);
    const isOpen = process.platform !== "win32" && (mode & OTHERS) !== 0;
    if (isOpen)
      warn(`warning: others than you can read ${file}; take that from them with: chmod 600 ${file}`);
    return (await readFile(path, "utf8")).trim();
  } catch (thrown) {
    throw new InputError("no-key", `${wanted}, but ${file} cannot be read (${messageOf(thrown)})`);
  }
}
