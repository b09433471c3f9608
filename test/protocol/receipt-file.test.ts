// Reading and writing receipt files: what is refused before anything is verified.

import { expect } from "chai";
import fc from "fast-check";
import { AmanahError, InputError } from "../../server/errors.ts";
import { canonicalJson } from "../../server/protocol/details.ts";
import {
  encodeReceiptFile,
  type OpenedReceipt,
  parseReceiptFile,
  type ReceiptFile,
} from "../../server/protocol/receipt-file.ts";
import { bytes, receipt, statement, uint63 } from "./arbitraries.ts";
import { expectRefusal } from "./errors.ts";
import { bytesOf, makeReceipt, sealBatch } from "./making.ts";

const LEDGER = { id: bytesOf("ledger"), chainId: 31337, contract: bytesOf("contract", 20) };

function goodFile(): ReceiptFile {
  const entries = [0, 1, 2].map((i) => {
    const details = { order: `${i}`, nonce: "00" };
    return { receipt: makeReceipt(`${i}`, details, {}), details };
  });
  const side = {
    charity: entries[0]!.receipt.charity,
    unit: "CNY",
    kind: 0,
    from: 0n,
    previous: 0n,
    entries,
  } as const;
  return encodeReceiptFile(sealBatch(LEDGER, 1n, [side], LEDGER.id).files[0]!);
}

const sealed: fc.Arbitrary<OpenedReceipt["seal"]> = fc.record({
  batch: uint63,
  proof: fc.record({
    index: uint63,
    receipts: uint63,
    path: fc.array(fc.record({ hash: bytes(32), sum: uint63 }), { maxLength: 63 }),
  }),
  statement,
  statementProof: fc.array(bytes(32), { maxLength: 64 }),
});

const promised: fc.Arbitrary<NonNullable<OpenedReceipt["promise"]>> = fc.record({
  leaf: bytes(32),
  charity: bytes(32),
  unit: fc.constantFrom("CNY", "STEP"),
  kind: fc.constantFrom(0 as const, 1 as const),
  amount: uint63,
  deadline: uint63,
  path: fc.array(bytes(32), { maxLength: 64 }),
  signature: bytes(65),
});

const opened: fc.Arbitrary<OpenedReceipt> = fc.record({
  ledger: fc.record({ id: bytes(32), chainId: fc.maxSafeNat(), contract: bytes(20) }),
  receipt,
  details: fc.option(
    fc.dictionary(fc.string(), fc.jsonValue() as fc.Arbitrary<never>, { noNullPrototype: true }),
  ),
  seal: fc.option(sealed),
  expected: fc.option(uint63),
  promise: fc.option(promised),
});

describe("receipt file", () => {
  for (const json of [null, undefined, 5, "text", [], true]) {
    it(`refuses ${JSON.stringify(json)} in its place`, () => {
      expectRefusal(() => parseReceiptFile(json), InputError, "not-an-object");
    });
  }

  it("refuses a file that is none of ours", () => {
    expectRefusal(() => parseReceiptFile({}), InputError, "field-missing");
    expectRefusal(() => parseReceiptFile({ format: "something-else/1" }), InputError, "wrong-format");
  });

  it("refuses members that only a prototype has", () => {
    const inherited = Object.create(goodFile());
    expectRefusal(() => parseReceiptFile(inherited), InputError, "field-missing");
  });

  it("names the path of what it refuses, what was wanted and what came", () => {
    const file = goodFile();
    file.proof!.path[1]!.sum = "-5";
    const error = expectRefusal(() => parseReceiptFile(file), InputError, "not-a-whole-number");
    expect(error.message).to.match(/^proof\.path\[1\]\.sum: wanted a whole number.*, got "-5"$/);
  });

  it("refuses each member that is missing, naming it", () => {
    for (const [holder, path] of [
      ["", ""],
      ["ledger", "ledger."],
      ["receipt", "receipt."],
      ["proof", "proof."],
      ["statement", "statement."],
    ] as const) {
      const whole = goodFile();
      for (const name of Object.keys(holder ? whole[holder]! : whole)) {
        const file = goodFile();
        delete ((holder ? file[holder] : file) as unknown as Record<string, unknown>)[name];
        const error = expectRefusal(() => parseReceiptFile(file), InputError, "field-missing");
        expect(error.message).to.equal(`${path}${name}: is missing`);
      }
    }
  });

  for (const name of ["batch", "proof", "statement", "statementProof"] as const) {
    it(`refuses a sealed file whose ${name} alone is null`, () => {
      expectRefusal(() => parseReceiptFile({ ...goodFile(), [name]: null }), InputError, "partly-sealed");
    });
  }

  const goodPromise = () => ({
    leaf: `0x${"11".repeat(32)}`,
    charity: `0x${"22".repeat(32)}`,
    unit: "CNY",
    kind: 0,
    amount: "50",
    deadline: "1790086400",
    path: [`0x${"33".repeat(32)}`],
    signature: `0x${"44".repeat(65)}`,
  });

  it("takes a file without a promise as one whose promise is null", () => {
    const { promise: _, ...file } = goodFile();
    expect(parseReceiptFile(file).promise).to.equal(null);
    expect(parseReceiptFile({ ...file, promise: null }).promise).to.equal(null);
  });

  it("refuses a promise of which a member is missing or malformed, naming it", () => {
    for (const name of Object.keys(goodPromise())) {
      const { [name as "leaf"]: _, ...rest } = goodPromise();
      const error = expectRefusal(
        () => parseReceiptFile({ ...goodFile(), promise: rest }),
        InputError,
        "field-missing",
      );
      expect(error.message).to.equal(`promise.${name}: is missing`);
    }
    for (const [wrong, code] of [
      [{ leaf: "0x11" }, "wrong-length"],
      [{ unit: "" }, "not-a-tag"],
      [{ kind: 2 }, "wrong-kind"],
      [{ amount: 50 }, "not-a-whole-number"],
      [{ deadline: "9223372036854775808" }, "out-of-range"],
      [{ path: "0x" }, "not-a-list"],
      [{ path: Array(65).fill(`0x${"33".repeat(32)}`) }, "list-too-long"],
      [{ path: [5] }, "not-hex"],
      [{ signature: `0x${"44".repeat(64)}` }, "wrong-length"],
    ] as const)
      expectRefusal(
        () => parseReceiptFile({ ...goodFile(), promise: { ...goodPromise(), ...wrong } }),
        InputError,
        code,
      );
    expectRefusal(() => parseReceiptFile({ ...goodFile(), promise: [] }), InputError, "not-an-object");
  });

  it("refuses a chain id that is no whole number", () => {
    for (const chainId of ["1", 1.5, -1, 2 ** 53, null]) {
      const file = { ...goodFile(), ledger: { ...goodFile().ledger, chainId } };
      expectRefusal(() => parseReceiptFile(file), InputError, "not-a-small-number");
    }
  });

  it("refuses whatever is not a receipt file with an error of its own, never another", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(goodFile())), (value, name) => {
        try {
          parseReceiptFile({ ...goodFile(), [name]: value });
        } catch (error) {
          expect(error).to.be.instanceOf(AmanahError);
        }
      }),
    );
  });

  it("takes members that later versions add", () => {
    const file = goodFile();
    const added = { ...file, links: { self: "x" }, receipt: { ...file.receipt, note: 1 } };
    expect(parseReceiptFile(added)).to.deep.equal(parseReceiptFile(file));
  });

  it("reads hex in either case", () => {
    const file = goodFile();
    const contract = `0x${file.ledger.contract.slice(2).toUpperCase()}`;
    expect(parseReceiptFile({ ...file, ledger: { ...file.ledger, contract } })).to.deep.equal(
      parseReceiptFile(file),
    );
  });

  it("comes back from JSON text as it was", () => {
    fc.assert(
      fc.property(opened, (any) => {
        const back = parseReceiptFile(JSON.parse(JSON.stringify(encodeReceiptFile(any))));
        expect({ ...back, details: canonicalJson(back.details) }).to.deep.equal({
          ...any,
          details: canonicalJson(any.details),
        });
      }),
    );
  });
});
