// A receipt that is brought as a file or a code: with what was changed in it, without a connection, with its batch's book.

import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { toBuffer } from "qrcode";
import type { ReceiptFile } from "../../server/protocol/receipt-file.ts";
import { MOST_BOOK_BYTES } from "../../server/web/book-size.ts";
import { expectAccessible, keepPicture, type OpenPage, openPage } from "../support/browser.ts";
import { type PlayedLedger, playedLedger, receiptFile } from "../support/played-ledger.ts";
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

describe("a receipt's file", function () {
  this.timeout(240_000);
  let played: PlayedLedger;
  let open: OpenPage;
  let page: Page;
  let file: ReceiptFile;
  let folder: string | undefined;

  before(async () => {
    played = await playedLedger();
    file = await receiptFile(played, played.acknowledged[0]!);
    open = await openPage(`${played.service.url}/verify`);
    page = open.page;
    await page.locator(".doors").waitFor({ timeout: WITHIN_MS });
  });
  after(async () => {
    await open.close();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  it("is asked for in a way that everybody can use", async () => {
    await expectAccessible(page);
    await keepPicture(page, "verify-open");
  });

  it("is verified as the link is", async () => {
    await openFile(page, JSON.stringify(file));
    await verdict(page, "valid");
    expect(await page.locator(".verdict p").first().textContent()).to.contain("it has signed for it");
  });

  it("is verified as well when it is dropped on the page, or pasted", async () => {
    const other = await receiptFile(played, played.given[0]!);
    for (const [event, brought, says] of [
      ["drop", file, "it has signed for it"],
      ["paste", other, "waits to be paid"],
    ] as const) {
      const transfer = await page.evaluateHandle((text) => {
        const data = new DataTransfer();
        data.items.add(new File([text], "receipt.json", { type: "application/json" }));
        return data;
      }, JSON.stringify(brought));
      await page.evaluate(
        ([name, data]) => {
          const made =
            name === "drop"
              ? new DragEvent(name, { dataTransfer: data, cancelable: true })
              : new ClipboardEvent(name, { clipboardData: data });
          document.dispatchEvent(made);
        },
        [event, transfer] as const,
      );
      await page.locator(".verdict.valid", { hasText: says }).waitFor({ timeout: WITHIN_MS });
    }
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

  /** One byte more than a book may have, of which the disk holds none. */
  async function hugeFile(): Promise<string> {
    folder = await mkdtemp(join(tmpdir(), "amanah-"));
    const path = join(folder, "huge.arrow");
    await writeFile(path, "");
    await truncate(path, MOST_BOOK_BYTES + 1);
    return path;
  }

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
    await page.locator("input[accept='.arrow']").setInputFiles(await hugeFile());
    await page.getByText(english("book.tooLarge")).waitFor({ timeout: WITHIN_MS });
    await verdict(page, "unknown");
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
