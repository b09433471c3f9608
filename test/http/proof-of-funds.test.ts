// The money's way on a real chain, as donors and charities are told of it: each step moves each statement, and only that.

import { expect } from "chai";
import { parse } from "csv-parse/sync";
import { keccak256, stringToHex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { toHex } from "../../server/protocol/bytes.ts";
import type {
  AcknowledgementArgs,
  ContractCall,
  DisbursementArgs,
} from "../../server/protocol/contract-calls.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { type SignedName, typedDataOf } from "../../server/protocol/typed-data.ts";
import { callEnded, intend } from "../../server/store/chain-calls.ts";
import { type Answer, call } from "../support/client.ts";
import { qrCodeOf, textOf } from "../support/pdf.ts";
import { expectFieldProblem, expectProblem } from "../support/problems.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { keyFor, openShop, purchaseOf, type Shop, termsOf, wanted } from "../support/shop.ts";

const REGISTRATION = "GB-CHC-FUNDS";
const NAME = "São José 希望工程";
const WITHIN_MS = 20_000;
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

describe("a proof of funds", () => {
  let service: TestService;
  let shop: Shop;
  let charityKey: string;
  let donor: string;
  const signer = privateKeyToAccount(generatePrivateKey());
  const line = { charity: toHex(charityId(REGISTRATION)), unit: "CNY" };

  before(async () => {
    service = await startTestService({
      chain: true,
      settings: { SEAL_AFTER_SECONDS: "1", PROVE_EVERY_SECONDS: "0", SETTLE_EVERY_SECONDS: "0" },
    });
    shop = await openShop(service);
    const body = { registration: REGISTRATION, name: NAME, signer: signer.address, payee: signer.address };
    await wanted(201, post("/v1/charities", body));
    charityKey = await keyFor(service, "charity", REGISTRATION);
    const pledge = await wanted(201, post("/v1/pledges", termsOf(shop.merchant, [REGISTRATION])));
    await wanted(200, post(`/v1/pledges/${pledge.id}/acceptance`, {}, charityKey));
    donor = (await wanted(200, post("/v1/donors/keys", { merchant: shop.merchant, buyer: "ann" }))).key;
    for (const order of ["F-1", "F-2"])
      await wanted(201, post("/v1/purchases", purchaseOf(shop.merchant, order, { buyer: "ann" })));
    await until("all is given", async () => (await marks()).given === "28");
  });
  after(() => service.stop());

  const post = (path: string, body: unknown, key = service.operatorKey) =>
    call(`${service.url}${path}`, { key, body });
  const marks = async () => (await call(`${service.url}/v1/lines/${REGISTRATION}/CNY`)).body.watermarks ?? {};
  const today = () => `from=${day(-1)}&to=${day(1)}`;
  const proof = (query = today(), key = charityKey) =>
    call(`${service.url}/v1/charities/${REGISTRATION}/statement?${query}`, { key });
  const statuses = async (): Promise<string[]> => {
    const headers = { Authorization: `Donor ${donor}` };
    const { gifts } = await wanted(
      200,
      call(`${service.url}/v1/donors/statement?from=2025-01-01&to=2025-12-31`, { headers }),
    );
    const own = gifts.filter(({ charity }: { charity: string }) => charity === REGISTRATION);
    return own.map(({ status }: { status: string }) => status).sort();
  };

  async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + WITHIN_MS;
    while (!(await holds())) {
      if (performance.now() > end) throw new Error(`still not: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  async function make(
    asked: ContractCall,
    mark: "paid" | "acknowledged" | "spent",
    upTo: string,
  ): Promise<void> {
    const { failure } = await callEnded(service.sql, await intend(service.sql, asked), WITHIN_MS);
    expect(failure).to.equal(null);
    await until(`${mark} is read`, async () => (await marks())[mark] === upTo);
  }

  function sign(name: SignedName, args: AcknowledgementArgs | DisbursementArgs) {
    const data = typedDataOf(service.services.ledger.id, name, args as never);
    return signer.signTypedData(data as never);
  }

  it("is for the charity and the operator, of days and units that there are", async () => {
    expectProblem(await proof(today(), shop.charityKeys[0]), 403, "wrong-subject");
    expectProblem(await proof(today(), shop.merchantKey), 403, "wrong-role");
    expectFieldProblem(await proof("from=2026-02-01&to=2026-01-01"), "to");
    expectFieldProblem(await proof(`${today()}&unit=USD`), "unit", "USD");
    const unknown = await call(`${service.url}/v1/charities/GB-CHC-NONE/statement?${today()}`, {
      key: charityKey,
    });
    expectProblem(unknown, 404, "unknown-charity");
  });

  it("begins with what is given, and nothing paid", async () => {
    const { body } = await proof();
    expect(body.opening).to.include({ given: "0", paid: "0" });
    expect(body.closing).to.include({ given: "28", paid: "0", acknowledged: "0", spent: "0" });
    expect([body.payouts, body.acknowledgements, body.disbursements, body.claimed]).to.deep.equal([
      [],
      [],
      [],
      null,
    ]);
    expect(await statuses()).to.deep.equal(["given", "given"]);
  });

  it("shows a bank payout as claimed, with its age, until the charity has signed", async () => {
    const reference = keccak256(stringToHex("TRANSFER 1"));
    const args = { ...line, from: "0", upTo: "28", netTo: "0", reference };
    await make({ kind: "payBank", args }, "paid", "28");
    const { body } = await proof();
    expect(body.payouts).to.have.length(1);
    expect(body.payouts[0]).to.include({ rail: "bank", from: "0", upTo: "28", amount: "28", reference });
    expect(body.claimed).to.include({ amount: "28", since: body.payouts[0].at });
    expect(body.claimed.days).to.be.within(0, 1);
    expect(body.notes[0]).to.contain("0.28 CNY are claimed");
    expect(await statuses()).to.deep.equal(["claimed", "claimed"]);
  });

  it("shows the acknowledgement that the charity has signed, and what it claims no more", async () => {
    const batches = (await call(`${service.url}/v1/batches`)).body.items as Answer["body"][];
    const newest = batches.find(({ state }) => state === "final");
    const figures = {
      from: "0",
      upTo: "28",
      netTo: "0",
      received: "28",
      batch: newest.number,
      root: newest.root,
    };
    const acknowledgement = { ...line, ...figures };
    const signature = await sign("Acknowledgement", acknowledgement);
    await make({ kind: "acknowledge", args: { acknowledgement, signature } }, "acknowledged", "28");
    const { body } = await proof();
    expect(body.acknowledgements[0]).to.include(figures);
    expect(body.claimed).to.equal(null);
    expect(await statuses()).to.deep.equal(["acknowledged", "acknowledged"]);
  });

  it("shows what was spent; a gift is spent to its last cent or not yet", async () => {
    const disbursement = { ...line, from: "0", upTo: "27", evidence: keccak256(stringToHex("a report")) };
    const signature = await sign("Disbursement", disbursement);
    await make({ kind: "disburse", args: { disbursement, signature } }, "spent", "27");
    const { body } = await proof();
    expect(body.disbursements[0]).to.include({
      from: "0",
      upTo: "27",
      evidence: disbursement.evidence,
      parts: null,
    });
    expect(await statuses()).to.deep.equal(["acknowledged", "spent"]);
  });

  it("of another period opens and closes where the line stood then", async () => {
    const past = (await proof(`from=${day(-9)}&to=${day(-2)}`)).body;
    expect([past.closing.given, past.closing.spent, past.payouts]).to.deep.equal(["0", "0", []]);
    const later = (await proof(`from=${day(2)}&to=${day(9)}`)).body;
    expect(later.opening).to.deep.equal(later.closing);
    expect(later.closing).to.include({ given: "28", paid: "28", acknowledged: "28", spent: "27" });
  });

  it("says how to check it, and is the contract's own word", async () => {
    const { body } = await proof();
    const [deployment] = await service.sql<{ contract: Buffer }[]>`SELECT contract FROM deployment`;
    expect(body.ledger.contract).to.equal(toHex(deployment!.contract));
    expect(body.notes.join(" ")).to.contain(`line(${line.charity}, "CNY")`);
    expect(body.notes.join(" "), "of which nobody is convinced but the operator").to.contain(
      "demonstration chain",
    );
    expect(body.closing).to.deep.equal(await marks());
  });

  it("is a sheet in order of time, and a paper that reads in any script and is compared by its code", async () => {
    const answer = (format: string) =>
      fetch(`${service.url}/v1/charities/${REGISTRATION}/statement?${today()}&format=${format}`, {
        headers: { Authorization: `Bearer ${charityKey}` },
      });
    const sheet = Buffer.from(await (await answer("csv")).arrayBuffer());
    const rows = parse(sheet, { columns: true, bom: true }) as Record<string, string>[];
    expect(rows.map(({ what }) => what)).to.deep.equal(["payout", "acknowledgement", "disbursement"]);
    const paper = Buffer.from(await (await answer("pdf")).arrayBuffer());
    const text = textOf(paper);
    expect(text).to.contain("Proof of funds").and.to.contain("São José").and.to.contain("希望工程");
    expect(text).to.contain("0.28 CNY").and.to.contain("0.27 CNY").and.not.to.contain("\ufffd");
    const issued = await wanted(200, call(`${service.url}${new URL(qrCodeOf(paper)).pathname}`));
    expect(issued.statement).to.deep.equal((await proof()).body);
  });
});
