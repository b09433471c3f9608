// Lists that the visitor reads on, in a real browser: page by page to their end, empty, and without a connection. A page of
// one item stands for a page of many.

import { expect } from "chai";
import type { Page, Route } from "playwright-core";
import { expectAccessible, LANGUAGES, type OpenPage, openPage, PHONE } from "../support/browser.ts";
import { type PlayedLedger, playedLedger } from "../support/played-ledger.ts";
import { textsOf } from "./page-texts.ts";

const ASKED = /\/v1\/[^?]+\?limit=/;
const FURTHER = /\/v1\/[^?]+\?limit=\d+&after=/;

/** Each list: its address, its texts, what its button says, and where its items are found. */
const LISTS = [
  { path: "/batches", texts: "batches", more: "list.older", items: ".batches > li > a", isEmpty: false },
  { path: "/merchants", texts: "merchant", more: "list.more", items: ".merchants > li > a", isEmpty: false },
  { path: "/shops", texts: "shops", more: "list.more", items: ".merchants > li > a", isEmpty: true },
  { path: "/reports", texts: "reports", more: "list.older", items: ".reports > li > a", isEmpty: true },
] as const;

describe("a list that pages", function () {
  this.timeout(120_000);
  let played: PlayedLedger;
  let opened: OpenPage;

  before(async () => {
    played = await playedLedger();
  });
  beforeEach(async () => {
    opened = await openPage(`${played.service.url}/programmes`, { size: PHONE });
  });
  afterEach(() => opened.close());

  const oneByOne = (route: Route) =>
    route.continue({
      url: route
        .request()
        .url()
        .replace(/limit=\d+/, "limit=1"),
    });

  const addressesIn = (page: Page, items: string) =>
    page.locator(items).evaluateAll((links) => links.map((link) => link.getAttribute("href")));

  for (const { path, texts, more, items, isEmpty } of LISTS) {
    const say = textsOf("en", texts);

    it(`says that no connection is there at ${path}, and shows the list once there is one`, async () => {
      const { page } = opened;
      await page.route(ASKED, (route) => route.abort());
      await page.goto(`${played.service.url}${path}`);
      await page.getByRole("alert").waitFor();
      await expectAccessible(page);
      await page.unroute(ASKED);
      await page.getByRole("button", { name: textsOf("en", "shell")("states.retry") }).click();
      await (isEmpty ? page.getByText(say("list.none")) : page.locator(items).first()).waitFor();
      expect(await page.getByRole("alert").count()).to.equal(0);
      expect(await page.getByRole("button", { name: say(more) }).count()).to.equal(0);
    });
  }

  it("leads page by page to its end, over each item once and in order", async () => {
    const { page } = opened;
    const [{ path, items, texts, more }] = LISTS;
    await page.goto(`${played.service.url}${path}`);
    await page.locator(items).first().waitFor();
    const all = await addressesIn(page, items);
    expect(all.length).to.be.above(2);
    await page.route(ASKED, oneByOne);
    await page.reload();
    for (let read = 1; read < all.length; read++) {
      await page
        .locator(items)
        .nth(read - 1)
        .waitFor();
      expect(await addressesIn(page, items)).to.deep.equal(all.slice(0, read));
      const button = page.getByRole("button", { name: textsOf("en", texts)(more) });
      await button.focus();
      await page.keyboard.press("Enter");
      if (read === 1) {
        await page.locator(items).nth(read).waitFor();
        expect(await button.evaluate((node) => node === document.activeElement)).to.equal(true);
      }
    }
    await page
      .locator(items)
      .nth(all.length - 1)
      .waitFor();
    expect(await addressesIn(page, items)).to.deep.equal(all);
  });

  for (const language of LANGUAGES)
    it(`keeps what was read when the next page does not come, says so and reads on: ${language}`, async () => {
      const [{ path, items, texts, more }] = LISTS;
      const [say, ofShell] = [textsOf(language, texts), textsOf(language, "shell")];
      const visit = await openPage(`${played.service.url}/programmes`, { size: PHONE, language });
      const { page } = visit;
      await page.route(ASKED, oneByOne);
      await page.goto(`${played.service.url}${path}`);
      await page.locator(items).first().waitFor();
      await page.route(FURTHER, (route) => route.abort());
      await page.getByRole("button", { name: say(more) }).click();
      await page.getByRole("alert").getByText(ofShell("states.noAnswer")).waitFor();
      await expectAccessible(page);
      expect(await addressesIn(page, items)).to.have.length(1);
      expect(await page.getByRole("button", { name: say(more) }).count()).to.equal(0);
      await page.unroute(FURTHER);
      await page.getByRole("button", { name: ofShell("states.retry") }).click();
      await page.locator(items).nth(1).waitFor();
      expect(await page.getByRole("alert").count()).to.equal(0);
      await page.getByRole("button", { name: say(more) }).waitFor();
      await visit.close();
    });
});
