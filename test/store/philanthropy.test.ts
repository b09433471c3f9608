// The end of a report's period, with the closing of a batch stopped at the dangerous moment: no batch is closed within a
// period that was reported on without it.

import { expect } from "chai";
import type { PhilanthropyReport } from "../../server/programmes/philanthropy/report.ts";
import { holdExclusive } from "../../server/store/locks.ts";
import { keepMoves } from "../../server/store/moved-events.ts";
import { reportPhilanthropy } from "../../server/store/philanthropy.ts";
import { closeBatch, closeHeld } from "../../server/store/sealing.ts";
import { addShop, bought, openTestStore, record, type TestStore } from "../support/store.ts";

const moment = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const LEDGER = Buffer.alloc(32, 1);

describe("the end of a philanthropy report's period", () => {
  let store: TestStore;
  let open: bigint;
  let end: number;

  beforeEach(async () => {
    store = await openTestStore();
    await addShop(store.sql, "shop", ["GB-CHC-1"]);
    await record(store.ingest, [bought("shop", "one")]);
    const read = { chain_id: 1n, contract: Buffer.alloc(20), block: 1n, hash: Buffer.alloc(32), at: 1n };
    await keepMoves(store.sql, null, read, { anchored: [], moved: [] });
    const [batch] = await store.sql<
      { number: bigint; opened_at: bigint }[]
    >`SELECT number, opened_at FROM open_batch`;
    open = batch!.number;
    end = Number(batch!.opened_at) + 3;
  });
  afterEach(() => store.close());

  const report = async () => {
    const period = { from: BigInt(end) - 2n, upTo: BigInt(end) };
    const { body } = await reportPhilanthropy(store.sql, LEDGER, period);
    return JSON.parse(body) as PhilanthropyReport;
  };
  const closedAt = async () => {
    const [row] = await store.sql<
      { at: bigint }[]
    >`SELECT closed_at AS at FROM batches WHERE number = ${open}`;
    return Number(row?.at);
  };
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => "none",
      ({ code }) => code,
    );

  /** Closes the batch within the period, and stops before the commit until `finish`. */
  async function closeHalf() {
    const holding = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const done = store.sql.begin(async (tx) => {
      await holdExclusive(tx, "batch");
      await tx`SELECT ensure_receipts_partition(${open + 1n})`;
      await closeHeld(tx, open, end - 1);
      holding.resolve();
      await gate.promise;
    });
    await holding.promise;
    return async () => {
      gate.resolve();
      await done;
    };
  }

  it("is waited for by a report while a batch is being closed, which is refused then: the batch is of the period", async () => {
    const finish = await closeHalf();
    let isOver = false;
    const refused = codeOf(report()).finally(() => {
      isOver = true;
    });
    await moment(200);
    expect(isOver, "reported although a batch was being closed").to.equal(false);
    await finish();
    expect([await refused, await closedAt()]).to.deep.equal(["batch-closing", end - 1]);
    expect(await store.sql`SELECT FROM philanthropy_reports`).to.have.length(0);
    expect(await codeOf(report())).to.equal("period-not-anchored");
  });

  it("is where a batch is closed at the earliest that waited to be closed while the report was made", async () => {
    const { batches } = await report();
    expect(batches).to.equal(null);
    expect(await closeBatch(store.sql, open, end - 1)).to.equal(true);
    expect(await closedAt()).to.equal(end);
    expect((await report()).batches).to.equal(null);
  });
});
