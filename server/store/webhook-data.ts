// What a message tells of a happening: read when it is sent, so that what was erased meanwhile is told to nobody. Amounts
// and positions are decimal strings of minor units, hashes 0x-hex. No buyer, and no key that opens a receipt.

import { type MessageKind, TEST_KIND } from "../programmes/webhooks/kinds.ts";
import { fromHex, toHex } from "../protocol/bytes.ts";
import type { CallArgs } from "../protocol/contract-calls.ts";
import type { Queries } from "./database.ts";
import { eventsByIds } from "./events.ts";
import { payoutById } from "./payouts.ts";
import { receiptsByIds, type StoredReceipt } from "./receipts.ts";

/**
 * `name`: what it has to itself among all of its kind, taken from what happened and not from the number of our row: a service
 * that is restored gives numbers out again, and receivers would take another payout for one that they know.
 */
export type Happening = { readonly name: string; readonly at: Date; readonly data: object };

/** Undefined when it is not here any more. */
export const happeningOf = (
  sql: Queries,
  { kind, key }: { readonly kind: MessageKind; readonly key: string },
): Promise<Happening | undefined> => READERS[kind](sql, key);

const READERS: Record<MessageKind, (sql: Queries, key: string) => Promise<Happening | undefined>> = {
  "receipt.recorded": receiptsOf,
  "batch.anchored": batchOf,
  "payout.paid": payoutOf,
  "payout.acknowledged": acknowledgementOf,
  "disbursement.published": disbursementOf,
  [TEST_KIND]: async (_, key) => {
    return { name: key, at: new Date(Number(key)), data: { says: "this endpoint is told" } };
  },
};

/** Each fen of a line is paid, acknowledged and spent once. */
const nameOf = (charity: string, unit: string, from: bigint | string, upTo: bigint | string): string =>
  `${charity} ${unit} ${from} ${upTo}`;

async function receiptsOf(sql: Queries, key: string): Promise<Happening | undefined> {
  const event = (await eventsByIds(sql, [Buffer.from(key, "hex")])).get(key);
  if (event === undefined) return undefined;
  const receipts = await receiptsByIds(sql, event.receipts);
  const told = event.body === null ? {} : (JSON.parse(event.body) as Record<string, unknown>);
  const data = {
    merchant: told.merchant ?? null,
    order: told.order ?? null,
    refund: told.refund ?? null,
    batch: `${event.batch}`,
    receipts: event.receipts.map((id) => showReceipt(receipts.get(id.toString("hex")) as StoredReceipt)),
  };
  return { name: key, at: new Date(Number(event.accepted_at) * 1000), data };
}

const showReceipt = (receipt: StoredReceipt) => ({
  id: toHex(receipt.id),
  item: receipt.private === null ? null : ((JSON.parse(receipt.private) as { item?: string }).item ?? null),
  charity: receipt.registration,
  unit: receipt.unit,
  kind: receipt.kind,
  amount: `${receipt.amount}`,
});

type BatchRow = {
  number: bigint;
  root: Buffer;
  receipts: bigint;
  closed_at: bigint;
  anchored_at: Date;
  transaction: Buffer | null;
};

async function batchOf(sql: Queries, key: string): Promise<Happening | undefined> {
  const [batch] = await sql<BatchRow[]>`
    SELECT number, root, receipts, closed_at, coalesce(anchored_at, now()) AS anchored_at, transaction
    FROM batches WHERE number = ${key}::bigint`;
  if (batch === undefined) return undefined;
  const { number, root, receipts, closed_at, anchored_at, transaction } = batch;
  const closedAt = new Date(Number(closed_at) * 1000).toISOString();
  const data = { batch: `${number}`, root: toHex(root), receipts: `${receipts}`, closedAt };
  return { name: key, at: anchored_at, data: { ...data, transaction: transaction && toHex(transaction) } };
}

async function payoutOf(sql: Queries, key: string): Promise<Happening | undefined> {
  const payout = await payoutById(sql, BigInt(key));
  if (payout === undefined) return undefined;
  const { registration, unit, rail, from, upto, net_to, amount, transaction, paid_at } = payout;
  const positions = { from: `${from}`, upTo: `${upto}`, netTo: `${net_to}`, amount: `${amount}` };
  const data = { payout: key, charity: registration, unit, rail, ...positions };
  return {
    name: nameOf(registration, unit, from, upto),
    at: paid_at ?? new Date(0),
    data: { ...data, transaction: transaction && toHex(transaction) },
  };
}

type Signed<Kind extends "acknowledge" | "disburse"> = {
  args: CallArgs[Kind];
  mined_at: Date;
  transaction: Buffer | null;
};

async function signedOf<Kind extends "acknowledge" | "disburse">(sql: Queries, kind: Kind, key: string) {
  const [call] = await sql<Signed<Kind>[]>`
    SELECT args, coalesce(mined_at, created_at) AS mined_at, transaction FROM chain_calls
    WHERE id = ${key}::bigint AND kind = ${kind}`;
  return call;
}

async function acknowledgementOf(sql: Queries, key: string): Promise<Happening | undefined> {
  const call = await signedOf(sql, "acknowledge", key);
  if (call === undefined) return undefined;
  const { charity, ...signed } = call.args.acknowledgement;
  const payouts = await sql<{ id: bigint }[]>`
    SELECT payouts.id FROM payouts JOIN lines ON lines.id = line
    WHERE charity = ${fromHex(charity)} AND unit = ${signed.unit} AND payouts.state = 'paid'
      AND "from" >= ${signed.from}::bigint AND upto <= ${signed.upTo}::bigint ORDER BY payouts.id`;
  const ids = payouts.map(({ id }) => `${id}`);
  const registration = await registrationOf(sql, charity);
  const data = {
    charity: registration,
    ...signed,
    payouts: ids,
    transaction: call.transaction && toHex(call.transaction),
  };
  const name = nameOf(registration, signed.unit, signed.from, signed.upTo);
  return { name, at: call.mined_at, data };
}

async function disbursementOf(sql: Queries, key: string): Promise<Happening | undefined> {
  const call = await signedOf(sql, "disburse", key);
  if (call === undefined) return undefined;
  const { charity, ...signed } = call.args.disbursement;
  const registration = await registrationOf(sql, charity);
  return {
    name: nameOf(registration, signed.unit, signed.from, signed.upTo),
    at: call.mined_at,
    data: { charity: registration, ...signed, transaction: call.transaction && toHex(call.transaction) },
  };
}

async function registrationOf(sql: Queries, charity: `0x${string}`): Promise<string> {
  const [row] = await sql<{ registration: string }[]>`
    SELECT registration FROM charities WHERE id = ${fromHex(charity)}`;
  return row?.registration ?? charity;
}
