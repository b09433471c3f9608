// Locks that last as long as their connection: one holder, a loss that is noticed, a release that the next one sees.

import { expect } from "chai";
import { connect, type Database } from "../../server/store/database.ts";
import { tryHold } from "../../server/store/locks.ts";
import { freshDatabase, type TestDatabase } from "../support/postgres.ts";

describe("a lock for the life of a process", () => {
  let database: TestDatabase;
  let mine: Database;
  let theirs: Database;

  beforeEach(async () => {
    database = await freshDatabase();
    [mine, theirs] = [connect(database.url, 4), connect(database.url, 4)];
  });
  afterEach(async () => {
    await Promise.all([mine.end({ timeout: 1 }), theirs.end({ timeout: 1 })]);
    await database.drop();
  });

  const killHolder = () => theirs`
    SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  const connections = async () => {
    const [row] = await theirs`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()`;
    return Number(row?.count);
  };

  it("is refused to a second one, and leaves no connection behind by asking", async () => {
    const hold = await tryHold(mine, "seal");
    const before = await connections();
    for (let round = 0; round < 5; round++) expect(await tryHold(theirs, "seal")).to.equal(null);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await connections()).to.equal(before);
    await hold?.release();
  });

  it("is free for the next one as soon as it is released, and does not disturb other locks", async () => {
    const [seal, chain] = [await tryHold(mine, "seal"), await tryHold(theirs, "chain")];
    await seal?.release();
    const next = await tryHold(theirs, "seal");
    expect([next, chain]).not.to.include(null);
    await Promise.all([next?.release(), chain?.release()]);
  });

  for (const state of ["idle", "busy"])
    it(`tells its holder when its connection is lost, with the pool ${state}`, async () => {
      const hold = await tryHold(mine, "seal");
      const work = state === "busy" ? Array.from({ length: 8 }, () => mine`SELECT pg_sleep(0.2)`) : [];
      await killHolder();
      await hold?.lost;
      const next = await tryHold(theirs, "seal");
      expect(next, "another may take it").not.to.equal(null);
      await Promise.all(work);
      await hold?.release();
      expect(
        await tryHold(mine, "seal"),
        "the release of a lost hold takes nothing from its successor",
      ).to.equal(null);
      await next?.release();
    });
});
