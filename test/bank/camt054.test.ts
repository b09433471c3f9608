// Reading the bank's notifications: refusals first, then what is read from messages of the shape that banks send.

import { expect } from "chai";
import fc from "fast-check";
import { readCamt054 } from "../../server/bank/camt054.ts";
import { InputError } from "../../server/errors.ts";
import { itWithSchemas, schemaErrors } from "../support/schemas.ts";
import { camt054, type Entry, IBAN, transactionXml } from "./making.ts";

const SCHEMA = "iso20022/camt.054.001.08.xsd";
const bytes = (text: string) => Buffer.from(text, "utf8");
const read = (text: string) => readCamt054(bytes(text));
const readOne = (entry: Entry, version = "08") => read(camt054([entry], { version }))[0]!;

function refusal(text: string | Uint8Array): [string, string] {
  try {
    readCamt054(typeof text === "string" ? bytes(text) : text);
  } catch (thrown) {
    if (thrown instanceof InputError) return [thrown.code, thrown.message];
    throw thrown;
  }
  throw new Error("it was read");
}

const usual: Entry = { endToEndId: "AM-1-1", amount: "12.50", reference: "R-1" };

const ATTACKS = {
  "an entity that reads a file": `<!DOCTYPE Document [<!ENTITY own SYSTEM "file:///etc/passwd">]>`,
  "entities that grow": `<!DOCTYPE Document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`,
  "a document type from elsewhere": `<!DOCTYPE Document SYSTEM "https://elsewhere.example/own.dtd">`,
};

describe("notifications of the bank", () => {
  describe("are refused", () => {
    for (const [name, type] of Object.entries(ATTACKS)) {
      it(`with ${name}`, () => {
        const text = camt054([usual]).replace("?>", `?>${type}`);
        expect(refusal(text)).to.deep.equal([
          "malformed-xml",
          "body: wanted XML without a document type, came one: what it declares is never read",
        ]);
      });
    }

    it("when they are cut off, and with the line at which they are wrong", () => {
      expect(refusal(camt054([usual]).slice(0, -30))[0]).to.equal("malformed-xml");
      expect(refusal("<Document>\n<a>\n</Document>")[1]).to.match(/line 3/);
      expect(refusal("")[0]).to.equal("malformed-xml");
      expect(refusal("{}")[0]).to.equal("malformed-xml");
    });

    it("when they are nested without end", () => {
      expect(refusal("<a>".repeat(2_000) + "</a>".repeat(2_000))[0]).to.equal("malformed-xml");
    });

    it("in bytes that are no text", () => {
      expect(refusal(Uint8Array.of(0xff, 0xfe, 0x3c, 0x00))[1]).to.contain("XML in UTF-8");
    });

    it("when they are another message, or of a version not known", () => {
      const statement = camt054([usual]).replaceAll("camt.054.001.08", "camt.053.001.08");
      expect(refusal(statement)).to.deep.equal([
        "not-a-notification",
        "Document: wanted a camt.054.001.02 to .08, came urn:iso:std:iso:20022:tech:xsd:camt.053.001.08",
      ]);
      expect(refusal(camt054([usual], { version: "99" }))[0]).to.equal("not-a-notification");
    });

    it("when an entry has no direction, or no amount with a currency", () => {
      expect(refusal(camt054([usual]).replace("DBIT", "BOTH"))[1]).to.contain("CRDT or DBIT, came BOTH");
      expect(refusal(camt054([usual]).replace(' Ccy="EUR"', ""))[0]).to.equal("incomplete-notification");
    });
  });

  it("are read or refused with a reason, whatever is done to them", () => {
    const right = camt054([usual, { ...usual, direction: "CRDT", reason: ["AC04", "closed"] }]);
    const junk = fc.oneof(
      fc.string({ unit: "binary", maxLength: 50 }),
      fc.constantFrom(
        "<",
        "&",
        "&#0;",
        "]]>",
        "<a/>",
        "<Refs>",
        "</Ntry>",
        "<__proto__>1</__proto__>",
        "x".repeat(5_000),
      ),
    );
    const place = fc.nat({ max: right.length });
    fc.assert(
      fc.property(place, fc.nat({ max: 60 }), junk, (at, cut, put) => {
        const spoilt = right.slice(0, at) + put + right.slice(at + cut);
        let movements: ReturnType<typeof read>;
        try {
          movements = read(spoilt);
        } catch (thrown) {
          expect(thrown).to.be.instanceOf(InputError);
          return;
        }
        for (const { reference, endToEndId, message } of movements)
          for (const text of [reference ?? "", endToEndId ?? "", message])
            expect(text.length).to.be.at.most(35);
      }),
      { numRuns: 500 },
    );
  });

  it("are refused when an id is longer than the standard has it, or holds what cannot be stored", () => {
    expect(refusal(camt054([{ ...usual, endToEndId: "9".repeat(36) }]))[1]).to.match(
      /^endToEndId: wanted at most 35/,
    );
    expect(refusal(camt054([{ ...usual, reference: "R\u0000" }]))[0]).to.equal("malformed-notification");
  });

  const shapes: Entry[] = [
    usual,
    { ...usual, direction: "CRDT", reason: ["AC04", "Konto aufgelöst"] },
    { ...usual, direction: "CRDT", reversal: true },
    { ...usual, status: "PDNG" },
    { ...usual, reference: null, entryReference: "17" },
    { amount: "99.00", direction: "CRDT" },
    {
      amount: "20.00",
      details:
        transactionXml({ endToEndId: "AM-1-1" }, '<Amt Ccy="EUR">12.50</Amt><CdtDbtInd>DBIT</CdtDbtInd>') +
        transactionXml({ endToEndId: "AM-2-1" }, '<Amt Ccy="EUR">7.50</Amt><CdtDbtInd>DBIT</CdtDbtInd>'),
    },
  ];

  itWithSchemas("as they are made for these tests are valid by the schema of camt.054.001.08", async () => {
    expect(await schemaErrors(SCHEMA, [camt054(shapes)])).to.deep.equal([]);
    expect(await schemaErrors(SCHEMA, [camt054(shapes).replace("DBIT", "BOTH")])).not.to.deep.equal([]);
  });

  it("tell of a debit: id, amount, reference, account and message", () => {
    expect(read(camt054([usual], { message: "M-1" }))).to.deep.equal([
      {
        message: "M-1",
        account: IBAN,
        endToEndId: "AM-1-1",
        paymentId: null,
        direction: "debit",
        isReversal: false,
        status: "BOOK",
        reference: "R-1",
        amount: { decimal: "12.50", currency: "EUR" },
        instructed: null,
        reason: null,
      },
    ]);
  });

  it("tell of a return: that it is one, and why", () => {
    const back = readOne({
      ...usual,
      direction: "CRDT",
      reversal: true,
      reason: ["AC04", "closed &#65; &amp; gone"],
    });
    expect(back).to.include({ direction: "credit", isReversal: true, reason: "AC04: closed A & gone" });
  });

  it("give the most particular reference, and the entry's own where the bank has no other", () => {
    const own = "<Refs><AcctSvcrRef>R-2</AcctSvcrRef><EndToEndId>AM-1-1</EndToEndId></Refs>";
    expect(readOne({ ...usual, details: `<TxDtls>${own}</TxDtls>` }).reference).to.equal("R-2");
    expect(readOne({ ...usual, reference: null, entryReference: "17" }).reference).to.equal("17");
    expect(readOne({ ...usual, reference: null }).reference).to.equal(null);
  });

  it("of several transactions in one entry give each with its own amount, and refuse one without", () => {
    const movements = read(camt054([shapes.at(-1)!]));
    expect(movements.map(({ endToEndId, amount }) => [endToEndId, amount.decimal])).to.deep.equal([
      ["AM-1-1", "12.50"],
      ["AM-2-1", "7.50"],
    ]);
    const without = transactionXml({ endToEndId: "AM-1-1" }) + transactionXml({ endToEndId: "AM-2-1" });
    expect(refusal(camt054([{ amount: "20.00", details: without }]))[0]).to.equal("incomplete-notification");
  });

  it("of an account in another currency give what was instructed beside what was booked", () => {
    const own = '<AmtDtls><InstdAmt><Amt Ccy="USD">13.00</Amt></InstdAmt></AmtDtls>';
    const one = readOne({ ...usual, details: transactionXml(usual, `<Amt Ccy="EUR">12.50</Amt>${own}`) });
    expect([one.amount, one.instructed]).to.deep.equal([
      { decimal: "12.50", currency: "EUR" },
      { decimal: "13.00", currency: "USD" },
    ]);
  });

  for (const version of ["02", "04"])
    it(`are read in version ${version} as well, where the status is plain text`, () => {
      expect(readOne({ ...usual, status: "PDNG" }, version)).to.include({
        status: "PDNG",
        endToEndId: "AM-1-1",
      });
    });

  it("are read with any prefix of the namespace", () => {
    const prefixed = camt054([usual])
      .replaceAll(/<(\/?)(?=[A-Z])/g, "<$1b:")
      .replace("xmlns=", "xmlns:b=");
    expect(read(prefixed)[0]).to.include({ endToEndId: "AM-1-1", reference: "R-1" });
  });

  it("without entries tell of nothing", () => {
    expect(read(camt054([]))).to.deep.equal([]);
  });
});
