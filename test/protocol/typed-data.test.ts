// What charities sign: its digest is what independent libraries compute, and the JSON is what wallets take.

import { expect } from "chai";
import { TypedDataEncoder } from "ethers";
import fc from "fast-check";
import { hashTypedData } from "viem";
import { fromHex, type Hex, toHex } from "../../server/protocol/bytes.ts";
import { signedArgsOf, signedDigest, typedDataOf } from "../../server/protocol/typed-data.ts";

const word = fc.uint8Array({ minLength: 32, maxLength: 32 });
const hex = word.map(toHex);
const integer = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String);
const unit = fc.constantFrom("CNY", "STEP", "a-unit-of-thirty-two-characters!");

const acknowledgement = fc.record({
  charity: hex,
  unit,
  from: integer,
  upTo: integer,
  netTo: integer,
  received: integer,
  batch: integer,
  root: hex,
});
const disbursement = fc.record({ charity: hex, unit, from: integer, upTo: integer, evidence: hex });

describe("typed data of what a charity signs", () => {
  const ledger = new Uint8Array(32).fill(7);

  it("refuses a field that is missing or not of its type", () => {
    const right = { charity: toHex(ledger), unit: "CNY", from: "0", upTo: "1", evidence: toHex(ledger) };
    const wrong = [
      { from: "-1" },
      { from: "01" },
      { upTo: `${2n ** 63n}` },
      { evidence: "0x12" as Hex },
      { charity: "x" as Hex },
      { unit: "" },
      { unit: "€" },
      { from: undefined as never },
    ];
    for (const change of wrong)
      expect(
        () => signedDigest(ledger, "Disbursement", { ...right, ...change }),
        JSON.stringify(change),
      ).to.throw();
  });

  it("has the digest that viem and ethers compute, for acknowledgements and disbursements", () => {
    const check = <Name extends "Acknowledgement" | "Disbursement">(
      name: Name,
      salt: Uint8Array,
      args: never,
    ) => {
      const typed = typedDataOf(salt, name, args);
      const { EIP712Domain: _, ...types } = typed.types;
      const ours = toHex(signedDigest(salt, name, args));
      expect(hashTypedData(typed as never)).to.equal(ours);
      expect(TypedDataEncoder.hash(typed.domain, types as never, typed.message)).to.equal(ours);
    };
    fc.assert(
      fc.property(word, acknowledgement, (salt, args) => check("Acknowledgement", salt, args as never)),
      { numRuns: 30 },
    );
    fc.assert(
      fc.property(word, disbursement, (salt, args) => check("Disbursement", salt, args as never)),
      { numRuns: 30 },
    );
  });

  it("tells the plain form again from the message", () => {
    fc.assert(
      fc.property(acknowledgement, (args) => {
        const { message } = typedDataOf(ledger, "Acknowledgement", args);
        expect(signedArgsOf("Acknowledgement", message)).to.deep.equal(args);
      }),
    );
  });

  it("is as `eth_signTypedData_v4` takes it: strings alone, the domain's three members in their order", () => {
    const args = { charity: toHex(ledger), unit: "CNY", from: "0", upTo: "1", evidence: toHex(ledger) };
    const typed = typedDataOf(ledger, "Disbursement", args);
    expect(Object.keys(typed.domain)).to.deep.equal(["name", "version", "salt"]);
    expect(typed.types.EIP712Domain?.map(({ name }) => name)).to.deep.equal(["name", "version", "salt"]);
    expect(JSON.parse(JSON.stringify(typed))).to.deep.equal(typed);
    expect(fromHex(typed.message.unit ?? "")).to.have.length(32);
  });
});
