// A line that is nearly full: refused before it is durable, since what could not be sealed would stop everything behind it.

import { expect } from "chai";
import { ingestPurchases } from "../../server/ingest/ingest.ts";
import { LineRoom } from "../../server/store/line-room.ts";
import { addShop, bought, openTestStore, record, type TestStore } from "../support/store.ts";

describe("the room on a line", () => {
  let store: TestStore;

  beforeEach(async () => {
    store = await openTestStore();
    await addShop(store.sql, "shop", ["GB-CHC-1"]);
    await record(store.ingest, [bought("shop", "first")]);
    const [line] = await store.sql<{ id: number }[]>`SELECT id FROM lines`;
    await store.sql`
      INSERT INTO statements (batch, line, kind, "from", "to", previous, receipts, receipts_root, leaf)
      VALUES (1, ${line?.id as number}, 0, 0, ${(2n ** 62n - 1n).toString()}, 0, 1, '', '')`;
  });
  afterEach(() => store.close());

  it("is looked at when a process first writes to the line, and a gift that does not fit is refused", async () => {
    const { ingest } = await store.another({});
    const [outcome] = await ingestPurchases(ingest, [bought("shop", "too-much")]);
    expect(outcome).to.include({ code: "line-full" });
    expect(await store.sql`SELECT FROM events`).to.have.length(1);
  });

  it("is taken by each gift, to the last unit", async () => {
    const room = new LineRoom(store.sql);
    await room.take(1, 1n);
    expect(() => room.take(1, 1n)).to.throw("no room for 1 more");
  });
});
