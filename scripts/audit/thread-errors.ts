// Errors on their way from a thread: classes do not survive it, their names do.

import { messageOf, UnavailableError } from "../../server/errors.ts";
import { StateDamagedError } from "./receipts/scatter.ts";

export type SentError = {
  readonly kind: "unavailable" | "damaged" | "bug";
  readonly code: string;
  readonly says: string;
};

const RETRY_AFTER_SECONDS = 30;

export function errorToSend(error: unknown): SentError {
  if (error instanceof UnavailableError)
    return { kind: "unavailable", code: error.code, says: error.message };
  if (error instanceof StateDamagedError) return { kind: "damaged", code: "", says: error.message };
  return { kind: "bug", code: "", says: (error instanceof Error && error.stack) || messageOf(error) };
}

export function errorReceived({ kind, code, says }: SentError): Error {
  if (kind === "unavailable") return new UnavailableError(code, says, RETRY_AFTER_SECONDS);
  return kind === "damaged" ? new StateDamagedError(says) : new Error(says);
}
