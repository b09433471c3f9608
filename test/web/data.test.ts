// The page of downloads: what there is in plain words, links for the days that are chosen, and files behind the links.

import { expect } from "chai";
import { troubleOf, usualPeriod } from "../../server/web/data/queries.ts";
import {
  DESK,
  expectAccessible,
  expectNoOverflow,
  keepPicture,
  LANGUAGES,
  openPage,
  PHONE,
} from "../support/browser.ts";
import { type PlayedLedger, playedLedger } from "../support/played-ledger.ts";

const TITLES = {
  en: "Data to take home",
  id: "Data untuk dibawa pulang",
  "zh-CN": "可以带走的数据",
} as const;

describe("the period of downloads", () => {
  it("is this year up to today, until another is chosen", () => {
    const now = new Date("2026-09-09T23:00:00Z");
    expect(usualPeriod(now)).to.deep.equal({ from: "2026-01-01", upTo: "2026-09-09" });
  });

  it("has two days in order, and at most 366 of them", () => {
    expect(troubleOf({ from: "", upTo: "2026-01-01" })).to.equal("missing");
    expect(troubleOf({ from: "2026-01-02", upTo: "2026-01-01" })).to.equal("order");
    expect(troubleOf({ from: "2025-01-01", upTo: "2026-01-02" })).to.equal("long");
    expect(troubleOf({ from: "2024-01-01", upTo: "2024-12-31" })).to.equal(undefined);
  });
});

describe("the page of downloads", function () {
  this.timeout(120_000);
  let played: PlayedLedger;

  before(async () => {
    played = await playedLedger();
  });

  for (const language of LANGUAGES)
    it(`says in ${language} what there is, on a phone and on a desk`, async () => {
      for (const [size, name] of [
        [PHONE, "phone"],
        [DESK, "desk"],
      ] as const) {
        const opened = await openPage(`${played.service.url}/data`, { size, language });
        const { page } = opened;
        await page.getByRole("heading", { level: 1, name: TITLES[language] }).waitFor();
        await page.getByRole("link", { name: "batches.parquet" }).waitFor();
        expect(await page.title()).to.include(TITLES[language]);
        await expectNoOverflow(page);
        await expectAccessible(page);
        await keepPicture(page, `data-${language}-${name}`);
        await opened.close();
      }
    });

  it("links to files of the days that are chosen, and to none while they are in the wrong order", async () => {
    const opened = await openPage(`${played.service.url}/data`, { size: DESK });
    const { page } = opened;
    const link = page.getByRole("link", { name: "batches.csv" });
    await link.waitFor();
    await page.getByLabel("First day").fill("2026-01-05");
    await page.getByLabel("Last day").fill("2026-01-04");
    await page.getByText("The last day is before the first.").waitFor();
    expect(await link.count()).to.equal(0);
    await page.getByLabel("Last day").fill("2026-12-31");
    await link.waitFor();
    const address = (await link.getAttribute("href")) as string;
    expect(address).to.equal("/v1/exports/batches.csv?from=2026-01-05&upTo=2026-12-31");
    expect((await fetch(`${played.service.url}${address}`)).status).to.equal(200);
    expect(await page.getByRole("link", { name: "charities.csv" }).getAttribute("href")).to.equal(
      "/v1/exports/charities.csv",
    );
    await page.getByText("Its 10 columns").click();
    await page.getByText("the Merkle root over its statements and notices").waitFor();
    await opened.close();
  });

  it("says so when the list does not come", async () => {
    const opened = await openPage(`${played.service.url}/data`, { size: PHONE });
    const { page } = opened;
    await page.getByRole("link", { name: "batches.csv" }).waitFor();
    await page.route("**/v1/exports", (route) => route.abort());
    await page.reload();
    await page.getByRole("alert").waitFor();
    await expectAccessible(page);
    await opened.close();
  });
});
