// Two files and an endpoint, with the service switched off: the independent script convicts an operator who drops a gift or
// contradicts themself, and never one who does not.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Address, createWalletClient, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { LEDGER_ABI } from "../../server/chain/abi.ts";
import { connectChain } from "../../server/chain/client.ts";
import { type EmbeddedChain, startChain } from "../../server/embedded/chain.ts";
import { freshDataDir } from "../../server/embedded/data-dir.ts";
import { chainContext } from "../../server/jobs/chain-context.ts";
import { deployLedger } from "../../server/jobs/deploy.ts";
import { closeNow } from "../../server/jobs/seal.ts";
import { type Service, startService } from "../../server/main.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { readSettings, type Settings } from "../../server/settings.ts";
import { connect } from "../../server/store/database.ts";
import { openLedger } from "../../server/store/ledger.ts";
import { call } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { freshDatabase } from "../support/postgres.ts";
import { runScript } from "../support/run-script.ts";
import { silent } from "../support/service.ts";
import { openShop, purchaseOf, type Shop, wanted } from "../support/shop.ts";
import { Liar, type Lie } from "./liar.ts";

const SCRIPT = join(import.meta.dirname, "accuse.mjs");
const DAY_S = 86_400;
const PROMISE_S = 600;
const ANCHOR_ACCOUNT = 1;
const ACCUSER_ACCOUNT = 7;

describe("the independent accuser", function () {
  this.timeout(120_000);
  let folder: string;
  let chain: EmbeddedChain;
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let dataDir: string;
  let settings: Settings;
  let contract: Address;
  let ledger: string;
  let service: Service | undefined;
  let shop: Shop;
  let files = 0;

  async function accuse(action: string, ...held: object[]): Promise<{ code: number; out: string }> {
    const paths = await Promise.all(held.map(save));
    const key = chain.accounts[ACCUSER_ACCOUNT]!.privateKey;
    const args = [action, ...paths, "--rpc", chain.url, "--contract", contract, "--key", key];
    const { code, out, err } = await runScript(SCRIPT, args);
    return { code, out: `${out}${err}` };
  }

  async function save(file: object): Promise<string> {
    files += 1;
    const path = join(folder, `${files}.json`);
    await writeFile(path, JSON.stringify(file));
    return path;
  }

  /** Lets the chain's clock run ahead. */
  async function wait(seconds: number): Promise<void> {
    const { public: client } = connectChain(chain.url);
    const ask = client.request as unknown as (question: object) => Promise<unknown>;
    await ask({ method: "evm_increaseTime", params: [seconds] });
    await ask({ method: "evm_mine", params: [] });
  }

  const read = (functionName: string, args: readonly unknown[] = []) =>
    connectChain(chain.url).public.readContract({
      address: contract,
      abi: LEDGER_ABI,
      functionName,
      args,
    } as never) as Promise<unknown>;

  async function anchorAsThief(roots: readonly string[]): Promise<void> {
    const account = privateKeyToAccount(chain.accounts[ANCHOR_ACCOUNT]!.privateKey);
    const wallet = createWalletClient({ account, transport: http(chain.url) });
    const first = ((await read("lastBatch")) as bigint) + 1n;
    const request = { address: contract, abi: LEDGER_ABI, functionName: "anchorMany", args: [first, roots] };
    await wallet.writeContract({ ...request, chain: null } as never);
    await eventually("anchored", async () => (await read("lastBatch")) === first + BigInt(roots.length) - 1n);
  }

  const door = () => ({ url: service!.url, operatorKey: shopKey });
  let shopKey: string;

  async function buy(order: string): Promise<{ id: string; key: string }> {
    const body = purchaseOf(shop.merchant, order);
    const url = `${service!.url}/v1/purchases`;
    return (await wanted(201, call(url, { key: shop.merchantKey, body }))).receipts[0];
  }

  const fileOf = ({ id, key }: { id: string; key: string }) =>
    fetch(`${service!.url}/v1/receipts/${id}`, { headers: { Authorization: `Receipt ${key}` } }).then(
      (answer) => answer.json() as Promise<{ batch: string | null; status: { money: string | null } }>,
    );

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "amanah-accuse-"));
    [chain, database, dataDir] = await Promise.all([startChain(), freshDatabase(), freshDataDir()]);
    const keys = ["ADMIN_KEY", "ANCHOR_KEY", "PAYER_KEY", "REGISTRAR_KEY", "PROMISE_KEY"];
    settings = readSettings({
      ...Object.fromEntries(keys.map((name, i) => [name, chain.accounts[i]!.privateKey])),
      ...{ CHAIN_RPC_URL: chain.url, CONFIRMATIONS: "1", CHAIN_POLL_MS: "50", PROVE_EVERY_SECONDS: "0" },
      ...{ PORT: "0", DATA_DIR: dataDir, DATABASE_URL: database.url, TREE_WORKERS: "1" },
      ...{ SEAL_AFTER_SECONDS: "86400", PROMISE_WITHIN_SECONDS: `${PROMISE_S}` },
    });
    contract = await deploy();
    service = await startService(settings, silent);
    shopKey = (await readFile(join(dataDir, "operator.key"), "utf8")).trim();
    shop = await openShop(door());
  });

  after(async () => {
    await service?.stop();
    await chain.stop();
    await database.drop();
    await Promise.all([folder, dataDir].map((path) => rm(path, { recursive: true, force: true })));
  });

  async function deploy(): Promise<Address> {
    const sql = connect(database.url, 4);
    try {
      const { id } = await openLedger(sql);
      ledger = toHex(id);
      const context = chainContext({ sql, settings, ledger: id, rpcUrl: chain.url, log: silent });
      const options = { adminDelaySeconds: 0, move: false, onProgress: () => {} };
      return (await deployLedger(context, options, new AbortController().signal)).contract;
    } finally {
      await sql.end();
    }
  }

  it("imports nothing of ours", async () => {
    const imports = (await readFile(SCRIPT, "utf8")).match(/from "[^"]+"/g);
    expect(imports).to.have.length.at.least(4);
    expect(imports!.filter((each) => /from "[./]/.test(each))).to.deep.equal([]);
  });

  it("exits 2 when it is used wrongly", async () => {
    expect((await accuse("convict", {})).code).to.equal(2);
    expect((await accuse("faults")).code).to.equal(2);
  });

  describe("against an honest ledger", () => {
    let held: object[];

    before(async () => {
      const bought = [await buy("H-1"), await buy("H-2"), await buy("H-3")];
      await closeNow(service!.services.sql);
      await eventually("given on chain", async () => (await fileOf(bought[2]!)).status.money === "given");
      const later = await buy("H-4");
      await closeNow(service!.services.sql);
      await eventually("given on chain", async () => (await fileOf(later)).status.money === "given");
      held = await Promise.all([...bought, later].map(fileOf));
    });

    it("finds nothing in its files, and every accusation made of them all the same is refused", async () => {
      const found = await accuse("faults", ...held);
      expect(found.code).to.equal(1);
      expect(found.out).to.contain("contradict neither each other nor themselves");
      const tried = await accuse("attempts", ...held);
      expect(tried.out).to.match(/^0 of [1-9][0-9]+ attempts were accepted/m);
      expect(tried.code).to.equal(1);
    });

    it("cannot ask for a receipt whose deadline is not over", async () => {
      const { code, out } = await accuse("challenge", held[0]!);
      expect([code, out]).to.deep.equal([
        1,
        "challenge: refused, PromiseNotDue\nchallenge: none, to be answered by 0\n",
      ]);
    });

    it("is answered when it asks for one that was kept, and has no breach to record", async () => {
      await wait(PROMISE_S + 60);
      expect((await accuse("challenge", held[0]!)).code).to.equal(0);
      await eventually(
        "answered",
        async () => /answered/.test((await accuse("breach", held[0]!)).out),
        30_000,
      );
      await wait(8 * DAY_S);
      const { code, out } = await accuse("breach", held[0]!);
      expect(code).to.equal(1);
      expect(out).to.contain("NotChallenged").and.to.contain("challenge: answered");
    });
  });

  describe("with the service switched off", () => {
    let dropped: object;

    before(async () => {
      dropped = await fileOf(await buy("D-1"));
      await service!.stop();
      service = undefined;
      await wait(PROMISE_S + 60);
    });

    it("asks for a gift that was dropped, and records the breach a week later, when its bond comes back", async () => {
      const opened = await accuse("challenge", dropped);
      expect(opened.code, opened.out).to.equal(0);
      expect(opened.out).to.contain("challenge: open");
      const { public: client } = connectChain(chain.url);
      expect(await client.getBalance({ address: contract })).to.equal(await read("challengeBond"));
      expect((await accuse("breach", dropped)).out).to.contain("AnswerNotOverdue");
      await wait(7 * DAY_S + 60);
      const { code, out } = await accuse("breach", dropped);
      expect([code, out.includes("challenge: breached")]).to.deep.equal([0, true]);
      expect(await client.getBalance({ address: contract })).to.equal(0n);
      expect((await accuse("challenge", dropped)).out).to.contain("AlreadyChallenged");
    });

    const lies: Record<string, (liar: Liar, charity: string) => Lie> = {
      overlap: (liar, charity) => liar.twoStatements(charity, 60n),
      gap: (liar, charity) => liar.twoStatements(charity, 150n),
      skip: (liar, charity) => liar.skip(charity),
      "false sum": (liar, charity) => liar.falseSum(charity),
    };

    for (const [name, tell] of Object.entries(lies))
      it(`proves a planted ${name} from two receipt files`, async () => {
        const lastBatch = (await read("lastBatch")) as bigint;
        const { roots, files: pair } = tell(
          new Liar({ ledger, chainId: chain.chainId, contract }, lastBatch),
          `XX-LIE-${name.replace(" ", "-")}`,
        );
        await anchorAsThief(roots);
        const { code, out } = await accuse("faults", ...pair);
        expect(out).to.contain(`the line is at fault: ${name}`);
        expect(code).to.equal(0);
        const again = await accuse("faults", ...pair);
        expect([again.code, again.out.includes("LineAtFault")]).to.deep.equal([1, true]);
      });
  });
});
