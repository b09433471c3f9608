// What a charity is about to sign, in plain words, made from what is signed and nothing else: whoever signs makes them anew.

import type { AcknowledgementArgs, DisbursementArgs } from "../protocol/contract-calls.ts";
import { formatAmount } from "./currency.ts";

/** One sentence a line. `charity` is the name that the reader knows it by. */
export function sayAcknowledgement(charity: string, signed: AcknowledgementArgs, ledger: string): string[] {
  const { unit, from, upTo, received, batch, root } = signed;
  const setOff = BigInt(upTo) - BigInt(from) - BigInt(received);
  const refunds =
    setOff === 0n ? "No refunds were set off." : `Refunds of ${formatAmount(setOff, unit)} were set off.`;
  return [
    `${charity} has received ${formatAmount(BigInt(received), unit)}.`,
    `That is the money of all gifts at positions [${from}, ${upTo}) of its line in ${unit}. ${refunds}`,
    `It has seen batch ${batch} with the root ${root}, which fixes all that was recorded until then.`,
    `The ledger is ${ledger}. What is signed stands for ever and cannot be taken back.`,
  ];
}

export function sayDisbursement(charity: string, signed: DisbursementArgs, ledger: string): string[] {
  const { unit, from, upTo, evidence } = signed;
  return [
    `${charity} has spent the money of the gifts at positions [${from}, ${upTo}) of its line in ${unit}:`,
    `what is behind ${formatAmount(BigInt(upTo) - BigInt(from), unit)} of gifts, less the refunds that were set off.`,
    `What it became is told by the published report with the hash ${evidence}.`,
    `The ledger is ${ledger}. What is signed stands for ever and cannot be taken back.`,
  ];
}
