// A real contract on a chain of its own, for the tests that compare with it. Talks to it with viem alone.

import { readFileSync } from "node:fs";
import { createWalletClient, type Hex, http, keccak256, publicActions, stringToHex, zeroAddress } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { hardhat } from "viem/chains";
import { type EmbeddedChain, startChain } from "../../server/embedded/chain.ts";
import { tag, toHex } from "../../server/protocol/bytes.ts";
import type { ReceiptFile } from "../../server/protocol/receipt-file.ts";

const ARTIFACT = new URL("../../artifacts/contracts/DonationLedger.sol/DonationLedger.json", import.meta.url);

export type DeployedLedger = {
  url: string;
  address: Hex;
  abi: readonly unknown[];
  read(name: string, args: readonly unknown[]): Promise<unknown>;
  write(name: string, args: readonly unknown[]): Promise<void>;
  stop(): Promise<void>;
};

/** Deploys the contract, on a chain of its own unless one is given; its deployer may anchor, register charities and pay. */
export async function deployLedger(ledger: Uint8Array, shared?: EmbeddedChain): Promise<DeployedLedger> {
  const chain = shared ?? (await startChain());
  const { abi, bytecode } = JSON.parse(readFileSync(ARTIFACT, "utf8"));
  const account = privateKeyToAccount(chain.accounts[0]!.privateKey);
  const transport = http(chain.url);
  const client = createWalletClient({ account, chain: hardhat, transport, pollingInterval: 20 }).extend(
    publicActions,
  );
  const deployment = await client.deployContract({
    abi,
    bytecode,
    args: [toHex(ledger), account.address, 0, 0n],
  });
  const { contractAddress } = await client.waitForTransactionReceipt({ hash: deployment });
  const address = contractAddress!;
  const write = async (functionName: string, args: readonly unknown[]) => {
    const { request } = await client.simulateContract({ address, abi, functionName, args, account });
    await client.waitForTransactionReceipt({ hash: await client.writeContract(request) });
  };
  for (const role of ["ANCHOR_ROLE", "REGISTRAR_ROLE", "PAYER_ROLE"]) {
    await write("grantRole", [keccak256(stringToHex(role)), account.address]);
  }
  const read = (functionName: string, args: readonly unknown[]) => {
    return client.readContract({ address, abi, functionName, args });
  };
  return { url: chain.url, address, abi, read, write, stop: () => chain.stop() };
}

/** The arguments of the contract's `verifyReceipt`, out of the JSON of a sealed file. */
export function contractArguments({ receipt, proof, statement, statementProof }: ReceiptFile): unknown[] {
  const unitOf = (unit: string) => toHex(tag(unit));
  return [
    { ...receipt, unit: unitOf(receipt.unit) },
    proof,
    { ...statement, unit: unitOf(statement!.unit) },
    statementProof,
  ];
}

/** Registers a charity that is paid by bank, and records that its line was paid to a position. */
export async function payByBank(
  ledger: DeployedLedger,
  charity: Hex,
  unit: string,
  upTo: bigint,
): Promise<void> {
  const signer = "0x00000000000000000000000000000000000000aa";
  await ledger.write("registerCharity", [charity, zeroAddress, signer]);
  const reference = keccak256(stringToHex("bank reference"));
  await ledger.write("payBank", [charity, toHex(tag(unit)), 0n, upTo, 0n, reference]);
}
