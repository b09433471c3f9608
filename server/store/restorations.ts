// What follows from having been put back from a backup: transfers that were filed afterwards are known to the bank alone.
// Until somebody has compared, none is filed; and the names of later ones differ from all that may have been given out.

import { only, type Queries } from "./database.ts";

/** Notes that the rows come from a backup. */
export async function noteRestored(sql: Queries): Promise<void> {
  await sql`INSERT INTO restorations DEFAULT VALUES`;
}

/** The restorations that hold transfers back. */
export const heldBack = (sql: Queries) => sql`SELECT FROM restorations WHERE released_at IS NULL`;

/** Since when transfers are held back; null when they are not. */
export async function heldSince(sql: Queries): Promise<Date | null> {
  const rows = await sql<{ since: Date | null }[]>`
    SELECT min(restored_at) AS since FROM restorations WHERE released_at IS NULL`;
  return only(rows).since;
}

/** Lets transfers be filed again; false when nothing held them back. */
export async function release(sql: Queries): Promise<boolean> {
  const released =
    await sql`UPDATE restorations SET released_at = now() WHERE released_at IS NULL RETURNING id`;
  return released.length > 0;
}
