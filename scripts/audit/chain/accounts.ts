// The lines as the contract's events give them: proofs, payouts, acknowledgements and disbursements, each held against
// the rules that it should have kept. What books say of the same lines is compared elsewhere.

import { type Hex, hexToBytes } from "viem";
import { SAY_FAULT } from "../../../server/protocol/fault-wording.ts";
import { type Fault, faultNumbered } from "../../../server/protocol/faults.ts";
import { unitName } from "../../../server/protocol/ids.ts";
import { GIFT, REVERSAL } from "../../../server/protocol/receipt.ts";
import type { Line } from "../../../server/protocol/verify.ts";
import type { FindingCode } from "../catalogue.ts";
import type { Observation } from "../findings.ts";
import type { EventOf } from "./chain.ts";
import type { Charity } from "./charities.ts";

export const TOKEN_RAIL = 1;
export const BANK_RAIL = 2;

/** A payout; `at` in Unix seconds. */
export type Payout = {
  readonly rail: "token" | "bank";
  readonly from: bigint;
  readonly upTo: bigint;
  readonly netFrom: bigint;
  readonly netTo: bigint;
  readonly amount: bigint;
  readonly payee: Hex;
  readonly transaction: Hex;
  /** Whether tokens had to move with it: by token, after the opening. */
  readonly moves: boolean;
  readonly at: bigint;
};

/** A signed step: `upTo` and when the chain recorded it. */
export type Signed = { readonly upTo: bigint; readonly at: bigint };
export type Disbursed = Signed & { readonly from: bigint; readonly evidence: Hex };

/** One line's whole account. */
export class Account {
  readonly charity: Hex;
  /** The plain name, or hex where it is none. */
  readonly unit: string;
  readonly unitWord: Hex;
  readonly marks: { -readonly [Mark in keyof Line]: bigint } = {
    given: 0n,
    reversed: 0n,
    paid: 0n,
    netted: 0n,
    acknowledged: 0n,
    spent: 0n,
  };
  readonly payouts: Payout[] = [];
  readonly acknowledgements: Signed[] = [];
  readonly disbursements: Disbursed[] = [];
  /** The fault that was proven of it. */
  fault: Fault | null = null;
  readonly #observe: (observation: Observation) => void;

  constructor(charity: Hex, unitWord: Hex, observe: (observation: Observation) => void) {
    [this.charity, this.unitWord, this.#observe] = [charity, unitWord, observe];
    this.unit = plainUnit(unitWord);
  }

  /** `given` and `reversed` only rise, and never is more reversed than given. */
  prove({ args: { batch, kind, from, to } }: EventOf<"StatementProven">): void {
    const mark = kind === GIFT ? "given" : "reversed";
    const numbers = { batch, from, to, before: this.marks[mark] };
    if ((kind !== GIFT && kind !== REVERSAL) || to <= this.marks[mark] || from >= to)
      this.#tell(
        "proof-not-rising",
        `a proof of batch ${batch} moves ${mark} from ${this.marks[mark]} to ${to}`,
        numbers,
      );
    this.marks[mark] = to;
    const { given, reversed } = this.marks;
    if (reversed > given)
      this.#tell("reversed-beyond-given", `${reversed} is taken back of ${given} given`, {
        given,
        reversed,
        batch,
      });
  }

  /** A fault is proven once, and stays. */
  convict({ args: { kind, fault, first, second } }: EventOf<"FaultProven">): void {
    this.fault ??= faultNumbered(fault);
    const what = this.fault === null ? `fault ${fault}, which is none` : SAY_FAULT[this.fault];
    const side = kind === GIFT ? "gifts" : "reversals";
    this.#tell("line-at-fault", `proven to the contract, of ${side}: ${what}`, { fault, first, second });
  }

  pay(event: EventOf<"Paid">, charity: Charity | undefined, at: bigint, opened: boolean): void {
    const { rail, from, upTo, netFrom, netTo, amount, payee } = event.args;
    this.#checkInterval(event);
    this.#checkNetting(event);
    this.#checkReceiver(event, charity);
    const isToken = rail === TOKEN_RAIL;
    this.payouts.push({
      rail: isToken ? "token" : "bank",
      ...{ from, upTo, netFrom, netTo, amount, payee: payee.toLowerCase() as Hex, at },
      transaction: event.transaction,
      moves: isToken && opened && amount > 0n,
    });
    this.marks.paid = upTo;
    this.marks.netted = netTo;
  }

  #checkInterval({ args: { from, upTo } }: EventOf<"Paid">): void {
    const { paid, given } = this.marks;
    if (from !== paid || upTo <= from)
      this.#tell("payout-not-consecutive", `a payout of [${from}, ${upTo}) follows on ${paid}`, {
        from,
        upTo,
        paid,
      });
    if (upTo > given)
      this.#tell("payout-beyond-given", `a payout ends at ${upTo}, when ${given} was given`, { upTo, given });
  }

  #checkNetting({ args: { from, upTo, netFrom, netTo, amount } }: EventOf<"Paid">): void {
    const { netted, reversed } = this.marks;
    const numbers = { from, upTo, netFrom, netTo, amount, netted, reversed };
    if (netFrom !== netted || netTo < netFrom || netTo > reversed)
      this.#tell(
        "payout-netting-false",
        `the payout ending at ${upTo} nets refunds of [${netFrom}, ${netTo}), after ${netted} and of ${reversed} taken back`,
        numbers,
      );
    const wanted = upTo - from - (netTo - netFrom);
    if (amount !== wanted)
      this.#tell(
        "payout-amount-false",
        `the payout ending at ${upTo} is of ${amount}; the line gives ${wanted}`,
        { ...numbers, wanted },
      );
  }

  #checkReceiver(
    { args: { rail, upTo, payee, bankReference } }: EventOf<"Paid">,
    charity: Charity | undefined,
  ): void {
    if (charity === undefined)
      this.#tell(
        "payout-to-unregistered",
        `the payout ending at ${upTo} is to a charity that is not registered`,
        { upTo },
      );
    if (rail === BANK_RAIL && BigInt(bankReference) === 0n)
      this.#tell("payout-without-reference", `the bank payout ending at ${upTo} has no reference`, { upTo });
    if (rail === TOKEN_RAIL && charity !== undefined && payee.toLowerCase() !== charity.payee)
      this.#tell(
        "payout-to-wrong-payee",
        `the payout ending at ${upTo} went to ${payee}; in force was ${charity.payee}`,
        { upTo, payee, inForce: charity.payee },
      );
  }

  repay({ args: { upTo, amount, bankReference } }: EventOf<"Repaid">): void {
    const payout = this.#payoutTo(upTo);
    if (payout?.rail === "bank" && payout.amount === amount && BigInt(bankReference) !== 0n) return;
    this.#tell(
      "repayment-false",
      `${amount} is recorded as sent again for a bank payout ending at ${upTo}, which is not so`,
      { upTo, amount, payout: payout?.amount ?? "none" },
    );
  }

  /** `anchored` is the root of the batch that the charity names, undefined when there is none. */
  acknowledge(
    { args: { acknowledgement } }: EventOf<"Acknowledged">,
    anchored: Hex | undefined,
    at: bigint,
  ): void {
    const { from, upTo, netTo, received, batch, root } = acknowledgement;
    const { acknowledged, paid } = this.marks;
    if (from !== acknowledged || upTo <= from)
      this.#tell(
        "acknowledgement-not-consecutive",
        `an acknowledgement of [${from}, ${upTo}) follows on ${acknowledged}`,
        { from, upTo, acknowledged },
      );
    if (upTo > paid)
      this.#tell("acknowledgement-beyond-paid", `an acknowledgement ends at ${upTo}, when ${paid} was paid`, {
        upTo,
        paid,
      });
    this.#checkReceived(from, upTo, netTo, received);
    if (anchored === undefined || anchored !== root)
      this.#tell(
        "acknowledgement-root-false",
        `the acknowledgement ending at ${upTo} names the root ${root} of batch ${batch}; anchored is ${anchored ?? "none"}`,
        { batch, root, anchored: anchored ?? "none" },
      );
    this.acknowledgements.push({ upTo, at });
    this.marks.acknowledged = upTo;
  }

  #checkReceived(from: bigint, upTo: bigint, netTo: bigint, received: bigint): void {
    const payouts = this.payouts.filter((payout) => payout.upTo > from && payout.upTo <= upTo);
    const last = payouts.at(-1);
    const money = payouts.reduce((sum, { amount }) => sum + amount, 0n);
    if (last?.upTo === upTo && last.netTo === netTo && received === money) return;
    this.#tell(
      "acknowledgement-false",
      `an acknowledgement says that ${received} was received up to (${upTo}, ${netTo}); payouts up to there brought ${money}, the last to (${last?.upTo ?? 0}, ${last?.netTo ?? 0})`,
      { from, upTo, netTo, received, paid: money },
    );
  }

  disburse({ args: { disbursement } }: EventOf<"Disbursed">, at: bigint): void {
    const { from, upTo, evidence } = disbursement;
    const { spent, acknowledged } = this.marks;
    if (from !== spent || upTo <= from)
      this.#tell("disbursement-not-consecutive", `a disbursement of [${from}, ${upTo}) follows on ${spent}`, {
        from,
        upTo,
        spent,
      });
    if (upTo > acknowledged)
      this.#tell(
        "disbursement-beyond-acknowledged",
        `a disbursement ends at ${upTo}, when ${acknowledged} was acknowledged`,
        { upTo, acknowledged },
      );
    this.disbursements.push({ from, upTo, evidence, at });
    this.marks.spent = upTo;
  }

  #payoutTo = (upTo: bigint) => this.payouts.find((payout) => payout.upTo === upTo);

  #tell(code: FindingCode, says: string, numbers: NonNullable<Observation["numbers"]>): void {
    const batch = typeof numbers.batch === "bigint" ? numbers.batch : undefined;
    this.#observe({ code, says, place: { batch, charity: this.charity, unit: this.unit }, numbers });
  }
}

/** The name of a unit, or its hex where it is none. */
export function plainUnit(word: Hex): string {
  try {
    return unitName(hexToBytes(word));
  } catch {
    return word;
  }
}
