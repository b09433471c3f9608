// Erases a volunteer: names and reasons at once, and the details of each receipt by the erasure that all receipts share. What
// was counted stays, under a name that tells nobody anything.

import type { Database } from "./database.ts";
import { askErasure } from "./erasure.ts";

/** Of one call; who has more receipts asks again. */
export const MOST_ERASED_AT_ONCE = 200;

/** What was asked for: the numbers of the erasures; "pending" while a receipt is being written, whose name must not change. */
export type Erased = readonly bigint[] | "pending";

/** All in one transaction. `now` in Unix seconds. */
export const eraseVolunteer = (sql: Database, volunteer: Uint8Array, now: number): Promise<Erased> =>
  sql.begin("ISOLATION LEVEL READ COMMITTED", async (tx) => {
    const own = await tx<{ state: string }[]>`
      SELECT state FROM attendances WHERE volunteer = ${volunteer} ORDER BY activity FOR UPDATE`;
    if (own.some(({ state }) => state === "agreed")) return "pending";
    await tx`UPDATE volunteers SET name = 'erased', display_name = NULL WHERE id = ${volunteer}`;
    await tx`
      UPDATE attendances SET reason = NULL, decision = NULL, by_hand = CASE WHEN by_hand IS NULL THEN NULL ELSE '' END
      WHERE volunteer = ${volunteer}`;
    const events = await tx<{ event: Buffer }[]>`
      SELECT event FROM attendances JOIN receipts ON receipts.id = receipt
      WHERE volunteer = ${volunteer} AND private IS NOT NULL ORDER BY event LIMIT ${MOST_ERASED_AT_ONCE}`;
    const asked: bigint[] = [];
    for (const { event } of events)
      asked.push((await askErasure(tx, { purchase: event }, BY_VOLUNTEER, now)).id);
    return asked;
  }) as Promise<Erased>;

const BY_VOLUNTEER = { role: "volunteer", label: "the volunteer's own key" };
