// What every programme's rules end in: gifts, each the amount that one contribution adds to one line.

export type Gift = {
  /** Tells the gifts of one event apart: the shop's name for the item, or whatever else there are several of. */
  readonly item: string;
  /** The charity's public registration id. */
  readonly charity: string;
  /** A currency, or STEP, MINUTE, MEAL. */
  readonly unit: string;
  /** In the unit's smallest part; at least 1. */
  readonly amount: bigint;
  /** The hash of the terms that it follows from; zero if none. */
  readonly terms: Uint8Array;
  /** The private details: flat, with `programme` and `charity` among them. A nonce is added when they are recorded. */
  readonly details: Readonly<Record<string, unknown>>;
};
