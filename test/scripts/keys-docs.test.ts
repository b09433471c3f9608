// docs/keys.md names the test that shows each of its rows. A test that was renamed must be renamed there, too.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";

const ROOT = join(import.meta.dirname, "..", "..");
const TABLE = readFileSync(join(ROOT, "docs/keys.md"), "utf8");

/** Of "`file`: "title", "title"; `file`: …" each file with each of its titles. */
function namedTests(): [file: string, title: string][] {
  const groups = TABLE.matchAll(/`(test\/[^`]+\.test\.ts)`:\s+((?:"[^"]+"(?:,\s+)?)+)/g);
  return [...groups].flatMap(([, file, titles]) =>
    [...titles!.matchAll(/"([^"]+)"/g)].map(([, title]): [string, string] => [file!, title!]),
  );
}

describe("docs/keys.md", () => {
  it("names tests that there are", () => {
    const lost = namedTests().filter(
      ([file, title]) => !readFileSync(join(ROOT, file), "utf8").includes(title),
    );
    expect(lost).to.deep.equal([]);
  });

  it("names a test in every row of its last table", () => {
    const rows = TABLE.split("\n").filter((line) => line.startsWith("| **"));
    expect(rows.length).to.be.above(12);
    expect(rows.filter((row) => !/`test\/[^`]+`: "/.test(row))).to.deep.equal([]);
  });
});
