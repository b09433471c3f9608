// Those who must be known to the service before a purchase gives anything: the charity, the merchants, their pledges.
// What is there already is left as it is.

import { eachOf } from "./in-order.ts";
import { RefusedError, type ServiceClient } from "./service-client.ts";

/** Registers the charity under its registration id, unless it is known. Throws what is wrong with service or key. */
export async function ensureCharity(client: ServiceClient, registration: string): Promise<void> {
  await unlessThere(client.write("/v1/charities", { registration, name: registration }));
}

/** What every merchant of an import promises. */
export type Promised = {
  /** The charity's registration id. */
  readonly charity: string;
  readonly basisPoints: number;
  readonly currency: string;
  /** Whether a refund is borne by the merchant or takes its gifts back. */
  readonly refunds: "merchant-bears" | "reverse";
};

const REQUESTS_AT_ONCE = 16;
/** Merchants remembered as done; beyond these they are seen to again, which changes nothing. */
const MOST_REMEMBERED = 200_000;
const STARTS_AT = "2016-01-01T00:00:00Z";

export class Parties {
  readonly #client: ServiceClient;
  readonly #promised: Promised;
  readonly #done = new Map<string, Promise<void>>();
  #charityKey: Promise<string> | undefined;

  constructor(client: ServiceClient, promised: Promised) {
    this.#client = client;
    this.#promised = promised;
  }

  /** Registers these merchants, by id and name, and has the charity accept their pledges. */
  async ensureMerchants(merchants: ReadonlyMap<string, string>): Promise<void> {
    if (this.#done.size > MOST_REMEMBERED) this.#done.clear();
    await eachOf(merchants, REQUESTS_AT_ONCE, ([id, name]) => {
      const done = this.#done.get(id) ?? this.#ensureMerchant(id, name);
      this.#done.set(id, done);
      return done;
    });
  }

  /** Revokes the key that was made to accept pledges. */
  async close(): Promise<void> {
    if (this.#charityKey === undefined) return;
    await this.#client.write("/v1/keys/revocation", { key: await this.#charityKey });
  }

  async #ensureMerchant(id: string, name: string): Promise<void> {
    await unlessThere(this.#client.write("/v1/merchants", { id, name }));
    const pledge = await this.#client.write<{ id: string; accepted: boolean }>(
      "/v1/pledges",
      this.#termsOf(id),
    );
    if (!pledge.accepted) await this.#accept(pledge.id);
  }

  #termsOf(merchant: string) {
    const { charity, basisPoints, currency, refunds } = this.#promised;
    return {
      merchant,
      currency,
      share: { basisPoints },
      base: "price-and-shipping",
      rounding: "half-up",
      minimum: "1",
      refunds,
      charities: [{ charity }],
      startsAt: STARTS_AT,
    };
  }

  async #accept(pledge: string): Promise<void> {
    this.#charityKey ??= this.#makeCharityKey();
    await this.#client.write(`/v1/pledges/${pledge}/acceptance`, {}, await this.#charityKey);
  }

  async #makeCharityKey(): Promise<string> {
    const wanted = { role: "charity", subject: this.#promised.charity, label: "import" };
    return (await this.#client.write<{ key: string }>("/v1/keys", wanted)).key;
  }
}

/** A name that is taken belongs to someone who was there before us. */
async function unlessThere(asked: Promise<unknown>): Promise<void> {
  try {
    await asked;
  } catch (thrown) {
    if (!(thrown instanceof RefusedError && thrown.status === 409)) throw thrown;
  }
}
