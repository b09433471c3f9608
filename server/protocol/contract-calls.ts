// What we may ask of the contract, as plain JSON that is stored before it is sent: 64-bit integers are decimal strings,
// hashes and addresses 0x-hex, units their plain names. How a call is encoded and who signs it is the chain's business.

import type { Hex } from "./bytes.ts";

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
export type ContractRole = "ANCHOR_ROLE" | "PAYER_ROLE" | "REGISTRAR_ROLE" | "PAUSER_ROLE";

/** The arguments of each kind of call. `adminDelay` in seconds; `exponent` is the number of decimal places of the unit. */
export type CallArgs = {
  deploy: { ledger: Hex; admin: Hex; adminDelay: Decimal };
  grantRole: { role: ContractRole; account: Hex };
  registerCharity: { charity: Hex; payee: Hex; signer: Hex };
  anchor: { batch: Decimal; root: Hex };
  prove: { statement: StatementArgs; proof: Hex[] };
  setToken: { unit: string; token: Hex; exponent: number };
  payBank: PayoutArgs & { reference: Hex };
  payToken: PayoutArgs;
  repay: LineArgs & { upTo: Decimal; reference: Hex };
  acknowledge: { acknowledgement: AcknowledgementArgs; signature: Hex };
  disburse: { disbursement: DisbursementArgs; signature: Hex };
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
  registerCharity: "registrar",
  anchor: "anchor",
  prove: "anchor",
  setToken: "admin",
  payBank: "payer",
  payToken: "payer",
  repay: "payer",
  acknowledge: "anchor",
  disburse: "anchor",
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
    case "registerCharity":
      return [call.args.charity];
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
    case "repay":
      return [call.args.charity, call.args.unit, call.args.upTo, call.args.reference];
    case "acknowledge":
      return startOf(call.args.acknowledgement);
    case "disburse":
      return startOf(call.args.disbursement);
  }
}

type LineKind = "prove" | "payBank" | "payToken" | "repay" | "acknowledge" | "disburse";

const startOf = ({ charity, unit, from }: LineArgs & { from: Decimal }) => [charity, unit, from];
