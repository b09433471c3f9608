// Our calls as the contract reads them: many of one sender become one transaction.

import { encodeDeployData, encodeFunctionData, type Hex, hexToString, keccak256, stringToHex } from "viem";
import { InvariantError } from "../errors.ts";
import type {
  AcknowledgementArgs,
  CallArgs,
  ContractCall,
  DisbursementArgs,
  PromisedArgs,
  ReceiptProofArgs,
  StatementArgs,
} from "../protocol/contract-calls.ts";
import type { Evidence, ShownArgs } from "../protocol/evidence.ts";
import type { ReceiptFile } from "../protocol/receipt-file.ts";
import { LEDGER_ABI } from "./abi.ts";
import { ledgerBytecode } from "./artifact.ts";

/** The data of one transaction that makes all these calls, in order, all or none. A deployment stands alone. */
export function encodeCalls(calls: readonly ContractCall[]): Hex {
  const [first] = calls;
  if (first?.kind === "deploy" && calls.length === 1) return encodeDeployment(first.args);
  const data = joinAnchors(calls).map(encodeJoined);
  const [single] = data;
  if (single === undefined) throw new InvariantError("a transaction makes at least one call");
  return data.length === 1 ? single : encode("multicall", [data]);
}

function encodeDeployment({ ledger, admin, adminDelay, challengeBond }: CallArgs["deploy"]): Hex {
  const args = [ledger, admin, Number(adminDelay), BigInt(challengeBond)] as const;
  return encodeDeployData({ abi: LEDGER_ABI, bytecode: ledgerBytecode(), args });
}

type Anchors = { readonly kind: "anchors"; readonly first: bigint; readonly roots: Hex[] };

/** Roots of batches that follow each other become one call. */
function joinAnchors(
  calls: readonly ContractCall[],
): (Exclude<ContractCall, { kind: "anchor" }> | Anchors)[] {
  const joined: (Exclude<ContractCall, { kind: "anchor" }> | Anchors)[] = [];
  for (const call of calls) {
    const last = joined.at(-1);
    if (call.kind !== "anchor") joined.push(call);
    else if (last?.kind === "anchors" && follows(last, call.args.batch)) last.roots.push(call.args.root);
    else joined.push({ kind: "anchors", first: BigInt(call.args.batch), roots: [call.args.root] });
  }
  return joined;
}

const follows = ({ first, roots }: Anchors, batch: string) => first + BigInt(roots.length) === BigInt(batch);

function encodeJoined(call: Exclude<ContractCall, { kind: "anchor" }> | Anchors): Hex {
  switch (call.kind) {
    case "anchors":
      return encodeAnchors(call);
    case "prove":
      return encode("prove", [statementOf(call.args.statement), call.args.proof]);
    case "acknowledge":
      return encode("acknowledge", [acknowledgementOf(call.args.acknowledgement), call.args.signature]);
    case "disburse":
      return encode("disburse", [disbursementOf(call.args.disbursement), call.args.signature]);
    case "payBank":
      return encode("payBank", [...payoutOf(call.args), call.args.reference]);
    case "payToken":
      return encode("payToken", payoutOf(call.args));
    case "answer":
      return encodeAnswer(call.args);
    case "proveFault":
      return call.args.evidence;
    default:
      return encodeOther(call);
  }
}

function encodeAnchors({ first, roots }: Anchors): Hex {
  const [root] = roots;
  return roots.length === 1 && root ? encode("anchor", [first, root]) : encode("anchorMany", [first, roots]);
}

function encodeOther(
  call: Extract<
    ContractCall,
    {
      kind:
        | "grantRole"
        | "admitPromiser"
        | "retirePromiser"
        | "carryPromiser"
        | "registerCharity"
        | "changePayee"
        | "changeSigner"
        | "setToken"
        | "repay"
        | "recordBreach"
        | "open"
        | "deploy";
    }
  >,
): Hex {
  switch (call.kind) {
    case "registerCharity":
      return encode("registerCharity", [call.args.charity, call.args.payee, call.args.signer]);
    case "changePayee":
      return encode("changePayee", [call.args.charity, call.args.payee]);
    case "changeSigner":
      return encode("changeSigner", [call.args.charity, call.args.signer, NO_CONSENT]);
    case "grantRole":
      return encode("grantRole", [keccak256(stringToHex(call.args.role)), call.args.account]);
    case "admitPromiser":
    case "retirePromiser":
      return encode(call.kind, [call.args.promiser]);
    case "carryPromiser":
      return encode("carryPromiser", [call.args.promiser, Number(call.args.until)]);
    case "recordBreach":
      return encode("recordBreach", [promisedOf(call.args.promised)]);
    case "setToken":
      return encode("setToken", [unitOf(call.args.unit), call.args.token, call.args.exponent]);
    case "repay":
      return encode("repay", [
        call.args.charity,
        unitOf(call.args.unit),
        BigInt(call.args.upTo),
        call.args.reference,
      ]);
    case "open":
      return encode("open", []);
    case "deploy":
      throw new InvariantError("a deployment is a transaction of its own");
  }
}

/** Before the opening nobody is asked. */
const NO_CONSENT: Hex = "0x";

const encodeAnswer = ({ promised, proof, statement, statementProof }: CallArgs["answer"]) =>
  encode("answer", [promisedOf(promised), proofOf(proof), statementOf(statement), statementProof]);

/** The function of the contract that takes a piece of evidence. */
export function accusationOf({ fault }: Evidence): Accusation {
  switch (fault) {
    case "malformed":
      return "proveMalformed";
    case "false-sum":
      return "proveFalseSum";
    case "false-receipt":
      return "proveFalseReceipt";
    default:
      return "proveContradiction";
  }
}

/** The data of a call that brings evidence before the contract. Anyone may send it. */
export function encodeAccusation(evidence: Evidence): Hex {
  const first = shownOf(evidence.first);
  switch (evidence.fault) {
    case "malformed":
      return encode("proveMalformed", first);
    case "false-sum": {
      const { left, right, sum } = evidence.opened;
      const opened = { left: nodeOf(left), right: nodeOf(right), sum: BigInt(sum) };
      return encode("proveFalseSum", [...first, opened, proofOf(evidence.place)]);
    }
    case "false-receipt": {
      const { receipt, sum, place } = evidence;
      return encode("proveFalseReceipt", [...first, receiptOf(receipt), BigInt(sum), proofOf(place)]);
    }
    default:
      return encode("proveContradiction", [...first, ...shownOf(evidence.second)]);
  }
}

const shownOf = ({ statement, proof }: ShownArgs) => [statementOf(statement), proof] as const;

/** A unit's plain name as the contract keeps it: ASCII, left-aligned in 32 bytes; also these bytes themselves. */
export const unitOf = (name: string): Hex =>
  /^0x[0-9a-f]{64}$/.test(name) ? (name as Hex) : stringToHex(name, { size: 32 });

/** The plain name; the bytes themselves where they are none: strangers decide what is said of lines that nobody has. */
export function nameOfUnit(unit: Hex): string {
  const name = hexToString(unit, { size: 32 });
  return /^[!-~]+$/.test(name) && unitOf(name) === unit ? name : unit;
}

const payoutOf = ({ charity, unit, from, upTo, netTo }: CallArgs["payToken"]) =>
  [charity, unitOf(unit), BigInt(from), BigInt(upTo), BigInt(netTo)] as const;

export const promisedOf = (promised: PromisedArgs) => ({
  ...promised,
  unit: unitOf(promised.unit),
  amount: BigInt(promised.amount),
});

export const proofOf = ({ index, receipts, path }: ReceiptProofArgs) => ({
  index: BigInt(index),
  receipts: BigInt(receipts),
  path: path.map(nodeOf),
});

const nodeOf = ({ hash, sum }: ReceiptProofArgs["path"][number]) => ({ hash, sum: BigInt(sum) });

const receiptOf = (receipt: ReceiptFile["receipt"]) => ({
  ...receipt,
  unit: unitOf(receipt.unit),
  amount: BigInt(receipt.amount),
  acceptedAt: BigInt(receipt.acceptedAt),
});

export const statementOf = (statement: StatementArgs) => ({
  ...statement,
  unit: unitOf(statement.unit),
  batch: BigInt(statement.batch),
  from: BigInt(statement.from),
  to: BigInt(statement.to),
  previous: BigInt(statement.previous),
  receipts: BigInt(statement.receipts),
});

const acknowledgementOf = (signed: AcknowledgementArgs) => ({
  ...signed,
  unit: unitOf(signed.unit),
  from: BigInt(signed.from),
  upTo: BigInt(signed.upTo),
  netTo: BigInt(signed.netTo),
  received: BigInt(signed.received),
  batch: BigInt(signed.batch),
});

const disbursementOf = (signed: DisbursementArgs) => ({
  ...signed,
  unit: unitOf(signed.unit),
  from: BigInt(signed.from),
  upTo: BigInt(signed.upTo),
});

export type Accusation = "proveContradiction" | "proveMalformed" | "proveFalseSum" | "proveFalseReceipt";

type Writer =
  | Accusation
  | "anchor"
  | "anchorMany"
  | "prove"
  | "acknowledge"
  | "disburse"
  | "payBank"
  | "payToken"
  | "repay"
  | "registerCharity"
  | "changePayee"
  | "changeSigner"
  | "grantRole"
  | "admitPromiser"
  | "retirePromiser"
  | "carryPromiser"
  | "answer"
  | "recordBreach"
  | "setToken"
  | "open"
  | "multicall";

const encode = <Name extends Writer>(
  functionName: Name,
  args: Parameters<typeof encodeFunctionData<typeof LEDGER_ABI, Name>>[0]["args"],
): Hex => encodeFunctionData({ abi: LEDGER_ABI, functionName, args } as never);
