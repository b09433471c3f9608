// Transfers on their way out, in a real database: what is filed, what is set aside, and that nothing is filed twice.

import { expect } from "chai";
import type { Database } from "../../server/store/database.ts";
import { fileNext } from "../../server/store/transfer-filing.ts";
import { fileXml } from "../../server/store/transfers.ts";
import { withBankStore } from "../bank/bank-store.ts";
import { IBAN, OTHER_IBAN, readPain001 } from "../bank/making.ts";
import { file, OPERATOR, owe, transfersOf } from "../bank/paying.ts";

describe("filing transfers", () => {
  let sql: Database;
  withBankStore((own) => {
    sql = own;
  });

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
    const [{ id } = {}] = await sql`SELECT id FROM ledger`;
    const prefix = id.subarray(0, 4).toString("hex").toUpperCase();
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
