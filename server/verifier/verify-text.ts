// A receipt file as it lies on a disk: bytes that may be anything. What it holds is judged by server/protocol.

import { InputError, messageOf } from "../errors.ts";
import { recompute } from "../programmes/recompute.ts";
import type { Witness } from "../protocol/testimony.ts";
import { Trail } from "../protocol/trail.ts";
import { conclude, NOTHING_FOUND, type Verification } from "../protocol/verification.ts";
import { verifyReceipt } from "../protocol/verify.ts";

/** A receipt file takes a few kilobytes; nothing larger is read. */
export const MAX_FILE_BYTES = 1 << 20;

export function verifyText(text: Uint8Array, witness: Witness | null): Verification {
  const trail = new Trail();
  let verification: Verification | null = null;
  trail.walk(() => {
    verification = verifyReceipt(
      trail.take(
        "format",
        () => parseText(text),
        () => "the file is JSON",
      ),
      { witness, recompute },
    );
  });
  return verification ?? conclude(trail, NOTHING_FOUND, null);
}

function parseText(text: Uint8Array): unknown {
  if (text.length > MAX_FILE_BYTES) {
    throw new InputError(
      "too-large",
      `a receipt file has at most ${MAX_FILE_BYTES} bytes; this one has more`,
    );
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text));
  } catch (error) {
    throw new InputError("not-json", `the file is not JSON: ${messageOf(error)}`);
  }
}
