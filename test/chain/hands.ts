// The operator's hands on a demonstration chain: tokens deployed, minted and allowed, the contract paused, as a person does
// with a wallet, past the service.

import { readFileSync } from "node:fs";
import { type Abi, type Address, createWalletClient, type Hex, http } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { LEDGER_ABI } from "../../server/chain/abi.ts";
import { connectChain } from "../../server/chain/client.ts";
import { unitHex } from "./world.ts";

const WORDS = "test test test test test test test test test test test junk";
const ARTIFACTS = new URL("../../artifacts/contracts/test/", import.meta.url);
const [ADMIN, PAYER, REGISTRAR] = [0, 2, 3] as const;
/** Makes tokens: no account of the service, whose own transactions would take its nonces meanwhile. */
const MINT = 8;

/** One of the chain's accounts: 0 is the admin, 2 the payer. */
export const chainAccount = (addressIndex: number) => mnemonicToAccount(WORDS, { addressIndex });

type Artifact = { readonly abi: Abi; readonly bytecode: Hex };

const artifactOf = (name: string): Artifact =>
  JSON.parse(readFileSync(new URL(`${name}.sol/${name}.json`, ARTIFACTS), "utf8"));

const TOKEN = artifactOf("TestToken").abi;

export class Hands {
  readonly #url: string;
  readonly payer: Address = chainAccount(PAYER).address;

  constructor(url: string) {
    this.#url = url;
  }

  async deployToken(name: string, args: readonly unknown[] = []): Promise<Address> {
    const { abi, bytecode } = artifactOf(name);
    const hash = await this.#wallet(MINT).deployContract({ abi, bytecode, args, chain: null });
    return (await this.#mined(hash)).contractAddress as Address;
  }

  /** Lets the ledger take so much of what the payer holds. */
  allow(token: Address, ledger: Address, amount: bigint): Promise<void> {
    return this.#write(PAYER, token, TOKEN, "approve", [ledger, amount]);
  }

  /** Gives the payer more. */
  mint(token: Address, amount: bigint): Promise<void> {
    return this.#write(MINT, token, TOKEN, "mint", [this.payer, amount]);
  }

  /** Takes from the payer. */
  spend(token: Address, to: Address, amount: bigint): Promise<void> {
    return this.#write(PAYER, token, TOKEN, "transfer", [to, amount]);
  }

  nameToken(ledger: Address, unit: string, token: Address): Promise<void> {
    return this.#write(ADMIN, ledger, LEDGER_ABI as Abi, "setToken", [unitHex(unit), token, 2]);
  }

  /** Announces another account that a charity is paid to. */
  changePayee(ledger: Address, charity: Hex, payee: Address): Promise<void> {
    return this.#write(REGISTRAR, ledger, LEDGER_ABI as Abi, "changePayee", [charity, payee]);
  }

  pause(ledger: Address, paused: boolean): Promise<void> {
    return this.#write(ADMIN, ledger, LEDGER_ABI as Abi, paused ? "pause" : "unpause", []);
  }

  async balanceOf(token: Address, account: Address): Promise<bigint> {
    const question = { address: token, abi: TOKEN, functionName: "balanceOf", args: [account] } as const;
    return (await this.#client.readContract(question)) as bigint;
  }

  get #client() {
    return connectChain(this.#url).public;
  }

  #wallet(account: number) {
    return createWalletClient({ account: chainAccount(account), transport: http(this.#url) });
  }

  #mined(hash: Hex) {
    return this.#client.waitForTransactionReceipt({ hash, pollingInterval: 10 });
  }

  async #write(
    account: number,
    address: Address,
    abi: Abi,
    functionName: string,
    args: readonly unknown[],
  ): Promise<void> {
    const request = { address, abi, functionName, args, chain: null };
    const { status } = await this.#mined(await this.#wallet(account).writeContract(request as never));
    if (status !== "success") throw new Error(`${functionName} reverted`);
  }
}
