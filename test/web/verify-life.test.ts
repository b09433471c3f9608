// What a receipt's page says where things are not as they should be, or not yet: a payout that nobody has signed for, a refund,
// a line at fault, a promise that was not kept, and files and links that mean harm.

import { expect } from "chai";
import type { Page } from "playwright-core";
import { toFunctionSelector } from "viem";
import type { ReceiptFile } from "../../server/protocol/receipt-file.ts";
import { expectAccessible, expectNoOverflow, keepPicture, openPage, PHONE } from "../support/browser.ts";
import { pay } from "../support/charity.ts";
import { call } from "../support/client.ts";
import { type PlayedLedger, playedLedger, playLedger, receiptFile } from "../support/played-ledger.ts";
import { wanted } from "../support/shop.ts";
import { english, linkOf, openFile, ownErrors, reasons, stateOf, verdict, WITHIN_MS } from "./verifying.ts";

const DAY_MS = 86_400_000;

/** As it was saved before its batch was sealed. */
const unsealed = (file: ReceiptFile): ReceiptFile => ({
  ...structuredClone(file),
  ...{ batch: null, proof: null, statement: null, statementProof: null },
});

describe("the page of a receipt", function () {
  this.timeout(240_000);
  let played: PlayedLedger;

  before(async () => {
    played = await playLedger();
    const { service, charity, given } = played;
    await pay(service, charity, 20_000n, 27_500n);
    const { details } = await receiptFile(played, given[1]!);
    const refund = {
      ...{ merchant: charity.merchant, refund: "R-1", order: details.order },
      refundedAt: "2025-12-01T00:00:00Z",
    };
    await wanted(201, call(`${service.url}/v1/refunds`, { key: service.operatorKey, body: refund }));
  });
  after(() => played.service.stop());

  it("calls a bank payout that nobody has signed for the operator's word, and says for how long", async () => {
    const open = await openPage(linkOf(played, played.given[0]!), { size: PHONE });
    const { page } = open;
    await page
      .locator(".verdict.valid", { hasText: english("status.paid", { amount: "CN¥25.00" }) })
      .waitFor({ timeout: WITHIN_MS });
    const claimed = page.locator("ol.life > li.claimed");
    await claimed.waitFor({ timeout: WITHIN_MS });
    expect(await claimed.count()).to.equal(1);
    expect(await claimed.textContent()).to.match(
      /Paid as the operator says;.* not signed for it yet, since \d+ /,
    );
    expect(await page.locator("ol.life > li.waiting").count()).to.equal(2);
    await expectNoOverflow(page);
    await expectAccessible(page);
    await keepPicture(page, "verify-claimed");
    expect(ownErrors(open)).to.deep.equal([]);
    await open.close();
  });

  it("tells of a refund, and that the receipt stays as it is", async () => {
    const open = await openPage(linkOf(played, played.given[1]!), { size: PHONE });
    const told = open.page.locator(".verdict.valid .refunded");
    await told.waitFor({ timeout: WITHIN_MS });
    expect(await told.textContent()).to.equal(english("refunded", { amount: "CN¥50.00" }));
    await keepPicture(open.page, "verify-refunded");
    expect(ownErrors(open)).to.deep.equal([]);
    await open.close();
  });
});

describe("a receipt on a line at fault", function () {
  this.timeout(180_000);

  it("is not to be relied on, though its root is anchored", async () => {
    const played = await playedLedger();
    const open = await openPage(`${played.service.url}/verify`);
    const { page } = open;
    await page.route(({ href }) => href.startsWith(played.service.rpcUrl), answerFault);
    await openFile(page, JSON.stringify(await receiptFile(played, played.spent[0]!)));
    await verdict(page, "fault");
    expect(await page.locator(".verdict h2").textContent()).to.equal(english("verdict.fault.title"));
    expect(await stateOf(page, "anchored")).to.equal("anchored passed");
    expect(await stateOf(page, "fault")).to.equal("fault open");
    expect(await page.locator(".verdict").textContent()).to.contain(reasons("line-at-fault"));
    await page.getByText(english("life.fault")).waitFor({ timeout: WITHIN_MS });
    expect(await page.locator(".verdict .caveat, .line-picture").count()).to.equal(0);
    await expectAccessible(page);
    await keepPicture(page, "verify-fault");
    expect(ownErrors(open)).to.deep.equal([]);
    await open.close();
  });
});

const FAULT_OF = toFunctionSelector("faultOf(bytes32,bytes32)");

/** The contract's answers, but for one: that a fault of the line is proven. */
async function answerFault(route: Parameters<Parameters<Page["route"]>[1]>[0]): Promise<void> {
  const asked = route.request().postDataJSON();
  if (asked?.params?.[0]?.data?.startsWith(FAULT_OF) !== true) return await route.continue();
  const headers = { "Access-Control-Allow-Origin": "*" };
  const result = `0x${"1".padStart(64, "0")}`;
  await route.fulfill({ headers, json: { jsonrpc: "2.0", id: asked.id, result } });
}

describe("a receipt that was promised and is in no batch", function () {
  this.timeout(180_000);

  it("is told to be overdue once the deadline has passed, with the words that ask for it on chain", async () => {
    const played = await playedLedger();
    const open = await openPage(`${played.service.url}/verify`, { size: PHONE });
    const { page } = open;
    const file: ReceiptFile = await receiptFile(played, played.spent[0]!);
    await openFile(page, JSON.stringify(unsealed(file)));
    await page.locator(".verdict.unknown").waitFor({ timeout: WITHIN_MS });
    await page.locator(".step[data-step=kept][data-state=open]").waitFor({ timeout: WITHIN_MS });
    expect(await page.getByText("npm run challenge").count()).to.equal(0);

    await page.clock.setFixedTime(Number(file.promise!.deadline) * 1000 + DAY_MS);
    await page.locator("details.another > summary").click();
    await openFile(page, JSON.stringify(unsealed(file)));
    expect(await page.locator("ol.life").textContent()).to.contain(english("life.anchored.doneUnnumbered"));
    const command = page.locator("code", { hasText: "npm run challenge" });
    await command.waitFor({ timeout: WITHIN_MS });
    expect(await command.textContent()).to.equal(
      `npm run challenge -- FILE --rpc ${played.service.rpcUrl} --contract ${file.ledger.contract} --key-file KEY`,
    );
    await verdict(page, "unknown");
    expect(await page.locator(".step.open").last().getAttribute("data-step")).to.equal("kept");
    await expectNoOverflow(page);
    await expectAccessible(page);
    await keepPicture(page, "verify-overdue");
    expect(ownErrors(open)).to.deep.equal([]);
    await open.close();
  });
});

describe("what means harm", function () {
  this.timeout(180_000);

  it("in a file ends no page: dates beyond all dates, details deeper than can be written out", async () => {
    const played = await playedLedger();
    const open = await openPage(`${played.service.url}/verify`);
    const { page } = open;
    const file: ReceiptFile = await receiptFile(played, played.spent[0]!);
    const late = `${2n ** 63n - 1n}`;
    const early = unsealed(file);
    const dated = { ...early, promise: null, expected: late };
    await openFile(page, JSON.stringify(dated));
    await page.locator(".verdict.unknown", { hasText: "275760" }).waitFor({ timeout: WITHIN_MS });
    await openFile(page, JSON.stringify({ ...file, receipt: { ...file.receipt, acceptedAt: late } }));
    await verdict(page, "invalid");
    const depth = 300_000;
    const details = { ...file.details, deep: "DEEP" };
    const deep = JSON.stringify({ ...file, details }).replace(
      '"DEEP"',
      () => "[".repeat(depth) + "]".repeat(depth),
    );
    await openFile(page, deep);
    await page.locator(".step[data-step=details][data-state=failed]").waitFor({ timeout: WITHIN_MS });
    expect(ownErrors(open)).to.deep.equal([]);
    await open.close();
  });

  it("in a link leads nowhere: a script in a receipt's clothes is no link", async () => {
    const played = await playedLedger();
    const open = await openPage(`${played.service.url}/verify`);
    const { page } = open;
    await page.locator("#pasted").fill(`javascript://x/r/0x${"ab".repeat(16)}?%0adocument.title='taken'`);
    await page.getByRole("button", { name: english("open.check"), exact: true }).click();
    await verdict(page, "invalid");
    expect(await page.locator("a[href^=javascript]").count()).to.equal(0);
    await open.close();
  });

  it("in an answer is told: another receipt than the link names, however genuine", async () => {
    const played = await playedLedger();
    const other = await receiptFile(played, played.spent[0]!);
    const open = await openPage(`${played.service.url}/verify`);
    const { page } = open;
    await page.route("**/v1/receipts/*", (route) => route.fulfill({ json: other }));
    await page.goto(linkOf(played, played.spent[1]!));
    await page.getByRole("heading", { name: english("otherReceipt.title") }).waitFor({ timeout: WITHIN_MS });
    expect(await page.locator(".verdict.valid").count()).to.equal(0);
    expect(await page.locator(".verdict.invalid").textContent()).to.contain(other.receipt.id);
    await open.close();
  });
});

describe("the whole link of a receipt whose page is open already", function () {
  this.timeout(180_000);

  it("opens it with its key, also behind one that was damaged", async () => {
    const played = await playedLedger();
    const [gift] = played.acknowledged;
    const link = linkOf(played, gift!);
    const open = await openPage(link.replace(/#.*/, "#damaged"));
    const { page } = open;
    await page.getByRole("button", { name: english("wrongKey.without") }).click({ timeout: WITHIN_MS });
    await page.getByText(english("whose.hidden")).waitFor({ timeout: WITHIN_MS });
    await page.locator("details.another > summary").click();
    await page.locator("#pasted").fill(link);
    await page.getByRole("button", { name: english("open.check"), exact: true }).click();
    const { details } = await receiptFile(played, gift!);
    await page.locator(".order", { hasText: details.order }).waitFor({ timeout: WITHIN_MS });
    await verdict(page, "valid");
    expect(ownErrors(open)).to.deep.equal([]);
    await open.close();
  });
});

describe("the picture of the line under the hand", function () {
  this.timeout(180_000);

  it("moves with a drag by as much, and goes at once where a visitor wants no motion", async () => {
    const played = await playedLedger();
    const open = await openPage(linkOf(played, played.given[0]!));
    const { page } = open;
    await verdict(page, "valid");
    await page.emulateMedia({ reducedMotion: "reduce" });
    const cellsAtOnce = await page.evaluate(async () => {
      const end = new KeyboardEvent("keydown", { key: "End", bubbles: true });
      document.querySelector(".line-picture")?.dispatchEvent(end);
      await new Promise((resolve) => setTimeout(resolve, 0));
      return (
        document.querySelector(".line-shown")?.textContent +
        (document.querySelector(".line-own-text")?.textContent ?? "")
      );
    });
    expect(cellsAtOnce).to.contain("the part of the line");

    const picture = page.locator(".line-picture");
    await picture.scrollIntoViewIfNeeded();
    const { x, y, width } = (await picture.boundingBox())!;
    const shown = async () =>
      [...((await page.locator(".line-shown").textContent()) ?? "").matchAll(/¥([\d.,]+\d)/g)].map(([, n]) =>
        Number(`${n}`.replace(/[.,]/g, "")),
      );
    const [from, to] = await shown();
    await page.mouse.move(x + width / 2, y + 60);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 + width / 4, y + 60, { steps: 4 });
    await page.mouse.up();
    const [movedFrom, movedTo] = await shown();
    expect(movedTo! - movedFrom!).to.equal(to! - from!);
    expect((from! - movedFrom!) / (to! - from!)).to.be.closeTo(0.25, 0.02);
    await page.mouse.move(x + width / 2, y + 60);
    expect(await shown()).to.deep.equal([movedFrom, movedTo]);
    expect(ownErrors(open)).to.deep.equal([]);
    await open.close();
  });
});
