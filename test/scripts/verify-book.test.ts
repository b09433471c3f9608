// `verify --book`, run as a stranger runs it: a receipt saved before sealing, its batch's book, and a real contract.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { toHex } from "../../server/protocol/bytes.ts";
import { encodeReceiptFile, type OpenedReceipt } from "../../server/protocol/receipt-file.ts";
import { bookOfSealed, bytesOfBook } from "../books/making.ts";
import { type DeployedLedger, deployLedger } from "../protocol/deployed-ledger.ts";
import { runScript } from "../support/run-script.ts";
import { playLedger } from "../vectors/ledger.ts";

const COMMAND = join(import.meta.dirname, "../../scripts/verify.ts");

describe("npm run verify -- --book", function () {
  this.timeout(60_000);
  const played = playLedger();
  const [first, second] = played.batches as [(typeof played.batches)[0], (typeof played.batches)[0]];
  const gift = first.files[2]!;
  let folder: string;
  let ledger: DeployedLedger;
  let books: { first: string; second: string; damaged: string };

  const save = async (name: string, content: Uint8Array | string) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const saveFile = (name: string, file: OpenedReceipt) => save(name, JSON.stringify(encodeReceiptFile(file)));
  const saveUnsealed = (name: string, file: OpenedReceipt) => saveFile(name, { ...file, seal: null });

  const verify = (args: string[]) =>
    runScript(COMMAND, args, { env: { ...process.env, AMANAH_HOME: folder } });
  const chosen = () => ["--rpc", ledger.url, "--contract", ledger.address];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "amanah-verify-book-"));
    ledger = await deployLedger(played.ledger.id);
    await ledger.write("anchorMany", [1n, [...played.roots.values()].map(toHex)]);
    const bytes = await bytesOfBook(bookOfSealed(played.ledger.id, first, played.ledger.id));
    books = {
      first: await save("1.arrow", bytes),
      second: await save("2.arrow", await bytesOfBook(bookOfSealed(played.ledger.id, second, first.root))),
      damaged: await save("damaged.arrow", bytes.subarray(0, 999)),
    };
  });
  after(async () => {
    await ledger.stop();
    await rm(folder, { recursive: true });
  });

  it("exits 2 for a book that is damaged, missing, or without the receipt, and names it", async () => {
    const file = await saveUnsealed("early.json", gift);
    const wrong: [string, RegExp][] = [
      [
        books.damaged,
        /Cannot tell \(book-truncated\), at the step "book": .*damaged\.arrow: the book is cut off/,
      ],
      [join(folder, "none.arrow"), /Cannot tell \(book-not-readable\).*none\.arrow: ENOENT/],
      [file, /Cannot tell \(book-damaged\).*this is no book/],
      [books.second, /Cannot tell \(not-in-book\).*the book of batch 2 does not hold this receipt/],
    ];
    for (const [book, says] of wrong) {
      const { code, out } = await verify([file, "--book", book, ...chosen()]);
      expect(code).to.equal(2);
      expect(out).to.match(says);
    }
  });

  it("exits 1 for a receipt that was changed after the book had it", async () => {
    const raised = { ...gift, receipt: { ...gift.receipt, acceptedAt: gift.receipt.acceptedAt + 1n } };
    const { code, out } = await verify([
      await saveFile("raised.json", raised),
      "--book",
      books.first,
      ...chosen(),
    ]);
    expect(code).to.equal(1);
    expect(out).to.match(/Invalid \(receipts-root-differs\)/);
  });

  it("exits 0 for receipts saved before sealing, of any of the books given", async () => {
    const early = [await saveUnsealed("a.json", gift), await saveUnsealed("b.json", second.files[0]!)];
    const { code, out } = await verify([
      ...early,
      "--book",
      books.first,
      "--book",
      books.second,
      ...chosen(),
    ]);
    expect(code).to.equal(0);
    expect(out).to.match(
      /✓ book +the book of batch 1 holds this receipt, number \d of 5 in its line's statement/,
    );
    expect(out).to.match(/✓ anchored +the contract keeps exactly this root for batch 2/);
    expect(out).to.include("2 valid, 0 invalid, 0 undecided");
    expect(out).not.to.match(/index and count are claims/);
  });

  it("checks index and count of a sealed receipt, which are claims without it", async () => {
    const file = await saveFile("sealed.json", gift);
    const without = await verify([file, ...chosen()]);
    expect(without.out).to.match(/not proven: the receipt's number .* claims until the book is checked/);
    const { code, out } = await verify([file, "--book", books.first, ...chosen()]);
    expect(code).to.equal(0);
    expect(out).to.match(/✓ book/);
    expect(out).not.to.match(/claims until the book is checked/);
  });
});
