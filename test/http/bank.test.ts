// The bank rail through the whole service, with a real chain: from a settlement run to the file, from the bank's word to
// the contract, and back again when money bounces.

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { getAddress, keccak256, stringToHex } from "viem";
import { LEDGER_ABI } from "../../server/chain/abi.ts";
import { connectChain } from "../../server/chain/client.ts";
import { fileBankTransfers } from "../../server/jobs/settle/bank-files.ts";
import { noteRestored } from "../../server/store/restorations.ts";
import { watermarksOf } from "../../server/store/watermarks.ts";
import { camt054, IBAN, OTHER_IBAN, readPain001 } from "../bank/making.ts";
import { type Charity, charityPath, give, lineOf, openCharity } from "../support/charity.ts";
import { type Answer, call } from "../support/client.ts";
import { expectFieldProblem, expectProblem } from "../support/problems.ts";
import { runScript } from "../support/run-script.ts";
import { itWithSchemas, schemaErrors } from "../support/schemas.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { keyFor, wanted } from "../support/shop.ts";

const COMMAND = join(import.meta.dirname, "../../scripts/bank.ts");
const LATIN = { name: "Lunch for All", iban: "GB29 NWBK 6016 1331 9268 19" };
const WITHIN_MS = 20_000;

describe("the bank rail", function () {
  this.timeout(60_000);
  let service: TestService;

  before(async () => {
    const settings = {
      ...{ BANK_ACCOUNT_NAME: "Amanah gGmbH", BANK_ACCOUNT_IBAN: IBAN, BANK_ACCOUNT_BIC: "COBADEFFXXX" },
      ...{ SETTLE_MINIMUM_MINOR: "1", SETTLE_EVERY_SECONDS: "0" },
    };
    service = await startTestService({ chain: true, settings });
  });
  after(() => service.stop());

  const post = (path: string, body: unknown, key = service.operatorKey) =>
    call(`${service.url}${path}`, { key, body });
  const get = async (path: string, key = service.operatorKey) =>
    wanted(200, call(`${service.url}${path}`, { key }));
  const notify = (xml: string, type = "application/xml", key = service.operatorKey) =>
    call(`${service.url}/v1/bank/notifications`, { key, body: xml, type });
  const setAccount = (charity: Charity, body: object) =>
    call(charityPath(service, charity, "/bank-account"), { key: service.operatorKey, body });

  async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + WITHIN_MS;
    while (!(await holds())) {
      if (performance.now() > end) throw new Error(`it was still not so: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  async function settle(): Promise<void> {
    const { id } = (await post("/v1/settlements", {})).body;
    await until("settled", async () => (await get(`/v1/settlements/${id}`)).state === "done");
  }

  /** The newest transfer of a charity. */
  async function transferOf(charity: Charity): Promise<Answer["body"]> {
    const { items } = await get("/v1/bank/transfers");
    return items.find(({ registration }: Answer["body"]) => registration === charity.registration);
  }

  const fileAgain = () => fileBankTransfers(service.services);
  const debit = (endToEndId: string, amount: string, reference: string) =>
    camt054([{ endToEndId, amount, reference, currency: "CNY" }]);
  const back = (endToEndId: string, amount: string, reference: string) =>
    camt054([
      { endToEndId, amount, reference, currency: "CNY", direction: "CRDT", reason: ["AC04", "closed"] },
    ]);

  /** The references in the contract's own events of a charity, as anyone reads them. */
  async function eventsOf(name: "Paid" | "Repaid", charity: Charity) {
    const [row] = await service.sql<{ contract: Buffer }[]>`SELECT contract FROM deployment`;
    const address = getAddress(`0x${row!.contract.toString("hex")}`);
    const { public: client } = connectChain(service.rpcUrl);
    const events = await client.getContractEvents({
      ...{ address, abi: LEDGER_ABI, eventName: name, args: { charity: charity.id } as never, fromBlock: 0n },
    } as never);
    return (events as unknown as { args: Record<string, unknown> }[]).map(({ args }) => args);
  }

  const paidTo = async (charity: Charity) => (await watermarksOf(service.sql, lineOf(charity)))?.paid ?? 0n;

  describe("bank accounts of charities", () => {
    let charity: Charity;
    before(async () => {
      charity = await openCharity(service);
    });

    it("are refused when the check digits are wrong, and when the bank cannot be told", async () => {
      expectFieldProblem(
        await setAccount(charity, { ...LATIN, iban: "GB29 NWBK 6016 1331 9268 18" }),
        "iban",
      );
      expectFieldProblem(await setAccount(charity, { name: "X", account: "123", country: "CN" }), "bic");
      expectFieldProblem(
        await setAccount(charity, { name: "X", account: "123", bic: "DEUTDEFF" }),
        "country",
      );
      expectFieldProblem(await setAccount(charity, { name: "X" }), "iban");
      expectFieldProblem(await setAccount(charity, { ...LATIN, name: "壹基金" }), "name");
      expect(await get(`/v1/charities/${charity.registration}/bank-account`)).to.deep.include({
        inForce: null,
        history: [],
      });
    });

    it("are nobody's business but the charity's and the operator's", async () => {
      const other = await openCharity(service);
      const path = charityPath(service, charity, "/bank-account");
      expectProblem(await call(path), 401, "unknown-key");
      expectProblem(await call(path, { key: other.key }), 403, "wrong-subject");
      expectProblem(await call(path, { key: charity.key, body: LATIN }), 403, "wrong-role");
      expect((await call(path, { key: charity.key })).status).to.equal(200);
      expectProblem(await call(`${path}/veto`, { key: other.key, body: {} }), 403, "wrong-subject");
    });

    it("act at once the first time; a change waits a week, is shown, and can be vetoed by the charity", async () => {
      const first = await wanted(201, setAccount(charity, LATIN));
      expect(first.inForce).to.include({ iban: OTHER_IBAN, country: "GB", state: "in-force" });
      expect((await setAccount(charity, LATIN)).status, "the same again").to.equal(200);
      const changed = await wanted(201, setAccount(charity, { ...LATIN, iban: IBAN }));
      expect(changed.inForce).to.include({ iban: OTHER_IBAN });
      expect(changed.waiting).to.include({ iban: IBAN, state: "waiting" });
      const delay = Date.parse(changed.waiting.effectiveAt) - Date.parse(changed.waiting.setAt);
      expect(delay).to.equal(7 * 86_400_000);
      const path = charityPath(service, charity, "/bank-account/veto");
      const vetoed = await wanted(200, call(path, { key: charity.key, body: {} }));
      expect([vetoed.waiting, vetoed.inForce.iban, vetoed.history[0].state]).to.deep.equal([
        null,
        OTHER_IBAN,
        "vetoed",
      ]);
      expectProblem(await call(path, { key: charity.key, body: {} }), 409, "no-change-waits");
      await service.sql`UPDATE bank_accounts SET effective_at = effective_at - interval '8 days'`;
      const later = await get(`/v1/charities/${charity.registration}/bank-account`);
      expect(later.inForce, "a vetoed change never takes effect").to.include({ iban: OTHER_IBAN });
    });

    it("take effect when their time has come, and a later change takes the place of one that waits", async () => {
      await wanted(201, setAccount(charity, { ...LATIN, name: "Wrong" }));
      await wanted(201, setAccount(charity, { ...LATIN, name: "Right" }));
      await service.sql`
        UPDATE bank_accounts SET effective_at = effective_at - interval '8 days' WHERE name IN ('Wrong', 'Right')`;
      const now = await get(`/v1/charities/${charity.registration}/bank-account`);
      expect(now.inForce).to.include({ name: "Right" });
      expect(now.history.map(({ state }: Answer["body"]) => state)).to.deep.equal([
        "in-force",
        "replaced",
        "vetoed",
        "past",
      ]);
    });
  });

  describe("notifications", () => {
    it("are taken from the operator alone, and only as XML of a bounded size", async () => {
      const key = await keyFor(service, "merchant", (await openCharity(service)).merchant);
      expectProblem(await notify("<Document/>", "application/xml", key), 403, "wrong-role");
      expectProblem(await notify("{}", "application/json"), 415, "wrong-content-type");
      expectProblem(await notify("<a>".padEnd(32_000_001, " ")), 413, "body-too-large");
      expectProblem(await notify(""), 400, "malformed-xml");
      expectProblem(await notify("<Document/>"), 422, "not-a-notification");
    });

    it("that would read files or grow without end are refused with what is wrong", async () => {
      const own = `<!DOCTYPE D [<!ENTITY own SYSTEM "file:///etc/passwd">]>`;
      const xml = camt054([{ endToEndId: "&own;", amount: "1.00" }]).replace("?>", `?>${own}`);
      const problem = expectProblem(await notify(xml), 400, "malformed-xml");
      expect(problem.detail).to.contain("without a document type");
    });
  });

  it("pays: settled, filed, confirmed by the bank, and only then recorded with the contract", async () => {
    const charity = await openCharity(service);
    await wanted(201, setAccount(charity, LATIN));
    await give(service, charity, [1200, 50]);
    await settle();
    const transfer = await transferOf(charity);
    expect(transfer).to.include({ state: "filed", amount: "1250", currency: "CNY", attempt: 1 });
    const xml = (await call(`${service.url}/v1/bank/files/${transfer.file}`, { key: service.operatorKey }))
      .body;
    const line = readPain001(xml).transfers.find(({ endToEndId }) => endToEndId === transfer.endToEndId);
    expect(line).to.include({ amount: "12.50", iban: OTHER_IBAN, name: "Lunch for All" });
    const batches = (await get("/v1/batches")).items as Answer["body"][];
    const { number, root } = batches.find(({ state }) => state === "final")!;
    expect(line?.remittance).to.equal(`${charity.registration} 0-1250 ${number} ${root.slice(2)}`);
    expect(await paidTo(charity), "the bank has not confirmed it").to.equal(0n);

    const answer = await wanted(200, notify(debit(transfer.endToEndId, "12.50", "REF-1")));
    expect(answer.entries.map(({ outcome }: Answer["body"]) => outcome)).to.deep.equal(["confirmed"]);
    await until("paid", async () => (await paidTo(charity)) === 1250n);
    const [paid] = await eventsOf("Paid", charity);
    expect(JSON.stringify(Object.values(paid!).map(String))).to.contain(keccak256(stringToHex("REF-1")));
    const again = await wanted(200, notify(debit(transfer.endToEndId, "12.50", "REF-1")));
    expect(again.entries[0]).to.include({ outcome: "duplicate", flagged: false });
    expect(await eventsOf("Paid", charity)).to.have.length(1);
  });

  it("sends again what came back before it was recorded, under a new id, and records that", async () => {
    const charity = await openCharity(service);
    await wanted(201, setAccount(charity, LATIN));
    await give(service, charity, [700]);
    await settle();
    const first = await transferOf(charity);
    expect((await wanted(200, notify(back(first.endToEndId, "7.00", "B-1")))).entries[0].outcome).to.equal(
      "returned",
    );
    await fileAgain();
    const second = await transferOf(charity);
    expect(second).to.include({
      state: "filed",
      attempt: 2,
      endToEndId: first.endToEndId.replace(/-1$/, "-2"),
    });
    await wanted(200, notify(debit(second.endToEndId, "7.00", "REF-2")));
    await until("paid", async () => (await paidTo(charity)) === 700n);
    expect(await eventsOf("Repaid", charity)).to.deep.equal([]);
  });

  it("sends again what bounced after it was recorded, and has the contract record that", async () => {
    const charity = await openCharity(service);
    await wanted(201, setAccount(charity, LATIN));
    await give(service, charity, [900]);
    await settle();
    const first = await transferOf(charity);
    await wanted(200, notify(debit(first.endToEndId, "9.00", "REF-3")));
    await until("paid", async () => (await paidTo(charity)) === 900n);
    expect((await wanted(200, notify(back(first.endToEndId, "9.00", "B-3")))).entries[0].outcome).to.equal(
      "bounced",
    );
    const cameBack = async () => (await get(`/v1/payouts/${first.payout}`)).cameBack;
    await fileAgain();
    const second = await transferOf(charity);
    expect(await cameBack(), "nothing is with the charity while it is only filed").to.equal(true);
    await wanted(200, notify(debit(second.endToEndId, "9.00", "REF-4")));
    expect(await cameBack()).to.equal(false);
    await until("repaid", async () => (await eventsOf("Repaid", charity)).length === 1);
    const [repaid] = await eventsOf("Repaid", charity);
    expect(JSON.stringify(Object.values(repaid!).map(String))).to.contain(keccak256(stringToHex("REF-4")));
    expect(await eventsOf("Paid", charity)).to.have.length(1);
  });

  it("lists what needs a person until it is resolved, and counts it in the overview", async () => {
    const charity = await openCharity(service);
    await wanted(201, setAccount(charity, LATIN));
    await give(service, charity, [300]);
    await settle();
    const { endToEndId } = await transferOf(charity);
    const answer = await wanted(200, notify(debit(endToEndId, "2.99", "REF-5")));
    expect(answer).to.include({ flagged: 1 });
    const [entry] = (await get("/v1/bank/entries?flagged")).items;
    expect(entry).to.include({ endToEndId, outcome: "amount-differs", resolution: null });
    expect(entry.explanation).to.equal("wanted 3.00 CNY, came 2.99 CNY");
    expect(await get("/v1/bank")).to.include({ openFlags: "1" });
    const path = `/v1/bank/entries/${entry.id}/resolution`;
    expect((await wanted(200, post(path, { note: "the bank will correct it" }))).resolution).to.contain(
      "correct",
    );
    expectProblem(await post(path, { note: "again" }), 409, "no-open-flag");
    expect(await get("/v1/bank")).to.include({ openFlags: "0" });
    expect((await get("/v1/bank/entries?flagged")).items).to.deep.equal([]);
  });

  it("files again what the operator says the bank has refused, once", async () => {
    const charity = await openCharity(service);
    await wanted(201, setAccount(charity, LATIN));
    await give(service, charity, [400]);
    await settle();
    const { endToEndId } = await transferOf(charity);
    const path = `/v1/bank/transfers/${endToEndId}/rejection`;
    await wanted(200, post(path, { reason: "AM05 in pain.002" }));
    expectProblem(await post(path, { reason: "again" }), 409, "not-on-the-way");
    await fileAgain();
    expect(await transferOf(charity)).to.include({ attempt: 2, state: "filed" });
  });

  it("files nothing after the ledger was put back from a backup, until a person has compared", async () => {
    const charity = await openCharity(service);
    await wanted(201, setAccount(charity, LATIN));
    await give(service, charity, [800]);
    await noteRestored(service.sql);
    await settle();
    expect(await transferOf(charity)).to.equal(undefined);
    const held = await get("/v1/bank");
    expect(held.heldBackSince).to.be.a("string");
    expect(held.waiting[0].reason).to.contain("put back from a backup");
    await wanted(200, post("/v1/bank/release", {}));
    await wanted(409, post("/v1/bank/release", {}));
    await fileAgain();
    expect((await transferOf(charity)).endToEndId, "no name of before").to.match(
      /^AM[0-9A-F]{8}R[0-9A-F]{8}-\d+-1$/,
    );
    expect((await get("/v1/bank")).heldBackSince).to.equal(null);
  });

  it("lists transfers page by page, each once", async () => {
    const all = (await get("/v1/bank/transfers")).items.map(({ endToEndId }: Answer["body"]) => endToEndId);
    const paged: string[] = [];
    for (let after: string | null = ""; after !== null; ) {
      const page: Answer["body"] = await get(
        `/v1/bank/transfers?limit=2${after === "" ? "" : `&after=${after}`}`,
      );
      paged.push(...page.items.map(({ endToEndId }: Answer["body"]) => endToEndId));
      after = page.next;
    }
    expect(paged).to.deep.equal(all).and.have.length.above(4);
  });

  describe("npm run bank", () => {
    let folder: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "amanah-bank-"));
    });
    after(() => rm(folder, { recursive: true, force: true }));

    const run = (...args: string[]) => {
      const of = ["--service", service.url, "--key-file", join(service.dataDir, "operator.key")];
      return runScript(COMMAND, [...of, ...args], { env: { ...process.env, INIT_CWD: folder } });
    };

    it("saves each file once, as it lies in the store", async () => {
      const first = await run("files", "--out", folder);
      expect([first.code, first.err]).to.deep.equal([0, ""]);
      const names = await readdir(folder);
      const { items } = await get("/v1/bank/files");
      expect(names.sort()).to.deep.equal(
        items.map(({ messageId }: Answer["body"]) => `${messageId}.xml`).sort(),
      );
      expect((await run("files", "--out", folder)).out).to.contain("No new files");
    });

    itWithSchemas("saves files that are valid by the schema of pain.001.001.03", async () => {
      await run("files", "--out", folder);
      const names = (await readdir(folder)).filter((name) => name.startsWith("AM"));
      const files = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
      expect(files).to.have.length.above(2);
      expect(await schemaErrors("iso20022/pain.001.001.03.xsd", files)).to.deep.equal([]);
    });

    it("hands notifications in, tells what they came to, and ends with 1 when one needs a person", async () => {
      const good = join(folder, "good.xml");
      await writeFile(good, camt054([{ amount: "5.00", direction: "CRDT", reference: "SALE-1" }]));
      const sent = await run("send", good);
      expect([sent.code, sent.out]).to.deep.equal([0, `${good}: 1 not-ours\n`]);
      const { endToEndId } = (await get("/v1/bank/transfers?state=filed")).items[0];
      const bad = join(folder, "bad.xml");
      await writeFile(bad, camt054([{ endToEndId, amount: "0.01", currency: "CNY", reference: "REF-6" }]));
      const flagged = await run("send", bad);
      expect(flagged.code).to.equal(1);
      expect(flagged.out).to.contain(`${endToEndId}, 0.01 CNY: amount-differs: wanted`);
      const status = await run("status");
      expect([
        status.code,
        status.out.split("\n").some((line) => line.includes("amount-differs")),
      ]).to.deep.equal([1, true]);
    });

    it("takes files by where it was called, as bytes, and shows nothing that could steer a terminal", async () => {
      const { endToEndId } = (await get("/v1/bank/transfers?state=filed")).items[0];
      const unknown = `${endToEndId.replace(/-.*/, "")}-\u001b[2J`;
      const sly = camt054([{ endToEndId: unknown, amount: "1.00", currency: "CNY" }]);
      await writeFile(join(folder, "sly.xml"), sly);
      const told = await run("send", "sly.xml");
      expect(told.out).to.contain("unknown-transfer").and.to.contain("-\\u{1b}[2J");
      await writeFile(join(folder, "latin.xml"), Buffer.from(sly.replace("BANKREF", "BANK\u00fc"), "latin1"));
      expect((await run("send", "latin.xml")).err).to.contain("wanted XML in UTF-8");
    });

    it("ends with 2 and one line when it cannot be done", async () => {
      const missing = await run("send", join(folder, "nowhere.xml"));
      expect(missing.code).to.equal(2);
      expect(missing.err).to.match(/^bank: .*nowhere\.xml: cannot be read/);
      await writeFile(join(folder, "none.xml"), "<a/>");
      expect((await run("send", join(folder, "none.xml"))).err).to.contain("wanted a camt.054.001.02 to .08");
    });
  });
});
