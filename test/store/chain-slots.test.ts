// Slots whose transaction brought nothing about: what their calls count as afterwards.

import { expect } from "chai";
import { callsToSend, intend } from "../../server/store/chain-calls.ts";
import { fillSlot, slotEmptied, slotMined } from "../../server/store/chain-slots.ts";
import type { Database } from "../../server/store/database.ts";
import { openTestStore, type TestStore } from "../support/store.ts";

const CHAIN = 31_337;
const HASH = Buffer.alloc(32, 7);
const SLOT = { sender: Buffer.alloc(20, 1), nonce: 0n };
const MINED = { hash: HASH, block: 5n, at: 1_790_000_000n, created: null };
const CALL = {
  kind: "payToken",
  args: { charity: `0x${"11".repeat(32)}`, unit: "CNY", from: "0", upTo: "10", netTo: "0" },
} as const;

describe("a slot that brought nothing about", () => {
  let store: TestStore;
  let sql: Database;

  before(async () => {
    store = await openTestStore();
    sql = store.sql;
  });
  after(() => store.close());
  afterEach(() => sql`TRUNCATE chain_calls, chain_transactions CASCADE`);

  async function sent(): Promise<bigint> {
    const id = await intend(sql, CALL);
    await fillSlot(sql, CHAIN, [id], { ...SLOT, hash: HASH, raw: Buffer.of(1) });
    return id;
  }
  const waiting = () => callsToSend(sql, ["payer"], 10);

  it("leaves a call as never done that a reorganisation turned from done to reverted", async () => {
    const id = await sent();
    await slotMined(sql, CHAIN, SLOT, MINED);
    await slotEmptied(sql, SLOT);
    expect((await waiting()).map((call) => [call.id, call.done_before, call.attempts])).to.deep.equal([
      [id, false, 1],
    ]);
  });

  it("leaves a call as done before that was done on a chain since forgotten", async () => {
    const id = await sent();
    await sql`UPDATE chain_calls SET mined_at = now()`;
    await slotEmptied(sql, SLOT);
    expect((await waiting()).map((call) => [call.id, call.done_before])).to.deep.equal([[id, true]]);
  });
});
