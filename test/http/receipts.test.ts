// A receipt's whole life, from the answer to the contract: what its id opens, what its key opens, and that its file
// verifies at every moment, at the end against the chain as a stranger would read it.

import { expect } from "chai";
import { createPublicClient, http, parseAbi } from "viem";
import { fromHex, toHex } from "../../server/protocol/bytes.ts";
import { LEDGER_READ_ABI } from "../../server/protocol/ledger-abi.ts";
import { compareWithLedger, verifyReceipt } from "../../server/protocol/verify.ts";
import { type Answer, call } from "../support/client.ts";
import { expectProblem } from "../support/problems.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, purchaseOf, type Shop, wanted } from "../support/shop.ts";

/** Whatever belongs to a buyer or tells of a purchase. */
const PRIVATE = ["buyer-7", "Green tea", "secret-order", "salt", "nonce", "1250"];

describe("a receipt", () => {
  let service: TestService;
  let shop: Shop;

  before(async () => {
    service = await startTestService({ chain: true, settings: { SEAL_AFTER_SECONDS: "1" } });
    shop = await openShop(service, { terms: { share: { basisPoints: 1000 } } });
  });
  after(() => service.stop());

  const buy = async (order: string) =>
    (
      await wanted(
        201,
        call(`${service.url}/v1/purchases`, {
          key: shop.merchantKey,
          body: purchaseOf(shop.merchant, order),
        }),
      )
    ).receipts[0] as { id: string; key: string; promise: object };
  const byId = (id: string) => call(`${service.url}/v1/receipts/${id}`);
  const whole = ({ id, key }: { id: string; key: string }) =>
    call(`${service.url}/v1/receipts/${id}`, { headers: { Authorization: `Receipt ${key}` } });

  async function until(
    receipt: { id: string; key: string },
    holds: (body: Answer["body"]) => boolean,
  ): Promise<Answer["body"]> {
    const end = performance.now() + 20_000;
    for (;;) {
      const { body } = await whole(receipt);
      if (holds(body)) return body;
      if (performance.now() > end) throw new Error(`still ${JSON.stringify(body.status)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** What the contract says, asked for by what the file itself proves. */
  async function againstContract(file: Answer["body"]) {
    const verification = verifyReceipt(file);
    const client = createPublicClient({ transport: http(service.rpcUrl) });
    const contract = { address: file.ledger.contract, abi: parseAbi(LEDGER_READ_ABI) } as const;
    const unit = `0x${Buffer.from(file.receipt.unit).toString("hex").padEnd(64, "0")}` as const;
    const [ledger, root, line] = await Promise.all([
      client.readContract({ ...contract, functionName: "ledger" }),
      client.readContract({ ...contract, functionName: "root", args: [BigInt(file.batch)] }),
      client.readContract({ ...contract, functionName: "line", args: [file.receipt.charity, unit] }),
    ]);
    const [given, reversed, paid, netted, acknowledged, spent] = line;
    return compareWithLedger(verification, {
      ledger: fromHex(ledger as string),
      root: fromHex(root as string),
      line: { given, reversed, paid, netted, acknowledged, spent },
    });
  }

  it("is not opened by another receipt's key, a made-up one, or an API key", async () => {
    const [mine, other] = [await buy("mine"), await buy("other")];
    for (const key of [other.key, "made-up", `${mine.key}x`, service.operatorKey])
      expectProblem(await whole({ id: mine.id, key }), 403, "wrong-receipt-key");
    const asCaller = await call(`${service.url}/v1/receipts/${mine.id}`, { key: service.operatorKey });
    expect(asCaller.body.details, "the operator's key opens no details").to.equal(undefined);
  });

  it("that nobody has is a 404, with and without a key", async () => {
    const id = `0x${"0".repeat(32)}`;
    expectProblem(await byId(id), 404, "unknown-receipt");
    expectProblem(await whole({ id, key: "made-up" }), 403, "wrong-receipt-key");
  });

  it("tells by its id alone nothing of who bought what, at any moment of its life", async () => {
    const receipt = await buy("secret-order");
    for (const stage of ["recorded", "sealed", "final"]) {
      await until(
        receipt,
        ({ status }) => status.stage === stage || (stage === "sealed" && status.stage !== "recorded"),
      );
      const { body, headers } = await byId(receipt.id);
      expect(body).to.include({ format: "amanah-receipt-proof/1", id: receipt.id, amount: "135" });
      expect(body.leaf).to.match(/^0x[0-9a-f]{64}$/);
      const text = JSON.stringify(body);
      expect(
        PRIVATE.filter((word) => text.includes(word)),
        stage,
      ).to.deep.equal([]);
      expect(text).not.to.contain(receipt.key);
      expect(headers.get("cache-control")).to.equal("no-cache");
    }
  });

  it("goes from recorded to final, and its file verifies all the way, in the end against the contract", async () => {
    const receipt = await buy("life");
    const recorded = await until(receipt, () => true);
    expect(recorded.status).to.deep.include({ stage: "recorded", start: null, end: null, refunded: "0" });
    expect([recorded.batch, recorded.proof, recorded.statement]).to.deep.equal([null, null, null]);
    expect(Number(recorded.expected)).to.be.above(Date.now() / 1000);
    expect(verifyReceipt(recorded)).to.deep.include({ verdict: "unknown", reason: "not-sealed" });

    const sealed = await until(receipt, ({ status }) => status.stage !== "recorded");
    expect(verifyReceipt(sealed).verdict).to.equal("unknown");
    expect(toHex(verifyReceipt(sealed).root!)).to.equal(
      (await call(`${service.url}/v1/batches/${sealed.batch}`)).body.root,
    );

    const final = await until(receipt, ({ status }) => status.stage === "final" && status.money === "given");
    const verification = await againstContract(final);
    expect([verification.verdict, verification.status]).to.deep.equal(["valid", "given"]);
    expect([`${verification.position!.start}`, `${verification.position!.end}`]).to.deep.equal([
      final.status.start,
      final.status.end,
    ]);
    expect(final.details.order).to.equal("life");
    expect(final.promise).to.deep.equal(receipt.promise);
    expect((await whole(receipt)).headers.get("cache-control")).to.equal("private, no-store");
  });

  it("that is altered in any field is found out", async () => {
    const file = await until(await buy("altered"), ({ status }) => status.stage === "final");
    const changes: ((copy: Answer["body"]) => void)[] = [
      (copy) => (copy.receipt.amount = "136"),
      (copy) => (copy.details.order = "another"),
      (copy) => (copy.receipt.charity = `0x${"12".repeat(32)}`),
      (copy) => (copy.statement.from = `${BigInt(copy.statement.from) + 1n}`),
      (copy) => (copy.proof.index = `${BigInt(copy.proof.index) + 1n}`),
    ];
    for (const change of changes) {
      const copy = structuredClone(file);
      change(copy);
      expect(verifyReceipt(copy).verdict, change.toString()).to.equal("invalid");
    }
  });

  it("shows its refund, by the reversal that names it, and the reversal has a life of its own", async () => {
    const gift = await buy("refunded");
    const body = {
      merchant: shop.merchant,
      refund: "R-1",
      order: "refunded",
      refundedAt: "2025-12-01T00:00:00Z",
    };
    const [reversal] = (await wanted(201, call(`${service.url}/v1/refunds`, { key: shop.merchantKey, body })))
      .receipts;
    const { status } = (await byId(gift.id)).body;
    expect([status.refunded, status.reversals]).to.deep.equal(["135", [{ id: reversal.id, amount: "135" }]]);
    const file = await until(
      reversal,
      ({ status: { stage, money } }) => stage === "final" && money === "reversed",
    );
    expect(file.receipt).to.include({ kind: 1, terms: (await byId(gift.id)).body.leaf });
    expect(await againstContract(file)).to.include({ verdict: "valid", status: "reversed" });
  });

  it("whose content is erased keeps its proof, and its key opens nothing more", async () => {
    const receipt = await buy("erased");
    await until(receipt, ({ status }) => status.stage === "final");
    const asked = await call(`${service.url}/v1/receipts/${receipt.id}/erasure`, {
      key: service.operatorKey,
      body: {},
    });
    const body = await until(receipt, ({ erased }) => erased !== undefined);
    expect(body).to.deep.include({
      details: null,
      erased: asked.body.askedAt,
      format: "amanah-receipt-proof/1",
    });
    expect(body.proof).not.to.equal(null);
    expect(body).not.to.have.property("promise");
    expect((await byId(receipt.id)).body).to.deep.equal(body);
  });
});
