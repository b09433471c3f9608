// What happens around a whole run of mocha: whatever suites share is stopped at its end.

import { stopSharedPostgres } from "./postgres.ts";

export const mochaHooks = {
  async afterAll(this: Mocha.Context) {
    this.timeout(120_000);
    await stopSharedPostgres();
  },
};
