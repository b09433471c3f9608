// `npm run challenge`: whoever holds a receipt with a promise that is overdue asks for it on chain. From the receipt file
// alone: no service is asked. Run again, it tells how the challenge stands, and records the breach when it is time.

import { Command } from "commander";
import { challengeState } from "./chain/challenge-state.ts";
import { openContract } from "./chain/contract.ts";
import { type ChainOptions, withChainOptions } from "./chain/options.ts";
import { readReceiptFile } from "./chain/receipt-file.ts";
import { moment, sayContract, sayPromised } from "./chain/say.ts";
import { openChallenge } from "./challenge/open.ts";
import { type HeldPromise, promiseHeld } from "./challenge/promise.ts";
import { tellStanding } from "./challenge/stand.ts";
import { run } from "./charity/command.ts";
import { say } from "./say.ts";

const BROKEN = 1;

const EXIT_CODES =
  "Exit code 0: challenged, waiting for its answer, or kept; 1: broken, or the contract would refuse; 2: it could not be done.";

await withChainOptions(
  new Command("npm run challenge --")
    .description("Challenges, on chain, a promise whose deadline is over; then tells how that stands.")
    .argument("<receipt.json>", "the receipt file, with its promise"),
  EXIT_CODES,
)
  .action((file: string, options: ChainOptions) => run(() => challenge(file, options)))
  .parseAsync();

async function challenge(file: string, options: ChainOptions): Promise<void> {
  const receipt = await readReceiptFile(file);
  const held = promiseHeld(receipt);
  const contract = await openContract(options, held.ledger);
  tell(held);
  say(sayContract(contract));
  const standing = await challengeState(contract, held.id);
  if (standing.state === "none") {
    if (receipt.seal !== null)
      say(`note: the file itself says that the receipt is in batch ${receipt.seal.batch}; verify it first`);
    return await openChallenge(contract, held, options);
  }
  if (!(await tellStanding(contract, held, standing, options))) process.exitCode = BROKEN;
}

function tell({ promise, promiser }: HeldPromise): void {
  say(`promised: ${sayPromised(promise)}, in an anchored batch by ${moment(promise.deadline)}`);
  say(`signed by ${promiser}`);
}
