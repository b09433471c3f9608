// The operator's command, as it is typed; killed wherever it happens to be; and where somebody else is the admin.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { createWalletClient, type Hex, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { connectChain } from "../../server/chain/client.ts";
import { successorOf } from "../../server/chain/successor.ts";
import { tryHold } from "../../server/store/locks.ts";
import { lastMove } from "../../server/store/moves.ts";
import { everything, Moving } from "../chain/moving.ts";

const COMMAND = fileURLToPath(new URL("../../scripts/move.ts", import.meta.url));
const BATCHES = 3;
/** Each kill comes later by this part of what the command needs to begin: a busy machine takes longer for all of it. */
const KILLS_A_START = 12;
/** Another account than the earlier contract's admin. */
const NEW_ADMIN = 5;

describe("npm run move", function () {
  this.timeout(120_000);
  let moving: Moving;
  beforeEach(async () => {
    moving = await Moving.make();
    await moving.liveThrough();
  });
  afterEach(() => moving.close());

  function start(more: Record<string, string> = {}, ...args: string[]): ChildProcess {
    const { accounts, url } = moving.world.chain;
    const [admin, anchor, payer, registrar, promiser] = accounts.map(({ privateKey }) => privateKey);
    const keys = { ADMIN_KEY: admin, ANCHOR_KEY: anchor, PAYER_KEY: payer, REGISTRAR_KEY: registrar };
    const where = { DATABASE_URL: moving.world.databaseUrl, CHAIN_RPC_URL: url, PROMISE_KEY: promiser };
    const pace = { CONFIRMATIONS: "1", CHAIN_POLL_MS: "20", LOG_LEVEL: "silent" };
    const env = { ...process.env, ...keys, ...where, ...pace, ...more };
    return spawn(process.execPath, [COMMAND, "--to", moving.next.url, ...args], { env });
  }

  async function run(more: Record<string, string> = {}, ...args: string[]) {
    const child = start(more, ...args);
    const ended = once(child, "exit");
    const [out, err] = await Promise.all([text(child.stdout!), text(child.stderr!)]);
    return { code: (await ended)[0] as number, out, err };
  }

  async function timeOf(work: Promise<unknown>): Promise<number> {
    const began = performance.now();
    await work;
    return performance.now() - began;
  }

  const namedBy = () => successorOf(connectChain(moving.world.chain.url), moving.promised.contract);

  it("is refused while a service speaks to the contract, and without --to", async () => {
    const hold = await tryHold(moving.world.sql, "chain");
    expect(await run()).to.deep.include({
      code: 1,
      err: "a service on this database speaks to the contract; stop it first\n",
    });
    await hold?.release();
    expect((await run({}, "--to", "nowhere")).err).to.match(/^--to: wanted an endpoint's URL/);
    expect(await lastMove(moving.world.sql)).to.equal(undefined);
  });

  it("comes to the same end when it is killed again and again, and says what to set", async () => {
    const said = await moving.ask(moving.world.chain, moving.promised.contract, everything(moving, BATCHES));
    const startMs = await timeOf(run({}, "--to", "nowhere"));
    const states = new Set<string | undefined>();
    for (
      let milliseconds = startMs;
      (await lastMove(moving.world.sql))?.state !== "succeeded";
      milliseconds += startMs / KILLS_A_START
    ) {
      const child = start();
      const gone = once(child, "exit");
      await Promise.race([sleep(milliseconds), gone]);
      child.kill("SIGKILL");
      await gone;
      states.add((await lastMove(moving.world.sql))?.state);
    }
    expect(states.size).to.be.above(1);
    const { code, out } = await run();
    expect(code).to.equal(0);
    expect(out).to.match(/^The ledger has moved already/);
    const contract = /CONTRACT_ADDRESS=(0x[0-9a-fA-F]{40})/.exec(out)?.[1] as Hex;
    expect(await moving.ask(moving.next, contract, everything(moving, BATCHES))).to.deep.equal(said);
    expect((await namedBy())?.ledgerContract).to.equal(contract);
  });

  it("prints what the earlier contract's admin has to send, where that is somebody else", async () => {
    const { accounts, url } = moving.world.chain;
    const other = { ADMIN_KEY: accounts[NEW_ADMIN]!.privateKey };
    const first = await run(other);
    expect(first.code).to.equal(3);
    expect(first.err).to.match(/Compared with the earlier contract/);
    const data = /data (0x[0-9a-f]+)/.exec(first.out)?.[1] as Hex;
    expect(await namedBy()).to.equal(undefined);
    const admin = privateKeyToAccount(accounts[0]!.privateKey);
    const wallet = createWalletClient({ account: admin, transport: http(url) });
    await wallet.sendTransaction({ to: moving.promised.contract, data, chain: null });
    const second = await run(other);
    expect([second.code, second.err]).to.deep.equal([0, ""]);
    expect((await lastMove(moving.world.sql))?.state).to.equal("succeeded");
  });
});
