// What a visitor has opened: a receipt file or a receipt's proof. Only what it is, never whether it holds. Pure.

import { InputError, messageOf } from "../../../errors.ts";
import { recompute } from "../../../programmes/recompute.ts";
import { PROOF_FORMAT, verifyReceiptProof } from "../../../protocol/receipt-proof.ts";
import type { Witness } from "../../../protocol/testimony.ts";
import { Trail } from "../../../protocol/trail.ts";
import { conclude, NOTHING_FOUND, type Verification } from "../../../protocol/verification.ts";
import { verifyReceipt } from "../../../protocol/verify.ts";

/** A receipt file takes a few kilobytes; nothing larger is read. */
export const MAX_FILE_BYTES = 1 << 20;

export type Opened = {
  /** Told apart from whatever was opened before, even when it is the same again. */
  readonly number: number;
  readonly text: string;
};

let count = 0;

export function openText(text: string): Opened {
  count += 1;
  return { number: count, text };
}

/** Verifies what was opened by itself, down to the root of its batch. Never throws for what it holds. */
export function verifyAlone({ text }: Opened, witness: Witness | null): Verification {
  const trail = new Trail();
  let verification: Verification | null = null;
  trail.walk(() => {
    const json = trail.take(
      "format",
      () => parse(text),
      () => "",
    );
    verification = isProof(json) ? verifyReceiptProof(json) : verifyReceipt(json, { witness, recompute });
  });
  return verification ?? conclude(trail, NOTHING_FOUND, null);
}

/** Whether it is what a receipt's id alone opens. */
export const isProof = (json: unknown): boolean =>
  typeof json === "object" && json !== null && "format" in json && json.format === PROOF_FORMAT;

function parse(text: string): unknown {
  if (text.length > MAX_FILE_BYTES)
    throw new InputError(
      "too-large",
      `a receipt file has at most ${MAX_FILE_BYTES} bytes; this one has more`,
    );
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError("not-json", `the file is not JSON: ${messageOf(error)}`);
  }
}

/** The parsed JSON of a text that was verified; null when it is none. */
export function jsonOf({ text }: Opened): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What a site hands out for a receipt's id: the whole file, or its proof. */
type Served = { readonly id?: string; readonly receipt?: { readonly id?: string } };

/** The id of what was served, where it is not the one that was asked for; null when it is, or when there is none to be read. */
export function otherThan(id: string, { id: ofProof, receipt }: Served): string | null {
  const came: unknown = receipt?.id ?? ofProof;
  return typeof came === "string" && came.toLowerCase() !== id.toLowerCase() ? came : null;
}
