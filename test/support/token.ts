// A token on a development chain, held by the operator's payer, who lets the ledger take all of it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Address, createPublicClient, createWalletClient, type Hex, http, maxUint256 } from "viem";
import { type HDAccount, mnemonicToAccount } from "viem/accounts";

const ARTIFACT = join(import.meta.dirname, "../../artifacts/contracts/test/TestToken.sol/TestToken.json");
const DECIMALS = 18;
const HELD = 10n ** 30n;

const account = (addressIndex: number): HDAccount =>
  mnemonicToAccount("test test test test test test test test test test test junk", { addressIndex });
/** As server/chain/accounts.ts numbers the operator's accounts; the last is nobody's. */
const [PAYER, STRANGER] = [account(2), account(9)];

/** Answers with the token's address, in lower case. */
export async function deployFundedToken(rpcUrl: string, ledger: Address): Promise<Hex> {
  const { abi, bytecode } = JSON.parse(readFileSync(ARTIFACT, "utf8"));
  const transport = http(rpcUrl);
  const client = createPublicClient({ transport });
  const wallet = (own: HDAccount) => createWalletClient({ account: own, transport });
  const mined = (hash: Hex) => client.waitForTransactionReceipt({ hash, pollingInterval: 50 });
  const deployed = wallet(STRANGER).deployContract({ abi, bytecode, args: [DECIMALS], chain: null });
  const address = (await mined(await deployed)).contractAddress as Address;
  const write = async (own: HDAccount, functionName: string, args: readonly unknown[]) =>
    mined(await wallet(own).writeContract({ address, abi, functionName, args, chain: null }));
  await write(STRANGER, "mint", [PAYER.address, HELD]);
  await write(PAYER, "approve", [ledger, maxUint256]);
  return address.toLowerCase() as Hex;
}
