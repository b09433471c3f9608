// One registered charity on a ledger being rebuilt or opened, and what its signer signs about itself. Money is not known
// here: see purse.ts.
import type { Signer } from "ethers";
import { as, type Deployed, deployLedger, deployOpened, ethers } from "./chain.ts";
import { charityId, sign } from "./reference.ts";

export const CHARITY = charityId("GB-CHC-1164883");

async function registered(deployed: Deployed): Promise<Deployed> {
  const { contract, registrar, payee, signer } = deployed;
  await as(contract, registrar).registerCharity(CHARITY, payee.address, signer.address);
  return deployed;
}

export async function rebuilding(): Promise<Deployed> {
  return registered(await deployLedger());
}

export async function opened(): Promise<Deployed> {
  return registered(await deployOpened());
}

/** What a consent or veto names beside the charity: one contract on one chain. */
export async function place({ contract }: Deployed) {
  const { chainId } = await ethers.provider.getNetwork();
  return { chainId, ledgerContract: await contract.getAddress() };
}

export async function consent(
  deployed: Deployed,
  to: string,
  change: number,
  by: Signer,
  ledger = deployed.ledger,
) {
  const message = { charity: CHARITY, signer: to, change, ...(await place(deployed)) };
  return sign(by, ledger, "SignerChange", message);
}

export async function vetoSignature(deployed: Deployed, change: number, by: Signer) {
  return sign(by, deployed.ledger, "Veto", { charity: CHARITY, change, ...(await place(deployed)) });
}
