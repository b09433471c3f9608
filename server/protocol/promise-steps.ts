// The steps of a verification that concern a receipt's promise: is it of this receipt, does its signer's word count, and what
// has become of it? What a contract says is handed in, and so is the time.

import { VerificationError } from "../errors.ts";
import { equalBytes, type Hex } from "./bytes.ts";
import type { Hash } from "./hash.ts";
import { PROMISE_PERIOD_SECONDS, type PromisedReceipt, promiserOf, type ReceiptPromise } from "./promise.ts";
import * as say from "./promise-wording.ts";
import type { OpenedReceipt } from "./receipt-file.ts";
import type { Trail } from "./trail.ts";

/** As the contract numbers the states of a challenge. */
export const CHALLENGE = { none: 0, open: 1, answered: 2, breached: 3, answeredLate: 4 } as const;

/** What differs between clocks, or passes between accepting a receipt and promising it, is held against nobody. */
const LEEWAY_SECONDS = 3_600n;
const FURTHEST_SECONDS = PROMISE_PERIOD_SECONDS + LEEWAY_SECONDS;

/**
 * What one contract says of a promise, all in Unix seconds: `until` from which on its signer's word does not count (0: it never
 * did), and how a challenge of it stands. One that is not `opened` takes no challenge, and so holds nobody to anything.
 */
export type PromiseStanding = {
  readonly opened: boolean;
  readonly until: bigint;
  readonly challenge: { readonly state: number; readonly dueAt: bigint };
};

/** What a contract says that the ledger has left, which stands up to its last good batch. */
export type EarlierStanding = PromiseStanding & { readonly contract: Hex; readonly lastGoodBatch: bigint };

/**
 * What the contract in which the ledger goes on says, the time `now` in Unix seconds, and what the contracts `earlier` than it
 * say, in the order of the moves: naming a successor undoes nothing of that.
 */
export type PromiseReading = PromiseStanding & {
  readonly now: bigint;
  readonly earlier?: readonly EarlierStanding[];
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
    demandNear(promise, receipt.acceptedAt);
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

/** Else whoever gave it retires the key at once, and is held to nothing. The service never promises so far ahead. */
function demandNear({ deadline }: ReceiptPromise, acceptedAt: bigint): void {
  if (deadline > acceptedAt + FURTHEST_SECONDS)
    throw new VerificationError("promise-too-far", say.sayTooFar(deadline, acceptedAt));
}

const ofAnother = (what: keyof PromisedReceipt): VerificationError =>
  new VerificationError(`promise-${what}-differs`, say.sayOfAnother(what));

/** Ends the trail of a receipt that is in no anchored batch as far as is known: with what its promise is worth now. */
export function weighPromise(trail: Trail, signed: SignedPromise, reading: PromiseReading): never {
  const { deadline } = signed.promise;
  stopIfBrokenThere(trail, signed, reading);
  const asked = askedFor(reading);
  if (asked !== undefined) return stopAtChallenge(trail, asked, reading.now);
  checkPromiser(trail, signed, reading);
  if (reading.now <= deadline) return trail.stop("kept", "promise-pending", say.sayPending(deadline));
  return trail.stop("kept", "promise-overdue", say.sayOverdue(deadline));
}

function checkPromiser(trail: Trail, signed: SignedPromise, reading: PromiseReading): void {
  const { promiser, promise } = signed;
  if (!holds(reading, promise)) checkHeldBefore(trail, signed, reading);
  // Of the file's own time nothing is believed here: whoever promises too far dates the receipt ahead, too.
  if (promise.deadline > reading.now + FURTHEST_SECONDS)
    trail.stop("promiser", "promise-too-far", say.sayStillTooFar(promise.deadline));
  trail.take("promiser", () => promiser, say.sayPromiser);
}

/**
 * The contract in which the ledger goes on holds the operator to nothing: whose doing that is, the earlier ones tell. Where it
 * only has to be opened still, what an earlier one holds the operator to stands, and can be asked for once it is.
 */
function checkHeldBefore(trail: Trail, signed: SignedPromise, reading: PromiseReading): void {
  const before = heldBefore(signed, reading) ?? stopAtNobody(trail, signed, reading);
  if (!admits(reading, signed.promise))
    trail.stop("promiser", "promise-not-carried", say.sayNotCarried(signed, before.contract, reading.until));
  if (reading.now > signed.promise.deadline)
    trail.stop("promiser", "promise-not-in-force", say.sayNotOpenedYet(signed, before.contract));
}

function stopAtNobody(trail: Trail, signed: SignedPromise, reading: PromiseReading): never {
  if (isAdmitted(signed, reading)) trail.stop("promiser", "promise-not-in-force", say.sayNotOpened(signed));
  return trail.stop("promiser", "promise-by-stranger", say.sayByStranger(signed));
}

const admits = ({ until }: PromiseStanding, { deadline }: ReceiptPromise): boolean => until > deadline;

const holds = (standing: PromiseStanding, promise: ReceiptPromise): boolean =>
  standing.opened && admits(standing, promise);

const heldBefore = ({ promise }: SignedPromise, { earlier = [] }: PromiseReading) =>
  earlier.findLast((standing) => holds(standing, promise));

/** Whether any of the contracts knows the signer, opened or not. */
const isAdmitted = ({ promise }: SignedPromise, reading: PromiseReading): boolean =>
  [reading, ...(reading.earlier ?? [])].some((standing) => admits(standing, promise));

type Asked = PromiseStanding["challenge"];

/** Wherever it was asked for: what weighs most comes first, a breach, then what still has to be shown. */
function askedFor(reading: PromiseReading): Asked | undefined {
  const all = challengesOf(reading);
  const inState = (wanted: number) => all.find(({ state }) => state === wanted);
  return (
    inState(CHALLENGE.breached) ??
    inState(CHALLENGE.open) ??
    all.find(({ state }) => state !== CHALLENGE.none)
  );
}

const challengesOf = (reading: PromiseReading): Asked[] =>
  [reading, ...(reading.earlier ?? [])].map(({ challenge }) => challenge);

/**
 * An earlier contract takes no batch behind its last good one: of such a one an honest operator could show nothing there. So the
 * breach is not the last word, as long as the contract in which the ledger goes on can be asked.
 */
function stopIfBrokenThere(trail: Trail, { promise }: SignedPromise, reading: PromiseReading): void {
  const { challenge, now, earlier = [] } = reading;
  const there = earlier.find((standing) => isUnkept(standing, now));
  if (there === undefined || challenge.state === CHALLENGE.breached || !holds(reading, promise)) return;
  if (challenge.state === CHALLENGE.open) stopAtChallenge(trail, challenge, now);
  trail.stop("kept", "promise-broken-there", say.sayBrokenThere(there));
}

/** Whether it was asked for at a contract, and not shown there so far when it was due. */
const isUnkept = ({ challenge: { state, dueAt } }: PromiseStanding, now: bigint): boolean =>
  state === CHALLENGE.breached || (state === CHALLENGE.open && now > dueAt);

/** Who promised does not matter any more: the contract took the challenge, and so the promise. */
function stopAtChallenge(trail: Trail, { state, dueAt }: Asked, now: bigint): never {
  if (state === CHALLENGE.breached) trail.stop("kept", "promise-broken", say.sayBroken());
  if (state !== CHALLENGE.open) trail.stop("kept", "promise-answered", say.sayAnswered());
  if (now > dueAt) trail.stop("kept", "promise-broken", say.sayUnanswered(dueAt));
  return trail.stop("kept", "promise-asked-for", say.sayAskedFor(dueAt));
}

const BROKEN: readonly number[] = [CHALLENGE.breached, CHALLENGE.answeredLate];

/** Of a receipt that is in an anchored batch: its promise is kept, whoever gave it, or was broken before. */
export function checkKept(trail: Trail, signed: SignedPromise, batch: bigint, reading: PromiseReading): void {
  const { earlier = [] } = reading;
  const deciding = [reading, ...earlier.filter(({ lastGoodBatch }) => batch <= lastGoodBatch)];
  const behind = earlier.find(isBroken);
  if (deciding.some(isBroken)) trail.skip("kept", "promise-broken", say.sayKeptLate());
  // A contract that could not take the batch could be shown nothing of it: an honest operator who was moving had no answer.
  else if (behind !== undefined) trail.skip("kept", "promise-kept-behind", say.sayKeptBehind(behind, batch));
  else if (askedFor(reading) === undefined && !isHeld(signed, reading)) skipNobody(trail, signed, reading);
  else trail.take("kept", () => signed, say.sayKept);
}

const isBroken = ({ challenge: { state } }: PromiseStanding): boolean => BROKEN.includes(state);

const isHeld = (signed: SignedPromise, reading: PromiseReading): boolean =>
  holds(reading, signed.promise) || heldBefore(signed, reading) !== undefined;

function skipNobody(trail: Trail, signed: SignedPromise, reading: PromiseReading): void {
  if (isAdmitted(signed, reading)) trail.skip("promiser", "promise-not-in-force", say.sayNotOpened(signed));
  else trail.skip("promiser", "promise-by-stranger", say.sayByStranger(signed));
}
