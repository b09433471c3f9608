// A charity reports what its money became: what does not add up is refused, what is signed is published byte for byte as it
// was hashed, timestamped and named on chain, and each receipt then names the report and the part that it fell into.

import { expect } from "chai";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { closeNow } from "../../server/jobs/seal.ts";
import { utf8 } from "../../server/protocol/bytes.ts";
import { keccak } from "../../server/protocol/hash.ts";
import { draftByHash, keepDraft } from "../../server/store/disbursements.ts";
import { watermarksOf } from "../../server/store/watermarks.ts";
import {
  acknowledge,
  type Charity,
  charityPath,
  type Gift,
  give,
  lineOf,
  openCharity,
  pay,
  sign,
} from "../support/charity.ts";
import { type Answer, call } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { expectProblem } from "../support/problems.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { wanted } from "../support/shop.ts";
import { deployWallet } from "../support/wallet.ts";

const STRANGER = privateKeyToAccount(generatePrivateKey());
const EVIDENCE = [{ name: "bill.pdf", sha256: "a".repeat(64), bytes: 12, mediaType: "application/pdf" }];

const part = (from: number, upTo: number, project: string) => ({
  from: `${from}`,
  upTo: `${upTo}`,
  project,
  place: { country: "CN", name: "Yunnan", lat: 25.04, lon: 102.71 },
  bought: [{ what: "hot lunches", count: "56000", measure: "meals" }],
  evidence: EVIDENCE,
});

const reportOf = (...parts: ReturnType<typeof part>[]) => ({
  unit: "CNY",
  from: parts[0]!.from,
  upTo: parts.at(-1)!.upTo,
  parts,
});

describe("disbursements", () => {
  let service: TestService;
  let charity: Charity;
  let gifts: Gift[];

  before(async () => {
    service = await startTestService({ chain: true });
    charity = await openCharity(service, { registration: "GB-CHC-SPEND/lunches" });
    gifts = await give(service, charity, [50, 70, 30]);
  });
  after(() => service.stop());

  const post = (rest: string, body: unknown, of = charity, key = of.key): Promise<Answer> =>
    call(charityPath(service, of, `/disbursements${rest}`), { key, body });
  const receipt = async ({ id }: Gift) => (await call(`${service.url}/v1/receipts/${id}`)).body;
  const spent = async (of = charity) => (await watermarksOf(service.sql, lineOf(of)))?.spent;

  async function signAndPost(report: object, by = charity.signer, of = charity): Promise<Answer> {
    const { hash, typedData } = await wanted(201, post("", report, of));
    return post(`/${hash}/signature`, { signature: await sign(by, typedData) }, of);
  }

  it("show nothing of a payout before there is one", async () => {
    expect((await receipt(gifts[0]!)).status).to.deep.include({
      money: "given",
      payout: null,
      acknowledgement: null,
      reports: [],
    });
  });

  it("are refused while the charity has not signed for the money; until then a receipt shows it as claimed", async () => {
    await pay(service, charity, 0n, 150n);
    expectProblem(await post("", reportOf(part(0, 150, "Lunches"))), 422, "beyond-acknowledged");
    const { payout } = (await receipt(gifts[0]!)).status;
    expect(payout).to.include({ rail: "bank", upTo: "150", claimed: true });
    expect(payout.ageSeconds).to.be.within(0, 60);
    await wanted(201, acknowledge(service, charity));
    await eventually("acknowledged", async () => (await receipt(gifts[0]!)).status.money === "acknowledged");
    const { status } = await receipt(gifts[0]!);
    expect([status.payout.claimed, status.acknowledgement.upTo]).to.deep.equal([false, "150"]);
    for (const { transaction } of [status.payout, status.acknowledgement])
      expect(transaction).to.match(/^0x[0-9a-f]{64}$/);
  });

  it("are for the charity alone, with its signer", async () => {
    const other = await openCharity(service, { signerAddress: null });
    expectProblem(await post("", reportOf(part(0, 9, "x")), charity, service.operatorKey), 403, "wrong-role");
    expectProblem(await post("", reportOf(part(0, 9, "x")), charity, other.key), 403, "wrong-subject");
    expectProblem(await post("", reportOf(part(0, 9, "x")), other), 422, "beyond-acknowledged");
  });

  const wrong: [string, object, number, string][] = [
    ["of what is beyond the charity's signature", reportOf(part(0, 151, "x")), 422, "beyond-acknowledged"],
    ["that begin elsewhere than the last ended", reportOf(part(1, 150, "x")), 409, "stale-report"],
    ["with a gap", reportOf(part(0, 50, "x"), part(51, 150, "y")), 422, "parts-gap"],
    ["with an overlap", reportOf(part(0, 50, "x"), part(49, 150, "y")), 422, "parts-overlap"],
    ["of nothing", reportOf(part(0, 0, "x")), 422, "empty-report"],
    ["without parts", { unit: "CNY", from: "0", upTo: "9", parts: [] }, 422, "invalid"],
    ["in a unit without money", { ...reportOf(part(0, 9, "x")), unit: "USD" }, 422, "beyond-acknowledged"],
    ["without words", {}, 422, "invalid"],
  ];
  for (const [what, report, status, code] of wrong)
    it(`${what} are refused: ${code}`, async () => expectProblem(await post("", report), status, code));

  it("that were only reported are neither public nor on chain, and the same again is the same", async () => {
    const report = reportOf(part(0, 60, "Lunches"), part(60, 100, "Kitchens"));
    const [first, second] = [await post("", report), await post("", report)];
    expect([first.status, second.body]).to.deep.equal([201, first.body]);
    const { hash, document, words } = first.body;
    expect(document).to.include({ format: "amanah-spending-report/1", charity: charity.registration });
    expect(words.join(" ")).to.contain(hash).and.to.contain("[0, 100)");
    expectProblem(await call(`${service.url}/v1/documents/${hash}`), 404, "unknown-document");
    expectProblem(await call(charityPath(service, charity, `/disbursements/${hash}`)), 404, "unknown-report");
    expect((await call(charityPath(service, charity, "/disbursements"))).body.items).to.deep.equal([]);
  });

  it("signed by another, for another report or for another ledger are refused, each with its reason", async () => {
    const report = reportOf(part(0, 60, "Lunches"), part(60, 100, "Kitchens"));
    const { hash, typedData } = await wanted(201, post("", report));
    const to = (body: object) => post(`/${hash}/signature`, body);
    const stranger = expectProblem(await signAndPost(report, STRANGER), 422, "wrong-signer");
    expect(stranger.came).to.equal(STRANGER.address);
    const signature = await sign(charity.signer, typedData);
    const elsewhere = { ...typedData, domain: { ...typedData.domain, salt: `0x${"12".repeat(32)}` } };
    expectProblem(await to({ typedData: elsewhere, signature }), 422, "another-ledger");
    const other = { ...typedData, message: { ...typedData.message, evidence: `0x${"12".repeat(32)}` } };
    expectProblem(await to({ typedData: other, signature }), 422, "another-report");
    expectProblem(await to({}), 422, "invalid");
    const unknown = `/0x${"12".repeat(32)}/signature`;
    expectProblem(await post(unknown, { signature }), 404, "unknown-report");
    expectProblem(await post("/hello/signature", { signature }), 404, "unknown-report");
    const another = await openCharity(service);
    expectProblem(await post(`/${hash}/signature`, { signature }, another), 404, "unknown-report");
    expect(await spent()).to.equal(0n);
  });

  describe("that are signed", () => {
    let hash: string;
    const report = reportOf(part(0, 60, "Lunches"), part(60, 100, "Kitchens"));

    before(async () => {
      const answer = await signAndPost(report);
      expect(answer.status, JSON.stringify(answer.body)).to.equal(201);
      hash = answer.body.evidence;
      await eventually("spent", async () => (await spent()) === 100n);
    });

    it("are the same again when told or signed again", async () => {
      const again = await post("", report);
      expect([again.status, again.body.evidence]).to.deep.equal([200, hash]);
      const signed = await post(`/${hash}/signature`, { signature: "0x12" });
      expect([signed.status, signed.body.number]).to.deep.equal([200, again.body.number]);
    });

    it("are published exactly as they were hashed, for ever", async () => {
      const response = await fetch(`${service.url}/v1/documents/${hash}`);
      const bytes = new Uint8Array(await response.arrayBuffer());
      expect(`0x${Buffer.from(keccak(bytes)).toString("hex")}`).to.equal(hash);
      expect(response.headers.get("cache-control")).to.equal("public, max-age=31536000, immutable");
      const etag = response.headers.get("etag")!;
      const known = await fetch(`${service.url}/v1/documents/${hash}`, {
        headers: { "If-None-Match": etag },
      });
      expect([known.status, await known.text()]).to.deep.equal([304, ""]);
      const document = JSON.parse(Buffer.from(bytes).toString());
      expect(document.parts.map((one: Answer["body"]) => one.evidence)).to.deep.equal([EVIDENCE, EVIDENCE]);
    });

    it("are timestamped by the batch that was open, as a notice about the charity", async () => {
      await closeNow(service.sql);
      const notice = async () => (await call(`${service.url}/v1/documents/${hash}/notice`)).body;
      await eventually("final", async () => (await notice()).state === "final");
      const { batch, kind, subject, content, root } = await notice();
      expect([kind, subject, content]).to.deep.equal(["spending", charity.id, hash]);
      const found = (await call(`${service.url}/v1/batches/${batch}`)).body;
      expect(found.root).to.equal(root);
      expect(found.notices).to.deep.include({ kind, subject, content });
    });

    it("are listed and read with their report", async () => {
      const { items } = (await call(charityPath(service, charity, "/disbursements"))).body;
      expect(items).to.have.length(1);
      expect(items[0]).to.include({
        from: "0",
        upTo: "100",
        evidence: hash,
        document: `/v1/documents/${hash}`,
      });
      const one = (await call(charityPath(service, charity, `/disbursements/${hash}`))).body;
      expect(one).to.include({ state: "final", evidence: hash });
      expect(one.report.parts).to.have.length(2);
    });

    it("are named by each receipt that fell into them, with the parts, to the position", async () => {
      // Gifts of 50, 70 and 30 in the order of their ids; reported are [0, 60) and [60, 100) of 150.
      let at = 0;
      const parts = [
        { project: "Lunches", from: 0, upTo: 60 },
        { project: "Kitchens", from: 60, upTo: 100 },
      ];
      const all = await Promise.all(gifts.map(receipt));
      for (const { status, amount } of all.sort((a, b) => Number(a.status.start) - Number(b.status.start))) {
        const [start, end] = [at, at + Number(amount)];
        at = end;
        expect([status.start, status.end]).to.deep.equal([`${start}`, `${end}`]);
        const touched = parts.filter(({ from, upTo }) => from < end && upTo > start);
        const named = status.reports.flatMap((one: Answer["body"]) => one.parts);
        expect(named.map((one: Answer["body"]) => one.project)).to.deep.equal(
          touched.map(({ project }) => project),
        );
        expect(status.money).to.equal(end <= 100 ? "spent" : "acknowledged");
      }
      expect(at).to.equal(150);
    });

    it("go on where the last ended", async () => {
      expectProblem(await post("", reportOf(part(0, 150, "x"))), 409, "stale-report");
      const rest = await signAndPost(reportOf(part(100, 150, "Nurses")));
      expect(rest.status, JSON.stringify(rest.body)).to.equal(201);
      await eventually("spent", async () => (await spent()) === 150n);
      const all = await Promise.all(gifts.map(receipt));
      expect(all.map(({ status }) => status.money)).to.deep.equal(["spent", "spent", "spent"]);
      const last = all.find(({ status }) => status.end === "150")!;
      expect(last.status.reports.at(-1).parts[0].project).to.equal("Nurses");
    });
  });

  it("of a wallet contract are judged by the ledger's contract; a refused one can be signed anew", async () => {
    const owner = privateKeyToAccount(generatePrivateKey());
    const signerAddress = await deployWallet(service.rpcUrl, owner.address);
    const owned = { ...(await openCharity(service, { signerAddress })), signer: owner };
    await give(service, owned, [40]);
    await pay(service, owned, 0n, 40n);
    await wanted(201, acknowledge(service, owned));
    const report = reportOf(part(0, 40, "Tracks"));
    const { hash, typedData } = await wanted(201, post("", report, owned));
    const wrongOwner = { signature: await sign(STRANGER, typedData) };
    expectProblem(await post(`/${hash}/signature`, wrongOwner, owned), 422, "wrong-signer");
    const refused = (await call(charityPath(service, owned, `/disbursements/${hash}`))).body;
    expect(refused.state).to.equal("refused");
    expect(refused.reason).to.match(/^InvalidSignature/);
    const right = await post(`/${hash}/signature`, { signature: await sign(owner, typedData) }, owned);
    expect(right.status, JSON.stringify(right.body)).to.equal(201);
    await eventually("spent", async () => (await spent(owned)) === 40n);
  });

  it("forget what nobody has signed for thirty days", async () => {
    const other = await openCharity(service);
    await service.sql`
      INSERT INTO spending_drafts (hash, charity, body, created_at)
      VALUES (${keccak(utf8("old"))}, ${Buffer.from(other.id.slice(2), "hex")}, '{}', now() - interval '31 days')`;
    await give(service, other, [5]);
    await pay(service, other, 0n, 5n);
    await wanted(201, acknowledge(service, other));
    await wanted(201, post("", reportOf(part(0, 5, "x")), other));
    const [row] = await service.sql`SELECT count(*) FROM spending_drafts WHERE body = '{}'`;
    expect(row?.count).to.equal(0n);
  });

  it("keep the newest hundred of a charity that nobody has signed, and those of others", async () => {
    const [one, other] = [charity, await openCharity(service)].map(({ id }) =>
      Buffer.from(id.slice(2), "hex"),
    );
    const draft = (name: string) => keccak(utf8(name));
    await keepDraft(service.sql, draft("of another"), other!, { other: 1 });
    for (let number = 0; number <= 100; number++)
      await keepDraft(service.sql, draft(`${number}`), one!, { number });
    const kept = [draft("0"), draft("1"), draft("of another")].map((hash) => draftByHash(service.sql, hash));
    expect((await Promise.all(kept)).map((found) => found !== undefined)).to.deep.equal([false, true, true]);
  });
});
