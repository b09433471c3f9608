// How many exports run at once: each holds a connection of the pool, and a moment of the database, for as long as its
// reader takes.

import type { Response } from "express";
import { UnavailableError } from "../errors.ts";

const MOST_AT_ONCE = 4;
/** Of the connections of the pool: the others are for everybody else. */
const SHARE_OF_CONNECTIONS = 3;
const RETRY_AFTER_SECONDS = 10;
const LONGEST_MS = 3_600_000;
/** Who takes nothing in for so long is let go: others wait for the place. */
const STALLED_MS = 60_000;

export class ExportPlaces {
  readonly #most: number;
  readonly stalledMs: number;
  #taken = 0;

  constructor(connections: number, stalledMs = STALLED_MS) {
    this.stalledMs = stalledMs;
    this.#most = Math.max(1, Math.min(MOST_AT_ONCE, Math.floor(connections / SHARE_OF_CONNECTIONS)));
  }

  /**
   * Does an export in a place of its own. The signal is aborted when the reader goes, or after an hour.
   * @throws UnavailableError `queue-full` when all places are taken
   */
  async within(response: Response, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (this.#taken >= this.#most) throw full(this.#most);
    this.#taken += 1;
    try {
      await work(AbortSignal.any([closingOf(response), AbortSignal.timeout(LONGEST_MS)]));
    } finally {
      this.#taken -= 1;
    }
  }
}

const full = (most: number) =>
  new UnavailableError(
    "queue-full",
    `exports: wanted fewer than ${most} at once, came one more; try again in a while`,
    RETRY_AFTER_SECONDS,
  );

function closingOf(response: Response): AbortSignal {
  const closing = new AbortController();
  if (response.closed) closing.abort();
  else response.once("close", () => closing.abort());
  return closing.signal;
}
