// What tests of the key commands stand on: a real chain whose clock is moved, a ledger founded as the service founds it, and
// the command as it is typed.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import {
  type Address,
  createTestClient,
  createWalletClient,
  encodeFunctionData,
  getContractAddress,
  type Hex,
  http,
  keccak256,
  stringToHex,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { LEDGER_ABI } from "../../server/chain/abi.ts";
import { connectChain } from "../../server/chain/client.ts";
import { encodeCalls } from "../../server/chain/encode.ts";
import { type EmbeddedChain, startChain } from "../../server/embedded/chain.ts";
import { foundingCalls } from "../../server/jobs/founding.ts";
import { bareEnvironment } from "../support/environment.ts";

const COMMAND = fileURLToPath(new URL("../../scripts/keys.ts", import.meta.url));

export const ADMIN_DELAY_SECONDS = 3 * 86_400;

/** Places of accounts in the chain's list. */
export const WHO = {
  admin: 0,
  anchor: 1,
  payer: 2,
  registrar: 3,
  promise: 4,
  proposer: 5,
  other: 6,
  thief: 7,
};

export type Said = { readonly code: number; readonly out: string; readonly err: string };

export class KeysLedger {
  readonly chain: EmbeddedChain;
  readonly contract: Address;

  private constructor(chain: EmbeddedChain, contract: Address) {
    this.chain = chain;
    this.contract = contract;
  }

  static async make(): Promise<KeysLedger> {
    const chain = await startChain();
    const [admin, anchor, payer, registrar, promiser] = chain.accounts;
    const account = (one = admin) => privateKeyToAccount(one!.privateKey);
    const accounts = {
      admin: account(),
      anchor: account(anchor),
      payer: account(payer),
      registrar: account(registrar),
    };
    const founder = { ledger: new Uint8Array(32).fill(7), accounts, promiser: promiser!.address };
    const settings = { CHALLENGE_BOND_WEI: "1" };
    const [deploy, ...calls] = foundingCalls({ ...founder, settings } as never, ADMIN_DELAY_SECONDS);
    const contract = getContractAddress({ from: accounts.admin.address, nonce: 0n });
    const ledger = new KeysLedger(chain, contract);
    await ledger.send(WHO.admin, null, encodeCalls([deploy!]));
    await ledger.send(WHO.admin, contract, encodeCalls(calls));
    return ledger;
  }

  close(): Promise<void> {
    return this.chain.stop();
  }

  address(who: number): Address {
    return this.chain.accounts[who]!.address;
  }

  key(who: number): Hex {
    return this.chain.accounts[who]!.privateKey;
  }

  /** Runs the command with these settings as its environment, and no others of ours. */
  async keys(settings: Record<string, string>, ...args: string[]): Promise<Said> {
    const where = { CHAIN_RPC_URL: this.chain.url, CONTRACT_ADDRESS: this.contract };
    const child = spawn(process.execPath, [COMMAND, "--yes", ...args], {
      env: { ...bareEnvironment(), ...where, ...settings },
    });
    const ended = once(child, "exit");
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: (await ended)[0] as number, out, err };
  }

  /** A transaction past the command. Throws when it is refused. */
  async send(who: number, to: Address | null, data: Hex): Promise<void> {
    const account = privateKeyToAccount(this.key(who));
    const wallet = createWalletClient({ account, transport: http(this.chain.url) });
    const hash = await wallet.sendTransaction({ to, data, chain: null });
    await this.#client.waitForTransactionReceipt({ hash, pollingInterval: 10 });
  }

  call(who: number, functionName: string, ...args: unknown[]): Promise<void> {
    return this.send(
      who,
      this.contract,
      encodeFunctionData({ abi: LEDGER_ABI, functionName, args } as never),
    );
  }

  read(functionName: string, ...args: unknown[]): Promise<unknown> {
    return this.#client.readContract({
      address: this.contract,
      abi: LEDGER_ABI,
      functionName,
      args,
    } as never);
  }

  hasRole(role: string, who: number): Promise<unknown> {
    return this.read("hasRole", keccak256(stringToHex(`${role}_ROLE`)), this.address(who));
  }

  async pass(seconds: number): Promise<void> {
    const test = createTestClient({ mode: "hardhat", transport: http(this.chain.url) });
    await test.increaseTime({ seconds });
    await test.mine({ blocks: 1 });
  }

  /** How many transactions an account has sent. */
  nonce(who: number): Promise<bigint> {
    return connectChain(this.chain.url).nonce(this.address(who));
  }

  get #client() {
    return connectChain(this.chain.url).public;
  }
}
