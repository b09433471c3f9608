// The pages of charities in a real browser: what anyone sees of them, in each language and size, and when
// something is missing. What a charity does there itself is in charity-desk.test.ts.

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
import type { Charity } from "../support/charity.ts";
import { type PlayedLedger, playedLedger } from "../support/played-ledger.ts";

const addressOf = ({ service }: PlayedLedger, { registration }: Charity) =>
  `${service.url}/charities/${encodeURIComponent(registration)}`;

const PAYOUT = {
  ...{ id: "9", unit: "CNY", rail: "bank", from: "0", upTo: "100", amount: "100", state: "paid" },
  ...{ reason: null, createdAt: "2026-01-01T00:00:00Z", paidAt: "2026-01-02T00:00:00Z" },
  ...{ claimed: false, cameBack: false, ageSeconds: null },
};

/** Of each kind that a played ledger does not bring about by itself. */
const PAYOUTS = [
  { ...PAYOUT, id: "5", state: "waiting", paidAt: null },
  { ...PAYOUT, id: "4", claimed: true, ageSeconds: 90_000 },
  { ...PAYOUT, id: "3", claimed: true, cameBack: true, ageSeconds: 90_000 },
  { ...PAYOUT, id: "2", rail: "token", state: "failed", paidAt: null, reason: "no account is set" },
  { ...PAYOUT, id: "1", rail: "token" },
];

describe("the pages of charities", function () {
  this.timeout(120_000);
  let played: PlayedLedger;

  before(async () => {
    played = await playedLedger();
  });

  for (const language of LANGUAGES)
    for (const [size, name] of [
      [PHONE, "360"],
      [DESK, "1280"],
    ] as const)
      it(`show a charity and the list in ${language} at ${name} px, whole and for everyone`, async () => {
        const dark = size === DESK;
        const opened = await openPage(addressOf(played, played.charity), { language, size, dark });
        const { page, hosts } = opened;
        await page.locator(".agrees").waitFor();
        await page.locator(".parts").waitFor();
        await expectAccessible(page);
        await expectNoOverflow(page);
        await keepPicture(page, `charity-${language}-${name}`);
        await page.goto(`${played.service.url}/charities`);
        await page.locator("[data-mark=spent]").first().waitFor();
        await expectAccessible(page);
        await expectNoOverflow(page);
        await keepPicture(page, `charities-${language}-${name}`);
        expect(opened.errors).to.deep.equal([]);
        expect([...hosts].sort()).to.deep.equal(
          [new URL(played.service.url).host, new URL(played.service.rpcUrl).host].sort(),
        );
        await opened.close();
      });

  it("tell how far the money has come, what was signed for, and what it became", async () => {
    const { page, close } = await openPage(addressOf(played, played.charity));
    await page.locator(".parts").waitFor();
    await page.locator(".agrees").waitFor();
    const amounts = await page.locator(".line .amount").allTextContents();
    expect(amounts).to.deep.equal(["CN¥275.00", "CN¥200.00", "CN¥200.00", "CN¥140.00"]);
    const text = await page.locator("main").innerText();
    expect(text).to.contain("“CN¥200.00 has come.”").and.to.contain("Yunnan, China");
    expect(text)
      .to.contain("35 meals: hot lunches")
      .and.to.contain(played.charity.signer.address.toLowerCase());
    expect(text).to.contain("The contract names the same accounts.");
    expect(text).to.contain("this is the report that was signed");
    expect(await page.title())
      .to.contain("Charity")
      .and.to.contain("Amanah");
    await close();
  });

  it("are found by a name or the beginning of a registration id, and say when nothing is", async () => {
    const { page, close } = await openPage(`${played.service.url}/charities`);
    await page.getByRole("searchbox").fill(played.charity.registration.toLowerCase());
    await page.getByRole("link", { name: /^Charity/ }).click();
    await page.getByRole("heading", { name: "What it became" }).waitFor();
    await page.goto(`${played.service.url}/charities`);
    await page.getByRole("searchbox").fill("nobody at all");
    await page.getByText("No charity goes by this name or number.").waitFor();
    await close();
  });

  it("go by the hash of the registration id as well, and say so when there is no such charity", async () => {
    const { page, close } = await openPage(`${played.service.url}/charities/${played.charity.id}`);
    await page.getByRole("heading", { level: 1, name: /^Charity/ }).waitFor();
    await page.goto(`${played.service.url}/charities/GB-CHC-NOBODY`);
    await page.getByRole("heading", { name: "There is nothing here" }).waitFor();
    await expectAccessible(page);
    await close();
  });

  it("say that there is no connection when the service does not answer, and come back with it", async () => {
    const { page, context, close } = await openPage(`${played.service.url}/verify`);
    await context.route("**/v1/**", (route) => route.abort());
    for (const path of ["/charities", `/charities/${played.charity.id}`]) {
      await page.goto(`${played.service.url}${path}`);
      await page.getByRole("heading", { name: "No connection" }).waitFor();
      await expectAccessible(page);
    }
    await context.unroute("**/v1/**");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { level: 1, name: /^Charity/ }).waitFor();
    await close();
  });

  it("say that the accounts are not compared when the chain does not answer", async () => {
    const { page, context, close } = await openPage(`${played.service.url}/verify`);
    await context.route(`${played.service.rpcUrl}/**`, (route) => route.abort());
    await page.goto(addressOf(played, played.charity));
    await page.getByText("the chain does not answer just now").waitFor();
    expect(await page.locator("[data-mark=paid]").textContent()).to.equal("CN¥200.00");
    await close();
  });

  it("tell a fault plainly, and of each payout whose word there is for it; on paper, too", async () => {
    const opened = await openPage(`${played.service.url}/verify`, { size: PHONE, dark: true });
    const { page, context } = opened;
    await context.route("**/v1/lines?*", async (route) => {
      const response = await route.fetch();
      const lines = await response.json();
      Object.assign(lines.items[0], { fault: "false-sum" });
      Object.assign(lines.items[0].watermarks, { reversed: "500", netted: "200" });
      await route.fulfill({ response, json: lines });
    });
    await context.route("**/v1/payouts?*", (route) =>
      route.fulfill({ json: { items: PAYOUTS, next: null } }),
    );
    await page.goto(addressOf(played, played.charity));
    await page.getByText("a sum in a tree is not that of its parts").waitFor();
    await page.getByText("Claimed by the operator, not signed for by the charity for 1 day").waitFor();
    const text = await page.locator("main").innerText();
    expect(text).to.contain("CN¥5.00 of what was given was refunded to buyers; CN¥2.00 of that");
    for (const told of ["The bank sent it back", "Failed; the money is to be paid again (no account is set)"])
      expect(text).to.contain(told);
    await expectAccessible(page);
    await expectNoOverflow(page);
    await keepPicture(page, "charity-fault");
    await page.goto(`${played.service.url}/charities`);
    await page.getByText("A line of this charity is at fault.").waitFor();
    await page.goto(addressOf(played, played.charity));
    await page.emulateMedia({ media: "print", colorScheme: "light" });
    await page.locator(".parts").waitFor();
    expect(await page.locator(".desk").isVisible()).to.equal(false);
    await keepPicture(page, "charity-print");
    await opened.close();
  });

  it("say what to do when there is no wallet in the browser", async () => {
    const opened = await openPage(addressOf(played, played.charity), { size: PHONE });
    await opened.page.getByRole("button", { name: "Open the charity's desk" }).click();
    await opened.page.getByText("No wallet was found in this browser.").waitFor();
    await expectAccessible(opened.page);
    await expectNoOverflow(opened.page);
    await keepPicture(opened.page, "charity-no-wallet");
    expect(opened.errors).to.deep.equal([]);
    await opened.close();
  });
});
