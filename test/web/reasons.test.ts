// Why a receipt is not valid, or cannot be told: every reason that a verification can give has a sentence in every language.

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ROOT } from "../../scripts/child.ts";
import { LANGUAGES } from "../support/browser.ts";

const SOURCES = [
  "server/protocol",
  "server/programmes/recompute",
  "server/books",
  "server/verifier",
  "server/web/ledger",
  "server/web/verify",
];

/** Where a code is named: thrown as an error, ending or passing a step, or as what a book is unfit for. */
const NAMED = [
  /(?:InputError|VerificationError|UnavailableError)\(\s*"([a-z0-9-]+)"/g,
  /\.(?:stop|skip)\(\s*"[a-z]+",\s*"([a-z-]+)"/g,
  /\bdemand\([^"]*?"([a-z]+-[a-z-]+)"/g,
  /\bleaveOut\(trail, "([a-z-]+)"/g,
  /\breason: "([a-z-]+)"/g,
  /\bconst (?:NOT_COMPARED|NOT_SEALED|LEAF_CLAIMED) = "([a-z-]+)"/g,
  /\? "(no-[a-z]+)" : error\.code/g,
];

/** Codes that are put together: what differs, and of which two things. */
const ofStatement = /demandSame\("([^"]+)"/g;
const TOGETHER = [
  ...["leaf", "charity", "unit", "kind", "amount"].map((what) => `promise-${what}-differs`),
  ...["index", "receipts"].map((what) => `book-${what}-differs`),
];

/** What a charity is about to sign is no receipt: its desk has words of its own. What a program asks for wrongly, no page shows. */
const OF_SIGNING = /server\/verifier\/(signing|compare-signed|package\/index)\.ts$/;

const sources = SOURCES.flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: ROOT }))
  .filter((file) => !OF_SIGNING.test(file))
  .map((file) => readFileSync(join(ROOT, file), "utf8"));
const allOf = (pattern: RegExp) =>
  sources.flatMap((text) => [...text.matchAll(pattern)].map(([, code]) => code as string));

const codes = new Set([
  ...NAMED.flatMap(allOf),
  ...allOf(ofStatement).map((what) => `${what.replace(" ", "-")}-differs`),
  ...TOGETHER,
]);

const vectors = JSON.parse(readFileSync(join(ROOT, "test/vectors/mutated-files.json"), "utf8")) as {
  files: { reason: string; step: string }[];
};
const read = (language: string, page: string) =>
  JSON.parse(readFileSync(join(ROOT, `server/web/texts/${language}/${page}.json`), "utf8"));

describe("the reasons of a verification", () => {
  it("are found in the sources: those of all mutated files are among them", () => {
    expect(codes.size).to.be.above(70);
    const unknown = vectors.files.map(({ reason }) => reason).filter((reason) => !codes.has(reason));
    expect(unknown).to.deep.equal([]);
  });

  for (const language of LANGUAGES) {
    it(`have each a sentence in ${language}`, () => {
      const texts = Object.keys(read(language, "reasons"));
      expect([...codes].filter((code) => !texts.includes(code))).to.deep.equal([]);
    });

    it(`stand at steps that have a title in ${language}`, () => {
      const trail = readFileSync(join(ROOT, "server/protocol/trail.ts"), "utf8");
      const names = [...trail.matchAll(/^ {2}\| "([a-z]+)"/gm)].map(([, name]) => name as string);
      expect(names).to.include("format").and.include("gift");
      const { heading: _, ...steps } = read(language, "verify").steps;
      expect(Object.keys(steps).sort()).to.deep.equal(names.sort());
    });
  }
});
