// `npm run keys`: the operator's roles and keys on the ledger's contract: who holds what, giving and taking, handing the
// admin's role over, and a timelock as the admin. Needs no service and no database. docs/keys.md says what is for when.

import { Command, InvalidArgumentError } from "commander";
import { type Address, type Hex, isAddress, isHex } from "viem";
import { messageOf } from "../server/errors.ts";
import { checkEndpoint } from "../server/verifier/contract-reader.ts";
import { tellWhenInterrupted } from "./chain/interrupt.ts";
import { run } from "./charity/command.ts";
import { type Outcome, perform } from "./keys/act.ts";
import { CALLABLE_NAMES, callingBy } from "./keys/calls.ts";
import { foundTimelock } from "./keys/found-timelock.ts";
import { ANYONE } from "./keys/holders.ts";
import { type Options, openPlace, type Place } from "./keys/place.ts";
import { ROLE_NAMES } from "./keys/roles.ts";
import { accept, cancel, grant, handOver, revoke } from "./keys/run.ts";
import { tellStatus } from "./keys/status.ts";
import { secondsOf } from "./keys/words.ts";

const EXIT_CODES = { done: 0, shown: 0, waits: 3 } as const satisfies Record<Outcome, number>;
const WANTS_ATTENTION = 1;
const COULD_NOT = 2;

const HELP = `
Roles: ${ROLE_NAMES.join(", ")}.
Keys come from the environment (ADMIN_KEY, ANCHOR_KEY, PAYER_KEY, REGISTRAR_KEY, PROMISE_KEY) and from --key-file. Where a
timelock is the admin, a command schedules what it shall do, says when that is ready, and does it when run again then.
Exit code 0: done, or nothing to do; 1: refused, or status found what wants attention; 2: it could not be done; 3: it waits,
run the same again later.`;

const keys = new Command("npm run keys --")
  .description("The operator's roles and keys on the ledger's contract.")
  .option("--rpc <url>", "the endpoint; without it CHAIN_RPC_URL, or the demonstration chain", endpoint)
  .option("--contract <address>", "the ledger's contract; without it CONTRACT_ADDRESS", address)
  .option("--key-file <file>", "a file with a private key to sign with; may be given several times", more, [])
  .option("--from-block <number>", "of the contract's deployment, to save the endpoint older blocks", block)
  .option("--dry-run", "say what would be sent, and send nothing")
  .option("--yes", "send without asking")
  .addHelpText("after", HELP)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : COULD_NOT));

const at = (work: (place: Place) => Promise<Outcome>) =>
  run(async () => {
    process.exitCode = EXIT_CODES[await work(await openPlace(keys.opts<Options>()))];
  });

add("status", "tells who holds each role, since when, and what is under way").action(() =>
  run(async () => {
    const wanting = await tellStatus(await openPlace(keys.opts<Options>()));
    if (wanting.length > 0) process.exitCode = WANTS_ATTENTION;
  }),
);
add("grant <role> <account>", "gives a role to an account; a promise key is admitted").action(
  (role, account) => at((place) => grant(place, role, account)),
);
add(
  "revoke <role> <account>",
  "takes it away; with the account's own key at once, whoever is the admin",
).action((role, account) => at((place) => revoke(place, role, account)));
add("hand-over [account]", "begins to hand the admin's role to an account")
  .option("--cancel", "breaks off one that was begun")
  .action((account, { cancel = false }) => at((place) => handOver(place, account, cancel)));
add("accept", "takes the admin's role over, when its wait is over").action(() => at(accept));
add("call <function> [arguments...]", `another act of the admin: ${CALLABLE_NAMES.join("; ")}`).action(
  (name, texts) => at(async (place) => perform(place, await callingBy(place, name, texts))),
);
add("cancel", "stops what was scheduled with the timelock")
  .argument("<operation>", "its id, as status tells it", operation)
  .action((id) => at((place) => cancel(place, id)));
add("timelock", "deploys a timelock and begins to hand the admin's role to it")
  .requiredOption(
    "--delay <time>",
    "how long everyone sees an act before it happens, such as 2d or 48h",
    delay,
  )
  .requiredOption(
    "--proposer <account>",
    "who schedules and cancels; may be given several times",
    moreAccounts,
    [],
  )
  .option(
    "--executor <account>",
    "who executes: accounts, or anyone; the proposers if not given",
    moreExecutors,
    [],
  )
  .option("--use <address>", "one that is deployed already", address)
  .action(({ delay: delaySeconds, proposer, executor, use }) =>
    at((place) =>
      foundTimelock(place, {
        ...{ delaySeconds, use, proposers: proposer },
        executors: executor.length === 0 ? proposer : executor,
      }),
    ),
  );

tellWhenInterrupted();
await keys.parseAsync();

function add(words: string, description: string): Command {
  const [name = "", ...taken] = words.split(" ");
  const command = keys.command(name).description(description).copyInheritedSettings(keys);
  for (const one of taken) command.argument(one);
  return command;
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

function operation(text: string): Hex {
  if (isHex(text) && text.length === 66) return text.toLowerCase() as Hex;
  throw new InvalidArgumentError("Wanted 0x and 64 hexadecimal digits.");
}

function block(text: string): bigint {
  if (/^\d{1,18}$/.test(text)) return BigInt(text);
  throw new InvalidArgumentError("Wanted the number of a block.");
}

function delay(text: string): number {
  const seconds = secondsOf(text);
  if (seconds !== undefined && seconds <= 90 * 86_400) return seconds;
  throw new InvalidArgumentError("Wanted a time up to 90d, such as 2d, 48h or 30m.");
}

function more(file: string, before: readonly string[]): string[] {
  return [...before, file];
}

function moreAccounts(text: string, before: readonly Address[]): Address[] {
  return [...before, address(text)];
}

function moreExecutors(text: string, before: readonly Address[]): Address[] {
  return [...before, text === "anyone" ? ANYONE : address(text)];
}
