// What the bank tells of transfers, in a real database, and what it comes to: what may never happen twice.

import { expect } from "chai";
import type { Database } from "../../server/store/database.ts";
import { noteRestored } from "../../server/store/restorations.ts";
import { rejectTransfer } from "../../server/store/transfers.ts";
import { back, debit, filed, hashOf, openFlags, payoutState, withBankStore } from "../bank/bank-store.ts";
import { OTHER_IBAN } from "../bank/making.ts";
import { file, recordAll, recordedOf, tell, transfersOf } from "../bank/paying.ts";

describe("what the bank tells", () => {
  let sql: Database;
  withBankStore((own) => {
    sql = own;
  });

  it("is not of ours: kept, and without consequence", async () => {
    const [entry] = await tell(sql, { amount: "99.00", endToEndId: "NOTPROVIDED" });
    expect(entry).to.include({ outcome: "not-ours", flagged: false });
  });

  it("names a transfer that bears our mark and that we never made: flagged", async () => {
    const { endToEndId } = await filed(sql);
    const [entry] = await tell(sql, debit(endToEndId.replace(/-1$/, "-7")));
    expect(entry).to.include({ outcome: "unknown-transfer", flagged: true });
  });

  it("names a transfer that was made before the ledger was put back, or in between: flagged all the same", async () => {
    const { endToEndId } = await filed(sql);
    await noteRestored(sql);
    const lost = [endToEndId.replace(/-1$/, "-7"), endToEndId.replace("-", "R6A000000-")];
    for (const name of lost) {
      const [entry] = await tell(sql, debit(name));
      expect(entry, name).to.include({ outcome: "unknown-transfer", flagged: true });
    }
    const [known] = await tell(sql, debit(endToEndId));
    expect(known, "what the backup knows").to.include({ outcome: "confirmed" });
  });

  it("is booked in one sum for a whole file: flagged", async () => {
    await filed(sql);
    const [{ message_id }] = (await sql`SELECT message_id FROM bank_files`) as unknown as [
      { message_id: string },
    ];
    const details = `<Btch><PmtInfId>${message_id}</PmtInfId></Btch>`;
    expect((await tell(sql, { amount: "12.50", details }))[0]).to.include({
      outcome: "not-single",
      flagged: true,
    });
  });

  it("is not booked yet: ignored, and said so, until it is", async () => {
    const { endToEndId, payout } = await filed(sql);
    expect((await tell(sql, debit(endToEndId, { status: "PDNG" })))[0]).to.include({
      outcome: "not-booked",
    });
    expect(await payoutState(sql, payout)).to.equal("waiting");
    expect((await tell(sql, debit(endToEndId)))[0]).to.include({ outcome: "confirmed" });
  });

  for (const [flag, more] of [
    ["amount-differs", { amount: "12.51" }],
    ["amount-differs", { amount: "12.5001" }],
    ["currency-differs", { currency: "USD" }],
    ["no-reference", { reference: null }],
    ["reversed-credit", { reversal: true }],
  ] as const)
    it(`as ${JSON.stringify(more)} is flagged ${flag}, and the payout not recorded`, async () => {
      const { endToEndId, payout, registration } = await filed(sql);
      const [entry] = await tell(sql, debit(endToEndId, more));
      expect(entry).to.include({ outcome: flag, flagged: true });
      expect(await payoutState(sql, payout)).to.equal("waiting");
      expect(await recordedOf(sql, "payBank", registration)).to.deep.equal([]);
      expect(await openFlags(sql)).to.deep.equal([flag]);
    });

  it("is of the very amount, whatever zeros surround it: the payout is recorded with the reference's hash", async () => {
    const { endToEndId, payout, registration } = await filed(sql);
    const [entry] = await tell(sql, debit(endToEndId, { amount: "012.500", reference: "REF-9" }));
    expect(entry).to.include({ outcome: "confirmed", flagged: false });
    expect(await payoutState(sql, payout)).to.equal("confirmed");
    expect(await recordedOf(sql, "payBank", registration)).to.deep.equal([hashOf("REF-9")]);
    expect((await transfersOf(sql, payout))[0]).to.include({ state: "confirmed", reference: "REF-9" });
  });

  it("was told before, in the same message or another: nothing follows", async () => {
    const { endToEndId, registration } = await filed(sql);
    await tell(sql, debit(endToEndId));
    for (const again of [debit(endToEndId), debit(endToEndId, { amount: "12.5" })])
      expect((await tell(sql, again))[0]).to.include({ outcome: "duplicate", flagged: false });
    expect(await recordedOf(sql, "payBank", registration)).to.have.length(1);
    expect(await sql`SELECT FROM bank_entries`).to.have.length(1);
  });

  it("is told from two sides at once: it counts once", async () => {
    const { endToEndId, registration } = await filed(sql);
    const told = await Promise.all(Array.from({ length: 4 }, () => tell(sql, debit(endToEndId))));
    expect(told.map(([one]) => one?.outcome).sort()).to.deep.equal([
      "confirmed",
      "duplicate",
      "duplicate",
      "duplicate",
    ]);
    expect(await recordedOf(sql, "payBank", registration)).to.have.length(1);
  });

  it("is cut off before it is carried out: nothing is kept, and told again it counts", async () => {
    const { endToEndId, payout, registration } = await filed(sql);
    await sql.unsafe(`
      CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'killed'; END $$;
      CREATE TRIGGER break_off BEFORE INSERT ON chain_calls EXECUTE FUNCTION break_off()`);
    const failure = await tell(sql, debit(endToEndId)).catch((thrown: Error) => thrown.message);
    await sql`DROP FUNCTION break_off CASCADE`;
    expect(failure).to.equal("killed");
    expect(await sql`SELECT FROM bank_entries`).to.have.length(0);
    expect((await transfersOf(sql, payout))[0]).to.include({ state: "filed", reference: null });
    expect((await tell(sql, debit(endToEndId)))[0]).to.include({ outcome: "confirmed" });
    expect(await recordedOf(sql, "payBank", registration)).to.have.length(1);
  });

  it("is a debit of what is being sent again at this moment: one of the two is under way, never both", async () => {
    for (let round = 0; round < 12; round++) {
      const { endToEndId, payout } = await filed(sql);
      await rejectTransfer(sql, endToEndId, "AM05");
      const racing =
        round % 2 === 0
          ? [file(sql), tell(sql, debit(endToEndId))]
          : [tell(sql, debit(endToEndId)), file(sql)];
      await Promise.all(racing);
      const states = (await transfersOf(sql, payout)).map(({ state }) => state);
      expect(["confirmed", "returned,filed"]).to.include(states.join());
      expect(await openFlags(sql)).to.have.length(
        await sql`SELECT FROM transfers WHERE attempt = 2`.then((all) => all.length),
      );
    }
  });

  it("is a second debit with another reference: flagged, and cleared when the bank calls one back", async () => {
    const { endToEndId, payout } = await filed(sql);
    await tell(sql, debit(endToEndId, { reference: "A" }));
    expect((await tell(sql, debit(endToEndId, { reference: "B" })))[0]).to.include({
      outcome: "paid-twice",
    });
    expect(await openFlags(sql)).to.deep.equal(["paid-twice"]);
    expect((await tell(sql, back(endToEndId)))[0]).to.include({ outcome: "second-debit-undone" });
    expect(await openFlags(sql)).to.deep.equal([]);
    expect((await transfersOf(sql, payout)).map(({ state }) => state)).to.deep.equal(["confirmed"]);
  });

  it("is one message with two debits that it names alike: the second is flagged, each is told once", async () => {
    const { endToEndId } = await filed(sql);
    const twice = [debit(endToEndId), debit(endToEndId)];
    expect((await tell(sql, ...twice)).map(({ outcome }) => outcome)).to.deep.equal([
      "confirmed",
      "paid-twice",
    ]);
    expect((await tell(sql, ...twice)).map(({ outcome }) => outcome)).to.deep.equal([
      "duplicate",
      "duplicate",
    ]);
  });

  it("is a return before anything was recorded: sent again under a new id, and only that is recorded", async () => {
    const { endToEndId, payout, registration } = await filed(sql);
    expect((await tell(sql, back(endToEndId)))[0]).to.include({ outcome: "returned" });
    await file(sql);
    const [first, second] = await transfersOf(sql, payout);
    expect(first).to.include({ state: "returned", reason: "AC04: account closed" });
    expect(second).to.include({ state: "filed", end_to_end_id: endToEndId.replace(/-1$/, "-2") });
    expect((await tell(sql, debit(endToEndId, { reference: "LATE" })))[0]).to.include({
      outcome: "offset",
    });
    await tell(sql, debit(second!.end_to_end_id, { reference: "SECOND" }));
    expect(await recordedOf(sql, "payBank", registration)).to.deep.equal([hashOf("SECOND")]);
  });

  it("is a return after it was recorded: sent again, and that recorded as such once the payout itself is", async () => {
    const { endToEndId, payout, registration } = await filed(sql);
    await tell(sql, debit(endToEndId, { reference: "FIRST" }));
    expect((await tell(sql, back(endToEndId)))[0]).to.include({ outcome: "bounced" });
    await file(sql);
    await tell(sql, debit(endToEndId.replace(/-1$/, "-2"), { reference: "SECOND" }));
    expect(await recordedOf(sql, "repay", registration), "the payout is not recorded yet").to.deep.equal([]);
    await recordAll(sql);
    await file(sql);
    expect(await payoutState(sql, payout)).to.equal("paid");
    expect(await recordedOf(sql, "payBank", registration)).to.deep.equal([hashOf("FIRST")]);
    expect(await recordedOf(sql, "repay", registration)).to.deep.equal([hashOf("SECOND")]);
  });

  it("is a transfer that the bank made again by itself: it stands, and may bounce again", async () => {
    const { endToEndId, payout } = await filed(sql);
    const told = [
      debit(endToEndId, { reference: "A" }),
      back(endToEndId, { reference: "BACK-A" }),
      debit(endToEndId, { reference: "B" }),
      back(endToEndId, { reference: "BACK-B" }),
    ];
    const outcomes = (await tell(sql, ...told)).map(({ outcome }) => outcome);
    expect(outcomes).to.deep.equal(["confirmed", "bounced", "confirmed", "bounced"]);
    await file(sql);
    expect((await transfersOf(sql, payout)).map(({ state }) => state)).to.deep.equal(["bounced", "filed"]);
  });

  it("is a debit of one that the bank had refused: the payout is recorded; had it been sent again, it is flagged", async () => {
    const [one, other] = [await filed(sql), await filed(sql)];
    for (const { endToEndId } of [one, other])
      expect(await rejectTransfer(sql, endToEndId, "AM05")).to.equal(true);
    expect(await rejectTransfer(sql, one.endToEndId, "again")).to.equal(false);
    expect((await tell(sql, debit(one.endToEndId)))[0]).to.include({ outcome: "confirmed" });
    await file(sql);
    expect((await tell(sql, debit(other.endToEndId)))[0]).to.include({
      outcome: "paid-twice",
      flagged: true,
    });
  });

  it("moved another account than the file named: flagged", async () => {
    const { endToEndId } = await filed(sql);
    await sql`UPDATE bank_files SET debtor = ${OTHER_IBAN}`;
    expect((await tell(sql, back(endToEndId)))[0]).to.include({ outcome: "other-account", flagged: true });
  });
});
