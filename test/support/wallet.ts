// A wallet contract that signs by ERC-1271 with its owner's key, deployed on a development chain.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Address, createPublicClient, createWalletClient, type Hex, http } from "viem";
import { mnemonicToAccount } from "viem/accounts";

const ARTIFACT = join(import.meta.dirname, "../../artifacts/contracts/test/SmartWallet.sol/SmartWallet.json");

/** The chain's last account: none of the operator's. */
const deployer = mnemonicToAccount("test test test test test test test test test test test junk", {
  addressIndex: 9,
});

/** Answers with the wallet's address, in lower case. */
export async function deployWallet(rpcUrl: string, owner: Address): Promise<Hex> {
  const { abi, bytecode } = JSON.parse(readFileSync(ARTIFACT, "utf8"));
  const transport = http(rpcUrl);
  const wallet = createWalletClient({ account: deployer, transport });
  const hash = await wallet.deployContract({ abi, bytecode, args: [owner], chain: null });
  const receipt = await createPublicClient({ transport }).waitForTransactionReceipt({
    hash,
    pollingInterval: 50,
  });
  return receipt.contractAddress?.toLowerCase() as Hex;
}
