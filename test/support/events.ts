// Reads server-sent events as a browser does, one after the other.

export interface ServerEvent {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
  readonly data: any;
  /** In how many milliseconds to come back, where the event says so. */
  readonly retry: number | undefined;
}

export class EventReader {
  readonly headers: Headers;
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #leave: AbortController;
  #text = "";

  private constructor(response: Response, leave: AbortController) {
    this.headers = response.headers;
    this.#leave = leave;
    this.#reader = (response.body as ReadableStream<Uint8Array>)
      .pipeThrough(new TextDecoderStream() as never)
      .getReader() as ReadableStreamDefaultReader<string>;
  }

  /** Throws when the address gives no events. */
  static async open(url: string): Promise<EventReader> {
    const leave = new AbortController();
    const response = await fetch(url, { signal: leave.signal });
    if (response.status !== 200) throw new Error(`no events: ${response.status} ${await response.text()}`);
    return new EventReader(response, leave);
  }

  /** The next event, whatever its name. Throws when the stream ends first. */
  async next(): Promise<ServerEvent> {
    const block = await this.#block();
    if (block === undefined) throw new Error("the stream has ended");
    const lines = block.split("\n").map((line) => line.split(/: ?(.*)/s) as [string, string]);
    const field = (name: string) => lines.findLast(([key]) => key === name)?.[1];
    const [data, retry] = [field("data"), field("retry")];
    if (data === undefined) {
      const event = await this.next();
      return { ...event, retry: event.retry ?? (retry === undefined ? undefined : Number(retry)) };
    }
    return {
      name: field("event") ?? "message",
      data: JSON.parse(data),
      retry: retry === undefined ? undefined : Number(retry),
    };
  }

  async nextNamed(name: string): Promise<ServerEvent> {
    for (;;) {
      const event = await this.next();
      if (event.name === name) return event;
    }
  }

  /** Resolves when the other side ends the stream. */
  async end(): Promise<void> {
    while ((await this.#block()) !== undefined);
  }

  async close(): Promise<void> {
    this.#leave.abort();
    await this.#reader.cancel().catch(() => {});
  }

  /** What lies before the next empty line. */
  async #block(): Promise<string | undefined> {
    for (;;) {
      const at = this.#text.indexOf("\n\n");
      if (at >= 0) {
        const block = this.#text.slice(0, at);
        this.#text = this.#text.slice(at + 2);
        return block;
      }
      const { done, value } = await this.#reader.read().catch(() => ({ done: true, value: undefined }));
      if (done) return undefined;
      this.#text += value;
    }
  }
}
