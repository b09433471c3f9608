// What happens around a whole run of mocha: whatever suites share is stopped at its end.

import { stopAll } from "./at-end.ts";
import { stopSharedPostgres } from "./postgres.ts";

export const mochaHooks = {
  beforeAll() {
    // mocha would leave it all behind.
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => stopShared().finally(() => process.exit(1)));
  },
  async afterAll(this: Mocha.Context) {
    this.timeout(120_000);
    await stopShared();
  },
};

async function stopShared(): Promise<void> {
  await stopAll();
  await stopSharedPostgres();
}
