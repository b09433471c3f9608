// What happens around a whole run of mocha: whatever suites share is stopped at its end.

import { stopAll } from "./at-end.ts";
import { stopSharedPostgres } from "./postgres.ts";

export const mochaHooks = {
  beforeAll() {
    // mocha ends its run by itself on SIGINT only.
    process.once("SIGTERM", () => stopSharedPostgres().finally(() => process.exit(1)));
  },
  async afterAll(this: Mocha.Context) {
    this.timeout(120_000);
    await stopAll();
    await stopSharedPostgres();
  },
};
