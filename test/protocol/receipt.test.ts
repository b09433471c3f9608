// Receipts and their leaves, against the typed data of viem and ethers.

import { expect } from "chai";
import { TypedDataEncoder } from "ethers";
import fc from "fast-check";
import { hashTypedData, domainSeparator as viemDomainSeparator } from "viem";
import { InputError } from "../../server/errors.ts";
import { tag, toHex } from "../../server/protocol/bytes.ts";
import { keccak } from "../../server/protocol/hash.ts";
import { domainSeparator, type Receipt, receiptHasher, receiptLeaf } from "../../server/protocol/receipt.ts";
import { bytes, receipt } from "./arbitraries.ts";
import { expectRefusal } from "./errors.ts";
import { bytesOf, makeReceipt } from "./making.ts";

const TYPES = {
  Receipt: [
    { name: "id", type: "bytes16" },
    { name: "charity", type: "bytes32" },
    { name: "unit", type: "bytes32" },
    { name: "kind", type: "uint8" },
    { name: "amount", type: "uint64" },
    { name: "acceptedAt", type: "uint64" },
    { name: "terms", type: "bytes32" },
    { name: "details", type: "bytes32" },
    { name: "salt", type: "bytes32" },
  ],
} as const;

const domainOf = (ledger: Uint8Array) => ({ name: "Amanah", version: "1", salt: toHex(ledger) });

function messageOf(given: Receipt) {
  return {
    id: toHex(given.id),
    charity: toHex(given.charity),
    unit: toHex(tag(given.unit)),
    kind: given.kind,
    amount: given.amount,
    acceptedAt: given.acceptedAt,
    terms: toHex(given.terms),
    details: toHex(given.details),
    salt: toHex(given.salt),
  };
}

describe("receipt leaf", () => {
  const ledger = bytesOf("ledger");
  const good = makeReceipt("any", {}, {});

  for (const field of ["charity", "terms", "details", "salt", "id"] as const) {
    it(`refuses a receipt whose ${field} is a byte short`, () => {
      const short = { ...good, [field]: good[field].slice(1) };
      expectRefusal(() => receiptLeaf(ledger, short), InputError, "wrong-length");
    });
  }

  for (const [name, wrong] of Object.entries({
    "an amount of zero": { amount: 0n },
    "a negative amount": { amount: -1n },
    "an amount of 2^63": { amount: 2n ** 63n },
    "a time before 1970": { acceptedAt: -1n },
    "a time of 2^63": { acceptedAt: 2n ** 63n },
  })) {
    it(`refuses ${name}`, () => {
      expectRefusal(() => receiptLeaf(ledger, { ...good, ...wrong }), InputError, "out-of-range");
    });
  }

  it("refuses a kind that is neither gift nor reversal", () => {
    expectRefusal(() => receiptLeaf(ledger, { ...good, kind: 2 as 1 }), InputError, "wrong-kind");
  });

  it("refuses a ledger that is not 32 bytes", () => {
    expectRefusal(() => receiptHasher(ledger.slice(1)), InputError, "wrong-length");
  });

  it("has the domain of viem and ethers", () => {
    fc.assert(
      fc.property(bytes(32), (any) => {
        const own = toHex(domainSeparator(any));
        expect(own).to.equal(TypedDataEncoder.hashDomain(domainOf(any)));
        expect(own).to.equal(viemDomainSeparator({ domain: domainOf(any) }));
      }),
    );
  });

  it("is what viem and ethers return for the typed data", () => {
    fc.assert(
      fc.property(bytes(32), receipt, (any, given) => {
        const [domain, message] = [domainOf(any), messageOf(given)];
        const own = toHex(receiptLeaf(any, given));
        expect(own).to.equal(hashTypedData({ domain, types: TYPES, primaryType: "Receipt", message }));
        expect(own).to.equal(TypedDataEncoder.hash(domain, { Receipt: [...TYPES.Receipt] }, message));
      }),
    );
  });

  it("does not depend on what a hasher hashed before", () => {
    const hasher = receiptHasher(ledger);
    fc.assert(
      fc.property(fc.array(receipt, { minLength: 2, maxLength: 8 }), (receipts) => {
        const reused = receipts.map((each) => toHex(hasher(each)));
        expect(reused).to.deep.equal(receipts.map((each) => toHex(receiptLeaf(ledger, each))));
      }),
    );
  });

  it("is hashed from 66 bytes, a length that no node, statement, notice or pair has", () => {
    const lengths: number[] = [];
    const noting = (data: Uint8Array) => {
      lengths.push(data.length);
      return keccak(data);
    };
    const hasher = receiptHasher(ledger, noting);
    lengths.length = 0;
    hasher(good);
    expect(lengths).to.deep.equal([320, 66]);
  });

  it("counts in no other ledger", () => {
    expect(receiptLeaf(bytesOf("another"), good)).not.to.deep.equal(receiptLeaf(ledger, good));
  });
});
