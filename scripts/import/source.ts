// What an import reads: purchases out of some shop's export, in the shape that the service takes. Where they go, and what
// has to exist there before, is not a source's business.

/** A purchase as POST /v1/purchases takes it. Amounts are decimal strings of minor units. */
export type PurchaseBody = {
  readonly merchant: string;
  readonly order: string;
  /** ISO 8601 with its offset. */
  readonly completedAt: string;
  readonly currency: string;
  readonly buyer?: string;
  readonly items: readonly { readonly item: string; readonly price: string; readonly shipping: string }[];
};

/** An export that has been opened and found to be whole. */
export type Source = {
  /** That of all its purchases. */
  readonly currency: string;
  /** How many orders it holds, and how many of them give purchases. */
  readonly orders: number;
  readonly completed: number;
  /** How many purchases `read` gives. */
  readonly purchases: number;
  /** Why the other orders give none, and how many each reason concerns. */
  readonly skipped: readonly { readonly reason: string; readonly orders: number }[];
  /** The name under which a merchant is registered. */
  merchantName(merchant: string): string;
  /** The purchases, always in the same order. */
  read(): Iterable<PurchaseBody>;
  close(): void;
};

/** Opens a folder. Throws `InputError` when something is missing, or is not what the format says. */
export type Adaptor = (folder: string) => Promise<Source>;
