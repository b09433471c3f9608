// Where `challenge` refuses before it sends anything, and says why.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { privateKeyToAccount } from "viem/accounts";
import { type EmbeddedChain, startChain } from "../../server/embedded/chain.ts";
import { fromHex } from "../../server/protocol/bytes.ts";
import type { ReceiptFile } from "../../server/protocol/receipt-file.ts";
import { CHALLENGER, PromisedWorld, STRANGER } from "../chain/challenges.ts";
import { CommandLine, SCRIPTS } from "../support/command-line.ts";

const PROMISER = 4;

describe("npm run challenge refuses early, with the reason,", function () {
  this.timeout(120_000);
  let chain: EmbeddedChain;
  let promised: PromisedWorld;
  let stranger: CommandLine;
  before(async () => {
    chain = await startChain();
    stranger = await CommandLine.make();
    await stranger.keep("key", chain.accounts[CHALLENGER]!.privateKey);
  });
  beforeEach(async () => {
    promised = await PromisedWorld.on(chain);
  });
  afterEach(() => promised.world.leaveChain());
  after(async () => {
    await chain.stop();
    await stranger.leave();
  });

  const save = (file: object | string) => stranger.save(file);
  const chosen = () => ["--rpc", chain.url, "--contract", promised.contract];
  const challenge = (path: string) =>
    stranger.run("challenge", [path, ...chosen(), "--key-file", stranger.pathOf("key"), "--yes"]);

  async function refused(path: string, pattern: RegExp, code = 1): Promise<void> {
    const outcome = await challenge(path);
    expect(outcome.err).to.match(pattern);
    expect(outcome.code).to.equal(code);
    expect(outcome.err.trim().split("\n")).to.have.length(1);
  }
  const withPromise = (file: ReceiptFile, promise: object) =>
    save({ ...file, promise: { ...file.promise, ...promise } });

  it("a deadline that is not over, a key that is nobody's, a retired one, a ledger that has moved", async () => {
    const file = await promised.give();
    const { receipt } = file;
    const plain = {
      leaf: fromHex(file.promise!.leaf),
      charity: fromHex(receipt.charity),
      unit: receipt.unit,
      kind: receipt.kind,
      amount: BigInt(receipt.amount),
    };
    const soon = promised.forged(plain, (await promised.client.getBlock()).timestamp + 1_000n);
    await refused(await withPromise(file, soon), /the deadline is not over: it can be challenged after 20/);
    const strangers = { signature: await signatureOfNobody(file) };
    await refused(
      await withPromise(file, strangers),
      /which the contract has never known as a key that promises/,
    );
    const path = await save(file);
    await promised.write(PROMISER, "retirePromiser", [chain.accounts[PROMISER]!.address]);
    const late = promised.forged(plain, (await promised.client.getBlock()).timestamp + 8n * 86_400n);
    await refused(
      await withPromise(file, late),
      /a key that is retired: its word counts for deadlines before/,
    );
    await promised.write(0, "nameSuccessor", [1n, chain.accounts[9]!.address, 0n]);
    await refused(path, /the ledger has moved: .*--contract 0x/);
  });

  /** A signature of another account, over the same promise. */
  async function signatureOfNobody(file: ReceiptFile): Promise<string> {
    const { deadline } = file.promise!;
    return await privateKeyToAccount(chain.accounts[STRANGER]!.privateKey).signTypedData({
      domain: { name: "Amanah", version: "1", salt: file.ledger.id },
      types: {
        Promises: [
          { name: "root", type: "bytes32" },
          { name: "deadline", type: "uint64" },
        ],
      },
      primaryType: "Promises",
      message: { root: promised.idOf(file.promise!), deadline: BigInt(deadline) },
    });
  }

  it("files that are none, hold no promise, or another's", async () => {
    const file = await promised.give();
    await refused(await save("{"), /wanted a receipt file, but: /, 2);
    await refused(await save({ format: "x" }), /wanted "amanah-receipt\/1", got "x"/, 2);
    await refused(stranger.pathOf("nowhere.json"), /wanted a receipt file, but: ENOENT/, 2);
    await refused(await save({ ...file, promise: null }), /the file holds no promise/, 2);
    await refused(
      await withPromise(file, { amount: "51" }),
      /the file's promise is not that of its receipt/,
      2,
    );
  });

  it("a dead endpoint, a contract of another ledger, an account without means, no key, no contract", async () => {
    const path = await save(await promised.give());
    const other = await PromisedWorld.on(chain);
    const dead = await stranger.run("challenge", [
      path,
      "--rpc",
      "http://127.0.0.1:9",
      "--contract",
      promised.contract,
    ]);
    expect([dead.code, /the chain's endpoint: /.test(dead.err)]).to.deep.equal([2, true]);
    const wrong = await stranger.run("challenge", [path, "--rpc", chain.url, "--contract", other.contract]);
    expect([wrong.code, /is of ledger 0x.*, wanted that of ledger/.test(wrong.err)]).to.deep.equal([2, true]);
    await other.world.leaveChain();
    const poorKey = await stranger.keep("poor", `0x${"11".repeat(32)}`);
    const poor = await stranger.run("challenge", [path, ...chosen(), "--key-file", poorKey, "--yes"]);
    expect([poor.code, /holds 0 of the chain's coin, wanted 0\.01/.test(poor.err)]).to.deep.equal([2, true]);
    const keyless = await stranger.run("challenge", [path, ...chosen()]);
    expect([keyless.code, /--key-file: wanted a file/.test(keyless.err)]).to.deep.equal([2, true]);
    const nowhere = await stranger.run("challenge", [path, "--rpc", chain.url]);
    expect([nowhere.code, /--contract: wanted the ledger's contract/.test(nowhere.err)]).to.deep.equal([
      2,
      true,
    ]);
  });

  it("and says so when it is stopped, at a silent endpoint, that nothing was sent", async () => {
    const path = await save(await promised.give());
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const rpc = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const args = [join(SCRIPTS, "challenge.ts"), path, "--rpc", rpc, "--contract", promised.contract];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
    const said = text(child.stderr);
    await once(silent, "connection");
    child.kill("SIGINT");
    const [code] = await once(child, "exit");
    expect([code, await said]).to.deep.equal([2, "stopped; nothing was sent\n"]);
    silent.closeAllConnections();
    silent.close();
  });
});
