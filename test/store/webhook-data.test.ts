// What a message is called: after what happened on the line, not after the number of our row, which a service that is restored
// gives out again.

import { expect } from "chai";
import { fastHex } from "../../server/hashing.ts";
import { charityId } from "../../server/protocol/ids.ts";
import type { Database } from "../../server/store/database.ts";
import { happeningOf } from "../../server/store/webhook-data.ts";
import { addShop, openTestStore, purchases, record, type TestStore } from "../support/store.ts";

const CHARITIES = ["GB-CHC-1", "GB-CHC-2"] as const;

describe("the names of messages", () => {
  const stores: TestStore[] = [];

  /** Two services that know the same lines, as one and what is restored of it. */
  before(async () => {
    for (let n = 0; n < 2; n++) {
      const store = await openTestStore();
      await addShop(store.sql, "shop", [...CHARITIES]);
      await record(store.ingest, purchases("shop", "order", 10));
      stores.push(store);
    }
  });
  after(() => Promise.all(stores.map((store) => store.close())));

  const sqlOf = (n: number): Database => (stores[n] as TestStore).sql;

  async function paid(sql: Database, charity: string, from: number, upTo: number): Promise<string> {
    const [payout] = await sql<{ id: bigint }[]>`
      WITH run AS (INSERT INTO settlement_runs (asked_by, state) VALUES ('operator', 'done') RETURNING id)
      INSERT INTO payouts (run, line, rail, "from", upto, net_from, net_to, state)
      SELECT run.id, lines.id, 'bank', ${from}, ${upTo}, 0, 0, 'paid'
      FROM run, lines JOIN charities ON charities.id = charity WHERE registration = ${charity} RETURNING payouts.id`;
    return `${payout?.id}`;
  }

  async function signed(sql: Database, charity: string, from: string, upTo: string): Promise<string> {
    const args = { acknowledgement: { charity: fastHex(charityId(charity)), unit: "CNY", from, upTo } };
    const [call] = await sql<{ id: bigint }[]>`
      INSERT INTO chain_calls (kind, args, role, state) VALUES ('acknowledge', ${JSON.stringify(args)}::text::jsonb, 'relayer', 'final') RETURNING id`;
    return `${call?.id}`;
  }

  const nameOf = async (sql: Database, kind: "payout.paid" | "payout.acknowledged", key: string) =>
    (await happeningOf(sql, { kind, key }))?.name;

  it("are the same for the same payout under another number, and others for another under the same", async () => {
    const first = await paid(sqlOf(0), CHARITIES[0], 0, 50);
    const other = await paid(sqlOf(1), CHARITIES[1], 0, 50);
    const again = await paid(sqlOf(1), CHARITIES[0], 0, 50);
    const later = await paid(sqlOf(1), CHARITIES[0], 50, 60);
    expect(other, "the number is given out again").to.equal(first);
    const name = await nameOf(sqlOf(0), "payout.paid", first);
    expect(await nameOf(sqlOf(1), "payout.paid", again))
      .to.equal(name)
      .and.be.a("string");
    for (const key of [other, later]) expect(await nameOf(sqlOf(1), "payout.paid", key)).not.to.equal(name);
  });

  it("hold for what a charity has signed, too", async () => {
    const first = await signed(sqlOf(0), CHARITIES[0], "0", "50");
    const other = await signed(sqlOf(1), CHARITIES[1], "0", "50");
    const again = await signed(sqlOf(1), CHARITIES[0], "0", "50");
    expect(other).to.equal(first);
    const name = await nameOf(sqlOf(0), "payout.acknowledged", first);
    expect(await nameOf(sqlOf(1), "payout.acknowledged", again))
      .to.equal(name)
      .and.be.a("string");
    expect(await nameOf(sqlOf(1), "payout.acknowledged", other)).not.to.equal(name);
  });
});
