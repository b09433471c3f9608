// The settings that each of our sessions has, whatever the server's defaults are: the service's promises rest on them.

import { expect } from "chai";
import { connect, only } from "../../server/store/database.ts";
import { freshDatabase } from "../support/postgres.ts";

describe("a session with the database", () => {
  it("is read committed and durable, also where the server's defaults are not", async () => {
    const database = await freshDatabase();
    const name = new URL(database.url).pathname.slice(1);
    const strange = connect(database.url, 1);
    await strange.unsafe(`ALTER DATABASE "${name}" SET default_transaction_isolation = 'repeatable read'`);
    await strange.unsafe(`ALTER DATABASE "${name}" SET synchronous_commit = off`);
    await strange.end();
    const sql = connect(database.url, 1);
    const setting = async (of: string) =>
      only(await sql<{ value: string }[]>`SELECT current_setting(${of}) AS value`).value;
    const settings = [await setting("transaction_isolation"), await setting("synchronous_commit")];
    await sql.end();
    await database.drop();
    expect(settings).to.deep.equal(["read committed", "on"]);
  });
});
