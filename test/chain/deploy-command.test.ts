// The operator's command, as it is typed.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { connectChain } from "../../server/chain/client.ts";
import { tryHold } from "../../server/store/locks.ts";
import { World } from "./world.ts";

const COMMAND = fileURLToPath(new URL("../../scripts/deploy.ts", import.meta.url));

describe("npm run deploy", function () {
  this.timeout(60_000);
  let world: World;
  before(async () => {
    world = await World.make();
  });
  after(() => world.close());

  async function deploy(more: Record<string, string> = {}, ...args: string[]) {
    const [admin, anchor, payer, registrar] = world.chain.accounts.map(({ privateKey }) => privateKey);
    const keys = { ADMIN_KEY: admin, ANCHOR_KEY: anchor, PAYER_KEY: payer, REGISTRAR_KEY: registrar };
    const where = { DATABASE_URL: world.databaseUrl, CHAIN_RPC_URL: world.chain.url, CONFIRMATIONS: "1" };
    const env = { ...process.env, ...keys, ...where, CHAIN_POLL_MS: "20", LOG_LEVEL: "silent", ...more };
    const child = spawn(process.execPath, [COMMAND, ...args], { env });
    const ended = once(child, "exit");
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: (await ended)[0] as number, out, err };
  }

  it("says what is missing, and shows no key", async () => {
    const withoutEndpoint = await deploy({ CHAIN_RPC_URL: "" });
    expect([withoutEndpoint.code, withoutEndpoint.err]).to.deep.equal([
      1,
      "CHAIN_RPC_URL: wanted the endpoint of the chain to deploy to, came nothing\n",
    ]);
    const wrongKey = await deploy({ ADMIN_KEY: "0xsecret" });
    expect(wrongKey.code).to.equal(1);
    expect(wrongKey.err).to.match(/^ADMIN_KEY/);
    expect(wrongKey.err).not.to.contain("0xsecret");
  });

  it("is refused while a service speaks to the contract", async () => {
    const hold = await tryHold(world.sql, "chain");
    const { code, err } = await deploy();
    expect([code, err]).to.deep.equal([
      1,
      "a service on this database speaks to the contract; stop it first\n",
    ]);
    await hold?.release();
  });

  it("deploys, says where, and what to set; and the second time changes nothing", async () => {
    const first = await deploy();
    expect(first.code).to.equal(0);
    const address = /CONTRACT_ADDRESS=(0x[0-9a-fA-F]{40})/.exec(first.out)?.[1] as `0x${string}`;
    const chain = connectChain(world.chain.url);
    expect(await chain.hasCode(address)).to.equal(true);
    const head = await chain.head();
    const second = await deploy();
    expect([second.code, second.out]).to.deep.equal([0, first.out]);
    expect(await chain.head()).to.equal(head);
  });
});
