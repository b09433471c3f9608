// The commands `challenge` and `answer`, run as strangers run them: from a receipt file and an endpoint, with no service. Days
// pass on the chain; each promise ends as the design says.

import { mkdtemp, truncate } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { type EmbeddedChain, startChain } from "../../server/embedded/chain.ts";
import { BookShelf } from "../../server/jobs/book-shelf.ts";
import { publishOldest } from "../../server/jobs/publish.ts";
import { fromHex } from "../../server/protocol/bytes.ts";
import { charityId } from "../../server/protocol/ids.ts";
import type { ReceiptFile } from "../../server/protocol/receipt-file.ts";
import { CHALLENGER, PromisedWorld, STRANGER } from "../chain/challenges.ts";
import { CHARITY, log, type Running } from "../chain/world.ts";
import { CommandLine } from "../support/command-line.ts";
import { eventually } from "../support/eventually.ts";

describe("npm run challenge and npm run answer", function () {
  this.timeout(120_000);
  let chain: EmbeddedChain;
  let promised: PromisedWorld;
  let jobs: Running | undefined;
  let stranger: CommandLine;
  before(async () => {
    chain = await startChain();
    stranger = await CommandLine.make();
    for (const account of [CHALLENGER, STRANGER])
      await stranger.keep(`key-${account}`, chain.accounts[account]!.privateKey);
  });
  beforeEach(async () => {
    promised = await PromisedWorld.on(chain);
  });
  afterEach(async () => {
    await stop();
    await promised.world.leaveChain();
  });
  after(async () => {
    await chain.stop();
    await stranger.leave();
  });

  const save = (file: object | string) => stranger.save(file);
  const chosen = () => ["--rpc", chain.url, "--contract", promised.contract];
  const from = (account: number) => ["--key-file", stranger.pathOf(`key-${account}`), "--yes"];
  const challenge = (path: string, ...args: string[]) =>
    stranger.run("challenge", [path, ...chosen(), ...from(CHALLENGER), ...args]);
  const answer = (...args: string[]) => stranger.run("answer", [...args, ...chosen(), ...from(STRANGER)]);

  const run = () => {
    jobs = promised.world.run(promised.settings());
  };
  async function stop(): Promise<void> {
    await jobs?.stop();
    jobs = undefined;
  }

  /** Seals what was given, and has the jobs anchor it and end. */
  async function anchor(): Promise<void> {
    const batch = await promised.world.seal();
    run();
    await eventually("final", async () => (await promised.world.stateOf(batch)) === "final");
    await eventually("all calls final", () => promised.world.areAllFinal());
    await stop();
  }

  describe("a promise that is kept", () => {
    it("is challenged, answered by the service, and shown as kept", async () => {
      const file = await promised.give();
      const path = await save(file);
      await anchor();
      const dry = await challenge(path, "--dry-run");
      expect(dry.code).to.equal(0);
      expect(dry.out).to.match(/promised: a gift of 0\.50 CNY to charity 0x.*, in an anchored batch by 20/);
      expect(dry.out).to.match(/It costs a bond of 0\.01 of the chain's coin/);
      expect(dry.out).to.match(/For 7 days anyone can answer/);
      expect(dry.out).to.match(/nothing was sent/);
      expect(await promised.stateOf(file.promise!)).to.equal("none");
      const opened = await challenge(path);
      expect(opened.err).to.equal("");
      expect(opened.code).to.equal(0);
      expect(opened.out).to.match(/the promise is challenged/);
      const open = await challenge(path);
      expect(open.code).to.equal(0);
      expect(open.out).to.match(/not answered yet: it can be answered in time until 20/);
      run();
      await promised.shows("answered");
      const kept = await challenge(path);
      expect(kept.code).to.equal(0);
      const anchorer = chain.accounts[1]!.address;
      expect(kept.out).to.contain(`answered in time from batch 1 by ${anchorer}: the promise is kept`);
    });

    it("is answered by anyone with the sealed receipt file, who takes the bond", async () => {
      const before = await promised.give();
      await anchor();
      const sealed = await promised.fileOf(fromHex(before.receipt.id));
      expect((await challenge(await save(before))).code).to.equal(0);
      const balance = await promised.balanceOf(STRANGER);
      const answered = await answer(await save(sealed));
      expect(answered.err).to.equal("");
      expect(answered.code).to.equal(0);
      expect(answered.out).to.match(/whoever answers until .* takes the bond of 0\.01/);
      expect(answered.out).to.contain(`answered: the bond went to ${chain.accounts[STRANGER]!.address}`);
      expect((await promised.balanceOf(STRANGER)) > balance).to.equal(true);
      const again = await answer(await save(sealed));
      expect(again.code).to.equal(0);
      expect(again.out).to.contain(`answered already, from batch 1 by ${chain.accounts[STRANGER]!.address}`);
      run();
      await promised.shows("answered");
      expect(await promised.world.alarms()).to.deep.equal([]);
    });
  });

  describe("the public books", () => {
    let books: string;
    const publish = async () => {
      const { sql, ledger } = promised.world;
      const shelf = new BookShelf({ sql, ledger: ledger.id, folder: books, log });
      while (await publishOldest({ sql, ledger, shelf, log }));
    };
    beforeEach(async () => {
      books = await mkdtemp(join(stranger.folder, "books-"));
    });

    it("answer for a file that was saved before sealing, and for a leaf alone", async () => {
      const files: ReceiptFile[] = [];
      for (const amount of [50n, 60n, 70n]) {
        files.push(await promised.give(amount));
        await promised.world.give([1n, 2n]);
        await anchor();
      }
      await publish();
      const [first, second, third] = files as [ReceiptFile, ReceiptFile, ReceiptFile];
      for (const { promise } of files) await promised.challenge(promise!);
      const without = await answer(await save(first));
      expect(without.err).to.match(/no proof to answer with: pass --books/);
      expect(without.code).to.equal(1);
      const byFile = await answer(await save(first), "--books", books);
      expect(byFile.err).to.equal("");
      expect(byFile.out).to.match(/the receipt is in batch 1, which is anchored/);
      const byReceipt = await answer("--leaf", second.promise!.leaf, "--books", books);
      expect(byReceipt.out).to.match(/challenged: a gift of 0\.60 CNY[\s\S]*is in batch 2/);
      const byPromise = await answer("--leaf", promised.idOf(third.promise!), "--books", books);
      expect(byPromise.out).to.match(/is in batch 3/);
      for (const { promise } of files) expect(await promised.stateOf(promise!)).to.equal("answered");
      const unknown = await answer("--leaf", `0x${"ab".repeat(32)}`, "--books", books);
      expect([unknown.code, /no challenge is known/.test(unknown.err)]).to.deep.equal([2, true]);
    });

    it("that are missing, damaged or do not hold the receipt answer nothing, and are told of", async () => {
      const file = await promised.give();
      await anchor();
      await publish();
      const line = { charity: charityId(CHARITY), unit: "CNY", kind: 0 as const };
      const forged = promised.forged({ leaf: new Uint8Array(32).fill(9), ...line, amount: 5n });
      await promised.challenge(file.promise!);
      await promised.challenge(forged);
      const unheld = await answer("--leaf", forged.leaf, "--books", books);
      expect([unheld.code, /no book that leads to an anchored root holds/.test(unheld.err)]).to.deep.equal([
        1,
        true,
      ]);
      await truncate(join(books, "1.arrow"), 500);
      const damaged = await answer(await save(file), "--books", books);
      expect([damaged.code, /the book of batch 1 cannot be read/.test(damaged.err)]).to.deep.equal([1, true]);
      const missing = await answer(await save(file), "--books", stranger.folder);
      expect([missing.code, /there is no book of batch 1/.test(missing.err)]).to.deep.equal([1, true]);
    });
  });

  describe("a promise that is broken", () => {
    it("is recorded when nobody has answered: the bond comes back, and a late answer stands beside it", async () => {
      const file = await promised.give();
      const path = await save(file);
      // The operator is silent from here on.
      await anchor();
      const balance = await promised.balanceOf(CHALLENGER);
      expect((await challenge(path)).code).to.equal(0);
      await promised.passDays(8);
      const withoutKey = await stranger.run("challenge", [path, ...chosen()]);
      expect(withoutKey.code).to.equal(1);
      expect(withoutKey.out).to.match(/the breach can be recorded.*run this with --key-file/);
      const broken = await challenge(path);
      expect(broken.code).to.equal(1);
      expect(broken.out).to.match(/broken: the contract holds for ever/);
      expect(broken.out).to.match(/the bond of 0\.01 of the chain's coin went back/);
      const cost = balance - (await promised.balanceOf(CHALLENGER));
      expect(cost < 10n ** 16n).to.equal(true);
      const again = await challenge(path);
      expect([again.code, /broken/.test(again.out)]).to.deep.equal([1, true]);
      const late = await answer(await save(await promised.fileOf(fromHex(file.receipt.id))));
      expect(late.code).to.equal(0);
      expect(late.out).to.match(/recorded beside the breach, and earns no bond/);
      expect(late.out).to.match(/it stands beside the breach/);
      const shown = await challenge(path);
      expect(shown.code).to.equal(1);
      expect(shown.out).to.match(/the receipt was shown later, from batch 1 by 0x/);
    });

    it("stays broken when the receipt was anchored with another amount, or on another line", async () => {
      const given = await promised.give(50n);
      const line = { charity: charityId(CHARITY), unit: "CNY", kind: 0 as const };
      const leaf = fromHex(given.promise!.leaf);
      const more = promised.forged({ leaf, ...line, amount: 60n });
      const elsewhere = promised.forged({ leaf, ...line, unit: "SEK", amount: 50n });
      await anchor();
      for (const promise of [more, elsewhere]) await promised.challenge(promise);
      const sealed = await promised.fileOf(fromHex(given.receipt.id));
      // The proof is of the receipt as it is recorded, whose own promise nobody has challenged.
      const unasked = await answer(await save(sealed));
      expect(unasked.code).to.equal(1);
      expect(unasked.err).to.match(/nobody has challenged this receipt/);
      run();
      await eventually("an alarm", async () => (await promised.world.alarms()).length > 0);
      await promised.shows("open", "open");
    });
  });
});
