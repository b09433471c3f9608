// The pages of merchants in a real browser: pledges in plain words, totals only where the shop shows them, a day that the
// shop recomputes with its key, and the badge to copy.

import { expect } from "chai";
import { TreeWorkers } from "../../server/jobs/tree-workers.ts";
import type { Completeness } from "../../server/programmes/completeness.ts";
import { checkDay } from "../../server/web/merchant/check-day.ts";
import type { Pledge } from "../../server/web/merchant/queries.ts";
import { snippetOf } from "../../server/web/merchant/snippets.ts";
import { byStanding, endOf, standingOf } from "../../server/web/merchant/standing.ts";
import {
  DESK,
  expectAccessible,
  expectNoOverflow,
  keepPicture,
  LANGUAGES,
  type Look,
  type OpenPage,
  openPage,
  PHONE,
} from "../support/browser.ts";
import { call } from "../support/client.ts";
import { recordTotalsOn, sealAndIndex } from "../support/publishing.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { keyFor, openShop, purchaseOf, type Shop, termsOf, wanted } from "../support/shop.ts";

const DAY = 86_400;

const PROMISE = {
  en: "1% of price and shipping of every sale in CNY goes to",
  id: "1% dari harga dan ongkos kirim setiap penjualan dalam CNY diberikan kepada",
  "zh-CN": "每笔 CNY 销售的价款和运费的 1% 捐给",
} as const;

describe("how a pledge stands", () => {
  const pledge = (given: Partial<Pledge>, terms: object = {}): Pledge =>
    ({ accepted: true, endedAt: null, terms: { startsAt: 100, endsAt: null, ...terms }, ...given }) as Pledge;

  it("is by its acceptance, its beginning and its end, whichever end comes first", () => {
    expect(standingOf(pledge({}), 99)).to.equal("toCome");
    expect(standingOf(pledge({}), 100)).to.equal("inForce");
    expect(standingOf(pledge({ accepted: false }), 100)).to.equal("waiting");
    expect(standingOf(pledge({}, { endsAt: 200 }), 200)).to.equal("past");
    const ended = pledge({ endedAt: new Date(150_000).toISOString() }, { endsAt: 200 });
    expect([standingOf(ended, 149), standingOf(ended, 150), endOf(ended)]).to.deep.equal([
      "inForce",
      "past",
      150,
    ]);
    expect(standingOf(pledge({ accepted: false }, { endsAt: 200 }), 300)).to.equal("past");
  });

  it("puts those in force first, and the newest of them first", () => {
    const all = [pledge({}, { endsAt: 150 }), pledge({}), pledge({}, { startsAt: 120 })];
    const groups = byStanding(all, 160);
    expect(groups.map(({ standing, pledges }) => [standing, pledges.length])).to.deep.equal([
      ["inForce", 2],
      ["past", 1],
    ]);
    expect(groups[0]!.pledges[0]!.terms.startsAt).to.equal(120);
  });
});

describe("a badge's line of HTML", () => {
  it("lets no name out of its attribute", () => {
    const text = snippetOf("image", "https://a.example", "tea", "en", `"><script>`);
    expect(text).to.contain('alt="&quot;&gt;&lt;script&gt;"').and.to.contain("/badges/tea.svg?lang=en");
  });
});

describe("the pages of merchants", function () {
  this.timeout(120_000);
  let service: TestService;
  let shop: Shop;
  let quiet: Shop;
  let workers: TreeWorkers;
  let day: string;

  const post = (path: string, body: object, key = service.operatorKey) =>
    call(`${service.url}${path}`, { key, body });

  before(async () => {
    service = await startTestService({ settings: { PUBLIC_URL: "" } });
    workers = new TreeWorkers(1);
    shop = await openShop(service, { charities: 2 });
    quiet = await openShop(service);
    const past = termsOf(shop.merchant, [shop.charities[0] as string], {
      share: { perItem: "150" },
      refunds: "merchant-bears",
      endsAt: "2025-06-01T00:00:00Z",
    });
    await wanted(201, post("/v1/pledges", past));
    for (const order of ["A-1", "A-2", "A-3"])
      await wanted(201, post("/v1/purchases", purchaseOf(shop.merchant, order)));
    await sealAndIndex(service.sql, service.services.ledger, workers);
    const today = Math.floor(Date.now() / 1000 / DAY);
    day = new Date(today * DAY * 1000).toISOString().slice(0, 10);
    await recordTotalsOn(service.sql, service.services.ledger, workers, (today + 1) * DAY);
    await wanted(200, post(`/v1/merchants/${shop.merchant}/totals/disclosure`, { shown: true }));
  });
  after(async () => {
    await workers.stop();
    await service.stop();
  });

  const visiting = async (path: string, look: Look, see: (opened: OpenPage) => Promise<void>) => {
    const opened = await openPage(`${service.url}${path}`, look);
    try {
      await see(opened);
    } finally {
      await opened.close();
    }
  };

  it("list the shops, and lead to each", () =>
    visiting("/merchants", { size: PHONE }, async ({ page, errors }) => {
      const inNavigation = page.locator("nav a[aria-current]");
      expect(await inNavigation.innerText()).to.equal("Merchants");
      await page.locator(`.merchants a[href="/merchants/${shop.merchant}"]`).click();
      await page.getByText(PROMISE.en).waitFor();
      expect(await inNavigation.getAttribute("aria-current")).to.equal("true");
      expect(await page.title()).to.match(/^Shop \d+ · Amanah$/);
      expect(errors).to.deep.equal([]);
    }));

  for (const language of LANGUAGES)
    for (const [name, size] of Object.entries({ phone: PHONE, desk: DESK }))
      it(`say in plain words what is promised, in ${language}, on a ${name}`, () =>
        visiting(
          `/merchants/${shop.merchant}`,
          { language, size, dark: name === "phone" },
          async ({ page, errors, hosts }) => {
            await page.getByText(PROMISE[language]).waitFor();
            await page.locator("table").waitFor();
            await page.locator(".days li").waitFor();
            await expectNoOverflow(page);
            await expectAccessible(page);
            await keepPicture(page, `merchant-${language}-${name}`);
            expect(errors).to.deep.equal([]);
            expect([...hosts]).to.deep.equal([new URL(service.url).host]);
          },
        ));

  it("name the donor in law, each charity with its part, the past pledge, and the terms that were hashed", () =>
    visiting(`/merchants/${shop.merchant}`, {}, async ({ page }) => {
      await page.getByText("In force").waitFor();
      await page.getByRole("link", { name: "Charity", exact: false }).first().waitFor();
      const text = await page.locator("main").innerText();
      expect(text).to.match(/The donor in law is Shop \d+/);
      expect(text).to.contain("(50% of it)").and.contain("its gift is taken back");
      expect(text).to.contain("CN¥1.50 goes to").and.contain("the merchant bears it");
      const terms = page.locator(`a[href="/v1/documents/${shop.pledge}"]`);
      expect(await terms.count()).to.equal(1);
      const { body } = await call(`${service.url}/v1/documents/${shop.pledge}`);
      expect(body.merchant).to.equal(shop.merchant);
    }));

  it("show what was given by charity where the shop shows it, and the batch of each day", () =>
    visiting(`/merchants/${shop.merchant}`, {}, async ({ page }) => {
      const rows = page.locator("tbody tr");
      await rows.first().waitFor();
      expect(await rows.count()).to.equal(2);
      const given = (await rows.locator("td:nth-child(2)").allInnerTexts()).map((text) =>
        Number(text.replace(/[^0-9]/g, "")),
      );
      // One percent of three sales of 13.50, rounded for each.
      expect(given[0]! + given[1]!).to.equal(42);
      const batch = await page.locator(".days a").getAttribute("href");
      const { notices } = (await call(`${service.url}/v1${batch}`)).body;
      const hash = await page.locator(".days code").innerText();
      expect(notices.map(({ content }: { content: string }) => content)).to.include(hash);
    }));

  it("keep the turnover of a shop to itself until it says otherwise, and say why", () =>
    visiting(`/merchants/${quiet.merchant}`, {}, async ({ page }) => {
      await page.getByText("This shop does not show its totals").waitFor();
      expect(await page.locator("table, .days").count()).to.equal(0);
      await expectAccessible(page);
      await page.getByText("Is this your shop?").click();
      await page.getByLabel("API key").fill(quiet.merchantKey);
      await page.getByRole("button", { name: "Show it to everyone" }).click();
      await page.getByText("Nothing has been given yet").waitFor();
      await page.getByRole("button", { name: "Show it to nobody" }).click();
      await page.getByText("This shop does not show its totals").waitFor();
    }));

  it("recompute a day for whoever has the shop's key, and refuse one who has not", () =>
    visiting(`/merchants/${shop.merchant}`, {}, async ({ page }) => {
      await page.getByText("Is this your shop?").click();
      await page.getByLabel("Day (UTC)").fill(day);
      await page.getByLabel("API key").fill(await keyFor(service, "merchant", quiet.merchant));
      await page.getByRole("button", { name: "Look at the day" }).click();
      await page.getByText("does not speak for merchant").waitFor();
      await page.getByLabel("API key").fill(shop.merchantKey);
      await page.getByRole("button", { name: "Look at the day" }).click();
      await page.getByText("this very total was published in").waitFor();
      const text = await page.locator(".own").innerText();
      expect(text).to.contain("3 purchases were recorded").and.contain("CN¥40.50 paid, CN¥0.42 given");
      await expectAccessible(page);
      await keepPicture(page, "merchant-day");
    }));

  it("tell a total that was changed, and one that was never published, from the published one", async () => {
    const path = `${service.url}/v1/merchants/${shop.merchant}/completeness?day=${day}`;
    const told: Completeness = await wanted(200, call(path, { key: shop.merchantKey }));
    const { notices } = (await call(`${service.url}/v1/batches/${told.batch}`)).body;
    expect(checkDay(told, notices)).to.equal("published");
    expect(checkDay(told, [])).to.equal("not-published");
    expect(checkDay({ ...told, total: { ...told.total, purchases: "2" } }, notices)).to.equal("altered");
    expect(checkDay({ ...told, total: { ...told.total, merchant: "other" } }, notices)).to.equal("altered");
  });

  it("show the badge, and copy its line of HTML", () =>
    visiting(`/merchants/${shop.merchant}`, {}, async ({ page, context }) => {
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      await page.getByRole("button", { name: "Copy (script)" }).click();
      await page.getByText("Copied.").waitFor();
      expect(await page.evaluate("navigator.clipboard.readText()")).to.equal(
        `<script src="${service.url}/badge.js" data-merchant="${shop.merchant}" data-lang="en" async></script>`,
      );
      const drawn = await page
        .locator("img.badge")
        .evaluate((image) => (image as HTMLImageElement).naturalWidth);
      expect(drawn).to.be.above(200);
    }));

  it("find a shop by any name that it may go by", async () => {
    const id = "tea@home:7.x";
    await wanted(201, post("/v1/merchants", { id, name: "Tea & <Home>" }));
    await visiting(`/merchants/${encodeURIComponent(id)}`, {}, async ({ page }) => {
      await page.getByRole("heading", { name: "Tea & <Home>", level: 1 }).waitFor();
      await page.getByText("This shop has promised nothing yet").waitFor();
      const drawn = page.locator("img.badge");
      expect(await drawn.evaluate((image) => (image as HTMLImageElement).naturalWidth)).to.be.above(200);
    });
  });

  it("say of a shop that is not known that it promises nothing here", () =>
    visiting("/merchants/nobody", { size: PHONE }, async ({ page }) => {
      await page.getByText("This shop is not known here").waitFor();
      await expectAccessible(page);
      await expectNoOverflow(page);
    }));

  it("say that there is no connection, and try again", () =>
    visiting("/merchants", {}, async ({ page }) => {
      await page.locator(".merchants a").first().waitFor();
      await page.route("**/v1/**", (route) => route.abort());
      await page.locator(".merchants a").first().click();
      await page.getByText("No connection").waitFor({ timeout: 30_000 });
      await expectAccessible(page);
      await page.unroute("**/v1/**");
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByText("What the shop promises").waitFor();
    }));

  it("say that no shop takes part yet", async () => {
    const empty = await startTestService();
    const { page, close } = await openPage(`${empty.url}/merchants`);
    await page.getByText("No shop takes part yet").waitFor();
    await expectAccessible(page);
    await close();
    await empty.stop();
  });
});
