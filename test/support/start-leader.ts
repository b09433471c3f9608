// A process of its own that leads the sealing of the database given, says so, and does nothing until it is killed.

import { lead } from "../../server/jobs/leader.ts";
import { connect } from "../../server/store/database.ts";
import { silent } from "./service.ts";

const [databaseUrl = ""] = process.argv.slice(2);
const sql = connect(databaseUrl, 2);
await lead({ sql, log: silent }, "seal", new AbortController().signal, async () => {
  console.log("leading");
  await new Promise((resolve) => setTimeout(resolve, 600_000));
});
