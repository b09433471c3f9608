// A receipt that is opened by its link: verified, drawn at its address, told on a phone in every language; and links that open
// none.

import { gzipSync } from "node:zlib";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { toHex } from "../../server/protocol/bytes.ts";
import type { ReceiptFile } from "../../server/protocol/receipt-file.ts";
import { climb } from "../../server/protocol/sum-tree.ts";
import { verifyReceipt } from "../../server/protocol/verify.ts";
import {
  expectAccessible,
  expectNoOverflow,
  keepPicture,
  type OpenPage,
  openPage,
  PHONE,
} from "../support/browser.ts";
import { type PlayedLedger, playedLedger, receiptFile } from "../support/played-ledger.ts";
import { textsOf } from "./page-texts.ts";
import {
  english,
  linkOf,
  openFile,
  ownErrors,
  reasons,
  stateOf,
  stepStates,
  verdict,
  WITHIN_MS,
} from "./verifying.ts";

const MOST_FIRST_LOAD_BYTES = 200_000;
const MOST_VERIFY_MS = 3_000;

const REASONS = /\/reasons-[^/]+\.js$/;

/** All code, styles and texts that the page has fetched before it stood idle, compressed. */
async function expectSmallLoad(page: Page): Promise<void> {
  const asked = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  const files = [...new Set(asked)].filter((url) => /\.(js|css)$/.test(url) && !REASONS.test(url));
  let bytes = 0;
  for (const url of [...files, page.url()])
    bytes += gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length;
  console.log(`      ${files.length} files, ${(bytes / 1000).toFixed(1)} kB compressed`);
  expect(files.length).to.be.above(3);
  expect(bytes).to.be.below(MOST_FIRST_LOAD_BYTES);
}

describe("a receipt that is opened by its link", function () {
  this.timeout(180_000);
  let played: PlayedLedger;
  let open: OpenPage;
  let file: ReceiptFile;

  before(async () => {
    played = await playedLedger();
    const gift = played.spent[1]!;
    file = await receiptFile(played, gift);
    open = await openPage(linkOf(played, gift));
    await verdict(open.page, "valid");
  });
  after(() => open.close());

  it("is verified in the browser, step by step, by the contract", async () => {
    const states = await stepStates(open.page);
    expect(states).to.deep.equal(
      "format details leaf promise statement path sum root terms amount ledger anchored noticed status kept"
        .split(" ")
        .map((step) => `${step} passed`),
    );
    expect(await open.page.locator(".step[data-step=anchored] summary").textContent()).to.equal(
      english("by.site", { host: new URL(played.service.rpcUrl).host }),
    );
    expect(await open.page.title()).to.contain(english("title"));
  });

  it("tells the order number, the donor in law, and that the two must be compared", async () => {
    const whose = await open.page.locator(".whose").textContent();
    expect(whose).to.contain(`${file.details?.order}`).and.to.contain(`${file.details?.legalDonor}`);
    expect(whose).to.contain("Two buyers could be shown one and the same receipt");
  });

  it("is drawn at its address on the line, between all four watermarks", async () => {
    const { start, end } = verifyReceipt(file).position!;
    expect(end - start).to.equal(20n);
    const label =
      (await open.page.getByRole("img", { name: /^The line of/ }).getAttribute("aria-label")) ?? "";
    const money = (minor: bigint) =>
      `CN¥${Number(minor) / 100}`.replace(/(\.\d)$/, "$10").replace(/¥(\d+)$/, "¥$1.00");
    expect(label).to.contain(`Yours, CN¥0.20, lies from ${money(start)} to ${money(end)}`);
    for (const told of ["spent up to CN¥140.00", "signed for up to CN¥200.00", "given up to CN¥275.00"])
      expect(label).to.contain(told);
    expect(await open.page.locator(".line-table").textContent()).to.contain(
      `from ${start.toLocaleString("en")} to ${end.toLocaleString("en")}`,
    );
    await keepPicture(open.page, "verify-desk");
  });

  it("tells its life: paid, signed for, and what it became", async () => {
    const life = (await open.page.locator("ol.life").textContent()) ?? "";
    expect(life).to.contain("35 meals: hot lunches in Yunnan, China").and.to.contain("Free lunches");
    expect(await open.page.locator("ol.life > li.done").count()).to.equal(5);
    expect(await open.page.locator("ol.life code").count()).to.equal(4);
  });

  it("comes nearer by keys, buttons and wheel, and goes back to the whole line", async () => {
    const { start, end } = verifyReceipt(file).position!;
    const picture = open.page.locator(".line-picture");
    const shown = (text: string) =>
      open.page.locator(".line-shown", { hasText: text }).waitFor({ timeout: WITHIN_MS });
    await picture.focus();
    await open.page.keyboard.press("End");
    await shown("the part of the line");
    const near = (await open.page.locator(".line-shown").textContent()) ?? "";
    const [from, to] = [...near.matchAll(/¥([\d.,]+\d)/g)].map(([, n]) =>
      BigInt(`${n}`.replace(/[.,]/g, "")),
    );
    expect([from! <= start, to! >= end, to! - from!]).to.deep.equal([true, true, 60n]);
    await open.page.locator(".line-own-text").waitFor({ timeout: WITHIN_MS });
    // One cell a cent, once the picture has arrived.
    await open.page.waitForFunction(() => document.querySelectorAll(".line-cell").length === 59);
    await open.page.locator(".line").screenshot({ path: "cache/screenshots/verify-line-own.png" });
    await open.page.keyboard.press("ArrowDown");
    await open.page.keyboard.press("ArrowLeft");
    await open.page.keyboard.press("Home");
    await shown("the whole line");
    await open.page.getByRole("button", { name: "Nearer" }).click();
    await shown("the part of the line");
    await open.page.getByRole("button", { name: "Whole line" }).click();
    await shown("the whole line");
    await picture.focus();
    await picture.hover();
    await open.page.mouse.wheel(0, -400);
    await shown("the part of the line");
  });

  it("asks nobody but the site and the endpoint, and tells nobody its key in an address", async () => {
    expect([...open.hosts].sort()).to.deep.equal(
      [new URL(played.service.url).host, new URL(played.service.rpcUrl).host].sort(),
    );
    const asked = await open.page.evaluate(() =>
      performance.getEntriesByType("resource").map(({ name }) => name),
    );
    const { key } = played.spent[1]!;
    expect(asked.filter((url) => url.includes(key))).to.deep.equal([]);
    expect(new URL(open.page.url()).hash).to.equal(`#${key}`);
  });

  it("loads little before it shows that", async () => {
    await expectSmallLoad(open.page);
  });

  it("loads why a receipt is not valid behind the verdict, so that it is there without a connection", async () => {
    const loaded = async () => {
      const entries = await open.page.evaluate(() =>
        performance.getEntriesByType("resource").map(({ name, startTime }) => [name, startTime] as const),
      );
      return entries.find(([name]) => REASONS.test(name))?.[1];
    };
    await open.page.waitForTimeout(1_500);
    const verifiedAt = await open.page.evaluate(
      () => performance.getEntriesByName("amanah.verified")[0]!.startTime,
    );
    expect(await loaded()).to.be.above(verifiedAt + 1_000);
    await open.context.setOffline(true);
    await open.page.locator("details.another > summary").click();
    await openFile(open.page, "not a receipt");
    await verdict(open.page, "invalid");
    expect(await open.page.locator(".verdict").textContent()).to.contain(reasons("not-json"));
    await open.context.setOffline(false);
    await open.page.reload();
    await verdict(open.page, "valid");
  });

  it("is accessible, fits the window, and says nothing that it should not", async () => {
    await expectAccessible(open.page);
    await expectNoOverflow(open.page);
    expect(open.errors).to.deep.equal([]);
  });

  it("is saved as the very file that verifies by itself", async () => {
    const download = open.page.waitForEvent("download");
    await open.page.getByRole("button", { name: english("keep.save") }).click();
    const saved = await (await download).createReadStream();
    let text = "";
    for await (const chunk of saved) text += chunk;
    expect(verifyReceipt(JSON.parse(text))).to.include({ reason: "not-compared" });
  });

  it("in a batch of a million is verified as soon as it is there", async () => {
    const { page } = open;
    const million = amongAMillion(file);
    await page.route("**/v1/receipts/*", (route) => route.fulfill({ json: million }));
    await page.reload({ waitUntil: "load" });
    await page.locator(".step[data-step=root][data-state=passed]").waitFor({ timeout: WITHIN_MS });
    const [loaded, verified, wanted] = await page.evaluate(() => {
      const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
      const [mark] = performance.getEntriesByName("amanah.verified");
      const receipt = performance
        .getEntriesByType("resource")
        .find(({ name }) => name.includes("/v1/receipts/"));
      return [navigation!.loadEventEnd, mark!.startTime, (receipt as PerformanceResourceTiming).responseEnd];
    });
    console.log(
      `      verified ${(verified! - loaded!).toFixed(0)} ms after load, ${(verified! - wanted!).toFixed(0)} ms after the receipt came`,
    );
    expect(verified! - wanted!).to.be.below(MOST_VERIFY_MS);
    await page.unroute("**/v1/receipts/*");
  });
});

/** The same receipt as one of 2^20, whose proof has twenty siblings: it leads to a root that no contract keeps. */
function amongAMillion(file: ReceiptFile): ReceiptFile {
  const path = Array.from({ length: 20 }, (_, i) => ({
    hash: toHex(new Uint8Array(32).fill(i)),
    sum: "100000",
  }));
  const { leaf } = verifyReceipt(file);
  const siblings = path.map(({ sum }, i) => ({ hash: new Uint8Array(32).fill(i), sum: BigInt(sum) }));
  const proof = { index: 5n, receipts: 1n << 20n, path: siblings };
  const top = climb(leaf!, BigInt(file.receipt.amount), proof);
  const statement = {
    ...file.statement!,
    from: "0",
    to: `${top.sum}`,
    receipts: `${1n << 20n}`,
    receiptsRoot: toHex(top.hash),
  };
  return { ...file, statement, proof: { index: "5", receipts: `${1n << 20n}`, path } };
}

describe("a receipt on a phone", function () {
  this.timeout(180_000);

  for (const { language, dark } of [
    { language: "id", dark: false },
    { language: "zh-CN", dark: true },
  ] as const)
    it(`is told in ${language}${dark ? ", in the dark" : ""}, and nothing is wider than the window`, async () => {
      const played = await playedLedger();
      const open = await openPage(linkOf(played, played.given[0]!), { language, dark, size: PHONE });
      await verdict(open.page, "valid");
      const texts = textsOf(language, "verify");
      expect(await open.page.locator(".verdict h2").textContent()).to.equal(
        texts("verdict.valid.demonstration.title"),
      );
      expect(await open.page.locator("ol.life").textContent()).to.contain(texts("life.paid.waiting"));
      await expectSmallLoad(open.page);
      await expectNoOverflow(open.page);
      await expectAccessible(open.page);
      await keepPicture(open.page, `verify-phone-${language}`);
      expect(open.errors).to.deep.equal([]);
      await open.close();
    });
});

describe("a link that does not open a receipt", function () {
  this.timeout(180_000);

  it("says so: unknown, with a wrong key, and what the id alone shows", async () => {
    const played = await playedLedger();
    const { id, key } = played.spent[2]!;
    const open = await openPage(`${played.service.url}/r/0x${"00".repeat(16)}`);
    const { page } = open;
    await page.getByRole("heading", { name: "There is nothing here" }).waitFor({ timeout: WITHIN_MS });
    await expectAccessible(page);

    await page.goto("about:blank");
    await page.goto(`${played.service.url}/r/${id}#${key}x`);
    await page.getByRole("heading", { name: english("wrongKey.title") }).waitFor({ timeout: WITHIN_MS });
    await page.getByRole("button", { name: english("wrongKey.without") }).click();
    await verdict(page, "valid");
    expect(await page.locator(".verdict h2").textContent()).to.equal(
      english("verdict.valid.demonstration.titleOfProof"),
    );
    expect(await stateOf(page, "leaf")).to.equal("leaf open");
    expect(await page.locator(".whose").textContent()).to.contain(english("whose.hidden"));
    expect(await page.locator(".order").count()).to.equal(0);
    await keepPicture(page, "verify-proof");
    expect(ownErrors(open)).to.deep.equal([]);
    await open.close();
  });
});
