// The page of a charity's own shop in a real browser: its goods, what it has given, and what that comes to beside what the
// charity has reported; the receipt of a sale, which says how many lunches it is; and pledges for single products.

import { expect } from "chai";
import { TreeWorkers } from "../../server/jobs/tree-workers.ts";
import type { Terms } from "../../server/programmes/terms.ts";
import { pieceGives } from "../../server/web/shops/comes-to.ts";
import type { Good, ShopPledge } from "../../server/web/shops/queries.ts";
import { portionNumber, portionsIn } from "../../server/web/units/portions.ts";
import { terms } from "../programmes/making.ts";
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
import { acknowledge, type Charity, charityPath, openCharity, pay, sign } from "../support/charity.ts";
import { type Answer, call } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { sealAndIndex } from "../support/publishing.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { COMPLETED, LONG_AGO, termsOf, wanted } from "../support/shop.ts";
import { textsOf } from "./page-texts.ts";

const OWN = {
  programme: "charity-shop",
  share: undefined,
  outcome: { what: "lunch", unit: "MEAL", costs: "400" },
};
const THREE_AND_A_QUARTER = {
  en: "3 1/4 lunches",
  id: "3 1/4 makan siang",
  "zh-CN": "3 1/4 份午餐",
} as const;

const TWO = { en: "2 lunches", id: "2 makan siang", "zh-CN": "2 份午餐" } as const;

describe("what a piece of a shop's goods gives", () => {
  const good: Good = { product: "tea", title: "Tea", currency: "CNY", price: "1300", outcome: null };
  const pledge = (given: object = {}): ShopPledge => ({
    ...{ id: "0x", accepted: true, endedAt: null, gifts: "0", given: "0", reversed: "0" },
    terms: terms({ ...OWN, ...given }) as Terms,
  });
  const now = Date.now() / 1000;

  it("is its price's share under the pledge in force, and so many lunches", () => {
    expect(pieceGives(good, [pledge()], now)).to.deep.equal({
      amount: 1300n,
      portions: { what: "lunch", whole: "3", numerator: "1", denominator: "4" },
    });
    expect(pieceGives(good, [pledge({ share: { basisPoints: 5000 } })], now)?.amount).to.equal(650n);
  });

  it("is nothing without a pledge that is in force, of its currency and for its product", () => {
    const none = [
      { ...pledge(), accepted: false },
      pledge({ currency: "JPY" }),
      pledge({ items: ["cups"] }),
      pledge({ endsAt: "2025-06-01T00:00:00Z" }),
    ];
    expect(pieceGives(good, none, now)).to.equal(null);
  });
});

describe("a number of portions", () => {
  const portions = (whole: string, numerator: string, denominator: string) => ({
    ...{ what: "lunch", whole, numerator, denominator },
  });

  it("is written as whole and fraction, neither where it is nothing", () => {
    expect(portionNumber(portions("3", "1", "4"), "en")).to.equal("3 1/4");
    expect(portionNumber(portions("0", "1", "4"), "en")).to.equal("1/4");
    expect(portionNumber(portions("12000", "0", "1"), "en")).to.equal("12,000");
  });

  it("is read from details that hold whole numbers, and from no others", () => {
    const details = { outcome: "lunch", outcomeWhole: "3", outcomeNumerator: "1", outcomeDenominator: "4" };
    expect(portionsIn(details)).to.deep.equal(portions("3", "1", "4"));
    for (const outcomeWhole of ["3.5", 3, "", "-1", undefined])
      expect(portionsIn({ ...details, outcomeWhole })).to.equal(null);
  });
});

describe("the page of a charity's own shop", function () {
  this.timeout(120_000);
  let service: TestService;
  let charity: Charity;
  let workers: TreeWorkers;
  let receipt: Answer["body"];

  const post = (path: string, body: object, key = service.operatorKey) =>
    call(`${service.url}${path}`, { key, body });

  const shop = "lunch-shop";
  const sell = async (order: string, product: string) => {
    const body = { merchant: shop, order, completedAt: COMPLETED, currency: "CNY", items: [{ product }] };
    return (await wanted(201, post("/v1/sales", body))).receipts[0];
  };

  before(async () => {
    const settings = { PUBLIC_URL: "", PROVE_EVERY_SECONDS: "0", SETTLE_EVERY_SECONDS: "0" };
    service = await startTestService({ chain: true, settings });
    workers = new TreeWorkers(1);
    charity = await openCharity(service);
    await wanted(201, post("/v1/merchants", { id: shop, name: "The lunch shop" }));
    const { id } = await wanted(201, post("/v1/pledges", termsOf(shop, [charity.registration], OWN)));
    await wanted(200, post(`/v1/pledges/${id}/acceptance`, {}, charity.key));
    const { id: items } = await wanted(
      201,
      post("/v1/pledges", termsOf(charity.merchant, [charity.registration], { items: ["cups", "tea"] })),
    );
    await wanted(200, post(`/v1/pledges/${items}/acceptance`, {}, charity.key));
    for (const [product, title, price, outcome] of [
      [
        "tea",
        "Green tea from Yunnan, first picking, in a tin",
        "1300",
        "Three lunches, and a bit of a fourth",
      ],
      ["card", "A card", "100", undefined],
    ] as const)
      await wanted(
        201,
        post(`/v1/shops/${shop}/goods`, { product, title, currency: "CNY", price, outcome, from: LONG_AGO }),
      );
    receipt = await sell("L-1", "tea");
    await sealAndIndex(service.sql, service.services.ledger, workers);
    await report();
  });
  after(async () => {
    await workers.stop();
    await service.stop();
  });

  /** The charity has the money, has signed for it, and says that it became two lunches. */
  async function report(): Promise<void> {
    const mark = (name: string) =>
      eventually(name, async () => {
        const { body } = await call(
          `${service.url}/v1/lines/${encodeURIComponent(charity.registration)}/CNY`,
        );
        return body.watermarks[name] === "1300";
      });
    await mark("given");
    await pay(service, charity, 0n, 1_300n);
    await mark("paid");
    await wanted(201, acknowledge(service, charity));
    await mark("acknowledged");
    const bought = [
      { what: "Lunches", count: "2", measure: "plates" },
      { what: "rice", count: "1", measure: "kg" },
    ];
    const part = {
      from: "0",
      upTo: "1300",
      project: "Lunches",
      place: { country: "CN", name: "Yunnan" },
      bought,
    };
    const path = charityPath(service, charity, "/disbursements");
    const body = { unit: "CNY", from: "0", upTo: "1300", parts: [part] };
    const { hash, typedData } = await wanted(201, call(path, { key: charity.key, body }));
    const unsigned = await wanted(200, call(`${service.url}/v1/shops/${shop}`));
    expect(unsigned.outcomes[0].served, "what is only reported, and not signed").to.equal("0");
    const signature = await sign(charity.signer, typedData);
    await wanted(
      201,
      call(`${path}/${hash}/signature`, { key: charity.key, body: { typedData, signature } }),
    );
    await mark("spent");
  }

  const visiting = async (path: string, look: Look, see: (opened: OpenPage) => Promise<void>) => {
    const opened = await openPage(`${service.url}${path}`, look);
    try {
      await see(opened);
    } finally {
      await opened.close();
    }
  };

  for (const language of LANGUAGES)
    it(`shows goods, proceeds, and lunches reached beside lunches served, in ${language}, on a phone`, () =>
      visiting(`/shops/${shop}`, { size: PHONE, language }, async ({ page, errors }) => {
        await page.locator(".pair .figure").first().waitFor();
        const figures = await page.locator(".pair .figure").allInnerTexts();
        expect(figures).to.deep.equal([THREE_AND_A_QUARTER[language], TWO[language]]);
        await page.getByText("Green tea from Yunnan").waitFor();
        await page.getByText(THREE_AND_A_QUARTER[language]).nth(1).waitFor();
        await page.getByText(textsOf(language, "shops")("goods.title")).first().waitFor();
        await expectNoOverflow(page);
        await expectAccessible(page);
        await keepPicture(page, `shop-${language}-phone`);
        expect(errors).to.deep.equal([]);
      }));

  it("fits a desk in the dark, is listed, and says so of what is no shop", () =>
    visiting("/shops", { size: DESK, dark: true }, async ({ page, errors }) => {
      await page.locator(`a[href="/shops/${shop}"]`).click();
      await page.locator(".pair .figure").first().waitFor();
      await page.locator(".pledges .promise").first().waitFor();
      await expectNoOverflow(page);
      await expectAccessible(page);
      await keepPicture(page, "shop-desk-dark");
      expect(errors).to.deep.equal([]);
      await page.goto(`${service.url}/shops/${charity.merchant}`);
      await page.getByText(textsOf("en", "shops")("unknown.title")).waitFor();
    }));

  for (const language of LANGUAGES)
    it(`leads from a receipt to how many lunches it is, and to its recomputed amount, in ${language}`, () =>
      visiting(`/r/${receipt.id}#${receipt.key}`, { size: PHONE, language }, async ({ page, errors }) => {
        await page.locator(".comes-to").waitFor();
        expect(await page.locator(".comes-to").innerText()).to.contain(THREE_AND_A_QUARTER[language]);
        for (const step of ["terms", "amount", "noticed"])
          await page.locator(`[data-step="${step}"][data-state="passed"]`).waitFor();
        await expectNoOverflow(page);
        await keepPicture(page, `shop-receipt-${language}`);
        expect(errors).to.deep.equal([]);
      }));

  it("says of a pledge for single products which these are", () =>
    visiting(`/merchants/${charity.merchant}`, { size: PHONE }, async ({ page }) => {
      await page.getByText(textsOf("en", "merchant")("pledges.items", { items: "cups, tea" })).waitFor();
      await expectNoOverflow(page);
    }));
});
