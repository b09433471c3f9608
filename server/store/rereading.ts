// What the second reading of a batch reads: the stored fields of its receipts, and what sealing has made of them. All of
// it as of one moment.

import { copyOut, readCopy } from "./copy.ts";
import { type Database, only, type Transaction } from "./database.ts";

/** Memory that PostgreSQL may sort a batch in, so that a million rows do not go through the disk. */
const SORT_MEMORY = "256MB";

/** Runs `work` on one unchanging view of the database. */
export function inOneView<T>(sql: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return sql.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY", async (tx) => {
    await tx.unsafe(`SET LOCAL work_mem = '${SORT_MEMORY}'`);
    return work(tx);
  }) as Promise<T>;
}

/** The fields of a receipt, as views that are valid during the call only. Integers are big-endian, 8 bytes. */
export type ReceiptFields = {
  line: number;
  kind: number;
  id: Uint8Array;
  amount: Uint8Array;
  acceptedAt: Uint8Array;
  terms: Uint8Array;
  details: Uint8Array;
  /** Empty when it was erased. */
  salt: Uint8Array;
  leaf: Uint8Array;
};

const COLUMNS = 9;

/** A batch's receipts in the order of its trees: by line, kind and id. The same object is handed over each time. */
export async function readReceiptFields(
  tx: Transaction,
  batch: bigint,
  onReceipt: (fields: ReceiptFields) => void,
): Promise<void> {
  const stream = await copyOut(tx`
    COPY (SELECT line, kind, id, amount, accepted_at, terms, details, salt, leaf FROM receipts
          WHERE batch = ${tx.unsafe(`${batch}`)} ORDER BY line, kind, id) TO STDOUT (FORMAT binary)`);
  const fields = noFields();
  await readCopy(stream, COLUMNS, (data, at, length) => {
    const bytes = (field: number) => {
      const from = at[field] as number;
      return data.subarray(from, from + Math.max(0, length[field] as number));
    };
    fields.line = data.readInt32BE(at[0]);
    fields.kind = data.readInt16BE(at[1]);
    fields.id = bytes(2);
    fields.amount = bytes(3);
    fields.acceptedAt = bytes(4);
    fields.terms = bytes(5);
    fields.details = bytes(6);
    fields.salt = bytes(7);
    fields.leaf = bytes(8);
    onReceipt(fields);
  });
}

function noFields(): ReceiptFields {
  const none = new Uint8Array(0);
  const integers = { line: 0, kind: 0, amount: none, acceptedAt: none };
  return { ...integers, id: none, terms: none, details: none, salt: none, leaf: none };
}

export type BatchHead = {
  readonly number: bigint;
  readonly opened_at: bigint;
  readonly closed_at: bigint;
  readonly receipts: bigint | null;
  readonly root: Buffer | null;
  /** Of the batch before; null for the first, or when it is not sealed. */
  readonly previous_root: Buffer | null;
};

export async function batchHead(tx: Transaction, batch: bigint): Promise<BatchHead> {
  return only(
    await tx<BatchHead[]>`
      SELECT this.number, this.opened_at, this.closed_at, this.receipts, this.root, before.root AS previous_root
      FROM batches AS this LEFT JOIN batches AS before ON before.number = this.number - 1
      WHERE this.number = ${batch}`,
  );
}

export type StatementRow = {
  readonly line: number;
  readonly kind: number;
  readonly charity: Buffer;
  readonly unit: string;
  readonly from: bigint;
  readonly to: bigint;
  readonly previous: bigint;
  readonly receipts: bigint;
  readonly receipts_root: Buffer;
  readonly leaf: Buffer;
  /** Where the statement before it on this side of the line ends, and its batch; null when there is none. */
  readonly before_to: bigint | null;
  readonly before_batch: bigint | null;
};

/** A batch's statements as sealing has stored them, each with the one before it. */
export const storedStatements = (tx: Transaction, batch: bigint) =>
  tx<StatementRow[]>`
    SELECT this.line, this.kind, charity, unit, this."from", this."to", this.previous, this.receipts, this.receipts_root,
      this.leaf, before."to" AS before_to, before.batch AS before_batch
    FROM statements AS this JOIN lines ON lines.id = this.line
    LEFT JOIN LATERAL (
      SELECT "to", batch FROM statements AS earlier
      WHERE earlier.line = this.line AND earlier.kind = this.kind AND earlier.batch < this.batch
      ORDER BY batch DESC LIMIT 1
    ) AS before ON true
    WHERE this.batch = ${batch}`;

export type NoticeRow = {
  readonly kind: string;
  readonly subject: Buffer;
  readonly content: Buffer;
  readonly leaf: Buffer;
};

export const storedNotices = (tx: Transaction, batch: bigint) =>
  tx<NoticeRow[]>`SELECT kind, subject, content, leaf FROM notices WHERE batch = ${batch}`;
