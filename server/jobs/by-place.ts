// Rows that a query gives place after place, handed out one place at a time. What a place is, the query knows.

type Groups<Row> = AsyncIterable<Row[]>;

/** The query starts with the first place that is asked for. Places are asked for in rising order, each to its end. */
export class ByPlace<Row extends { readonly place: number }> {
  readonly #start: () => Groups<Row>;
  #groups: AsyncIterator<Row[]> | undefined;
  #rest: Row[] = [];

  constructor(start: () => Groups<Row>) {
    this.#start = start;
  }

  /** The rows of a place, in groups. */
  async *of(place: number): AsyncGenerator<Row[]> {
    while (this.#rest.length > 0 || (await this.#more())) {
      const other = this.#rest.findIndex((row) => row.place !== place);
      const own = this.#rest.splice(0, other < 0 ? this.#rest.length : other);
      if (own.length > 0) yield own;
      if (this.#rest.length > 0) return;
    }
  }

  async #more(): Promise<boolean> {
    this.#groups ??= this.#start()[Symbol.asyncIterator]();
    const { value, done } = await this.#groups.next();
    this.#rest = done ? [] : value;
    return !done;
  }
}
