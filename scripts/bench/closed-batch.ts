// A closed batch of as many receipts as one likes, all on one line, written by the database itself. Their leaves do not hash
// to their fields: sealing takes leaves as they are. It can be sealed again and again.

import { hash } from "node:crypto";
import { charityId } from "../../server/protocol/ids.ts";
import type { Database } from "../../server/store/database.ts";
import { lineNumbers } from "../../server/store/lines.ts";
import { addCharity } from "../../server/store/parties.ts";
import { closeBatch } from "../../server/store/sealing.ts";
import { CHARITY, CURRENCY } from "./orders.ts";

const FIRST_BATCH = 1n;
const NOW = 1_790_000_000;
/** As long as an ordinary receipt's private details: reading a batch has to pass them by. */
const PRIVATE_CHARACTERS = 320;

/** Fills the open batch, which is the first one and empty, and closes it. */
export async function fillBatch(sql: Database, receipts: number): Promise<void> {
  const details = { name: CHARITY, website: null, payee: null, signer: null, rail: "bank" } as const;
  await addCharity(sql, { registration: CHARITY, ...details });
  const line = await lineNumbers(sql).of({ charity: charityId(CHARITY), unit: CURRENCY });
  await sql`
    INSERT INTO receipts (id, batch, line, kind, amount, accepted_at, terms, details, salt, leaf, event, private)
    SELECT decode(md5(n::text), 'hex'), ${FIRST_BATCH}, ${line}, 0, 1 + n % 500, ${NOW}, sha256('terms'),
      sha256(int8send(n)), sha256(int8send(-n)), sha256(int8send(n << 32)), decode(md5('event' || n), 'hex'),
      rpad(n::text, ${PRIVATE_CHARACTERS})
    FROM generate_series(1, ${receipts}::bigint) AS n`;
  await closeBatch(sql, FIRST_BATCH, NOW);
  await sql`ANALYZE`;
}

/** Takes back what sealing has written, if it has, and gives it again what it takes away: the writers' own counts. */
export async function unseal(sql: Database): Promise<void> {
  await sql`TRUNCATE chunks, nodes, statements, notices, commits, recent_receipts, unit_totals, day_totals`;
  await sql`UPDATE batches SET state = 'closed', root = NULL, receipts = NULL, sealed_at = NULL`;
  await sql`
    INSERT INTO commits (batch, receipts, sum) SELECT batch, count(*), sum(amount) FROM receipts GROUP BY batch`;
}

/** The id of the n-th receipt, n from 1. */
export const receiptIdAt = (n: number): Buffer => hash("md5", `${n}`, "buffer");
