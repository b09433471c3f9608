// Text in one buffer: whatever is added comes out as any other encoder writes it, however large it is.

import { expect } from "chai";
import fc from "fast-check";
import { Utf8Buffer } from "../../server/http/utf8-buffer.ts";

describe("a buffer of text", () => {
  it("holds what was added since it was last taken, as UTF-8, whatever it is", () => {
    const buffer = new Utf8Buffer();
    const takes = fc.array(fc.array(fc.string({ unit: "binary", maxLength: 200 })));
    fc.assert(
      fc.property(takes, (texts) => {
        for (const added of texts) {
          for (const text of added) buffer.add(text);
          expect(buffer.take().equals(Buffer.from(added.join("")))).to.equal(true);
        }
      }),
    );
  });

  it("writes half a character as other encoders do", () => {
    const buffer = new Utf8Buffer();
    for (const half of ["\ud83c", "a", "\udf75"]) buffer.add(half);
    expect(buffer.take().toString()).to.equal("\ufffda\ufffd");
  });

  for (const [what, letter] of [
    ["one", "a"],
    ["two", "é"],
    ["three", "茶"],
    ["four", "🍵"],
  ] as const)
    it(`grows for characters of ${what} bytes each, added little by little and at once, and keeps what it holds`, () => {
      const buffer = new Utf8Buffer();
      const parts = [...Array(3_000).fill(letter.repeat(17)), letter.repeat(300_000), letter];
      for (let round = 0; round < 2; round++) {
        for (const part of parts) buffer.add(part);
        expect(buffer.take().equals(Buffer.from(parts.join("")))).to.equal(true);
      }
      buffer.add("short again");
      expect(buffer.take().toString()).to.equal("short again");
    });

  it("gives out the same memory again, and nothing when nothing was added", () => {
    const buffer = new Utf8Buffer();
    buffer.add("first");
    const first = buffer.take();
    buffer.add("other");
    expect(buffer.take().buffer).to.equal(first.buffer);
    expect(first.toString(), "which is why a taken one must be done with").to.equal("other");
    expect(buffer.take()).to.have.length(0);
  });
});
