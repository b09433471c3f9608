// The facts that runs decide on: what the database narrows down must lead to the same decision as everything there is, for
// any history of a line.

import { expect } from "chai";
import fc from "fast-check";
import { decide, type Rules } from "../../server/programmes/settlement.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { connect, type Database } from "../../server/store/database.ts";
import { openLedger } from "../../server/store/ledger.ts";
import { addCharity } from "../../server/store/parties.ts";
import { addPayouts } from "../../server/store/payouts.ts";
import { askForRun, linesToSettle, moveRun } from "../../server/store/settlement-runs.ts";
import { keepWatermarks } from "../../server/store/watermarks.ts";
import { freshDatabase, type TestDatabase } from "../support/postgres.ts";

const REGISTRATION = "GB-CHC-1";
const CHARITY = charityId(REGISTRATION);
const NOW = 1_900_000_000n;
const RULES: Rules = { minimumMinor: 5n, afterDays: 1 };

/** What each batch adds to both sides of the line, how much of each side is proven, and how much of that is paid. */
const history = fc.record({
  batches: fc.array(
    fc.record({
      gifts: fc.option(fc.bigInt({ min: 1n, max: 50n }), { nil: 0n }),
      reversals: fc.option(fc.bigInt({ min: 1n, max: 9n }), { nil: 0n }),
    }),
    { minLength: 1, maxLength: 12 },
  ),
  proven: fc.record({ gifts: fc.nat(12), reversals: fc.nat(12) }),
  paid: fc.nat(12),
  netted: fc.nat(12),
});

type Statement = { kind: 0 | 1; batch: bigint; from: bigint; to: bigint };

function statementsOf(batches: readonly { gifts: bigint; reversals: bigint }[]): Statement[] {
  const ends: [bigint, bigint] = [0n, 0n];
  return batches.flatMap(({ gifts, reversals }, index) =>
    ([0, 1] as const).flatMap((kind) => {
      const sum = kind === 0 ? gifts : reversals;
      if (sum === 0n) return [];
      const from = ends[kind];
      ends[kind] += sum;
      return [{ kind, batch: BigInt(index + 1), from, to: ends[kind] }];
    }),
  );
}

describe("the facts of a line", () => {
  let database: TestDatabase;
  let sql: Database;
  let line: number;
  before(async () => {
    database = await freshDatabase();
    sql = connect(database.url, 2);
    await openLedger(sql);
    const accounts = { payee: Buffer.alloc(20, 1), signer: Buffer.alloc(20, 2) };
    await addCharity(sql, {
      registration: REGISTRATION,
      name: "One",
      website: null,
      rail: "token",
      ...accounts,
    });
    const [row] = await sql<{ id: number }[]>`
      INSERT INTO lines (charity, unit) VALUES (${CHARITY}, 'CNY') RETURNING id`;
    line = row!.id;
  });
  after(async () => {
    await sql.end();
    await database.drop();
  });

  async function write(statements: readonly Statement[]): Promise<void> {
    await sql`DELETE FROM statements`;
    await sql`DELETE FROM batches`;
    for (const { kind, batch, from, to } of statements) {
      await sql`
        INSERT INTO batches (number, state, opened_at, closed_at)
        VALUES (${batch}, 'final', 0, ${NOW - 172_800n + batch * 20_000n}) ON CONFLICT DO NOTHING`;
      await sql`
        INSERT INTO statements (batch, line, kind, "from", "to", previous, receipts, receipts_root, leaf)
        VALUES (${batch}, ${line}, ${kind}, ${from}, ${to}, 0, 1, '', '')`;
    }
  }

  it("lead to the same decision as all its statements", async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ batches, proven, paid, netted }) => {
        const statements = statementsOf(batches);
        const side = (kind: 0 | 1) => statements.filter((one) => one.kind === kind);
        const endOf = (list: readonly Statement[], count: number) => list.slice(0, count).at(-1)?.to ?? 0n;
        const given = endOf(side(0), proven.gifts);
        const reversed = endOf(side(1), proven.reversals);
        const marks = {
          given,
          reversed,
          paid: endOf(side(0), Math.min(paid, proven.gifts)),
          netted: endOf(side(1), Math.min(netted, proven.reversals)),
        };
        await write(statements);
        await keepWatermarks(
          sql,
          { charity: CHARITY, unit: "CNY" },
          { ...marks, acknowledged: 0n, spent: 0n },
        );
        const [facts] = await linesToSettle(sql, 0, 10);
        const oldest = side(0).find(({ to }) => to > marks.paid && to <= given);
        const all = {
          ...{ ...marks, unit: "CNY", rail: "token" as const },
          ...{ hasPayee: true, hasSigner: true, isAtFault: false, isUnderWay: false },
          nextGiftBatch: side(0).find(({ to }) => to > given)?.batch ?? null,
          reversalEnds: side(1),
          waitingSince: oldest === undefined ? null : NOW - 172_800n + oldest.batch * 20_000n,
        };
        expect(decide(facts!, RULES, NOW)).to.deep.equal(decide(all, RULES, NOW));
      }),
      { numRuns: 100 },
    );
  });

  it("are read near the end of all positions, however much was refunded", async () => {
    const end = 2n ** 63n - 1n;
    await write([
      { kind: 0, batch: 1n, from: 0n, to: end },
      { kind: 1, batch: 1n, from: 0n, to: end - 1n },
      { kind: 1, batch: 2n, from: end - 1n, to: end },
    ]);
    const marks = {
      given: end,
      reversed: end,
      paid: end - 1n,
      netted: end - 2n,
      acknowledged: 0n,
      spent: 0n,
    };
    await keepWatermarks(sql, { charity: CHARITY, unit: "CNY" }, marks);
    const [facts] = await linesToSettle(sql, 0, 10);
    expect(facts!.reversalEnds).to.deep.equal([{ batch: 1n, to: end - 1n }]);
  });

  it("tell that a payout is under way until the watermark shows it, whoever asked for it", async () => {
    const isUnderWay = async () => (await linesToSettle(sql, 0, 10))[0]?.isUnderWay;
    const marks = { given: 90n, reversed: 0n, netted: 0n, acknowledged: 0n, spent: 0n };
    const read = (paid: bigint) => keepWatermarks(sql, { charity: CHARITY, unit: "CNY" }, { ...marks, paid });
    await read(40n);
    expect(await isUnderWay()).to.equal(false);
    const { run } = await askForRun(sql, "operator");
    const payout = { line, charity: CHARITY, unit: "CNY", rail: "bank", netFrom: 0n, netTo: 0n } as const;
    const add = () => sql.begin((tx) => addPayouts(tx, run.id, [{ ...payout, from: 40n, upTo: 90n }]));
    expect([await add(), await add()]).to.deep.equal([1, 0]);
    expect(await isUnderWay()).to.equal(true);
    await sql`UPDATE payouts SET state = 'failed' WHERE line = ${line}`;
    expect(await isUnderWay()).to.equal(false);
    const once = `pay/0x${Buffer.from(CHARITY).toString("hex")}/CNY/40`;
    await sql`INSERT INTO chain_calls (kind, once, args, role) VALUES ('payBank', ${once}, '{}', 'payer')`;
    expect(await isUnderWay()).to.equal(true);
    await read(90n);
    expect(await isUnderWay()).to.equal(false);
  });

  it("are of one run at a time, which moves on only from where it is", async () => {
    const first = await askForRun(sql, "schedule");
    expect(await askForRun(sql, "operator")).to.deep.include({ isNew: false });
    expect(await moveRun(sql, first.run.id, "deciding", "paying")).to.equal(false);
    expect(await moveRun(sql, first.run.id, "proving", "done")).to.equal(true);
    const next = await askForRun(sql, "operator");
    expect(next.isNew).to.equal(true);
    expect(next.run.id).not.to.equal(first.run.id);
  });
});
