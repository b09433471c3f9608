// Tells other systems what has happened, at least once: shares out what is new, sends what is due, and tries again what was
// not taken. One process does it at a time; whoever follows sends again what was under way, under the same name.

import type { Logger } from "pino";
import { messageOf } from "../../errors.ts";
import { retryAfter } from "../../programmes/webhooks/message.ts";
import { type Database, isUnavailable } from "../../store/database.ts";
import { happeningOf } from "../../store/webhook-data.ts";
import { shareOut, sharePurchases } from "../../store/webhook-events.ts";
import {
  type DueMessage,
  disableWebhook,
  dueMessages,
  forgetOldMessages,
  messageFailed,
  messageTaken,
} from "../../store/webhook-messages.ts";
import { indexedBatch } from "../../store/webhooks.ts";
import { pause } from "../leader.ts";
import { letterOf } from "./letter.ts";
import { post } from "./post.ts";

export type Teller = {
  readonly sql: Database;
  readonly log: Logger;
  /** Whether addresses of this machine may be sent to. */
  readonly demonstration: boolean;
  /** After how many seconds each failure is tried again. */
  readonly schedule: readonly number[];
  readonly timeoutMs: number;
};

const LOOK_EVERY_MS = 500;
const FORGET_EVERY_MS = 3_600_000;
const MOST_AT_ONCE = 200;
const MOST_AT_ONCE_EACH = 4;
const MOST_READ = 400;

/** Runs until the signal aborts. Throws when the database is out of reach. */
export async function tellAlways(teller: Teller, signal: AbortSignal): Promise<void> {
  const post = new PostOffice(teller, signal);
  const purchases = new PurchaseRound(teller.sql);
  let forgetAt = 0;
  try {
    while (!signal.aborted) {
      const shared = [await shareOut(teller.sql), (await purchases.step()) > 0].includes(true);
      if (performance.now() >= forgetAt) {
        await forgetOldMessages(teller.sql);
        forgetAt = performance.now() + FORGET_EVERY_MS;
      }
      const sent = await post.send();
      if (!shared && sent === 0) await pause(LOOK_EVERY_MS, signal);
    }
  } finally {
    await post.ended();
  }
}

/** Goes round the merchants' endpoints whenever the index of purchases has grown, and again where not all was shared. */
class PurchaseRound {
  readonly #sql: Database;
  #seen = -1n;
  #after = 0n;
  #made = 0;

  constructor(sql: Database) {
    this.#sql = sql;
  }

  /** One bounded step; answers with the number of messages. */
  async step(): Promise<number> {
    if (this.#after === 0n && this.#made === 0) {
      const indexed = await indexedBatch(this.#sql);
      if (indexed === this.#seen) return 0;
      this.#seen = indexed;
    } else if (this.#after === 0n) this.#made = 0;
    const { last, made } = await sharePurchases(this.#sql, this.#after);
    this.#after = last;
    this.#made += made;
    return made;
  }
}

/** What is under way, so many at once, and few to each endpoint: a slow one holds up nobody else. */
class PostOffice {
  readonly #teller: Teller;
  readonly #signal: AbortSignal;
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #each = new Map<bigint, number>();
  readonly #full = new Set<bigint>();
  /** What ended since the last look at what is due began: as seen by it, it may still be due. */
  readonly #justEnded = new Set<string>();
  #lost: unknown;

  constructor(teller: Teller, signal: AbortSignal) {
    this.#teller = teller;
    this.#signal = signal;
  }

  /** Sends what is due as far as there is room; answers with how many were begun. */
  async send(): Promise<number> {
    if (this.#lost !== undefined) throw this.#lost;
    const room = MOST_AT_ONCE - this.#underWay.size;
    if (room <= 0) return 0;
    this.#justEnded.clear();
    const due = await dueMessages(this.#teller.sql, [...this.#full], MOST_READ);
    const begun = due.filter((message) => this.#begin(message));
    return begun.length;
  }

  #begin(message: DueMessage): boolean {
    const name = `${message.endpoint} ${message.kind} ${message.key}`;
    if (this.#underWay.has(name) || this.#justEnded.has(name)) return false;
    const own = this.#each.get(message.endpoint) ?? 0;
    const most = message.failing ? 1 : MOST_AT_ONCE_EACH;
    if (own >= most) this.#full.add(message.endpoint);
    if (own >= most || this.#underWay.size >= MOST_AT_ONCE) return false;
    this.#each.set(message.endpoint, own + 1);
    this.#underWay.set(
      name,
      this.#carry(message).finally(() => this.#end(name, message.endpoint)),
    );
    return true;
  }

  #end(name: string, endpoint: bigint): void {
    this.#underWay.delete(name);
    this.#justEnded.add(name);
    this.#full.delete(endpoint);
    const left = (this.#each.get(endpoint) ?? 1) - 1;
    if (left === 0) this.#each.delete(endpoint);
    else this.#each.set(endpoint, left);
  }

  async #carry(message: DueMessage): Promise<void> {
    try {
      await carry(this.#teller, message, this.#signal);
    } catch (thrown) {
      await this.#giveUp(message, thrown).catch((lost) => {
        this.#lost = lost;
      });
    }
  }

  /** Our own error is tried again as seldom as another's; without a database nothing can be written down. */
  async #giveUp(message: DueMessage, thrown: unknown): Promise<void> {
    if (isUnavailable(thrown)) throw thrown;
    const { sql, log, schedule } = this.#teller;
    log.error({ err: thrown }, `webhooks: ${messageOf(thrown)}`);
    const retry = retryAfter(schedule, message.attempts + 1, Math.random());
    await messageFailed(sql, message, "the message could not be made; the reason is logged", retry);
  }

  async ended(): Promise<void> {
    await Promise.all(this.#underWay.values());
  }
}

/** One message: sent, and what became of it written down. Cut off, it is as if it had not been tried. */
async function carry(teller: Teller, message: DueMessage, signal: AbortSignal): Promise<void> {
  const { sql, schedule } = teller;
  const happening = await happeningOf(sql, message);
  if (happening === undefined) return messageTaken(sql, message);
  const sent = await post(letterOf(message, happening, new Date()), { ...teller, signal });
  if (sent.outcome === "taken") return messageTaken(sql, message);
  if (signal.aborted) return;
  const why =
    sent.outcome === "gone" ? "the endpoint answered with 410: it wants no more messages" : sent.why;
  await messageFailed(sql, message, why, retryAfter(schedule, message.attempts + 1, Math.random()));
  if (sent.outcome === "gone") await disableWebhook(sql, message.endpoint, why);
}
