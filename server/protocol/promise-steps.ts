// The steps of a verification that concern a receipt's promise: is it of this receipt, does its signer's word count, and what
// has become of it? What a contract says is handed in, and so is the time.

import { VerificationError } from "../errors.ts";
import { equalBytes, type Hex } from "./bytes.ts";
import type { Hash } from "./hash.ts";
import { type PromisedReceipt, promiserOf, type ReceiptPromise } from "./promise.ts";
import * as say from "./promise-wording.ts";
import type { OpenedReceipt } from "./receipt-file.ts";
import type { Trail } from "./trail.ts";

/** As the contract numbers the states of a challenge. */
export const CHALLENGE = { none: 0, open: 1, answered: 2, breached: 3, answeredLate: 4 } as const;

/**
 * What the contract says of a promise, all in Unix seconds: `until` from which on its signer's word does not count (0: it never
 * did), how a challenge of it stands, and the time `now`.
 */
export type PromiseReading = {
  readonly until: bigint;
  readonly challenge: { readonly state: number; readonly dueAt: bigint };
  readonly now: bigint;
};

/** A promise, and the account that signed it. */
export type SignedPromise = { readonly promise: ReceiptPromise; readonly promiser: Hex };

/** Who has promised this receipt; null for a file without a promise, which is the weaker for it and no worse. */
export function checkPromise(
  trail: Trail,
  { ledger, receipt, promise }: OpenedReceipt,
  leaf: Uint8Array,
  hash: Hash,
): Hex | null {
  if (promise === null) return null;
  const check = () => {
    demandOfReceipt(promise, { ...receipt, leaf });
    return promiserOf(ledger.id, promise, hash);
  };
  return trail.take("promise", check, (promiser) => say.sayPromised(promiser, promise.deadline));
}

function demandOfReceipt(promise: ReceiptPromise, receipt: PromisedReceipt): void {
  for (const what of ["leaf", "charity"] as const)
    if (!equalBytes(promise[what], receipt[what])) throw ofAnother(what);
  for (const what of ["unit", "kind", "amount"] as const)
    if (promise[what] !== receipt[what]) throw ofAnother(what);
}

const ofAnother = (what: keyof PromisedReceipt): VerificationError =>
  new VerificationError(`promise-${what}-differs`, say.sayOfAnother(what));

/** Ends the trail of a receipt that is in no anchored batch as far as is known: with what its promise is worth now. */
export function weighPromise(trail: Trail, signed: SignedPromise, reading: PromiseReading): never {
  const { promise } = signed;
  if (reading.challenge.state !== CHALLENGE.none) return stopAtChallenge(trail, reading);
  if (reading.until <= promise.deadline)
    trail.stop("promiser", "promise-by-stranger", say.sayByStranger(signed));
  trail.take(
    "promiser",
    () => signed.promiser,
    (promiser) => say.sayPromiser(promiser),
  );
  if (reading.now <= promise.deadline)
    return trail.stop("kept", "promise-pending", say.sayPending(promise.deadline));
  return trail.stop("kept", "promise-overdue", say.sayOverdue(promise.deadline));
}

/** Who promised does not matter any more: the contract took the challenge, and so the promise. */
function stopAtChallenge(trail: Trail, { challenge: { state, dueAt }, now }: PromiseReading): never {
  if (state === CHALLENGE.breached) trail.stop("kept", "promise-broken", say.sayBroken());
  if (state !== CHALLENGE.open) trail.stop("kept", "promise-answered", say.sayAnswered());
  if (now > dueAt) trail.stop("kept", "promise-broken", say.sayUnanswered(dueAt));
  return trail.stop("kept", "promise-asked-for", say.sayAskedFor(dueAt));
}

/** Of a receipt that is in an anchored batch: its promise is kept, whoever gave it, or was broken before. */
export function checkKept(trail: Trail, signed: SignedPromise, reading: PromiseReading): void {
  const { state } = reading.challenge;
  const isBroken = state === CHALLENGE.breached || state === CHALLENGE.answeredLate;
  if (isBroken) trail.skip("kept", "promise-broken", say.sayKeptLate());
  else if (state === CHALLENGE.none && reading.until <= signed.promise.deadline)
    trail.skip("promiser", "promise-by-stranger", say.sayByStranger(signed));
  else trail.take("kept", () => signed, say.sayKept);
}
