// Whether a day's total is the one that was published: its hash and its subject, computed here, and the batch's own notices.
// That the batch is what the contract keeps is seen on the batch's page.

import { type Completeness, totalHash, totalSubject } from "../../programmes/completeness.ts";
import { fromHex, toHex } from "../../protocol/bytes.ts";

export type PublishedNotice = { readonly kind: string; readonly subject: string; readonly content: string };

export type DayCheck = "published" | "not-published" | "altered";

/** `altered` when the statement's own hash or subject is not that of its total. Pure. */
export function checkDay(statement: Completeness, notices: readonly PublishedNotice[]): DayCheck {
  const { total, hash, subject } = statement;
  const isOwn =
    totalHash(total) === hash && toHex(totalSubject(total.merchant, fromHex(total.salt))) === subject;
  if (!isOwn) return "altered";
  const isThere = notices.some(
    (notice) => notice.kind === "merchant-total" && notice.subject === subject && notice.content === hash,
  );
  return isThere ? "published" : "not-published";
}
