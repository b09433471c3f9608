// The fast hash functions, and the fast hex, against the ones that everybody uses.

import { createHash, createHmac } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { fastHex, fastHmac, fastKeccak, randomBytes, sha256 } from "../server/hashing.ts";
import { toHex } from "../server/protocol/bytes.ts";
import { keccak } from "../server/protocol/hash.ts";

const bytes = (maxLength: number) => fc.uint8Array({ maxLength });

describe("the fast hash functions", () => {
  it("refuse a key that does not fit in a block", () => {
    expect(() => fastHmac(new Uint8Array(65), new Uint8Array(1))).to.throw(RangeError);
  });

  it("give the HMAC-SHA-256 of Node's own", () => {
    fc.assert(
      fc.property(bytes(64), bytes(500), (key, data) => {
        expect(fastHmac(key, data)).to.deep.equal(createHmac("sha256", key).update(data).digest());
      }),
    );
  });

  it("give the SHA-256 of Node's own and the keccak-256 of noble", () => {
    fc.assert(
      fc.property(bytes(500), (data) => {
        expect(sha256(data)).to.deep.equal(createHash("sha256").update(data).digest());
        expect(Buffer.from(fastKeccak(data)).equals(keccak(data))).to.equal(true);
      }),
    );
  });

  it("never give the same random bytes twice, nor hand out the pool that they come from", () => {
    const drawn = Array.from({ length: 2_000 }, () => randomBytes(16));
    expect(new Set(drawn.map((one) => Buffer.from(one).toString("hex"))).size).to.equal(2_000);
    expect(drawn.every((one) => one.buffer.byteLength === 16)).to.equal(true);
  });
});

describe("the fast hex", () => {
  it("is that of the protocol, of any bytes and of a part of them", () => {
    fc.assert(
      fc.property(bytes(500), fc.nat(200), (data, from) => {
        expect(fastHex(data)).to.equal(toHex(data));
        expect(fastHex(data.subarray(from))).to.equal(toHex(data.subarray(from)));
      }),
    );
  });
});
