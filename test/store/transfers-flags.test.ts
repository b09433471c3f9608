// What needs a person, and an honest bank whose messages come in whatever order, in a real database.

import { expect } from "chai";
import fc from "fast-check";
import { resolveFlag } from "../../server/store/bank-findings.ts";
import type { Database } from "../../server/store/database.ts";
import { back, debit, filed, hashOf, openFlags, withBankStore } from "../bank/bank-store.ts";
import type { Entry } from "../bank/making.ts";
import { file, owe, recordAll, recordedOf, tell, transfersOf } from "../bank/paying.ts";

describe("transfers", () => {
  let sql: Database;
  withBankStore((own) => {
    sql = own;
  });

  describe("flags", () => {
    it("keep a payout from being sent again until a person has looked", async () => {
      const { endToEndId, payout } = await filed(sql);
      await tell(sql, back(endToEndId));
      const [flagged] = await tell(sql, back(endToEndId, { reference: "BACK-2" }));
      expect(flagged?.outcome).to.equal("returned-twice");
      expect((await file(sql)).setAside[0]?.reason).to.contain("flagged");
      expect(await transfersOf(sql, payout)).to.have.length(1);
      await resolveFlag(sql, flagged!.entry, { note: "the bank told of it twice" });
      await file(sql);
      expect(await transfersOf(sql, payout)).to.have.length(2);
    });

    it("for a return less charges can be accepted: it counts as the return that it is", async () => {
      const { endToEndId, payout } = await filed(sql);
      const [flagged] = await tell(sql, back(endToEndId, { amount: "10.00" }));
      const resolved = await resolveFlag(sql, flagged!.entry, {
        note: "less the bank's charges",
        accept: true,
      });
      expect(resolved).to.include({ outcome: "returned", resolution: "less the bank's charges" });
      expect((await transfersOf(sql, payout))[0]).to.include({
        state: "returned",
        reason: "AC04: account closed",
      });
    });

    it("for a transfer from after a backup can name the payout that it paid: recorded, and not filed again", async () => {
      const { payout, registration } = await owe(sql);
      const other = await owe(sql, { amount: 900n });
      const filedSince = await filed(sql);
      const lost = debit(filedSince.endToEndId.replace(/-.*/, "-77-1"), { reference: "LOST-1" });
      await sql`DELETE FROM transfers WHERE payout IN (${payout}, ${other.payout})`;
      const [entry] = await tell(sql, lost);
      const take = (id: bigint, of: bigint) =>
        resolveFlag(sql, id, { note: "by the account", payout: of }).then(
          ({ outcome }) => outcome,
          (thrown: Error) => thrown.message,
        );
      expect(await take(entry!.entry, other.payout)).to.equal(
        `payout: wanted one of 12.50 EUR; ${other.payout} comes to 9.00 EUR`,
      );
      expect(await take(entry!.entry, filedSince.payout), "with the bank already").to.contain("waits");
      const both = await Promise.all([take(entry!.entry, payout), take(entry!.entry, payout)]);
      expect(both.filter((outcome) => outcome === "confirmed")).to.have.length(1);
      expect(await recordedOf(sql, "payBank", registration)).to.deep.equal([hashOf("LOST-1")]);
      await file(sql);
      expect([await transfersOf(sql, payout), (await transfersOf(sql, other.payout)).length]).to.deep.equal([
        [],
        1,
      ]);
      expect((await tell(sql, lost))[0]?.outcome, "told again").to.equal("duplicate");
    });

    it("are resolved once; nothing else is accepted", async () => {
      const { endToEndId } = await filed(sql);
      const codeOf = async (entry: bigint, accept: boolean) =>
        resolveFlag(sql, entry, { note: "n", accept }).then(
          () => "resolved",
          (thrown: { code?: string }) => thrown.code,
        );
      const [flagged] = await tell(sql, debit(endToEndId, { currency: "USD" }));
      expect(await codeOf(flagged!.entry, true)).to.equal("not-acceptable");
      expect(await codeOf(flagged!.entry, false)).to.equal("resolved");
      expect(await codeOf(flagged!.entry, false)).to.equal("no-open-flag");
      expect(await codeOf(123_456n, true)).to.equal("not-acceptable");
    });
  });

  it("end right in whatever order, and however often, an honest bank's messages come", async function () {
    this.timeout(60_000);
    const steps = fc.array(fc.nat({ max: 999 }), { minLength: 10, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 3 }), steps, (failures, choices) =>
        playOut(failures, choices),
      ),
      { numRuns: 40 },
    );
    expect(await openFlags(sql)).to.deep.equal([]);
  });

  /** Attempts fail so many times, each leaving and coming back, before one stays; the choices say what happens next. */
  async function playOut(failures: number, choices: readonly number[]): Promise<void> {
    const { payout, registration } = await owe(sql);
    const waiting: Entry[] = [];
    const told: Entry[] = [];
    let known = 0;
    const fileAll = async () => {
      await file(sql);
      const transfers = await transfersOf(sql, payout);
      for (const { end_to_end_id: id, attempt } of transfers.slice(known)) {
        waiting.push(debit(id, { reference: `OUT-${id}` }));
        if (attempt <= failures) waiting.push(back(id, { reference: `BACK-${id}` }));
      }
      known = transfers.length;
    };
    const tellNext = async (choice: number) => {
      const [next] = waiting.splice(choice % waiting.length, 1);
      await tell(sql, next!);
      told.push(next!);
    };
    for (const choice of choices) {
      if (choice % 4 === 0) await fileAll();
      else if (choice % 4 === 1 && told.length > 0) await tell(sql, told[choice % told.length]!);
      else if (waiting.length > 0) await tellNext(choice);
    }
    do {
      while (waiting.length > 0) await tellNext(0);
      await fileAll();
    } while (waiting.length > 0);
    await recordAll(sql);
    await file(sql);
    const transfers = await transfersOf(sql, payout);
    const last = hashOf(`OUT-${transfers.at(-1)!.end_to_end_id}`);
    expect(transfers.map(({ state }) => state === "confirmed")).to.deep.equal([
      ...Array(failures).fill(false),
      true,
    ]);
    const recorded = await recordedOf(sql, "payBank", registration);
    expect(recorded, "recorded once").to.have.length(1);
    const again = await recordedOf(sql, "repay", registration);
    expect(again, "what stayed is what was recorded last").to.deep.equal(recorded[0] === last ? [] : [last]);
  }
});
