// The parts of the audit that hold millions of receipts, one by one: fingerprints, records on disk, the table of leaves,
// and which payout a refund was set off by.

import { appendFile, mkdtemp, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { AppendLog } from "../../scripts/audit/books/append-log.ts";
import { Findings } from "../../scripts/audit/findings.ts";
import { LeafTable } from "../../scripts/audit/receipts/doubles.ts";
import { Fingerprint, newFingerprintKey, wordsOf } from "../../scripts/audit/receipts/fingerprint.ts";
import { nettingOf } from "../../scripts/audit/receipts/lines.ts";
import {
  byFirstByte,
  PARTITIONS,
  readPartition,
  Scatter,
  StateDamagedError,
} from "../../scripts/audit/receipts/scatter.ts";

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe("the audit's fingerprints", () => {
  it("differ where leaves differ in any bit, and depend on the key", () => {
    fc.assert(
      fc.property(bytes32, fc.nat(255), (leaf, bit) => {
        const [ours, other] = [new Fingerprint(newFingerprintKey()), new Fingerprint(newFingerprintKey())];
        const changed = leaf.slice();
        changed[bit >> 3]! ^= 1 << (bit & 7);
        const shown = (fingerprint: Fingerprint, bytes: Uint8Array) => {
          fingerprint.of(wordsOf(bytes), 0);
          return `${fingerprint.hi}-${fingerprint.lo}`;
        };
        const [a, b] = [shown(ours, leaf), shown(ours, changed)];
        expect(a).not.to.equal(b);
        expect(shown(other, leaf)).not.to.equal(a);
      }),
    );
  });
});

describe("the audit's table of leaves", () => {
  const records = fc.array(fc.tuple(fc.nat(3), fc.nat(3), fc.integer({ min: 1, max: 4 })), { maxLength: 60 });

  it("finds every fingerprint at its earliest place, and tells each later one", () => {
    fc.assert(
      fc.property(records, (rows) => {
        const words = Uint32Array.from(rows.flatMap(([hi, lo, batch], index) => [hi, lo, batch, index]));
        const doubles: number[] = [];
        const table = new LeafTable(words, (_, later) => doubles.push(later));
        const groups = Map.groupBy(rows.keys(), (row) => rows[row]!.slice(0, 2).join());
        for (const [key, group] of groups) {
          const [hi = 0, lo = 0] = key.split(",").map(Number);
          const earliest = group.toSorted((a, b) => rows[a]![2] - rows[b]![2] || a - b)[0];
          expect(table.find(hi, lo)).to.equal(earliest);
        }
        expect(doubles).to.have.length(rows.length - groups.size);
        expect(table.find(9, 9)).to.equal(-1);
      }),
    );
  });
});

describe("the audit's records on disk", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "amanah-scatter-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("come back whole, each in its partition, however many fit in memory", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 0xffff_ffff }), fc.nat(99)), { maxLength: 200 }),
        fc.integer({ min: 1, max: 50 }),
        (rows, capacity) => {
          const scatter = new Scatter({
            folder,
            name: "leaves",
            width: 2,
            partitions: PARTITIONS,
            capacity,
            partitionOf: byFirstByte,
          });
          for (const row of rows) {
            scatter.words.set(row, scatter.at);
            scatter.added();
          }
          const segments = scatter.flush();
          const read: string[] = [];
          for (let partition = 0; partition < PARTITIONS; partition++)
            for (const segment of segments) {
              const words = readPartition(folder, segment, partition, 2);
              for (let at = 0; at < words.length; at += 2) {
                expect(words[at]! >>> 24).to.equal(partition);
                read.push([words[at], words[at + 1]].join());
              }
            }
          expect(read.sort()).to.deep.equal(rows.map((row) => row.join()).sort());
        },
      ),
      { numRuns: 20 },
    );
  });

  it("are refused once they were cut off or changed", async () => {
    const log = AppendLog.open(join(folder, "log"));
    log.append(Uint8Array.of(1, 2, 3, 4));
    const mark = log.flush();
    log.append(Uint8Array.of(5, 6, 7, 8));
    log.flush();
    log.close();
    const again = AppendLog.open(join(folder, "log"), mark);
    expect([...again.records(4)].map((record) => record.getUint8(3))).to.deep.equal([4]);
    again.close();
    await truncate(join(folder, "log"), 3);
    expect(() => AppendLog.open(join(folder, "log"), mark)).to.throw(StateDamagedError, "is cut off");
    await appendFile(join(folder, "log"), "x");
    expect(() => AppendLog.open(join(folder, "log"), mark)).to.throw(
      StateDamagedError,
      "is not as it was written",
    );
  });
});

describe("the audit's other parts", () => {
  it("name the payout that nets a refund: the first that goes beyond its beginning", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 12 }), fc.nat(100), (steps, at) => {
        const sumTo = (last: number) => BigInt(steps.slice(0, last + 1).reduce((sum, step) => sum + step, 0));
        const nettings = steps.map((_, i) => ({ upTo: BigInt(i), netTo: sumTo(i) }));
        expect(nettingOf(nettings, BigInt(at))).to.equal(nettings.find((each) => each.netTo > BigInt(at)));
      }),
    );
  });

  it("count every finding, and keep a bounded number of each kind", () => {
    const findings = new Findings();
    for (let batch = 1n; batch <= 1_000n; batch++)
      findings.add({ code: "line-gap", says: "a gap", place: { batch } });
    findings.add({ code: "times-missing", says: "no times", place: {} });
    findings.merge(findings.save());
    expect(findings.counts()).to.deep.equal([
      ["line-gap", 2_000],
      ["times-missing", 2],
    ]);
    expect(findings.list().filter(({ code }) => code === "line-gap")).to.have.length(200);
  });
});
