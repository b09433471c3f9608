// The default chain: a Hardhat node inside this process, reached by JSON-RPC over HTTP like any other, so that a stranger
// can read it. It forgets when it stops, and its keys are known to the world: for the demonstration alone.

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { JsonRpcServer } from "hardhat/types/network";
import type { Address, HDKey, Hex } from "viem";
import { InputError, messageOf } from "../errors.ts";
import { bindBriefly, LOOPBACK } from "./free-port.ts";

/** An account of the chain, rich from its first block. */
export interface DevelopmentAccount {
  readonly address: Address;
  readonly privateKey: Hex;
}

export interface ChainOptions {
  /** Where to listen on 127.0.0.1; a free port by default. */
  readonly port?: number;
  /** What it says to be; another than by default for a second chain beside the demonstration. */
  readonly chainId?: number;
}

export interface EmbeddedChain {
  readonly url: string;
  readonly chainId: number;
  readonly accounts: readonly DevelopmentAccount[];
  stop(): Promise<void>;
}

export const CHAIN_ID = 31337;

/** The words that every development chain uses: anybody can spend what these accounts hold. */
const WELL_KNOWN_WORDS = "test test test test test test test test test test test junk";
const PARENT_PATH = "m/44'/60'/0'/0";
const ACCOUNTS = 10;
const BALANCE_WEI = 10_000n * 10n ** 18n;
const BASE_FEE_WEI = 1_000_000_000;
const NETWORK_NAME = "demonstration";
const STOP_LIMIT_MS = 2_000;

/** Starts the chain, with a block for each transaction. Throws `InputError` when the port is taken. */
export async function startChain({
  port = 0,
  chainId = CHAIN_ID,
}: ChainOptions = {}): Promise<EmbeddedChain> {
  await requireFree(port);
  const accounts = await developmentAccounts();
  const server = await createServer(accounts, port, chainId);
  const { port: bound } = await server.listen();
  return { url: `http://${LOOPBACK}:${bound}`, chainId, accounts, stop: () => stop(server) };
}

/** Hardhat's server dies of a taken port with an error that nobody can catch. Throws `InputError` when it is. */
export async function requireFree(port: number): Promise<void> {
  try {
    await bindBriefly(port);
  } catch (error) {
    throw new InputError(
      "chain-port",
      `the demonstration chain cannot listen on ${LOOPBACK}:${port} (${messageOf(error)}). ` +
        "Stop what listens there, or set CHAIN_PORT to another port, 0 for any free one.",
      { port },
    );
  }
}

async function developmentAccounts(): Promise<DevelopmentAccount[]> {
  const { mnemonicToAccount } = await import("viem/accounts");
  const parent = mnemonicToAccount(WELL_KNOWN_WORDS, { path: PARENT_PATH }).getHdKey();
  return await Promise.all(Array.from({ length: ACCOUNTS }, (_, index) => childOf(parent, index)));
}

async function childOf(parent: HDKey, index: number): Promise<DevelopmentAccount> {
  const { privateKeyToAddress } = await import("viem/accounts");
  const { privateKey } = parent.derive(`m/${index}`);
  const hex: Hex = `0x${Buffer.from(privateKey ?? []).toString("hex")}`;
  return { address: privateKeyToAddress(hex), privateKey: hex };
}

async function createServer(
  accounts: DevelopmentAccount[],
  port: number,
  chainId: number,
): Promise<JsonRpcServer> {
  // Loaded here, not above: it takes a while, and with any other endpoint it is not needed.
  // And silenced: it would report each start to its makers from a terminal.
  process.env.HARDHAT_DISABLE_TELEMETRY = "true";
  const { createHardhatRuntimeEnvironment } = await import("hardhat/hre");
  const network = {
    type: "edr-simulated",
    chainType: "l1",
    chainId,
    accounts: accounts.map(({ privateKey }) => ({ privateKey, balance: BALANCE_WEI })),
    initialBaseFeePerGas: BASE_FEE_WEI,
    // Otherwise many blocks in a second would run ahead of the clock.
    allowBlocksWithSameTimestamp: true,
  } as const;
  const root = join(import.meta.dirname, "..", "..");
  const environment = await createHardhatRuntimeEnvironment(
    { networks: { [NETWORK_NAME]: network } },
    {},
    root,
  );
  return await environment.network.createServer(NETWORK_NAME, LOOPBACK, port);
}

/** Bounded, since the server waits for every open connection of a stranger. */
async function stop(server: JsonRpcServer): Promise<void> {
  await Promise.race([server.close(), sleep(STOP_LIMIT_MS, undefined, { ref: false })]);
}
