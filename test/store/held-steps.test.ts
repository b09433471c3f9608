// How much is read for a page of held days, beside very many that were decided long ago.

import { expect } from "chai";
import { only } from "../../server/store/database.ts";
import { HELD_STATES, type HeldFilter, heldBefore, WAITING_STATES } from "../../server/store/held-steps.ts";
import { openTestStore, type TestStore } from "../support/store.ts";

const DECIDED = 20_000;
const LIMIT = 20;
const BEHIND_ALL = 2n ** 63n - 1n;

describe("pages of held days", () => {
  let store: TestStore;

  before(async () => {
    store = await openTestStore();
    await store.sql`
      INSERT INTO held_steps (event, platform, state, body, reasons, decision)
      SELECT decode(md5(n::text), 'hex'), 'platform-' || n % 2, CASE WHEN n = 1 THEN 'held' ELSE 'rejected' END, '{}', '[]', 'no'
      FROM generate_series(1, ${DECIDED}) AS n`;
    await store.sql`ANALYZE held_steps`;
  });
  after(() => store.close());

  /** How many were found, and how many rows were read for them. */
  const look = (filter: HeldFilter) =>
    store.sql.begin(async (tx) => {
      const read = async () =>
        only(
          await tx<{ rows: bigint }[]>`
            SELECT seq_tup_read + idx_tup_fetch AS rows FROM pg_stat_xact_user_tables WHERE relname = 'held_steps'`,
        ).rows;
      const before = await read();
      const found = await heldBefore(tx, BEHIND_ALL, LIMIT, filter);
      return { found: found.length, rows: (await read()) - before };
    });

  it("read few days, where few wait, where many were decided, and for one platform", async () => {
    for (const platform of [null, "platform-1"]) {
      const waiting = await look({ platform, states: WAITING_STATES });
      expect(waiting).to.deep.equal({ found: 1, rows: 1n });
      const all = await look({ platform, states: HELD_STATES });
      expect(all.found).to.equal(LIMIT);
      expect(Number(all.rows)).to.be.at.most(HELD_STATES.length * LIMIT);
    }
  });
});
