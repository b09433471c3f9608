// What a charity signs in tests: acknowledgements and disbursements of one line, as the contract reads them.

import type { PrivateKeyAccount } from "viem";
import type { ContractCall } from "../../server/protocol/contract-calls.ts";
import { charityHex, someHash, unitHex } from "./world.ts";

type Hash = `0x${string}`;

const field = (type: string, name: string) => ({ type, name });
const LINE = [
  field("bytes32", "charity"),
  field("bytes32", "unit"),
  field("uint64", "from"),
  field("uint64", "upTo"),
];
const ACKNOWLEDGEMENT = [
  ...LINE,
  field("uint64", "netTo"),
  field("uint64", "received"),
  field("uint64", "batch"),
  field("bytes32", "root"),
];
const DISBURSEMENT = [...LINE, field("bytes32", "evidence")];

const domainOf = (ledger: Uint8Array) => ({
  name: "Amanah",
  version: "1",
  salt: `0x${Buffer.from(ledger).toString("hex")}` as Hash,
});

/** A bank payout of the gifts of [from, upTo), without reversals. */
export const payBank = (from: bigint, upTo: bigint, reference = someHash()): ContractCall => ({
  kind: "payBank",
  args: { charity: charityHex(), unit: "CNY", from: `${from}`, upTo: `${upTo}`, netTo: "0", reference },
});

/** The charity's signature for what a payout of [from, upTo) brought it. */
export async function acknowledge(
  signer: PrivateKeyAccount,
  ledger: Uint8Array,
  [from, upTo]: readonly [bigint, bigint],
  { number, root }: { number: bigint; root: Buffer },
): Promise<ContractCall> {
  const anchored = { batch: `${number}`, root: `0x${root.toString("hex")}` as Hash };
  const interval = { from: `${from}`, upTo: `${upTo}`, netTo: "0", received: `${upTo - from}` };
  const acknowledgement = { charity: charityHex(), unit: "CNY", ...interval, ...anchored };
  const signature = await signer.signTypedData({
    domain: domainOf(ledger),
    types: { Acknowledgement: ACKNOWLEDGEMENT },
    primaryType: "Acknowledgement",
    message: { ...acknowledgement, unit: unitHex("CNY") },
  });
  return { kind: "acknowledge", args: { acknowledgement, signature } };
}

/** The charity's report of what the money of [from, upTo) became. */
export async function disburse(
  signer: PrivateKeyAccount,
  ledger: Uint8Array,
  [from, upTo]: readonly [bigint, bigint],
  evidence = someHash(),
): Promise<ContractCall> {
  const disbursement = {
    charity: charityHex(),
    unit: "CNY",
    from: `${from}`,
    upTo: `${upTo}`,
    evidence,
  };
  const signature = await signer.signTypedData({
    domain: domainOf(ledger),
    types: { Disbursement: DISBURSEMENT },
    primaryType: "Disbursement",
    message: { ...disbursement, unit: unitHex("CNY") },
  });
  return { kind: "disburse", args: { disbursement, signature } };
}

/** Registers the charity of the tests, with its signer. */
export const register = ({ address }: PrivateKeyAccount, charity = charityHex()): ContractCall => {
  const account = address.toLowerCase() as Hash;
  return { kind: "registerCharity", args: { charity, payee: account, signer: account } };
};
