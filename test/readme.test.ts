// The README as a document: what can be seen of it without understanding it.

import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { ROOT } from "../scripts/child.ts";

const readme = readFileSync(`${ROOT}/README.md`, "utf8");
const found = (pattern: RegExp): string[] => [...readme.matchAll(pattern)].map(([, part]) => part as string);

describe("the README", () => {
  it("has no heading and no long line twice", () => {
    const lines = readme.split("\n").filter((line) => line.startsWith("#") || line.length > 80);
    expect(lines.filter((line, index) => lines.indexOf(line) !== index)).to.deep.equal([]);
  });

  it("names only commands that are there, and all that are for people", () => {
    const { scripts } = JSON.parse(readFileSync(`${ROOT}/package.json`, "utf8"));
    const named = new Set(found(/npm run ([a-z][a-z:]+)/g));
    expect([...named].filter((name) => !(name in scripts))).to.deep.equal([]);
    // The first two are npm's own words, format goes with check, and set-up with all.
    const others = Object.keys(scripts).filter(
      (name) => !["start", "test", "format", "setup"].includes(name),
    );
    expect(others.filter((name) => !named.has(name))).to.deep.equal([]);
  });

  it("links only to files that are there", () => {
    const links = found(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g);
    expect(links).not.to.deep.equal([]);
    expect(links.filter((link) => !existsSync(`${ROOT}/${link}`))).to.deep.equal([]);
  });
});
