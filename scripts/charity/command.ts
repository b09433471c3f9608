// What the charity's commands have in common: options, the question before signing, the wait for the contract, exit codes.

import { createInterface } from "node:readline/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { type Command, InvalidArgumentError } from "commander";
import { type Address, isAddress, type PrivateKeyAccount } from "viem";
import { AmanahError, InputError, UnavailableError } from "../../server/errors.ts";
import { readSettings } from "../../server/settings.ts";
import { say, warn } from "../say.ts";
import { CharityClient, RefusedError } from "./client.ts";
import type { Contract } from "./contract.ts";
import { readApiKey, readSigner } from "./key-file.ts";
import { signIn, signOut } from "./sign-in.ts";

const DONE = 0;
const REFUSED = 1;
const COULD_NOT = 2;

export type Options = {
  readonly service: string;
  readonly charity: string;
  readonly keyFile?: string;
  readonly apiKeyFile?: string;
  readonly unit?: string;
  readonly rpc?: string;
  readonly contract?: Address;
  readonly yes?: true;
};

export { say, warn };

export function withOptions(command: Command): Command {
  const { HOST, PORT } = readSettings();
  return command
    .requiredOption("--charity <id>", "its registration id, such as GB-CHC-1164883")
    .option("--service <url>", "where the service is", `http://${HOST}:${PORT}`)
    .option("--key-file <file>", "with the private key of the charity's signer, 0x and 64 hexadecimal digits")
    .option("--api-key-file <file>", "with the charity's API key; without it, the signer's key signs in")
    .option("--unit <unit>", "of the line, such as CNY")
    .option("--rpc <url>", "an endpoint of your choosing, to compare with the contract before signing")
    .option("--contract <address>", "the ledger's contract, from a source that you trust", address)
    .option("--yes", "sign without asking")
    .addHelpText("after", "\nExit code 0: done, or nothing to do; 1: refused; 2: it could not be done.")
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? DONE : COULD_NOT));
}

function address(text: string): Address {
  if (isAddress(text, { strict: false })) return text.toLowerCase() as Address;
  throw new InvalidArgumentError("Wanted 0x and 40 hexadecimal digits.");
}

/** Runs a command's work and turns what it throws into one line and an exit code. */
export async function run(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    if (!(thrown instanceof AmanahError)) throw thrown;
    warn(thrown.message);
    process.exitCode = thrown instanceof RefusedError ? REFUSED : COULD_NOT;
  }
}

export type Session = {
  readonly client: CharityClient;
  readonly account: PrivateKeyAccount;
  /** The contract to compare with; undefined when none was named. */
  readonly contract: Contract | undefined;
  /** The beginning of the charity's resources. */
  readonly path: string;
};

/** Opens a session as the options say, and ends it when the work is over. */
export async function inSession(options: Options, work: (session: Session) => Promise<void>): Promise<void> {
  const { service, charity, keyFile, apiKeyFile, rpc, contract } = options;
  if ((rpc === undefined) !== (contract === undefined))
    throw new InputError("half-a-contract", "--rpc and --contract: wanted both or neither, came one");
  if (keyFile === undefined)
    throw new InputError("no-key", "--key-file: wanted a file with the private key of the charity's signer");
  const account = await readSigner(keyFile, warn);
  const client = new CharityClient(service);
  if (apiKeyFile === undefined) await signIn(client, account, new Date());
  else client.use(await readApiKey(apiKeyFile, warn));
  const path = `/v1/charities/${encodeURIComponent(charity)}`;
  const compared = rpc && contract ? { rpc, address: contract } : undefined;
  try {
    await work({ client, account, contract: compared, path });
  } finally {
    if (apiKeyFile === undefined) await signOut(client);
  }
}

/** @throws InputError `not-asked` where nobody can be asked; RefusedError `declined` */
export async function confirm(question: string, { yes }: Pick<Options, "yes">): Promise<void> {
  if (yes === true) return;
  if (!process.stdin.isTTY)
    throw new InputError("not-asked", "nobody can be asked here; pass --yes to sign without a question");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    // Control-C at the question is a no.
    const answer = await terminal.question(`${question} [y/N] `).catch(() => "no");
    if (!/^y(es)?$/i.test(answer.trim())) throw new RefusedError("declined", "nothing was signed");
  } finally {
    terminal.close();
  }
}

const WAIT_MS = 600_000;
const LOOK_EVERY_MS = 1_000;

/** Follows a relayed signature until the contract has taken or refused it, and tells. */
export async function tellOutcome(client: CharityClient, posted: Awaited<ReturnType<CharityClient["post"]>>) {
  let { body } = posted;
  const end = performance.now() + WAIT_MS;
  if (body.state === "waiting") say("relayed; waiting for the contract");
  while (body.state === "waiting") {
    if (performance.now() >= end || posted.location === null)
      throw new UnavailableError(
        "no-word-yet",
        `no word of the contract yet; look again at ${client.url}${posted.location}`,
        60,
      );
    await sleep(LOOK_EVERY_MS);
    body = (await client.get(posted.location)).body;
  }
  if (body.state === "refused") throw new RefusedError("refused", `the contract refuses it: ${body.reason}`);
  const where = body.transaction === null ? "" : `, transaction ${body.transaction}`;
  say(`${posted.status === 200 ? "the contract had it already" : "the contract has taken it"}${where}`);
  say(`signed for up to position ${body.upTo}; how it stands: ${body.state}`);
}
