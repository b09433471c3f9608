// Bytes, amounts, canonical JSON and ids: what they refuse, and that they mean what the standards say.

import { createHash, createHmac } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { createKeccak } from "hash-wasm";
import { InputError } from "../../server/errors.ts";
import { MAX_AMOUNT, parseAmount } from "../../server/protocol/amounts.ts";
import {
  compareBytes,
  concat,
  equalBytes,
  fromHex,
  hexWordAt,
  shown,
  tag,
  toHex,
  uint64,
  uintWord,
} from "../../server/protocol/bytes.ts";
import { canonicalJson, detailsHash } from "../../server/protocol/details.ts";
import { keccak } from "../../server/protocol/hash.ts";
import { charityId, type ReceiptKey, receiptId, receiptSalt, unitName } from "../../server/protocol/ids.ts";
import { bytes, uint63, unit } from "./arbitraries.ts";
import { expectRefusal } from "./errors.ts";

describe("hex and bytes", () => {
  for (const hex of ["", "0x1", "1234", "0xzz", "0x 0", "0X00"]) {
    it(`refuses ${JSON.stringify(hex)} as hex`, () => {
      expectRefusal(() => fromHex(hex), InputError, "not-hex");
    });
  }

  it("refuses hex of another length, naming the thing", () => {
    const error = expectRefusal(() => fromHex("0x0011", 32, "ledger.id"), InputError, "wrong-length");
    expect(error.message).to.equal("ledger.id: wanted 32 bytes, got 2");
  });

  it("refuses integers that 63 bits do not hold", () => {
    for (const value of [-1n, MAX_AMOUNT + 1n, 2n ** 64n]) {
      expectRefusal(() => uint64(value), InputError, "out-of-range");
    }
  });

  for (const name of ["", "a b", "é", "x".repeat(33), "\n"]) {
    it(`refuses ${JSON.stringify(name)} as a tag`, () => {
      expectRefusal(() => tag(name), InputError, "not-a-tag");
    });
  }

  it("shortens what it shows of wrong input", () => {
    expect(shown("x".repeat(1000)).length).to.be.below(100);
    expect([shown(null), shown([1, 2]), shown({}), shown(3n)]).to.deep.equal([
      "null",
      "an array of 2",
      "an object",
      "3",
    ]);
  });

  it("reads back what it writes, in either case", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (data) => {
        expect(toHex(data)).to.equal(`0x${Buffer.from(data).toString("hex")}`);
        expect(fromHex(toHex(data))).to.deep.equal(data);
        expect(fromHex(`0x${toHex(data).slice(2).toUpperCase()}`)).to.deep.equal(data);
      }),
    );
  });

  it("cuts a word of many from the hex of all", () => {
    fc.assert(
      fc.property(fc.array(bytes(32), { minLength: 1, maxLength: 9 }), (words) => {
        const all = toHex(concat(...words));
        expect(words.map((_, index) => hexWordAt(all, index))).to.deep.equal(
          words.map((word) => toHex(word)),
        );
      }),
    );
  });

  it("orders bytes as Buffer does", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        expect(Math.sign(compareBytes(a, b))).to.equal(Buffer.compare(a, b));
        expect(equalBytes(a, b)).to.equal(Buffer.compare(a, b) === 0);
        expect(equalBytes(a, a.slice())).to.equal(true);
      }),
    );
  });

  it("writes integers big-endian in 8 and in 32 bytes", () => {
    fc.assert(
      fc.property(uint63, (value) => {
        expect(BigInt(toHex(uint64(value)))).to.equal(value);
        expect(concat(new Uint8Array(24), uint64(value))).to.deep.equal(uintWord(value));
      }),
    );
  });
});

describe("keccak", () => {
  it("gives the digest of nothing that Ethereum gives", () => {
    const nothing = "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470";
    expect(toHex(keccak(new Uint8Array()))).to.equal(nothing);
  });

  it("agrees with the WebAssembly implementation that the service hands in", async () => {
    const hasher = await createKeccak(256);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (data) => {
        expect(hasher.init().update(data).digest("binary")).to.deep.equal(keccak(data));
      }),
    );
  });
});

describe("amounts", () => {
  const wrong = [
    "",
    "-1",
    "+1",
    "01",
    "1.0",
    "1e3",
    " 1",
    "1 ",
    "0x1",
    "1_000",
    "١",
    "12345678901234567890",
    5,
    5n,
    null,
  ];
  for (const text of wrong) {
    it(`refuses ${typeof text} ${String(JSON.stringify(String(text)))} as an amount`, () => {
      const error = expectRefusal(
        () => parseAmount(text, "receipt.amount"),
        InputError,
        "not-a-whole-number",
      );
      expect(error.message).to.match(/^receipt\.amount: wanted a whole number.*got /);
    });
  }

  it("refuses 2^63", () => {
    expectRefusal(() => parseAmount(`${2n ** 63n}`, "amount"), InputError, "out-of-range");
  });

  it("reads every whole number below 2^63 exactly", () => {
    expect(parseAmount("0", "amount")).to.equal(0n);
    expect(parseAmount("9223372036854775807", "amount")).to.equal(MAX_AMOUNT);
    fc.assert(fc.property(uint63, (value) => parseAmount(`${value}`, "amount") === value));
  });
});

describe("canonical JSON", () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  for (const [name, value] of Object.entries({
    undefined: undefined,
    "not a number": { a: Number.NaN },
    infinity: [Number.POSITIVE_INFINITY],
    "a bigint": { a: 1n },
    "a cycle": cycle,
    "a lone surrogate": { a: "\ud800" },
  })) {
    it(`refuses ${name}`, () => {
      expectRefusal(() => canonicalJson(value), InputError, "not-json");
    });
  }

  it("does not depend on the order of members", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(detailsHash(turned)).to.deep.equal(detailsHash(value));
      }),
    );
  });

  it("survives a journey through any JSON parser", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).to.equal(text);
      }),
    );
  });
});

describe("ids", () => {
  const key: ReceiptKey = {
    source: "shop",
    eventKey: "order-1",
    item: "1",
    charity: new Uint8Array(32),
    unit: "CNY",
    kind: 0,
    terms: new Uint8Array(32),
  };
  const secret = new Uint8Array(32).fill(7);

  for (const registration of ["", " GB-CHC-1", "GB-CHC-1\n", "x".repeat(201)]) {
    it(`refuses the registration ${JSON.stringify(registration.slice(0, 20))}`, () => {
      expectRefusal(() => charityId(registration), InputError, "not-a-registration");
    });
  }

  it("refuses a charity that is not 32 bytes in a receipt's key", () => {
    expectRefusal(
      () => receiptId(secret, { ...key, charity: new Uint8Array(20) }),
      InputError,
      "wrong-length",
    );
  });

  it("refuses to salt an id that is not 16 bytes", () => {
    expectRefusal(() => receiptSalt(secret, new Uint8Array(32)), InputError, "wrong-length");
  });

  it("refuses units with bytes behind their end, or none at all", () => {
    const gap = tag("CNY");
    gap[10] = 65;
    for (const word of [gap, new Uint8Array(32), new Uint8Array(32).fill(200)]) {
      expectRefusal(() => unitName(word), InputError, "not-a-unit");
    }
    expectRefusal(() => unitName(new Uint8Array(3)), InputError, "wrong-length");
  });

  it("reads a unit's name back", () => {
    fc.assert(fc.property(unit, (name) => unitName(tag(name)) === name));
  });

  it("is HMAC-SHA-256 as Node computes it", () => {
    fc.assert(
      fc.property(bytes(32), fc.string(), bytes(32), (anySecret, eventKey, charity) => {
        const text = JSON.stringify([
          "shop",
          eventKey,
          "1",
          toHex(charity),
          "CNY",
          0,
          `0x${"00".repeat(32)}`,
        ]);
        const expected = createHmac("sha256", anySecret).update(text).digest().subarray(0, 16);
        expect(toHex(receiptId(anySecret, { ...key, eventKey, charity }))).to.equal(toHex(expected));
      }),
    );
  });

  it("uses the HMAC that is handed in", () => {
    const sha256 = (given: Uint8Array, data: Uint8Array) =>
      createHash("sha256").update(given).update(data).digest();
    expect(receiptId(secret, key, sha256)).not.to.deep.equal(receiptId(secret, key));
    expect(receiptSalt(secret, key.terms.slice(16), sha256)).to.have.length(32);
  });

  it("gives another id when any part of the key differs", () => {
    const others: ReceiptKey[] = [
      { ...key, source: "shop2" },
      { ...key, eventKey: "order-2" },
      { ...key, item: "2" },
      { ...key, charity: secret },
      { ...key, unit: "USD" },
      { ...key, kind: 1 },
      { ...key, terms: secret },
      { ...key, source: "shop-", eventKey: "1" },
    ];
    const ids = [key, ...others].map((each) => toHex(receiptId(secret, each)));
    expect(new Set(ids).size).to.equal(ids.length);
    expect(receiptId(secret, { ...key })).to.deep.equal(receiptId(secret, key));
  });
});
