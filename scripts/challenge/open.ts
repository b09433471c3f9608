// Opens a challenge: why the contract would refuse it, what it costs and what follows from it, told before anything is
// sent.

import { type Address, encodeFunctionData } from "viem";
import { LEDGER_ABI } from "../../server/chain/abi.ts";
import { promisedOf } from "../../server/chain/encode.ts";
import { promisedArgs } from "../../server/protocol/answer.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { type Contract, newestBlock } from "../chain/contract.ts";
import { type ChainOptions, senderOf } from "../chain/options.ts";
import { moment } from "../chain/say.ts";
import { coins, sendAndWait } from "../chain/send.ts";
import { RefusedError } from "../charity/client.ts";
import { confirm } from "../charity/command.ts";
import { say } from "../say.ts";
import type { HeldPromise } from "./promise.ts";

const SECONDS_A_DAY = 86_400n;

/** @throws RefusedError when the contract would refuse it, with the reason in plain words */
export async function openChallenge(
  contract: Contract,
  held: HeldPromise,
  options: ChainOptions,
): Promise<void> {
  await requireChallengeable(contract, held);
  const bond = (await contract.read("challengeBond")) as bigint;
  await tell(contract, bond);
  if (options.dryRun === true) return say("nothing was sent");
  const account = await senderOf(options);
  await confirm(`Challenge it from ${account.address}?`, options);
  await sendAndWait(contract, account, { data: challengeData(held), value: bond });
  say("the promise is challenged; run the same again to see how it stands");
}

function challengeData({ promise }: HeldPromise) {
  const { deadline, path, signature } = promise;
  const promised = promisedOf(promisedArgs(promise));
  const args = [promised, deadline, path.map(toHex), toHex(signature)] as const;
  return encodeFunctionData({ abi: LEDGER_ABI, functionName: "challenge", args });
}

async function requireChallengeable(contract: Contract, held: HeldPromise): Promise<void> {
  await requireInUse(contract);
  await requirePromiser(contract, held);
  const { deadline } = held.promise;
  const { time } = await newestBlock(contract);
  if (time > deadline) return;
  throw new RefusedError(
    "not-due",
    `the deadline is not over: it can be challenged after ${moment(deadline)}; on chain it is ${moment(time)}`,
  );
}

type Successor = { readonly chainId: bigint; readonly ledgerContract: Address };

async function requireInUse(contract: Contract): Promise<void> {
  const { chainId, ledgerContract } = (await contract.read("successor")) as Successor;
  if (BigInt(ledgerContract) !== 0n)
    throw new RefusedError(
      "moved",
      `the ledger has moved: the contract names its successor ${ledgerContract} on chain ${chainId}; ` +
        `once you have made sure of that, challenge there, with --contract ${ledgerContract} and an endpoint of that chain`,
    );
  if (!((await contract.read("opened")) as boolean))
    throw new RefusedError("not-opened", "the contract is not opened yet: challenges come after that");
}

async function requirePromiser(contract: Contract, { promise, promiser }: HeldPromise): Promise<void> {
  const until = BigInt((await contract.read("promiserUntil", promiser)) as number);
  if (promise.deadline < until) return;
  const why =
    until === 0n
      ? "which the contract has never known as a key that promises"
      : `a key that is retired: its word counts for deadlines before ${moment(until)}, this one is ${moment(promise.deadline)}`;
  throw new RefusedError("nobodys-promise", `the promise is signed by ${promiser}, ${why}`);
}

async function tell(contract: Contract, bond: bigint): Promise<void> {
  const period = BigInt((await contract.read("ANSWER_PERIOD")) as number);
  say("You are about to challenge this promise:");
  say(
    `  It costs a bond of ${coins(bond)}, which the contract keeps meanwhile, and the fee of the transaction.`,
  );
  say(
    `  For ${period / SECONDS_A_DAY} days anyone can answer, by showing that the receipt is in an anchored batch.`,
  );
  say("  Whoever answers in time takes the bond: challenge only what you cannot find in the books.");
  say("  If nobody does, run this again: the breach is recorded for ever, and the bond comes back to you.");
  say("  The receipt's leaf, charity, unit and amount become public, and your account beside them.");
}
