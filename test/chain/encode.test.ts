// Each kind of call, decoded again with the contract's own interface: every argument must be in its place.

import { expect } from "chai";
import { decodeDeployData, decodeFunctionData, keccak256, stringToHex } from "viem";
import { LEDGER_ABI } from "../../server/chain/abi.ts";
import { ledgerBytecode } from "../../server/chain/artifact.ts";
import { encodeCalls, unitOf } from "../../server/chain/encode.ts";
import type { ContractCall } from "../../server/protocol/contract-calls.ts";

const charity = keccak256("0x01");
const root = keccak256("0x02");
const signature = "0x1234";
const address = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const CNY = `0x434e59${"0".repeat(58)}`;
const line = { charity, unit: "CNY" };
const huge = `${2n ** 63n - 1n}`;

const decode = (data: `0x${string}`) => decodeFunctionData({ abi: LEDGER_ABI, data });
const anchor = (batch: number): ContractCall => ({ kind: "anchor", args: { batch: `${batch}`, root } });

const statement = {
  ...line,
  batch: "7",
  kind: 1 as const,
  from: "5",
  to: huge,
  previous: "3",
  receipts: "2",
  receiptsRoot: root,
};
const acknowledgement = { ...line, from: "0", upTo: huge, netTo: "1", received: "4", batch: "7", root };
const disbursement = { ...line, from: "0", upTo: "9", evidence: root };

/** Each kind of call, and what the contract must read in it. */
const CASES: readonly (readonly [ContractCall, string, readonly unknown[]])[] = [
  [
    { kind: "grantRole", args: { role: "PAYER_ROLE", account: address } },
    "grantRole",
    [keccak256(stringToHex("PAYER_ROLE")), address],
  ],
  [
    { kind: "registerCharity", args: { charity, payee: address, signer: address } },
    "registerCharity",
    [charity, address, address],
  ],
  [
    { kind: "changePayee", args: { charity, payee: address, change: "1" } },
    "changePayee",
    [charity, address],
  ],
  [
    { kind: "changeSigner", args: { charity, signer: address, change: "1" } },
    "changeSigner",
    [charity, address, "0x"],
  ],
  [anchor(7), "anchor", [7n, root]],
  [
    { kind: "prove", args: { statement, proof: [root] } },
    "prove",
    [
      {
        charity,
        unit: CNY,
        batch: 7n,
        kind: 1,
        from: 5n,
        to: 2n ** 63n - 1n,
        previous: 3n,
        receipts: 2n,
        receiptsRoot: root,
      },
      [root],
    ],
  ],
  [{ kind: "setToken", args: { unit: "CNY", token: address, exponent: 2 } }, "setToken", [CNY, address, 2]],
  [
    { kind: "payBank", args: { ...line, from: "1", upTo: huge, netTo: "2", reference: root } },
    "payBank",
    [charity, CNY, 1n, 2n ** 63n - 1n, 2n, root],
  ],
  [
    { kind: "payToken", args: { ...line, from: "1", upTo: "8", netTo: "2" } },
    "payToken",
    [charity, CNY, 1n, 8n, 2n],
  ],
  [{ kind: "repay", args: { ...line, upTo: "8", reference: root } }, "repay", [charity, CNY, 8n, root]],
  [
    { kind: "acknowledge", args: { acknowledgement, signature } },
    "acknowledge",
    [
      { charity, unit: CNY, from: 0n, upTo: 2n ** 63n - 1n, netTo: 1n, received: 4n, batch: 7n, root },
      signature,
    ],
  ],
  [
    { kind: "disburse", args: { disbursement, signature } },
    "disburse",
    [{ charity, unit: CNY, from: 0n, upTo: 9n, evidence: root }, signature],
  ],
];

describe("calls as the contract reads them", () => {
  it("refuse a deployment among other calls, and nothing at all", () => {
    const deploy: ContractCall = {
      kind: "deploy",
      args: { ledger: root, admin: address, adminDelay: "0", challengeBond: "0" },
    };
    expect(() => encodeCalls([deploy, anchor(1)])).to.throw("transaction of its own");
    expect(() => encodeCalls([])).to.throw("at least one call");
  });

  for (const [call, functionName, args] of CASES)
    it(`carry every argument of ${call.kind} to its place`, () => {
      expect(decode(encodeCalls([call]))).to.deep.equal({ functionName, args });
    });

  it("open the ledger without arguments", () => {
    expect(decode(encodeCalls([{ kind: "open", args: {} }])).functionName).to.equal("open");
  });

  it("deploy the compiled contract for a ledger, an admin, a delay and a bond", () => {
    const data = encodeCalls([
      { kind: "deploy", args: { ledger: root, admin: address, adminDelay: "86400", challengeBond: "5" } },
    ]);
    const decoded = decodeDeployData({ abi: LEDGER_ABI, bytecode: ledgerBytecode(), data });
    expect(decoded.args).to.deep.equal([root, address, 86_400, 5n]);
  });

  it("join roots of batches that follow each other into one call, and no others", () => {
    const joined = decode(encodeCalls([anchor(4), anchor(5), anchor(6)]));
    expect(joined).to.deep.equal({ functionName: "anchorMany", args: [4n, [root, root, root]] });
    const apart = decode(encodeCalls([anchor(4), anchor(6)]));
    expect(apart.functionName).to.equal("multicall");
    expect((apart.args![0] as `0x${string}`[]).map((data) => decode(data).functionName)).to.deep.equal([
      "anchor",
      "anchor",
    ]);
  });

  it("keep the order of calls that share a transaction", () => {
    const many = CASES.map(([call]) => call);
    const { functionName, args } = decode(encodeCalls(many));
    expect(functionName).to.equal("multicall");
    const inside = (args![0] as `0x${string}`[]).map((data) => decode(data).functionName);
    expect(inside).to.deep.equal(CASES.map(([, name]) => name));
  });

  it("write a unit as ASCII, left-aligned in 32 bytes", () => {
    expect(unitOf("CNY")).to.equal(CNY);
  });
});
