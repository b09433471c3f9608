// The page of steps in a real browser: the rules in plain words, what was donated and held, and sponsors' pools.

import { expect } from "chai";
import { TreeWorkers } from "../../server/jobs/tree-workers.ts";
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
import { sealAndIndex } from "../support/publishing.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, type Shop, wanted } from "../support/shop.ts";
import { dayOf, daysAgo } from "../support/steps.ts";

const ROCKED = Array.from({ length: 24 }, (_, hour) => (hour >= 8 && hour < 14 ? 6_500 + hour * 31 : 0));
const YEAR_SECONDS = 31_536_000;

/** As the service lists a sponsor's pool. */
const poolOf = (charity: string, given: object = {}) => ({
  id: `0x${"5a".repeat(32)}`,
  terms: {
    sponsor: "Tea House Ltd",
    charity,
    currency: "CNY",
    rate: { steps: "5000", amount: "100" },
    dailyCap: "500000",
    startsAt: 1_700_000_000,
    endsAt: Math.floor(Date.now() / 1000) + YEAR_SECONDS,
  },
  funded: "100000000",
  used: "25000000",
  left: "75000000",
  steps: "1250000000",
  ...given,
});

const WORDS = {
  en: "At most 10,000 steps an hour count, and at most 50,000 a day.",
  id: "Paling banyak 10.000 langkah per jam yang terhitung, dan paling banyak 50.000 per hari.",
  "zh-CN": "每小时最多计 10,000 步，每天最多计 50,000 步。",
} as const;

describe("the page of steps", function () {
  this.timeout(120_000);
  let service: TestService;
  let shop: Shop;
  let empty: TestService;

  before(async () => {
    [service, empty] = await Promise.all([startTestService(), startTestService()]);
    shop = await openShop(service);
    const report = (person: string, given: object = {}) =>
      call(`${service.url}/v1/steps`, {
        key: shop.merchantKey,
        body: dayOf(person, daysAgo(1), { charity: shop.charities[0], ...given }),
      });
    for (const person of ["anna", "budi", "chen"]) await wanted(201, report(person));
    for (const person of ["dewi", "emil"]) await wanted(202, report(person, { hours: ROCKED }));
    const workers = new TreeWorkers(1);
    await sealAndIndex(service.sql, service.services.ledger, workers);
    await workers.stop();
  });
  after(() => Promise.all([service.stop(), empty.stop()]));

  for (const language of LANGUAGES)
    for (const [name, size] of Object.entries({ phone: PHONE, desk: DESK }))
      it(`tells how steps are counted, what was donated and held, and who pays for it, in ${language}, on a ${name}`, async () => {
        const look = { language, size, dark: name === "phone" };
        const { page, errors, close } = await openPage(`${service.url}/programmes`, look);
        const pools = [poolOf(shop.charities[0] as string), poolOf(shop.charities[0] as string, OVER)];
        await page.route("**/v1/pools?**", (route) => route.fulfill({ json: { items: pools, next: null } }));
        await page.goto(`${service.url}/steps`);
        await page.getByText(WORDS[language]).waitFor();
        await page.locator("tbody td").first().waitFor();
        await page
          .getByRole("link", { name: /Charity GB-CHC/ })
          .first()
          .waitFor();
        expect(await page.locator("tbody td").innerText()).to.match(/^33[.,]000$/);
        await page.locator(".held dd").first().waitFor();
        expect(await page.locator(".held dd").allInnerTexts()).to.deep.equal(["2", "0", "0", "0"]);
        expect(await page.locator(".pools li").count()).to.equal(2);
        await expectAccessible(page);
        await expectNoOverflow(page);
        await keepPicture(page, `steps-${language}-${name}`);
        expect(errors).to.deep.equal([]);
        await close();
      });

  const OVER = {
    id: `0x${"5b".repeat(32)}`,
    terms: { ...poolOf("").terms, charity: "GB-CHC-1-1", dailyCap: null, endsAt: 1_750_000_000 },
    left: "0",
    steps: "1",
  };

  it("leads to the published rules, each pool to its rate, what is left and its end", async () => {
    const { page, close } = await openPage(`${service.url}/programmes`);
    await page.route("**/v1/pools?**", (route) =>
      route.fulfill({ json: { items: [poolOf(shop.charities[0] as string)], next: null } }),
    );
    await page.goto(`${service.url}/steps`);
    const text = page.locator(".pools li");
    await text.getByText("CN¥1.00 for every 5,000 steps that are donated to").waitFor();
    expect(await text.innerText()).to.contain("CN¥750,000.00 of CN¥1,000,000.00 is left.");
    expect(await text.innerText()).to.contain(
      "1,250,000,000 steps were paid for so far. At most CN¥5,000.00 a day.",
    );
    const path = await page.locator('a[href^="/v1/documents/"]').getAttribute("href");
    expect((await call(`${service.url}${path}`)).body.format).to.equal("amanah-steps-rules/1");
    await close();
  });

  it("says what there is not yet: no steps, no pools, also where the service knows nothing of pools", async () => {
    const { page, close } = await openPage(`${empty.url}/steps`);
    await page.getByText("No steps have been donated yet.").waitFor();
    await page.getByText("No sponsor has put money aside yet.").waitFor();
    await page.getByText(WORDS.en).waitFor();
    await expectAccessible(page);
    await close();
  });
});
