// What we may ask of the contract, as plain JSON that is stored before it is sent: 64-bit integers are decimal strings,
// hashes and addresses 0x-hex, units their plain names. How a call is encoded and who signs it is the chain's business.

import { parseAmount } from "./amounts.ts";
import { fromHex, type Hex, WORD_BYTES } from "./bytes.ts";
import type { PromisedReceipt } from "./promise.ts";

/** A decimal string of an integer in [0, 2^63). */
export type Decimal = string;

type LineArgs = { charity: Hex; unit: string };
type PayoutArgs = LineArgs & { from: Decimal; upTo: Decimal; netTo: Decimal };

export type StatementArgs = LineArgs & {
  batch: Decimal;
  kind: 0 | 1;
  from: Decimal;
  to: Decimal;
  previous: Decimal;
  receipts: Decimal;
  receiptsRoot: Hex;
};

export type AcknowledgementArgs = PayoutArgs & { received: Decimal; batch: Decimal; root: Hex };
export type DisbursementArgs = LineArgs & { from: Decimal; upTo: Decimal; evidence: Hex };
export type PromisedArgs = LineArgs & { leaf: Hex; kind: 0 | 1; amount: Decimal };
export type ReceiptProofArgs = { index: Decimal; receipts: Decimal; path: { hash: Hex; sum: Decimal }[] };
export type ContractRole = "ANCHOR_ROLE" | "PAYER_ROLE" | "REGISTRAR_ROLE" | "PAUSER_ROLE";

/**
 * The arguments of each kind of call. `adminDelay` in seconds, `challengeBond` in wei; `exponent` is the number of decimal
 * places of the unit; `change` counts a charity's changes of that kind, so that each is a call of its own: they are asked for
 * only before the opening, where they act at once; `evidence` the data of a call of any of the contract's accusations.
 */
export type CallArgs = {
  deploy: { ledger: Hex; admin: Hex; adminDelay: Decimal; challengeBond: Decimal };
  grantRole: { role: ContractRole; account: Hex };
  admitPromiser: { promiser: Hex };
  /** As moves of earlier versions have asked for it; today's carry the key with its end. */
  retirePromiser: { promiser: Hex };
  carryPromiser: { promiser: Hex; until: Decimal };
  registerCharity: { charity: Hex; payee: Hex; signer: Hex };
  changePayee: { charity: Hex; payee: Hex; change: Decimal };
  changeSigner: { charity: Hex; signer: Hex; change: Decimal };
  anchor: { batch: Decimal; root: Hex };
  prove: { statement: StatementArgs; proof: Hex[] };
  setToken: { unit: string; token: Hex; exponent: number };
  payBank: PayoutArgs & { reference: Hex };
  payToken: PayoutArgs;
  repay: LineArgs & { upTo: Decimal; reference: Hex };
  acknowledge: { acknowledgement: AcknowledgementArgs; signature: Hex };
  disburse: { disbursement: DisbursementArgs; signature: Hex };
  answer: {
    promised: PromisedArgs;
    proof: ReceiptProofArgs;
    statement: StatementArgs;
    statementProof: Hex[];
  };
  proveFault: LineArgs & { evidence: Hex };
  recordBreach: { promised: PromisedArgs };
  open: Record<string, never>;
};

export type CallKind = keyof CallArgs;

/** One call of any kind: `kind` tells what `args` are. */
export type ContractCall = { [Kind in CallKind]: { kind: Kind; args: CallArgs[Kind] } }[CallKind];

/** The account that sends a call. */
export type Role = "admin" | "anchor" | "payer" | "registrar";

/** Proofs and what charities have signed may be carried by anyone: the account with the least power does it. */
const SENDERS: Record<CallKind, Role> = {
  deploy: "admin",
  grantRole: "admin",
  admitPromiser: "admin",
  retirePromiser: "admin",
  carryPromiser: "admin",
  registerCharity: "registrar",
  changePayee: "registrar",
  changeSigner: "registrar",
  anchor: "anchor",
  prove: "anchor",
  setToken: "admin",
  payBank: "payer",
  payToken: "payer",
  repay: "payer",
  acknowledge: "anchor",
  disburse: "anchor",
  answer: "anchor",
  proveFault: "anchor",
  recordBreach: "admin",
  open: "admin",
};

export const senderOf = (call: ContractCall): Role => SENDERS[call.kind];

/** A name that says what a call brings about: two calls of one name ask for the same thing, and one of them is enough. */
export function nameOf(call: ContractCall): string {
  return [payouts.has(call.kind) ? "pay" : call.kind, ...subjectOf(call)].join("/");
}

/** Both rails share a name: whichever is first moves `paid` away from `from`. */
const payouts: ReadonlySet<CallKind> = new Set(["payBank", "payToken"]);

function subjectOf(call: ContractCall): string[] {
  switch (call.kind) {
    case "deploy":
    case "open":
      return [];
    case "grantRole":
      return [call.args.role, call.args.account.toLowerCase()];
    case "admitPromiser":
    case "retirePromiser":
      return [call.args.promiser.toLowerCase()];
    case "carryPromiser":
      return [call.args.promiser.toLowerCase(), call.args.until];
    case "registerCharity":
      return [call.args.charity];
    case "changePayee":
      return [call.args.charity, call.args.change, call.args.payee];
    case "changeSigner":
      return [call.args.charity, call.args.change, call.args.signer];
    case "answer":
    case "recordBreach":
      return promisedOf(call.args.promised);
    case "anchor":
      return [call.args.batch];
    case "setToken":
      return [call.args.unit];
    default:
      return positionOf(call);
  }
}

/** For calls that concern a line: the line, and where on it. */
function positionOf(call: Extract<ContractCall, { kind: LineKind }>): string[] {
  switch (call.kind) {
    case "prove": {
      const { charity, unit, kind, batch } = call.args.statement;
      return [charity, unit, `${kind}`, batch];
    }
    case "payBank":
    case "payToken":
      return [call.args.charity, call.args.unit, call.args.from];
    case "proveFault":
      return [call.args.charity, call.args.unit];
    case "repay":
      return [call.args.charity, call.args.unit, call.args.upTo, call.args.reference];
    case "acknowledge":
      return startOf(call.args.acknowledgement);
    case "disburse":
      return startOf(call.args.disbursement);
  }
}

/** All of it: a leaf may be promised on two lines, by an operator who has lied once. */
const promisedOf = ({ leaf, charity, unit, kind, amount }: PromisedArgs) => [
  leaf,
  charity,
  unit,
  `${kind}`,
  amount,
];

type LineKind = "prove" | "proveFault" | "payBank" | "payToken" | "repay" | "acknowledge" | "disburse";

const startOf = ({ charity, unit, from }: LineArgs & { from: Decimal }) => [charity, unit, from];

/**
 * What was promised, in memory.
 * @throws InputError when a field is not of its form
 */
export const openPromised = ({ leaf, charity, unit, kind, amount }: PromisedArgs): PromisedReceipt => ({
  leaf: fromHex(leaf, WORD_BYTES, "leaf"),
  charity: fromHex(charity, WORD_BYTES, "charity"),
  unit,
  kind,
  amount: parseAmount(amount, "amount"),
});
