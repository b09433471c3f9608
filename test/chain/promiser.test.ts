// The key that promises, against a signer that knows nothing of it.

import { secp256k1 } from "@noble/curves/secp256k1.js";
import { expect } from "chai";
import fc from "fast-check";
import { hexToBytes } from "viem";
import { promiseSigner } from "../../server/chain/promiser.ts";
import { bytes } from "../protocol/arbitraries.ts";

const PROMISE_KEY = `0x${"42".repeat(32)}` as const;
const sign = promiseSigner({ demonstration: false, PROMISE_KEY })!;

describe("the key that promises", () => {
  it("signs as noble does, to the byte: the nonce of RFC 6979, the lower s, and 27 or 28", () => {
    fc.assert(
      fc.property(bytes(32), (digest) => {
        const [recovery, ...rest] = secp256k1.sign(digest, hexToBytes(PROMISE_KEY), {
          prehash: false,
          format: "recovered",
        });
        expect([...sign(digest)]).to.deep.equal([...rest, 27 + recovery!]);
      }),
    );
  });

  it("signs nothing where the operator has set none", () => {
    expect(promiseSigner({ demonstration: false, PROMISE_KEY: undefined })).to.equal(undefined);
  });
});
