// Answers, at the contract that the ledger leaves, what is challenged there and can be shown there: from the moment at which a
// move begins nobody else does, and a successor may wait for days to be named. What is open when it has been named is all that
// ever will be.

import type { LocalAccount } from "viem";
import { encodeCalls } from "../../chain/encode.ts";
import { RefusedError } from "../../chain/failures.ts";
import { limitFees } from "../../chain/fees.ts";
import { callsInFlight, type Move } from "../../store/moves.ts";
import type { ChainContext } from "../chain-context.ts";
import { type OpenChallenge, openChallenges } from "./challenged.ts";
import type { Earlier, MoveOptions } from "./mover.ts";
import { sendOnce } from "./send-once.ts";

/**
 * Gives every answer that can be given, each once: whoever challenges without end must not keep a ledger from moving.
 * Lacking means, and a chain that takes nothing, are told, and stop nothing.
 */
export async function answerAtEarlier(
  earlier: Earlier,
  move: Move,
  { say }: Pick<MoveOptions, "say">,
  signal: AbortSignal,
): Promise<void> {
  if (await isBusy(earlier, move)) return;
  for (const challenge of await openChallenges(earlier, move.last_good_batch)) {
    if (signal.aborted || typeof challenge.answer === "string") continue;
    if (!(await answer(earlier, challenge, say, signal))) return;
  }
}

/** Within one chain our accounts may have calls under way to the new contract, whose places are not to be taken. */
const isBusy = async ({ context, chainId }: Earlier, { to_chain }: Move) =>
  BigInt(chainId) === to_chain && (await callsInFlight(context.sql)) > 0n;

/** False when nobody can pay for it, or the chain does not take it: then it takes the next one no sooner. */
async function answer(
  { context, address: to }: Earlier,
  { id, answer }: OpenChallenge,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const data = encodeCalls([{ kind: "answer", args: answer as Exclude<typeof answer, string> }]);
  const accounts = accountsFor(context);
  const gas = await gasOf(context, { from: accounts[0]?.address ?? to, to, data });
  if (gas === undefined) return true;
  const account = await firstThatCanPay(context, accounts, gas);
  if (account === undefined) {
    const names = accounts.map(({ address }) => address).join(", ");
    say(
      `A challenge at ${to} waits for its answer, and no account can pay for that there: fund one of ${names}`,
    );
    return false;
  }
  context.log.info({ promise: id, by: account.address }, "answering a challenge at the earlier contract");
  const isTaken = await sendOnce(context, account, { to, data, gas }, signal);
  if (!isTaken && !signal.aborted)
    say(
      `A challenge at ${to} waits for its answer: the chain took no transaction of ${account.address}, at no fee within MAX_FEE_GWEI`,
    );
  return isTaken;
}

/** The anchor's comes last: it is its key that may be in a thief's hands, and with it the bond would be. */
const accountsFor = ({ accounts: { registrar, payer, admin, anchor } }: ChainContext): LocalAccount[] =>
  [registrar, payer, admin, anchor].filter((account) => account !== undefined);

/** Undefined when the contract refuses it: somebody else has answered meanwhile, or it is told as left behind. */
async function gasOf({ chain, log }: ChainContext, request: Parameters<typeof chain.gas>[0]) {
  try {
    const gas = await chain.gas(request);
    return gas + gas / 8n;
  } catch (thrown) {
    if (!(thrown instanceof RefusedError)) throw thrown;
    log.warn({ says: thrown.message }, "the earlier contract refuses an answer");
    return undefined;
  }
}

async function firstThatCanPay(
  { chain, feeLimit }: ChainContext,
  accounts: readonly LocalAccount[],
  gas: bigint,
): Promise<LocalAccount | undefined> {
  const { maxFeePerGas } = limitFees(await chain.fees(), feeLimit);
  for (const account of accounts)
    if ((await chain.balance(account.address)) >= maxFeePerGas * gas) return account;
  return undefined;
}
