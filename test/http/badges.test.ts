// Badges as a shop's own site asks for them: an image that holds together as XML whatever names hold, the words, the script;
// each for any site, honest about a shop that pledges nothing, and in three languages.

import { expect } from "chai";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { widthOf } from "../../server/papers/badge.ts";
import { call } from "../support/client.ts";
import { expectFieldProblem, expectProblem } from "../support/problems.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, type Shop, termsOf, wanted } from "../support/shop.ts";

const EVIL = `"><script>alert('x')</script>&amp; <Tee & Söhne>`;

describe("badges", () => {
  let service: TestService;
  let shop: Shop;

  before(async () => {
    service = await startTestService();
    shop = await openShop(service);
  });
  after(() => service.stop());

  const get = (path: string) => call(`${service.url}${path}`);
  const post = (path: string, body: object) =>
    call(`${service.url}${path}`, { key: service.operatorKey, body });
  const register = (id: string, name: string) => wanted(201, post("/v1/merchants", { id, name }));

  async function image(merchant: string, query = "") {
    const { status, headers, body } = await get(`/badges/${merchant}.svg${query}`);
    expect(status).to.equal(200);
    expect(headers.get("content-type")).to.equal("image/svg+xml; charset=utf-8");
    expect(XMLValidator.validate(body)).to.equal(true);
    const parser = new XMLParser({ ignoreAttributes: false, processEntities: true });
    return { text: body as string, headers, svg: parser.parse(body).svg };
  }
  const words = async (merchant: string, lang = "en") =>
    (await wanted(200, get(`/badges/${merchant}.json?lang=${lang}`))).text;

  it("are of merchants that there are, in themes that there are", async () => {
    expectProblem(await get("/badges/nobody.svg"), 404, "unknown-merchant");
    expectProblem(await get("/badges/nobody.json"), 404, "unknown-merchant");
    expectFieldProblem(await get(`/badges/${shop.merchant}.svg?theme=pink`), "theme");
  });

  it("say what the shop gives, and to whom, in each language", async () => {
    const charity = `Charity ${shop.charities[0]}`;
    const name = (await get(`/v1/merchants/${shop.merchant}`)).body.name;
    expect(await words(shop.merchant)).to.equal(`${name} gives 1% of every sale to ${charity}`);
    expect(await words(shop.merchant, "id")).to.contain("memberikan 1% dari setiap penjualan kepada");
    expect(await words(shop.merchant, "zh-CN")).to.equal(`${name} 将每笔销售的 1% 捐给 ${charity}`);
    expect(await words(shop.merchant, "zh-Hant-TW")).to.contain("捐给");
    expect(await words(shop.merchant, "fr")).to.contain("gives 1%");
  });

  it("promise no share of every sale where only some products give", async () => {
    const { merchant, charities } = await openShop(service, { terms: { items: ["tea"] } });
    expect(await words(merchant))
      .to.contain("gives a share of its sales to")
      .and.contain(charities[0]);
  });

  it("are heard as well as seen, and lead to the shop's page", async () => {
    const { svg } = await image(shop.merchant, "?lang=zh-CN");
    expect(svg["@_role"]).to.equal("img");
    expect(svg["@_aria-labelledby"]).to.equal("t d");
    expect(svg.title["#text"]).to.equal(await words(shop.merchant, "zh-CN"));
    expect(svg.desc["#text"]).to.equal(`核验: https://gifts.example/merchants/${shop.merchant}`);
  });

  it("follow the reader's light or dark, or stay as they are told to", async () => {
    expect((await image(shop.merchant)).text).to.contain("prefers-color-scheme:dark");
    expect((await image(shop.merchant, "?theme=dark")).text).not.to.contain("prefers-color-scheme");
    expect((await image(shop.merchant, "?theme=dark&cache=7")).text).not.to.contain("#fff;stroke");
  });

  it("may be shown on any site, kept for minutes, and do nothing when they are opened by themselves", async () => {
    for (const path of [`/badges/${shop.merchant}.svg`, `/badges/${shop.merchant}.json`]) {
      const { headers } = await get(path);
      expect(headers.get("cache-control")).to.equal("public, max-age=300");
      expect(headers.get("cross-origin-resource-policy")).to.equal("cross-origin");
      expect(headers.get("access-control-allow-origin")).to.equal("*");
      expect(headers.get("set-cookie")).to.equal(null);
    }
    const policy = (await image(shop.merchant)).headers.get("content-security-policy");
    expect(policy).to.contain("default-src 'none'").and.to.contain("sandbox");
  });

  it("say so of a shop without a pledge in force: none, not accepted, ended, not begun", async () => {
    await register("plain.shop", "Plain Shop");
    const nothing = "Plain Shop has no pledge in force";
    expect(await words("plain.shop")).to.equal(nothing);
    const pledge = termsOf("plain.shop", [shop.charities[0] as string]);
    await wanted(201, post("/v1/pledges", pledge));
    expect(await words("plain.shop"), "not accepted").to.equal(nothing);
    expect((await image("plain.shop", "?lang=id")).svg.title["#text"]).to.contain("tidak memiliki janji");
    const ended = await openShop(service);
    await wanted(200, post(`/v1/pledges/${ended.pledge}/end`, {}));
    expect(await words(ended.merchant)).to.contain("has no pledge in force");
    const later = await openShop(service, { terms: { startsAt: "2999-01-01T00:00:00Z" } });
    expect(await words(later.merchant)).to.contain("has no pledge in force");
  });

  it("tell an amount for each item in its currency, and how many charities share", async () => {
    const each = await openShop(service, {
      terms: { share: { perItem: "150" }, currency: "CNY" },
      charities: 3,
    });
    expect(await words(each.merchant)).to.contain("gives CN¥1.50 for every item sold to 3 charities");
    expect(await words(each.merchant, "zh-CN")).to.contain("每售出一件商品将 ¥1.50 捐给 3 家慈善机构");
    const price = await openShop(service, { terms: { base: "price", share: { basisPoints: 25 } } });
    expect(await words(price.merchant)).to.contain("gives 0.25% of the price of every sale");
  });

  it("hold together as XML whatever a name holds, and are cut to a length", async () => {
    await register("evil", EVIL);
    const { text, svg } = await image("evil");
    expect(text).not.to.match(/<script|alert\('/);
    expect(svg.title["#text"]).to.contain(`"><script>`);
    await register("long", "慈".repeat(200));
    const long = await image("long");
    expect(long.svg.title["#text"]).to.match(/^慈{27}… has/);
    expect(Number(long.svg["@_width"])).to.be.within(400, 600);
    await register("flags", "🇮🇩".repeat(40));
    expect((await image("flags")).svg.title["#text"]).to.contain(`${"🇮🇩".repeat(27)}… has`);
  });

  it("are measured with wide letters for wide, and nothing for marks", () => {
    expect(widthOf("慈善")).to.equal(26);
    expect(widthOf("ii")).to.be.below(widthOf("mm"));
    expect(widthOf("e\u0301")).to.equal(widthOf("e"));
  });

  it("come with a script for any site: small, its own and nobody else's", async () => {
    const { status, headers, body } = await get("/badge.js");
    expect(status).to.equal(200);
    expect(headers.get("content-type")).to.equal("text/javascript; charset=utf-8");
    expect(headers.get("cache-control")).to.equal("public, max-age=3600");
    expect(headers.get("cross-origin-resource-policy")).to.equal("cross-origin");
    expect(headers.get("access-control-allow-origin")).to.equal("*");
    expect(Buffer.byteLength(body)).to.be.below(4_000);
    // A plain script: it must hold no import, and leave no name behind on the site.
    expect(body)
      .to.match(/^\(\(\)=>\{/)
      .and.not.to.match(/\bimport\b|\bexport\b|cookie|localStorage/);
  });
});
