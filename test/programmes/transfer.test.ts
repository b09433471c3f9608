// What a movement means for a transfer, rule by rule. That the rules end right together, in every order, is shown against
// the database in test/store/transfers.test.ts.

import { expect } from "chai";
import fc from "fast-check";
import { decimalOf, minorOf } from "../../server/programmes/currency.ts";
import {
  isFlag,
  judge,
  type Movement,
  type Standing,
  type TransferState,
} from "../../server/programmes/transfer.ts";

const IBAN = "DE89370400440532013000";

const standing = (given: Partial<Standing> = {}): Standing => ({
  ...{ state: "filed", amountMinor: 1250n, currency: "EUR", debtor: IBAN },
  ...{ hasLeft: false, hasComeBack: false, isLast: true, isPaidTwice: false, payout: "waiting" },
  ...given,
});

const movement = (given: Partial<Movement> = {}): Movement => ({
  ...{
    message: "M",
    account: IBAN,
    endToEndId: "AM-1-1",
    paymentId: null,
    direction: "debit",
    isReversal: false,
  },
  ...{
    status: "BOOK",
    reference: "R",
    amount: { decimal: "12.50", currency: "EUR" },
    instructed: null,
    reason: null,
  },
  ...given,
});

const outcome = (told: Partial<Movement>, of: Partial<Standing> = {}, accepted = false) =>
  judge(movement(told), standing(of), accepted).outcome;

const credit = { direction: "credit" } as const;
const CONFIRMED = { state: "confirmed", hasLeft: true, payout: "recorded" } as const;
const BOUNCED = { state: "bounced", hasLeft: true, hasComeBack: true, payout: "recorded" } as const;
const RETURNED = { state: "returned", hasComeBack: true } as const;
const REFUSED = { state: "returned" } as const;

const anyStanding = fc.record({
  state: fc.constantFrom<TransferState>("filed", "confirmed", "returned", "bounced"),
  hasLeft: fc.boolean(),
  hasComeBack: fc.boolean(),
  isLast: fc.boolean(),
  isPaidTwice: fc.boolean(),
  payout: fc.constantFrom<Standing["payout"]>("waiting", "recorded", "failed"),
});

describe("what the bank tells of a transfer", () => {
  const rules: [string, Partial<Movement>, Partial<Standing>, string][] = [
    ["a debit of another account", { account: "GB29NWBK60161331926819" }, {}, "other-account"],
    ["a debit that takes back a credit", { isReversal: true }, {}, "reversed-credit"],
    ["a debit without the bank's reference", { reference: null }, {}, "no-reference"],
    ["a debit of a fen too little", { amount: { decimal: "12.49", currency: "EUR" } }, {}, "amount-differs"],
    [
      "a debit finer than the currency",
      { amount: { decimal: "12.505", currency: "EUR" } },
      {},
      "amount-differs",
    ],
    ["a negative debit", { amount: { decimal: "-12.50", currency: "EUR" } }, {}, "amount-differs"],
    [
      "a debit in another currency",
      { amount: { decimal: "12.50", currency: "USD" } },
      {},
      "currency-differs",
    ],
    ["a debit of what has left", {}, CONFIRMED, "paid-twice"],
    ["a debit of what was sent again meanwhile", {}, { ...BOUNCED, isLast: false }, "paid-twice"],
    ["a debit of what was refused and sent again", {}, { ...REFUSED, isLast: false }, "paid-twice"],
    ["a debit for a payout that was given up", {}, { payout: "failed" }, "payout-failed"],
    ["a return of what has come back", credit, RETURNED, "returned-twice"],
    ["a return of what has bounced", credit, BOUNCED, "returned-twice"],
    ["a debit that is pending", { status: "PDNG" }, {}, "not-booked"],
    ["a debit of what was asked for", {}, {}, "confirmed"],
    ["a debit of what was refused after all", {}, REFUSED, "confirmed"],
    ["a debit of what bounced and was not sent again", {}, BOUNCED, "confirmed"],
    ["a debit whose return came first", {}, RETURNED, "offset"],
    ["a return of what was asked for", credit, {}, "returned"],
    ["a return of what was refused", credit, REFUSED, "returned"],
    ["a return without a reference", { ...credit, reference: null }, {}, "returned"],
    ["a return of what was recorded", credit, CONFIRMED, "bounced"],
    ["a return of one of two debits", credit, { ...CONFIRMED, isPaidTwice: true }, "second-debit-undone"],
  ];
  for (const [name, told, of, wanted] of rules)
    it(`${name} is ${wanted}`, () => expect(outcome(told, of)).to.equal(wanted));

  it("counts in the transfer's currency where the account is kept in another", () => {
    const amount = { decimal: "11.00", currency: "USD" };
    expect(outcome({ amount, instructed: { decimal: "12.50", currency: "EUR" } })).to.equal("confirmed");
    expect(outcome({ amount, instructed: { decimal: "12.51", currency: "EUR" } })).to.equal("amount-differs");
  });

  it("counts whatever its amount once a person has accepted it, and only then", () => {
    const less = { ...credit, amount: { decimal: "10.00", currency: "EUR" } };
    expect([outcome(less), outcome(less, {}, true)]).to.deep.equal(["amount-differs", "returned"]);
    expect(outcome({ ...less, account: "X" }, {}, true)).to.equal("other-account");
  });

  it("never moves anything while it is not booked, wherever the transfer stands", () => {
    fc.assert(
      fc.property(anyStanding, fc.constantFrom("PDNG", "INFO", "FUTR", "none"), (of, status) => {
        expect(outcome({ status }, of)).to.equal("not-booked");
      }),
    );
  });

  it("never lets a payout be paid by two transfers: with a later attempt, no debit confirms", () => {
    fc.assert(
      fc.property(anyStanding, (of) => {
        fc.pre(of.state !== "filed");
        expect(outcome({}, { ...of, isLast: false })).not.to.equal("confirmed");
      }),
    );
  });

  it("is flagged when a person has to look, and says why in words", () => {
    fc.assert(
      fc.property(anyStanding, fc.constantFrom("debit" as const, "credit" as const), (of, direction) => {
        const { outcome: came, explanation } = judge(movement({ direction }), standing(of));
        expect(explanation).to.match(/^[a-z].+ /);
        expect(isFlag(came)).to.equal(/twice|failed/.test(came));
      }),
    );
  });
});

describe("amounts as banks write them", () => {
  it("are read back to the very minor units, whatever zeros surround them", () => {
    const currencies = fc.constantFrom("JPY", "EUR", "KWD", "CLF");
    fc.assert(
      fc.property(
        currencies,
        fc.bigInt(0n, 10n ** 18n - 1n),
        fc.nat({ max: 3 }),
        (currency, amount, zeros) => {
          const decimal = decimalOf(amount, currency);
          expect(minorOf(decimal, currency)).to.equal(amount);
          const padded = `${"0".repeat(zeros)}${decimal.includes(".") ? decimal : `${decimal}.`}${"0".repeat(zeros)}`;
          expect(minorOf(padded, currency), padded).to.equal(amount);
        },
      ),
    );
  });

  for (const [decimal, currency] of [
    ...[
      ["", "EUR"],
      [".", "EUR"],
      ["-1", "EUR"],
      ["1,50", "EUR"],
      ["1e3", "EUR"],
      ["1.5", "JPY"],
      ["1.001", "EUR"],
    ],
    ...[
      ["1", "STEP"],
      ["1", "XXX"],
      [" 1", "EUR"],
      ["1".repeat(30), "EUR"],
    ],
  ] as [string, string][])
    it(`are none: ${JSON.stringify(decimal)} ${currency}`, () =>
      expect(minorOf(decimal, currency)).to.equal(undefined));

  it("may lack the digit before or behind the point", () => {
    expect([minorOf(".5", "EUR"), minorOf("5.", "EUR"), minorOf("+5", "EUR")]).to.deep.equal([
      50n,
      500n,
      500n,
    ]);
  });
});
