// A message as Standard Webhooks has it: its name, its body, when it is tried again.
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

import type { MessageKind } from "./kinds.ts";

const ID_BYTES = 16;

/** The same happening has the same name, however often it is told and to whomever: receivers drop what they know. */
export const messageId = (kind: MessageKind, name: string, sha256: (text: string) => Uint8Array): string =>
  `msg_${Buffer.from(sha256(JSON.stringify(["webhook", kind, name]))).toString("hex", 0, ID_BYTES)}`;

/** `timestamp`: when it happened. */
export const messageBody = (type: string, happenedAt: Date, data: object): string =>
  JSON.stringify({ type, timestamp: happenedAt.toISOString(), data });

const MOST_JITTER = 0.2;

/**
 * After how many seconds a message that has failed so often is tried again; undefined when it was for the last time.
 * `drawn` in [0, 1): many that fail together do not come back together.
 */
export const retryAfter = (
  schedule: readonly number[],
  failures: number,
  drawn: number,
): number | undefined => {
  const seconds = schedule[failures - 1];
  return seconds === undefined ? undefined : seconds * (1 + MOST_JITTER * drawn);
};
