// Answers to challenges have a turn of their own: whatever else stands still, an answer that can be given safely is given, or
// a thief of one key would have an honest operator convicted. Where nothing may be sent, no answer is either.

import { expect } from "chai";
import { hexToBytes, keccak256, stringToHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { connectChain } from "../../server/chain/client.ts";
import { sign } from "../../server/chain/sign.ts";
import { type EmbeddedChain, startChain } from "../../server/embedded/chain.ts";
import type { PromiseFile } from "../../server/protocol/promise-file.ts";
import { callReport, intend } from "../../server/store/chain-calls.ts";
import { fillSlot } from "../../server/store/chain-slots.ts";
import { PromisedWorld } from "../chain/challenges.ts";
import { register } from "../chain/statements.ts";
import { type Running, signerOf, someHash } from "../chain/world.ts";
import { eventually } from "../support/eventually.ts";

const [ADMIN, ANCHOR, PAYER] = [0, 1, 2] as const;
const ANCHOR_ROLE = keccak256(stringToHex("ANCHOR_ROLE"));

describe("an answer to a challenge", () => {
  let chain: EmbeddedChain;
  let promised: PromisedWorld;
  let jobs: Running | undefined;
  let promise: PromiseFile;

  before(async () => {
    chain = await startChain();
  });
  beforeEach(async () => {
    promised = await PromisedWorld.on(chain);
    promise = (await promised.give()).promise!;
    await promised.world.seal();
    run();
    await eventually("final", async () => (await promised.world.stateOf(1n)) === "final");
    await eventually("proven", () => promised.world.areAllFinal());
  });
  afterEach(async () => {
    await stop();
    await promised.world.leaveChain();
  });
  after(() => chain.stop());

  function run(more: Record<string, string> = {}): void {
    jobs = promised.world.run(promised.settings(more));
  }
  async function stop(): Promise<void> {
    await jobs?.stop();
    jobs = undefined;
  }
  const alarmed = (kind: string) =>
    eventually(kind, async () => (await promised.world.alarms()).includes(kind));

  async function sealAnother(): Promise<void> {
    await promised.give(7n);
    await promised.world.seal();
  }

  /** A thief of the anchor's key was first with the next batch. */
  async function anchorFalsely(): Promise<void> {
    await promised.write(ANCHOR, "anchor", [2n, someHash()]);
    await sealAnother();
    await alarmed("root-differs");
  }

  it("is given while a thief's root stands in the place of ours, and the alarm stands on", async () => {
    await anchorFalsely();
    await promised.challenge(promise);
    const seen = new Set<string>();
    await eventually("answered", async () => {
      seen.add(`${await promised.world.alarms()}`);
      return (await promised.stateOf(promise)) === "answered";
    });
    await promised.shows("answered");
    expect([...seen]).to.deep.equal(["root-differs"]);
    expect(await promised.world.alarms()).to.deep.equal(["root-differs"]);
  });

  it("is given while the account that anchors has lost its role", async () => {
    await promised.write(ADMIN, "revokeRole", [ANCHOR_ROLE, chain.accounts[ANCHOR]!.address]);
    await sealAnother();
    await alarmed("call-refused");
    await promised.challenge(promise);
    await promised.shows("answered");
    await promised.write(ADMIN, "grantRole", [ANCHOR_ROLE, chain.accounts[ANCHOR]!.address]);
    await eventually("final", async () => (await promised.world.stateOf(2n)) === "final");
    await eventually("no alarm", async () => (await promised.world.alarms()).length === 0);
  });

  for (const [kind, change] of [
    ["ledger-behind", "state = 'final'"],
    ["root-differs", "root = set_byte(root, 0, get_byte(root, 0) # 1)"],
  ] as const)
    it(`is given while the contract's history is not ours: ${kind}`, async () => {
      await stop();
      await sealAnother();
      const { sql } = promised.world;
      const of = kind === "ledger-behind" ? 2 : 1;
      await sql.unsafe(`UPDATE batches SET ${change} WHERE number = ${of}`);
      await promised.challenge(promise);
      run();
      await alarmed(kind);
      await eventually("answered", async () => (await promised.stateOf(promise)) === "answered");
      expect(await promised.world.alarms()).to.include(kind);
      expect(await (await promised.world.reader()).lastBatch()).to.equal(1n);
    });

  it("is given while a transaction of another account is stuck", async () => {
    await stop();
    const { sql } = promised.world;
    const account = privateKeyToAccount(chain.accounts[PAYER]!.privateKey);
    const far = (await connectChain(chain.url).nonce(account.address)) + 9n;
    const fees = { maxFeePerGas: 2_000_000_000n, maxPriorityFeePerGas: 1n };
    const empty = { gas: 21_000n, to: account.address, data: "0x", ...fees } as const;
    const stuck = await sign(account, { chainId: chain.chainId, nonce: Number(far), ...empty });
    const call = await intend(sql, {
      kind: "payBank",
      args: { charity: someHash(), unit: "CNY", from: "0", upTo: "1", netTo: "0", reference: someHash() },
    });
    const form = { sender: hexToBytes(account.address), nonce: far };
    const bytes = { hash: hexToBytes(stuck.hash), raw: hexToBytes(stuck.raw) };
    expect(await fillSlot(sql, chain.chainId, [call], { ...form, ...bytes })).to.equal(true);
    await promised.challenge(promise);
    run();
    await promised.shows("answered");
    expect((await callReport(sql, call))?.state).to.equal("sent");
  });

  for (const [kind, more] of [
    ["contract-missing", { CONTRACT_ADDRESS: `0x${"12".repeat(20)}` }],
    ["chain-differs", {}],
  ] as const)
    it(`is not given where nothing may be sent: ${kind}`, async () => {
      await stop();
      const { sql } = promised.world;
      await promised.challenge(promise);
      run();
      await eventually("seen", async () => (await sql`SELECT FROM challenges`).length === 1);
      await promised.shows("answered");
      await stop();
      await sql`UPDATE challenges SET answer_block = NULL, answer_batch = NULL, answered_by = NULL, call = NULL`;
      await sql`UPDATE chain_calls SET once = NULL WHERE kind = 'answer'`;
      if (kind === "chain-differs") await sql`UPDATE deployment SET chain_id = 5`;
      run(more);
      await alarmed(kind);
      await eventually("written down", async () => (await answers()).length === 2);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await answers()).to.deep.equal(["answer final", "answer intended"]);
    });

  const answers = async () => (await promised.world.callStates()).filter((call) => call.startsWith("answer"));

  it("is not all that goes on while nothing can be anchored: so does what rests on no anchor, and the alarm stands on", async () => {
    await promised.write(ADMIN, "revokeRole", [ANCHOR_ROLE, chain.accounts[ANCHOR]!.address]);
    await sealAnother();
    await alarmed("call-refused");
    const call = await intend(promised.world.sql, register(signerOf(chain)));
    const seen = new Set<string>();
    await eventually("registered", async () => {
      seen.add(`${await promised.world.alarms()}`);
      return (await callReport(promised.world.sql, call))?.state === "final";
    });
    expect([...seen]).to.deep.equal(["call-refused"]);
    expect(await promised.world.stateOf(2n)).to.equal("submitted");
  });
});
