// Moving the ledger between two real chains: everything comes along but money, the new contract opens only when it says what
// the earlier one says, and that one names it.

import { expect } from "chai";
import { getAddress } from "viem";
import { LEDGER_ABI } from "../../server/chain/abi.ts";
import { connectChain } from "../../server/chain/client.ts";
import { ledgerReader } from "../../server/chain/ledger-reader.ts";
import { successorOf } from "../../server/chain/successor.ts";
import { type EmbeddedChain, startChain } from "../../server/embedded/chain.ts";
import { type Moved, moveLedger, newAddress } from "../../server/jobs/move/move.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { readSettings } from "../../server/settings.ts";
import { callEnded, intend } from "../../server/store/chain-calls.ts";
import { lastMove } from "../../server/store/moves.ts";
import { watermarksOf } from "../../server/store/watermarks.ts";
import { Hands } from "../chain/hands.ts";
import { everything, Moving, OTHER_CHAIN } from "../chain/moving.ts";
import { payBank, register } from "../chain/statements.ts";
import { CHARITY, charityHex, signerOf, World } from "../chain/world.ts";
import { eventually } from "../support/eventually.ts";

const BATCHES = 3;
const ADMIN = 0;

describe("moving a ledger to another chain", function () {
  this.timeout(120_000);
  let moving: Moving;
  beforeEach(async () => {
    moving = await Moving.make();
    await moving.liveThrough();
  });
  afterEach(() => moving.close());

  const stateOf = async () => (await lastMove(moving.world.sql))?.state;
  const contractOf = ({ move }: Moved) => getAddress(newAddress(move));
  const failureOf = (work: Promise<unknown>) =>
    work.then(
      () => ({ code: "", message: "" }),
      (thrown) => thrown,
    );
  const earlierSays = () =>
    moving.ask(moving.world.chain, moving.promised.contract, everything(moving, BATCHES));

  /** The new contract says what the earlier one said, is open, and is named by it. */
  async function isMoved(moved: Moved, said: readonly string[]): Promise<void> {
    const contract = contractOf(moved);
    const after = await moving.ask(moving.next, contract, everything(moving, BATCHES));
    expect(after).to.deep.equal(said);
    const reader = ledgerReader(connectChain(moving.next.url), contract);
    expect(await reader.isDone({ kind: "open", args: {} })).to.equal(true);
    const named = await successorOf(connectChain(moving.world.chain.url), moving.promised.contract);
    expect(named).to.deep.equal({
      chainId: BigInt(OTHER_CHAIN),
      ledgerContract: contract,
      lastGoodBatch: BigInt(BATCHES),
    });
    expect(await stateOf()).to.equal("succeeded");
  }

  it("carries everything over, names the successor, moves no money, and says so when asked again", async () => {
    const said = await earlierSays();
    const until = await ledgerReader(
      connectChain(moving.world.chain.url),
      getAddress(moving.promised.contract),
    ).promiserUntil(moving.retired);
    const word = `for deadlines before ${until}`;
    expect(said).to.include.members(["breached", word, "Malformed", "159 0 150 0 150 150"]);
    const hands = new Hands(moving.world.chain.url);
    const balances = () =>
      Promise.all(
        [hands.payer, signerOf(moving.world.chain).address].map((account) =>
          hands.balanceOf(moving.token, account),
        ),
      );
    const before = await balances();
    const moved = await moving.move();
    await isMoved(moved, said);
    expect(await balances()).to.deep.equal(before);
    expect(moving.said).to.have.length(1);
    expect(moving.said[0]).to.match(
      /^Compared .*: 3 roots, 2 payouts, 2 charities, 1 breaches, 2 promise keys, 2 lines, 2 faults; all are/,
    );
    expect(moved.left.join()).to.match(/announce it again.*name the one of the new chain/);

    const again = await moving.move();
    expect([again.before, contractOf(again)]).to.deep.equal([true, contractOf(moved)]);
    const heads = await Promise.all(
      [moving.world.chain, moving.next].map(({ url }) => connectChain(url).head()),
    );
    expect((await moving.move()).before).to.equal(true);
    expect(
      await Promise.all([moving.world.chain, moving.next].map(({ url }) => connectChain(url).head())),
    ).to.deep.equal(heads);
  });

  it("lets the service go on there, and a change counts on from the earlier number", async () => {
    const contract = contractOf(await moving.move());
    const settings = moving.settings(moving.next.url, { CONTRACT_ADDRESS: contract });
    const jobs = moving.world.run(settings, moving.next.url);
    await moving.world.give([1n]);
    const batch = await moving.world.seal();
    await eventually("anchored there", async () => (await moving.world.stateOf(batch)) === "final");
    const line = { charity: charityId(CHARITY), unit: "CNY" };
    await eventually("given there", async () => (await watermarksOf(moving.world.sql, line))?.given === 160n);
    await jobs.stop();
    expect(await moving.world.alarms()).to.deep.equal([]);
    const { public: client } = connectChain(moving.next.url);
    const [, , changes] = await client.readContract({
      address: contract,
      abi: LEDGER_ABI,
      functionName: "charityOf",
      args: [charityHex()],
    });
    expect(changes).to.equal(3);
  });

  it("comes to the same end when it is cut off after each step", async () => {
    const said = await earlierSays();
    let cuts = 0;
    for (;;) {
      const stopping = new AbortController();
      let before: bigint | undefined;
      const onProgress = (left: bigint) => {
        if (before !== undefined && left !== before) stopping.abort();
        before = left;
      };
      const end = await moving.move({ onProgress }, stopping.signal).catch((thrown) => thrown);
      if (end.move !== undefined) {
        await isMoved(end, said);
        break;
      }
      expect(end.code).to.equal("cut-off");
      cuts += 1;
    }
    expect(cuts).to.be.above(10);
  });

  it("tells which promise keys were changed at the earlier contract behind the opening, each with the command that mends it", async () => {
    const { promised, world } = moving;
    const [promiser, admitted] = [world.chain.accounts[4]!.address, moving.newPayee];
    for (let isOpened = false; !isOpened; ) {
      const stopping = new AbortController();
      let before: bigint | undefined;
      const onProgress = (left: bigint) => {
        if (before !== undefined && left !== before) stopping.abort();
        before = left;
      };
      expect((await failureOf(moving.move({ onProgress }, stopping.signal))).code).to.equal("cut-off");
      const contract = (await lastMove(world.sql))?.to_contract ?? null;
      if (contract === null) continue;
      const { isDone } = ledgerReader(connectChain(moving.next.url), getAddress(toHex(contract)));
      isOpened = await isDone({ kind: "open", args: {} });
    }
    await promised.write(ADMIN, "retirePromiser", [promiser]);
    await promised.write(ADMIN, "admitPromiser", [admitted]);
    const { left } = await moving.move();
    const keys = left.filter((line) => line.includes("promise key"));
    expect(keys).to.have.length(2);
    expect(keys.find((line) => line.includes(promiser))).to.include(
      `npm run keys -- revoke promise ${promiser}`,
    );
    expect(keys.find((line) => line.includes(admitted))).to.include(
      `npm run keys -- grant promise ${admitted}`,
    );
    expect((await moving.move()).left.filter((line) => line.includes("promise key"))).to.deep.equal(keys);
  });

  it("opens nothing where something differs, and names it", async () => {
    const { sql } = moving.world;
    const stopping = new AbortController();
    await failureOf(moving.move({ onProgress: () => stopping.abort() }, stopping.signal));
    await sql`UPDATE chain_calls SET args = jsonb_set(args, '{payee}', '"0x0000000000000000000000000000000000000009"')
      WHERE kind = 'changePayee' AND args->>'change' = '2'`;
    const { code, message } = await failureOf(moving.move());
    expect(code).to.equal("move-differs");
    expect(message).to.match(/not opened.*charities: charity 0x.* was 0x.*, is 0x0{39}9/);
    expect(await stateOf()).to.equal("rebuilding");
    expect(await successorOf(connectChain(moving.world.chain.url), moving.promised.contract)).to.equal(
      undefined,
    );
  });

  it("leaves a thief's roots behind, once the operator has said which batch was the last good one", async () => {
    await moving.anchorFalsely(BigInt(BATCHES) + 1n);
    const said = await earlierSays();
    const refused = await failureOf(moving.move());
    expect(refused.code).to.equal("root-differs");
    expect(refused.message).to.contain("--last-good-batch 3");
    await moving.world.give([4n]);
    const batch = await moving.world.seal();
    const moved = await moving.move({ lastGoodBatch: BigInt(BATCHES) });
    await isMoved(moved, said);
    const jobs = moving.world.run(moving.settings(moving.next.url), moving.next.url);
    await eventually("ours is anchored there", async () => (await moving.world.stateOf(batch)) === "final");
    await jobs.stop();
  });

  it("is refused before anything is written, each time with what to do", async () => {
    const { source, target } = moving.mover();
    const refusals = [
      ["wrong-endpoint", { target, source: target }],
      ["same-chain", { target: source!, source }],
      ["key-missing", moving.mover({ PAYER_KEY: "" })],
    ] as const;
    for (const [code, mover] of refusals)
      expect((await failureOf(moving.move({}, undefined, mover))).code).to.equal(code);
    const dead = moving.world.context(moving.settings("http://127.0.0.1:9"), "http://127.0.0.1:9");
    const failure = await failureOf(moving.move({}, undefined, { ...moving.mover(), target: dead }));
    expect(failure.message).to.match(/^--to does not answer/);
    const poor = moving.world.chain.accounts[0]!.address;
    await moving.node(moving.next).setBalance({ address: poor, value: 1n });
    expect((await failureOf(moving.move())).message).to.contain(`admin ${poor} has 1 wei`);
    await moving.world
      .sql`UPDATE chain_calls SET state = 'mined', sender = '\\x00', nonce = 1 WHERE kind = 'payBank'`;
    expect((await failureOf(moving.move())).code).to.equal("calls-under-way");
    expect(await stateOf()).to.equal(undefined);
  });

  it("goes to another contract on the same chain, when that is what the operator says", async () => {
    const { contract: earlier } = moving.promised;
    const { source } = moving.mover({ CONTRACT_ADDRESS: earlier });
    const mover = { target: source!, source };
    const said = await earlierSays();
    const contract = contractOf(await moving.move({ sameChain: true }, undefined, mover));
    expect(contract).not.to.equal(getAddress(earlier));
    expect(await moving.ask(moving.world.chain, contract, everything(moving, BATCHES))).to.deep.equal(said);
    expect((await successorOf(source!.chain, earlier))?.ledgerContract).to.equal(contract);
    expect((await moving.move({ sameChain: true }, undefined, mover)).before).to.equal(true);
  });

  it("keeps what is new until the opening: a payout before it would be a record without money", async () => {
    const stopping = new AbortController();
    await failureOf(moving.move({ onProgress: () => stopping.abort() }, stopping.signal));
    const call = await intend(moving.world.sql, payBank(150n, 159n));
    await moving.move();
    const [row] = await moving.world.sql`SELECT state FROM chain_calls WHERE id = ${call}`;
    expect(row).to.deep.equal({ state: "intended" });
  });
});

describe("moving a ledger away from the demonstration chain", () => {
  let world: World;
  let next: EmbeddedChain;
  before(async () => {
    world = await World.make();
    next = await startChain({ chainId: OTHER_CHAIN });
  });
  after(async () => {
    await world.close();
    await next.stop();
  });

  it("builds it from what the store knows, and needs no successor", async () => {
    const jobs = world.run(readSettings({}));
    const line = { charity: charityId(CHARITY), unit: "CNY" };
    await intend(world.sql, register(signerOf(world.chain)));
    await world.give([5n, 6n]);
    await world.seal();
    await eventually("given", async () => (await watermarksOf(world.sql, line))?.given === 11n);
    await callEnded(world.sql, await intend(world.sql, payBank(0n, 11n)), 15_000);
    await eventually("paid", async () => (await watermarksOf(world.sql, line))?.paid === 11n);
    await jobs.stop();

    const target = world.context(world.settings({ CHAIN_RPC_URL: next.url }), next.url);
    const options = { adminDelaySeconds: 60, lastGoodBatch: undefined, sameChain: false };
    const silent = { say: () => {}, onProgress: () => {} };
    const { move } = await moveLedger(
      { target, source: undefined },
      { ...options, ...silent },
      new AbortController().signal,
    );
    expect([move.forgotten, (await lastMove(world.sql))?.state]).to.deep.equal([true, "succeeded"]);
    const reader = ledgerReader(target.chain, getAddress(newAddress(move)));
    expect(await reader.line(charityHex(), "CNY")).to.include({ given: 11n, paid: 11n });
    expect(await reader.promiserUntil(world.chain.accounts[4]!.address)).to.equal(0);
  });
});
