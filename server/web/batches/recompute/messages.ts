// What the page and the worker that recomputes a book say to each other.

import type { BookStatement } from "../../../books/book.ts";
import type { Flaw } from "../../../books/recompute.ts";
import type { Notice } from "../../../protocol/statement.ts";

/** Where the book is: at an address of this site, or on the visitor's disk. */
export type Source = { readonly url: string } | { readonly file: File };

/** What a book came to. All of it is the book's own word, and what was computed from that. */
export type Recomputed = {
  readonly ledger: Uint8Array;
  readonly batch: bigint;
  readonly openedAt: bigint;
  readonly closedAt: bigint;
  readonly receipts: bigint;
  readonly bytes: number;
  readonly statements: readonly BookStatement[];
  /** Of the statement with the same index; those that have none are left out. */
  readonly flaws: readonly { readonly statement: number; readonly flaws: readonly Flaw[] }[];
  /** Of the kinds that every batch has: the root before it, and its times. */
  readonly notices: readonly Notice[];
  /** What statements and notices lead to. */
  readonly root: Uint8Array;
  /** What the book itself names. */
  readonly namedRoot: Uint8Array;
  /** How long hashing took, without the reading. */
  readonly hashedMs: number;
};

export type Progress =
  | { readonly kind: "read"; readonly done: number; readonly total: number | null }
  | { readonly kind: "hashed"; readonly done: number; readonly total: number };

/** Why there is nothing to recompute: the book did not come, or what came is no book. */
export type Refusal = {
  readonly kind: "refused";
  readonly at: "fetched" | "opened";
  readonly code: string;
  readonly says: string;
  readonly bytes: number;
};

export type Told = Progress | Refusal | { readonly kind: "recomputed"; readonly result: Recomputed };
