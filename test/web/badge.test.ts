// Both forms of a badge on a shop's own site: another origin, with a strict policy of its own that allows ours.

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { expectAccessible, keepPicture, LANGUAGES, openPage, PHONE } from "../support/browser.ts";
import { call } from "../support/client.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, type Shop, wanted } from "../support/shop.ts";

const PLEDGED = {
  en: "gives 1% of every sale to",
  id: "memberikan 1% dari setiap penjualan kepada",
  "zh-CN": "将每笔销售的 1% 捐给",
} as const;

describe("a badge on a shop's own site", function () {
  this.timeout(120_000);
  let service: TestService;
  let shop: Shop;
  let host: Server;
  let site: string;
  /** What the shop's page holds, and what it lets in. */
  let body = "";
  let policy = "";
  let lang = "en";

  before(async () => {
    service = await startTestService({ settings: { PUBLIC_URL: "" } });
    shop = await openShop(service);
    host = createServer((_request, response) => {
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      response.setHeader("Content-Security-Policy", policy);
      // A site that isolates itself takes nothing that does not say that it may be taken.
      response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
      response.end(
        `<!doctype html><html lang="${lang}"><link rel="icon" href="data:,"><title>Shop</title><main><h1>Shop</h1>${body}</main></html>`,
      );
    });
    host.listen(0, "127.0.0.1");
    await once(host, "listening");
    site = `http://localhost:${(host.address() as AddressInfo).port}/`;
  });
  after(async () => {
    host.close();
    await service.stop();
  });
  beforeEach(() => {
    policy = `default-src 'none'; img-src ${service.url} data:; script-src ${service.url}; connect-src ${service.url}`;
    lang = "en";
  });

  const script = (more = "") =>
    `<script src="${service.url}/badge.js" data-merchant="${shop.merchant}"${more} async></script>`;
  const image = (query = "") =>
    `<a href="${service.url}/merchants/${shop.merchant}"><img alt="What this shop gives" src="${service.url}/badges/${shop.merchant}.svg${query}"></a>`;

  for (const language of LANGUAGES)
    it(`is real text in a link by one script tag, in ${language}, and asks our site alone`, async () => {
      body = script(` data-lang="${language}"`);
      const { page, context, errors, hosts, close } = await openPage(site, { size: PHONE });
      const link = page.getByRole("link", { name: PLEDGED[language] });
      await link.waitFor();
      expect(await link.getAttribute("href")).to.equal(`${service.url}/merchants/${shop.merchant}`);
      expect(await link.getAttribute("lang")).to.equal(language);
      await expectAccessible(page);
      await keepPicture(page, `badge-script-${language}`);
      expect(errors).to.deep.equal([]);
      expect([...hosts].sort()).to.deep.equal([new URL(site).host, new URL(service.url).host].sort());
      expect(await context.cookies()).to.deep.equal([]);
      expect(await page.evaluate("Object.keys({ ...localStorage, ...sessionStorage }).length")).to.equal(0);
      await close();
    });

  it("speaks the language of the page that it is on, and keeps to the theme that it is told", async () => {
    lang = "zh-CN";
    body = script(' data-theme="dark"');
    const { page, close } = await openPage(site);
    const link = page.getByRole("link", { name: PLEDGED["zh-CN"] });
    await link.waitFor();
    const ground = () => link.evaluate((element) => getComputedStyle(element).backgroundColor);
    expect(await ground()).to.equal("rgb(18, 23, 26)");
    await keepPicture(page, "badge-script-dark");
    await close();
    body = script();
    const dark = await openPage(site, { dark: true });
    const other = dark.page.getByRole("link", { name: PLEDGED["zh-CN"] });
    await other.waitFor();
    expect(await other.evaluate((element) => getComputedStyle(element).backgroundColor)).to.equal(
      "rgb(18, 23, 26)",
    );
    await dark.close();
  });

  it("is an image by one tag, drawn in full, light and dark", async () => {
    for (const dark of [false, true]) {
      body = ["en", "id", "zh-CN"].map((tag) => `<p>${image(`?lang=${tag}`)}</p>`).join("");
      const { page, errors, close } = await openPage(site, { dark });
      for (const drawn of await page.locator("img").all())
        expect(
          await drawn.evaluate(async (element) => {
            const image = element as HTMLImageElement;
            await image.decode();
            return [image.naturalHeight, image.naturalWidth > 200];
          }),
        ).to.deep.equal([48, true]);
      await expectAccessible(page);
      await keepPicture(page, `badge-image-${dark ? "dark" : "light"}`);
      expect(errors).to.deep.equal([]);
      await close();
    }
  });

  it("still leads to the shop's page where the site lets the words not be asked for", async () => {
    policy = `default-src 'none'; script-src ${service.url}; img-src data:`;
    body = script();
    const { page, close } = await openPage(site);
    const link = page.getByRole("link", { name: "See what this shop gives" });
    await link.waitFor();
    expect(await link.getAttribute("href")).to.equal(`${service.url}/merchants/${shop.merchant}`);
    await close();
  });

  it("says so when the pledge has ended, and is gone for a shop that is not known", async () => {
    const ended = await openShop(service);
    await wanted(
      200,
      call(`${service.url}/v1/pledges/${ended.pledge}/end`, { key: service.operatorKey, body: {} }),
    );
    body = `<script src="${service.url}/badge.js" data-merchant="${ended.merchant}"></script>`;
    const { page, close } = await openPage(site);
    await page.getByRole("link", { name: "has no pledge in force" }).waitFor();
    await close();
    body = `<script src="${service.url}/badge.js" data-merchant="nobody"></script>`;
    const other = await openPage(site);
    await other.page.waitForFunction(() => document.querySelector("span") === null);
    await other.close();
  });
});
