// The readable interface is held equal to what the compiler made of the contract.

import { readFileSync } from "node:fs";
import { expect } from "chai";
import { Interface } from "ethers";
import { LEDGER_ABI } from "../../server/chain/abi.ts";

const ARTIFACT = new URL("../../artifacts/contracts/DonationLedger.sol/DonationLedger.json", import.meta.url);

const entriesOf = (abi: readonly unknown[]) => new Interface(JSON.stringify(abi)).format(false).sort();

describe("the contract's interface", () => {
  it("is, to the last name, what the compiler says", () => {
    const { abi } = JSON.parse(readFileSync(ARTIFACT, "utf8")) as { abi: unknown[] };
    expect(entriesOf(LEDGER_ABI)).to.deep.equal(entriesOf(abi));
  });
});
