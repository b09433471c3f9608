// The pages of philanthropy reports in a real browser: every figure leads to what proves it, in every language, on a phone and
// at a desk; and a report that the site has tampered with is told.

import { expect } from "chai";
import type { Page } from "playwright-core";
import { durationText, periodText, shareText } from "../../server/web/reports/words.ts";
import {
  DESK,
  expectAccessible,
  expectNoOverflow,
  keepPicture,
  type Look,
  type OpenPage,
  openPage,
  PHONE,
} from "../support/browser.ts";
import { type Made, makeReport, type Philanthropy, playPhilanthropy } from "../support/philanthropy.ts";

describe("the pages of philanthropy reports", function () {
  this.timeout(120_000);
  let played: Philanthropy;
  let made: Made;

  before(async () => {
    played = await playPhilanthropy();
    made = await makeReport(played, played.begun);
  });
  after(() => played.service.stop());

  const visiting = async (path: string, look: Look, see: (opened: OpenPage) => Promise<void>) => {
    const opened = await openPage(`${played.service.url}${path}`, look);
    try {
      await see(opened);
    } finally {
      await opened.close();
    }
  };

  /** Links within the page that lead nowhere. */
  const deadAnchors = (page: Page) =>
    page.evaluate(
      `[...document.querySelectorAll('.report a[href^="#"]')].map((link) => link.getAttribute("href").slice(1))
        .filter((id) => document.getElementById(id) === null)`,
    );

  async function look(page: Page, picture: string): Promise<void> {
    await page.locator(".proofs").waitFor();
    await page.locator(".good").waitFor();
    await expectNoOverflow(page);
    await expectAccessible(page);
    await keepPicture(page, picture);
  }

  it("lead from the list to a report, on a phone, and each figure there to its proof", () =>
    visiting("/reports", { size: PHONE }, async ({ page, errors, hosts }) => {
      await page.locator(".reports a").first().waitFor();
      await expectNoOverflow(page);
      await expectAccessible(page);
      await keepPicture(page, "reports-phone");
      await page.locator(".reports a").first().click();
      await look(page, "report-phone-en");
      const text = await page.locator(".report").innerText();
      for (const said of ["CN¥317.00", "63%", "44.1%", "Goods for Good", "35.000001", "42", "Yunnan"])
        expect(text).to.contain(said);
      expect(await deadAnchors(page)).to.deep.equal([]);
      await page.locator(`.shares a`).first().click();
      await page.locator("#proof-contract:target").waitFor();
      expect(await page.locator("#proof-contract").innerText()).to.contain(made.report.asOf.hash);
      expect([errors, hosts.size]).to.deep.equal([[], 1]);
    }));

  it("read well in Chinese at a desk, in the dark, and on paper", () =>
    visiting(
      `/reports/${made.hash}`,
      { language: "zh-CN", size: DESK, dark: true },
      async ({ page, errors }) => {
        await look(page, "report-desk-zh-dark");
        await page.locator("select.language, .language select, .language").first().selectOption("id");
        await page.getByText("Laporan filantropi").first().waitFor();
        await look(page, "report-desk-id-dark");
        await page.setViewportSize(PHONE);
        await look(page, "report-phone-id-dark");
        await page.emulateMedia({ media: "print", colorScheme: "light" });
        await keepPicture(page, "report-print-id");
        expect(errors).to.deep.equal([]);
      },
    ));

  it("tell when what the site sends does not have the report's hash, or when there is none", () =>
    visiting("/reports", {}, async ({ page }) => {
      const other = { ...made.report, ledger: `0x${"00".repeat(32)}` };
      await page.route(`**/v1/philanthropy-reports/${made.hash}`, (route) => route.fulfill({ json: other }));
      await page.goto(`${played.service.url}/reports/${made.hash}`);
      await page.locator(".head .failed").waitFor();
      await page.goto(`${played.service.url}/reports/0x${"ab".repeat(32)}`);
      await page.getByText("There is no report of this hash.").waitFor();
      await page.route("**/v1/philanthropy-reports?**", (route) => route.abort());
      await page.goto(`${played.service.url}/reports`);
      await page.getByRole("alert").waitFor();
    }));
});

describe("the words of philanthropy reports", () => {
  it("name whole days, the last of them in it, and other periods to the minute", () => {
    expect(periodText(1_788_220_800, 1_788_825_600, "en")).to.match(/September 1\s–\s7, 2026 \(UTC\)/);
    expect(periodText(1_788_220_860, 1_788_825_600, "en")).to.match(/12:01\sAM.*September 8, 2026/);
  });

  it("never show as all what is not all", () => {
    expect(shareText("99999999", "100000000", "en")).to.equal("99.9%");
    expect(shareText("1", "1", "en")).to.equal("100%");
    expect(shareText("0", "0", "en")).to.equal(null);
  });

  it("tell a length of time in its two largest units", () => {
    const told = ["0", "59", "60", "3661", "93784"].map((seconds) => durationText(seconds, "en"));
    expect(told).to.deep.equal(["0 sec", "59 sec", "1 min", "1 hr 1 min", "1 day 2 hr"]);
  });
});
