// A charity at its desk, in a real browser with a wallet of its own: it connects, signs in, signs for money, reports what it
// became and takes its proof of funds; and what it is kept from.

import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { confirmPayout, waitingBankPayouts } from "../../server/store/payouts.ts";
import { watermarksOf } from "../../server/store/watermarks.ts";
import { Hands } from "../chain/hands.ts";
import {
  DESK,
  expectAccessible,
  expectNoOverflow,
  keepPicture,
  LANGUAGES,
  type OpenPage,
  openPage,
  PHONE,
} from "../support/browser.ts";
import { type BrowserWallet, installWallet, WALLET_NAME } from "../support/browser-wallet.ts";
import { charityPath, give, lineOf, openCharity, sign } from "../support/charity.ts";
import { call } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { type PlayedLedger, playedLedger, playLedger } from "../support/played-ledger.ts";
import { wanted } from "../support/shop.ts";
import { addressOf, button, mark, mistakes, openDesk, settled } from "./desk.ts";

describe("a charity at its desk", function () {
  this.timeout(120_000);
  let played: PlayedLedger;
  let opened: OpenPage;
  let page: Page;
  let wallet: BrowserWallet;

  before(async () => {
    played = await playLedger({ SETTLE_MINIMUM_MINOR: "1" });
    const { service, charity } = played;
    await payByBank(played);
    const fund = await openCharity(service, { registration: `${charity.registration}/books` });
    await give(service, fund, [700]);
    opened = await openPage(addressOf(played, charity));
    page = opened.page;
    wallet = await installWallet(opened, privateKeyToAccount(generatePrivateKey()));
  });
  after(async () => {
    await opened?.close();
    await played?.service.stop();
  });

  it("is shown what was paid as the operator's claim, with its age, and its restricted fund", async () => {
    await page.getByText("this is the operator's word alone").waitFor();
    await page.getByText(/Claimed by the operator, not signed for by the charity for/).waitFor();
    await page.getByRole("link", { name: /^Charity/ }).click();
    await page.getByText("A restricted fund of").waitFor();
    await keepPicture(page, "charity-fund");
    await page.getByRole("link", { name: played.charity.registration, exact: true }).click();
    await page.getByRole("heading", { name: "Restricted funds" }).waitFor();
  });

  it("discovers its wallet, and is told which account it should be when it is another", async () => {
    await openDesk(page);
    wallet.answer = "reject";
    await button(page, WALLET_NAME).click();
    await page.getByText("You have said no in your wallet.").waitFor();
    wallet.answer = "sign";
    await button(page, "Back").click();
    await button(page, WALLET_NAME).click();
    await page.getByText("This is another account.").waitFor();
    const told = await page.locator(".other-account").innerText();
    expect(told).to.contain(played.charity.signer.address.toLowerCase());
    expect(await button(page, "Sign in with this wallet").count()).to.equal(0);
    await expectAccessible(page);
    await keepPicture(page, "charity-other-account");
    await wallet.change(played.charity.signer);
    await button(page, "Sign in with this wallet").waitFor();
  });

  it("signs in, having said no at first", async () => {
    wallet.answer = "reject";
    await button(page, "Sign in with this wallet").click();
    await page.getByText("You have said no in your wallet.").waitFor();
    wallet.answer = "sign";
    await button(page, "Back").click();
    await button(page, "Sign in with this wallet").click();
    await page.getByText(/^Signed in for Charity/).waitFor();
  });

  it("is kept from signing what the contract does not say, or what is not of its form", async () => {
    const lies: [(message: Record<string, string>) => void, string][] = [
      [(message) => Object.assign(message, { received: "7400" }), "The contract says otherwise."],
      [(message) => Object.assign(message, { more: "7400" }), "This is not to be signed"],
    ];
    for (const [lie, told] of lies) {
      await page.route("**/acknowledgement?unit=CNY", async (route) => {
        const response = await route.fetch();
        const offer = await response.json();
        lie(offer.typedData.message);
        await route.fulfill({ response, json: offer });
      });
      await page.reload();
      await openDesk(page);
      await button(page, WALLET_NAME).click();
      await page.getByText(told).waitFor();
      const sign = button(page, "Sign that it has come");
      if ((await sign.count()) > 0) expect(await sign.isDisabled()).to.equal(true);
      await keepPicture(page, `charity-lie-${lies.findIndex(([other]) => other === lie)}`);
      await page.unroute("**/acknowledgement?unit=CNY");
    }
    await page.getByRole("region", { name: "Sign for money that has come" }).getByText("Back").click();
  });

  it("reads in plain words what it signs, compared with the contract in the browser, and may say no", async () => {
    await page.getByText("it says the same").waitFor();
    await page.getByText("This is a demonstration chain").waitFor();
    const words = await page.locator(".to-sign ol").innerText();
    expect(words).to.contain(`(${played.charity.registration}) has received CN¥75.00.`);
    expect(words).to.contain("positions 20,000 to 27,500 of its line in CNY");
    await expectAccessible(page);
    await keepPicture(page, "charity-desk-1280");
    await page.setViewportSize(PHONE);
    await expectNoOverflow(page);
    await keepPicture(page, "charity-desk-360");
    await page.setViewportSize(DESK);
    wallet.answer = "reject";
    await button(page, "Sign that it has come").click();
    await page.getByText("You have said no in your wallet.").waitFor();
    wallet.answer = "sign";
    await button(page, "Back").click();
  });

  it("signs for the money: the watermark on chain moves, and the page shows it", async () => {
    await button(page, "Sign that it has come").click();
    await settled(page, /^Your signature for the money up to position 27,500/);
    await mark(page, "acknowledged", "CN¥275.00");
    const marks = await watermarksOf(played.service.sql, lineOf(played.charity));
    expect(marks?.acknowledged).to.equal(27_500n);
    await page.getByText("There is nothing to sign").waitFor();
    const { params } = wallet.asked.findLast(({ method }) => method === "eth_signTypedData_v4") ?? {};
    const { domain, types } = JSON.parse(params?.[1] as string);
    expect(Object.keys(domain)).to.have.members(["name", "version", "salt"]);
    expect(types.EIP712Domain.map(({ name }: { name: string }) => name)).to.deep.equal(Object.keys(domain));
  });

  it("is told at the fields what is missing in a report, before anything is sent", async () => {
    await button(page, "Begin a report").click();
    await page.getByLabel("How much of it, in CNY", { exact: true }).fill("1000.00");
    await button(page, "Look it over").click();
    await page.getByText("Give the project's name").waitFor();
    expect(await page.locator("[aria-invalid=true]").count()).to.equal(6);
    expect(await page.evaluate("document.activeElement.name")).to.equal("parts.0.project");
    await expectAccessible(page);
    await keepPicture(page, "charity-report-missing");
  });

  it("is told at its field what the service refuses, and goes on from there", async () => {
    await page.getByLabel("Project").fill("School books");
    await page.getByLabel("Country").selectOption({ label: "Indonesia" });
    await page.getByLabel("Place").fill("Bandung");
    await page.getByLabel("How many").fill("12.5");
    await page.getByLabel("Of what measure").fill("boxes");
    await page.getByLabel("What", { exact: true }).fill("school books");
    await button(page, "Look it over").click();
    await page.getByText("Give an amount above nought, at most").waitFor();
    await page.getByLabel("How much of it, in CNY", { exact: true }).fill("100.00");
    await reportElsewhere(played, "14000", "14500");
    await button(page, "Look it over").click();
    const wrong = page.locator(".field", { hasText: "How much of it, in CNY" }).locator(".wrong");
    await wrong.getByText("Spending was reported further meanwhile: go on from there.").waitFor();
    await wrong.getByText("from: wanted 14500").waitFor();
    await keepPicture(page, "charity-report-refused");
    await button(page, "Go on from there").click();
    expect(await page.getByLabel("Project").inputValue()).to.equal("School books");
    expect(await page.getByLabel("How much of it, in CNY", { exact: true }).inputValue()).to.equal("130.00");
  });

  it("reports in parts that lie end to end, reads it over, signs it, and sees it published", async () => {
    await page.getByLabel("How much of it, in CNY", { exact: true }).fill("100.00");
    await button(page, "Add a part").click();
    const [first, second] = [page.locator(".part").first(), page.locator(".part").last()];
    await first.getByLabel("How much of it went into this part, in CNY").fill("60");
    await second.getByText("This part takes the rest: CN¥40.00.").waitFor();
    await second.getByLabel("Project").fill("Shelves");
    await second.getByLabel("Country").selectOption("ID");
    await second.getByLabel("Place").fill("Bandung");
    await second.getByLabel("How many").fill("4");
    await second.getByLabel("Of what measure").fill("pieces");
    await second.getByLabel("What", { exact: true }).fill("shelves");
    await button(page, "Look it over").click();
    await page.locator(".to-sign").getByText("it says the same").waitFor();
    await expectAccessible(page);
    await keepPicture(page, "charity-report-review");
    await button(page, "Back to the report").click();
    await button(page, "Look it over").click();
    await button(page, "Sign the report").click();
    await settled(page, /^Your report for CN¥100.00/);
    await mark(page, "spent", "CN¥245.00");
    const report = page.locator(".report", { hasText: "School books" });
    await report.getByText("this is the report that was signed").waitFor();
    expect(await report.innerText()).to.contain("12.5 boxes: school books");
    const marks = await watermarksOf(played.service.sql, lineOf(played.charity));
    expect(marks?.spent).to.equal(24_500n);
  });

  it("takes its proof of funds as a paper and as a sheet", async () => {
    for (const [format, begins] of [
      ["pdf", "%PDF"],
      ["csv", ""],
    ] as const) {
      await page.getByRole("combobox", { name: /^As/ }).selectOption(format);
      const [download] = await Promise.all([page.waitForEvent("download"), button(page, "Download").click()]);
      expect(download.suggestedFilename()).to.match(
        new RegExp(`^funds-${played.charity.registration}-\\d{4}-01-01-[\\d-]+\\.${format}$`),
      );
      const saved = readFileSync(await download.path());
      expect(saved.subarray(0, begins.length).toString()).to.equal(begins);
      expect(saved.length).to.be.above(100);
    }
  });

  it("stops a change of its bank account that it did not ask for", async () => {
    const set = (iban: string) =>
      call(charityPath(played.service, played.charity, "/bank-account"), {
        key: played.service.operatorKey,
        body: { name: "Charity", iban },
      });
    await wanted(201, set("GB82WEST12345698765432"));
    await wanted(201, set("DE89370400440532013000"));
    await page.reload();
    await openDesk(page);
    await page.getByText(/^Signed in for Charity/).waitFor();
    await page.getByText("If this is not yours, stop it now.").waitFor();
    await expectAccessible(page);
    await keepPicture(page, "charity-bank-change");
    await button(page, "Stop this change").click();
    await page.getByText("If this is not yours, stop it now.").waitFor({ state: "detached" });
    const { waiting } = await wanted(
      200,
      call(charityPath(played.service, played.charity, "/bank-account"), { key: played.charity.key }),
    );
    expect(waiting).to.equal(null);
  });

  it("and everyone are told when the contract announces another account to be paid to", async () => {
    const { service, charity } = played;
    const { contract } = await wanted(200, call(`${service.url}/v1/ledger`));
    const payee = privateKeyToAccount(generatePrivateKey()).address;
    await new Hands(service.rpcUrl).changePayee(contract, charity.id, payee);
    await page.reload();
    const announced = page.getByText("A change of the account that is paid is announced");
    await announced.waitFor();
    expect(await announced.innerText()).to.contain(payee.toLowerCase());
    await keepPicture(page, "charity-announced");
    await openDesk(page);
  });

  it("signs out, and is nobody's then", async () => {
    await button(page, "Sign out").click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(await page.evaluate("sessionStorage.length")).to.equal(0);
    expect(mistakes(opened)).to.deep.equal([]);
    expect([...opened.hosts].sort()).to.deep.equal(
      [new URL(played.service.url).host, new URL(played.service.rpcUrl).host].sort(),
    );
  });
});

describe("the desk in each language", function () {
  this.timeout(120_000);

  for (const language of LANGUAGES)
    it(`is whole and for everyone in ${language}, on a phone and in the dark, its form too`, async () => {
      const played = await playedLedger();
      const opened = await openPage(addressOf(played, played.charity), { language, size: PHONE, dark: true });
      const { page } = opened;
      await page.locator(".desk > button.main").click();
      await page.locator(".desk summary").click();
      await page.locator(".desk input[type=password]").fill(played.charity.key);
      await page.locator(".desk button[type=submit]").click();
      await page.locator("[aria-labelledby=disburse] button.main").click();
      await page.locator(".report-form button.main").click();
      await page.locator(".wrong").first().waitFor();
      await expectAccessible(page);
      await expectNoOverflow(page);
      await keepPicture(page, `charity-desk-${language}`);
      expect(opened.errors).to.deep.equal([]);
      await opened.close();
    });
});

/** All that is given, by a settlement whose transfer the bank has confirmed. */
async function payByBank({ service, charity }: PlayedLedger): Promise<void> {
  await wanted(202, call(`${service.url}/v1/settlements`, { key: service.operatorKey, body: {} }));
  await eventually("a transfer waits", async () => (await waitingBankPayouts(service.sql)).length === 1);
  const [waiting] = await waitingBankPayouts(service.sql);
  await service.sql.begin((tx) => confirmPayout(tx, waiting!.id, `0x${"5e".repeat(32)}`));
  await eventually("paid", async () => {
    const { given, paid } = (await watermarksOf(service.sql, lineOf(charity)))!;
    return paid === given;
  });
}

/** Another person of the charity reports meanwhile, by the API. */
async function reportElsewhere({ service, charity }: PlayedLedger, from: string, upTo: string) {
  const place = { country: "CN", name: "Yunnan" };
  const bought = [{ what: "soup", count: "1", measure: "pots" }];
  const body = { unit: "CNY", from, upTo, parts: [{ from, upTo, project: "Soup", place, bought }] };
  const path = charityPath(service, charity, "/disbursements");
  const { hash, typedData } = await wanted(201, call(path, { key: charity.key, body }));
  const signature = await sign(charity.signer, typedData);
  await wanted(201, call(`${path}/${hash}/signature`, { key: charity.key, body: { signature } }));
}
