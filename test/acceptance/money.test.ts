// The money's whole way, as a marketplace, its charities, its bank and a regulator would go it, by the commands and the API
// alone: gifts of real orders on both rails, refunds in between, payouts, signatures, reports, and the audit at the end,
// which knows nothing but an endpoint and the public files.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { expect } from "chai";
import { type Hex, keccak256, stringToHex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { connectChain } from "../../server/chain/client.ts";
import { ledgerReader } from "../../server/chain/ledger-reader.ts";
import { freshDataDir } from "../../server/embedded/data-dir.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { deploymentOf } from "../../server/store/deployment.ts";
import { camt054, IBAN, type Instructed, readPain001 } from "../bank/making.ts";
import { call } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { freePort } from "../support/ports.ts";
import { startProcess } from "../support/process.ts";
import { type Outcome, runScript } from "../support/run-script.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { keyFor, wanted } from "../support/shop.ts";
import { deployFundedToken } from "../support/token.ts";
import { deployWallet } from "../support/wallet.ts";
import { writeParts } from "./sample.ts";

const SCRIPTS = join(import.meta.dirname, "../../scripts");
const UNIT = "BRL";
const PAYEE = "0x00000000000000000000000000000000000a3a3a";
const BY_TOKEN = "BR-CNPJ-00000000000191";
const BY_BANK = "BR-CNPJ-00000000000272";
const REFUND_EVERY = 20;

const SETTINGS = {
  SEAL_AFTER_SECONDS: "1",
  SETTLE_EVERY_SECONDS: "0",
  SETTLE_MINIMUM_MINOR: "1",
  BANK_ACCOUNT_NAME: "Marketplace",
  BANK_ACCOUNT_IBAN: IBAN,
  BANK_ACCOUNT_BIC: "COBADEFFXXX",
};

describe("the money's way", function () {
  this.timeout(300_000);
  let root: string;
  let service: TestService;
  let parts: readonly string[];
  let contract: Hex;
  const owner = privateKeyToAccount(generatePrivateKey());
  const signerKey = generatePrivateKey();
  const keys: Record<string, string> = {};
  /** What commands find in their environment. */
  let environment: Record<string, string> = {};
  let messages = 0;
  let refunds = 0;

  before(async () => {
    root = await mkdtemp(join(tmpdir(), "amanah-money-"));
    parts = await writeParts(root);
    service = await startTestService({ chain: true, settings: SETTINGS });
    await eventually("deployed", async () => (await deploymentOf(service.sql)) !== undefined);
    contract = toHex((await deploymentOf(service.sql))!.contract);
    await openCharities();
  });

  after(async () => {
    await service.stop();
    await rm(root, { recursive: true });
  });

  const post = (path: string, body: unknown, key = service.operatorKey) =>
    call(`${service.url}${path}`, { key, body });
  const get = async (path: string, key = service.operatorKey) =>
    await wanted(200, call(`${service.url}${path}`, { key }));
  const pathOf = (charity: string, rest: string) => `/v1/charities/${charity}/${rest}`;

  async function openCharities(): Promise<void> {
    const token = await deployFundedToken(service.rpcUrl, contract);
    await wanted(202, post("/v1/tokens", { unit: UNIT, token }));
    const wallet = await deployWallet(service.rpcUrl, owner.address);
    const signer = privateKeyToAccount(signerKey).address;
    const byToken = { registration: BY_TOKEN, name: "Almoço", rail: "token", payee: PAYEE, signer };
    await wanted(201, post("/v1/charities", byToken));
    await wanted(201, post("/v1/charities", { registration: BY_BANK, name: "Escola", signer: wallet }));
    for (const charity of [BY_TOKEN, BY_BANK]) keys[charity] = await keyFor(service, "charity", charity);
    const account = { name: "Escola", iban: "GB33BUKB20201555555555" };
    await wanted(201, post(pathOf(BY_BANK, "bank-account"), account));
    await writeFile(join(root, "signer.key"), signerKey, { mode: 0o600 });
  }

  const run = (command: string, ...args: string[]): Promise<Outcome> =>
    runScript(join(SCRIPTS, command), args, {
      env: { ...process.env, AMANAH_HOME: join(root, "home"), ...environment },
    });

  const succeed = async (command: string, ...args: string[]): Promise<string> => {
    const { code, out, err } = await run(command, ...args);
    expect(code, `${command} ${args.join(" ")}\n${out}\n${err}`).to.equal(0);
    return out;
  };

  const operator = () => ["--key-file", join(service.dataDir, "operator.key")];
  const settle = () => succeed("settle.ts", "--service", service.url, ...operator());
  const lineOf = (charity: string) => get(`/v1/lines/${charity}/${UNIT}`);

  /** Imports a part and refunds some of it, whole; waits until the contract knows of all that. */
  async function sell(part: number, charity: string): Promise<void> {
    const answers = join(root, `answers-${part}.ndjson`);
    const given = ["--charity", charity, "--percent", "1", "--refunds", "reverse", "--out", answers];
    await succeed("import.ts", "olist", parts[part]!, ...given, "--url", service.url, ...operator());
    const lines = (await readFile(answers, "utf8")).trim().split("\n");
    const sold = lines.map((line) => JSON.parse(line)).filter((_, index) => index % REFUND_EVERY === 3);
    for (const { merchant, order } of sold) {
      refunds += 1;
      const body = { merchant, order, refund: `r${refunds}`, refundedAt: "2026-01-01T00:00:00Z" };
      await wanted(201, post("/v1/refunds", body));
    }
    await eventually("anchored", async () => {
      // First: what is sealed between two looks must not be missed by both.
      const isSealed = (await service.sql`SELECT FROM commits`).length === 0;
      const { items } = await get("/v1/lines");
      const known = items.every(
        // biome-ignore lint/suspicious/noExplicitAny: an answer
        ({ sealed, watermarks }: any) =>
          sealed.gifts === watermarks.given && sealed.reversals === watermarks.reversed,
      );
      return known && isSealed;
    });
  }

  /** What the operator's bank was asked for since the file named last. */
  async function askedOfBank(afterFile = 0): Promise<Instructed[]> {
    const { items } = await get("/v1/bank/files");
    const files = items.filter(({ id }: { id: string }) => Number(id) > afterFile);
    const xml = await Promise.all(
      files.map(({ url }: { url: string }) => get(url) as Promise<unknown> as Promise<string>),
    );
    return xml.flatMap((file) => readPain001(file).transfers);
  }

  async function tellOperator(orders: readonly Instructed[], isReturn = false): Promise<Outcome> {
    messages += 1;
    const file = join(root, `notification-${messages}.xml`);
    await writeFile(file, camt054(orders.map(entryOf(isReturn))));
    return run("bank.ts", "send", file, "--service", service.url, ...operator());
  }

  const entryOf =
    (isReturn: boolean) =>
    ({ endToEndId, amount, currency }: Instructed) => ({
      ...{ endToEndId, amount, currency, reference: `N${messages}-${endToEndId}` },
      ...(isReturn ? { direction: "CRDT" as const, reason: ["AC04", "closed"] as const } : {}),
    });

  const paidUp = (charity: string) =>
    eventually("paid", async () => {
      const { watermarks } = await lineOf(charity);
      return watermarks.paid === watermarks.given;
    });

  /** Of both lines; nothing while the contract is not there. */
  async function marksOnChain(rpc: string): Promise<unknown[]> {
    const { lines } = ledgerReader(connectChain(rpc), contract);
    const wanted = [BY_TOKEN, BY_BANK].map((charity) => ({ charity: toHex(charityId(charity)), unit: UNIT }));
    return await lines(wanted).catch(() => []);
  }

  const audit = (...more: string[]) =>
    run(
      "audit.ts",
      ...["--rpc", service.rpcUrl, "--contract", contract, "--books", `${service.url}/books`],
      ...["--state", join(root, `state-${more.length}`), ...more],
    );

  it("pays the first gifts by token, to the cent", async () => {
    await sell(0, BY_TOKEN);
    await settle();
    await paidUp(BY_TOKEN);
    const { watermarks } = await lineOf(BY_TOKEN);
    expect(BigInt(watermarks.netted) > 0n, "refunds are set off").to.equal(true);
    expect(watermarks.netted).to.equal(watermarks.reversed);
  });

  it("pays by bank only what the bank has confirmed, and sends again what came back", async () => {
    await sell(1, BY_BANK);
    await settle();
    const [first] = await askedOfBank();
    expect((await lineOf(BY_BANK)).watermarks.paid).to.equal("0");
    await tellOperator([first!], true);
    await settle();
    const [second] = await askedOfBank(1);
    expect(second?.endToEndId).to.not.equal(first?.endToEndId);
    expect([second?.amount, second?.currency]).to.deep.equal([first?.amount, UNIT]);
    expect((await tellOperator([second!])).code).to.equal(0);
    await paidUp(BY_BANK);
    const { claimed } = await lineOf(BY_BANK);
    expect(claimed.upTo).to.equal((await lineOf(BY_BANK)).watermarks.paid);
  });

  it("tells a donor that money paid by bank is claimed, and since when", async () => {
    const [line = ""] = (await readFile(join(root, "answers-1.ndjson"), "utf8")).split("\n");
    const [{ id, key }] = JSON.parse(line).receipts;
    const headers = { Authorization: `Receipt ${key}` };
    const { details } = await wanted(200, call(`${service.url}/v1/receipts/${id}`, { headers }));
    const { merchant, buyer, completedAt } = details;
    const donor = await wanted(200, post("/v1/donors/keys", { merchant, buyer }));
    const year = new Date(completedAt * 1000).getUTCFullYear();
    const statement = await wanted(
      200,
      call(`${service.url}/v1/donors/statement?from=${year}-01-01&to=${year}-12-31`, {
        headers: { Authorization: `Donor ${donor.key}` },
      }),
    );
    const gift = statement.gifts.find(({ charity }: { charity: string }) => charity === BY_BANK);
    expect(gift.status).to.equal("claimed");
    expect(Date.parse(gift.claimedSince)).to.be.within(Date.now() - 300_000, Date.now());
  });

  it("takes the signatures of a key and of a contract wallet for what has arrived", async () => {
    await acknowledgeByKey();
    await acknowledgeByWallet();
    for (const charity of [BY_TOKEN, BY_BANK]) {
      const { watermarks, claimed } = await lineOf(charity);
      expect([watermarks.acknowledged, claimed]).to.deep.equal([watermarks.paid, null]);
    }
  });

  const byKey = () => ["--service", service.url, "--key-file", join(root, "signer.key"), "--yes"];

  async function acknowledgeByKey(): Promise<void> {
    await succeed("acknowledge.ts", "--charity", BY_TOKEN, ...byKey());
    await eventually("acknowledged", async () => {
      const { watermarks } = await lineOf(BY_TOKEN);
      return watermarks.acknowledged === watermarks.paid;
    });
  }

  async function acknowledgeByWallet(): Promise<void> {
    const { typedData } = await get(pathOf(BY_BANK, "acknowledgement"), keys[BY_BANK]);
    const signature = await owner.signTypedData(typedData);
    await wanted(201, post(pathOf(BY_BANK, "acknowledgement"), { typedData, signature }, keys[BY_BANK]));
    await eventually("acknowledged", async () => {
      const { watermarks } = await lineOf(BY_BANK);
      return watermarks.acknowledged === watermarks.paid;
    });
  }

  it("settles a third time, on both rails at once, with refunds of what was paid before", async () => {
    await sell(2, BY_TOKEN);
    await settle();
    await tellOperator(await askedOfBank(2));
    for (const charity of [BY_TOKEN, BY_BANK]) await paidUp(charity);
    await acknowledgeByKey();
    await acknowledgeByWallet();
  });

  it("publishes what the money became, signed by either charity", async () => {
    const { watermarks } = await lineOf(BY_TOKEN);
    const half = `${BigInt(watermarks.acknowledged) / 2n}`;
    const bought = [{ what: "lunches", count: "250", measure: "meals" }];
    const place = { country: "BR", name: "Recife" };
    const report = {
      unit: UNIT,
      from: "0",
      upTo: watermarks.acknowledged,
      parts: [
        { from: "0", upTo: half, project: "Lunches", place, bought, evidence: [] },
        { from: half, upTo: watermarks.acknowledged, project: "Kitchen", place, bought, evidence: [] },
      ],
    };
    const file = join(root, "report.json");
    await writeFile(file, JSON.stringify(report));
    await succeed("disburse.ts", file, "--charity", BY_TOKEN, ...byKey());
    await reportByWallet({ project: "School", place, bought });
  });

  async function reportByWallet(what: object): Promise<void> {
    const { watermarks } = await lineOf(BY_BANK);
    const interval = { from: "0", upTo: watermarks.acknowledged };
    const body = { unit: UNIT, ...interval, parts: [{ ...interval, ...what }] };
    const { hash, typedData } = await wanted(
      201,
      post(pathOf(BY_BANK, "disbursements"), body, keys[BY_BANK]),
    );
    const signature = await owner.signTypedData(typedData);
    const path = pathOf(BY_BANK, `disbursements/${hash}/signature`);
    await wanted(201, post(path, { signature }, keys[BY_BANK]));
    const document = await call(`${service.url}/v1/documents/${hash}`);
    expect(keccak256(stringToHex(JSON.stringify(document.body)))).to.equal(hash);
  }

  it("names the report that a donor's gift fell into", async () => {
    const answers = (await readFile(join(root, "answers-0.ndjson"), "utf8")).trim().split("\n");
    const { receipts } = JSON.parse(answers[0]!);
    await eventually(
      "spent",
      async () => (await get(`/v1/receipts/${receipts[0].id}`)).status.money === "spent",
    );
    const { status } = await get(`/v1/receipts/${receipts[0].id}`);
    expect(JSON.stringify(status)).to.contain("Recife");
  });

  it("audits clean from the public files and the endpoint alone", async () => {
    await eventually("published", async () => {
      const [open] = await service.sql`
        SELECT FROM batches LEFT JOIN books ON books.batch = number WHERE books.batch IS NULL OR state <> 'final'`;
      return open === undefined && (await service.sql`SELECT FROM commits`).length === 0;
    });
    const report = join(root, "audit.html");
    const { code, out, err } = await audit("--html", report, "--json", join(root, "audit.json"));
    expect(code, `${out}\n${err}`).to.equal(0);
    expect(await readFile(report, "utf8")).to.contain("<svg");
    const { findings } = JSON.parse(await readFile(join(root, "audit.json"), "utf8"));
    expect(findings).to.deep.equal([]);
  });

  it("is put back from a backup of the living service, replayed on a new chain, and audits clean again", async () => {
    const folder = await freshDataDir();
    const restored = join(folder, "restored");
    const file = join(root, "backup.tar");
    environment = { DATA_DIR: service.dataDir, DATABASE_URL: service.databaseUrl };
    await succeed("backup.ts", "--to", file);
    environment = {};
    await succeed("restore.ts", file, "--to", restored);
    const port = await freePort();
    const again = await startProcess(restored, { SETTLE_EVERY_SECONDS: "0", CHAIN_PORT: `${port}` });
    try {
      const marks = await marksOnChain(service.rpcUrl);
      const rpc = `http://127.0.0.1:${port}`;
      await eventually("replayed", async () => isDeepStrictEqual(await marksOnChain(rpc), marks));
      const chosen = ["--rpc", rpc, "--contract", contract, "--books", `${again.url}/books`];
      await succeed("audit.ts", ...chosen, "--state", join(root, "state-restored"));
    } finally {
      expect(await again.end()).to.equal(0);
      await rm(folder, { recursive: true, force: true });
    }
  });
});
