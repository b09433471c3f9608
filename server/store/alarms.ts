// What is wrong enough to stop the chain's jobs. An alarm stands until what raised it has been looked at again and is
// found in order; /health fails as long as one stands.

import { type Queries, textArray } from "./database.ts";

export type AlarmKind =
  /** What is stored no longer gives the root that was sealed. Stops anchoring only. */
  | "second-reading"
  /** A batch does not lead to the root that was sealed, so that its book is not published. Stops publishing only. */
  | "book-withheld"
  /** A book that was lost does not come out again as it was published. */
  | "book-differs"
  /** A promise is challenged, and cannot be answered as things stand. Stops nothing. */
  | "challenge-unanswered"
  /** What this service promises, the contract holds nobody to. Stops nothing. */
  | "promise-key-not-in-force"
  | "chain-differs"
  | "contract-missing"
  | "ledger-differs"
  | "ledger-behind"
  | "root-differs"
  | "call-refused";

export type Alarm = { readonly kind: AlarmKind; readonly message: string; readonly raised_at: Date };

/** Raises an alarm; one that stands already keeps its time. True when it is new or says something new. */
export async function raiseAlarm(sql: Queries, kind: AlarmKind, message: string): Promise<boolean> {
  const raised = await sql`
    INSERT INTO alarms (kind, message) VALUES (${kind}, ${message})
    ON CONFLICT (kind) DO UPDATE SET message = excluded.message WHERE alarms.message <> excluded.message RETURNING kind`;
  return raised.length === 1;
}

export const alarmsOf = (sql: Queries) =>
  sql<Alarm[]>`SELECT kind, message, raised_at FROM alarms ORDER BY raised_at, kind`;

/** Takes alarms back; answers with those that stood. */
export async function clearAlarms(sql: Queries, kinds: readonly AlarmKind[]): Promise<AlarmKind[]> {
  const rows = await sql<{ kind: AlarmKind }[]>`
    DELETE FROM alarms WHERE kind = ANY(${textArray(kinds)}::text[]) RETURNING kind`;
  return rows.map(({ kind }) => kind);
}
