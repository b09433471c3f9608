// Challenges on chains that forget: blocks that are taken back, and the demonstration chain, which starts anew.

import { expect } from "chai";
import { startChain } from "../../server/embedded/chain.ts";
import { readSettings } from "../../server/settings.ts";
import { PromisedWorld } from "../chain/challenges.ts";
import type { Running } from "../chain/world.ts";
import { eventually } from "../support/eventually.ts";

describe("challenges on a chain that takes blocks back", () => {
  let promised: PromisedWorld;
  let jobs: Running | undefined;
  beforeEach(async () => {
    promised = await PromisedWorld.on(await startChain());
  });
  afterEach(async () => {
    await jobs?.stop();
    jobs = undefined;
    await promised.world.close();
  });

  const run = () => {
    jobs = promised.world.run(promised.settings());
  };
  const challenges = () => promised.world.sql`SELECT FROM challenges`;

  it("are forgotten with the block that held them, and seen when they are opened again", async () => {
    const file = await promised.give();
    const before = await promised.node().snapshot();
    await promised.challenge(file.promise!);
    run();
    await promised.shows("open");
    await promised.node().revert({ id: before });
    await promised.node().mine({ blocks: 3 });
    await eventually("forgotten", async () => (await challenges()).length === 0);
    await promised.challenge(file.promise!);
    await promised.shows("open");
    await promised.world.seal();
    await promised.shows("answered");
    expect(await promised.stateOf(file.promise!)).to.equal("answered");
  });

  it("are answered again when the answer, although final, is taken back", async () => {
    const file = await promised.give();
    await promised.world.seal();
    run();
    await eventually("final", async () => (await promised.world.stateOf(1n)) === "final");
    await eventually("all calls final", () => promised.world.areAllFinal());
    await promised.challenge(file.promise!);
    await jobs?.stop();
    const before = await promised.node().snapshot();
    run();
    await promised.shows("answered");
    await eventually("all calls final", () => promised.world.areAllFinal());
    await jobs?.stop();
    await promised.node().revert({ id: before });
    await promised.node().mine({ blocks: 3 });
    // What was final is not asked for again at once, but after a while.
    await promised.world
      .sql`UPDATE chain_calls SET mined_at = now() - interval '20 minutes' WHERE kind = 'answer'`;
    run();
    await eventually("answered again", async () => (await promised.stateOf(file.promise!)) === "answered");
    await promised.shows("answered");
  });
});

describe("challenges on the demonstration chain", () => {
  it("are forgotten when it starts anew; the same promise can be challenged again, and is answered again", async () => {
    const promised = await PromisedWorld.onDemonstration(await startChain());
    const { world } = promised;
    const file = await promised.give();
    await world.seal();
    const live = async () => {
      const jobs = world.run(readSettings({}));
      await eventually("opened", async () => (await promised.read("opened").catch(() => false)) === true);
      await eventually("anchored", async () => (await promised.read("lastBatch")) === 1n);
      return jobs;
    };
    let jobs = await live();
    await promised.challenge(file.promise!);
    await promised.shows("answered");
    await eventually("all calls final", () => world.areAllFinal());
    await jobs.stop();
    await world.forgetChain();
    await world.sql`UPDATE chain_calls SET mined_at = now() - interval '20 minutes' WHERE kind = 'answer'`;
    jobs = await live();
    expect(await promised.stateOf(file.promise!)).to.equal("none");
    await promised.shows();
    await promised.challenge(file.promise!);
    await eventually("answered again", async () => (await promised.stateOf(file.promise!)) === "answered");
    await promised.shows("answered");
    await jobs.stop();
    await world.close();
  });
});
