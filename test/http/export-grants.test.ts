// Grants as 360Giving: valid by the real schema, and adding up to the statements to the minor unit, whoever is named.

import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { expect } from "chai";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { type Grant, grantOf, Remainders } from "../../server/exports/grants.ts";
import { grantJson } from "../../server/exports/grants-writing.ts";
import { indexDonors } from "../../server/jobs/publish-people.ts";
import { closeNow, sealOldest } from "../../server/jobs/seal.ts";
import { TreeWorkers } from "../../server/jobs/tree-workers.ts";
import { minorOf } from "../../server/programmes/currency.ts";
import { call } from "../support/client.ts";
import { expectFieldProblem, expectProblem } from "../support/problems.ts";
import { sealAndIndex, untilDone } from "../support/publishing.ts";
import { itWithSchemas, schemaText } from "../support/schemas.ts";
import { silent, startTestService, type TestService } from "../support/service.ts";
import { openShop, purchaseOf, type Shop, wanted } from "../support/shop.ts";

const SCHEMA = "360giving/360-giving-schema.json";
const today = () => new Date().toISOString().slice(0, 10);

interface Told {
  readonly id: string;
  readonly currency: string;
  readonly amountAwarded: number;
  readonly fundingOrganization: readonly { id: string; name: string }[];
  readonly recipientOrganization: readonly { id: string; name: string }[];
  readonly commitmentTransaction: readonly { value: number }[];
}

describe("grants as 360Giving", function () {
  this.timeout(60_000);
  let service: TestService;
  let shown: Shop;
  let hidden: Shop;
  let workers: TreeWorkers;

  before(async () => {
    service = await startTestService({
      settings: { ORGANISATION_NAME: "Kept & Sons", GRANT_PREFIX: "360G-kept" },
    });
    workers = new TreeWorkers(1);
    shown = await openShop(service, { charities: 2, terms: { share: { basisPoints: 1_000 } } });
    hidden = await openShop(service);
    await wanted(
      200,
      call(`${service.url}/v1/merchants/${shown.merchant}/totals/disclosure`, {
        ...{ key: shown.merchantKey, body: { shown: true } },
      }),
    );
  });
  after(async () => {
    await workers.stop();
    await service.stop();
  });

  const path = (kind: string, from = today(), upTo = today()) =>
    `${service.url}/v1/exports/360giving.${kind}?from=${from}&upTo=${upTo}`;
  const post = (name: string, body: object) =>
    wanted(201, call(`${service.url}/v1/${name}`, { key: service.operatorKey, body }));
  const sell = (shop: Shop, order: string, given: object = {}) =>
    post("purchases", purchaseOf(shop.merchant, order, given));
  const refund = (shop: Shop, order: string) =>
    post("refunds", {
      merchant: shop.merchant,
      refund: `R-${order}`,
      order,
      refundedAt: new Date().toISOString(),
    });
  const grants = async (): Promise<readonly Told[]> => (await wanted(200, call(path("json")))).grants;

  it("are not told of a period in which nothing was given, since a package without a grant is not valid", async () => {
    expectProblem(await call(path("json")), 404, "no-grants");
    expectProblem(await call(path("csv")), 404, "no-grants");
  });

  it("are asked for by two days in order, at most 366 of them", async () => {
    expectFieldProblem(await call(`${service.url}/v1/exports/360giving.json?from=2026-01-01`), "upTo");
    expectProblem(await call(path("json", "2026-01-02", "2026-01-01")), 422, "period-ends-before");
    expectProblem(await call(path("json", "2025-01-01", "2026-01-02")), 422, "period-too-long");
  });

  it("name the merchant that shows its totals, and no other", async () => {
    for (const order of ["A-1", "A-2"]) await sell(shown, order);
    await sell(hidden, "B-1");
    await sealAndIndex(service.sql, service.services.ledger, workers);
    await refund(shown, "A-1");
    await sell(hidden, "B-2");
    await sealAndIndex(service.sql, service.services.ledger, workers);
    const told = await grants();
    const funders = new Set(
      told.flatMap(({ fundingOrganization }) => fundingOrganization.map(({ id }) => id)),
    );
    expect(funders).to.deep.equal(new Set([`360G-kept-${shown.merchant}`, "XX-EXAMPLE-AMANAH"]));
    expect(JSON.stringify(told)).to.not.include(hidden.merchant);
    expect(new Set(told.map(({ id }) => id)).size).to.equal(told.length);
  });

  /** By charity and currency, what the statements of all batches come to: gifts, and gifts taken back. */
  async function statementSums() {
    const sums = new Map<string, [bigint, bigint]>();
    const { items } = await wanted(200, call(`${service.url}/v1/batches?limit=1000`));
    for (const { number } of items) {
      const { statements } = await wanted(200, call(`${service.url}/v1/batches/${number}`));
      for (const { registration, unit, kind, from, to } of statements) {
        const sum = sums.get(`${registration} ${unit}`) ?? [0n, 0n];
        sum[kind as 0 | 1] += BigInt(to) - BigInt(from);
        sums.set(`${registration} ${unit}`, sum);
      }
    }
    return sums;
  }

  it("add up to the statements of the period's batches, charity by charity", async () => {
    const sums = new Map<string, [bigint, bigint]>();
    const minor = (value: number, currency: string) => minorOf(value.toFixed(2), currency) as bigint;
    for (const { currency, amountAwarded, recipientOrganization, commitmentTransaction } of await grants()) {
      const name = `${recipientOrganization[0]?.id} ${currency}`;
      const sum = sums.get(name) ?? [0n, 0n];
      for (const { value } of commitmentTransaction)
        sum[value < 0 ? 1 : 0] += minor(Math.abs(value), currency);
      sums.set(name, sum);
      const all = commitmentTransaction.reduce((total, { value }) => total + Math.round(value * 100), 0);
      expect(Math.round(amountAwarded * 100)).to.equal(all);
    }
    const wantedSums = await statementSums();
    expect(sums).to.deep.equal(wantedSums);
    expect([...wantedSums.values()].some(([, reversed]) => reversed > 0n)).to.equal(true);
  });

  it("count a batch on the day on which it was closed, and end today", async () => {
    const before = JSON.stringify(await grants());
    await sell(shown, "A-3");
    await closeNow(service.sql);
    const due = { sealAfterSeconds: 86_400, sealAtReceipts: 1_000_000 };
    const sealer = { sql: service.sql, ledger: service.services.ledger.id, workers, log: silent, ...due };
    await untilDone(async () => (await sealOldest(sealer)) !== undefined);
    await service.sql`
      UPDATE batches SET closed_at = 1750000000 WHERE number = (SELECT max(number) FROM batches)`;
    await untilDone(() => indexDonors(service.sql, service.services.ledger));
    expect(JSON.stringify(await grants())).to.equal(before);
    const { grants: earlier } = await wanted(200, call(path("json", "2025-06-15", "2025-06-15")));
    expect(earlier.map(({ amountAwarded }: Told) => amountAwarded).sort()).to.deep.equal([0.67, 0.68]);
    expectProblem(await call(path("json", "2025-06-14", "2025-06-14")), 404, "no-grants");
    const { title } = await wanted(
      200,
      call(path("json", today(), `${new Date().getUTCFullYear() + 1}-01-01`)),
    );
    expect(title).to.include(`${today()} to ${today()}`);
  });

  it("are told of each day in a table of its own, of merchants that show their totals alone", async () => {
    const text = await wanted(200, call(`${service.url}/v1/exports/merchant-days.csv`));
    expect(text).to.include(shown.merchant).and.not.include(hidden.merchant);
    const days: { given: string; reversed: string }[] = parse(
      await wanted(200, call(`${service.url}/v1/exports/line-days.csv`)),
      { columns: true },
    );
    const sums = [...(await statementSums()).values()];
    const total = (all: readonly bigint[]) => all.reduce((sum, one) => sum + one, 0n);
    expect(total(days.map(({ given }) => BigInt(given)))).to.equal(total(sums.map(([given]) => given)));
    expect(total(days.map(({ reversed }) => BigInt(reversed)))).to.equal(total(sums.map(([, back]) => back)));
  });

  it("are the same in the sheet, and go back under the organisation when the merchant hides its totals", async () => {
    const told = await grants();
    const sheet: Record<string, string>[] = parse(await wanted(200, call(path("csv"))), { columns: true });
    expect(
      sheet.map((row) => [row.Identifier, Number(row["Amount Awarded"]), row["Funding Org:Name"]]),
    ).to.deep.equal(
      told.map(({ id, amountAwarded, fundingOrganization }) => [
        id,
        amountAwarded,
        fundingOrganization[0]?.name,
      ]),
    );
    await service.sql`UPDATE merchants SET shows_totals = false`;
    const hiding = await grants();
    expect(new Set(hiding.map(({ fundingOrganization }) => fundingOrganization[0]?.name))).to.deep.equal(
      new Set(["Kept & Sons"]),
    );
    const sum = (all: readonly Told[]) =>
      all.reduce((total, one) => total + Math.round(one.amountAwarded * 100), 0);
    expect(sum(hiding)).to.equal(sum(told));
    await service.sql`UPDATE merchants SET shows_totals = true WHERE id = ${shown.merchant}`;
  });

  itWithSchemas("are a package that the schema of 360Giving 1.4 finds valid", async () => {
    const whole = JSON.parse(JSON.stringify(await wanted(200, call(path("json")))));
    const validate = validator();
    expect(validate(whole), JSON.stringify(validate.errors)).to.equal(true);
    expect(validate({ ...whole, grants: [] })).to.equal(false);
  });

  itWithSchemas("head the sheet by titles that the schema has", async () => {
    const [heading] = parse(await wanted(200, call(path("csv")))) as string[][];
    const { properties, $defs } = JSON.parse(schemaText(SCHEMA));
    type Field = { title?: string; $ref?: string; items?: { $ref: string } };
    const lookUp = (field: Field): Field =>
      field.$ref === undefined ? field : $defs[field.$ref.split("/").at(-1) ?? ""];
    const titled = (fields: Record<string, Field>, title: string) =>
      Object.values(fields).find((field) => lookUp(field).title === title);
    for (const title of heading ?? []) {
      const [first, second] = title.split(":") as [string, string | undefined];
      const field = titled(properties, first);
      expect(field, title).to.not.equal(undefined);
      const inner = field?.items?.$ref.split("/").at(-1) as string;
      if (second !== undefined)
        expect(titled($defs[inner].properties, second), title).to.not.equal(undefined);
    }
  });

  it("tell amounts digit by digit, whatever a float would make of them", () => {
    const sum = {
      line: 1,
      registration: "GB-CHC-1",
      name: "One",
      given: "9007199254740993007",
      reversed: "10",
    };
    const written = (unit: string) => grantJson(grant({ ...sum, unit }));
    expect(written("CNY")).to.include('"amountAwarded":90071992547409929.97,').and.include('"value":-0.10,');
    expect(written("JPY")).to.include('"amountAwarded":9007199254740992997,');
    expect(written("KWD")).to.include('"amountAwarded":9007199254740992.997,');
  });

  it("add up for any split of a line's sum among merchants", () => {
    const split = fc.array(fc.tuple(fc.bigInt(0n, 2n ** 62n), fc.bigInt(0n, 2n ** 62n)), { maxLength: 8 });
    fc.assert(
      fc.property(split, fc.bigInt(0n, 2n ** 62n), fc.bigInt(0n, 2n ** 62n), (parts, given, reversed) => {
        const line = { line: 1, registration: "GB-CHC-1", name: "One", unit: "CNY" };
        const remainders = new Remainders();
        const own = parts.map(([a, b]) => ({ ...line, given: `${a}`, reversed: `${b}` }));
        for (const one of own) remainders.take(one);
        const total = (at: 0 | 1, rest: bigint) => parts.reduce((sum, part) => sum + part[at], rest);
        const whole = { ...line, given: `${total(0, given)}`, reversed: `${total(1, reversed)}` };
        const rest = remainders.of(whole);
        const all = [...own, ...(rest === undefined ? [] : [rest])].map((one) => amountOf(grant(one)));
        expect(all.reduce((sum, one) => sum + one, 0n)).to.equal(total(0, given) - total(1, reversed));
      }),
    );
  });
});

const PUBLISHER = {
  name: "Keeper",
  id: "XX-EXAMPLE-KEEPER",
  prefix: "360G-keeper",
  url: "https://keeper.example",
};
const grant = (sum: Parameters<typeof grantOf>[2]) =>
  grantOf(PUBLISHER, { from: "2026-09-01", upTo: "2026-09-09" }, sum);

/** In minor units, read back out of the JSON's digits. */
function amountOf(one: Grant): bigint {
  const [, sign, decimal] = /"amountAwarded":(-?)([0-9.]+)/.exec(grantJson(one)) as unknown as string[];
  const digits = (decimal as string).replace(".", "");
  return sign === "-" ? -BigInt(digits) : BigInt(digits);
}

/** The package's schema knows that of a grant by the address of an earlier version. */
function validator() {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  const schema = (path: string) =>
    JSON.parse(
      schemaText(path).replace(
        "http://json-schema.org/draft/2020-12",
        "https://json-schema.org/draft/2020-12",
      ),
    );
  const grants = schema(SCHEMA);
  ajv.addSchema({ ...grants, $id: grants.$id.replace("1.4.3", "1.4.2") });
  return ajv.compile(schema("360giving/360-giving-package-schema.json"));
}
