// What tests of the chain's jobs stand on: a database, a real chain, gifts that are sealed, and the jobs run against them.

import { randomBytes } from "node:crypto";
import { pino } from "pino";
import { type Address, getAddress, keccak256, stringToHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { connectChain } from "../../server/chain/client.ts";
import { type LedgerReader, ledgerReader } from "../../server/chain/ledger-reader.ts";
import { type EmbeddedChain, startChain } from "../../server/embedded/chain.ts";
import { recorderFor } from "../../server/ingest/recorder.ts";
import { runChainJobs } from "../../server/jobs/chain.ts";
import { type ChainContext, chainContext } from "../../server/jobs/chain-context.ts";
import { deployLedger } from "../../server/jobs/deploy.ts";
import { closeNow, sealOldest } from "../../server/jobs/seal.ts";
import { TreeWorkers } from "../../server/jobs/tree-workers.ts";
import { recordPurchase, recordRefund } from "../../server/programmes/record.ts";
import { ZERO32 } from "../../server/protocol/bytes.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { readSettings, type Settings } from "../../server/settings.ts";
import { alarmsOf } from "../../server/store/alarms.ts";
import { unfinishedCalls } from "../../server/store/chain-calls.ts";
import { connect, type Database } from "../../server/store/database.ts";
import { deploymentOf } from "../../server/store/deployment.ts";
import { type Ledger, openLedger } from "../../server/store/ledger.ts";
import { addCharity } from "../../server/store/parties.ts";
import { GroupedWriter, type Promiser } from "../../server/store/writer.ts";
import { freshDatabase } from "../support/postgres.ts";

export const CHARITY = "GB-CHC-1164883";
export const SECOND_CHARITY = "GB-CHC-200051";

/** The key of both charities: the chain's tenth account, so that it is none of the operator's. */
export const signerOf = (chain: EmbeddedChain) => privateKeyToAccount(chain.accounts[9]!.privateKey);

export const log = pino({ level: process.env.TEST_LOG ?? "silent" });

export class World {
  readonly sql: Database;
  readonly databaseUrl: string;
  readonly ledger: Ledger;
  chain: EmbeddedChain;
  readonly #drop: () => Promise<void>;
  readonly #workers = new TreeWorkers(1);
  readonly #writer: GroupedWriter;
  readonly #recorder: ReturnType<typeof recorderFor>;
  #orders = 0;

  private constructor(
    url: string,
    drop: () => Promise<void>,
    sql: Database,
    ledger: Ledger,
    chain: EmbeddedChain,
    promiser: Promiser | null,
  ) {
    this.databaseUrl = url;
    this.#drop = drop;
    this.sql = sql;
    this.ledger = ledger;
    this.chain = chain;
    this.#writer = new GroupedWriter(sql, {}, promiser);
    this.#recorder = recorderFor(ledger);
  }

  /** On a chain of its own. */
  static async make(): Promise<World> {
    return World.on(await startChain());
  }

  /** On a chain that others may use too; whoever closes the world stops it. Nothing is promised unless somebody does. */
  static async on(
    chain: EmbeddedChain,
    promiserOf: (ledger: Ledger) => Promiser | null = () => null,
  ): Promise<World> {
    const { url, drop } = await freshDatabase();
    const sql = connect(url, 8);
    const ledger = await openLedger(sql);
    const world = new World(url, drop, sql, ledger, chain, promiserOf(ledger));
    for (const registration of [CHARITY, SECOND_CHARITY]) await world.#addCharity(registration);
    return world;
  }

  async close(): Promise<void> {
    await this.leaveChain();
    await this.chain.stop();
  }

  /** Ends everything but the chain. */
  async leaveChain(): Promise<void> {
    await this.#workers.stop();
    await this.sql.end();
    await this.#drop();
  }

  /** A chain that has forgotten everything, as after a restart. */
  async forgetChain(): Promise<void> {
    await this.chain.stop();
    this.chain = await startChain();
  }

  #addCharity(registration: string) {
    const { address } = signerOf(this.chain);
    const signer = Buffer.from(address.slice(2), "hex");
    return addCharity(this.sql, {
      registration,
      name: registration,
      website: null,
      payee: signer,
      signer,
      rail: "bank",
    });
  }

  /** Writes one gift for each amount, and answers with their receipts. */
  async give(amounts: readonly bigint[], charity = CHARITY, unit = "CNY") {
    this.#orders += 1;
    const purchase = { merchant: "shop", order: `${this.#orders}` } as never;
    const gifts = amounts.map((amount, index) => {
      const details = { order: `${this.#orders}` };
      return { item: `${index}`, charity, unit, amount, terms: ZERO32, details };
    });
    const record = recordPurchase(this.#recorder, purchase, gifts);
    await this.#writer.write(record);
    return record.receipts;
  }

  /** Takes back so much of a gift. */
  async takeBack(
    gift: { id: Uint8Array; leaf: Uint8Array },
    amount: bigint,
    charity = CHARITY,
    unit = "CNY",
  ) {
    this.#orders += 1;
    const refund = { merchant: "shop", order: "1", refund: `${this.#orders}` } as never;
    const pledge = { terms: { programme: "goods-for-good" } };
    const reversal = { gift: { ...gift, item: "0", charity, unit, pledge }, amount } as never;
    await this.#writer.write(recordRefund(this.#recorder, refund, [reversal]));
  }

  /** Closes and seals what was given; answers with the batch's number. */
  async seal(): Promise<bigint> {
    const { sql, ledger } = this;
    const sealer = {
      sql,
      ledger: ledger.id,
      workers: this.#workers,
      log,
      sealAfterSeconds: 60,
      sealAtReceipts: 1e6,
    };
    await closeNow(sql);
    const sealed = await sealOldest(sealer);
    if (sealed === undefined) throw new Error("nothing was sealed");
    return sealed;
  }

  /** Settings as for any endpoint but the demonstration's: the chain's accounts stand for the operator's keys. */
  settings(more: Record<string, string> = {}): Settings {
    const [admin, anchor, payer, registrar] = this.chain.accounts.map(({ privateKey }) => privateKey);
    return readSettings({
      CHAIN_RPC_URL: this.chain.url,
      ADMIN_KEY: admin,
      ANCHOR_KEY: anchor,
      PAYER_KEY: payer,
      REGISTRAR_KEY: registrar,
      CONFIRMATIONS: "1",
      CHAIN_POLL_MS: "20",
      PROVE_EVERY_SECONDS: "0",
      ...more,
    });
  }

  context(settings: Settings, rpcUrl = this.chain.url): ChainContext {
    return chainContext({ sql: this.sql, settings, ledger: this.ledger.id, rpcUrl, log });
  }

  /** Runs the jobs until they are stopped. */
  run(settings: Settings, rpcUrl = this.chain.url): Running {
    const stopping = new AbortController();
    const { sql, databaseUrl, ledger } = this;
    const options = { sql, databaseUrl, settings, ledger: ledger.id, rpcUrl, log, signal: stopping.signal };
    const jobs = runChainJobs(options);
    return {
      stop: () => {
        stopping.abort();
        return jobs;
      },
    };
  }

  /** Deploys the ledger as the operator's command does. */
  async deploy(settings = this.settings()): Promise<Address> {
    const options = { adminDelaySeconds: 0, onProgress: () => {} };
    return (await deployLedger(this.context(settings), options, new AbortController().signal)).contract;
  }

  async reader(): Promise<LedgerReader> {
    const deployment = await deploymentOf(this.sql);
    if (deployment === undefined) throw new Error("nothing is deployed");
    return ledgerReader(connectChain(this.chain.url), getAddress(`0x${deployment.contract.toString("hex")}`));
  }

  async areAllFinal(): Promise<boolean> {
    const unfinished = await this.sql`SELECT FROM batches WHERE state <> 'final'`;
    return unfinished.length === 0 && (await unfinishedCalls(this.sql)) === 0n;
  }

  /** What each call has come to, in the order of asking. */
  async callStates(): Promise<string[]> {
    const rows = await this.sql<
      { said: string }[]
    >`SELECT kind || ' ' || state AS said FROM chain_calls ORDER BY id`;
    return rows.map(({ said }) => said);
  }

  async stateOf(batch: bigint): Promise<string> {
    const [row] = await this.sql<{ state: string }[]>`SELECT state FROM batches WHERE number = ${batch}`;
    return row?.state ?? "open";
  }

  async alarms(): Promise<string[]> {
    return (await alarmsOf(this.sql)).map(({ kind }) => kind);
  }
}

export type Running = { stop(): Promise<void> };

export const charityHex = (registration = CHARITY) =>
  `0x${Buffer.from(charityId(registration)).toString("hex")}` as const;
export const someHash = () => keccak256(`0x${randomBytes(8).toString("hex")}`);
export const unitHex = (unit: string) => stringToHex(unit, { size: 32 });
