// A document of the service as it changes: server-sent events, and asking every few seconds where those do not come through. Outside of
// React, so that nothing is heard twice and nothing is lost when the page is drawn anew.

import { get } from "../api/client.ts";

/** `asking`: there are answers, and no events. `none`: there is neither. */
export type Connection = "connecting" | "live" | "reconnecting" | "asking" | "none";

export type Feed<Told> = {
  readonly told: Told | undefined;
  readonly connection: Connection;
  /** When the figures were last confirmed, in Unix milliseconds. */
  readonly heardAt: number | undefined;
  readonly error: unknown;
};

const ASK_EVERY_MS = 5_000;
/** The service says something every fifteen seconds; a line that is silent for longer than this is dead. */
const SILENCE_LIMIT_MS = 40_000;
const FIRST_LIMIT_MS = 5_000;
const OPEN_AGAIN_MS = 20_000;

type Timer = ReturnType<typeof setTimeout> | undefined;

export type Followed<Told> = {
  /** Where the document is read; its stream is behind it. */
  readonly path: string;
  /** The name of the stream's events. */
  readonly event: string;
  /** What is shown once `came` has come after `known`: answers may overtake each other. */
  following(known: Told | undefined, came: Told): Told;
};

export class LiveFeed<Told> {
  readonly #followed: Followed<Told>;
  #feed: Feed<Told> = { told: undefined, connection: "connecting", heardAt: undefined, error: undefined };
  readonly #listeners = new Set<() => void>();
  #source: EventSource | undefined;
  #silence: Timer;
  #asking: Timer;
  #opening: Timer;

  constructor(followed: Followed<Told>) {
    this.#followed = followed;
  }

  /** Runs as long as somebody listens. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#open();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#close();
    };
  };

  readonly now = (): Feed<Told> => this.#feed;

  readonly askNow = (): void => void this.#ask();

  #say(change: Partial<Feed<Told>>): void {
    this.#feed = { ...this.#feed, ...change };
    for (const listener of this.#listeners) listener();
  }

  #open(): void {
    this.#close();
    const { path, event } = this.#followed;
    const source = new EventSource(`${path}/stream`);
    this.#source = source;
    source.addEventListener(event, ({ data }) => this.#heard(JSON.parse(data) as Told));
    source.addEventListener("beat", () => this.#heard());
    source.addEventListener("error", () => this.#lost(source));
    this.#watchSilence(FIRST_LIMIT_MS);
  }

  #close(): void {
    this.#source?.close();
    this.#source = undefined;
    for (const timer of [this.#silence, this.#asking, this.#opening]) clearTimeout(timer);
    this.#silence = this.#asking = this.#opening = undefined;
  }

  #heard(told?: Told): void {
    clearTimeout(this.#asking);
    this.#asking = undefined;
    this.#watchSilence(SILENCE_LIMIT_MS);
    this.#take(told, "live");
  }

  #take(came: Told | undefined, connection: Connection): void {
    const told = came === undefined ? this.#feed.told : this.#followed.following(this.#feed.told, came);
    this.#say({ told, connection, heardAt: Date.now(), error: undefined });
  }

  /** The browser comes back by itself unless it was refused; meanwhile the figures are asked for. */
  #lost(source: EventSource): void {
    clearTimeout(this.#silence);
    if (source.readyState === EventSource.CLOSED) this.#openLater();
    if (this.#feed.connection === "live") this.#say({ connection: "reconnecting" });
    this.#askAlways();
  }

  #openLater(): void {
    clearTimeout(this.#opening);
    this.#opening = setTimeout(() => this.#open(), OPEN_AGAIN_MS);
  }

  #watchSilence(limitMs: number): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.#source?.close();
      this.#openLater();
      this.#askAlways();
    }, limitMs);
  }

  #askAlways(): void {
    if (this.#asking !== undefined) return;
    const again = async () => {
      await this.#ask();
      if (this.#asking !== undefined) this.#asking = setTimeout(again, ASK_EVERY_MS);
    };
    this.#asking = setTimeout(again, 0);
  }

  async #ask(): Promise<void> {
    try {
      const came = await get<Told>(this.#followed.path);
      this.#take(came, this.#feed.connection === "live" ? "live" : "asking");
    } catch (error) {
      if (this.#feed.connection !== "live") this.#say({ connection: "none", error });
    }
  }
}
