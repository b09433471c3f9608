// The overview as it is now, and whoever watches it: one look at the store a second for all of a process, however many ask.
// Nobody is kept waiting for a slow watcher, and none outlives the service.

import type { Response } from "express";
import { UnavailableError } from "../errors.ts";
import type { Database } from "../store/database.ts";
import { type BatchRow, batchesBefore } from "../store/overview.ts";
import {
  type OldestClaim,
  oldestClaim,
  type Pace,
  paceOf,
  type UnitTotals,
  unitTotals,
} from "../store/totals.ts";

export type Overview = {
  readonly units: readonly UnitTotals[];
  readonly pace: Pace;
  /** The newest first. */
  readonly batches: readonly BatchRow[];
  readonly claim: OldestClaim | undefined;
};

const LOOK_EVERY_MS = 1_000;
/** Proxies end what is silent for a minute; a page that hears nothing for longer takes its line for dead. */
const BEAT_EVERY_MS = 15_000;
export const MOST_WATCHERS = 2_000;
/** Who takes nothing in is let go, and comes back by itself. */
const MOST_UNREAD_BYTES = 64_000;
const RETRY_MS = 3_000;
const BATCHES_SHOWN = 8;
const BEHIND_ALL = 2n ** 63n - 1n;

async function look(sql: Database): Promise<Overview> {
  const [units, pace, batches, claim] = await Promise.all([
    unitTotals(sql),
    paceOf(sql),
    batchesBefore(sql, BEHIND_ALL, BATCHES_SHOWN),
    oldestClaim(sql),
  ]);
  return { units, pace, batches, claim };
}

/** A look, under way or done: then it counts for a second. */
type Look = { until: number; readonly overview: Promise<Overview> };

/** How an overview is written for its watchers: one line of text. */
type Write = (overview: Overview) => string;

export class OverviewWatch {
  readonly #sql: Database;
  readonly #mostWatchers: number;
  readonly #watchers = new Set<Response>();
  #looked: Look | undefined;
  #timer: NodeJS.Timeout | undefined;
  #said = "";
  #saidAt = 0;
  #hasEnded = false;

  constructor(sql: Database, mostWatchers = MOST_WATCHERS) {
    this.#sql = sql;
    this.#mostWatchers = mostWatchers;
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  /** At most a second old; whoever asks meanwhile gets the same. */
  now(): Promise<Overview> {
    const known = this.#looked;
    return known !== undefined && performance.now() < known.until ? known.overview : this.#lookAgain();
  }

  /** One look at a time, so that none tells of an earlier state than the one before it. */
  #lookAgain(): Promise<Overview> {
    if (this.#looked?.until === Number.POSITIVE_INFINITY) return this.#looked.overview;
    const overview = look(this.#sql);
    const looked: Look = { until: Number.POSITIVE_INFINITY, overview };
    this.#looked = looked;
    overview.then(
      () => (looked.until = performance.now() + LOOK_EVERY_MS),
      () => (looked.until = 0),
    );
    return overview;
  }

  /**
   * Tells this watcher what there is, and from then on what has changed, as server-sent events.
   * @throws UnavailableError `too-many-watchers`, or when the service is stopping
   */
  async watch(response: Response, write: Write): Promise<void> {
    const first = write(await this.now());
    this.#refuseIfFull();
    if (response.closed) return;
    this.#watchers.add(response);
    response.on("close", () => this.#leave(response));
    response.writeHead(200, HEADERS).write(`retry: ${RETRY_MS}\n\n${eventOf(first)}`);
    this.#timer ??= setInterval(() => void this.#tell(write), LOOK_EVERY_MS);
  }

  /** Ends all streams; later ones are refused. */
  end(): void {
    this.#hasEnded = true;
    for (const response of this.#watchers) response.end();
  }

  #refuseIfFull(): void {
    if (this.#hasEnded) throw new UnavailableError("stopping", "the service is stopping; try again", 2);
    if (this.#watchers.size >= this.#mostWatchers)
      throw new UnavailableError(
        "too-many-watchers",
        `${this.#watchers.size} watch already; read /v1/overview instead`,
        30,
      );
  }

  #leave(response: Response): void {
    this.#watchers.delete(response);
    if (this.#watchers.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** What is not known just now is told a second later. */
  async #tell(write: Write): Promise<void> {
    const overview = await this.#lookAgain().catch(() => undefined);
    const text = overview === undefined ? this.#said : write(overview);
    const isNews = text !== this.#said;
    if (!isNews && performance.now() - this.#saidAt < BEAT_EVERY_MS) return;
    [this.#said, this.#saidAt] = [text, performance.now()];
    for (const response of this.#watchers) send(response, isNews ? eventOf(text) : BEAT);
  }
}

const HEADERS = {
  "Content-Type": "text/event-stream; charset=utf-8",
  "Cache-Control": "no-store",
  // A proxy that collects answers before it hands them on would keep these for ever.
  "X-Accel-Buffering": "no",
};

const eventOf = (text: string) => `event: overview\ndata: ${text}\n\n`;
const BEAT = ": still here\nevent: beat\ndata: 1\n\n";

function send(response: Response, text: string): void {
  if (response.writableLength > MOST_UNREAD_BYTES) response.destroy();
  else if (!response.writableEnded) response.write(text);
}
