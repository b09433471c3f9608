// A process of its own for tests of the embedded database: starts PostgreSQL on the folder given, writes a line of JSON with
// each step and then with what came. SIGTERM stops the server and ends the process; kill -9 leaves the server to the next.

import { startPostgres } from "../../server/embedded/postgres.ts";

const [dataDir = ""] = process.argv.slice(2);
const say = (line: object) => console.log(JSON.stringify(line));
try {
  const { url, adopted, stop } = await startPostgres({ dataDir, onProgress: (step) => say({ step }) });
  const alive = setInterval(() => {}, 60_000);
  process.once("SIGTERM", () => stop().then(() => clearInterval(alive)));
  // Last, since whoever reads it may send the signal at once.
  say({ url, adopted });
} catch (error) {
  say({ failure: (error as Error).message });
}
