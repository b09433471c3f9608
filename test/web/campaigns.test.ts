// The pages of campaigns in a real browser: totals that rise as gifts are recorded, goals in plain words, honest about what
// was taken back; in every language, on a phone and a desk, light and dark.

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
import { call } from "../support/client.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, purchaseOf, type Shop, wanted } from "../support/shop.ts";

const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();

const WORDS = {
  en: ["CN¥93,612.50", "23,403 of 50,000 lunches"],
  id: ["CN¥93.612,50", "23.403 dari 50.000 lunches"],
  "zh-CN": ["¥93,612.50", "lunches：23,403 / 50,000"],
} as const;

describe("the pages of campaigns", function () {
  this.timeout(180_000);
  let service: TestService;
  let shop: Shop;

  before(async () => {
    service = await startTestService({ settings: { PUBLIC_URL: "" } });
    shop = await openShop(service, { terms: { share: { basisPoints: 1000 }, refunds: "reverse" } });
    await wanted(200, post(`/v1/merchants/${shop.merchant}/totals/disclosure`, { shown: true }));
    await make("past", {
      title: "Running tracks for Yunnan",
      programmes: ["steps"],
      merchants: null,
      goals: [],
    });
    await wanted(200, post("/v1/campaigns/past/end", {}));
    await make("week");
    await buy("first", "93612500");
  });
  after(() => service.stop());

  const post = (path: string, body: object, key = service.operatorKey) =>
    call(`${service.url}${path}`, { key, body });

  const make = (id: string, given: object = {}) =>
    wanted(
      201,
      post("/v1/campaigns", {
        id,
        title: "Nine days of giving: a warm lunch for every child in the mountains",
        ...{ startsAt: inDays(-2), endsAt: inDays(3.5) },
        programmes: ["goods-for-good", "charity-shop"],
        ...{ charities: shop.charities, merchants: [shop.merchant] },
        goals: [
          { what: "outcome", name: "lunches", unit: "CNY", costs: "400", count: 50_000 },
          { what: "outcome", name: "metres of running track", unit: "CNY", costs: "20000", count: 400 },
          { what: "money", unit: "CNY", amount: "20000000" },
          { what: "line", unit: "STEP", amount: "5000000" },
        ],
        ...given,
      }),
    );

  const buy = (order: string, price: string) => {
    const items = [{ item: "1", price }];
    const purchase = purchaseOf(shop.merchant, order, { completedAt: inDays(-0.1), items });
    return wanted(201, post("/v1/purchases", purchase, shop.merchantKey));
  };

  const refund = (order: string) =>
    wanted(
      201,
      post(
        "/v1/refunds",
        { merchant: shop.merchant, refund: `r-${order}`, order, refundedAt: inDays(0) },
        shop.merchantKey,
      ),
    );

  const spaced = (text: string | null) => (text ?? "").replaceAll(/\s/g, " ");
  const shows = (page: Page, text: string) =>
    page.waitForFunction(
      (wanted) => (document.querySelector("main")?.textContent ?? "").replaceAll(/\s/g, " ").includes(wanted),
      text,
    );

  async function look(page: Page, name: string): Promise<void> {
    for (const [size, width] of [
      [PHONE, 360],
      [DESK, 1280],
    ] as const) {
      await page.setViewportSize(size);
      await expectNoOverflow(page);
      await expectAccessible(page);
      await keepPicture(page, `${name}-${width}`);
    }
  }

  it("show what was given, how far the goals are and what counts, in every language, as it happens", async () => {
    const { page, errors, hosts, close } = await openPage(`${service.url}/campaigns/week`, { size: PHONE });
    await page.locator(".live-live").waitFor();
    expect(await page.title()).to.contain("Nine days of giving");
    for (const language of LANGUAGES) {
      await page.locator(".language").selectOption(language);
      for (const words of WORDS[language]) await shows(page, words);
      expect(await page.locator(".pill").getAttribute("data-state")).to.equal("running");
      await look(page, `campaign-${language}`);
    }
    await page.locator(".language").selectOption("en");
    await shows(page, "given by 1 gift");
    await buy("second", "1000");
    await shows(page, "CN¥93,613.50");
    await refund("second");
    await shows(page, "CN¥1.00 of it was taken back by refunds");
    expect(spaced(await page.locator(".sum-figure").textContent())).to.equal("CN¥93,613.50");
    await shows(page, "23,403 of 50,000 lunches");
    expect(await page.locator("main").textContent()).to.contain("468 of 400 metres of running track");
    await shows(page, "Goal reached");
    expect(await page.locator(`a[href="/merchants/${shop.merchant}"]`).textContent()).to.match(/^Shop /);
    expect([...hosts]).to.deep.equal([new URL(service.url).host]);
    expect(errors).to.deep.equal([]);
    await close();
  });

  it("list campaigns, are read in the dark, and say so when there is nothing, an end or no connection", async () => {
    const { page, close } = await openPage(`${service.url}/campaigns`, { size: PHONE, dark: true });
    await page.locator(".campaigns li").nth(1).waitFor();
    expect(await page.locator(".campaigns h2 a").allTextContents()).to.have.length(2);
    await look(page, "campaigns-en-dark");
    await page.locator(".campaigns h2 a").first().click();
    await page.locator(".live-live").waitFor();
    await look(page, "campaign-en-dark");
    await page.goto(`${service.url}/campaigns/past`);
    await shows(page, "Ended early");
    await shows(page, "Nothing has been given yet");
    await page.goto(`${service.url}/campaigns/none`);
    await shows(page, "There is nothing here");
    await page.route("**/v1/campaigns**", (route) => route.abort());
    await page.goto(`${service.url}/campaigns`);
    await shows(page, "No connection");
    await page.unroute("**/v1/campaigns**");
    await page.route("**/v1/campaigns/**", (route) => route.abort());
    await page.goto(`${service.url}/campaigns/week`);
    await shows(page, "No connection");
    await close();
  });
});
