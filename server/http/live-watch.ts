// A document as it is now, and whoever watches it: one look at the store a second for all of a process, however many ask.
// Nobody is kept waiting for a slow watcher, and none outlives the service.

import type { Response } from "express";
import { UnavailableError } from "../errors.ts";

const LOOK_EVERY_MS = 1_000;
/** Proxies end what is silent for a minute; a page that hears nothing for longer takes its line for dead. */
const BEAT_EVERY_MS = 15_000;
export const MOST_WATCHERS = 2_000;
/** Who takes nothing in is let go, and comes back by itself. */
const MOST_UNREAD_BYTES = 64_000;
const RETRY_MS = 3_000;

/** A look, under way or done: then it counts for a second. */
type Look<Seen> = { until: number; readonly seen: Promise<Seen> };

/** How what is seen is written for its watchers: one line of text. */
type Write<Seen> = (seen: Seen) => string;

export type Watched<Seen> = {
  /** The name of its events. */
  readonly event: string;
  /** Where it is read instead, by those for whom there is no room. */
  readonly path: string;
  look(): Promise<Seen>;
};

export class LiveWatch<Seen> {
  readonly #watched: Watched<Seen>;
  readonly #mostWatchers: number;
  readonly #watchers = new Set<Response>();
  #looked: Look<Seen> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #said = "";
  #saidAt = 0;
  #hasEnded = false;

  constructor(watched: Watched<Seen>, mostWatchers = MOST_WATCHERS) {
    this.#watched = watched;
    this.#mostWatchers = mostWatchers;
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  /** At most a second old; whoever asks meanwhile gets the same. */
  now(): Promise<Seen> {
    const known = this.#looked;
    return known !== undefined && performance.now() < known.until ? known.seen : this.#lookAgain();
  }

  /** One look at a time, so that none tells of an earlier state than the one before it. */
  #lookAgain(): Promise<Seen> {
    if (this.#looked?.until === Number.POSITIVE_INFINITY) return this.#looked.seen;
    const seen = this.#watched.look();
    const looked: Look<Seen> = { until: Number.POSITIVE_INFINITY, seen };
    this.#looked = looked;
    seen.then(
      () => (looked.until = performance.now() + LOOK_EVERY_MS),
      () => (looked.until = 0),
    );
    return seen;
  }

  /**
   * Tells this watcher what there is, and from then on what has changed, as server-sent events.
   * @throws UnavailableError `too-many-watchers`, or when the service is stopping
   */
  async watch(response: Response, write: Write<Seen>): Promise<void> {
    const first = write(await this.now());
    this.#refuseIfFull();
    if (response.closed) return;
    this.#watchers.add(response);
    response.on("close", () => this.#leave(response));
    response.writeHead(200, HEADERS).write(`retry: ${RETRY_MS}\n\n${this.#eventOf(first)}`);
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
        `${this.#watchers.size} watch already; read ${this.#watched.path} instead`,
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
  async #tell(write: Write<Seen>): Promise<void> {
    const seen = await this.#lookAgain().catch(() => undefined);
    const text = seen === undefined ? this.#said : write(seen);
    const isNews = text !== this.#said;
    if (!isNews && performance.now() - this.#saidAt < BEAT_EVERY_MS) return;
    [this.#said, this.#saidAt] = [text, performance.now()];
    for (const response of this.#watchers) send(response, isNews ? this.#eventOf(text) : BEAT);
  }

  #eventOf(text: string): string {
    return `event: ${this.#watched.event}\ndata: ${text}\n\n`;
  }
}

const HEADERS = {
  "Content-Type": "text/event-stream; charset=utf-8",
  "Cache-Control": "no-store",
  // A proxy that collects answers before it hands them on would keep these for ever.
  "X-Accel-Buffering": "no",
};

const BEAT = ": still here\nevent: beat\ndata: 1\n\n";

function send(response: Response, text: string): void {
  if (response.writableLength > MOST_UNREAD_BYTES) response.destroy();
  else if (!response.writableEnded) response.write(text);
}
