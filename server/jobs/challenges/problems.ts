// Why a challenged promise cannot be answered, in plain sentences for the operator: which receipt, until when, and what to
// do. Pure. Whoever has a key that promises decides about units and numbers here: they are told, never obeyed.

import { toHex } from "../../protocol/bytes.ts";
import type { Unanswered } from "../../store/challenges.ts";
import type { StoredReceipt } from "../../store/receipts.ts";

/** `promiserUntil` of a key that promises; any other deadline is that of a retired one. */
const IN_FORCE = 2n ** 48n - 1n;

const ISO_SECONDS_LENGTH = 19;
const timeText = (seconds: bigint) =>
  `${new Date(Number(seconds) * 1000).toISOString().slice(0, ISO_SECONDS_LENGTH)}Z`;

function dueText({ due_at, seconds_left }: Unanswered): string {
  if (due_at === null) return "it was carried over";
  return (seconds_left ?? 0n) < 0n ? `it was due at ${timeText(due_at)}` : `due at ${timeText(due_at)}`;
}

const headOf = (challenge: Unanswered) =>
  `challenged promise ${toHex(challenge.promise)} (${dueText(challenge)})`;
const receiptText = ({ id, batch }: StoredReceipt) => `receipt ${toHex(id)} of batch ${batch}`;

/** Nobody here gave it: it was made with a key that others have, or the store was restored from an older backup. */
export function sayNotRecorded(challenge: Unanswered): string {
  const { leaf, promiser, promiser_until: until } = challenge;
  const key = promiser === null ? "a key that is not known" : toHex(promiser);
  const standing = until === IN_FORCE ? "which still promises" : "which is retired";
  const advice =
    "if the store was restored from a backup, look for the receipt in what was lost, and answer with `npm run answer`; " +
    "else that key is in other hands: retire it with `npm run keys`";
  return `${headOf(challenge)}: no promise of the leaf ${toHex(leaf)} is recorded here; it is signed by ${key}, ${standing}; ${advice}`;
}

export function sayOtherwise(challenge: Unanswered, receipt: StoredReceipt): string {
  const { amount, unit, charity, kind } = challenge;
  const promised = `promised are ${amount} ${unit} to ${toHex(charity)} (kind ${kind})`;
  const stored = `recorded are ${receipt.amount} ${receipt.unit} to ${toHex(receipt.charity)} (kind ${receipt.kind})`;
  return `${headOf(challenge)}: ${receiptText(receipt)} is not as it was promised: ${promised}, ${stored}; no proof can be made of it: find out who changed the store`;
}

export const sayNotAnchored = (challenge: Unanswered, receipt: StoredReceipt, state: string): string =>
  `${headOf(challenge)}: ${receiptText(receipt)} is not anchored yet, the batch is ${state}: see to sealing and anchoring`;

export const sayNoProof = (challenge: Unanswered, what: string): string =>
  `${headOf(challenge)}: no proof can be made, although the batch is anchored: ${what}; find out who changed the store`;

export const sayRefused = (challenge: Unanswered, failure: string): string =>
  `${headOf(challenge)}: the contract refuses the answer, which is tried again: ${failure}`;

export const saySlow = (challenge: Unanswered, state: string): string =>
  `${headOf(challenge)}: the answer is ${state} and not final: see that ANCHOR_KEY is set and its account has means`;
