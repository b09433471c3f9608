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
const DAY_MS = 86_400_000;

/** A sponsor's terms, from yesterday until in so many days. */
const poolOf = (charity: string, days: number, given: object = {}) => ({
  sponsor: "Tea House Ltd",
  charity,
  currency: "CNY",
  rate: { steps: "5000", amount: "100" },
  dailyCap: "500000",
  startsAt: new Date(Date.now() - 9 * DAY_MS).toISOString(),
  endsAt: new Date(Date.now() + days * DAY_MS).toISOString(),
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
    const [charity] = shop.charities as [string];
    const post = (path: string, body: object, key = service.operatorKey) =>
      call(`${service.url}${path}`, { key, body });
    const workers = new TreeWorkers(1);
    const seal = () => sealAndIndex(service.sql, service.services.ledger, workers);
    const { id } = await wanted(201, post("/v1/pools", poolOf(charity, 30)));
    await wanted(200, post(`/v1/pools/${id}/acceptance`, {}, shop.charityKeys[0]));
    await wanted(201, post(`/v1/pools/${id}/funding`, { amount: "100000000", reference: "F-1" }));
    await wanted(201, post("/v1/pools", poolOf(charity, -1, { sponsor: "Coffee House", dailyCap: null })));
    await seal();
    const report = (person: string, given: object = {}) =>
      post("/v1/steps", dayOf(person, daysAgo(1), { charity, ...given }), shop.merchantKey);
    for (const person of ["anna", "budi", "chen"]) await wanted(201, report(person));
    for (const person of ["dewi", "emil"]) await wanted(202, report(person, { hours: ROCKED }));
    await seal();
    await workers.stop();
    const paidFor = async () => (await call(`${service.url}/v1/pools/${id}`)).body.steps;
    while ((await paidFor()) !== "33000") await new Promise((resolve) => setTimeout(resolve, 20));
  });
  after(() => Promise.all([service.stop(), empty.stop()]));

  for (const language of LANGUAGES)
    for (const [name, size] of Object.entries({ phone: PHONE, desk: DESK }))
      it(`tells how steps are counted, what was donated and held, and who pays for it, in ${language}, on a ${name}`, async () => {
        const look = { language, size, dark: name === "phone" };
        const { page, errors, close } = await openPage(`${service.url}/steps`, look);
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

  it("tells each pool's rate, what is left and its end, and leads to the published rules", async () => {
    const { page, close } = await openPage(`${service.url}/steps`);
    const pool = (sponsor: string) => page.locator(".pools li").filter({ hasText: sponsor });
    await pool("Tea House").getByText("CN¥1.00 for every 5,000 steps that are donated to").waitFor();
    const open = await pool("Tea House").innerText();
    expect(open).to.contain("CN¥999,993.40 of CN¥1,000,000.00 is left.");
    expect(open).to.contain("33,000 steps were paid for so far. At most CN¥5,000.00 a day. Ends on");
    const over = await pool("Coffee House").innerText();
    expect(over).to.contain("The charity has not accepted it yet.").and.contain("Ended on");
    expect(over).not.to.contain("a day");
    const path = await page.locator('a[href^="/v1/documents/"]').getAttribute("href");
    expect((await call(`${service.url}${path}`)).body.format).to.equal("amanah-steps-rules/1");
    await close();
  });

  it("says what there is not yet: no steps, no pools", async () => {
    const { page, close } = await openPage(`${empty.url}/steps`);
    await page.getByText("No steps have been donated yet.").waitFor();
    await page.getByText("No sponsor has put money aside yet.").waitFor();
    await page.getByText(WORDS.en).waitFor();
    await expectAccessible(page);
    await close();
  });
});
