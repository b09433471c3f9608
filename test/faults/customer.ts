// A client that writes down every acknowledgement that it gets, whatever happens to the service: the one witness that the
// audit believes. What was sent and never answered is sent again until it is.

import { type IncomingMessage, request } from "node:http";
import { expect } from "chai";
import type { PromiseFile } from "../../server/protocol/promise-file.ts";
import { call } from "../support/client.ts";
import { between } from "../support/random.ts";
import { purchaseOf, type Shop } from "../support/shop.ts";

interface Receipt {
  readonly id: string;
  readonly amount: string;
  readonly kind: number;
  readonly promise: PromiseFile;
}

interface Event {
  readonly path: "/v1/purchases" | "/v1/refunds";
  readonly key: string;
  readonly body: object;
}

const LINES_AT_MOST = 150;

export class Customer {
  /** What the service has acknowledged, by the event's name. */
  readonly acknowledged = new Map<string, readonly Receipt[]>();
  /** Everything that was ever sent. */
  readonly #sent = new Map<string, Event>();
  readonly #refundable: { shop: Shop; order: string }[] = [];
  readonly #shops: readonly Shop[];
  readonly #random: () => number;
  #orders = 0;

  constructor(shops: readonly Shop[], random: () => number) {
    this.#shops = shops;
    this.#random = random;
  }

  get unacknowledged(): string[] {
    return [...this.#sent.keys()].filter((name) => !this.acknowledged.has(name));
  }

  /** Buys, in single requests, bulks and refunds at once, until the signal; a service that is gone ends it sooner. */
  async shop(url: string, signal: AbortSignal): Promise<void> {
    const until = async (step: () => Promise<boolean>) => {
      while (!signal.aborted && (await step()));
    };
    await Promise.all([
      ...[1, 2, 3, 4].map(() => until(() => this.#buyOne(url))),
      ...[1, 2].map(() => until(() => this.#buyMany(url))),
      ...[1, 2].map(() => until(() => this.#takeBack(url))),
    ]);
  }

  /** Sends again what was never acknowledged. */
  async settle(url: string): Promise<void> {
    for (const name of this.unacknowledged)
      if (!(await this.#send(url, name))) throw new Error(`${name} is not acknowledged`);
  }

  /** Tells everything a second time; the answers must be the first ones. */
  async repeatAll(url: string): Promise<void> {
    for (const shop of this.#shops) {
      const own = [...this.#sent].filter(
        ([, { key, path }]) => key === shop.merchantKey && path === "/v1/purchases",
      );
      await this.#upload(url, shop, own);
    }
    for (const [name, { path }] of this.#sent) if (path === "/v1/refunds") await this.#send(url, name);
  }

  #order(): { name: string; shop: Shop; event: Event } {
    const shop = this.#shops[between(this.#random, 0, this.#shops.length - 1)]!;
    const order = `o-${this.#orders++}`;
    const items = Array.from({ length: between(this.#random, 1, 3) }, (_, item) => ({
      item: `${item + 1}`,
      quantity: 4,
      price: `${between(this.#random, 100, 90_000)}`,
    }));
    const body = purchaseOf(shop.merchant, order, { items });
    return { name: `buy ${order}`, shop, event: { path: "/v1/purchases", key: shop.merchantKey, body } };
  }

  async #buyOne(url: string): Promise<boolean> {
    const { name, shop, event } = this.#order();
    this.#sent.set(name, event);
    const answered = await this.#send(url, name);
    if (answered) this.#refundable.push({ shop, order: name.slice(4) });
    return answered;
  }

  async #takeBack(url: string): Promise<boolean> {
    const choice = this.#refundable[between(this.#random, 0, Math.max(0, this.#refundable.length - 1))];
    if (choice === undefined) return pause(10);
    const { shop, order } = choice;
    const refund = `r-${this.#orders++}`;
    const part = { item: "1", price: `${between(this.#random, 1, 25)}` };
    const body = {
      merchant: shop.merchant,
      refund,
      order,
      refundedAt: "2025-12-01T00:00:00Z",
      items: [part],
    };
    this.#sent.set(`refund ${refund}`, { path: "/v1/refunds", key: shop.merchantKey, body });
    return this.#send(url, `refund ${refund}`);
  }

  async #buyMany(url: string): Promise<boolean> {
    const shop = this.#shops[between(this.#random, 0, this.#shops.length - 1)]!;
    const orders = Array.from({ length: between(this.#random, 1, LINES_AT_MOST) }, () => this.#order());
    const own = orders.filter((order) => order.shop === shop);
    for (const { name, event } of own) this.#sent.set(name, event);
    return this.#upload(
      url,
      shop,
      own.map(({ name, event }) => [name, event] as const),
    );
  }

  /** True when it was answered. A refusal that is not for lack of service, or for too much taken back, is a failure. */
  async #send(url: string, name: string): Promise<boolean> {
    const { path, key, body } = this.#sent.get(name)!;
    const answer = await call(`${url}${path}`, { key, body }).catch(() => undefined);
    if (answer === undefined || answer.status === 503) return false;
    if (answer.body.type === "urn:amanah:problem:refund-too-large") this.#sent.delete(name);
    else this.#acknowledge(name, answer.status, answer.body);
    return true;
  }

  /** One bulk; every whole line of the answer counts, also when the rest never comes. */
  async #upload(
    url: string,
    { merchantKey }: Shop,
    events: readonly (readonly [string, Event])[],
  ): Promise<boolean> {
    const headers = { Authorization: `Bearer ${merchantKey}`, "Content-Type": "application/x-ndjson" };
    const sending = request(`${url}/v1/purchases/bulk`, { method: "POST", headers });
    sending.end(events.map(([, { body }]) => `${JSON.stringify(body)}\n`).join(""));
    const response = await new Promise<IncomingMessage | undefined>((resolve) => {
      sending.on("response", resolve).on("error", () => resolve(undefined));
    });
    if (response === undefined) return false;
    const text = await linesOf(response);
    for (const [at, line] of text.entries()) {
      const result = JSON.parse(line);
      if (result.status !== 503) this.#acknowledge(events[at]![0], result.status, result);
    }
    return text.length === events.length;
  }

  #acknowledge(name: string, status: number, body: { receipts: Receipt[] }): void {
    expect(status, `${name}: ${JSON.stringify(body)}`).to.be.oneOf([200, 201]);
    const receipts = body.receipts.map(({ id, amount, kind, promise }) => ({ id, amount, kind, promise }));
    const before = this.acknowledged.get(name);
    if (before !== undefined) expect(receipts, `${name} again`).to.deep.equal(before);
    this.acknowledged.set(name, receipts);
  }
}

const pause = async (milliseconds: number): Promise<true> => {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return true;
};

/** The whole lines that came before the end, however it ended. */
async function linesOf(response: IncomingMessage): Promise<string[]> {
  let text = "";
  response.setEncoding("utf8");
  try {
    for await (const part of response) text += part;
  } catch {
    // Cut off: what follows the last newline was never an answer.
  }
  return text.split("\n").slice(0, -1);
}
