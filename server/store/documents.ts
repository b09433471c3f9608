// Documents that batches timestamp. One is recorded under the batch lock, as receipts are, so that the batch whose notice
// names it is decided by the transaction that writes it.

import { utf8, ZERO32 } from "../protocol/bytes.ts";
import { canonicalJson } from "../protocol/details.ts";
import { keccak } from "../protocol/hash.ts";
import type { Queries, Transaction } from "./database.ts";
import { holdShared } from "./locks.ts";

/** What a document is, in its notice: the tag of its kind. */
export type DocumentKind =
  | "pledge"
  | "spending"
  | "merchant-total"
  | "period"
  | "activity"
  | "pool"
  | "campaign"
  | "programmes"
  | "philanthropy";

export type NewDocument = {
  readonly kind: DocumentKind;
  /** Whom it is about, 32 bytes; zero when it is about the whole ledger. */
  readonly subject?: Uint8Array;
  /** A JSON value; its canonical form (RFC 8785) is what is hashed and published. */
  readonly body: unknown;
  /** Of a document that is not public only the hash is published. */
  readonly isPublic: boolean;
};

export type StoredDocument = {
  readonly hash: Buffer;
  readonly kind: DocumentKind;
  readonly subject: Buffer;
  /** The batch whose notice names it. */
  readonly batch: bigint;
  readonly public: boolean;
  /** Canonical JSON. */
  readonly body: string;
  readonly created_at: Date;
};

/**
 * Records a document in the caller's transaction, which must be at READ COMMITTED and short: it holds up the closing of
 * the batch until it ends. The same document again stays as it is.
 */
export async function recordDocument(tx: Transaction, document: NewDocument): Promise<StoredDocument> {
  const body = canonicalJson(document.body);
  const hash = keccak(utf8(body));
  await holdShared(tx, "batch");
  // A statement of its own: at READ COMMITTED it sees what was committed before the lock was had.
  const added = await tx`
    INSERT INTO documents (hash, kind, subject, batch, public, body)
    SELECT ${hash}, ${document.kind}, ${document.subject ?? ZERO32}, number, ${document.isPublic}, ${body} FROM open_batch
    ON CONFLICT (hash) DO NOTHING RETURNING batch`;
  // What makes a batch worth closing, and tells since when.
  for (const { batch } of added) await tx`INSERT INTO commits (batch, receipts, sum) VALUES (${batch}, 0, 0)`;
  return (await documentByHash(tx, hash)) as StoredDocument;
}

export async function documentByHash(sql: Queries, hash: Uint8Array): Promise<StoredDocument | undefined> {
  const [row] = await sql<StoredDocument[]>`SELECT * FROM documents WHERE hash = ${hash}`;
  return row;
}

/** Those that a batch timestamps. */
export const documentsOfBatch = (sql: Queries, batch: bigint) =>
  sql<StoredDocument[]>`SELECT * FROM documents WHERE batch = ${batch} ORDER BY kind, subject, hash`;

/** Hashes of all public documents, in their order, behind `after`. */
export const publicDocumentsAfter = (sql: Queries, after: Uint8Array, limit: number) =>
  sql<{ hash: Buffer }[]>`
    SELECT hash FROM documents WHERE hash > ${after} AND public ORDER BY hash LIMIT ${limit}`;

/** Public ones of a kind about a subject, the newest first. */
export const documentsAbout = (sql: Queries, kind: DocumentKind, subject: Uint8Array, limit: number) =>
  sql<StoredDocument[]>`
    SELECT * FROM documents WHERE kind = ${kind} AND subject = ${subject} AND public
    ORDER BY created_at DESC, hash LIMIT ${limit}`;
