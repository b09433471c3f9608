// By which contract a visitor checks a receipt, and where they read it: their own choice.

import { expect } from "chai";
import { DESK, expectAccessible, keepPicture, openPage } from "../support/browser.ts";
import { playedLedger, receiptFile } from "../support/played-ledger.ts";
import { english, linkOf, ownErrors, reasons, stateOf, verdict } from "./verifying.ts";

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
});
