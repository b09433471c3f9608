// How a challenged promise stands, in plain words; and what is left to do once nobody has answered in time.

import { encodeFunctionData } from "viem";
import { LEDGER_ABI } from "../../server/chain/abi.ts";
import { promisedOf } from "../../server/chain/encode.ts";
import { promisedArgs } from "../../server/protocol/answer.ts";
import { answerGiven, type ChallengeState } from "../chain/challenge-state.ts";
import { type Contract, newestBlock } from "../chain/contract.ts";
import { type ChainOptions, senderOf } from "../chain/options.ts";
import { moment } from "../chain/say.ts";
import { coins, sendAndWait } from "../chain/send.ts";
import { confirm } from "../charity/command.ts";
import { say } from "../say.ts";
import type { HeldPromise } from "./promise.ts";

/** Tells how it stands, and records the breach when it is time; false when the promise is broken. */
export async function tellStanding(
  contract: Contract,
  held: HeldPromise,
  standing: ChallengeState,
  options: ChainOptions,
): Promise<boolean> {
  switch (standing.state) {
    case "answered":
      say(`answered in time ${await byWhom(contract, held, standing)}: the promise is kept`);
      say("the bond went to whoever answered");
      return true;
    case "answeredLate":
      tellBreach();
      say(
        `the receipt was shown later, ${await byWhom(contract, held, standing)}; the breach stands beside that`,
      );
      return false;
    case "breached":
      tellBreach();
      return false;
    default:
      return await attendOpen(contract, held, standing, options);
  }
}

async function byWhom(contract: Contract, { id }: HeldPromise, standing: ChallengeState): Promise<string> {
  const answer = await answerGiven(contract, id, standing);
  return answer === undefined
    ? "(the endpoint does not show by whom)"
    : `from batch ${answer.batch} by ${answer.by}`;
}

function tellBreach(): void {
  say("broken: the contract holds for ever that this promise was not kept in time");
  say("anyone who asks it sees that, and so does everyone who verifies or audits this ledger");
}

async function attendOpen(
  contract: Contract,
  held: HeldPromise,
  { dueAt, challenger }: ChallengeState,
  options: ChainOptions,
): Promise<boolean> {
  const { time } = await newestBlock(contract);
  if (time <= dueAt) {
    say(
      `challenged by ${challenger}, and not answered yet: it can be answered in time until ${moment(dueAt)}`,
    );
    return true;
  }
  say(`nobody has answered: the time for it ended at ${moment(dueAt)}`);
  await recordBreach(contract, held, options);
  return false;
}

async function recordBreach(contract: Contract, held: HeldPromise, options: ChainOptions): Promise<void> {
  const bond = (await contract.read("challengeBond")) as bigint;
  if (options.dryRun === true || options.keyFile === undefined)
    return say(
      "the breach can be recorded, which sends the bond back; nothing was sent: run this with --key-file",
    );
  const account = await senderOf(options);
  await confirm(`Record the breach from ${account.address}, for the fee of a transaction?`, options);
  const args = [promisedOf(promisedArgs(held.promise))] as const;
  const data = encodeFunctionData({ abi: LEDGER_ABI, functionName: "recordBreach", args });
  await sendAndWait(contract, account, { data, value: 0n });
  tellBreach();
  say(`the bond of ${coins(bond)} went back to the challenger`);
}
