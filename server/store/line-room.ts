// Whether a line has room for more: positions end at 2^63, and a line that is full could not be sealed, nor could any batch
// behind it.

import { InputError } from "../errors.ts";
import { only, type Queries } from "./database.ts";

/** Half of what there is, since other processes add to the line before we hear of it. */
const MOST_ON_A_LINE = 2n ** 62n;
const LOOK_EVERY_MS = 60_000;

/** Where a line ended when it was last looked at, with what this process has added since. */
type End = { position: bigint; readonly until: number };

export class LineRoom {
  readonly #sql: Queries;
  readonly #ends = new Map<number, End | Promise<End>>();

  constructor(sql: Queries) {
    this.#sql = sql;
  }

  /**
   * Takes room for an amount: at once where the line has been looked at, else after a look that all wait for who come
   * meanwhile, and go on in the order in which they came. Throws `InputError` when there is none.
   */
  take(line: number, amount: bigint): void | Promise<void> {
    const end = this.#endOf(line);
    return end instanceof Promise ? end.then((known) => add(known, amount)) : add(end, amount);
  }

  #endOf(line: number): End | Promise<End> {
    const end = this.#ends.get(line);
    if (end instanceof Promise || (end !== undefined && end.until > performance.now())) return end;
    const looking = this.#look(line);
    this.#ends.set(line, looking);
    looking.catch(() => this.#ends.delete(line));
    return looking;
  }

  async #look(line: number): Promise<End> {
    const rows = await this.#sql<{ end: bigint }[]>`
      SELECT coalesce((SELECT "to" FROM statements WHERE line = ${line} AND kind = 0 ORDER BY batch DESC LIMIT 1), 0) AS end`;
    const end = { position: only(rows).end, until: performance.now() + LOOK_EVERY_MS };
    this.#ends.set(line, end);
    return end;
  }
}

function add(end: End, amount: bigint): void {
  if (end.position + amount > MOST_ON_A_LINE)
    throw new InputError(
      "line-full",
      `the line stands at ${end.position} and has no room for ${amount} more`,
    );
  end.position += amount;
}
