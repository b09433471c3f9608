// Tells what was found: in plain words for people, as JSON for programs. Nothing is decided here.
// Files come from strangers: whatever could steer a terminal is shown as an escape.

import { formatAmount } from "../../server/programmes/currency.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { ORDER_NUMBER } from "../../server/protocol/details.ts";
import { GIFT, type Receipt } from "../../server/protocol/receipt.ts";
import type { Line, Step, Successor, Verdict } from "../../server/protocol/verify.ts";
import { orderNumber, plainOf, plainText } from "../../server/verifier/plain.ts";
import type { ChosenContract, Judged } from "./judge.ts";

const DEMONSTRATION_CHAIN = 31337;
/** More files than these are told in one line each, but for those that are not valid. */
const MOST_TOLD_IN_FULL = 3;

const VERDICT: Record<Verdict, string> = { valid: "Valid", invalid: "Invalid", unknown: "Cannot tell" };

/** The whole report, line by line. */
export function report(judged: readonly Judged[]): string[] {
  const inFull = judged.length <= MOST_TOLD_IN_FULL;
  const files = judged.flatMap((each) => {
    const { verdict, file } = each.verification;
    return inFull || verdict !== "valid" || file === null ? [...tellFile(each), ""] : [tellInOneLine(each)];
  });
  return [...files, ...tellChain(judged), ...(judged.length > 1 ? [countVerdicts(judged)] : [])].map(
    printable,
  );
}

/** One JSON document for a file, in one line. Integers that may pass 2^53 are decimal strings. */
export function toJson({ path, verification, contract, line, successors, reversals }: Judged): string {
  const found = plainOf(verification, line, successors);
  return JSON.stringify({ path, ...found, contract, reversals: reversals.map((each) => each.path) });
}

function tellFile(judged: Judged): string[] {
  const { path, verification } = judged;
  return [
    path,
    ...tellDetails(judged),
    ...verification.steps.map(tellStep),
    ...tellPosition(judged),
    ...tellReversals(judged),
    ...tellVerdict(judged),
    ...tellNotProven(judged),
  ];
}

function tellInOneLine({ path, verification, reversals }: Judged): string {
  const { file, position, status } = verification;
  const order = `order number ${orderNumber(file!.details) ?? "not given"}`;
  const refunded = reversals.length > 0 ? ", refunded" : "";
  return `✓ ${path}: ${amountOf(file!.receipt)}, ${order}, [${position!.start}, ${position!.end}), ${status}${refunded}`;
}

function tellDetails({ verification: { file } }: Judged): string[] {
  if (file === null) return [];
  const what = file.receipt.kind === GIFT ? "gift" : "reversal";
  const { [ORDER_NUMBER]: _, ...others } = file.details ?? {};
  return [
    `  a ${what} of ${amountOf(file.receipt)}`,
    `  order number: ${orderNumber(file.details) ?? "none in this file; ask whose purchase it belongs to"}`,
    // Behind a dot, so that no detail's name can pass for a step with its tick.
    ...Object.entries(others).map(([name, value]) => `  · ${name}: ${plainText(value)}`),
    "",
  ];
}

const MARK = new Map<boolean | null, string>([
  [true, "✓"],
  [false, "✗"],
  [null, "–"],
]);

function tellStep({ step, ok, says }: Step): string {
  return `  ${MARK.get(ok)} ${step.padEnd(9)} ${says}`;
}

function tellPosition({ verification: { position }, line }: Judged): string[] {
  if (position === null) return [];
  const { charity, unit, kind, start, end } = position;
  const side = kind === GIFT ? "" : ", reversal side";
  const place = `  position: [${start}, ${end}) on the line of charity ${toHex(charity)} in ${unit}${side}`;
  return ["", place, ...(line === null ? [] : [`  the line: ${tellLine(line)}`])];
}

function tellLine(line: Line): string {
  return Object.entries(line)
    .map(([name, position]) => `${name} ${position}`)
    .join(", ");
}

function tellReversals({ reversals }: Judged): string[] {
  return reversals.map(({ path, verification }) => {
    return `  refunded: ${amountOf(verification.file!.receipt)} by the reversal in ${path}`;
  });
}

function tellVerdict({ verification: { verdict, reason, steps }, contract, successors }: Judged): string[] {
  const word = VERDICT[verdict];
  if (verdict === "valid")
    return [
      "",
      `${word}${contract === null ? "" : `, ${byContract(contract)}`}${successors.map(ofSuccessor).join("")}.`,
    ];
  const step = steps.findLast(({ ok }) => ok !== true);
  return ["", `${word} (${reason}), at the step "${step?.step}": ${step?.says}.`];
}

function tellNotProven({ verification: { verdict, notProven } }: Judged): string[] {
  return verdict === "valid" ? notProven.map((open) => `  not proven: ${open}`) : [];
}

const ofSuccessor = ({ chainId, contract }: Successor): string =>
  `, and by its successor ${contract} on chain ${chainId}`;

function byContract({ address, chainId, by }: ChosenContract): string {
  return `by the contract ${address} on chain ${chainId}, taken from the ${by === "pin" ? "pinned list" : by}`;
}

function tellChain(judged: readonly Judged[]): string[] {
  const demonstration = judged.some(({ contract }) => contract?.chainId === DEMONSTRATION_CHAIN);
  const says =
    "demonstration chain: it runs at its operator's and forgets when it stops; against its operator it proves nothing";
  return demonstration ? [`Chain ${DEMONSTRATION_CHAIN} is a ${says}.`] : [];
}

function countVerdicts(judged: readonly Judged[]): string {
  const count = (verdict: Verdict) =>
    judged.filter(({ verification }) => verification.verdict === verdict).length;
  return `${count("valid")} valid, ${count("invalid")} invalid, ${count("unknown")} undecided`;
}

const amountOf = ({ amount, unit }: Receipt): string => formatAmount(amount, unit);

/** Control and format characters (also those that turn the direction of writing) as escapes. */
function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (found) => `\\u{${found.codePointAt(0)!.toString(16)}}`);
}
