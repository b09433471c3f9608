// The pages of batches in a real browser: what they show, and a book that the visitor's own browser recomputes and compares
// with the contract, whatever happens to the book, the site or the endpoint meanwhile.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Page, Route } from "playwright-core";
import { rootOfBatch } from "../../server/books/batch-tree.ts";
import { wholeBook } from "../../server/books/encode.ts";
import { type OpenStatement, openBook } from "../../server/books/read.ts";
import { rootOfReceipts } from "../../server/books/receipts-tree.ts";
import { fastKeccak } from "../../server/hashing.ts";
import {
  DESK,
  expectAccessible,
  expectNoOverflow,
  keepPicture,
  LANGUAGES,
  type Look,
  type OpenPage,
  openPage,
  PHONE,
} from "../support/browser.ts";
import { call } from "../support/client.ts";
import { type PlayedLedger, playedLedger } from "../support/played-ledger.ts";
import { startTestService, type TestService } from "../support/service.ts";

const TITLES = { en: "Batch 2", id: "Batch 2", "zh-CN": "批次 2" } as const;
const GOOD = { en: "It is all true", id: "Semuanya benar", "zh-CN": "全部属实" } as const;
const RECOMPUTE = { en: "Recompute", id: "Hitung ulang", "zh-CN": "重算" } as const;

/** A book in which the first gift is larger by one, and everything above it was made to fit. */
async function forged(bytes: Uint8Array): Promise<Uint8Array> {
  const book = openBook(Uint8Array.from(bytes));
  const [first] = book.statements as [OpenStatement];
  const amounts = first.amounts.with(0, (first.amounts[0] as bigint) + 1n);
  const { hash: receiptsRoot } = rootOfReceipts(first.leaves, amounts, fastKeccak);
  const statement = { ...first, amounts, receiptsRoot, to: first.to + 1n };
  const statements = [statement, ...book.statements.slice(1)];
  const root = rootOfBatch({ ...book, statements }, fastKeccak);
  return wholeBook({ ...book, statements, root }, (_, i) => [statements[i] as OpenStatement]);
}

describe("the pages of batches", function () {
  this.timeout(120_000);
  let played: PlayedLedger;
  let folder: string;
  let book: Buffer;

  before(async () => {
    played = await playedLedger();
    folder = await mkdtemp(join(tmpdir(), "amanah-books-"));
    const answer = await fetch(`${played.service.url}/books/2.arrow`);
    book = Buffer.from(await answer.arrayBuffer());
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const visiting = async (path: string, look: Look, see: (opened: OpenPage) => Promise<void>) => {
    const opened = await openPage(`${played.service.url}${path}`, look);
    try {
      await see(opened);
    } finally {
      await opened.close();
    }
  };

  /** Waits for the verdict, and answers with it and with each step: its mark and its text. */
  async function outcome(page: Page): Promise<{ verdict: string; steps: string[] }> {
    await page.locator(".verdict").waitFor();
    const steps = await page
      .locator(".steps > li")
      .evaluateAll((items) =>
        items.map((item) => `${(item as HTMLElement).className}: ${(item as HTMLElement).innerText}`),
      );
    return { verdict: (await page.locator(".verdict").innerText()).trim(), steps };
  }

  const recompute = (page: Page) => page.getByRole("button", { name: "Recompute", exact: true }).click();

  const chooseBook = async (page: Page, bytes: Uint8Array, name = "2.arrow") => {
    const file = join(folder, name);
    await writeFile(file, bytes);
    await page.locator("input[type=file]").setInputFiles(file);
  };

  /** Has the site hand out other bytes for a book. */
  const serve = (page: Page, bytes: Uint8Array) =>
    page.route("**/books/2.arrow", (route: Route) =>
      route.request().method() === "HEAD"
        ? route.continue()
        : route.fulfill({ body: Buffer.from(bytes), contentType: "application/vnd.apache.arrow.file" }),
    );

  it("list the newest first, and lead to each", () =>
    visiting("/batches", { size: PHONE }, async ({ page, errors }) => {
      const numbers = page.locator(".batches > li > a");
      await numbers.first().waitFor();
      await expectNoOverflow(page);
      await expectAccessible(page);
      await keepPicture(page, "batches-phone");
      const texts = await numbers.allInnerTexts();
      expect(texts.at(-1)).to.equal("Batch 1");
      expect(texts.length).to.be.at.least(3);
      await numbers.last().click();
      await page.getByRole("heading", { name: "Batch 1", level: 1 }).waitFor();
      expect(await page.title()).to.equal("Batch 1 · Amanah");
      expect(errors).to.deep.equal([]);
    }));

  for (const language of LANGUAGES)
    for (const [name, size] of Object.entries({ phone: PHONE, desk: DESK }))
      for (const dark of [false, true])
        it(`show a batch and recompute it in ${language}, on a ${name}, ${dark ? "dark" : "light"}`, () =>
          visiting("/batches/2", { language, size, dark }, async ({ page, errors, hosts }) => {
            await page.getByRole("heading", { name: TITLES[language], level: 1 }).waitFor();
            await page.getByRole("button", { name: RECOMPUTE[language], exact: true }).click();
            const { verdict, steps } = await outcome(page);
            expect(verdict).to.contain(GOOD[language]);
            expect(steps.filter((step) => !step.startsWith("good"))).to.deep.equal([]);
            await expectNoOverflow(page);
            await expectAccessible(page);
            await keepPicture(page, `batch-${language}-${name}-${dark ? "dark" : "light"}`);
            expect(errors).to.deep.equal([]);
            // This site, and the endpoint of the visitor's chain.
            expect([...hosts].sort()).to.deep.equal(
              [new URL(played.service.url).host, new URL(played.service.rpcUrl).host].sort(),
            );
          }));

  it("tell all that a batch holds: its lines, its documents, its root, its place on the chain, its book", () =>
    visiting("/batches/2", {}, async ({ page }) => {
      const { body } = await call(`${played.service.url}/v1/batches/2`);
      await page.locator(".identity").waitFor();
      await page.getByText("2.arrow (").waitFor();
      const text = await page.locator("main").innerText();
      for (const shown of [body.root, body.transaction, body.statements[0].name, "CN¥140.00", "from CN¥0.00"])
        expect(text).to.contain(shown);
      const charity = await page.locator(".statements a").first().getAttribute("href");
      expect(charity).to.equal(`/charities/${played.charity.registration}`);
    }));

  it("tell of the pledge whose terms were noticed before the first of its receipts", () =>
    visiting("/batches/1", {}, async ({ page }) => {
      await page.getByText("Terms of 1 pledge of a merchant").waitFor();
      const document = await page.locator(".notices a").first().getAttribute("href");
      expect((await call(`${played.service.url}${document}`)).body.format).to.equal("amanah-terms/1");
    }));

  it("say so where there is no batch of a number yet", () =>
    visiting("/batches/999", {}, async ({ page }) => {
      await page.getByText("There is no batch of this number yet").waitFor();
      await expectAccessible(page);
    }));

  it("show in red exactly what a flipped byte breaks: a leaf, an amount, the framing, the header", () =>
    visiting("/batches/2", {}, async ({ page, errors }) => {
      const { statements } = openBook(Uint8Array.from(book));
      const [leaves, amounts] = [statements[0]!.leaves.byteOffset, statements[0]!.amounts.byteOffset];
      const broken = async (at: number) => {
        const bytes = Uint8Array.from(book);
        bytes[at]! ^= 1;
        await page.unroute("**/books/2.arrow");
        await serve(page, bytes);
        await recompute(page);
      };
      const red = async () => {
        await page.locator(".steps .bad").first().waitFor();
        return (await page.locator(".steps > .bad").allInnerTexts()).join("\n");
      };
      await broken(leaves);
      const { verdict } = await outcome(page);
      expect(verdict).to.contain("Something is wrong");
      const ofLeaf = await red();
      expect(ofLeaf).to.contain("do not bear out: 1 of 1").and.contain("the receipts lead to another root");
      expect(ofLeaf).not.to.contain("add up to another sum");
      await expectAccessible(page);
      await keepPicture(page, "batch-tampered");

      await broken(amounts);
      await page.getByText("add up to another sum").waitFor();
      expect(await red()).to.contain("its amounts add up to");

      await broken(book.length - 20);
      await page.getByText("The file is damaged").waitFor();
      expect(await red()).to.contain(`byte ${book.length - 20}, in the footer`);

      await broken(3);
      expect(await red()).to.contain("byte 3 is not as in any Arrow file");
      expect(errors).to.deep.equal([]);
    }));

  it("show by the contract that a book is not the recorded one, however sound it is in itself", () =>
    visiting("/batches/2", {}, async ({ page }) => {
      await page.locator(".identity").waitFor();
      await chooseBook(page, await forged(book));
      const { verdict, steps } = await outcome(page);
      expect(verdict).to.contain("Something is wrong");
      const bad = steps.filter((step) => step.startsWith("bad"));
      expect(bad).to.have.length(2);
      expect(bad[0]).to.contain("This page shows another root");
      expect(bad[1]).to.contain("The contract keeps another root");
      await keepPicture(page, "batch-forged");
    }));

  it("take a book that is dropped onto the page, and say when it is another batch's", () =>
    visiting("/batches/2", {}, async ({ page }) => {
      await page.locator(".identity").waitFor();
      const dropped = await page.evaluateHandle(async () => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([await (await fetch("/books/3.arrow")).blob()], "3.arrow"));
        return transfer;
      });
      await page.dispatchEvent(".recompute", "drop", { dataTransfer: dropped });
      const { verdict, steps } = await outcome(page);
      expect(verdict).to.contain("Something is wrong");
      const bad = steps.filter((step) => step.startsWith("bad"));
      expect(bad).to.have.length(1);
      expect(bad[0]).to.contain("another batch's book: 3, and not 2");
    }));

  it("recompute a book from the visitor's disk when the site is gone, and compare it by their own endpoint", () =>
    visiting("/batches/2", { size: PHONE }, async ({ page }) => {
      await page.locator(".identity").waitFor();
      await recompute(page);
      await outcome(page);
      await page.locator("summary").click();
      const { contract } = (await call(`${played.service.url}/v1/ledger`)).body;
      await page.getByLabel("Contract").fill(contract);
      await page.getByLabel("Endpoint").fill(played.service.rpcUrl);
      await page.getByRole("button", { name: "Use these" }).click();
      await page.getByText("contract of your choice").waitFor();
      // From here on nothing of the site answers; what was loaded goes on.
      await page.route(`${played.service.url}/**`, (route) => route.abort());
      await chooseBook(page, book);
      await page.getByText("Reading the book").waitFor({ state: "detached" });
      const { verdict } = await outcome(page);
      expect(verdict).to.contain("It is all true");
      await keepPicture(page, "batch-offline");
    }));

  it("say that there is no connection, and still take a book from the disk", () =>
    visiting("/batches", {}, async ({ page }) => {
      await page.locator(".batches a").first().waitFor();
      await page.route("**/v1/**", (route) => route.abort());
      await page.locator('.batches a[href="/batches/2"]').click();
      await page.getByText("No connection").waitFor({ timeout: 30_000 });
      await chooseBook(page, book);
      const { verdict, steps } = await outcome(page);
      expect(verdict).to.contain("could not be compared");
      expect(steps.at(-1)).to.contain("open").and.contain("it is not known which contract");
      await expectAccessible(page);
      await keepPicture(page, "batch-no-connection");
    }));

  it("recompute all the same at a dead endpoint, and say that it could not be compared", () =>
    visiting("/batches/2", {}, async ({ page }) => {
      const dead = { contract: `0x${"01".repeat(20)}`, rpcUrls: ["http://127.0.0.1:9"] };
      const { id } = (await call(`${played.service.url}/v1/ledger`)).body;
      await page.evaluate(
        ([key, value]) => localStorage.setItem(key as string, value as string),
        [`amanah.ledger.${id}`, JSON.stringify(dead)],
      );
      await page.reload();
      await recompute(page);
      const { verdict, steps } = await outcome(page);
      expect(verdict).to.contain("could not be compared");
      expect(steps.join("\n")).to.contain("Every receipt counts").and.contain("does not answer");
      await keepPicture(page, "batch-dead-endpoint");
    }));

  it("are cancelled at any moment, find nothing out then, and can be started again", () =>
    visiting("/batches/2", {}, async ({ page }) => {
      let letGo = () => {};
      await page.route("**/books/2.arrow", async (route) => {
        if (route.request().method() === "GET") await new Promise<void>((resolve) => (letGo = resolve));
        await route.continue().catch(() => {});
      });
      await recompute(page);
      await page.getByRole("progressbar").waitFor();
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.getByText("Cancelled. Nothing was found out.").waitFor();
      expect(await page.locator(".steps").count()).to.equal(0);
      letGo();
      await page.unroute("**/books/2.arrow");
      await recompute(page);
      expect((await outcome(page)).verdict).to.contain("It is all true");
    }));
});

describe("the page of batches before there is any", function () {
  this.timeout(120_000);
  let service: TestService;

  before(async () => {
    service = await startTestService();
  });
  after(() => service.stop());

  it("says that none is closed yet", async () => {
    const { page, close } = await openPage(`${service.url}/batches`, { size: PHONE });
    await page.getByText("No batch is closed yet").waitFor();
    await expectAccessible(page);
    await expectNoOverflow(page);
    await close();
  });

  it("shows the open batch as open, and its book as not written", async () => {
    const { page, close } = await openPage(`${service.url}/batches/1`);
    await page.getByText("As long as it is open, receipts are added").waitFor();
    expect(await page.getByRole("button", { name: "Recompute", exact: true }).isDisabled()).to.equal(true);
    await close();
  });
});
