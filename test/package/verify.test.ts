// The package entry `amanah/verify`, as it is built: in Node, in a browser by its example page, and beside the command.

import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Options, type Result, verifyReceipt } from "amanah/verify";
import { expect } from "chai";
import { ROOT } from "../../scripts/child.ts";
import type { ReceiptFile } from "../../server/protocol/receipt-file.ts";
import {
  DESK,
  expectAccessible,
  expectNoOverflow,
  keepPicture,
  openPage,
  PHONE,
} from "../support/browser.ts";
import { type PlayedLedger, playedLedger, receiptFile } from "../support/played-ledger.ts";
import { runScript } from "../support/run-script.ts";
import { serveFolder } from "../support/static-files.ts";

const BUILT = join(ROOT, "dist", "verify", "index.js");
const MOST_COMPRESSED_BYTES = 60_000;

describe("amanah/verify", function () {
  this.timeout(120_000);
  let played: PlayedLedger;
  let file: ReceiptFile;
  let options: Options;

  before(async () => {
    played = await playedLedger();
    file = await receiptFile(played, played.spent[0]!);
    options = { contract: file.ledger.contract as Options["contract"], rpc: played.service.rpcUrl };
  });

  const tampered = (): ReceiptFile => ({ ...file, receipt: { ...file.receipt, amount: "5001" } });
  const failed = ({ steps }: Result) => steps.filter(({ ok }) => ok !== true).map(({ step }) => step);

  it("is one file of plain JavaScript below 60 kB compressed, which imports nothing", () => {
    const text = readFileSync(BUILT, "utf8");
    expect(gzipSync(text).length).to.be.below(MOST_COMPRESSED_BYTES);
    expect(text).not.to.match(/\bimport\s*[({*"'\w]/);
    expect(text).not.to.match(/\brequire\s*\(/);
    expect(text).not.to.contain("node:");
    for (const name of builtinModules) expect(text, name).not.to.contain(`from"${name}"`);
  });

  it("finds a true receipt valid by the contract that the reader chose, and how far its money has come", async () => {
    const found = await verifyReceipt(file, options);
    expect(found).to.include({ verdict: "valid", reason: null, status: "spent", order: file.details?.order });
    expect(found.position).to.include({ unit: "CNY", kind: 0 });
    const { start, end } = found.position ?? { start: "0", end: "0" };
    expect(`${BigInt(end) - BigInt(start)}`).to.equal(file.receipt.amount);
    expect(found.line).to.include({ paid: "20000", spent: "14000" });
  });

  it("takes a file as text, as bytes and parsed, and finds the same", async () => {
    const text = JSON.stringify(file);
    const found = await verifyReceipt(text, options);
    expect(await verifyReceipt(new TextEncoder().encode(text), options)).to.deep.equal(found);
    expect(await verifyReceipt(file, options)).to.deep.equal(found);
  });

  it("finds a tampered receipt invalid, and names the check", async () => {
    const found = await verifyReceipt(tampered(), options);
    expect(found.verdict).to.equal("invalid");
    expect(failed(found)).to.have.length(1);
  });

  it("cannot tell without a contract, or when no endpoint answers, and says why", async () => {
    expect(await verifyReceipt(file)).to.include({ verdict: "unknown", reason: "not-compared" });
    const dead = await verifyReceipt(file, { ...options, rpc: "http://127.0.0.1:9" });
    expect(dead).to.include({ verdict: "unknown", reason: "no-answer" });
    expect(await verifyReceipt("no receipt", options)).to.include({ verdict: "invalid" });
  });

  it("reads the contract by the caller's own fetch, or by a provider in place of an endpoint", async () => {
    const asked: string[] = [];
    const own: typeof fetch = (input, init) => {
      asked.push(String(input instanceof Request ? input.url : input));
      return fetch(input, init);
    };
    expect(await verifyReceipt(file, { ...options, fetch: own })).to.include({ verdict: "valid" });
    expect(new Set(asked.map((url) => new URL(url).host))).to.deep.equal(
      new Set([new URL(played.service.rpcUrl).host]),
    );
    const request = async (body: object) => {
      const init = { method: "POST", headers: { "Content-Type": "application/json" } };
      const call = { ...init, body: JSON.stringify({ jsonrpc: "2.0", id: 1, ...body }) };
      const { result } = (await (await fetch(played.service.rpcUrl, call)).json()) as { result: unknown };
      return result;
    };
    const found = await verifyReceipt(file, { contract: options.contract, provider: { request } });
    expect(found).to.include({ verdict: "valid", status: "spent" });
  });

  it("refuses a contract that is no address, before it asks anybody", async () => {
    const thrown = await verifyReceipt(file, { contract: "0x12" }).catch((error) => error);
    expect(thrown).to.have.property("code", "not-a-contract");
  });

  it("tells what the command tells, step by step, of true and tampered files", async () => {
    const folder = await mkdtemp(join(tmpdir(), "amanah-package-"));
    for (const [name, one] of Object.entries({ true: file, tampered: tampered() })) {
      const path = join(folder, `${name}.json`);
      await writeFile(path, JSON.stringify(one));
      const args = [path, "--json", "--contract", options.contract, "--rpc", played.service.rpcUrl];
      const { out } = await runScript(join(ROOT, "scripts", "verify.ts"), args);
      const { path: _, contract: __, reversals: ___, ...told } = JSON.parse(out);
      expect(JSON.parse(JSON.stringify(await verifyReceipt(one, options)))).to.deep.equal(told);
    }
    await rm(folder, { recursive: true });
  });

  it("its example page verifies what is chosen or dropped, in a browser, asking the endpoint alone", async () => {
    const server = await serveFolder(ROOT);
    const { page, errors, hosts, close } = await openPage(`${server.url}/examples/verify/`, { size: PHONE });
    await page.fill("[name=contract]", options.contract);
    await page.fill("[name=rpc]", played.service.rpcUrl);
    const choose = (one: object) => {
      const buffer = Buffer.from(JSON.stringify(one));
      return page.setInputFiles("#file", { name: "receipt.json", mimeType: "application/json", buffer });
    };
    await choose(file);
    await page.locator("#result[data-verdict=valid]").waitFor();
    expect(await page.textContent("#facts"))
      .to.contain(`${file.details?.order}`)
      .and.contain("spent");
    await expectAccessible(page);
    await expectNoOverflow(page);
    await keepPicture(page, "package-example-phone");
    await page.evaluate((text) => {
      const dropped = new DataTransfer();
      dropped.items.add(new File([text], "receipt.json"));
      const event = new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true });
      document.getElementById("drop")!.dispatchEvent(event);
    }, JSON.stringify(tampered()));
    await page.locator("#result[data-verdict=invalid]").waitFor();
    await page.setViewportSize(DESK);
    await keepPicture(page, "package-example-desk");
    expect(errors).to.deep.equal([]);
    expect([...hosts]).to.have.members([new URL(server.url).host, new URL(played.service.rpcUrl).host]);
    await close();
    await server.stop();
  });
});
