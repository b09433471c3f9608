// Settlement through the API and the command, in a service with its demonstration chain: a token is named, a run is asked
// for, followed and told; claims of bank payouts are shown as such.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { type Address, getAddress, keccak256, stringToHex } from "viem";
import { closeNow, sealOldest } from "../../server/jobs/seal.ts";
import { TreeWorkers } from "../../server/jobs/tree-workers.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { confirmPayout, waitingBankPayouts } from "../../server/store/payouts.ts";
import { watermarksOf } from "../../server/store/watermarks.ts";
import { chainAccount, Hands } from "../chain/hands.ts";
import { type Answer, call } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { expectProblem } from "../support/problems.ts";
import { runScript } from "../support/run-script.ts";
import { silent, startTestService, type TestService } from "../support/service.ts";
import { purchaseOf, termsOf, wanted } from "../support/shop.ts";

const COMMAND = join(import.meta.dirname, "../../scripts/settle.ts");
const TOKEN_CHARITY = "GB-CHC-1";
const BANK_CHARITY = "GB-CHC-2";
const PAYEE: Address = `0x${"a1".repeat(20)}`;
const MEAL_TOKEN = `0x${"b2".repeat(20)}`;

describe("settlements over HTTP", () => {
  let service: TestService;
  let workers: TreeWorkers;
  let hands: Hands;
  let token: Address;
  let orders = 0;

  before(async () => {
    service = await startTestService({ chain: true, settings: { SETTLE_MINIMUM_MINOR: "1" } });
    workers = new TreeWorkers(1);
    hands = new Hands(service.rpcUrl);
    await openMarket();
    const ledger = await ledgerAddress();
    token = await hands.deployToken("TestToken", [2]);
    await hands.mint(token, 1_000_000n);
    await hands.allow(token, ledger, 1_000_000n);
  });
  after(async () => {
    await workers.stop();
    await service.stop();
  });

  const get = (path: string, key = service.operatorKey) => call(`${service.url}${path}`, { key });
  const post = (path: string, body?: unknown, key = service.operatorKey) =>
    call(`${service.url}${path}`, { key, body, method: "POST" });

  async function openMarket(): Promise<void> {
    const signer = chainAccount(9).address;
    const both = [
      { registration: TOKEN_CHARITY, name: "By token", rail: "token", payee: PAYEE, signer },
      { registration: BANK_CHARITY, name: "By bank", rail: "bank", signer },
    ];
    for (const charity of both) await wanted(201, post("/v1/charities", charity));
    await wanted(201, post("/v1/merchants", { id: "shop", name: "Shop" }));
    const terms = termsOf("shop", [TOKEN_CHARITY, BANK_CHARITY]);
    const { key } = await wanted(201, post("/v1/keys", { role: "merchant", subject: "shop" }));
    const { id } = await wanted(201, post("/v1/pledges", terms, key));
    for (const subject of [TOKEN_CHARITY, BANK_CHARITY]) {
      const own = await wanted(201, post("/v1/keys", { role: "charity", subject }));
      await wanted(200, post(`/v1/pledges/${id}/acceptance`, {}, own.key));
    }
  }

  async function ledgerAddress(): Promise<Address> {
    let contract: Buffer | undefined;
    await eventually("deployed", async () => {
      [{ contract } = { contract: undefined }] = await service.sql<{ contract: Buffer | undefined }[]>`
        SELECT contract FROM deployment`;
      return contract !== undefined;
    });
    return getAddress(`0x${contract!.toString("hex")}`);
  }

  /** A purchase that gives to both charities, anchored and proven. */
  async function sell(): Promise<void> {
    orders += 1;
    await wanted(201, post("/v1/purchases", purchaseOf("shop", `o-${orders}`)));
    await closeNow(service.sql);
    const due = { sealAfterSeconds: 1, sealAtReceipts: 1 };
    const sealer = { sql: service.sql, ledger: service.services.ledger.id, workers, log: silent, ...due };
    await sealOldest(sealer);
    await eventually("anchored", async () => {
      const rows = await service.sql`SELECT FROM batches WHERE state <> 'final'`;
      return rows.length === 0;
    });
  }

  async function untilDone(id: string): Promise<Answer["body"]> {
    let run: Answer["body"];
    await eventually("done", async () => {
      run = await wanted(200, get(`/v1/settlements/${id}`));
      return run.state === "done";
    });
    return run;
  }

  const settle = (...args: string[]) => {
    const keyFile = join(service.dataDir, "operator.key");
    return runScript(COMMAND, ["--service", service.url, "--key-file", keyFile, ...args]);
  };

  it("are for the operator alone", async () => {
    const { key } = await wanted(201, post("/v1/keys", { role: "merchant", subject: "shop" }));
    expectProblem(await post("/v1/settlements", undefined, key), 403, "wrong-role");
    expectProblem(await call(`${service.url}/v1/settlements`), 401, "unknown-key");
    expectProblem(await post("/v1/tokens", { unit: "CNY", token: PAYEE }, key), 403, "wrong-role");
  });

  it("are not there under a number that none has", async () => {
    for (const id of ["999", "0", "x", "9".repeat(30)])
      expectProblem(await get(`/v1/settlements/${id}`), 404, "unknown-settlement");
    expectProblem(await get("/v1/payouts/999"), 404, "unknown-payout");
  });

  it("refuse a token for what is no currency, and decimal places that are not the currency's", async () => {
    const none = await post("/v1/tokens", { unit: "MEAL", token: MEAL_TOKEN });
    expectProblem(none, 422, "unknown-currency");
    const wrong = await post("/v1/tokens", { unit: "CNY", token: MEAL_TOKEN, exponent: 0 });
    expectProblem(wrong, 422, "wrong-exponent");
  });

  it("report what waits for a token to be named, and pay once it is; the command ends with 1, then with 0", async () => {
    await sell();
    const first = await settle();
    expect(first.out).to.contain(`set aside: ${TOKEN_CHARITY} in CNY: no token is named for CNY`);
    expect(first.code).to.equal(1);
    const named = await wanted(202, post("/v1/tokens", { unit: "CNY", token, exponent: 2 }));
    expect(named).to.include({ unit: "CNY", token: token.toLowerCase(), exponent: 2 });
    const payouts = async () => (await wanted(200, get(`/v1/payouts?charity=${TOKEN_CHARITY}`))).items;
    await eventually("paid", async () => (await payouts())[0].state === "paid");
    const items = await payouts();
    expect(items).to.have.length(1);
    expect(items[0]).to.include({ rail: "token", state: "paid", reason: null, claimed: false });
    expect(await hands.balanceOf(token, PAYEE)).to.equal(BigInt(items[0].amount));
    expectProblem(await post("/v1/tokens", { unit: "CNY", token: MEAL_TOKEN }), 409, "token-differs");
    expect((await wanted(200, get("/v1/tokens"))).items[0]).to.include({ unit: "CNY", state: "final" });
  });

  it("are joined by whoever asks while one is under way, and tell their end", async () => {
    await sell();
    const asked = await Promise.all([1, 2, 3].map(() => wanted(202, post("/v1/settlements"))));
    expect(new Set(asked.map(({ id }) => id)).size).to.equal(1);
    const run = await untilDone(asked[0].id);
    expect(run).to.include({ askedBy: "operator", lines: 2, linesLookedAt: 2, proofsUnderWay: null });
    expect(run.payouts).to.have.length(1);
    expect(run.payouts[0]).to.include({ unit: "CNY", state: "paid", payouts: 1 });
    expect(run.unpaid).to.deep.equal({ "payout-under-way": 1 });
    const { items } = await wanted(200, get("/v1/settlements?limit=1"));
    expect(items.map(({ id }: { id: string }) => id)).to.deep.equal([run.id]);
  });

  it("end the command with 0 when nothing was set aside, and tell each charity's payout", async () => {
    const line = { charity: charityId(TOKEN_CHARITY), unit: "CNY" };
    await eventually("read", async () => {
      const marks = await watermarksOf(service.sql, line);
      return marks?.paid === marks?.given;
    });
    await sell();
    const { code, out } = await settle();
    expect(out).to.match(new RegExp(`^${TOKEN_CHARITY} +[0-9.]+ CNY +by token, paid`));
    expect(out).to.contain("1 lines not paid: an earlier payout is under way");
    expect(code).to.equal(0);
  });

  it("show a bank payout as waiting, then as claimed, with its age, and no more once the charity has signed", async () => {
    const line = () => wanted(200, call(`${service.url}/v1/lines/${BANK_CHARITY}/CNY`));
    const payout = async () => (await wanted(200, get(`/v1/payouts?charity=${BANK_CHARITY}`))).items[0];
    expect(await payout()).to.include({ state: "waiting", claimed: false, ageSeconds: null, reason: null });
    expect((await line()).claimed).to.equal(null);
    const [waiting] = await waitingBankPayouts(service.sql);
    const reference = keccak256(stringToHex("reference"));
    await service.sql.begin((tx) => confirmPayout(tx, waiting!.id, reference));
    await eventually("recorded", async () => (await payout()).state === "paid");
    const recorded = await payout();
    expect(recorded).to.include({ claimed: true });
    expect(recorded.ageSeconds).to.be.within(0, 60);
    const { claimed } = await line();
    expect(claimed).to.include({ upTo: recorded.upTo, amount: recorded.amount, since: recorded.paidAt });
    // Again until it was seen: the service reads the contract, where nobody has signed, every few seconds.
    await eventually("signed", async () => {
      await service.sql`
        UPDATE watermarks SET acknowledged = ${recorded.upTo} WHERE charity = ${charityId(BANK_CHARITY)}`;
      const [{ claimed }, { claimed: isClaimed, ageSeconds }] = await Promise.all([line(), payout()]);
      return claimed === null && isClaimed === false && ageSeconds === null;
    });
  });

  it("end the command with 2 and advice when there is no service, no key, or a wrong option", async () => {
    const noKey = await settle("--key-file", join(service.dataDir, "none"));
    expect(noKey).to.include({ code: 2 });
    expect(noKey.err).to.contain("--key-file");
    const dead = await settle("--service", "http://127.0.0.1:9");
    expect(dead).to.include({ code: 2 });
    expect(dead.err).to.contain("name another with --service");
    const badKey = join(service.dataDir, "bad.key");
    await writeFile(badKey, "amanah_nobody\n");
    expect(await settle("--key-file", badKey)).to.include({ code: 2 });
    expect(await settle("--nothing")).to.include({ code: 2 });
    const help = await settle("--help");
    expect(help.code).to.equal(0);
    expect(help.out).to.contain("pays nothing twice");
  });
});
