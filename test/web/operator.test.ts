// The operator's console in a real browser: nobody gets in with another key, what is wrong is said with what to do, and what
// cannot be taken back is looked at, asked about once more, and followed to its end.

import { expect } from "chai";
import type { Page } from "playwright-core";
import { clearAlarms, raiseAlarm } from "../../server/store/alarms.ts";
import { camt054, IBAN } from "../bank/making.ts";
import {
  DESK,
  expectAccessible,
  expectNoOverflow,
  keepPicture,
  LANGUAGES,
  type Look,
  openPage,
  PHONE,
} from "../support/browser.ts";
import { charityPath, give, openCharity } from "../support/charity.ts";
import { call } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { type PlayedLedger, playLedger } from "../support/played-ledger.ts";
import { keyFor, wanted } from "../support/shop.ts";

const SETTINGS = {
  ...{ BANK_ACCOUNT_NAME: "Amanah gGmbH", BANK_ACCOUNT_IBAN: IBAN },
  SETTLE_MINIMUM_MINOR: "1",
};
const ACCOUNT = { name: "Lunch for All", iban: "GB29 NWBK 6016 1331 9268 19" };

describe("the operator's console", function () {
  this.timeout(120_000);
  let played: PlayedLedger;

  before(async () => {
    played = await playLedger(SETTINGS);
    const { service, charity } = played;
    const body = { key: service.operatorKey, body: ACCOUNT };
    await wanted(201, call(charityPath(service, charity, "/bank-account"), body));
    await give(service, await openCharity(service), [400]);
  });
  after(() => played.service.stop());

  const api = (path: string) =>
    wanted(200, call(`${played.service.url}${path}`, { key: played.service.operatorKey }));

  const at = () => `${played.service.url}/operator`;

  async function enter(page: Page, key = played.service.operatorKey): Promise<void> {
    await page.locator(".key-form input").fill(key);
    await page.locator(".key-form button").click();
  }

  async function openConsole(look: Look = {}) {
    const opened = await openPage(at(), look);
    await enter(opened.page);
    await opened.page.locator(".health .gauges").waitFor();
    await opened.page.locator(".settlements button").first().waitFor();
    await opened.page.locator(".bank .gauges").waitFor();
    return opened;
  }

  it("lets nobody in without the operator's key, and says so", async () => {
    const { page, close } = await openPage(at(), { size: PHONE });
    await page.locator(".key-form").waitFor();
    await enter(page, "not-a-key");
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").textContent()).to.contain("This is not the operator's key");
    await expectAccessible(page);
    await expectNoOverflow(page);
    await keepPicture(page, "operator-wrong-key-360");
    await enter(page, await keyFor(played.service, "merchant", played.charity.merchant));
    await page.locator(".key-form button:enabled").waitFor();
    expect(await page.locator(".settlements").count()).to.equal(0);
    await close();
  });

  it("keeps the key for the tab alone, and forgets it when told to", async () => {
    const { page, context, close } = await openConsole();
    expect(await page.evaluate("localStorage.length + document.cookie.length")).to.equal(0);
    await page.reload();
    await page.locator(".health .gauges").waitFor();
    const other = await context.newPage();
    await other.goto(at());
    await other.locator(".key-form").waitFor();
    await page.getByRole("button", { name: "Forget the key" }).click();
    await page.locator(".key-form").waitFor();
    expect(await page.evaluate("sessionStorage.length")).to.equal(0);
    await page.reload();
    await page.locator(".key-form").waitFor();
    await close();
  });

  it("says what is wrong in plain words, with what to do", async () => {
    const { sql } = played.service;
    await raiseAlarm(sql, "ledger-differs", "the contract is of another ledger");
    const { page, close } = await openConsole({ size: PHONE });
    const alarm = page.locator(".alarm");
    await alarm.waitFor();
    expect(await alarm.textContent())
      .to.contain("the contract is of another ledger")
      .and.contain("Check CONTRACT_ADDRESS");
    await expectAccessible(page);
    await keepPicture(page, "operator-alarm-360");
    await clearAlarms(sql, ["ledger-differs"]);
    await page.locator(".well").waitFor();
    await close();
  });

  it("shows what a run would pay before it can be started, and leads back without having started one", async () => {
    const { page, close } = await openConsole();
    await page.getByRole("button", { name: "Look what a run would pay" }).click();
    const preview = page.locator(".preview");
    await preview.locator("table").waitFor();
    const text = await preview.textContent();
    expect(text)
      .to.contain("CN¥79.00 on 2 lines")
      .and.contain("CN¥75.00")
      .and.contain(played.charity.registration);
    await expectAccessible(page);
    await page.getByRole("button", { name: "Start the run" }).click();
    await page.getByRole("dialog").waitFor();
    await expectAccessible(page);
    await keepPicture(page, "operator-confirm-1280");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await preview.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Look what a run would pay" }).waitFor();
    expect((await api("/v1/settlements")).items).to.deep.equal([]);
    await close();
  });

  it("starts a run, follows it to its end, and says what it could not pay and why", async () => {
    const { page, errors, close } = await openConsole({ size: PHONE });
    await page.getByRole("button", { name: "Look what a run would pay" }).click();
    await page.getByRole("button", { name: "Start the run" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Start the run" }).click();
    await page.locator('.run[data-state="done"]').waitFor();
    const text = await page.locator(".run").textContent();
    expect(text)
      .to.contain("2 of 2 lines looked at")
      .and.contain("CN¥79.00")
      .and.contain("waits for the bank");
    expect(text).to.contain("Set aside").and.contain("bank account");
    await page.getByRole("button", { name: "Look what a run would pay" }).waitFor();
    await expectAccessible(page);
    await expectNoOverflow(page);
    await keepPicture(page, "operator-run-360");
    expect(errors).to.deep.equal([]);
    await close();
  });

  it("shows a movement that fits no transfer, and resolves it once a person has said what it was", async () => {
    const { service, charity } = played;
    const { items } = await api("/v1/bank/transfers");
    const { endToEndId, payout } = items[0];
    const told = camt054([{ endToEndId, amount: "74.99", reference: "REF-9", currency: "CNY" }]);
    const notification = { key: service.operatorKey, body: told, type: "application/xml" };
    await wanted(200, call(`${service.url}/v1/bank/notifications`, notification));
    const { page, close } = await openConsole({ size: PHONE });
    const flag = page.locator(".flag");
    await flag.waitFor();
    expect(await flag.textContent())
      .to.contain("Another amount")
      .and.contain("wanted 75.00 CNY, came 74.99 CNY");
    expect(await flag.getByRole("button", { name: "Resolve …" }).isDisabled()).to.equal(true);
    await expectAccessible(page);
    await expectNoOverflow(page);
    await keepPicture(page, "operator-flag-360");
    await flag.locator("textarea").fill("The bank kept a fee of one fen");
    await flag.getByRole("checkbox").check();
    await flag.getByRole("button", { name: "Resolve …" }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.textContent())
      .to.contain("fee of one fen")
      .and.contain("although the amount differs");
    await dialog.getByRole("button", { name: "Resolve" }).click();
    await flag.waitFor({ state: "detached" });
    expect((await api("/v1/bank/entries?flagged")).items).to.deep.equal([]);
    await eventually("paid", async () => (await api(`/v1/payouts/${payout}`)).state === "paid");
    expect((await api(`/v1/payouts/${payout}`)).registration).to.equal(charity.registration);
    await close();
  });

  it("says why the service refuses, and keeps the form", async () => {
    const { sql } = played.service;
    await sql`UPDATE bank_entries SET resolved_at = NULL, flagged = true, outcome = 'amount-differs'`;
    const { page, close } = await openConsole();
    const flag = page.locator(".flag");
    await flag.locator("textarea").fill("Again");
    await flag.getByRole("checkbox").check();
    await flag.getByRole("button", { name: "Resolve …" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Resolve" }).click();
    await flag.getByRole("alert").waitFor();
    expect(await flag.getByRole("alert").textContent()).to.contain("cannot be accepted");
    expect(await flag.locator("textarea").inputValue()).to.equal("Again");
    await sql`UPDATE bank_entries SET resolved_at = now()`;
    await close();
  });

  for (const language of LANGUAGES)
    it(`is complete for whoever reads ${language}`, async () => {
      await challenged();
      const { page, hosts, errors, close } = await openConsole({ language, size: PHONE });
      await page.locator(".challenge-open").waitFor();
      await page.locator(".run").waitFor();
      await expectAccessible(page);
      await expectNoOverflow(page);
      await keepPicture(page, `operator-${language}-360`);
      await page.setViewportSize(DESK);
      await expectNoOverflow(page);
      await keepPicture(page, `operator-${language}-1280`);
      expect([...hosts]).to.deep.equal([new URL(at()).host]);
      // An unhealthy service says so with 503, which a browser notes.
      expect(errors.filter((error) => !error.includes("503"))).to.deep.equal([]);
      await close();
    });

  it("can be read in the dark", async () => {
    const { page, close } = await openConsole({ dark: true });
    await page.locator(".challenge-open").waitFor();
    await expectAccessible(page);
    await keepPicture(page, "operator-en-1280-dark");
    await close();
  });

  it("says that there is no connection, of each part, and lets it be tried again", async () => {
    const { page, context, close } = await openPage(at());
    await context.route(/\/(v1|health)\b/, (route) => route.abort());
    await enter(page);
    await page.getByText("The service does not answer, so the key could not be tried.").waitFor();
    await context.unroute(/\/(v1|health)\b/);
    await context.route(/\/(v1\/bank|health)\b/, (route) => route.abort());
    await enter(page);
    await page.locator(".settlements .run").waitFor();
    await page.locator(".health .failed").waitFor();
    await page.locator(".bank .failed").first().waitFor();
    await context.unroute(/\/(v1\/bank|health)\b/);
    await page.locator(".health").getByRole("button", { name: "Try again" }).click();
    await page.locator(".health .gauges").waitFor();
    await close();
  });

  /** A promise that somebody has challenged, as the contract would tell of it. */
  async function challenged(): Promise<void> {
    await played.service.sql`
      INSERT INTO challenges (promise, leaf, charity, unit, kind, amount, due_at)
      VALUES (${Buffer.alloc(32, 1)}, ${Buffer.alloc(32, 2)}, ${Buffer.alloc(32, 3)}, 'CNY', 0, 500, 1900000000)
      ON CONFLICT DO NOTHING`;
  }
});
