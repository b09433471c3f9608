// Events and receipts as they are written down: whose names stay the same, and what is drawn afresh.

import { expect } from "chai";
import { fastHmac, fastKeccak, randomBytes, sha256 } from "../../server/hashing.ts";
import type { Pledge } from "../../server/programmes/pledge.ts";
import { giftsOf, type Purchase } from "../../server/programmes/purchase.ts";
import {
  eventId,
  purchaseName,
  type Recorder,
  recordPurchase,
  recordRefund,
  refundName,
} from "../../server/programmes/record.ts";
import { reversalsOf } from "../../server/programmes/refund.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { detailsHash } from "../../server/protocol/details.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { receiptHasher, receiptLeaf } from "../../server/protocol/receipt.ts";
import { pledge, purchase, refund, standing } from "./making.ts";

const LEDGER = new Uint8Array(32).fill(7);
const recorder: Recorder = {
  secret: new Uint8Array(32).fill(1),
  leafOf: receiptHasher(LEDGER, fastKeccak),
  hash: fastKeccak,
  hmac: fastHmac,
  sha256,
  random: randomBytes,
  now: () => 1_790_000_000,
};

const record = (bought: Purchase, pledges: readonly Pledge[], by = recorder) =>
  recordPurchase(by, bought, giftsOf(bought, pledges));
const idsOf = (bought: Purchase, pledges: readonly Pledge[], by = recorder) =>
  record(bought, pledges, by).receipts.map(({ id }) => toHex(id));

describe("recording", () => {
  it("gives the same event the same ids and the same body, and its receipts new salts and nonces", () => {
    const [first, again] = [record(purchase(), [pledge()]), record(purchase(), [pledge()])];
    expect(first.receipts.map(({ id }) => toHex(id))).to.deep.equal(
      again.receipts.map(({ id }) => toHex(id)),
    );
    expect([toHex(first.id), first.body]).to.deep.equal([toHex(again.id), again.body]);
    expect(toHex(first.receipts[0]!.salt)).not.to.equal(toHex(again.receipts[0]!.salt));
    expect(first.receipts[0]!.private).not.to.equal(again.receipts[0]!.private);
  });

  it("gives every item, charity, currency, pledge, order and merchant an id of its own", () => {
    const items = [
      { item: "a", price: "1000" },
      { item: "b", price: "1000" },
    ];
    const charities = ["GB-CHC-1", "GB-CHC-2"].map((charity) => ({ charity }));
    const half = { share: { basisPoints: 5000 } };
    const all = [
      ...idsOf(purchase({ items }), [pledge({ charities, ...half }), pledge({ ...half, minimum: "2" })]),
      ...idsOf(purchase({ items, currency: "JPY" }), [pledge({ ...half, currency: "JPY" })]),
      ...idsOf(purchase({ items, order: "order-2" }), [pledge(half)]),
      ...idsOf(purchase({ items, merchant: "other" }), [pledge(half)]),
    ];
    expect(all).to.have.length(12);
    expect(new Set(all).size).to.equal(12);
  });

  it("gives ids that need the secret, and event ids that do not", () => {
    const other = { ...recorder, secret: new Uint8Array(32).fill(2) };
    expect(idsOf(purchase(), [pledge()])).not.to.deep.equal(idsOf(purchase(), [pledge()], other));
    expect(record(purchase(), [], other).id).to.deep.equal(record(purchase(), []).id);
  });

  it("never takes a refund for a purchase of the same number", () => {
    const [order, back] = [
      purchaseName({ merchant: "s", order: "7" }),
      refundName({ merchant: "s", refund: "7" }),
    ];
    expect(toHex(eventId(order, sha256))).not.to.equal(toHex(eventId(back, sha256)));
  });

  it("hashes the details that it keeps, and the leaf from the receipt's own fields", () => {
    for (const receipt of record(purchase({ buyer: "b-1" }), [pledge()]).receipts) {
      expect(toHex(detailsHash(JSON.parse(receipt.private)))).to.equal(toHex(receipt.details));
      expect(toHex(receiptLeaf(LEDGER, receipt))).to.equal(toHex(receipt.leaf));
      expect(toHex(receipt.charity)).to.equal(toHex(charityId(receipt.registration)));
      expect(JSON.parse(receipt.private).nonce).to.match(/^0x[0-9a-f]{32}$/);
    }
  });

  it("lets a reversal name the gift: its leaf in `terms`, its id in the details", () => {
    const own = pledge({ refunds: "reverse" });
    const gifts = standing(giftsOf(purchase(), [own]), [own]);
    const reversals = reversalsOf(purchase(), refund(), [], gifts);
    const [receipt] = recordRefund(recorder, refund(), reversals).receipts;
    expect(receipt).to.include({ kind: 1, amount: 14n });
    expect(receipt?.terms).to.deep.equal(gifts[0]?.leaf);
    expect(JSON.parse(receipt!.private)).to.include({
      gift: toHex(gifts[0]!.id),
      order: "order-1",
      refund: "refund-1",
    });
  });
});
