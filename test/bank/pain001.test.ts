// The files for the bank: valid by the real schema whatever goes in, and adding up.

import { expect } from "chai";
import fc from "fast-check";
import { bankText } from "../../server/bank/bank-text.ts";
import { type BankAccount, type TransferFile, writePain001 } from "../../server/bank/pain001.ts";
import { REMITTANCE_LENGTH, remittanceOf } from "../../server/bank/remittance.ts";
import { minorOf } from "../../server/programmes/currency.ts";
import { itWithSchemas, schemaErrors } from "../support/schemas.ts";
import { IBAN, OTHER_IBAN, readPain001 } from "./making.ts";

const SCHEMA = "iso20022/pain.001.001.03.xsd";
const PLAIN = /^[A-Za-z0-9/\-?:().,'+ ]+$/;

const account = (given: Partial<BankAccount> = {}): BankAccount => ({
  ...{ name: "Amanah gGmbH", iban: IBAN, other: null, bic: null, bankCode: null, country: null },
  ...given,
});

const CHINESE = account({
  name: "China Foundation",
  iban: null,
  other: "6222020200112233445",
  bankCode: { system: "CNAPS", code: "102100099996" },
  country: "CN",
});

const file = (given: Partial<TransferFile> = {}): TransferFile => ({
  messageId: "AM0A0B0C0D-F1",
  createdAt: new Date("2026-11-20T08:00:00.123Z"),
  currency: "EUR",
  debtor: account({ bic: "COBADEFFXXX" }),
  transfers: [
    {
      endToEndId: "AM0A0B0C0D-1-1",
      amountMinor: 1250n,
      creditor: account({ iban: OTHER_IBAN, country: "GB" }),
      remittance: "x",
    },
    {
      endToEndId: "AM0A0B0C0D-2-1",
      amountMinor: 5n,
      creditor: account({ bic: "DEUTDEFF" }),
      remittance: "y",
    },
  ],
  ...given,
});

const anyAccount = fc.oneof(
  fc.record({ name: fc.string({ unit: "binary", maxLength: 200 }) }).map(({ name }) => account({ name })),
  fc
    .record({ name: fc.string({ unit: "grapheme", maxLength: 200 }) })
    .map(({ name }) => ({ ...CHINESE, name })),
);
const anyFile = fc
  .record({
    currency: fc.constantFrom("EUR", "CNY", "JPY", "KWD", "CLF"),
    transfers: fc.array(
      fc.record({
        endToEndId: fc.stringMatching(/^AM[0-9A-F]{8}-[1-9]{1,19}-[1-9]{1,4}$/),
        amountMinor: fc.bigInt(1n, 10n ** 17n),
        creditor: anyAccount,
        remittance: fc.string({ unit: "binary", maxLength: 300 }),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  })
  .map((given) => file(given));

describe("files for the bank", () => {
  itWithSchemas(
    "are valid by the schema of pain.001.001.03, whatever names, texts and amounts go in",
    async function () {
      this.timeout(60_000);
      const files = [
        file(),
        file({ currency: "CNY", transfers: [{ ...file().transfers[0]!, creditor: CHINESE }] }),
      ];
      const drawn = fc.sample(anyFile, 300);
      expect(await schemaErrors(SCHEMA, [...files, ...drawn].map(writePain001))).to.deep.equal([]);
    },
  );

  itWithSchemas("would be refused by that schema if an amount were wrong", async () => {
    const wrong = writePain001(file()).replace(">12.50<", ">12.5000001<");
    expect((await schemaErrors(SCHEMA, [wrong])).join()).to.match(/InstdAmt/);
  });

  it("count and add up their transfers, in the decimals of the currency", () => {
    fc.assert(
      fc.property(anyFile, (drawn) => {
        const { count, sum, transfers, PmtInf } = readPain001(writePain001(drawn));
        expect([count, PmtInf.NbOfTxs, PmtInf.CtrlSum]).to.deep.equal([
          `${drawn.transfers.length}`,
          count,
          sum,
        ]);
        const told = transfers.map(({ amount, currency }) => minorOf(amount, currency));
        expect(told).to.deep.equal(drawn.transfers.map(({ amountMinor }) => amountMinor));
        expect(minorOf(sum, drawn.currency)).to.equal(told.reduce((all, one) => all! + one!, 0n));
      }),
    );
  });

  it("name payer, date, account and bank", () => {
    const { PmtInf, message } = readPain001(writePain001(file()));
    expect([message, PmtInf.ReqdExctnDt, PmtInf.BtchBookg]).to.deep.equal([
      "AM0A0B0C0D-F1",
      "2026-11-20",
      "false",
    ]);
    expect([PmtInf.Dbtr.Nm, PmtInf.DbtrAcct.Id.IBAN, PmtInf.DbtrAgt.FinInstnId.BIC]).to.deep.equal([
      "Amanah gGmbH",
      IBAN,
      "COBADEFFXXX",
    ]);
    expect(PmtInf.CdtTrfTxInf.map((one: Record<string, unknown>) => one.ChrgBr)).to.deep.equal([
      "SLEV",
      "SLEV",
    ]);
  });

  it("take accounts without IBAN, with the charges borne by the payer", () => {
    const xml = writePain001(
      file({ currency: "CNY", transfers: [{ ...file().transfers[0]!, creditor: CHINESE }] }),
    );
    const { CdtTrfTxInf: one } = readPain001(xml).PmtInf;
    expect(one.CdtrAcct.Id.Othr.Id).to.equal("6222020200112233445");
    expect(one.CdtrAgt.FinInstnId.ClrSysMmbId).to.deep.equal({
      ClrSysId: { Cd: "CNAPS" },
      MmbId: "102100099996",
    });
    expect(one.ChrgBr).to.equal("DEBT");
  });
});

describe("text for banks", () => {
  it("loses marks and spells out what is not Latin, and is cut", () => {
    expect(bankText("Écoles & Bâtiments – Œuvre", 70)).to.equal("Ecoles + Batiments - OEuvre");
    expect(bankText("Straße Łódź Þór", 70)).to.equal("Strasse Lodz THor");
    expect(bankText("a".repeat(80), 70)).to.equal("a".repeat(70));
    expect(bankText("  two   spaces\n", 70)).to.equal("two spaces");
  });

  it("says so when nothing of it can be written", () => {
    expect(bankText("壹基金", 70)).to.equal("NOTPROVIDED");
    expect(bankText("", 70)).to.equal("NOTPROVIDED");
  });

  it("is never anything that a bank refuses", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 300 }),
        fc.integer({ min: 1, max: 140 }),
        (text, most) => {
          const written = bankText(text, most);
          expect(written)
            .to.match(PLAIN)
            .and.not.match(/^[/ ]|\/\/| $/);
          expect(written.length).to.be.within(1, most);
        },
      ),
    );
  });
});

describe("remittance texts", () => {
  const root = new Uint8Array(32).fill(0xab);

  it("name the charity, the interval, and the batch with its root", () => {
    const text = remittanceOf({
      registration: "GB-CHC-1164883/lunches",
      from: 0n,
      upto: 1_234_567n,
      batch: 17n,
      root,
    });
    expect(text).to.equal(`GB-CHC-1164883/lunches 0-1234567 17 ${"ab".repeat(32)}`);
  });

  it("keep to 140 characters, and give up part of the registration id before anything exact", () => {
    const most = 2n ** 63n - 1n;
    const registration = `GB-CHC-${"9".repeat(110)}`;
    const text = remittanceOf({ registration, from: most - 1n, upto: most, batch: most, root });
    expect(text.length).to.equal(REMITTANCE_LENGTH);
    expect(text)
      .to.match(/^GB-CHC-9+ /)
      .and.to.contain(` ${most - 1n}-${most} ${most} ${"ab".repeat(32)}`);
  });
});
