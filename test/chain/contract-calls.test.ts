// Names of calls: two that ask for the same thing have one name, all others differ.

import { expect } from "chai";
import fc from "fast-check";
import { type ContractCall, nameOf, senderOf } from "../../server/protocol/contract-calls.ts";

const hash = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes): `0x${string}` => `0x${Buffer.from(bytes).toString("hex")}`);
const decimal = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String);
const line = fc.record({ charity: hash, unit: fc.constantFrom("CNY", "cny", "STEP") });
const payout = fc.record({ from: decimal, upTo: decimal, netTo: decimal });

const pay = (kind: "payBank" | "payToken") =>
  fc
    .tuple(line, payout, hash)
    .map(([l, p, reference]) => ({ kind, args: { ...l, ...p, reference } }) as ContractCall);

describe("names of calls", () => {
  it("are the same for both rails of a payout from one position: only one of the two can be", () => {
    fc.assert(
      fc.property(line, payout, hash, ({ charity, unit }, { from, upTo, netTo }, reference) => {
        const byBank = nameOf({ kind: "payBank", args: { charity, unit, from, upTo, netTo, reference } });
        expect(nameOf({ kind: "payToken", args: { charity, unit, from, upTo, netTo } })).to.equal(byBank);
      }),
    );
  });

  it("tell payouts of different lines or positions apart, letter case of the unit included", () => {
    fc.assert(
      fc.property(pay("payBank"), pay("payToken"), (a, b) => {
        if (a.kind !== "payBank" || b.kind !== "payToken") return;
        const sameStart =
          a.args.charity === b.args.charity && a.args.unit === b.args.unit && a.args.from === b.args.from;
        expect(nameOf(a) === nameOf(b)).to.equal(sameStart);
      }),
    );
  });

  it("do not depend on how an address is written", () => {
    const grant = (account: `0x${string}`) =>
      nameOf({ kind: "grantRole", args: { role: "PAYER_ROLE", account } });
    expect(grant("0xAb00000000000000000000000000000000000001")).to.equal(
      grant("0xab00000000000000000000000000000000000001"),
    );
  });

  it("go with the account of the least power: what a charity signed needs no role", () => {
    const acknowledgement = {
      charity: "0x00",
      unit: "CNY",
      from: "0",
      upTo: "1",
      netTo: "0",
      received: "1",
      batch: "1",
      root: "0x00",
    } as const;
    expect(senderOf({ kind: "acknowledge", args: { acknowledgement, signature: "0x" } })).to.equal("anchor");
    expect(senderOf({ kind: "open", args: {} })).to.equal("admin");
  });
});
