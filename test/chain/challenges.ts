// What tests of challenges stand on: a ledger whose promises are overdue as soon as they are given, the receipt files of
// those who hold them, a stranger who challenges, and days that pass on the chain.

import { createTestClient, createWalletClient, getContractAddress, type Hex, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { LEDGER_ABI } from "../../server/chain/abi.ts";
import { connectChain } from "../../server/chain/client.ts";
import { promisedOf } from "../../server/chain/encode.ts";
import { promiseSigner } from "../../server/chain/promiser.ts";
import type { EmbeddedChain } from "../../server/embedded/chain.ts";
import { fastKeccak } from "../../server/hashing.ts";
import { promiseMaker } from "../../server/ingest/promise-maker.ts";
import { PromiseOpener, promiserFor } from "../../server/ingest/promiser.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { fieldsOf } from "../../server/protocol/fields.ts";
import { type PromisedReceipt, promiseLeaf, promisesDigest } from "../../server/protocol/promise.ts";
import { type PromiseFile, parsePromise } from "../../server/protocol/promise-file.ts";
import { encodeReceiptFile, type ReceiptFile } from "../../server/protocol/receipt-file.ts";
import { readSettings, type Settings } from "../../server/settings.ts";
import type { Ledger } from "../../server/store/ledger.ts";
import { promiseOfEvent } from "../../server/store/promises.ts";
import { Proofs } from "../../server/store/proofs.ts";
import { receiptById } from "../../server/store/receipts.ts";
import { eventually } from "../support/eventually.ts";
import { World } from "./world.ts";

/** Accounts of the chain: who promises, and two who have nothing to do with the ledger. */
const PROMISER = 4;
export const CHALLENGER = 6;
export const STRANGER = 7;

const SECONDS_A_DAY = 86_400;
const STATES = ["none", "open", "answered", "breached", "answeredLate"];

/** Long enough ago for the promise to be overdue. */
const promisedAt = () => Math.floor(Date.now() / 1000) - 2 * SECONDS_A_DAY;

function signerOn(chain: EmbeddedChain) {
  const settings = readSettings({
    CHAIN_RPC_URL: chain.url,
    PROMISE_KEY: chain.accounts[PROMISER]!.privateKey,
  });
  return promiseSigner(settings)!;
}

function promisingWorld(chain: EmbeddedChain): Promise<World> {
  const sign = signerOn(chain);
  const promiserOf = ({ id: ledger }: Ledger) =>
    promiserFor({ make: promiseMaker(ledger, sign), withinSeconds: SECONDS_A_DAY, now: promisedAt });
  return World.on(chain, promiserOf);
}

export class PromisedWorld {
  readonly world: World;
  readonly contract: Hex;

  private constructor(world: World, contract: Hex) {
    this.world = world;
    this.contract = contract;
  }

  static async on(chain: EmbeddedChain): Promise<PromisedWorld> {
    const world = await promisingWorld(chain);
    return new PromisedWorld(world, await world.deploy(PromisedWorld.settings(world)));
  }

  /** On the demonstration chain, which the jobs themselves build the ledger on. */
  static async onDemonstration(chain: EmbeddedChain): Promise<PromisedWorld> {
    const world = await promisingWorld(chain);
    const { address } = chain.accounts[0]!;
    return new PromisedWorld(world, getContractAddress({ from: address, nonce: 0n }));
  }

  static settings(world: World, more: Record<string, string> = {}): Settings {
    return world.settings({ PROMISE_KEY: world.chain.accounts[PROMISER]!.privateKey, ...more });
  }

  settings(more: Record<string, string> = {}): Settings {
    return PromisedWorld.settings(this.world, more);
  }

  /** The receipt file as its holder has it now. */
  async fileOf(id: Uint8Array): Promise<ReceiptFile> {
    const { sql, ledger, chain } = this.world;
    const receipt = (await receiptById(sql, id))!;
    const promise = (await promiseOfEvent(sql, receipt.event))!;
    const opened = new PromiseOpener().open(promise, receipt);
    return encodeReceiptFile({
      ledger: { id: ledger.id, chainId: chain.chainId, contract: Buffer.from(this.contract.slice(2), "hex") },
      receipt: { ...receipt, acceptedAt: receipt.accepted_at, salt: receipt.salt! },
      details: JSON.parse(receipt.private!),
      seal: await new Proofs(sql, fastKeccak).of(receipt),
      expected: null,
      promise: parsePromise(fieldsOf(opened, "promise")),
    });
  }

  /** Gives one gift, and answers with its file. */
  async give(amount = 50n): Promise<ReceiptFile> {
    const [receipt] = await this.world.give([amount]);
    return await this.fileOf(receipt!.id);
  }

  /** A promise that the key makes without the service. */
  forged(promised: PromisedReceipt, deadline = BigInt(promisedAt())): PromiseFile {
    const { ledger, chain } = this.world;
    const root = promiseLeaf(ledger.id, promised);
    const signature = toHex(signerOn(chain)(promisesDigest(ledger.id, { root, deadline })));
    const { leaf, charity, unit, kind, amount } = promised;
    const plain = { leaf: toHex(leaf), charity: toHex(charity), unit, kind, amount: `${amount}` };
    return { ...plain, deadline: `${deadline}`, path: [], signature };
  }

  /** Challenges past every command, as a wallet does. */
  async challenge({ deadline, path, signature, ...promised }: PromiseFile): Promise<void> {
    const value = (await this.read("challengeBond")) as bigint;
    await this.write(
      CHALLENGER,
      "challenge",
      [promisedOf(promised), BigInt(deadline), path, signature],
      value,
    );
  }

  idOf(promise: PromiseFile): Hex {
    const [leaf, charity] = [promise.leaf, promise.charity].map((hex) => Buffer.from(hex.slice(2), "hex"));
    const promised = { ...promise, leaf: leaf!, charity: charity!, amount: BigInt(promise.amount) };
    return toHex(promiseLeaf(this.world.ledger.id, promised));
  }

  /** How the contract says that the challenge stands. */
  async stateOf(promise: PromiseFile): Promise<string> {
    const { state } = (await this.read("challengeOf", [this.idOf(promise)])) as { state: number };
    return STATES[state]!;
  }

  /** Lets days pass on the chain. */
  async passDays(days: number): Promise<void> {
    await this.node().increaseTime({ seconds: days * SECONDS_A_DAY });
    await this.node().mine({ blocks: 1 });
  }

  node() {
    return createTestClient({ mode: "hardhat", transport: http(this.world.chain.url) });
  }

  read(functionName: string, args: readonly unknown[] = []): Promise<unknown> {
    const call = { address: this.contract, abi: LEDGER_ABI, functionName, args };
    return this.client.readContract(call as never);
  }

  async write(account: number, functionName: string, args: readonly unknown[], value = 0n): Promise<void> {
    const { privateKey } = this.world.chain.accounts[account]!;
    const transport = http(this.world.chain.url);
    const wallet = createWalletClient({ account: privateKeyToAccount(privateKey), transport });
    const call = { address: this.contract, abi: LEDGER_ABI, functionName, args, value, chain: null };
    const hash = await wallet.writeContract(call as never);
    const { status } = await this.client.waitForTransactionReceipt({ hash, pollingInterval: 10 });
    if (status !== "success") throw new Error(`${functionName} reverted`);
  }

  balanceOf(account: number): Promise<bigint> {
    return this.client.getBalance({ address: this.world.chain.accounts[account]!.address });
  }

  get client() {
    return connectChain(this.world.chain.url).public;
  }

  /** Waits until the service shows challenges that stand so, oldest first. */
  async shows(...states: string[]): Promise<void> {
    const shown = async () =>
      (await this.world.sql<{ state: string }[]>`SELECT state FROM challenges ORDER BY id`).map(
        ({ state }) => state,
      );
    await eventually(`${states}`, async () => `${await shown()}` === `${states}`);
  }
}
