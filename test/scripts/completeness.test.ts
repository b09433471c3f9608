// `npm run completeness` as a merchant calls it: what it prints and how it ends.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { COMPLETENESS_FORMAT, totalHash, totalSubject } from "../../server/programmes/completeness.ts";
import { merchantTotal } from "../../server/programmes/statements/merchant-total.ts";
import { fromHex, toHex } from "../../server/protocol/bytes.ts";
import { bareEnvironment } from "../support/environment.ts";
import { runScript } from "../support/run-script.ts";

const SCRIPT = join(import.meta.dirname, "..", "..", "scripts", "completeness.ts");
const SALT = `0x${"5c".repeat(16)}`;

/** A day on which were recorded. */
function statement(orders: readonly string[] | null = ["A-1", "A-2"]) {
  const sums = [{ currency: "CNY", purchases: 2n, paid: 2_700n, given: 27n, refunds: 0n, reversed: 0n }];
  const total = merchantTotal(`0x${"1a".repeat(32)}`, { merchant: "tea", day: 20_000, sums, last: 9n }, SALT);
  const subject = toHex(totalSubject("tea", fromHex(SALT)));
  const head = {
    format: COMPLETENESS_FORMAT,
    merchant: "tea",
    day: total.day,
    total,
    hash: totalHash(total),
  };
  return { ...head, subject, batch: "3", orders, erasedOrders: "0" };
}

describe("npm run completeness", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "completeness-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function run(told: unknown, csv: string, ...more: string[]): Promise<{ code: number; said: string }> {
    await writeFile(join(folder, "told.json"), typeof told === "string" ? told : JSON.stringify(told));
    await writeFile(join(folder, "orders.csv"), csv);
    const args = ["--statement", "told.json", "--export", "orders.csv", ...more];
    const options = { cwd: folder, env: bareEnvironment() };
    const { code, out, err } = await runScript(SCRIPT, args, options);
    return { code, said: out + err };
  }

  const COMPLETE = "order,completedAt,paid,currency\nA-1,2024-10-04,1350,CNY\nA-2,2024-10-04,1350,CNY\n";

  it("ends with 2 when something cannot be read, and says what", async () => {
    const wrong = [
      await run("not json", COMPLETE),
      await run({ format: "something" }, COMPLETE),
      await run(statement(), "order,paid\nA-1,1\n"),
      await run(statement(), "order,paid,currency\nA-1,13.50,CNY\n"),
    ];
    expect(wrong.map(({ code }) => code)).to.deep.equal([2, 2, 2, 2]);
    expect(wrong[0]!.said).to.contain("told.json");
    expect(wrong[1]!.said).to.contain("wanted a completeness statement");
    expect(wrong[2]!.said).to.contain("wanted the column currency");
    expect(wrong[3]!.said).to.contain(
      'orders.csv, line 2: wanted whole minor units in paid, such as 1250 for 12.50, came "13.50"',
    );
  });

  it("ends with 1 and names what was left out", async () => {
    const { code, said } = await run(statement(), `${COMPLETE}A-3,2024-10-04,10,CNY\n`);
    expect(code).to.equal(1);
    expect(said).to.contain("missing-order  order A-3 is in the export and was not recorded");
    expect(said).to.contain("tea, 2024-10-04: 3 differ");
    const json = await run(statement(), `${COMPLETE}A-3,2024-10-04,10,CNY\n`, "--json");
    expect(JSON.parse(json.said).findings.map(({ code: one }: { code: string }) => one)).to.include(
      "missing-order",
    );
  });

  it("tells the terminal nothing that it would obey, whoever wrote it", async () => {
    const told = { ...statement(["A-1", "A-2", "\u001b]0;owned\u0007"]), merchant: "\u001b[2Jtea" };
    const { code, said } = await run(told, COMPLETE);
    expect(code).to.equal(1);
    expect(said)
      .to.match(/^[^\p{Cc}]+$/mu)
      .and.contain("\\u{1b}[2Jtea");
    expect(said.replaceAll("\n", "")).not.to.match(/\p{Cc}/u);
  });

  it("ends with 0 when both sides agree, with or without the order numbers", async () => {
    const listed = await run(statement(), COMPLETE);
    expect(listed).to.deep.equal({
      code: 0,
      said: "tea, 2024-10-04: complete: 2 orders agree, each by its number\n",
    });
    const counted = await run(statement(null), COMPLETE);
    expect(counted).to.deep.equal({
      code: 0,
      said: "tea, 2024-10-04: complete: 2 orders agree, by count and sum\n",
    });
  });
});
