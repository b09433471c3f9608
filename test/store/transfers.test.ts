// Transfers from filing to confirmation in a real database: what may never happen twice, whatever the bank tells and in
// whatever order.

import { expect } from "chai";
import fc from "fast-check";
import { keccak256, stringToHex } from "viem";
import { entriesBefore, resolveFlag } from "../../server/store/bank-findings.ts";
import type { Database } from "../../server/store/database.ts";
import { noteRestored } from "../../server/store/restorations.ts";
import { fileNext } from "../../server/store/transfer-filing.ts";
import { fileXml, rejectTransfer } from "../../server/store/transfers.ts";
import { type Entry, IBAN, OTHER_IBAN, readPain001 } from "../bank/making.ts";
import { file, OPERATOR, owe, recordAll, recordedOf, tell, transfersOf } from "../bank/paying.ts";
import { openTestStore, type TestStore } from "../support/store.ts";

const hashOf = (reference: string) => keccak256(stringToHex(reference));
const MOST = 2n ** 62n;

describe("transfers", () => {
  let store: TestStore;
  let sql: Database;

  before(async () => {
    store = await openTestStore();
    sql = store.sql;
  });
  after(() => store.close());
  afterEach(async () => {
    await sql`TRUNCATE bank_entries, transfers, bank_files, payouts, chain_calls, restorations CASCADE`;
  });

  const openFlags = async () => (await entriesBefore(sql, MOST, 100, true)).map(({ outcome }) => outcome);

  /** A payout that was filed once. */
  async function filed(given: Parameters<typeof owe>[1] = {}) {
    const owed = await owe(sql, given);
    await file(sql);
    const [transfer] = await transfersOf(sql, owed.payout);
    return { ...owed, endToEndId: transfer!.end_to_end_id };
  }
  const debit = (endToEndId: string, more: Partial<Entry> = {}): Entry => ({
    endToEndId,
    amount: "12.50",
    ...more,
  });
  const back = (endToEndId: string, more: Partial<Entry> = {}): Entry =>
    debit(endToEndId, {
      direction: "CRDT",
      reference: "BACK-1",
      reason: ["AC04", "account closed"],
      ...more,
    });
  const payoutState = async (payout: bigint) =>
    (await sql`SELECT state FROM payouts WHERE id = ${payout}`)[0]?.state;

  describe("filing", () => {
    it("sets aside what has no account, and says so on the payout until it is filed", async () => {
      const { payout } = await owe(sql, { account: null });
      const other = await owe(sql);
      const { files, setAside } = await file(sql);
      expect(files.map(({ transfers }) => transfers)).to.deep.equal([1]);
      expect(setAside.map((one) => one.payout)).to.deep.equal([payout]);
      const [row] = await sql`SELECT reason FROM payouts WHERE id = ${payout}`;
      expect(row?.reason).to.equal("the charity has no bank account here: set one");
      expect(await transfersOf(sql, other.payout)).to.have.length(1);
    });

    it("without the operator's own account loses nothing, and says what to set", async () => {
      const { payout } = await owe(sql);
      const { files, setAside } = await file(sql, {});
      expect(files).to.deep.equal([]);
      expect(setAside[0]?.reason).to.contain("BANK_ACCOUNT_IBAN");
      expect((await file(sql)).files).to.have.length(1);
      const [row] = await sql`SELECT reason FROM payouts WHERE id = ${payout}`;
      expect(row?.reason).to.equal(null);
    });

    it("with an account of the operator's whose check digits are wrong files nothing", async () => {
      await owe(sql);
      const { files, setAside } = await file(sql, {
        ...OPERATOR,
        BANK_ACCOUNT_IBAN: "DE88370400440532013000",
      });
      expect([files, setAside.map(({ reason }) => /check digits/.test(reason))]).to.deep.equal([[], [true]]);
    });

    it("sets aside an amount that no file can hold", async () => {
      await owe(sql, { amount: 10n ** 18n });
      expect((await file(sql)).setAside[0]?.reason).to.contain("18 digits");
    });

    it("writes a file for each currency, naming each transfer, its amount and the line's interval", async () => {
      const [euro, yen] = [await owe(sql), await owe(sql, { unit: "JPY", amount: 700n })];
      const { files } = await file(sql);
      const read = await Promise.all(files.map(async ({ id }) => readPain001((await fileXml(sql, id))!.xml)));
      const prefix = Buffer.from(store.ledger.id.slice(0, 4)).toString("hex").toUpperCase();
      expect(read.map(({ message }) => message)).to.deep.equal(files.map(({ message_id }) => message_id));
      expect(read.flatMap(({ transfers }) => transfers)).to.deep.equal([
        {
          endToEndId: `AM${prefix}-${euro.payout}-1`,
          amount: "12.50",
          currency: "EUR",
          iban: OTHER_IBAN,
          remittance: `${euro.registration} 0-1250`,
          name: "Tafel Berlin",
        },
        {
          endToEndId: `AM${prefix}-${yen.payout}-1`,
          amount: "700",
          currency: "JPY",
          iban: OTHER_IBAN,
          remittance: `${yen.registration} 0-700`,
          name: "Tafel Berlin",
        },
      ]);
    });

    it("gives out no name twice, also when the same backup is put back twice", async () => {
      const { payout } = await owe(sql);
      const names: string[] = [];
      for (const restoredAt of [null, "2026-11-20T18:00:00Z", "2026-11-20T18:00:01Z"]) {
        await sql`TRUNCATE transfers, bank_files, restorations CASCADE`;
        if (restoredAt !== null)
          await sql`INSERT INTO restorations (restored_at, released_at) VALUES (${restoredAt}, now())`;
        const { files } = await file(sql);
        names.push(files[0]!.message_id, (await transfersOf(sql, payout))[0]!.end_to_end_id);
      }
      expect(new Set(names).size).to.equal(6);
      expect(Math.max(...names.map((name) => name.length))).to.be.at.most(35);
    });

    it("files nothing twice, however often and from however many sides it is asked", async () => {
      const owed = await Promise.all(Array.from({ length: 12 }, () => owe(sql)));
      const sides = await Promise.all(Array.from({ length: 4 }, () => file(sql, OPERATOR, 5)));
      await file(sql);
      const counts = sides.flatMap(({ files }) => files.map(({ transfers }) => transfers));
      expect(counts.reduce((all, one) => all + one, 0)).to.equal(owed.length);
      expect(Math.max(...counts)).to.be.at.most(5);
      for (const { payout } of owed) expect(await transfersOf(sql, payout)).to.have.length(1);
    });

    it("that is cut off before it ends has filed nothing", async () => {
      const { payout } = await owe(sql);
      const cut = () => {
        throw new Error("killed");
      };
      const failure = await fileNext(sql, IBAN, 10, cut).catch((thrown: Error) => thrown.message);
      expect(failure).to.equal("killed");
      expect(await transfersOf(sql, payout)).to.deep.equal([]);
      await file(sql);
      expect(await transfersOf(sql, payout)).to.have.length(1);
    });

    it("leaves the sum of a file within 18 digits, and what is over to the next", async () => {
      for (let count = 0; count < 3; count++) await owe(sql, { amount: 4n * 10n ** 17n });
      const { files } = await file(sql);
      expect(files.map(({ transfers }) => transfers)).to.deep.equal([2, 1]);
    });
  });

  describe("what the bank tells", () => {
    it("is not of ours: kept, and without consequence", async () => {
      const [entry] = await tell(sql, { amount: "99.00", endToEndId: "NOTPROVIDED" });
      expect(entry).to.include({ outcome: "not-ours", flagged: false });
    });

    it("names a transfer that bears our mark and that we never made: flagged", async () => {
      const { endToEndId } = await filed();
      const [entry] = await tell(sql, debit(endToEndId.replace(/-1$/, "-7")));
      expect(entry).to.include({ outcome: "unknown-transfer", flagged: true });
    });

    it("names a transfer that was made before the ledger was put back, or in between: flagged all the same", async () => {
      const { endToEndId } = await filed();
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
      await filed();
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
      const { endToEndId, payout } = await filed();
      expect((await tell(sql, debit(endToEndId, { status: "PDNG" })))[0]).to.include({
        outcome: "not-booked",
      });
      expect(await payoutState(payout)).to.equal("waiting");
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
        const { endToEndId, payout, registration } = await filed();
        const [entry] = await tell(sql, debit(endToEndId, more));
        expect(entry).to.include({ outcome: flag, flagged: true });
        expect(await payoutState(payout)).to.equal("waiting");
        expect(await recordedOf(sql, "payBank", registration)).to.deep.equal([]);
        expect(await openFlags()).to.deep.equal([flag]);
      });

    it("is of the very amount, whatever zeros surround it: the payout is recorded with the reference's hash", async () => {
      const { endToEndId, payout, registration } = await filed();
      const [entry] = await tell(sql, debit(endToEndId, { amount: "012.500", reference: "REF-9" }));
      expect(entry).to.include({ outcome: "confirmed", flagged: false });
      expect(await payoutState(payout)).to.equal("confirmed");
      expect(await recordedOf(sql, "payBank", registration)).to.deep.equal([hashOf("REF-9")]);
      expect((await transfersOf(sql, payout))[0]).to.include({ state: "confirmed", reference: "REF-9" });
    });

    it("was told before, in the same message or another: nothing follows", async () => {
      const { endToEndId, registration } = await filed();
      await tell(sql, debit(endToEndId));
      for (const again of [debit(endToEndId), debit(endToEndId, { amount: "12.5" })])
        expect((await tell(sql, again))[0]).to.include({ outcome: "duplicate", flagged: false });
      expect(await recordedOf(sql, "payBank", registration)).to.have.length(1);
      expect(await sql`SELECT FROM bank_entries`).to.have.length(1);
    });

    it("is told from two sides at once: it counts once", async () => {
      const { endToEndId, registration } = await filed();
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
      const { endToEndId, payout, registration } = await filed();
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
        const { endToEndId, payout } = await filed();
        await rejectTransfer(sql, endToEndId, "AM05");
        const racing =
          round % 2 === 0
            ? [file(sql), tell(sql, debit(endToEndId))]
            : [tell(sql, debit(endToEndId)), file(sql)];
        await Promise.all(racing);
        const states = (await transfersOf(sql, payout)).map(({ state }) => state);
        expect(["confirmed", "returned,filed"]).to.include(states.join());
        expect(await openFlags()).to.have.length(
          await sql`SELECT FROM transfers WHERE attempt = 2`.then((all) => all.length),
        );
      }
    });

    it("is a second debit with another reference: flagged, and cleared when the bank calls one back", async () => {
      const { endToEndId, payout } = await filed();
      await tell(sql, debit(endToEndId, { reference: "A" }));
      expect((await tell(sql, debit(endToEndId, { reference: "B" })))[0]).to.include({
        outcome: "paid-twice",
      });
      expect(await openFlags()).to.deep.equal(["paid-twice"]);
      expect((await tell(sql, back(endToEndId)))[0]).to.include({ outcome: "second-debit-undone" });
      expect(await openFlags()).to.deep.equal([]);
      expect((await transfersOf(sql, payout)).map(({ state }) => state)).to.deep.equal(["confirmed"]);
    });

    it("is one message with two debits that it names alike: the second is flagged, each is told once", async () => {
      const { endToEndId } = await filed();
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
      const { endToEndId, payout, registration } = await filed();
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
      const { endToEndId, payout, registration } = await filed();
      await tell(sql, debit(endToEndId, { reference: "FIRST" }));
      expect((await tell(sql, back(endToEndId)))[0]).to.include({ outcome: "bounced" });
      await file(sql);
      await tell(sql, debit(endToEndId.replace(/-1$/, "-2"), { reference: "SECOND" }));
      expect(await recordedOf(sql, "repay", registration), "the payout is not recorded yet").to.deep.equal(
        [],
      );
      await recordAll(sql);
      await file(sql);
      expect(await payoutState(payout)).to.equal("paid");
      expect(await recordedOf(sql, "payBank", registration)).to.deep.equal([hashOf("FIRST")]);
      expect(await recordedOf(sql, "repay", registration)).to.deep.equal([hashOf("SECOND")]);
    });

    it("is a transfer that the bank made again by itself: it stands, and may bounce again", async () => {
      const { endToEndId, payout } = await filed();
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
      const [one, other] = [await filed(), await filed()];
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
      const { endToEndId } = await filed();
      await sql`UPDATE bank_files SET debtor = ${OTHER_IBAN}`;
      expect((await tell(sql, back(endToEndId)))[0]).to.include({ outcome: "other-account", flagged: true });
    });
  });

  describe("flags", () => {
    it("keep a payout from being sent again until a person has looked", async () => {
      const { endToEndId, payout } = await filed();
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
      const { endToEndId, payout } = await filed();
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
      const filedSince = await filed();
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
      const { endToEndId } = await filed();
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
    expect(await openFlags()).to.deep.equal([]);
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
