// Donors' keys: one for each donor and generation, known by any of the ledger's secrets, and nothing else is one.

import { randomBytes } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { donorKey, readDonorKey } from "../../server/http/donor-keys.ts";
import { donorName, donorsKey } from "../../server/programmes/donor.ts";

const [first, second, strange] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const named = fc.record({
  donor: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  generation: fc.integer({ min: 0, max: 1_000 }),
});

describe("a donor's key", () => {
  it("altered in any character, or made with another secret, names nobody", () => {
    fc.assert(
      fc.property(named, fc.nat(47), fc.constantFrom(..."Ab0-_"), (donor, at, put) => {
        const key = donorKey(first, donor);
        const altered = key.slice(0, at % key.length) + put + key.slice((at % key.length) + 1);
        if (altered !== key) expect(readDonorKey([first], altered)).to.equal(undefined);
        expect(readDonorKey([first], donorKey(strange, donor))).to.equal(undefined);
      }),
    );
  });

  it("names its donor and generation, after further secrets were added too", () => {
    fc.assert(
      fc.property(named, ({ donor, generation }) => {
        const read = readDonorKey([second, first], donorKey(first, { donor, generation }))!;
        expect([Buffer.from(read.donor), read.generation]).to.deep.equal([Buffer.from(donor), generation]);
      }),
    );
  });

  it("rests on a name that stays the same when a secret is added, and differs by merchant and buyer", () => {
    expect(donorsKey([second, first])).to.deep.equal(donorsKey([first]));
    const key = donorsKey([first]);
    const names = [
      ["tea", "ann"],
      ["tea", "bob"],
      ["te", "aann"],
      ["silk", "ann"],
    ].map(([merchant, buyer]) => Buffer.from(donorName(key, merchant!, buyer!)).toString("hex"));
    expect(new Set(names).size).to.equal(4);
    expect(Buffer.from(donorName(donorsKey([second]), "tea", "ann")).toString("hex")).not.to.equal(names[0]);
  });
});
