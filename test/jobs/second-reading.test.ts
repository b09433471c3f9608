// One flipped bit must not be anchored for ever: whatever is changed behind the sealer's back is found, and named.

import { expect } from "chai";
import { startSecondReader } from "../../server/jobs/second-reader.ts";
import { readAgain } from "../../server/jobs/second-reading.ts";
import { SECOND_CHARITY, World } from "../chain/world.ts";

/** What is changed, the SQL that changes it, and what the finding must say. The batch read is the second. */
const TAMPERINGS: readonly (readonly [string, string, RegExp])[] = [
  [
    "a receipt's leaf",
    "UPDATE receipts SET leaf = set_byte(leaf, 0, get_byte(leaf, 0) # 1)",
    /receipt 0x\w{32} has leaf/,
  ],
  ["a receipt's amount", "UPDATE receipts SET amount = amount # 1", /has leaf .*\bto is \d+, stored is/],
  ["amounts that no tree can hold", "UPDATE receipts SET amount = 9223372036854775807", /past 2\^63/],
  [
    "a field of a wrong length",
    "UPDATE receipts SET details = substring(details, 2)",
    /a field of a wrong length/,
  ],
  ["a receipt's time", "UPDATE receipts SET accepted_at = accepted_at # 1", /has leaf/],
  ["a receipt's terms", "UPDATE receipts SET terms = set_byte(terms, 31, 9)", /has leaf/],
  [
    "a receipt's details",
    "UPDATE receipts SET details = set_byte(details, 5, get_byte(details, 5) # 128)",
    /has leaf/,
  ],
  ["a receipt's salt", "UPDATE receipts SET salt = set_byte(salt, 9, get_byte(salt, 9) # 4)", /has leaf/],
  [
    "an amount and its leaf alike",
    "UPDATE receipts SET amount = 9, leaf = (SELECT leaf FROM receipts ORDER BY leaf DESC LIMIT 1)",
    /has leaf/,
  ],
  ["a receipt's side", "UPDATE receipts SET kind = 1", /belongs to statement \d+\/1, which is not there/],
  [
    "a receipt that was erased too early",
    "UPDATE receipts SET salt = NULL",
    /was erased before its batch was anchored/,
  ],
  ["a receipt that is gone", "DELETE FROM receipts", /receipts is 2, stored is 3/],
];

const STATEMENT_TAMPERINGS: readonly (readonly [string, string, RegExp])[] = [
  ["a statement's start", `UPDATE statements SET "from" = "from" # 1`, /from is 123, stored is 122/],
  ["a statement's end", `UPDATE statements SET "to" = "to" # 1`, /to is 168, stored is 169/],
  [
    "a statement's link to the one before",
    "UPDATE statements SET previous = 0",
    /previous is 1, stored is 0/,
  ],
  ["a statement's number of receipts", "UPDATE statements SET receipts = 7", /receipts is 3, stored is 7/],
  [
    "the root of a statement's receipts",
    "UPDATE statements SET receipts_root = set_byte(receipts_root, 3, get_byte(receipts_root, 3) # 1)",
    /its receipts have root/,
  ],
  ["a statement's leaf", "UPDATE statements SET leaf = set_byte(leaf, 3, get_byte(leaf, 3) # 1)", /has leaf/],
  ["a statement that is gone", "DELETE FROM statements", /which is not there/],
];

const BATCH_TAMPERINGS: readonly (readonly [string, string, RegExp])[] = [
  [
    "the batch's root",
    "UPDATE batches SET root = set_byte(root, 0, get_byte(root, 0) # 1) WHERE number = 2",
    /its root is/,
  ],
  [
    "the root of the batch before",
    "UPDATE batches SET root = set_byte(root, 0, get_byte(root, 0) # 1) WHERE number = 1",
    /notice previous says/,
  ],
  [
    "when the batch was closed",
    "UPDATE batches SET closed_at = closed_at + 1 WHERE number = 2",
    /notice times says/,
  ],
  [
    "what a notice says",
    "UPDATE notices SET content = set_byte(content, 0, get_byte(content, 0) # 1) WHERE batch = 2 AND kind = 'previous'",
    /notice previous has leaf/,
  ],
  [
    "a notice that is gone",
    "DELETE FROM notices WHERE batch = 2 AND kind = 'times'",
    /it has 0 notices of kind times/,
  ],
  [
    "the number of receipts",
    "UPDATE batches SET receipts = 5 WHERE number = 2",
    /it has 4 receipts, stored is 5/,
  ],
  ["the unit of a line", "UPDATE lines SET unit = 'CNZ' WHERE id = 1", /has leaf/],
];

const WHERE_RECEIPT =
  " WHERE batch = 2 AND id = (SELECT min(encode(id, 'hex')) FROM receipts WHERE batch = 2 AND line = 1)::bytea";

describe("the second reading", () => {
  let world: World;
  before(async () => {
    world = await World.make();
    await world.give([50n, 70n, 3n]);
    await world.seal();
    await world.give([5n, 30n, 10n]);
    await world.give([8n], SECOND_CHARITY);
    await world.seal();
  });
  after(() => world.close());

  /** Reads batch 2 with the change made, in a copy of the tables that is thrown away. */
  async function findingsWith(change: string): Promise<string[]> {
    const changed = new Error("changed only to be read");
    let findings: string[] = [];
    await world.sql
      .begin(async (tx) => {
        await tx.unsafe(change);
        findings = await readAgain(withinTransaction(tx), world.ledger.id, 2n);
        throw changed;
      })
      .catch((thrown) => {
        if (thrown !== changed) throw thrown;
      });
    return findings;
  }

  const withinTransaction = (tx: unknown) =>
    ({ begin: (_: string, work: (inside: unknown) => unknown) => work(tx) }) as never;

  for (const [what, change, finding] of TAMPERINGS)
    it(`finds ${what}`, async () => {
      const where = WHERE_RECEIPT.replace("min(encode(id, 'hex'))", "'\\x' || min(encode(id, 'hex'))");
      expect((await findingsWith(change + where)).join("; ")).to.match(finding);
    });

  for (const [what, change, finding] of STATEMENT_TAMPERINGS)
    it(`finds ${what}`, async () => {
      expect((await findingsWith(`${change} WHERE batch = 2 AND line = 1`)).join("; ")).to.match(finding);
    });

  for (const [what, change, finding] of BATCH_TAMPERINGS)
    it(`finds ${what}`, async () => {
      expect((await findingsWith(change)).join("; ")).to.match(finding);
    });

  it("finds nothing in what sealing has left, first batch and later ones", async () => {
    expect(await readAgain(world.sql, world.ledger.id, 1n)).to.deep.equal([]);
    expect(await readAgain(world.sql, world.ledger.id, 2n)).to.deep.equal([]);
  });

  it("tells a few findings of many", async () => {
    const all = await findingsWith(
      "UPDATE receipts SET salt = set_byte(salt, 0, get_byte(salt, 0) # 1) WHERE batch = 2; UPDATE notices SET leaf = subject; UPDATE statements SET receipts = 99, previous = 9, leaf = receipts_root",
    );
    expect(all).to.have.length(10);
  });

  it("is done by a thread, which says so when it cannot read at all", async () => {
    const reader = startSecondReader(world.databaseUrl, world.ledger.id);
    expect(await reader.read(2n)).to.deep.equal([]);
    const failure = await reader.read(99n).catch((thrown: Error) => thrown.message);
    expect(failure).to.match(/second reading of batch 99/);
    expect(await reader.read(1n)).to.deep.equal([]);
    await reader.stop();
  });
});
