// What is promised with every answer: that it holds, that it is the very same whoever asks again, and that what was signed
// for nothing is never told. On a real database.

import { expect } from "chai";
import { AbiCoder, keccak256, verifyTypedData, ZeroHash } from "ethers";
import { promiserAccount } from "../../server/chain/accounts.ts";
import { promiseSigner } from "../../server/chain/promiser.ts";
import { ConflictError } from "../../server/errors.ts";
import type { Answer, AnsweredReceipt } from "../../server/ingest/answers.ts";
import { ingestPurchases, ingestRefund } from "../../server/ingest/ingest.ts";
import { promiseMaker } from "../../server/ingest/promise-maker.ts";
import { promiserFor } from "../../server/ingest/promiser.ts";
import { unixNow } from "../../server/ingest/recorder.ts";
import { refundSchema } from "../../server/programmes/refund.ts";
import { fromHex, tag, toHex } from "../../server/protocol/bytes.ts";
import type { PromiseFile } from "../../server/protocol/promise-file.ts";
import { receiptOfPromise } from "../../server/store/promises.ts";
import { receiptById } from "../../server/store/receipts.ts";
import { GroupedWriter } from "../../server/store/writer.ts";
import { addShop, bought, openTestStore, purchases, record, type TestStore } from "../support/store.ts";

const SETTINGS = { demonstration: true, PROMISE_KEY: undefined };
const promiser = promiserAccount(SETTINGS)!.address;
const sign = promiseSigner(SETTINGS)!;
const TYPES = {
  Promises: [
    { name: "root", type: "bytes32" },
    { name: "deadline", type: "uint64" },
  ],
};
const WORDS = ["bytes32", "bytes32", "bytes32", "bytes32", "bytes32", "uint8", "uint64"];

/** As anyone would compute it, by ethers alone. */
function leafByOthers(ledger: Uint8Array, { leaf, charity, unit, kind, amount }: PromiseFile): string {
  const values = [tag("amanah.promise.v1"), ledger, leaf, charity, tag(unit), kind, amount];
  return keccak256(keccak256(AbiCoder.defaultAbiCoder().encode(WORDS, values)));
}

function signerByOthers(ledger: Uint8Array, promise: PromiseFile): string {
  const climb = (node: string, sibling: string) =>
    keccak256(node < sibling ? `${node}${sibling.slice(2)}` : `${sibling}${node.slice(2)}`);
  const root = promise.path.reduce(climb, leafByOthers(ledger, promise));
  const domain = { name: "Amanah", version: "1", salt: toHex(ledger) };
  return verifyTypedData(domain, TYPES, { root, deadline: promise.deadline }, promise.signature);
}

const promiseIn = ({ promise }: AnsweredReceipt): PromiseFile | null => promise && JSON.parse(promise);

const promisesOf = (answers: readonly Answer[]) => answers.flatMap(({ receipts }) => receipts.map(promiseIn));

describe("promises", () => {
  let store: TestStore;

  before(async () => {
    store = await openTestStore();
    await addShop(store.sql, "shop", ["GB-CHC-1"]);
    await addShop(store.sql, "split", ["GB-CHC-1", "GB-CHC-2"], { share: { basisPoints: 1000 } });
  });
  after(() => store.close());

  const refund = (name: string, order: string) =>
    ingestRefund(
      store.ingest,
      refundSchema.parse({ merchant: "split", refund: name, order, refundedAt: "2025-12-01T00:00:00Z" }),
    );
  const storedRows = async () => Number((await store.sql`SELECT count(*) FROM promises`)[0]?.count);

  /** It is of this receipt, signed by the promiser, and leads back to it. */
  async function expectGood(receipt: AnsweredReceipt): Promise<void> {
    const promise = promiseIn(receipt)!;
    const stored = await receiptById(store.sql, receipt.id);
    expect([promise.leaf, promise.charity]).to.deep.equal([toHex(stored!.leaf), toHex(stored!.charity)]);
    expect([promise.unit, promise.kind]).to.deep.equal([receipt.unit, receipt.kind]);
    expect(promise.amount).to.equal(`${receipt.amount}`);
    expect(Number(promise.deadline)).to.be.within(Date.now() / 1000, Date.now() / 1000 + 601);
    expect(signerByOthers(store.ledger.id, promise)).to.equal(promiser);
    const leaf = fromHex(leafByOthers(store.ledger.id, promise));
    expect(await receiptOfPromise(store.sql, BigInt(promise.deadline), leaf)).to.deep.equal(receipt.id);
  }

  it("of everything written together are under one signature, and each holds by ethers alone", async () => {
    const before = await storedRows();
    const answers = await record(store.ingest, purchases("split", "many", 21));
    expect(await storedRows()).to.equal(before + 1);
    const receipts = answers.flatMap((answer) => answer.receipts);
    expect(receipts).to.have.length(42);
    for (const receipt of receipts) await expectGood(receipt);
    expect(new Set(promisesOf(answers).map((promise) => promise?.signature)).size).to.equal(1);
  });

  it("of one receipt alone need no path", async () => {
    const [answer] = await record(store.ingest, [bought("shop", "alone")]);
    expect(promiseIn(answer!.receipts[0]!)?.path).to.deep.equal([]);
    await expectGood(answer!.receipts[0]!);
  });

  it("are the very same when the event is told again, to any process, at any time", async () => {
    const told = purchases("split", "again", 5);
    const first = promisesOf(await record(store.ingest, told));
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(promisesOf(await record(store.ingest, told))).to.deep.equal(first);
    const other = await store.another();
    const backwards = promisesOf(await record(other.ingest, [...told].reverse()));
    expect(backwards).to.have.deep.members(first);
  });

  it("are given again also by a service that has no key", async () => {
    const first = await record(store.ingest, [bought("split", "keyless")]);
    const keyless = { ...store.ingest, writer: new GroupedWriter(store.sql), promiser: null };
    const again = await record(keyless, [bought("split", "keyless")]);
    expect(promisesOf(again)).to.deep.equal(promisesOf(first));
    const [fresh] = await record(keyless, [bought("split", "never-promised")]);
    expect(fresh?.receipts.map(({ promise }) => promise)).to.deep.equal([null, null]);
    const told = await record(store.ingest, [bought("split", "never-promised")]);
    expect(promisesOf(told), "nor afterwards, by one that has").to.deep.equal([null, null]);
  });

  it("are for no later than seven days after the receipt was accepted, however long it waited to be written", async () => {
    const { ledger } = store;
    const late = { withinSeconds: 7 * 86_400, now: () => unixNow() + 3_600 };
    const promiser = promiserFor({ make: promiseMaker(ledger.id, sign), ...late });
    const writer = new GroupedWriter(store.sql, {}, promiser);
    const [answer] = await record({ ...store.ingest, writer }, [bought("shop", "waited")]);
    expect(Number(promiseIn(answer!.receipts[0]!)!.deadline)).to.equal(answer!.acceptedAt + 7 * 86_400);
  });

  it("are one for all tellings within a group, and through two processes at once", async () => {
    const other = await store.another();
    const telling = (_: unknown, index: number) =>
      record(index % 2 ? other.ingest : store.ingest, [
        bought("split", "at-once"),
        bought("split", "at-once"),
      ]);
    const answers = (await Promise.all(Array.from({ length: 20 }, telling))).flat();
    const told = answers.map((answer) => JSON.stringify(promisesOf([answer])));
    expect(new Set(told).size).to.equal(1);
    for (const receipt of answers[0]!.receipts) await expectGood(receipt);
  });

  it("of an event that was known keep the first, whatever its group has signed besides", async () => {
    const [first] = await record(store.ingest, [bought("split", "known")]);
    const group = await record(store.ingest, [bought("split", "known"), ...purchases("split", "new", 3)]);
    expect(promisesOf([group[0]!])).to.deep.equal(promisesOf([first!]));
    for (const receipt of group.flatMap((answer) => answer.receipts)) await expectGood(receipt);
    const before = await storedRows();
    await record(store.ingest, [bought("split", "known")]);
    expect(await storedRows(), "nothing new, nothing stored").to.equal(before);
  });

  it("are told of no event that contradicts an earlier one", async () => {
    await record(store.ingest, [bought("shop", "contradicted")]);
    const [refused] = await ingestPurchases(store.ingest, [
      bought("shop", "contradicted", { buyer: "another" }),
    ]);
    expect(refused).to.be.instanceOf(ConflictError);
    expect(JSON.stringify((refused as ConflictError).facts)).not.to.contain("signature");
  });

  it("are not made of an event that gives nothing", async () => {
    const before = await storedRows();
    const [answer] = await record(store.ingest, [bought("shop", "nothing", { currency: "JPY" })]);
    expect(answer?.receipts).to.deep.equal([]);
    expect(await storedRows()).to.equal(before);
  });

  it("of refunds are given in the refund's own transaction, and the same again", async () => {
    await record(store.ingest, [bought("split", "back")]);
    const answer = await refund("r-back", "back");
    expect(answer.receipts.map((receipt) => [receipt.kind, promiseIn(receipt)?.kind])).to.deep.equal([
      [1, 1],
      [1, 1],
    ]);
    for (const receipt of answer.receipts) await expectGood(receipt);
    const again = await refund("r-back", "back");
    expect(again.recorded).to.equal(false);
    expect(promisesOf([again])).to.deep.equal(promisesOf([answer]));
  });

  it("stand when what they promise has been erased", async () => {
    const [first] = await record(store.ingest, [bought("split", "erased")]);
    const ids = first!.receipts.map(({ id }) => toHex(id));
    await store.sql`
      UPDATE events SET body = NULL, body_hash = sha256(convert_to(body, 'UTF8')) WHERE body LIKE '%"order":"erased"%'`;
    for (const { id } of first!.receipts)
      await store.sql`UPDATE receipts SET private = NULL, salt = NULL WHERE id = ${id}`;
    const [again] = await record(store.ingest, [bought("split", "erased")]);
    expect(again?.receipts.map(({ id, item }) => [toHex(id), item])).to.deep.equal(
      ids.map((id) => [id, null]),
    );
    expect(promisesOf([again!])).to.deep.equal(promisesOf([first!]));
  });

  it("lead to no receipt by another deadline, or by a leaf that nobody has promised", async () => {
    const [answer] = await record(store.ingest, [bought("shop", "lookup")]);
    const promise = promiseIn(answer!.receipts[0]!)!;
    const leaf = fromHex(leafByOthers(store.ledger.id, promise));
    const deadline = BigInt(promise.deadline);
    expect(await receiptOfPromise(store.sql, deadline + 100_000n, leaf)).to.equal(undefined);
    expect(await receiptOfPromise(store.sql, deadline, fromHex(ZeroHash))).to.equal(undefined);
  });
});
