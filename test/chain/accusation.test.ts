// The accusation in a transaction's input, however it was sent: found by the leaves that the contract has recorded, among
// whatever else stands in it.

import { expect } from "chai";
import { concat, encodeAbiParameters, encodeFunctionData, type Hex, zeroHash } from "viem";
import { LEDGER_ABI } from "../../server/chain/abi.ts";
import { accusationIn } from "../../server/chain/accusation.ts";
import { statementOf } from "../../server/chain/encode.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { GIFT } from "../../server/protocol/receipt.ts";
import { type Statement, statementLeaf } from "../../server/protocol/statement.ts";
import { toArgs } from "../../server/store/anchoring.ts";
import { bytesOf } from "../protocol/making.ts";

const LEDGER = bytesOf("ledger");
const PROOF = [toHex(bytesOf("a sibling"))];

const stated = (batch: bigint, to: bigint): Statement => ({
  ...{ batch, charity: bytesOf("charity"), unit: "CNY", kind: GIFT, from: 5n, to, previous: batch - 1n },
  ...{ receipts: 1n, receiptsRoot: bytesOf("receipts") },
});
const leafOf = (statement: Statement): Hex => toHex(statementLeaf(LEDGER, statement));

const encode = (functionName: string, args: readonly unknown[]): Hex =>
  encodeFunctionData({ abi: LEDGER_ABI, functionName, args } as never);
const contradiction = (first: Statement, second: Statement): Hex =>
  encode("proveContradiction", [statementOf(toArgs(first)), PROOF, statementOf(toArgs(second)), PROOF]);
const malformed = (statement: Statement): Hex =>
  encode("proveMalformed", [statementOf(toArgs(statement)), PROOF]);

describe("the accusation in a transaction's input", () => {
  const [first, second, other] = [stated(2n, 20n), stated(3n, 30n), stated(9n, 40n)];
  const accusation = contradiction(first, second);
  const shown = { first: leafOf(first), second: leafOf(second) };
  const find = (input: Hex, leaves = shown) => accusationIn(input, toHex(LEDGER), leaves);
  const found = { evidence: accusation, lastBatch: 3n };

  /** As a wallet contract is told to send something: what to call, with which value and data, and what it wants beside. */
  const walletCall = (data: Hex, ...behind: Hex[]): Hex =>
    concat([
      "0x6a761202",
      encodeAbiParameters(
        [{ type: "address" }, { type: "uint256" }, { type: "bytes" }, { type: "uint8" }],
        ["0x00000000000000000000000000000000000000a1", 0n, data, 0],
      ),
      ...behind,
    ]);

  it("is not there in an empty input, in another call, or in bytes that only begin like one", () => {
    for (const input of [
      "0x",
      encode("open", []),
      accusation.slice(0, 200),
      accusation.slice(0, 10),
    ] as Hex[])
      expect(find(input)).to.equal(undefined);
  });

  it("is found in a plain call, with the last batch that it rests on", () => {
    expect(find(accusation)).to.deep.equal(found);
    const alone = { first: leafOf(other), second: zeroHash };
    expect(find(malformed(other), alone)).to.deep.equal({ evidence: malformed(other), lastBatch: 9n });
  });

  it("is found among the calls of a multicall, whichever it is, and whatever is accused beside it", () => {
    const beside = [encode("open", []), malformed(first), contradiction(first, other)];
    for (const at of [0, 1, 2, 3])
      expect(find(encode("multicall", [beside.toSpliced(at, 0, accusation)]))).to.deep.equal(found);
    expect(find(encode("multicall", [beside]))).to.equal(undefined);
  });

  it("is found in what a wallet contract was told to send, also within a multicall there, and given without the rest", () => {
    const bytes = toHex(bytesOf("a signature of the wallet's owner"));
    for (const data of [accusation, encode("multicall", [[malformed(first), accusation]])])
      expect(find(walletCall(data, bytes))).to.deep.equal(found);
  });

  it("is none of other statements, of those in another order, or of another ledger", () => {
    expect(find(accusation, { first: shown.second, second: shown.first })).to.equal(undefined);
    expect(find(accusation, { ...shown, second: zeroHash })).to.equal(undefined);
    expect(find(contradiction(first, other))).to.equal(undefined);
    expect(accusationIn(accusation, toHex(bytesOf("another ledger")), shown)).to.equal(undefined);
  });
});
