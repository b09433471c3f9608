// The process that speaks to the contract dies at any moment, or loses its database: afterwards each root is on chain
// once, each payout was made once, and the store knows it.

import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { charityId } from "../../server/protocol/ids.ts";
import { intend } from "../../server/store/chain-calls.ts";
import { watermarksOf } from "../../server/store/watermarks.ts";
import { audit } from "../chain/audit.ts";
import { payBank, register } from "../chain/statements.ts";
import { CHARITY, signerOf, World } from "../chain/world.ts";
import { eventually } from "../support/eventually.ts";
import { killAtOnce, lineOf } from "../support/lines.ts";

const LINE = { charity: charityId(CHARITY), unit: "CNY" };
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 6);
const SEED = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000);
const PROCESS = fileURLToPath(new URL("../chain/jobs-process.ts", import.meta.url));

/** mulberry32: the same seed gives the same moments. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe("anchoring by a process that is killed", () => {
  let world: World;
  let child: ChildProcess | undefined;
  before(async () => {
    world = await World.make();
    await world.deploy();
  });
  after(async () => {
    if (child !== undefined) await killAtOnce(child);
    await world.close();
  });

  async function start(): Promise<ChildProcess> {
    const [admin, anchor, payer, registrar] = world.chain.accounts.map(({ privateKey }) => privateKey);
    const keys = { ADMIN_KEY: admin, ANCHOR_KEY: anchor, PAYER_KEY: payer, REGISTRAR_KEY: registrar };
    const pace = { CONFIRMATIONS: "1", CHAIN_POLL_MS: "10", PROVE_EVERY_SECONDS: "0", LOG_LEVEL: "silent" };
    const where = { DATABASE_URL: world.databaseUrl, CHAIN_RPC_URL: world.chain.url };
    const env = { ...process.env, ...keys, ...pace, ...where };
    child = spawn(process.execPath, [PROCESS], { env, stdio: ["ignore", "pipe", "ignore"] });
    await lineOf(child.stdout!, (line) => line === "up");
    return child;
  }

  const loseDatabase = () => world.sql`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`;

  it(`leaves everything done once and known (seed ${SEED}, ${ROUNDS} rounds)`, async function () {
    this.timeout(30_000 + ROUNDS * 5_000);
    const random = randomOf(SEED);
    await intend(world.sql, register(signerOf(world.chain)));
    let paid = 0n;
    for (let round = 0; round < ROUNDS; round++) {
      const jobs = await start();
      for (let batch = 0; batch < 3; batch++) {
        await world.give([5n, 6n]);
        await world.seal();
        const given = (await watermarksOf(world.sql, LINE))?.given ?? 0n;
        if (given > paid) await intend(world.sql, payBank(paid, given));
        paid = given;
        await new Promise((resolve) => setTimeout(resolve, random() * 150));
        if (random() < 0.3) await loseDatabase().catch(() => {});
      }
      await new Promise((resolve) => setTimeout(resolve, random() * 400));
      await killAtOnce(jobs);
    }
    const jobs = await start();
    const given = 11n * 3n * BigInt(ROUNDS);
    await eventually("given", async () => (await watermarksOf(world.sql, LINE))?.given === given);
    await intend(world.sql, payBank(paid, given));
    await eventually("paid", async () => (await watermarksOf(world.sql, LINE))?.paid === given);
    await eventually("all calls final", () => world.areAllFinal());
    await audit(world);
    expect(await world.sql`SELECT FROM chain_calls WHERE state = 'failed'`).to.have.length(0);
    expect(await world.alarms()).to.deep.equal([]);
    jobs.kill("SIGTERM");
    await eventually("ended", async () => jobs.exitCode === 0);
  });
});
