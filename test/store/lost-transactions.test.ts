// A transaction whose connection goes: its work fails, the process lives, and nothing of it reaches the next connection.

import { expect } from "chai";
import {
  connect,
  type Database,
  isUnavailable,
  only,
  type Transaction,
} from "../../server/store/database.ts";
import { freshDatabase, type TestDatabase } from "../support/postgres.ts";

describe("a transaction whose connection is lost", () => {
  let database: TestDatabase;
  let sql: Database;
  let killer: Database;

  beforeEach(async () => {
    database = await freshDatabase();
    [sql, killer] = [connect(database.url, 1), connect(database.url, 1)];
    await sql`CREATE TABLE kept (name text)`;
  });
  afterEach(async () => {
    await Promise.all([sql.end({ timeout: 1 }), killer.end({ timeout: 1 })]);
    await database.drop();
  });

  const sessionOf = async (tx: Transaction) =>
    only(await tx<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`).pid;
  const kill = (pid: number) => killer`SELECT pg_terminate_backend(${pid}, 5000)`;
  const failureOf = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  /** The driver reports the end of a session once more to the first query after it. */
  const kept = async () => {
    const read = () => sql`SELECT name FROM kept`;
    return (await read().catch(read)).map(({ name }) => name);
  };

  it("fails as unavailable during a query, and the pool goes on", async () => {
    const failure = await failureOf(
      sql.begin(async (tx) => {
        await tx`INSERT INTO kept VALUES ('lost')`;
        const pid = await sessionOf(tx);
        await Promise.all([tx`SELECT pg_sleep(60)`, kill(pid)]);
      }),
    );
    expect(isUnavailable(failure), String(failure)).to.equal(true);
    expect(await kept()).to.deep.equal([]);
  });

  it("sends none of its later queries over the connection that follows", async () => {
    const later = Promise.withResolvers<unknown>();
    const failure = await failureOf(
      sql.begin(async (tx) => {
        await kill(await sessionOf(tx));
        await killer`SELECT pg_sleep(0.2)`;
        later.resolve(await failureOf((async () => tx`INSERT INTO kept VALUES ('astray')`)()));
      }),
    );
    expect(isUnavailable(failure), String(failure)).to.equal(true);
    expect(isUnavailable(await later.promise)).to.equal(true);
    expect(await kept()).to.deep.equal([]);
  });
});
