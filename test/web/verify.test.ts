// Checking a receipt as a visitor does: by its link, by its file, with what was changed in it, without a connection, at an
// endpoint and by a contract of their own.

import { gzipSync } from "node:zlib";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { toBuffer } from "qrcode";
import { toHex } from "../../server/protocol/bytes.ts";
import type { ReceiptFile } from "../../server/protocol/receipt-file.ts";
import { climb } from "../../server/protocol/sum-tree.ts";
import { verifyReceipt } from "../../server/protocol/verify.ts";
import {
  DESK,
  expectAccessible,
  expectNoOverflow,
  keepPicture,
  type OpenPage,
  openPage,
  PHONE,
} from "../support/browser.ts";
import { type PlayedLedger, playedLedger, receiptFile } from "../support/played-ledger.ts";
import { textsOf } from "./page-texts.ts";

const WITHIN_MS = 30_000;
const MOST_FIRST_LOAD_BYTES = 200_000;
const MOST_VERIFY_MS = 3_000;
const DEAD = "http://127.0.0.1:9";

const english = textsOf("en", "verify");
const reasons = textsOf("en", "reasons");

const linkOf = ({ service }: PlayedLedger, { id, key }: { id: string; key: string }) =>
  `${service.url}/r/${id}#${key}`;
const verdict = (page: Page, mood: string) =>
  page.locator(`.verdict.${mood}`).waitFor({ timeout: WITHIN_MS });
const stepStates = (page: Page) =>
  page
    .locator(".step")
    .evaluateAll((steps) => steps.map(({ dataset }) => `${dataset.step} ${dataset.state}`));
const stateOf = async (page: Page, step: string) =>
  (await stepStates(page)).find((each) => each.startsWith(`${step} `));
const openFile = (page: Page, text: string, name = "receipt.json", mimeType = "application/json") =>
  page.locator(".doors input[type=file]").setInputFiles({ name, mimeType, buffer: Buffer.from(text) });

/** Chromium itself logs a request that found no answer; anything else is an error of ours. */
const ownErrors = ({ errors }: OpenPage) =>
  errors.filter((text) => !text.startsWith("Failed to load resource"));

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
      "format details leaf promise statement path sum root ledger anchored status kept"
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
    const asked = await open.page.evaluate(() =>
      performance.getEntriesByType("resource").map(({ name }) => name),
    );
    const files = [...new Set(asked)].filter((url) => /\.(js|css)$/.test(url));
    let bytes = 0;
    for (const url of [...files, played.service.url])
      bytes += gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length;
    console.log(`      ${files.length} files, ${(bytes / 1000).toFixed(1)} kB compressed`);
    expect(files.length).to.be.above(3);
    expect(bytes).to.be.below(MOST_FIRST_LOAD_BYTES);
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
      expect(await open.page.locator(".verdict h2").textContent()).to.equal(texts("verdict.valid.title"));
      expect(await open.page.locator("ol.life").textContent()).to.contain(texts("life.paid.waiting"));
      await expectNoOverflow(open.page);
      await expectAccessible(open.page);
      await keepPicture(open.page, `verify-phone-${language}`);
      expect(open.errors).to.deep.equal([]);
      await open.close();
    });
});

describe("a receipt's file", function () {
  this.timeout(240_000);
  let played: PlayedLedger;
  let open: OpenPage;
  let page: Page;
  let file: ReceiptFile;

  before(async () => {
    played = await playedLedger();
    file = await receiptFile(played, played.acknowledged[0]!);
    open = await openPage(`${played.service.url}/verify`);
    page = open.page;
    await page.locator(".doors").waitFor({ timeout: WITHIN_MS });
  });
  after(() => open.close());

  it("is asked for in a way that everybody can use", async () => {
    await expectAccessible(page);
    await keepPicture(page, "verify-open");
  });

  it("is verified as the link is", async () => {
    await openFile(page, JSON.stringify(file));
    await verdict(page, "valid");
    expect(await page.locator(".verdict p").first().textContent()).to.contain("it has signed for it");
  });

  type Change = (file: ReceiptFile) => void;
  const CHANGES: [what: string, step: string, reason: string, change: Change][] = [
    [
      "a cent more",
      "path",
      "receipts-root-differs",
      ({ receipt }) => {
        receipt.amount = `${BigInt(receipt.amount) + 1n}`;
      },
    ],
    [
      "another order number",
      "details",
      "details-differ",
      ({ details }) => {
        details!.order = "g-0";
      },
    ],
    [
      "a sum on the path",
      "path",
      "receipts-root-differs",
      ({ proof }) => {
        proof!.path[0]!.sum = `${BigInt(proof!.path[0]!.sum) + 1n}`;
      },
    ],
    [
      "a statement that ends later",
      "sum",
      "sum-differs",
      ({ statement }) => {
        statement!.to = `${BigInt(statement!.to) + 1n}`;
      },
    ],
    [
      "another charity's statement",
      "statement",
      "charity-differs",
      ({ statement }) => {
        statement!.charity = `0x${"11".repeat(32)}`;
      },
    ],
    [
      "a promise of another amount",
      "promise",
      "promise-amount-differs",
      ({ promise }) => {
        promise!.amount = "1";
      },
    ],
    [
      "a proof that leads to another root than the contract's",
      "anchored",
      "root-differs",
      ({ statementProof }) => {
        statementProof!.pop();
      },
    ],
  ];

  for (const [what, step, reason, change] of CHANGES)
    it(`with ${what} fails at the step "${step}", in words and with a sign`, async () => {
      const changed = structuredClone(file);
      // Without its promise, which is of the true amount, what fails is what was changed.
      if (step !== "promise") changed.promise = null;
      change(changed);
      await openFile(page, JSON.stringify(changed));
      await page.locator(`.step[data-step=${step}][data-state=failed]`).waitFor({ timeout: WITHIN_MS });
      await verdict(page, "invalid");
      const failed = page.locator(".step.failed");
      expect(await failed.count()).to.equal(1);
      expect(await failed.textContent())
        .to.contain(reasons(reason))
        .and.to.contain(english("state.failed"));
      expect(await page.locator(".verdict").textContent()).to.contain(reasons(reason));
      const states = await stepStates(page);
      const behind = states.slice(states.indexOf(`${step} failed`) + 1);
      expect(behind.filter((each) => !each.endsWith(" unreached"))).to.deep.equal([]);
      if (step === "details") await keepPicture(page, "verify-changed");
    });

  it("that is none at all is told to be none", async () => {
    await openFile(page, "not a receipt");
    await verdict(page, "invalid");
    expect(await page.locator(".verdict").textContent()).to.contain(reasons("not-json"));
  });

  it("is verified down to the root without a connection, and with the chain once there is one", async () => {
    await open.context.setOffline(true);
    await openFile(page, JSON.stringify(file));
    await verdict(page, "unknown");
    expect(await stateOf(page, "root")).to.equal("root passed");
    expect(await stateOf(page, "ledger")).to.equal("ledger open");
    expect(await page.locator(".verdict").textContent()).to.contain(reasons("no-connection"));
    await expectAccessible(page);
    await keepPicture(page, "verify-offline");
    await open.context.setOffline(false);
    await page.getByRole("button", { name: english("verdict.again") }).click();
    await verdict(page, "valid");
  });

  it("that was saved before its batch was sealed waits, or is verified by the batch's book", async () => {
    const early = {
      ...structuredClone(file),
      batch: null,
      proof: null,
      statement: null,
      statementProof: null,
    };
    await openFile(page, JSON.stringify({ ...early, expected: "1790000000", promise: null }));
    await verdict(page, "unknown");
    expect(await page.locator(".verdict").textContent()).to.contain("Sep 21, 2026");
    const book = await fetch(`${played.service.url}/books/${file.batch}.arrow`);
    await page.locator("input[accept='.arrow']").setInputFiles({
      name: `${file.batch}.arrow`,
      mimeType: "application/octet-stream",
      buffer: Buffer.from(await book.arrayBuffer()),
    });
    await verdict(page, "valid");
    expect(await stateOf(page, "book")).to.equal("book passed");
    expect(await page.locator(".line-picture").count()).to.equal(1);
  });

  it("is found by a link that is pasted", async () => {
    await page.locator("details.another > summary").click();
    await page.locator("#pasted").fill(linkOf(played, played.acknowledged[1]!));
    await page.getByRole("button", { name: english("open.check"), exact: true }).click();
    await page.waitForURL(/\/r\/0x/);
    await verdict(page, "valid");
    expect(ownErrors(open)).to.deep.equal([]);
  });
});

describe("a receipt's code", function () {
  this.timeout(180_000);

  it("is read from a picture of it, and by the camera, and opens the receipt", async () => {
    const played = await playedLedger();
    const open = await openPage(`${played.service.url}/verify`);
    const { page } = open;
    const link = linkOf(played, played.acknowledged[0]!);
    const picture = await toBuffer(link, { scale: 6 });
    await page.locator(".doors").waitFor({ timeout: WITHIN_MS });
    const files = { name: "code.png", mimeType: "image/png", buffer: picture };
    await page.locator(".doors input[type=file]").setInputFiles(files);
    await page.waitForURL(/\/r\/0x/);
    await verdict(page, "valid");

    await page.addInitScript(showToCamera, `data:image/png;base64,${picture.toString("base64")}`);
    await page.goto(`${played.service.url}/verify`);
    await page.getByRole("button", { name: english("open.scan") }).click();
    await page.waitForURL(/\/r\/0x/, { timeout: WITHIN_MS });
    await verdict(page, "valid");

    await page.goto(`${played.service.url}/verify`);
    const elsewhere = await toBuffer(link.replace(/^http:\/\/[^/]+/, "https://gifts.example"), { scale: 6 });
    await page.locator(".doors input[type=file]").setInputFiles({ ...files, buffer: elsewhere });
    await page
      .getByText(english("open.elsewhere", { host: "gifts.example" }))
      .waitFor({ timeout: WITHIN_MS });
    expect(page.url()).to.contain("/verify");
    expect([...open.hosts].filter((host) => !host.startsWith("127.0.0.1"))).to.deep.equal([]);
    expect(ownErrors(open)).to.deep.equal([]);
    await open.close();
  });
});

/** Runs in the page: holds a picture before its camera, of which a test's machine has none. */
function showToCamera(picture: string): void {
  const canvas = document.createElement("canvas");
  const image = new Image();
  image.onload = () => {
    [canvas.width, canvas.height] = [image.width, image.height];
    setInterval(() => canvas.getContext("2d")?.drawImage(image, 0, 0), 100);
  };
  image.src = picture;
  navigator.mediaDevices.getUserMedia = () => Promise.resolve(canvas.captureStream(10));
}

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
    expect(await page.locator(".verdict h2").textContent()).to.equal(english("verdict.valid.titleOfProof"));
    expect(await stateOf(page, "leaf")).to.equal("leaf open");
    expect(await page.locator(".whose").textContent()).to.contain(english("whose.hidden"));
    expect(await page.locator(".order").count()).to.equal(0);
    await keepPicture(page, "verify-proof");
    expect(ownErrors(open)).to.deep.equal([]);
    await open.close();
  });
});
