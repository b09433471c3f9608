// The plain sentences about promises: what was promised, what that is worth, and what its holder can do. No check is made here.

import type { Hex } from "./bytes.ts";
import type { PromisedReceipt } from "./promise.ts";
import type { EarlierStanding, SignedPromise } from "./promise-steps.ts";
import { isoTime } from "./wording.ts";

const CHALLENGE_COMMAND = "npm run challenge -- FILE --rpc URL --contract 0x… --key-file FILE";

export const sayPromised = (promiser: Hex, deadline: bigint): string =>
  `promised by ${promiser} to be in an anchored batch by ${isoTime(deadline)}`;

export const sayOfAnother = (what: keyof PromisedReceipt): string =>
  `the promise is of another receipt: its ${what} is not this one's. Without the promise the rest of the file can be verified`;

export const sayPromiser = (promiser: Hex): string =>
  `the contract holds the operator to what ${promiser} promises`;

export const sayByStranger = ({ promiser, promise }: SignedPromise): string =>
  `the promise is nobody's word: the contract holds the operator to nothing that ${promiser} promises for ${isoTime(promise.deadline)}`;

export const sayNotOpened = ({ promiser }: SignedPromise): string =>
  `the contract is not opened: it holds the operator to nothing yet, whatever ${promiser} promises, and nothing can be asked for there. Keep the file, and look again`;

/** `contract` has named a successor, and so takes no challenge any more. */
export const sayNotOpenedYet = ({ promiser, promise }: SignedPromise, contract: Hex): string =>
  `${contract} holds the operator to what ${promiser} promises for ${isoTime(promise.deadline)}, but has named a successor; the contract in which the ledger goes on is not opened: it holds the operator to nothing yet, and the receipt can be asked for on neither. Keep the file, fetch it anew, and look again`;

/** `until` is what the contract in which the ledger goes on says of the signer. */
export function sayNotCarried({ promiser, promise }: SignedPromise, contract: Hex, until: bigint): string {
  const held = `${contract} holds the operator to what ${promiser} promises for ${isoTime(promise.deadline)}`;
  const outOfForce = "whoever named that successor has put the promise out of force";
  const why =
    until === 0n
      ? `has never known this account: ${outOfForce}`
      : `does so for deadlines before ${isoTime(until)} alone: either the key was retired there before this was signed, or ${outOfForce}`;
  return `${held}; the contract in which the ledger goes on ${why}. It cannot be asked for on chain any more: keep the file, which shows what was promised`;
}

const TOO_FAR = "retiring the key puts such a promise out of force at once, and the service gives none";

export const sayTooFar = (deadline: bigint, acceptedAt: bigint): string =>
  `the promise is for ${isoTime(deadline)}, more than seven days after ${isoTime(acceptedAt)}, when the receipt was accepted: ${TOO_FAR}. Without the promise the rest of the file can be verified`;

export const sayStillTooFar = (deadline: bigint): string =>
  `the promise is for ${isoTime(deadline)}, more than seven days from now: ${TOO_FAR}`;

export const sayPending = (deadline: bigint): string =>
  `the promise can still be kept: fetch the file anew after ${isoTime(deadline)}, and look again`;

/** A challenge costs a bond, which whoever answers takes: so the file comes first. */
export const sayOverdue = (deadline: bigint): string =>
  `the promise was to be kept by ${isoTime(deadline)}. Fetch the file anew; if it is still not in an anchored batch, the promise is broken: ask for it on chain with ${CHALLENGE_COMMAND}`;

export const sayAskedFor = (dueAt: bigint): string =>
  `the receipt was asked for on chain, and can be shown there until ${isoTime(dueAt)}`;

export const sayUnanswered = (dueAt: bigint): string =>
  `the promise is broken: the receipt was asked for on chain, and not shown by ${isoTime(dueAt)}. The same command records the breach: ${CHALLENGE_COMMAND}`;

export const sayBroken = (): string =>
  "the promise is broken: the receipt was asked for on chain and not shown in time; the contract keeps that for ever";

export const sayBrokenThere = ({ contract, lastGoodBatch }: EarlierStanding): string =>
  `the receipt was asked for at ${contract}, which the ledger has left and which takes no batch behind ${lastGoodBatch}, and not shown there in time. Fetch the file anew: if the receipt is in a batch behind ${lastGoodBatch}, the contract in which the ledger goes on keeps it; if it is in none, ask for it there with ${CHALLENGE_COMMAND}`;

export const sayAnswered = (): string =>
  "the receipt was asked for on chain and shown in an anchored batch: fetch the file anew";

export const sayKept = ({ promiser, promise }: SignedPromise): string =>
  `${promiser} promised an anchored batch by ${isoTime(promise.deadline)}, and the receipt is in one`;

export const sayKeptLate = (): string =>
  "the promise was broken before: the receipt was asked for on chain and not shown in time; the contract keeps that for ever";

export const sayKeptBehind = ({ contract, lastGoodBatch }: EarlierStanding, batch: bigint): string =>
  `the receipt is in batch ${batch}. ${contract}, which the ledger has left and which takes no batch behind ${lastGoodBatch}, holds that it was not shown there in time; the contract in which the ledger goes on holds nothing of the kind`;
