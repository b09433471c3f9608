// What tests of settlement stand on: a world with a deployed ledger, a token that is named for CNY and held by the payer,
// charities on either rail, and runs carried out against it.

import { type Address, getAddress, maxUint256, zeroAddress } from "viem";
import type { EmbeddedChain } from "../../server/embedded/chain.ts";
import { carryOut, settleAlways } from "../../server/jobs/settle/settle.ts";
import { charityId } from "../../server/protocol/ids.ts";
import type { Settings } from "../../server/settings.ts";
import { intendAll } from "../../server/store/chain-calls.ts";
import type { Database } from "../../server/store/database.ts";
import { addCharity, type Rail } from "../../server/store/parties.ts";
import { type Payout, payoutsBefore } from "../../server/store/payouts.ts";
import { askForRun, runById, type SettlementRun } from "../../server/store/settlement-runs.ts";
import { eventually } from "../support/eventually.ts";
import { chainAccount, Hands } from "./hands.ts";
import { charityHex, log, type Running, World } from "./world.ts";

const PLENTY = 10n ** 12n;

export type TestCharity = { readonly registration: string; readonly payee: Address };

/** An account that nobody has the key of, another one for each number. */
export const accountOf = (number: number): Address =>
  getAddress(`0x${(0xa0000 + number).toString(16).padStart(40, "0")}`);

export class Settlement {
  readonly world: World;
  readonly settings: Settings;
  readonly hands: Hands;
  token: Address = "0x";
  #jobs: Running | undefined;
  #charities = 0;

  private constructor(world: World, settings: Settings) {
    this.world = world;
    this.settings = settings;
    this.hands = new Hands(world.chain.url);
  }

  /** With the chain's jobs running. `settings` replace those of the world. */
  static async on(chain: EmbeddedChain, settings: Record<string, string> = {}): Promise<Settlement> {
    const world = await World.on(chain);
    await world.deploy();
    const own = world.settings({ SETTLE_MINIMUM_MINOR: "1", ...settings });
    const settlement = new Settlement(world, own);
    await settlement.#fund();
    settlement.startJobs();
    return settlement;
  }

  get sql(): Database {
    return this.world.sql;
  }

  startJobs(): void {
    this.#jobs = this.world.run(this.settings);
  }

  async stopJobs(): Promise<void> {
    await this.#jobs?.stop();
    this.#jobs = undefined;
  }

  async close(): Promise<void> {
    await this.stopJobs();
    await this.world.leaveChain();
  }

  deployToken(name: string, args: readonly unknown[] = []): Promise<Address> {
    return this.hands.deployToken(name, args);
  }

  async #fund(): Promise<void> {
    this.token = await this.deployToken("TestToken", [2]);
    await this.mint(PLENTY);
    await this.allow(maxUint256);
    await this.nameToken("CNY", this.token);
  }

  /** What the payer lets the ledger take. */
  async allow(amount: bigint, token = this.token): Promise<void> {
    await this.hands.allow(token, await this.ledgerAddress(), amount);
  }

  /** Gives the payer more. */
  mint(amount: bigint, token = this.token): Promise<void> {
    return this.hands.mint(token, amount);
  }

  /** Leaves the payer so much. */
  async spendAllBut(left: bigint): Promise<void> {
    const held = await this.balanceOf(this.hands.payer);
    await this.hands.spend(this.token, accountOf(0), held - left);
  }

  async nameToken(unit: string, token: Address): Promise<void> {
    await this.hands.nameToken(await this.ledgerAddress(), unit, token);
  }

  async pause(paused: boolean): Promise<void> {
    await this.hands.pause(await this.ledgerAddress(), paused);
  }

  async ledgerAddress(): Promise<Address> {
    const [row] = await this.sql<{ contract: Buffer }[]>`SELECT contract FROM deployment`;
    return getAddress(`0x${row!.contract.toString("hex")}`);
  }

  /** The balance of an account in the token of CNY, as anyone reads it. */
  balanceOf(account: Address): Promise<bigint> {
    return this.hands.balanceOf(this.token, account);
  }

  /**
   * So many new charities, each with a payee of its own unless that is null, and asked to be registered with the contract;
   * `known` is the payee that the contract has instead.
   */
  async addCharities(
    count: number,
    rail: Rail = "token",
    more: { payee?: null; known?: Address } = {},
  ): Promise<TestCharity[]> {
    const made: TestCharity[] = [];
    const signer = chainAccount(9).address;
    for (let index = 0; index < count; index++) {
      this.#charities += 1;
      const registration = `XX-TEST-${this.#charities}`;
      const payee = accountOf(this.#charities);
      const accounts = { payee: more.payee === null ? null : bytesOf(payee), signer: bytesOf(signer) };
      await addCharity(this.sql, { registration, name: registration, website: null, rail, ...accounts });
      made.push({ registration, payee });
    }
    const known = ({ payee }: TestCharity) =>
      (more.known ?? (more.payee === null ? zeroAddress : payee)).toLowerCase() as Address;
    await intendAll(
      this.sql,
      made.map((charity) => ({
        kind: "registerCharity",
        args: {
          charity: charityHex(charity.registration),
          payee: known(charity),
          signer: signer.toLowerCase() as Address,
        },
      })),
    );
    return made;
  }

  /** Seals what was given and waits until it is anchored for good. */
  async anchor(): Promise<bigint> {
    const batch = await this.world.seal();
    await eventually("anchored", async () => (await this.world.stateOf(batch)) === "final");
    return batch;
  }

  /** Asks for a run and carries it out here; answers with how it ended. */
  async settle(sql = this.sql): Promise<SettlementRun> {
    const { run } = await askForRun(sql, "operator");
    return await this.carryOn(run, sql);
  }

  async carryOn(
    run: SettlementRun,
    sql = this.sql,
    signal = new AbortController().signal,
  ): Promise<SettlementRun> {
    const patience = { provingMs: 20_000, payingMs: 20_000 };
    await carryOut({ sql, settings: this.settings, log, patience }, run, signal);
    return (await runById(sql, run.id))!;
  }

  /** Settles as the service's job does, until it is stopped. */
  startSettling(settings: Record<string, string>): Running {
    const stopping = new AbortController();
    const own = this.world.settings({ SETTLE_MINIMUM_MINOR: "1", ...settings });
    const job = settleAlways({ sql: this.sql, settings: own, log }, stopping.signal);
    return {
      stop: () => {
        stopping.abort();
        return job;
      },
    };
  }

  /** All payouts there are, the oldest first. */
  async payouts(): Promise<Payout[]> {
    return (await payoutsBefore(this.sql, 2n ** 62n, 10_000, {})).toReversed();
  }
}

const bytesOf = (account: Address) => Buffer.from(account.slice(2), "hex");

export const lineName = (registration: string) => ({ charity: charityId(registration), unit: "CNY" });
