// What the bank told of the operator's account: each movement once, with what it came to. What a movement means is decided
// in programmes/transfer.ts; here that is carried out, in one transaction with keeping it.

import { decimalOf, minorOf } from "../programmes/currency.ts";
import {
  type Effect,
  isFlag,
  judge,
  type Money,
  type Movement,
  type Standing,
  type TransferState,
  type Verdict,
} from "../programmes/transfer.ts";
import { type Database, only, type Transaction } from "./database.ts";
import { confirmPayout, type PayoutState } from "./payouts.ts";
import { ourNames, recordRepayments, referenceHash } from "./transfers.ts";

/** A movement told of before keeps its first outcome; this one is answered for the second telling. */
export type Outcome = Verdict["outcome"] | "duplicate" | "not-ours" | "unknown-transfer" | "not-single";

export type Recorded = {
  readonly entry: bigint;
  readonly outcome: Outcome;
  /** Whether a person has to look at it. */
  readonly flagged: boolean;
  readonly explanation: string;
};

/** A movement, and which of those it is that its message names alike: 1 for the first. */
export type Told = { readonly movement: Movement; readonly occurrence: number };

/** Movements of a message, told apart where it names several alike. */
export function tellApart(movements: readonly Movement[]): Told[] {
  const seen = new Map<string, number>();
  return movements.map((movement) => {
    const name = JSON.stringify(keyOf(movement));
    const occurrence = (seen.get(name) ?? 0) + 1;
    seen.set(name, occurrence);
    return { movement, occurrence };
  });
}

/** What two tellings of one movement have in common, in whichever messages they come. */
const keyOf = ({ endToEndId, direction, status, reference, amount }: Movement) => ({
  end_to_end_id: endToEndId ?? "",
  direction,
  status,
  reference: reference ?? "",
  amount: plainDecimal(amount),
  currency: amount.currency,
});

/** 12.5 and 12.50 are one amount; what is none of its currency's stays as the bank wrote it. */
function plainDecimal({ decimal, currency }: Money): string {
  const minor = minorOf(decimal, currency);
  return minor === undefined ? decimal : decimalOf(minor, currency);
}

/** Keeps a movement and does what follows from it. Told again, it changes nothing. */
export const recordMovement = (sql: Database, told: Told): Promise<Recorded> =>
  sql.begin(async (tx) => {
    const standing = await standingOf(tx, told.movement.endToEndId);
    const verdict =
      standing === undefined ? await judgeStranger(tx, told.movement) : judge(told.movement, standing);
    const entry = await keep(tx, told, verdict, standing !== undefined);
    if (entry === undefined) return await duplicateOf(tx, told);
    if (standing !== undefined) await carryOut(tx, told.movement, verdict);
    return { entry, ...verdict, flagged: isFlag(verdict.outcome) };
  }) as Promise<Recorded>;

type StandingRow = {
  readonly payout: bigint;
  readonly state: TransferState;
  readonly amount: bigint;
  readonly currency: string;
  readonly debtor: string;
  readonly reference: string | null;
  readonly came_back: boolean;
  readonly is_last: boolean;
  readonly is_paid_twice: boolean;
  readonly payout_state: PayoutState;
};

/** Locks the payout of a transfer, and reads how both stand; undefined when there is no such transfer. */
export async function standingOf(tx: Transaction, endToEndId: string | null): Promise<Standing | undefined> {
  if (endToEndId === null) return undefined;
  const locked = await tx`
    SELECT FROM payouts WHERE id = (SELECT payout FROM transfers WHERE end_to_end_id = ${endToEndId}) FOR UPDATE`;
  if (locked.length === 0) return undefined;
  const rows = await tx<StandingRow[]>`
    SELECT transfers.state, transfers.amount, transfers.currency, debtor, reference, came_back, payouts.state AS payout_state,
      NOT EXISTS (SELECT FROM transfers later WHERE later.payout = transfers.payout AND later.attempt > transfers.attempt)
        AS is_last,
      EXISTS (SELECT FROM bank_entries WHERE transfer = ${endToEndId} AND outcome = 'paid-twice' AND resolved_at IS NULL)
        AS is_paid_twice
    FROM transfers JOIN payouts ON payouts.id = payout JOIN bank_files ON bank_files.id = file
    WHERE end_to_end_id = ${endToEndId}`;
  return toStanding(only(rows));
}

const toStanding = (row: StandingRow): Standing => ({
  state: row.state,
  amountMinor: row.amount,
  currency: row.currency,
  debtor: row.debtor,
  hasLeft: row.reference !== null,
  hasComeBack: row.came_back,
  isLast: row.is_last,
  isPaidTwice: row.is_paid_twice,
  payout: row.payout_state === "waiting" || row.payout_state === "failed" ? row.payout_state : "recorded",
});

type StrangerVerdict = {
  readonly outcome: "not-ours" | "unknown-transfer" | "not-single";
  readonly explanation: string;
};

/** What names no transfer of ours is the operator's other business, unless it bears our mark. */
async function judgeStranger(tx: Transaction, movement: Movement): Promise<StrangerVerdict> {
  const names = await ourNames(tx);
  if (names.test(movement.endToEndId ?? ""))
    return {
      outcome: "unknown-transfer",
      explanation:
        "it bears the mark of this ledger, which knows of no such transfer: was an old backup restored? resolve it with the payout that it paid, before that is filed again",
    };
  if (names.test(movement.paymentId ?? ""))
    return {
      outcome: "not-single",
      explanation: `${movement.paymentId} was booked in one sum: have the bank notify of each transfer`,
    };
  return { outcome: "not-ours", explanation: "it names no transfer of ours" };
}

/** Undefined when it is kept already. */
async function keep(
  tx: Transaction,
  { movement, occurrence }: Told,
  { outcome, explanation }: { readonly outcome: Outcome; readonly explanation: string },
  isOurs: boolean,
): Promise<bigint | undefined> {
  const { message, reason } = movement;
  const rest = { flagged: isFlag(outcome), transfer: isOurs ? movement.endToEndId : null };
  const row = { ...keyOf(movement), message, occurrence, reason, outcome, explanation, ...rest };
  const [kept] = await tx<
    { id: bigint }[]
  >`INSERT INTO bank_entries ${tx(row)} ON CONFLICT DO NOTHING RETURNING id`;
  return kept?.id;
}

async function duplicateOf(tx: Transaction, { movement, occurrence }: Told): Promise<Recorded> {
  const key = keyOf(movement);
  const rows = await tx<{ id: bigint; outcome: Outcome; message: string }[]>`
    SELECT id, outcome, message FROM bank_entries
    WHERE end_to_end_id = ${key.end_to_end_id} AND direction = ${key.direction} AND status = ${key.status}
      AND reference = ${key.reference} AND amount = ${key.amount} AND currency = ${key.currency}
      AND occurrence = ${occurrence}`;
  const { id, outcome, message } = only(rows);
  const explanation = `told before in message ${message}, as entry ${id}: ${outcome}`;
  return { entry: id, outcome: "duplicate", flagged: false, explanation };
}

type Step = (tx: Transaction, movement: Movement, outcome: Effect) => Promise<unknown>;

const STEPS: Record<Effect, Step> = {
  confirmed: confirm,
  returned: comeBack,
  bounced: comeBack,
  offset: (tx, { endToEndId, reference }) => tx`
    UPDATE transfers SET reference = ${reference} WHERE end_to_end_id = ${endToEndId} AND reference IS NULL`,
  "second-debit-undone": (tx, { endToEndId }) => tx`
    UPDATE bank_entries SET resolution = 'the bank called it back', resolved_at = now()
    WHERE id = (SELECT min(id) FROM bank_entries
      WHERE transfer = ${endToEndId} AND outcome = 'paid-twice' AND resolved_at IS NULL)`,
};

export async function carryOut(
  tx: Transaction,
  movement: Movement,
  { outcome }: { readonly outcome: Outcome },
): Promise<void> {
  if (Object.hasOwn(STEPS, outcome)) await STEPS[outcome as Effect](tx, movement, outcome as Effect);
}

/** The money is here again. Sent again before the contract has heard of it, it is as though it had not been. */
function comeBack(tx: Transaction, { endToEndId, reason }: Movement, outcome: Effect) {
  return tx`
  UPDATE transfers SET state = ${outcome}, reason = ${reason}, came_back = true, returned_at = now(),
    repays = repays AND repay_call IS NOT NULL
  WHERE end_to_end_id = ${endToEndId} AND NOT came_back`;
}

/** The money has left: the payout is recorded with the contract, or, once that was done, that it was sent again. */
async function confirm(tx: Transaction, { endToEndId, reference }: Movement): Promise<void> {
  const rows = await tx<{ payout: bigint }[]>`
    UPDATE transfers SET state = 'confirmed', reference = ${reference}, came_back = false, confirmed_at = now()
    WHERE end_to_end_id = ${endToEndId} AND state <> 'confirmed' RETURNING payout`;
  if (await confirmPayout(tx, only(rows).payout, referenceHash(reference as string))) return;
  await tx`UPDATE transfers SET repays = true WHERE end_to_end_id = ${endToEndId}`;
  await recordRepayments(tx);
}
