// Merchants' pledges in memory, since every purchase asks for them. A change made by any process reaches all of them by
// PostgreSQL's notifications, as a rule at once; where these are not heard, after five seconds at most.

import { type Database, textArray } from "./database.ts";
import { PLEDGES_CHANGED, pledgesOf, type StoredPledge } from "./pledges.ts";

const MOST_MERCHANTS = 200_000;
const KEPT_MS = 5_000;

/** A merchant's pledges, or null when there is no such merchant. */
type Entry = readonly StoredPledge[] | null;

export class PledgeCache {
  readonly #sql: Database;
  #entries = new Map<string, { readonly entry: Entry; readonly until: number }>();
  /** Rises at each change heard, so that an answer read before it is not kept. */
  #changes = 0;
  #listening = false;

  constructor(sql: Database) {
    this.#sql = sql;
  }

  /** Starts to listen for changes; returns how to stop. */
  async listen(): Promise<() => Promise<void>> {
    const { unlisten } = await this.#sql.listen(
      PLEDGES_CHANGED,
      (merchant) => this.forget(merchant),
      () => this.#restart(),
    );
    return async () => {
      this.#listening = false;
      await unlisten();
    };
  }

  /** Called on the first connection and after each reconnection: what was said meanwhile was not heard. */
  #restart(): void {
    this.#changes += 1;
    this.#entries.clear();
    this.#listening = true;
  }

  forget(merchant: string): void {
    this.#changes += 1;
    this.#entries.delete(merchant);
  }

  /** The pledges of each of these merchants; unknown merchants map to null. One query for those not in memory. */
  async of(merchants: Iterable<string>): Promise<Map<string, Entry>> {
    const found = new Map<string, Entry>();
    const missing: string[] = [];
    for (const merchant of new Set(merchants)) {
      const kept = this.#entries.get(merchant);
      if (kept === undefined || kept.until <= performance.now()) missing.push(merchant);
      else found.set(merchant, kept.entry);
    }
    if (missing.length > 0)
      for (const [merchant, entry] of await this.#read(missing)) found.set(merchant, entry);
    return found;
  }

  async #read(merchants: string[]): Promise<Map<string, Entry>> {
    const changes = this.#changes;
    const entries = new Map<string, StoredPledge[] | null>(merchants.map((merchant) => [merchant, null]));
    const rows = await this.#sql<
      { id: string }[]
    >`SELECT id FROM merchants WHERE id = ANY(${textArray(merchants)}::text[])`;
    for (const { id } of rows) entries.set(id, []);
    for (const pledge of await pledgesOf(this.#sql, merchants))
      entries.get(pledge.terms.merchant)?.push(pledge);
    if (this.#listening && changes === this.#changes) this.#keep(entries);
    return entries;
  }

  #keep(entries: Map<string, Entry>): void {
    if (this.#entries.size + entries.size > MOST_MERCHANTS) this.#entries.clear();
    // A merchant that is not there yet may be added without a pledge, so its absence is not remembered.
    const until = performance.now() + KEPT_MS;
    for (const [merchant, entry] of entries)
      if (entry !== null) this.#entries.set(merchant, { entry, until });
  }
}
