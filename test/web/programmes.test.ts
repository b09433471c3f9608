// The page of the programmes in a real browser: one way to each of them that leads to a page, in every language, on a phone
// and at a desk.

import { expect } from "chai";
import {
  DESK,
  expectAccessible,
  expectNoOverflow,
  keepPicture,
  LANGUAGES,
  openPage,
  PHONE,
} from "../support/browser.ts";
import { startTestService, type TestService } from "../support/service.ts";

const TITLES = { en: "Programmes", id: "Program", "zh-CN": "公益项目" } as const;
const WAYS = ["/merchants", "/shops", "/activities", "/steps", "/campaigns", "/reports", "/data"];

describe("the page of the programmes", function () {
  this.timeout(120_000);
  let service: TestService;

  before(async () => {
    service = await startTestService();
  });

  after(() => service.stop());

  for (const language of LANGUAGES)
    for (const [name, size] of Object.entries({ desk: DESK, phone: PHONE }))
      it(`shows a way to each programme, in ${language} at ${size.width} px`, async () => {
        const dark = name === "phone";
        const { page, errors, close } = await openPage(`${service.url}/programmes`, { language, size, dark });
        await page.getByRole("heading", { level: 1, name: TITLES[language] }).waitFor();
        const ways = await page
          .locator(".programmes a")
          .evaluateAll((links) => links.map((link) => link.getAttribute("href")));
        expect(ways).to.deep.equal(WAYS);
        await expectAccessible(page);
        await expectNoOverflow(page);
        await keepPicture(page, `programmes-${language}-${name}`);
        expect(errors).to.deep.equal([]);
        await close();
      });

  it("leads to pages that exist", async () => {
    for (const way of WAYS) {
      const { page, errors, close } = await openPage(`${service.url}${way}`);
      await page.locator("h1").waitFor();
      expect(await page.getByText("Nothing goes by this address").count(), way).to.equal(0);
      expect(errors, way).to.deep.equal([]);
      await close();
    }
  });
});
