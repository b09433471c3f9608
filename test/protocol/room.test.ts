// The room stays pure: what it imports and which globals it names, so that it runs in a browser and for ever.
// The directions between rooms are held by another test.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";

const ROOM = join(import.meta.dirname, "../../server/protocol");
const PACKAGES = [
  "@noble/curves/secp256k1.js",
  "@noble/hashes/hmac.js",
  "@noble/hashes/sha2.js",
  "@noble/hashes/sha3.js",
  "canonicalize",
];

const files = readdirSync(ROOM).map((name) => ({ name, text: readFileSync(join(ROOM, name), "utf8") }));

/** The file's statements without comments and strings, in which prose may name anything. */
const codeOf = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*|"(?:[^"\\]|\\.)*"|`[^`]*`/g, "");

function importsOf(text: string): string[] {
  return [...text.matchAll(/(?:from|import) "([^"]+)"/g)].map(([, source]) => source!);
}

describe("the protocol's room", () => {
  it("imports only itself, the error families and the packages that were agreed on", () => {
    for (const { name, text } of files) {
      const allowed = [...PACKAGES, "../errors.ts", ...(name === "batch-root.ts" ? ["merkletreejs"] : [])];
      const strangers = importsOf(text).filter(
        (source) => !source.startsWith("./") && !allowed.includes(source),
      );
      expect(strangers, name).to.deep.equal([]);
    }
  });

  it("builds on the tree library in one file, which no other file of the room loads", () => {
    const users = files.filter(({ text }) => importsOf(text).includes("./batch-root.ts"));
    expect(users.map(({ name }) => name)).to.deep.equal([]);
  });

  it("asks neither the time nor chance nor the environment, and uses nothing that only Node has", () => {
    const impure =
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bcrypto\.|\bprocess\.|\bBuffer\.|\bsetTimeout\b|\bfetch\(/;
    for (const { name, text } of files) expect(codeOf(text), name).not.to.match(impure);
  });

  it("never computes with floating point numbers where money is", () => {
    const floats = /\bparseFloat\b|\bMath\.(?:round|floor|ceil|trunc)\b|\btoFixed\b|\d\.\d/;
    for (const { name, text } of files) expect(codeOf(text), name).not.to.match(floats);
  });
});
