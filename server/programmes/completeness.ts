// What a merchant was told of its days, compared with its own export of orders. Pure, so that the merchant's command and
// the regulator's audit find the same.

import { z } from "zod";
import { fromHex, toHex, utf8 } from "../protocol/bytes.ts";
import { canonicalJson } from "../protocol/details.ts";
import { keccak } from "../protocol/hash.ts";
import { amountMinor } from "./fields.ts";

export const MERCHANT_TOTAL_FORMAT = "amanah-merchant-total/1";
export const COMPLETENESS_FORMAT = "amanah-completeness/1";

const hex = (bytes: number) => z.string().regex(new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`));
const day = z.iso.date();

/** The document whose hash is a notice: what was recorded of one merchant on one UTC day. */
export const merchantTotalSchema = z.object({
  format: z.literal(MERCHANT_TOTAL_FORMAT),
  ledger: hex(32),
  merchant: z.string(),
  day,
  purchases: amountMinor,
  sums: z.array(z.object({ currency: z.string(), paid: amountMinor, given: amountMinor })),
  refunds: z.object({
    count: amountMinor,
    sums: z.array(z.object({ currency: z.string(), reversed: amountMinor })),
  }),
  /** The number of all purchases of this merchant recorded until the end of the day. */
  last: amountMinor,
  salt: hex(16),
});

/** What the merchant gets: the document, where its hash is to be found, and on request the orders behind it. */
export const completenessSchema = z.object({
  format: z.literal(COMPLETENESS_FORMAT),
  merchant: z.string(),
  day,
  total: merchantTotalSchema,
  /** keccak-256 of the canonical JSON of `total`: the content of its notice. */
  hash: hex(32),
  /** keccak-256 of the merchant's id in UTF-8 and the salt: the subject of its notice. */
  subject: hex(32),
  /** The batch whose notice it is. */
  batch: amountMinor,
  orders: z.array(z.string()).nullable(),
  /** How many of the purchases were erased since: their order numbers are not known any more. */
  erasedOrders: amountMinor,
});

export type MerchantTotal = z.output<typeof merchantTotalSchema>;
export type Completeness = z.output<typeof completenessSchema>;

/** Of the merchant's own books: one order, what was paid for it in minor units. */
export type ExportedOrder = { readonly order: string; readonly paid: bigint; readonly currency: string };

export type CompletenessCode =
  | "hash-differs"
  | "subject-differs"
  | "another-merchant"
  | "sequence-differs"
  | "order-twice"
  | "missing-order"
  | "extra-order"
  | "count-differs"
  | "sum-differs";

export type CompletenessFinding = {
  readonly code: CompletenessCode;
  readonly says: string;
  readonly order?: string;
  readonly day?: string;
  readonly currency?: string;
};

export const totalHash = (total: MerchantTotal): string => toHex(keccak(utf8(canonicalJson(total))));

/** The subject of a merchant total's notice: whose it is can be told by who knows the salt alone. 32 bytes. */
export const totalSubject = (merchant: string, salt: Uint8Array): Uint8Array =>
  keccak(Uint8Array.from([...utf8(merchant), ...salt]));

/**
 * Everything in which what the merchant was told differs from its own export; empty when it is complete. The export holds
 * the orders of exactly the days told of. With the order lists each missing or extra order is named; without them counts
 * and sums are compared.
 */
export function compareWithExport(
  told: Completeness | readonly Completeness[],
  orders: Iterable<ExportedOrder>,
): CompletenessFinding[] {
  const statements = [told].flat().sort((a, b) => (a.day < b.day ? -1 : 1)) as Completeness[];
  const own = tallyOf(orders);
  return [
    ...statements.flatMap(findInDocument),
    ...findInSequence(statements),
    ...[...own.twice].map((order) =>
      finding("order-twice", `order ${order} is in the export twice`, { order }),
    ),
    ...findInOrders(statements, own),
    ...findInCounts(statements, own),
  ];
}

const finding = (
  code: CompletenessCode,
  says: string,
  facts: Omit<CompletenessFinding, "code" | "says"> = {},
): CompletenessFinding => ({ code, says, ...facts });

function findInDocument({ total, hash, subject, merchant, day }: Completeness): CompletenessFinding[] {
  const expected = toHex(totalSubject(total.merchant, fromHex(total.salt)));
  return [
    ...when(totalHash(total) !== hash, "hash-differs", `the total of ${day} does not have the hash ${hash}`, {
      day,
    }),
    ...when(
      subject !== expected,
      "subject-differs",
      `the notice of ${day} would have the subject ${expected}`,
      {
        day,
      },
    ),
    ...when(
      total.merchant !== merchant || total.day !== day,
      "another-merchant",
      `the total is of ${total.merchant} on ${total.day}, not of ${merchant} on ${day}`,
      { day },
    ),
  ];
}

const when = (holds: boolean, ...[code, says, facts]: Parameters<typeof finding>): CompletenessFinding[] =>
  holds ? [finding(code, says, facts)] : [];

/** Days without purchases have no total, so the number at the end of one day is where the next that is told of begins. */
function findInSequence(statements: readonly Completeness[]): CompletenessFinding[] {
  return statements.slice(1).flatMap(({ total, day }, index) => {
    const before = (statements[index] as Completeness).total;
    const expected = BigInt(before.last) + BigInt(total.purchases);
    const says = `${day} ends with number ${total.last}; ${before.day} ended with ${before.last} and ${total.purchases} came, which makes ${expected}`;
    return when(BigInt(total.last) !== expected, "sequence-differs", says, { day });
  });
}

type Tally = {
  readonly orders: ReadonlySet<string>;
  readonly twice: ReadonlySet<string>;
  readonly paid: ReadonlyMap<string, bigint>;
};

function tallyOf(exported: Iterable<ExportedOrder>): Tally {
  const [orders, twice, paid] = [new Set<string>(), new Set<string>(), new Map<string, bigint>()];
  for (const { order, paid: amount, currency } of exported) {
    if (orders.has(order)) twice.add(order);
    orders.add(order);
    paid.set(currency, (paid.get(currency) ?? 0n) + amount);
  }
  return { orders, twice, paid };
}

/** Orders that were erased have lost their numbers: so many of the export may be missing from the list. */
function findInOrders(statements: readonly Completeness[], own: Tally): CompletenessFinding[] {
  if (statements.some(({ orders }) => orders === null)) return [];
  const recorded = new Set(statements.flatMap(({ orders }) => orders ?? []));
  const erased = statements.reduce((sum, { erasedOrders }) => sum + BigInt(erasedOrders), 0n);
  const missing = [...own.orders].filter((order) => !recorded.has(order));
  const extra = [...recorded].filter((order) => !own.orders.has(order));
  return [
    ...(BigInt(missing.length) <= erased ? [] : missing).map((order) =>
      finding("missing-order", `order ${order} is in the export and was not recorded`, { order }),
    ),
    ...extra.map((order) =>
      finding("extra-order", `order ${order} was recorded and is not in the export`, { order }),
    ),
  ];
}

function findInCounts(statements: readonly Completeness[], own: Tally): CompletenessFinding[] {
  const told = statements.reduce((sum, { total }) => sum + BigInt(total.purchases), 0n);
  const counted = BigInt(own.orders.size);
  const says = `${told} purchases were recorded; the export has ${counted}`;
  return [...when(told !== counted, "count-differs", says), ...findInSums(statements, own)];
}

function findInSums(statements: readonly Completeness[], own: Tally): CompletenessFinding[] {
  const told = new Map<string, bigint>();
  for (const { currency, paid } of statements.flatMap(({ total }) => total.sums))
    told.set(currency, (told.get(currency) ?? 0n) + BigInt(paid));
  return [...new Set([...told.keys(), ...own.paid.keys()])].sort().flatMap((currency) => {
    const [recorded, exported] = [told.get(currency) ?? 0n, own.paid.get(currency) ?? 0n];
    const says = `${recorded} minor units of ${currency} were recorded; the export has ${exported}`;
    return when(recorded !== exported, "sum-differs", says, { currency });
  });
}
