// What tests of moving stand on: a ledger that has lived through everything that a contract can tell of, and a second chain
// for it to go to.

import { createTestClient, type Hex, http } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { connectChain } from "../../server/chain/client.ts";
import { statementOf } from "../../server/chain/encode.ts";
import { answersOf, type Question } from "../../server/chain/ledger-questions.ts";
import { type EmbeddedChain, startChain } from "../../server/embedded/chain.ts";
import { fastKeccak } from "../../server/hashing.ts";
import { type Moved, moveLedger } from "../../server/jobs/move/move.ts";
import type { MoveOptions, Mover } from "../../server/jobs/move/mover.ts";
import { batchTree } from "../../server/protocol/batch-root.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { charityId } from "../../server/protocol/ids.ts";
import type { PromiseFile } from "../../server/protocol/promise-file.ts";
import { statementLeaf } from "../../server/protocol/statement.ts";
import { leavesOfBatch, submitBatch, toArgs } from "../../server/store/anchoring.ts";
import { callEnded, intend } from "../../server/store/chain-calls.ts";
import { watermarksOf } from "../../server/store/watermarks.ts";
import { eventually } from "../support/eventually.ts";
import { PromisedWorld, STRANGER } from "./challenges.ts";
import { Hands } from "./hands.ts";
import { acknowledge, disburse, payBank, register } from "./statements.ts";
import { CHARITY, charityHex, type Running, SECOND_CHARITY, signerOf, unitHex, type World } from "./world.ts";

export const OTHER_CHAIN = 4242;
const [ADMIN, ANCHOR, REGISTRAR] = [0, 1, 3] as const;
const LINE = { charity: charityId(CHARITY), unit: "CNY" };
const VETO_DAYS = 31;

/** Deploys nothing; `next` is where the ledger shall go. */
export class Moving {
  readonly promised: PromisedWorld;
  readonly next: EmbeddedChain;
  /** Accounts that the contract knows beside the operator's: a signer who took over, a key whose word ends. */
  readonly secondSigner = privateKeyToAccount(generatePrivateKey());
  readonly retired = privateKeyToAccount(generatePrivateKey()).address;
  readonly newPayee = privateKeyToAccount(generatePrivateKey()).address;
  token: Hex = "0x";
  breach: PromiseFile | undefined;
  #jobs: Running | undefined;

  private constructor(promised: PromisedWorld, next: EmbeddedChain) {
    this.promised = promised;
    this.next = next;
  }

  static async make(): Promise<Moving> {
    const [here, next] = await Promise.all([startChain(), startChain({ chainId: OTHER_CHAIN })]);
    return new Moving(await PromisedWorld.on(here), next);
  }

  get world(): World {
    return this.promised.world;
  }

  async close(): Promise<void> {
    await this.stop();
    await this.world.close();
    await this.next.stop();
  }

  run(settings = this.promised.settings()): void {
    this.#jobs = this.world.run(settings);
  }

  async stop(): Promise<void> {
    await this.#jobs?.stop();
    this.#jobs = undefined;
  }

  /** Has a call made, and waits for its end. */
  async end(call: Parameters<typeof intend>[1]): Promise<void> {
    const { state, failure } = await callEnded(this.world.sql, await intend(this.world.sql, call), 15_000);
    if (state !== "final") throw new Error(`${call.kind}: ${failure}`);
  }

  async give(amounts: readonly bigint[], charity = CHARITY): Promise<{ number: bigint; root: Buffer }> {
    await this.world.give(amounts, charity);
    const number = await this.world.seal();
    await eventually("anchored", async () => (await this.world.stateOf(number)) === "final");
    const [row] = await this.world.sql<{ root: Buffer }[]>`SELECT root FROM batches WHERE number = ${number}`;
    return { number, root: row!.root };
  }

  readonly #given = (amount: bigint) =>
    eventually("given", async () => (await watermarksOf(this.world.sql, LINE))?.given === amount);

  /** Two payouts under two signers, a reversal, a new payee, a retired key, a breach, and a line at fault. */
  async liveThrough(): Promise<void> {
    const { world, promised } = this;
    this.run();
    const first = signerOf(world.chain);
    for (const charity of [CHARITY, SECOND_CHARITY]) await this.end(register(first, charityHex(charity)));
    const batch = await this.give([50n, 70n]);
    await this.#given(120n);
    await this.end(payBank(0n, 120n));
    await this.end(await acknowledge(first, world.ledger.id, [0n, 120n], batch));
    await this.end(await disburse(first, world.ledger.id, [0n, 50n]));
    await this.#payByToken();
    await this.#changeHands();
    await this.end(await acknowledge(this.secondSigner, world.ledger.id, [120n, 150n], batch));
    await this.end(await disburse(this.secondSigner, world.ledger.id, [50n, 150n]));
    await promised.write(ADMIN, "admitPromiser", [this.retired]);
    await promised.write(ADMIN, "retirePromiser", [this.retired]);
    await this.#breakPromise();
    await this.#lie();
    await eventually("all calls final", () => world.areAllFinal());
    await this.stop();
  }

  async #payByToken(): Promise<void> {
    const hands = new Hands(this.world.chain.url);
    this.token = (await hands.deployToken("TestToken", [2])).toLowerCase() as Hex;
    await hands.mint(this.token, 1_000n);
    await hands.allow(this.token, this.promised.contract, 1_000n);
    await this.end({ kind: "setToken", args: { unit: "CNY", token: this.token, exponent: 2 } });
    await this.give([30n]);
    await this.#given(150n);
    const args = { charity: charityHex(), unit: "CNY", from: "120", upTo: "150", netTo: "0" };
    await this.end({ kind: "payToken", args });
  }

  /** Payee and signer change, a third change is announced and still waits. */
  async #changeHands(): Promise<void> {
    const { promised, secondSigner } = this;
    await promised.write(REGISTRAR, "changePayee", [charityHex(), this.newPayee]);
    await promised.write(REGISTRAR, "changeSigner", [charityHex(), secondSigner.address, "0x"]);
    await promised.passDays(VETO_DAYS);
    for (const change of [1, 2]) await promised.write(STRANGER, "applyChange", [charityHex(), change]);
    await promised.write(REGISTRAR, "changePayee", [charityHex(), this.retired]);
  }

  async #breakPromise(): Promise<void> {
    const { promised } = this;
    const leaf = Buffer.alloc(32, 7);
    this.breach = promised.forged({ ...LINE, leaf, kind: 0, amount: 5n });
    await promised.challenge(this.breach);
    await promised.passDays(8);
    const { deadline: _, path: __, signature: ___, ...asked } = this.breach;
    const args = [{ ...asked, unit: unitHex("CNY"), amount: 5n }];
    await promised.write(STRANGER, "recordBreach", args);
  }

  /** A batch with a malformed statement of the second charity, which is what a dishonest operator would anchor. */
  async #lie(): Promise<void> {
    const { world, promised } = this;
    const { sql, ledger } = world;
    await world.give([9n]);
    await this.stop();
    const batch = await world.seal();
    const line = { charity: charityId(SECOND_CHARITY), unit: "CNY" };
    const positions = { from: 9n, to: 9n, previous: 0n, receipts: 1n, receiptsRoot: Buffer.alloc(32, 1) };
    const lie = { batch, ...line, kind: 0 as const, ...positions };
    const leaf = statementLeaf(ledger.id, lie);
    await sql`INSERT INTO notices (batch, kind, subject, content, leaf)
      VALUES (${batch}, 'lie', ${line.charity}, ${line.charity}, ${leaf})`;
    await sql`INSERT INTO lines (charity, unit) VALUES (${line.charity}, 'CNY') ON CONFLICT DO NOTHING`;
    const tree = batchTree(await leavesOfBatch(sql, batch), fastKeccak);
    const root = Buffer.from(tree.root);
    await sql`UPDATE batches SET root = ${root} WHERE number = ${batch}`;
    await submitBatch(sql, { number: batch, root });
    this.run();
    await eventually("the lie is anchored", async () => (await world.stateOf(batch)) === "final");
    await this.#given(159n);
    const proof = tree.proof(leaf).map((node) => toHex(node));
    await promised.write(STRANGER, "proveMalformed", [statementOf(toArgs(lie)), proof]);
  }

  /** Somebody with the anchor's key anchors a root of their own. */
  anchorFalsely = (batch: bigint) => this.promised.write(ANCHOR, "anchor", [batch, `0x${"66".repeat(32)}`]);

  settings(rpcUrl: string, more: Record<string, string> = {}) {
    return this.promised.settings({ CHAIN_RPC_URL: rpcUrl, ...more });
  }

  mover(more: Record<string, string> = {}): Mover {
    const at = (url: string) => this.world.context(this.settings(url, more), url);
    return { target: at(this.next.url), source: at(this.world.chain.url) };
  }

  readonly said: string[] = [];

  move(
    options: Partial<MoveOptions> = {},
    signal = new AbortController().signal,
    mover = this.mover(),
  ): Promise<Moved> {
    const say = (line: string) => void this.said.push(line);
    const usual = { adminDelaySeconds: 60, lastGoodBatch: undefined, sameChain: false, onProgress: () => {} };
    return moveLedger(mover, { ...usual, say, ...options }, signal);
  }

  /** What a contract answers to questions, on the chain that the ledger came from or on the other. */
  ask(chain: EmbeddedChain, contract: Hex, questions: readonly Question[]): Promise<string[]> {
    return answersOf(connectChain(chain.url), contract, questions);
  }

  node(chain: EmbeddedChain) {
    return createTestClient({ mode: "hardhat", transport: http(chain.url) });
  }
}

const question = (functionName: Question["functionName"], ...args: unknown[]): Question => ({
  functionName,
  args,
});

/** A question about each thing that the ledger has lived through. */
export const everything = (moving: Moving, batches: number): Question[] => [
  ...Array.from({ length: batches }, (_, index) => question("root", BigInt(index + 1))),
  ...[CHARITY, SECOND_CHARITY].flatMap((charity) => [
    question("line", charityHex(charity), unitHex("CNY")),
    question("faultOf", charityHex(charity), unitHex("CNY")),
    question("charityOf", charityHex(charity)),
  ]),
  ...[120n, 150n].map((upTo) => question("payoutEnd", charityHex(), unitHex("CNY"), upTo)),
  question("challengeOf", moving.promised.idOf(moving.breach!)),
  question("promiserUntil", moving.retired),
];
