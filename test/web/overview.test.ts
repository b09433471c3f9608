// The overview in a real browser: figures that are those of the ledger, live, never falling, and honest about a lost
// connection; in every language, on a phone and a desk, light and dark.

import { expect } from "chai";
import type { Page } from "playwright-core";
import {
  DESK,
  expectAccessible,
  expectNoOverflow,
  keepPicture,
  LANGUAGES,
  openPage,
  PHONE,
} from "../support/browser.ts";
import { give } from "../support/charity.ts";
import { type PlayedLedger, playLedger } from "../support/played-ledger.ts";
import { startTestService } from "../support/service.ts";

const GIVEN = { en: "CN¥275.00", id: "CN¥275,00", "zh-CN": "¥275.00" } as const;

describe("the overview", function () {
  this.timeout(120_000);
  let played: PlayedLedger;

  before(async () => {
    played = await playLedger();
    await claim();
  });
  after(() => played.service.stop());

  const at = () => `${played.service.url}/`;
  const mark = (page: Page, name: string) => page.locator(`[data-mark="${name}"]`).first();
  const spaced = (text: string | null) => (text ?? "").replaceAll(/\s/g, " ");
  const isLive = (page: Page) => page.locator(".live-live").waitFor();

  /** On a phone, too, a date is not broken at every word. */
  async function expectReadableDates(page: Page): Promise<void> {
    const lines = await page.locator("td.closed").evaluateAll((cells) =>
      cells.map((cell) => {
        const text = document.createRange();
        text.selectNodeContents(cell);
        return new Set([...text.getClientRects()].map(({ top }) => top)).size;
      }),
    );
    expect(lines).to.have.length(4);
    expect(Math.max(...lines)).to.be.at.most(2);
  }

  /** A payout by bank that was recorded three days ago and that the charity has not signed for. */
  async function claim(): Promise<void> {
    const { sql } = played.service;
    const [run] =
      await sql`INSERT INTO settlement_runs (asked_by, state) VALUES ('operator', 'done') RETURNING id`;
    await sql`
      INSERT INTO payouts (run, line, rail, "from", upto, net_from, net_to, state, paid_at)
      SELECT ${run!.id}, id, 'bank', 20000, 21000, 0, 0, 'paid', now() - interval '3 days' FROM lines LIMIT 1`;
  }

  for (const language of LANGUAGES)
    it(`shows what was given and how far it has come, to whoever reads ${language}`, async () => {
      const { page, errors, hosts, close } = await openPage(at(), { language, size: PHONE });
      await isLive(page);
      await page.locator(".chart .area-spent").waitFor();
      expect(spaced(await mark(page, "given").textContent())).to.equal(GIVEN[language]);
      expect(await page.title()).to.contain("Amanah");
      await expectAccessible(page);
      await expectNoOverflow(page);
      await expectReadableDates(page);
      await keepPicture(page, `overview-${language}-360`);
      await page.setViewportSize(DESK);
      await expectNoOverflow(page);
      await keepPicture(page, `overview-${language}-1280`);
      expect([...hosts]).to.deep.equal([new URL(at()).host]);
      expect(errors).to.deep.equal([]);
      await close();
    });

  it("can be read in the dark", async () => {
    const { page, close } = await openPage(at(), { size: PHONE, dark: true });
    await isLive(page);
    await page.locator(".chart .area-spent").waitFor();
    await expectAccessible(page);
    await keepPicture(page, "overview-en-360-dark");
    await page.setViewportSize(DESK);
    await keepPicture(page, "overview-en-1280-dark");
    await close();
  });

  it("leads to one's own receipt first, and to each of the newest batches", async () => {
    const { page, close } = await openPage(at());
    await isLive(page);
    expect(await page.locator("main a").first().getAttribute("href")).to.equal("/verify");
    const links = await page
      .locator('main a[href^="/batches/"]')
      .evaluateAll((all) => all.map((a) => a.getAttribute("href")));
    expect(links).to.deep.equal(["/batches/4", "/batches/3", "/batches/2", "/batches/1"]);
    await close();
  });

  it("tells of the oldest payout that nobody has signed for, as the operator's claim", async () => {
    const { page, close } = await openPage(at());
    const told = page.locator(".oldest-claim");
    await told.locator("strong").waitFor();
    const text = spaced(await told.textContent());
    expect(text).to.contain("CN¥10.00").and.contain(played.charity.registration).and.contain("3 days ago");
    expect(text).to.contain("that is the operator's claim");
    await close();
  });

  it("gives the chart's figures in a table as well", async () => {
    const { page, close } = await openPage(at(), { size: PHONE });
    await page.locator("details summary").click();
    const cells = page.locator("details td");
    await cells.first().waitFor();
    const texts = (await cells.allTextContents()).map(spaced);
    expect(texts).to.include("CN¥275.00").and.include("CN¥140.00");
    await expectNoOverflow(page);
    await expectAccessible(page);
    await close();
  });

  it("shows a gift as it comes, and no figure ever falls meanwhile", async () => {
    const { page, close } = await openPage(at());
    await isLive(page);
    await page.evaluate(`
      window.seen = [];
      const figure = document.querySelector('[data-mark="given"]');
      const note = () => window.seen.push(Number(figure.textContent.replace(/[^0-9]/g, "")));
      note();
      new MutationObserver(note).observe(figure, { childList: true, characterData: true, subtree: true });`);
    await give(played.service, played.charity, [1_000]);
    await give(played.service, played.charity, [2_500]);
    await page.locator('[data-mark="given"]', { hasText: "310.00" }).waitFor();
    const seen = (await page.evaluate("window.seen")) as number[];
    expect(seen.at(0)).to.equal(27_500);
    expect(seen.at(-1)).to.equal(31_000);
    expect(seen).to.deep.equal(seen.toSorted((a, b) => a - b));
    await page.locator('[data-figure="minute"]').filter({ hasNotText: /^0$/ }).waitFor();
    await close();
  });

  it("asks every few seconds where events do not come through, and shows nothing smaller than before", async () => {
    const { page, context, close } = await openPage("about:blank");
    await context.route("**/v1/overview/stream", (route) => route.fulfill({ status: 503, body: "{}" }));
    await page.goto(at());
    await page.locator(".live-asking").waitFor();
    await mark(page, "given").waitFor();
    const before = await mark(page, "given").textContent();
    await context.route("**/v1/overview", async (route) => {
      const answer = await (await route.fetch()).json();
      answer.units[0].given = "1";
      await route.fulfill({ json: answer });
    });
    await page.waitForResponse("**/v1/overview");
    await page.waitForResponse("**/v1/overview");
    expect(await mark(page, "given").textContent()).to.equal(before);
    await close();
  });

  it("says that there is no connection: at the start with a way to try again, later beside the last figures", async () => {
    const { page, context, close } = await openPage("about:blank");
    await context.route("**/v1/overview**", (route) => route.abort());
    await page.goto(at());
    await page.getByRole("alert").waitFor();
    await expectAccessible(page);
    await keepPicture(page, "overview-no-connection-360");
    await context.unroute("**/v1/overview**");
    await page.getByRole("button", { name: "Try again" }).click();
    await mark(page, "given").waitFor();
    await context.route("**/v1/overview**", (route) => route.abort());
    await page.locator(".live-none").waitFor();
    expect(spaced(await mark(page, "given").textContent())).to.contain("CN¥");
    await close();
  });

  it("of a ledger without gifts says so, and shows no empty chart", async () => {
    const empty = await startTestService();
    const { page, close } = await openPage(`${empty.url}/`, { size: PHONE });
    await page.getByText("Nothing has been given yet").waitFor();
    expect(await page.locator(".chart").count()).to.equal(0);
    await expectAccessible(page);
    await keepPicture(page, "overview-empty-360");
    await close();
    await empty.stop();
  });
});
