// What was found, as plain JSON: for programs, whether they run the command or import the package.

import { toHex } from "../protocol/bytes.ts";
import { type JsonValue, ORDER_NUMBER } from "../protocol/details.ts";
import type { Line, Successor, Verification } from "../protocol/verify.ts";
import type { FoundLine, FoundSuccessor, Result } from "./package/types.ts";

/** Integers that may pass 2^53 are decimal strings. */
export function plainOf(
  verification: Verification,
  line: Line | null,
  successors: readonly Successor[],
): Result {
  const { file, leaf, root, position, batch, ...rest } = verification;
  return {
    ...rest,
    batch: batch === null ? null : `${batch}`,
    order: orderNumber(file?.details ?? null),
    details: file?.details ?? null,
    leaf: leaf && toHex(leaf),
    root: root && toHex(root),
    position: position && {
      ...position,
      charity: toHex(position.charity),
      start: `${position.start}`,
      end: `${position.end}`,
    },
    successors: successors.map(plainSuccessor),
    line: line && plainLine(line),
  };
}

const plainSuccessor = ({ chainId, contract, lastGoodBatch }: Successor): FoundSuccessor => ({
  chainId: Number(chainId),
  contract,
  lastGoodBatch: `${lastGoodBatch}`,
});

const plainLine = (line: Line): FoundLine =>
  Object.fromEntries(Object.entries(line).map(([name, position]) => [name, `${position}`])) as FoundLine;

/** The order number in the details; null where there is none. */
export function orderNumber(details: Readonly<Record<string, JsonValue>> | null): string | null {
  const order = details?.[ORDER_NUMBER];
  return order === undefined || order === null ? null : plainText(order);
}

export const plainText = (value: JsonValue): string =>
  typeof value === "string" ? value : JSON.stringify(value);
