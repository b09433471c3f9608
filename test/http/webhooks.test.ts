// Messages to other systems, from the real service to a real receiver that checks them by the library of Standard Webhooks.

import { expect } from "chai";
import { closeNow } from "../../server/jobs/seal.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { confirmPayout } from "../../server/store/payouts.ts";
import { acknowledge, charityPath, give, openCharity, sign } from "../support/charity.ts";
import { type Answer, call } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { expectProblem } from "../support/problems.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, purchaseOf, type Shop, wanted } from "../support/shop.ts";
import { type Came, Receiver, verifySigned, withStatus } from "../support/webhook-receiver.ts";

const HOOKS = "/v1/webhooks";
/** Of a shop that sells nothing: only what is asked for comes, and no batch of an earlier test. */
const QUIET = ["receipt.recorded"];

describe("messages to other systems", function () {
  this.timeout(60_000);
  let service: TestService;
  let receiver: Receiver;
  let shop: Shop;

  before(async () => {
    service = await startTestService({
      chain: true,
      settings: { SEAL_AFTER_SECONDS: "1", WEBHOOK_RETRY_SECONDS: "0,0", WEBHOOK_TIMEOUT_MS: "2500" },
    });
  });
  after(() => service.stop());
  beforeEach(async () => {
    receiver = await new Receiver().start();
    shop = await openShop(service, { terms: { share: { basisPoints: 1000 } } });
  });
  afterEach(async () => {
    await service.sql`DELETE FROM webhooks`;
    await receiver.stop();
  });

  const post = (path: string, key: string, body: object = {}): Promise<Answer> =>
    call(`${service.url}${path}`, { key, body });
  const hook = (key: string, events: readonly string[], url = receiver.url): Promise<Answer["body"]> =>
    wanted(201, post(HOOKS, key, { url, events }));
  const buy = (order: string) =>
    wanted(201, post("/v1/purchases", shop.merchantKey, purchaseOf(shop.merchant, order)));
  const state = async (key: string): Promise<Answer["body"]> =>
    (await wanted(200, call(`${service.url}${HOOKS}`, { key }))).items[0];
  const dead = async (id: string): Promise<Answer["body"][]> =>
    (await wanted(200, call(`${service.url}${HOOKS}/${id}/dead-letters`, { key: shop.merchantKey }))).items;
  const ask = (id: string) => wanted(200, post(`${HOOKS}/${id}/test`, shop.merchantKey));

  it("a merchant hears once of each of its purchases, signed, without buyer or key, and of nobody else's", async () => {
    const other = await openShop(service);
    const { secret } = await hook(shop.merchantKey, ["receipt.recorded"]);
    const recorded = await buy("told-1");
    await wanted(201, post("/v1/purchases", other.merchantKey, purchaseOf(other.merchant, "told-2")));
    await eventually("the receipt's message", () => receiver.of("receipt.recorded").length > 0);
    await wanted(201, post("/v1/purchases", shop.merchantKey, purchaseOf(shop.merchant, "told-3")));
    await eventually("the next one", () => receiver.of("receipt.recorded").length > 1);
    const [came] = receiver.came as [Came];
    expect(verifySigned(secret, came)).to.deep.equal(came.message);
    expect(() => verifySigned(`whsec_${Buffer.alloc(32).toString("base64")}`, came)).to.throw();
    expect(came.message.data).to.deep.include({ merchant: shop.merchant, order: "told-1", refund: null });
    const [receipt] = recorded.receipts;
    expect(came.message.data.receipts).to.deep.equal([
      { id: receipt.id, item: "1", charity: shop.charities[0], unit: "CNY", kind: 0, amount: "135" },
    ]);
    expect(receiver.came.map(({ message }) => message.data.order)).to.deep.equal(["told-1", "told-3"]);
    for (const hidden of ["buyer-7", receipt.key])
      expect(JSON.stringify(receiver.came)).not.to.contain(hidden);
  });

  it("a refund that reverses gifts is told to its merchant", async () => {
    await hook(shop.merchantKey, ["receipt.recorded"]);
    await buy("back-1");
    const refund = {
      merchant: shop.merchant,
      refund: "r-1",
      order: "back-1",
      refundedAt: "2025-12-01T00:00:00Z",
    };
    await wanted(201, post("/v1/refunds", shop.merchantKey, refund));
    const told = () => receiver.came.find(({ message }) => message.data.refund === "r-1");
    await eventually("the refund's message", () => told() !== undefined);
    expect(told()?.message.data.receipts[0]).to.include({ kind: 1, amount: "135" });
  });

  it("is tried again after an error and after silence, under the same id and body, and taken once healthy", async () => {
    const { id } = await hook(shop.merchantKey, QUIET);
    receiver.manner = (response, n) => {
      if (n === 1) withStatus(500)(response, n);
      if (n === 3) withStatus(200)(response, n);
      // The second is left without an answer.
    };
    await ask(id);
    await eventually("three attempts", () => receiver.of("webhook.test").length === 3);
    await eventually("a healthy state", async () => (await state(shop.merchantKey)).failingSince === null);
    const [first, ...again] = receiver.of("webhook.test") as [Came, ...Came[]];
    for (const one of again) expect([one.id, one.body]).to.deep.equal([first.id, first.body]);
    expect(await dead(id)).to.deep.equal([]);
  });

  it("is dead after its last attempt, is listed with the reason, and comes when it is replayed, under the same id", async () => {
    const { id } = await hook(shop.merchantKey, QUIET);
    receiver.manner = withStatus(503);
    await ask(id);
    await eventually("a dead letter", async () => (await dead(id)).length === 1);
    const [letter] = await dead(id);
    expect(letter).to.include({ event: "webhook.test", attempts: 3, failure: "it answered with 503" });
    expect((await state(shop.merchantKey)).failingSince).to.be.a("string");
    receiver.manner = withStatus(204);
    const before = receiver.came.length;
    const path = `${HOOKS}/${id}/replay`;
    const ofAnother = { event: "receipt.recorded", keys: [letter.key] };
    expect(await wanted(200, post(path, shop.merchantKey, ofAnother))).to.deep.equal({ replayed: 0 });
    expect(await wanted(200, post(path, shop.merchantKey, { keys: [letter.key] }))).to.deep.equal({
      replayed: 1,
    });
    await eventually("the replay", () => receiver.came.length > before);
    expect(new Set(receiver.of("webhook.test").map((came) => came.id)).size).to.equal(1);
    await eventually("no dead letter", async () => (await dead(id)).length === 0);
    expect(await wanted(200, post(path, shop.merchantKey, {}))).to.deep.equal({ replayed: 0 });
  });

  it("follows no redirect", async () => {
    const { id } = await hook(shop.merchantKey, QUIET);
    const elsewhere = await new Receiver().start();
    receiver.manner = withStatus(307, { Location: elsewhere.url });
    await ask(id);
    await eventually("a dead letter", async () => (await dead(id)).length === 1);
    expect((await dead(id))[0].failure).to.contain("redirects are not followed");
    expect(elsewhere.came).to.deep.equal([]);
    await elsewhere.stop();
  });

  it("an endpoint that answers 410 is disabled with a reason, and told again once it is enabled", async () => {
    const { id } = await hook(shop.merchantKey, QUIET);
    receiver.manner = withStatus(410);
    await ask(id);
    await eventually("a disabled endpoint", async () => (await state(shop.merchantKey)).disabledAt !== null);
    expect((await state(shop.merchantKey)).disabledReason).to.contain("410");
    expectProblem(await post(`${HOOKS}/${id}/replay`, shop.merchantKey, {}), 409, "disabled-webhook");
    receiver.manner = withStatus(204);
    const before = receiver.came.length;
    await wanted(200, post(`${HOOKS}/${id}/enabling`, shop.merchantKey));
    await eventually("its message", () => receiver.came.length > before);
  });

  it("a message that cannot be made is our own error: it is listed as dead, and stops no other", async () => {
    const { id } = await hook(shop.merchantKey, QUIET);
    await service.sql`INSERT INTO webhook_messages (endpoint, kind, key) VALUES (${BigInt(id)}, 'payout.paid', 'no number')`;
    await ask(id);
    await eventually("a dead letter", async () => (await dead(id)).length === 1);
    expect((await dead(id))[0]).to.include({ key: "no number", attempts: 3 });
    expect(receiver.of("webhook.test")).to.have.length(1);
  });

  it("an endpoint that has taken nothing for five days is disabled with a reason", async () => {
    const { id } = await hook(shop.merchantKey, QUIET);
    await service.sql`UPDATE webhooks SET failing_since = now() - interval '6 days' WHERE id = ${BigInt(id)}`;
    receiver.manner = withStatus(500);
    await ask(id);
    await eventually("a disabled endpoint", async () => (await state(shop.merchantKey)).disabledAt !== null);
    expect((await state(shop.merchantKey)).disabledReason).to.contain("5 days");
  });

  it("a changed secret signs at once, and for a day the one before as well", async () => {
    const { id, secret } = await hook(shop.merchantKey, QUIET);
    const changed = await wanted(200, post(`${HOOKS}/${id}/secret`, shop.merchantKey));
    expect(changed.secret).not.to.equal(secret);
    await ask(id);
    await eventually("a message", () => receiver.of("webhook.test").length === 1);
    for (const one of [secret, changed.secret]) verifySigned(one, receiver.of("webhook.test")[0] as Came);
    await service.sql`UPDATE webhooks SET former_until = now() - interval '1 second'`;
    await ask(id);
    await eventually("another", () => receiver.of("webhook.test").length === 2);
    verifySigned(changed.secret, receiver.of("webhook.test")[1] as Came);
    expect(() => verifySigned(secret, receiver.of("webhook.test")[1] as Came)).to.throw();
  });

  it("an endpoint that never answers holds up no other", async () => {
    const slow = await new Receiver().start();
    slow.manner = () => {};
    const { id } = await hook(shop.merchantKey, QUIET, slow.url);
    const many = Array.from({ length: 600 }, (_, n) => `${n}`);
    await service.sql`
      INSERT INTO webhook_messages (endpoint, kind, key, due_at)
      SELECT ${BigInt(id)}, 'webhook.test', key, now() - interval '1 hour' FROM unnest(${`{${many}}`}::text[]) AS key`;
    const quick = await hook(shop.merchantKey, QUIET);
    await ask(quick.id);
    await eventually("the quick one's message", () => receiver.of("webhook.test").length === 1);
    await slow.stop();
  });

  it("payouts, what a charity signs and reports, and batches are told to those whom they concern", async () => {
    const charity = await openCharity(service);
    const uninvolved = await openShop(service);
    const all = ["batch.anchored", "payout.paid", "payout.acknowledged", "disbursement.published"];
    const { secret } = await hook(charity.key, all);
    const others = await new Receiver().start();
    await hook(uninvolved.merchantKey, all, others.url);
    await give(service, charity, [5_000, 2_000]);
    await pay(charity.registration, 7_000n);
    const told = (type: string) => eventually(type, () => receiver.of(type).length === 1, 30_000);
    await told("payout.paid");
    await wanted(201, acknowledge(service, charity));
    await told("payout.acknowledged");
    const part = {
      ...{ from: "0", upTo: "7000", project: "Lunches", place: { country: "CN", name: "Yunnan" } },
      bought: [{ what: "lunches", count: "17", measure: "meals" }],
    };
    const path = charityPath(service, charity, "/disbursements");
    const body = { unit: "CNY", from: "0", upTo: "7000", parts: [part] };
    const draft = await wanted(201, call(path, { key: charity.key, body }));
    const signature = await sign(charity.signer, draft.typedData);
    const signed = { key: charity.key, body: { typedData: draft.typedData, signature } };
    await wanted(201, call(`${path}/${draft.hash}/signature`, signed));
    await told("disbursement.published");
    for (const came of receiver.came) verifySigned(secret, came);
    const of = (type: string) => receiver.of(type)[0]?.message.data;
    const line = { charity: charity.registration, unit: "CNY", from: "0", upTo: "7000" };
    expect(of("payout.paid")).to.include({ ...line, rail: "bank", amount: "7000", netTo: "0" });
    expect(of("payout.acknowledged")).to.deep.include({
      ...line,
      received: "7000",
      payouts: [of("payout.paid").payout],
    });
    expect(of("disbursement.published")).to.include({ ...line, evidence: draft.hash });
    const batch = of("batch.anchored");
    const { root } = await wanted(200, call(`${service.url}/v1/batches/${batch.batch}`));
    expect(batch.root).to.equal(root);
    expect(new Set(others.came.map(({ message }) => message.type))).to.deep.equal(
      new Set(["batch.anchored"]),
    );
    await others.stop();
  });

  /** As a settlement run and the bank's word would have it. */
  async function pay(registration: string, upTo: bigint): Promise<void> {
    const [payout] = await service.sql<{ id: bigint }[]>`
      WITH run AS (INSERT INTO settlement_runs (asked_by, state) VALUES ('operator', 'done') RETURNING id)
      INSERT INTO payouts (run, line, rail, "from", upto, net_from, net_to, state)
      SELECT run.id, lines.id, 'bank', 0, ${upTo}, 0, 0, 'waiting'
      FROM run, lines JOIN charities ON charities.id = charity WHERE registration = ${registration} RETURNING payouts.id`;
    const reference = toHex(new Uint8Array(32).fill(7));
    await service.sql.begin((tx) => confirmPayout(tx, payout!.id, reference));
  }

  it("what happens while no process tells, or is cut off in the middle, is told later under the same id", async () => {
    const { id } = await hook(shop.merchantKey, ["receipt.recorded", "batch.anchored"]);
    receiver.manner = () => {};
    await ask(id);
    await eventually("an attempt", () => receiver.came.length === 1);
    // The telling process loses its lock with its connection, as it would when it dies.
    const ended = await service.sql`
      SELECT pg_terminate_backend(pid) FROM pg_locks
      WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND objid = 9 AND objsubid = 2`;
    expect(ended).to.have.length(1);
    receiver.manner = withStatus(204);
    await buy("cut-1");
    await closeNow(service.sql);
    await eventually("both messages", () =>
      ["webhook.test", "receipt.recorded"].every((type) => receiver.of(type).length > 0),
    );
    await eventually("the test again", () => receiver.of("webhook.test").length >= 2);
    expect(new Set(receiver.of("webhook.test").map((came) => came.id)).size).to.equal(1);
  });

  it("are refused for addresses that cannot be, events that are not for the caller, and more than twenty", async () => {
    const refused = async (body: object, code: string, key = shop.merchantKey) =>
      expectProblem(await post(HOOKS, key, body), 422, code);
    await refused({ url: "ftp://x.example", events: QUIET }, "wrong-destination");
    await refused({ url: "http://me:secret@x.example", events: QUIET }, "wrong-destination");
    await refused({ url: receiver.url, events: ["receipt.recorded"] }, "wrong-event", service.operatorKey);
    await refused({ url: receiver.url, events: ["no.such"] }, "invalid");
    for (let n = 0; n < 20; n++) await hook(shop.merchantKey, QUIET);
    expectProblem(
      await post(HOOKS, shop.merchantKey, { url: receiver.url, events: QUIET }),
      409,
      "too-many-webhooks",
    );
  });

  it("endpoints are their owner's alone", async () => {
    const { id } = await hook(shop.merchantKey, QUIET);
    for (const key of [service.operatorKey, shop.charityKeys[0] as string])
      expectProblem(await post(`${HOOKS}/${id}/removal`, key), 404, "unknown-webhook");
    await wanted(200, post(`${HOOKS}/${id}/removal`, shop.merchantKey));
    expectProblem(await post(`${HOOKS}/${id}/test`, shop.merchantKey), 404, "unknown-webhook");
  });
});
