// Lines as IATI activities: valid by the real schema, and the same money as the ledger's, day by day and part by part.

import { expect } from "chai";
import fc from "fast-check";
import { XMLParser } from "fast-xml-parser";
import { activitiesFile, activityXml } from "../../server/exports/activities.ts";
import { countryShares, outcomesOf } from "../../server/exports/activity-sums.ts";
import { indexDonors } from "../../server/jobs/publish-people.ts";
import { call } from "../support/client.ts";
import { type PlayedLedger, playedLedger } from "../support/played-ledger.ts";
import { expectFieldProblem, expectProblem } from "../support/problems.ts";
import { untilDone } from "../support/publishing.ts";
import { itWithSchemas, schemaErrors } from "../support/schemas.ts";
import { wanted } from "../support/shop.ts";

const SCHEMA = "iati/iati-activities-schema.xsd";
const IMPORTED = ["iati/iati-common.xsd", "iati/xml.xsd"];
const today = () => new Date().toISOString().slice(0, 10);

describe("lines as IATI activities", function () {
  this.timeout(120_000);
  let played: PlayedLedger;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
  let activity: any;
  let xml: string;

  const path = (query: string) => `${played.service.url}/v1/exports/iati.xml?${query}`;

  before(async () => {
    played = await playedLedger();
    await untilDone(() => indexDonors(played.service.sql, played.service.services.ledger));
    xml = await wanted(200, call(path(`from=${daysAgo(30)}&upTo=${today()}`)));
    const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "@", parseTagValue: false });
    activity = parser.parse(xml)["iati-activities"]["iati-activity"];
  });

  const ofType = (code: string) =>
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
    activity.transaction.filter((one: any) => one["transaction-type"]["@code"] === code);
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
  const amounts = (code: string) => ofType(code).map((one: any) => one.value["#text"]);

  it("are asked for by two days, and of a charity that is known to have been given something", async () => {
    expectFieldProblem(await call(path(`upTo=${today()}`)), "from");
    expectProblem(await call(path(`from=${today()}&upTo=${today()}&charity=GB-CHC-0`)), 404, "no-activities");
    expectProblem(await call(path("from=2020-01-01&upTo=2020-02-01")), 404, "no-activities");
  });

  it("tell the gifts of each day, the payouts, and the parts of the spending reports", () => {
    const sum = amounts("1").reduce((total: number, one: string) => total + Math.round(Number(one) * 100), 0);
    expect(sum).to.equal(27_500);
    expect(amounts("3")).to.deep.equal(["200.00"]);
    expect(amounts("4")).to.deep.equal(["140.00"]);
  });

  it("name who gave and who received, and the activity that the money comes from", () => {
    const id = activity["iati-identifier"];
    expect(id).to.equal(`XX-EXAMPLE-AMANAH-${played.charity.registration.replace("/", ":")}-CNY`);
    expect(activity["reporting-org"]["@ref"]).to.not.equal(id);
    expect(ofType("1")[0]["receiver-org"]["@receiver-activity-id"]).to.equal(id);
    expect(ofType("3")[0]["provider-org"]["@provider-activity-id"]).to.equal(id);
    expect(ofType("3")[0]["receiver-org"]["@ref"]).to.equal(played.charity.registration.split("/")[0]);
  });

  it("tell where the money went and what it became", () => {
    expect(activity["recipient-country"]).to.deep.equal({ "@code": "CN", "@percentage": "100" });
    const { indicator } = activity.result;
    expect(indicator.title.narrative).to.equal("hot lunches (meals)");
    expect(indicator.period.actual).to.deep.equal({ "@value": "35" });
  });

  it("tell of nothing that has not happened yet", () => {
    for (const one of activity.transaction)
      expect(one["transaction-date"]["@iso-date"] <= today()).to.equal(true);
  });

  itWithSchemas("are valid by the schema of IATI 2.03, which refuses another order", async () => {
    expect(await schemaErrors(SCHEMA, [xml], IMPORTED)).to.deep.equal([]);
    const other = xml.replace(
      /(<iati-identifier>.*<\/iati-identifier>)\s*(<reporting-org[\s\S]*?<\/reporting-org>)/,
      "$2$1",
    );
    expect(other).to.not.equal(xml);
    expect(await schemaErrors(SCHEMA, [other], IMPORTED)).to.not.deep.equal([]);
  });

  itWithSchemas("are valid whatever charities, projects and things are called", async () => {
    const documents = fc.sample(anyActivity, 60).map((one) => {
      const [before, behind] = activitiesFile(NOW);
      return before + activityXml(REPORTER, { from: "2026-09-01", upTo: "2026-09-09" }, one, NOW) + behind;
    });
    expect(await schemaErrors(SCHEMA, documents, IMPORTED)).to.deep.equal([]);
  });

  it("share out countries to a hundred percent exactly", () => {
    fc.assert(
      fc.property(fc.array(anyPart, { minLength: 1, maxLength: 30 }), (parts) => {
        const shares = countryShares(parts).map(({ percentage }) => Math.round(Number(percentage) * 100));
        expect(shares.reduce((sum, one) => sum + one, 0)).to.equal(10_000);
      }),
    );
  });

  it("count what was bought exactly, by its name and measure", () => {
    const bought = (what: string, count: string, measure = "meals") => ({ what, count, measure });
    const told = (things: readonly object[]) => ({ told: { bought: things } }) as never;
    const all = outcomesOf([
      told([bought("lunch", "0.1"), bought("lunch", "0.2"), bought("lunch", "1", "boxes")]),
      told([bought("lunch", "999999999999999.7"), bought("implant", "2", "pieces")]),
    ]);
    expect(all.map(({ what, measure, count }) => [what, measure, count])).to.deep.equal([
      ["lunch", "meals", "1000000000000000"],
      ["lunch", "boxes", "1"],
      ["implant", "pieces", "2"],
    ]);
  });
});

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

const NOW = new Date("2026-09-10T00:00:00Z");
const REPORTER = {
  ...{ name: "Keeper <&>", id: "XX-EXAMPLE-KEEPER", prefix: "360G-keeper", url: "https://keeper.example" },
  sector: "99810",
};

const anyText = fc.string({ unit: "binary", minLength: 1, maxLength: 40 });
const anyPart = fc
  .record({
    ...{ project: anyText, what: anyText, measure: anyText, name: anyText },
    country: fc.constantFrom("CN", "ID", "KE", "GB"),
    amount: fc.bigInt(1n, 2n ** 60n),
  })
  .map(({ project, what, measure, name, country, amount }) => ({
    ...{ report: `0x${"ab".repeat(32)}`, part: 1n, recorded_at: NOW },
    told: {
      ...{ from: "0", upTo: `${amount}`, project, place: { country, name } },
      bought: [{ what, count: "2.5", measure }],
    },
  }));

const anyActivity = fc
  .record({
    name: anyText,
    registration: fc.constantFrom("GB-CHC-1", "GB-CHC-1/lunches", "XI-LEI-5"),
    unit: fc.constantFrom("CNY", "JPY", "KWD"),
    parts: fc.array(anyPart, { maxLength: 4 }),
    sums: fc.array(fc.tuple(fc.bigInt(0n, 2n ** 62n), fc.bigInt(0n, 2n ** 62n)), { maxLength: 4 }),
  })
  .map(({ sums, ...line }) => ({
    ...line,
    ...{ line: 1, charity: Buffer.alloc(32), website: null, began: 20_000 },
    given: sums.map(([given, reversed], at) => ({
      day: 20_000 + at,
      given: `${given}`,
      reversed: `${reversed}`,
    })),
    paid: sums.map(([amount]) => ({ from: 0n, upto: amount, amount, paid_at: NOW })),
  }));
