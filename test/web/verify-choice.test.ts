// By which contract a visitor checks a receipt, and where they read it: their own choice.

import { expect } from "chai";
import type { Page } from "playwright-core";
import {
  choiceOf,
  groundOf,
  isEndpoint,
  type LedgerHint,
  type OwnChoice,
} from "../../server/web/ledger/choice.ts";
import {
  DESK,
  expectAccessible,
  expectNoOverflow,
  keepPicture,
  openPage,
  PHONE,
} from "../support/browser.ts";
import { playedLedger, receiptFile } from "../support/played-ledger.ts";
import { english, linkOf, ownErrors, reasons, stateOf, verdict, WITHIN_MS } from "./verifying.ts";

const DEAD = "http://127.0.0.1:9";

describe("what the visitor believes", function () {
  this.timeout(180_000);

  it("is their own choice of contract and endpoint, kept in their browser; a dead endpoint decides nothing", async () => {
    const played = await playedLedger();
    const link = linkOf(played, played.spent[0]!);
    const open = await openPage(link, { size: DESK });
    const { page } = open;
    await verdict(page, "valid");
    await page.getByRole("button", { name: english("trust.choose") }).click();
    const [contract, endpoint] = [page.getByLabel("Contract"), page.getByLabel("Endpoint")];
    const keep = page.getByRole("button", { name: "Use these" });
    await contract.fill("0x12");
    await endpoint.fill("ftp://example.org");
    await keep.click();
    await page.getByText("Wanted 0x and 40 hexadecimal digits.").waitFor();
    await page.getByText("Wanted addresses that begin with https://").waitFor();
    await expectAccessible(page);

    await contract.fill("");
    await endpoint.fill(DEAD);
    await keep.click();
    await verdict(page, "unknown");
    expect(await page.locator(".verdict").textContent()).to.contain(reasons("no-answer"));
    expect(await stateOf(page, "root")).to.equal("root passed");
    await keepPicture(page, "verify-dead-endpoint");

    const file = await receiptFile(played, played.spent[0]!);
    await contract.fill(file.ledger.contract);
    await endpoint.fill(played.service.rpcUrl);
    await keep.click();
    await verdict(page, "valid");
    await page.reload();
    await verdict(page, "valid");
    expect(await page.locator(".step[data-step=anchored] summary").textContent()).to.contain("chosen by you");

    await page.getByRole("button", { name: english("trust.choose") }).click();
    await contract.fill(`0x${"22".repeat(20)}`);
    await keep.click();
    await verdict(page, "unknown");
    await page.getByRole("button", { name: "Back to what the site says" }).click();
    await verdict(page, "valid");
    expect(await page.locator(".step[data-step=anchored] summary").textContent()).to.contain(
      "named by this site",
    );
    expect(ownErrors(open)).to.deep.equal([]);
    await open.close();
  });

  it("is what a receipt is called genuine by: the site's chain, its contract, its endpoint, or their own choice", async () => {
    const played = await playedLedger();
    const link = linkOf(played, played.spent[0]!);
    const open = await openPage(link, { size: PHONE });
    const { page } = open;
    const title = page.locator(".verdict.valid h2");
    const isCalled = async (ground: string) => {
      await page
        .getByRole("heading", { name: english(`verdict.valid.${ground}.title`), exact: true })
        .waitFor({ timeout: WITHIN_MS });
      const caveat = ground === "own" ? 0 : 1;
      expect(await page.locator(".verdict .caveat").count(), ground).to.equal(caveat);
    };
    await isCalled("demonstration");
    await keepPicture(page, "verify-demonstration");

    await page.route("**/v1/ledger", async (route) => {
      const hint = await (await route.fetch()).json();
      await route.fulfill({ json: { ...hint, demonstration: false } });
    });
    await page.reload();
    await isCalled("site");
    const { ledger } = await receiptFile(played, played.spent[0]!);
    expect(await page.locator(".verdict .caveat").textContent()).to.contain(ledger.contract);
    await expectNoOverflow(page);
    await keepPicture(page, "verify-by-site");

    await page.getByRole("button", { name: english("trust.choose") }).click();
    const keep = page.getByRole("button", { name: "Use these" });
    await page.getByLabel("Contract").fill(ledger.contract);
    await keep.click();
    await isCalled("endpoint");
    await page.getByLabel("Endpoint").fill(played.service.rpcUrl);
    await keep.click();
    await isCalled("own");
    expect(await title.textContent()).to.equal("This receipt is genuine");
    expect(ownErrors(open)).to.deep.equal([]);
    await open.close();
  });
});

describe("a contract that has been read and then falls silent", function () {
  this.timeout(180_000);

  it("leaves the verdict as it was read, and the page says since when there is no answer", async () => {
    const played = await playedLedger();
    const open = await openPage(linkOf(played, played.spent[0]!), { size: PHONE });
    const { page } = open;
    await verdict(page, "valid");
    const endpoint = (url: URL) => url.origin === new URL(played.service.rpcUrl).origin;
    const told = page.getByText("; no answer since.");
    expect(await told.count()).to.equal(0);
    await page.route(endpoint, (route) => route.abort());
    await lookAgain(page);
    await told.waitFor({ timeout: WITHIN_MS });
    await verdict(page, "valid");
    await expectAccessible(page);
    await page.unroute(endpoint);
    await lookAgain(page);
    await told.waitFor({ state: "detached", timeout: WITHIN_MS });
    await verdict(page, "valid");
    await open.close();
  });
});

/** As when the visitor comes back to the page, once its answers are no longer fresh. */
async function lookAgain(page: Page): Promise<void> {
  await page.waitForTimeout(2_500);
  await page.evaluate(() => window.dispatchEvent(new Event("visibilitychange")));
}

describe("what a comparison with a contract is worth", () => {
  const [mine, theirs] = [`0x${"aa".repeat(20)}`, `0x${"bb".repeat(20)}`] as const;
  const hint = (demonstration: boolean): LedgerHint => ({
    ...{ id: "0x01", chainId: 1, contract: theirs, demonstration, rpcUrl: "https://rpc.example" },
  });
  const worth = (own: OwnChoice, demonstration: boolean) =>
    groundOf(choiceOf(own, hint(demonstration))!, own, hint(demonstration));
  const URL = "https://mine.example";

  it("is the site's word until both contract and endpoint are the visitor's", () => {
    expect(worth({ contract: null, rpcUrls: [] }, false)).to.equal("site");
    expect(worth({ contract: null, rpcUrls: [URL] }, false)).to.equal("site");
    expect(worth({ contract: mine, rpcUrls: [] }, false)).to.equal("endpoint");
    expect(worth({ contract: mine, rpcUrls: [URL] }, false)).to.equal("own");
  });

  it("is nothing on a demonstration chain, whoever writes its contract down", () => {
    expect(worth({ contract: null, rpcUrls: [] }, true)).to.equal("demonstration");
    expect(worth({ contract: theirs, rpcUrls: [URL] }, true)).to.equal("demonstration");
    expect(worth({ contract: mine, rpcUrls: [] }, true)).to.equal("demonstration");
    expect(worth({ contract: mine, rpcUrls: [URL] }, true)).to.equal("own");
  });
});

describe("an endpoint", () => {
  it("is one that the pages' policy lets a browser ask", () => {
    for (const url of ["https://rpc.example/key", "http://127.0.0.1:8545", "http://localhost"])
      expect(isEndpoint(url), url).to.equal(true);
    for (const url of [
      "http://rpc.example",
      "http://[::1]:8545",
      "http://127.0.0.1.example",
      "javascript:1",
      "8545",
    ])
      expect(isEndpoint(url), url).to.equal(false);
  });
});
