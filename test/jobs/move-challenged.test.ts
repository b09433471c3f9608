// Promises that are challenged while a ledger moves: what can be shown to the earlier contract is shown there, by the move
// itself; what cannot keeps nobody from moving, and is told.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  createWalletClient,
  type Hex,
  http,
  recoverTransactionAddress,
  type TransactionSerialized,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { judgeFiles } from "../../scripts/verify/judge.ts";
import { promisedOf } from "../../server/chain/encode.ts";
import { type Moved, newAddress } from "../../server/jobs/move/move.ts";
import { charityId } from "../../server/protocol/ids.ts";
import type { PromiseFile } from "../../server/protocol/promise-file.ts";
import type { ReceiptFile } from "../../server/protocol/receipt-file.ts";
import { lastMove } from "../../server/store/moves.ts";
import { STRANGER } from "../chain/challenges.ts";
import { Moving } from "../chain/moving.ts";
import { CHARITY } from "../chain/world.ts";
import { eventually } from "../support/eventually.ts";

const ADMIN = 0;
/** The account that is to answer: it registers charities, and signs nothing else while a ledger moves. */
const REGISTRAR = 3;
/** Another account than the earlier contract's admin, as where that is a timelock. */
const NEW_ADMIN = 5;

describe("moving a ledger whose promises are challenged", function () {
  this.timeout(120_000);
  let moving: Moving;
  let file: ReceiptFile;
  beforeEach(async () => {
    moving = await Moving.make();
    moving.run();
    file = await moving.promised.give();
    await sealed(1n);
    await moving.stop();
  });
  afterEach(() => moving.close());

  const stateOf = (promise: PromiseFile) => moving.promised.stateOf(promise);
  const moveState = async () => (await lastMove(moving.world.sql))?.state;
  const withOtherAdmin = () => ({ ADMIN_KEY: moving.world.chain.accounts[NEW_ADMIN]!.privateKey });
  const moveAsOther = () => moving.move({}, undefined, moving.mover(withOtherAdmin()));

  async function sealed(batch: bigint): Promise<void> {
    await moving.world.seal();
    await eventually("final", async () => (await moving.world.stateOf(batch)) === "final");
    await eventually("all final", () => moving.world.areAllFinal());
  }

  /** What nobody here has promised, signed with the stolen key. */
  const invented = (nth: number) =>
    moving.promised.forged({
      leaf: Buffer.alloc(32, nth),
      charity: charityId(CHARITY),
      unit: "CNY",
      kind: 0,
      amount: 1n,
    });

  async function send({ toBeSent }: Moved): Promise<void> {
    const { accounts, url } = moving.world.chain;
    const account = privateKeyToAccount(accounts[ADMIN]!.privateKey);
    const { to, data } = toBeSent!;
    const wallet = createWalletClient({ account, transport: http(url) });
    const hash = await wallet.sendTransaction({ to, data, chain: null });
    await moving.promised.client.waitForTransactionReceipt({ hash, pollingInterval: 10 });
  }

  it("is not kept back by promises that a thief of the key has invented, and says that they stay behind", async () => {
    for (const nth of [7, 8]) await moving.promised.challenge(invented(nth));
    const { left } = await moving.move();
    expect(await moveState()).to.equal("succeeded");
    const told = left.filter((line) => line.includes("challenged"));
    expect(told).to.have.length(2);
    expect(told[0]).to.contain(moving.promised.idOf(invented(7)));
    expect(told[0]).to.match(/no such promise is recorded here.*the breach will stand there/);
  });

  it("answers at the earlier contract what can be shown there, and keeps the bond", async () => {
    await moving.promised.challenge(file.promise!);
    const before = await moving.promised.balanceOf(REGISTRAR);
    const { left } = await moving.move();
    expect(await stateOf(file.promise!)).to.equal("answered");
    expect((await moving.promised.balanceOf(REGISTRAR)) > before).to.equal(true);
    expect([await moveState(), left]).to.deep.equal(["succeeded", []]);
  });

  it("goes on, and says so, where the earlier chain takes no answer however often its fee is raised", async () => {
    await moving.promised.challenge(file.promise!);
    const mover = moving.mover({ STUCK_AFTER_SECONDS: "1" });
    const source = mover.source!;
    const registrar = moving.world.chain.accounts[REGISTRAR]!.address;
    const offered = new Set<string>();
    const send: typeof source.chain.send = async (raw) => {
      const from = await recoverTransactionAddress({ serializedTransaction: raw as TransactionSerialized });
      if (from !== registrar) return source.chain.send(raw);
      offered.add(raw);
      return { accepted: true };
    };
    const deaf = { ...mover, source: { ...source, chain: { ...source.chain, send } } };
    const { left } = await moving.move({}, AbortSignal.timeout(40_000), deaf as typeof mover);
    expect([await moveState(), await stateOf(file.promise!)]).to.deep.equal(["succeeded", "open"]);
    expect(offered.size).to.be.within(3, 20);
    expect(moving.said.join("\n")).to.match(/waits for its answer.*took no transaction of 0x/);
    expect(left.join()).to.include("it can be answered there");
  });

  it("carries over a breach that was recorded while it was cut off before the opening", async () => {
    const cutOff = new AbortController();
    const say = (line: string) => line.startsWith("Compared") && cutOff.abort();
    const end = await moving.move({ say }, cutOff.signal).catch((thrown) => thrown);
    expect([end.code, await moveState()]).to.deep.equal(["cut-off", "compared"]);
    const promise = invented(7);
    await moving.promised.challenge(promise);
    await moving.promised.passDays(8);
    const { deadline: _, path: __, signature: ___, ...plain } = promise;
    await moving.promised.write(STRANGER, "recordBreach", [promisedOf(plain)]);
    const { move } = await moving.move();
    const asked = { functionName: "challengeOf", args: [moving.promised.idOf(promise)] } as const;
    const said = await moving.ask(moving.next, newAddress(move) as Hex, [asked]);
    expect([await moveState(), said]).to.deep.equal(["succeeded", ["breached"]]);
  });

  it("answers what is challenged while the earlier contract's admin waits, and after it has named the successor", async () => {
    moving.run();
    const second = await moving.promised.give(6n);
    await sealed(2n);
    await moving.stop();
    expect((await moveAsOther()).toBeSent).not.to.equal(undefined);
    await moving.promised.challenge(file.promise!);
    const pending = await moveAsOther();
    expect(await stateOf(file.promise!)).to.equal("answered");
    expect([await moveState(), pending.left]).to.deep.equal(["opened", []]);

    await moving.promised.challenge(second.promise!);
    await send(pending);
    const { left } = await moveAsOther();
    expect(await stateOf(second.promise!)).to.equal("answered");
    expect([await moveState(), left]).to.deep.equal(["succeeded", []]);
  });

  it("says which to answer, and how, where no account can pay for that; asked again, it answers", async () => {
    const { chain } = moving.world;
    const pending = await moveAsOther();
    const roles = [1, 2, REGISTRAR, NEW_ADMIN].map((index) => chain.accounts[index]!.address);
    const balances = await Promise.all(
      roles.map((address) => moving.promised.client.getBalance({ address })),
    );
    const setAll = async (values: readonly bigint[]) => {
      for (const [index, address] of roles.entries())
        await moving.node(chain).setBalance({ address, value: values[index]! });
    };
    await moving.promised.challenge(file.promise!);
    await setAll(roles.map(() => 1n));
    await send(pending);
    const poor = await moveAsOther();
    expect(await stateOf(file.promise!)).to.equal("open");
    expect(poor.left.join()).to.match(/npm run answer -- --leaf 0x[0-9a-f]{64} --books .* --contract 0x/);
    expect(poor.left.join()).to.contain(moving.promised.idOf(file.promise!));
    expect(moving.said.join()).to.match(/no account can pay/);
    await setAll(balances);
    const again = await moveAsOther();
    expect([again.before, again.left]).to.deep.equal([true, []]);
    expect(await stateOf(file.promise!)).to.equal("answered");
  });

  it("leaves a receipt behind whose batch a thief has taken the place of; its promise is kept at the successor", async () => {
    await moving.anchorFalsely(2n);
    const { receipt, promise } = await moving.promised.give(9n);
    await moving.world.seal();
    await moving.promised.challenge(promise!);
    const { left } = await moving.move({ lastGoodBatch: 1n });
    expect(left.join()).to.match(/is in batch 2, which that contract cannot take any more.*kept here/);
    const jobs = moving.world.run(moving.settings(moving.next.url), moving.next.url);
    await eventually("anchored there", async () => (await moving.world.stateOf(2n)) === "final");
    await jobs.stop();
    await moving.promised.passDays(8);
    const { deadline, path, signature, ...plain } = promise!;
    await moving.promised.write(STRANGER, "recordBreach", [promisedOf(plain)]);
    expect(await stateOf(promise!)).to.equal("breached");

    const folder = await mkdtemp(join(tmpdir(), "amanah-moved-"));
    const held = join(folder, "receipt.json");
    const id = Buffer.from(receipt.id.slice(2), "hex");
    await writeFile(held, JSON.stringify(await moving.promised.fileOf(id)));
    const rpc = [moving.world.chain.url, moving.next.url];
    const contract = moving.promised.contract.toLowerCase() as Hex;
    const [judged] = await judgeFiles([held], { rpc, contract, pins: {}, witness: null, issuer: null });
    await rm(folder, { recursive: true });
    const { verdict, steps } = judged!.verification;
    expect([verdict, steps.at(-1)?.reason]).to.deep.equal(["valid", "promise-kept-behind"]);
  });
});
