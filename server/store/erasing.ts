// The work of erasure: what is personal of purchases and their refunds goes, what is proven stays. In bounded transactions,
// by whoever comes by; what shall be erased is written down before, in `erasure`.
//
// What each part waits for: the body and the details, until the batch is in the index, whose sums are made from them; the
// salt, which tells nothing without the details, until the batch is final, because batches are read again before they are
// anchored. Salts of reversals stay: the books publish them.

import { byteaArray, type Database, only, type Queries, type Transaction } from "./database.ts";
import { withDetails } from "./erasure.ts";
import { forgetHeld } from "./held-steps.ts";
import { holdExclusive } from "./locks.ts";

const PURCHASES_A_STEP = 200;
const SALTS_A_STEP = 1_000;
const ERASURES_A_STEP = 100;

type Unfinished = {
  readonly id: bigint;
  readonly donor: Buffer | null;
  readonly purchase: Buffer | null;
  readonly asked_at: bigint;
  readonly upto: bigint;
};

/** One bounded step of the erasures that were asked for; false when all that can be done now is done. */
export async function continueErasures(sql: Database): Promise<boolean> {
  let isBusy = (await eraseSalts(sql)) > 0;
  for (const { id } of await readyErasures(sql)) if (await stepErasure(sql, id)) isBusy = true;
  return isBusy;
}

/** Some that can go on: those that wait for the index or for batches to be final may be many, and cost nothing. */
const readyErasures = (sql: Queries) =>
  sql<{ id: bigint }[]>`
    SELECT erasures.id FROM erasures, index_progress WHERE finished_at IS NULL AND (
      EXISTS (SELECT FROM purchase_index AS own JOIN events ON events.id = own.event
        WHERE own.donor = erasures.donor AND accepted_at <= asked_at)
      OR EXISTS (SELECT FROM events WHERE events.id = erasures.purchase AND batch <= indexed AND body IS NOT NULL)
      OR EXISTS (SELECT FROM refunds JOIN events ON events.id = refund
        WHERE refunds.purchase = erasures.purchase AND batch <= indexed AND events.body IS NOT NULL)
      OR (upto <= indexed AND NOT EXISTS (SELECT FROM salts_to_erase WHERE erasure = erasures.id)))
    ORDER BY erasures.id LIMIT ${ERASURES_A_STEP}`;

/** Erases some purchases of one erasure, or finishes it; false when what is left has to wait. */
export function stepErasure(sql: Database, id: bigint): Promise<boolean> {
  return sql.begin("ISOLATION LEVEL READ COMMITTED", async (tx) => {
    // Nothing is put into the index meanwhile: what is erased is in it, and in the sums, or is left for later.
    const { indexed } = only(await tx<{ indexed: bigint }[]>`SELECT indexed FROM index_progress FOR SHARE`);
    const [erasure] = await tx<Unfinished[]>`
      SELECT id, donor, purchase, asked_at, upto FROM erasures WHERE id = ${id} AND finished_at IS NULL`;
    if (erasure === undefined) return false;
    const purchases = await holdPurchases(tx, await purchasesToErase(tx, erasure), indexed);
    if (purchases.length > 0) await erasePurchases(tx, erasure, purchases);
    return purchases.length > 0 || (indexed >= erasure.upto && (await finish(tx, erasure)));
  }) as Promise<boolean>;
}

/** Of a donor, what was accepted until the erasure was asked for: whoever comes back afterwards is not erased again. */
async function purchasesToErase(
  tx: Transaction,
  { donor, purchase, asked_at }: Unfinished,
): Promise<Buffer[]> {
  const rows =
    donor === null
      ? await tx<{ event: Buffer }[]>`
          SELECT ${purchase}::bytea AS event WHERE EXISTS (${withDetails(tx, purchase)})`
      : await tx<{ event: Buffer }[]>`
          SELECT event FROM purchase_index JOIN events ON id = event
          WHERE donor = ${donor} AND accepted_at <= ${asked_at} ORDER BY event LIMIT ${PURCHASES_A_STEP}`;
  return rows.map(({ event }) => event);
}

/**
 * Holds purchases until the transaction ends, in the order of their ids, and answers with those that are in the index with
 * all their refunds. A refund that comes meanwhile waits, and finds the purchase erased.
 */
async function holdPurchases(
  tx: Transaction,
  purchases: readonly Buffer[],
  indexed: bigint,
): Promise<Buffer[]> {
  if (purchases.length === 0) return [];
  const ids = byteaArray(purchases);
  await tx`SELECT FROM events WHERE id = ANY(${ids}::bytea[]) ORDER BY id FOR NO KEY UPDATE`;
  const rows = await tx<{ id: Buffer }[]>`
    SELECT id FROM events WHERE id = ANY(${ids}::bytea[]) AND batch <= ${indexed} AND NOT EXISTS (
      SELECT FROM refunds JOIN events AS later ON later.id = refund
      WHERE purchase = events.id AND later.batch > ${indexed})`;
  return rows.map(({ id }) => id);
}

/** Takes away what is personal of these purchases and their refunds. */
async function erasePurchases(
  tx: Transaction,
  { id, asked_at }: Unfinished,
  purchases: readonly Buffer[],
): Promise<void> {
  const events = byteaArray(purchases);
  await holdExclusive(tx, "papers");
  const erased = await tx<{ id: Buffer; batch: bigint; receipts: Buffer }[]>`
    UPDATE events SET body_hash = sha256(convert_to(body, 'UTF8')), body = NULL, erased_at = ${asked_at}
    FROM (SELECT unnest(${events}::bytea[]) AS told UNION
      SELECT refund FROM refunds WHERE purchase = ANY(${events}::bytea[])) AS own
    WHERE id = told AND body IS NOT NULL RETURNING id, batch, receipts`;
  await tx`
    UPDATE refunds SET body = NULL WHERE refund = ANY(${byteaArray(erased.map((one) => one.id))}::bytea[])`;
  await forgetHeld(
    tx,
    erased.map((one) => one.id),
  );
  const receipts = await eraseDetails(tx, erased);
  await tx`
    INSERT INTO salts_to_erase (receipt, batch, erasure)
    SELECT receipt, batch, ${id} FROM ${rowsOf(
      tx,
      receipts.filter(({ kind }) => kind === 0),
    )} ON CONFLICT DO NOTHING`;
  await forgetPapers(tx, events);
  await tx`
    UPDATE purchase_index SET donor = NULL, completed_at = NULL WHERE event = ANY(${events}::bytea[])`;
  const counted = erased.filter((one) => purchases.some((purchase) => purchase.equals(one.id))).length;
  await tx`
    UPDATE erasures SET purchases = purchases + ${counted}, receipts = receipts + ${receipts.length} WHERE id = ${id}`;
}

type Place = { readonly id: Buffer; readonly batch: bigint };

/** Receipts as rows (receipt, batch). */
const rowsOf = (sql: Queries, places: readonly Place[]) => sql`
  unnest(${byteaArray(places.map(({ id }) => id))}::bytea[], ${`{${places.map(({ batch }) => batch)}}`}::bigint[])
    AS own (receipt, batch)`;

function eraseDetails(tx: Transaction, events: readonly (Place & { readonly receipts: Buffer })[]) {
  const own = events.flatMap(({ batch, receipts }) => idsOf(receipts).map((id) => ({ id, batch })));
  return tx<(Place & { kind: number })[]>`
    UPDATE receipts SET private = NULL FROM ${rowsOf(tx, own)}
    WHERE receipts.id = receipt AND receipts.batch = own.batch AND private IS NOT NULL
    RETURNING receipts.id, receipts.batch, kind`;
}

/** Papers of the donors, and those of the merchants' days, which list order numbers. */
const forgetPapers = (tx: Transaction, events: string) => tx`
  DELETE FROM issued_statements WHERE subject IN (
    SELECT 'donor/' || encode(donor, 'hex') FROM purchase_index WHERE event = ANY(${events}::bytea[])
    UNION SELECT 'merchant/' || merchant || '/' || day FROM purchase_index WHERE event = ANY(${events}::bytea[]))`;

/** Done when no purchase waits for a refund of it to be in the index, and no salt for its batch to be final. */
async function finish(tx: Transaction, erasure: Unfinished): Promise<boolean> {
  if ((await purchasesToErase(tx, erasure)).length > 0) return false;
  const finished = await tx`
    UPDATE erasures SET finished_at = now() WHERE id = ${erasure.id} AND finished_at IS NULL
      AND NOT EXISTS (SELECT FROM salts_to_erase WHERE erasure = ${erasure.id}) RETURNING id`;
  return finished.length === 1;
}

/** Takes the salts of erased gifts away whose batches are final; answers how many. */
async function eraseSalts(sql: Database): Promise<number> {
  const rows = await sql<{ count: number }[]>`
    WITH due AS (
      DELETE FROM salts_to_erase WHERE receipt IN (
        SELECT receipt FROM salts_to_erase JOIN batches ON number = batch WHERE state = 'final'
        ORDER BY receipt LIMIT ${SALTS_A_STEP} FOR UPDATE OF salts_to_erase SKIP LOCKED)
      RETURNING receipt, batch
    ), gone AS (
      UPDATE receipts SET salt = NULL FROM due WHERE id = receipt AND receipts.batch = due.batch RETURNING id
    )
    SELECT count(*)::integer AS count FROM gone`;
  return only(rows).count;
}

const ID_BYTES = 16;
const idsOf = (ids: Buffer): Buffer[] =>
  Array.from({ length: ids.length / ID_BYTES }, (_, at) => ids.subarray(at * ID_BYTES, (at + 1) * ID_BYTES));
