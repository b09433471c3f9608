// Calls that were asked for: which fail, which wait, which turn out to be done, and that none holds up the others for ever.

import { expect } from "chai";
import { createWalletClient, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { LEDGER_ABI } from "../../server/chain/abi.ts";
import { type EmbeddedChain, startChain } from "../../server/embedded/chain.ts";
import { ConflictError, UnavailableError } from "../../server/errors.ts";
import { sendNext } from "../../server/jobs/send.ts";
import type { ContractCall } from "../../server/protocol/contract-calls.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { callEnded, callReport, intend } from "../../server/store/chain-calls.ts";
import { watermarksOf } from "../../server/store/watermarks.ts";
import { acknowledge, disburse, payBank, register } from "../chain/statements.ts";
import {
  CHARITY,
  charityHex,
  type Running,
  SECOND_CHARITY,
  signerOf,
  someHash,
  World,
} from "../chain/world.ts";
import { eventually } from "../support/eventually.ts";

const WITHIN_MS = 15_000;

describe("calls to the contract", () => {
  let chain: EmbeddedChain;
  let world: World;
  let jobs: Running | undefined;
  before(async () => {
    chain = await startChain();
  });
  beforeEach(async () => {
    world = await World.on(chain);
    await world.deploy();
  });
  afterEach(async () => {
    await jobs?.stop();
    jobs = undefined;
    await world.leaveChain();
  });
  after(() => chain.stop());

  const run = (more: Record<string, string> = {}) => {
    jobs = world.run(world.settings(more));
  };
  const ask = (call: ContractCall) => intend(world.sql, call);
  const end = (id: bigint) => callEnded(world.sql, id, WITHIN_MS);

  /** One anchored and proven batch of 120 on a registered charity's line. */
  async function prepareLine(): Promise<{ number: bigint; root: Buffer }> {
    await ask(register(signerOf(chain)));
    await world.give([50n, 70n]);
    const number = await world.seal();
    const line = { charity: charityId(CHARITY), unit: "CNY" };
    await eventually("given", async () => (await watermarksOf(world.sql, line))?.given === 120n);
    const [row] = await world.sql<{ root: Buffer }[]>`SELECT root FROM batches WHERE number = ${number}`;
    return { number, root: row!.root };
  }

  async function write(
    account: number,
    functionName: "pause" | "unpause" | "payBank",
    args: readonly unknown[],
  ) {
    const [row] = await world.sql<{ contract: Buffer }[]>`SELECT contract FROM deployment`;
    const address = `0x${row!.contract.toString("hex")}` as const;
    const from = privateKeyToAccount(chain.accounts[account]!.privateKey);
    const wallet = createWalletClient({ account: from, transport: http(chain.url) });
    await wallet.writeContract({ address, abi: LEDGER_ABI, functionName, args, chain: null } as never);
  }

  it("fail with the contract's own words when it refuses them, and hold up none of the others", async () => {
    run();
    await prepareLine();
    const tooFar = await ask(payBank(0n, 121n));
    const others = await Promise.all([
      ask(register(signerOf(chain), charityHex(SECOND_CHARITY))),
      ask(register(signerOf(chain), someHash())),
    ]);
    const failed = await end(tooFar);
    expect(failed.state).to.equal("failed");
    expect(failed.failure).to.equal("UpToOutOfRange(0, 121, 120)");
    for (const id of others) expect((await end(id)).state).to.equal("final");
    expect(await world.alarms()).to.deep.equal([]);
  });

  it("may be asked for again once they were refused", async () => {
    run();
    await prepareLine();
    expect((await end(await ask(payBank(0n, 121n)))).state).to.equal("failed");
    expect((await end(await ask(payBank(0n, 120n)))).state).to.equal("final");
  });

  it("are found out one by one among many: only the one that is refused fails", async () => {
    await world.give([50n, 70n]);
    await world.seal();
    const good = Array.from({ length: 9 }, () => someHash());
    const ids: bigint[] = [];
    for (const charity of good.slice(0, 5)) ids.push(await ask(register(signerOf(chain), charity)));
    const zero = `0x${"0".repeat(40)}` as const;
    const bad = await ask({
      kind: "registerCharity",
      args: { charity: someHash(), payee: zero, signer: zero },
    });
    for (const charity of good.slice(5)) ids.push(await ask(register(signerOf(chain), charity)));
    run();
    expect((await end(bad)).failure).to.match(/^InvalidSigner\(/);
    for (const id of ids) expect((await end(id)).state).to.equal("final");
  });

  it("refuse to mean two things by one name", async () => {
    await ask(payBank(0n, 120n));
    const other = await ask(payBank(0n, 100n)).catch((thrown) => thrown);
    expect(other).to.be.instanceOf(ConflictError);
    expect(other.code).to.equal("call-differs");
  });

  it("are one call when the same is asked for twice", async () => {
    const call = payBank(0n, 120n);
    const ids = await Promise.all([ask(call), ask(call), ask(structuredClone(call))]);
    expect(new Set(ids).size).to.equal(1);
  });

  it("are not written when the transaction that asks for them is given up", async () => {
    const givenUp = world.sql.begin(async (tx) => {
      await intend(tx, payBank(0n, 120n));
      throw new Error("given up");
    });
    await givenUp.catch(() => {});
    expect(await world.callStates()).not.to.include("payBank intended");
  });

  it("say that they are not final in time, instead of waiting for ever", async () => {
    const id = await ask(payBank(0n, 120n));
    const failure = await callEnded(world.sql, id, 100).catch((thrown) => thrown);
    expect(failure).to.be.instanceOf(UnavailableError);
  });

  it("wait for the account that they need, while those of other accounts are sent", async () => {
    run({ PAYER_KEY: "" });
    await prepareLine();
    const payout = await ask(payBank(0n, 120n));
    expect((await end(await ask(register(signerOf(chain), someHash())))).state).to.equal("final");
    expect((await callReport(world.sql, payout))?.state).to.equal("intended");
    await jobs?.stop();
    run();
    expect((await end(payout)).state).to.equal("final");
  });

  it("to pay wait while the contract is paused, and anchoring goes on", async () => {
    run();
    await prepareLine();
    await write(0, "pause", []);
    const payout = await ask(payBank(0n, 120n));
    await world.give([1n]);
    const batch = await world.seal();
    await eventually("final", async () => (await world.stateOf(batch)) === "final");
    expect((await callReport(world.sql, payout))?.state).to.equal("intended");
    await write(0, "unpause", []);
    await world.sql`UPDATE chain_calls SET not_before = now() WHERE id = ${payout}`;
    expect((await end(payout)).state).to.equal("final");
  });

  it("turn out to be done when another transaction did the same, and are not done twice", async () => {
    run();
    await prepareLine();
    await jobs?.stop();
    const call = payBank(0n, 120n);
    const reference = (call.args as { reference: string }).reference;
    await write(2, "payBank", [charityHex(), `0x434e59${"0".repeat(58)}`, 0n, 120n, 0n, reference]);
    const id = await ask(call);
    run();
    const report = await end(id);
    expect(report.state).to.equal("final");
    expect(report.transaction).to.equal(null);
  });

  it("may be asked for all at once: paid, acknowledged and spent follow each other", async () => {
    run();
    const batch = await prepareLine();
    const interval = [0n, 120n] as const;
    const signer = signerOf(chain);
    const ids = [
      await ask(payBank(...interval)),
      await ask(await acknowledge(signer, world.ledger.id, interval, batch)),
      await ask(await disburse(signer, world.ledger.id, interval)),
    ];
    for (const id of ids) expect((await end(id)).state).to.equal("final");
    const line = { charity: charityId(CHARITY), unit: "CNY" };
    const wanted = { given: 120n, reversed: 0n, paid: 120n, netted: 0n, acknowledged: 120n, spent: 120n };
    await eventually("watermarks", async () => (await watermarksOf(world.sql, line))?.spent === 120n);
    expect(await watermarksOf(world.sql, line)).to.deep.equal(wanted);
  });

  it("are sent by one of two processes, when one stops at the worst moment and the other goes by", async () => {
    await ask(register(signerOf(chain)));
    const settings = world.settings();
    const [slow, quick] = [world.context(settings), world.context(settings)];
    let overtaken = false;
    const stopping = {
      ...slow.chain,
      // All is measured and the nonce is read; only now the other process comes by and does it all.
      fees: async () => {
        overtaken = await sendNext(quick);
        return slow.chain.fees();
      },
    };
    const sent = await sendNext({ ...slow, chain: stopping });
    expect([overtaken, sent]).to.deep.equal([true, false]);
    const registrar = Buffer.from(chain.accounts[3]!.address.slice(2), "hex");
    const kept = await world.sql`SELECT DISTINCT hash FROM chain_transactions WHERE sender = ${registrar}`;
    expect(kept).to.have.length(1);
  });
});
