// The command `import`, run as a shop's engineer runs it: as a process of its own, against a service with its chain. The
// real Olist sample is not part of the project; where OLIST_DIR names it, its figures are checked to the centavo.

import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { call } from "../support/client.ts";
import { type Outcome, runScript } from "../support/run-script.ts";
import { startTestService, type TestService } from "../support/service.ts";

const COMMAND = join(import.meta.dirname, "../../scripts/import.ts");
const INDEPENDENT = join(import.meta.dirname, "../independent/verify.mjs");
const OLIST_DIR = process.env.OLIST_DIR;

const ORDERS = "order_id,customer_id,order_status,order_delivered_customer_date";
const ITEMS = "order_id,order_item_id,seller_id,price,freight_value";
const CUSTOMERS = "customer_id,customer_unique_id";

/** Two sellers in the first order; 1 % of 1.50 is rounded up, and 1 % of 0.49 raised to the minimum. */
const SHOP = {
  "olist_orders_dataset.csv": [
    ORDERS,
    "o1,c1,delivered,2017-07-26 10:57:55",
    "o2,c2,delivered,2018-01-02 23:59:59",
    "o3,c2,delivered,",
    "o4,c1,canceled,",
    "o5,c1,delivered,2018-01-03 00:00:00",
  ],
  "olist_order_items_dataset.csv": [
    ITEMS,
    "o2,1,ana,0.49,0.0",
    "o1,2,bento,100,12.3",
    "o1,1,ana,1.2,0.30",
    "o1,3,bento,99.99,0.01",
    "o4,1,ana,5000.00,10.00",
    "o3,1,ana,70.00,1.00",
  ],
  "olist_customers_dataset.csv": [CUSTOMERS, "c1,buyer-1", "c2,buyer-2"],
};

type Files = Partial<Record<keyof typeof SHOP, readonly string[] | undefined>>;

describe("npm run import", function () {
  this.timeout(180_000);
  let root: string;
  let service: TestService;

  before(async () => {
    root = await mkdtemp(join(tmpdir(), "amanah-import-"));
    service = await startTestService({ chain: true, settings: { SEAL_AFTER_SECONDS: "1" } });
  });

  after(async () => {
    await service.stop();
    await rm(root, { recursive: true });
  });

  /** The made-up shop with some of its files changed, or left out where undefined. */
  async function shopWith(changes: Files = {}): Promise<string> {
    const folder = await mkdtemp(join(root, "shop-"));
    for (const [name, lines] of Object.entries({ ...SHOP, ...changes }))
      if (lines !== undefined) await writeFile(join(folder, name), `${lines.join("\n")}\n`);
    return folder;
  }

  const importShop = (folder: string, charity: string, ...more: string[]): Promise<Outcome> =>
    runScript(COMMAND, [
      ...["olist", folder, "--charity", charity, "--percent", "1", "--url", service.url],
      ...["--key-file", join(service.dataDir, "operator.key"), ...more],
    ]);

  const lineOf = async (charity: string) => (await call(`${service.url}/v1/lines/${charity}/BRL`)).body;

  /** Strangers' libraries verify every receipt file in the folder against the contract. */
  async function allHold(folder: string, receipts: number): Promise<void> {
    const [name = ""] = (await readdir(folder)).filter((each) => each.endsWith(".json"));
    const { ledger } = JSON.parse(await readFile(join(folder, name), "utf8"));
    const contract = ["--rpc", service.rpcUrl, "--contract", ledger.contract];
    const { code, out } = await runScript(INDEPENDENT, [folder, ...contract]);
    expect(out).to.contain(`${receipts} hold, 0 do not`);
    expect(code).to.equal(0);
  }

  describe("says what to do about", () => {
    const failing = async (folder: string, ...more: string[]) => {
      const { code, out, err } = await importShop(folder, "XX-IMPORT-1", ...more);
      expect([code, out]).to.deep.equal([1, ""]);
      return err;
    };

    it("a folder that is not there", async () => {
      expect(await failing(join(root, "none"))).to.contain("olist_orders_dataset.csv: this file is missing");
    });

    it("a file that is missing", async () => {
      const folder = await shopWith({ "olist_customers_dataset.csv": undefined });
      expect(await failing(folder)).to.contain("olist_customers_dataset.csv: this file is missing");
    });

    it("a column that is missing", async () => {
      const folder = await shopWith({ "olist_order_items_dataset.csv": [ITEMS.replace("price", "prize")] });
      expect(await failing(folder)).to.contain("wanted the column price in its first line");
    });

    it("an amount that is none, with its file and line", async () => {
      const items = [ITEMS, "o1,1,ana,1.20,0.30", "o1,2,ana,1e3,0.30"];
      const err = await failing(await shopWith({ "olist_order_items_dataset.csv": items }));
      expect(err).to.contain('items_dataset.csv, line 3: price: wanted an amount such as 99.90, came "1e3"');
    });

    it("a row with too few values", async () => {
      const err = await failing(await shopWith({ "olist_orders_dataset.csv": [ORDERS, "o1,c1"] }));
      expect(err).to.match(/olist_orders_dataset\.csv: .*line 2/);
    });

    it("an order that comes twice", async () => {
      const orders = [...SHOP["olist_orders_dataset.csv"], "o1,c1,delivered,2017-07-26 10:57:55"];
      const err = await failing(await shopWith({ "olist_orders_dataset.csv": orders }));
      expect(err).to.contain("wanted each order, customer and item once").and.to.contain("orders.id");
    });

    it("a format that it does not know", async () => {
      const { code, err } = await runScript(COMMAND, [
        "excel",
        root,
        "--charity",
        "XX-IMPORT-1",
        "--percent",
        "1",
      ]);
      expect([code, err]).to.deep.equal([1, "import: format: wanted one of: olist; came excel\n"]);
    });

    it("a percentage out of range", async () => {
      for (const percent of ["0.09", "100.01", "1e1", "-1", "0.125"]) {
        const { code, err } = await runScript(COMMAND, [
          "olist",
          root,
          "--charity",
          "XX-1",
          "--percent",
          percent,
        ]);
        expect(code).to.equal(1);
        expect(err).to.contain("Wanted 0.1 to 100, with at most two decimals.");
      }
    });

    it("a service that is not running", async () => {
      const err = await failing(await shopWith(), "--url", "http://127.0.0.1:9");
      expect(err).to.contain("no service answers at http://127.0.0.1:9").and.to.contain("npm start");
    });

    it("a key that is not there, or not in force", async () => {
      const file = join(root, "wrong.key");
      await writeFile(file, "amanah_wrong\n");
      expect(await failing(await shopWith(), "--key-file", join(root, "no.key"))).to.contain("--key-file");
      expect(await failing(await shopWith(), "--key-file", file))
        .to.contain("not known")
        .and.contain("--key-file");
    });

    it("a registration id that is none", async () => {
      const { code, err } = await importShop(await shopWith(), "somebody");
      expect([code, err]).to.deep.include(1);
      expect(err).to.contain("registration: wanted an org-id.guide registration id").and.contain("somebody");
    });

    it("a file that it cannot write", async () => {
      const err = await failing(await shopWith(), "--out", join(root, "none", "answers.ndjson"));
      expect(err).to.contain("cannot write what comes of it");
    });
  });

  describe("a folder in order", () => {
    it("records one purchase an order and seller, and tells what gave nothing", async () => {
      const { code, out } = await importShop(await shopWith(), "XX-IMPORT-2");
      expect(code).to.equal(0);
      expect(out.split("\n").map((line) => line.replace(/\s+/g, " ").trim())).to.deep.equal([
        "orders 2 of 5; the others gave nothing:",
        "1 without items",
        "1 delivered, without a date",
        "1 canceled",
        "purchases 3 all recorded now",
        "gifts 4",
        "sum 215 minor units: 2.15 BRL",
        "",
      ]);
    });

    it("reports prices to the centavo, times with their offset, and the buyer by the shop's pseudonym", async () => {
      const folder = await shopWith();
      await importShop(folder, "XX-IMPORT-2");
      const rows = await service.sql<
        { body: string }[]
      >`SELECT body FROM events WHERE body LIKE '%"olist-bento"%'`;
      expect(rows.map(({ body }) => JSON.parse(body))).to.deep.equal([
        {
          merchant: "olist-bento",
          order: "o1",
          completedAt: Date.parse("2017-07-26T13:57:55Z") / 1000,
          currency: "BRL",
          buyer: "buyer-1",
          items: [
            { item: "2", quantity: 1, price: "10000", shipping: "1230" },
            { item: "3", quantity: 1, price: "9999", shipping: "1" },
          ],
        },
      ]);
    });

    it("counts nothing twice when it is started again, and says so", async () => {
      const folder = await shopWith();
      await importShop(folder, "XX-IMPORT-2");
      const count = () => service.sql`SELECT count(*) FROM receipts`;
      const before = await count();
      const { code, out } = await importShop(folder, "XX-IMPORT-2");
      expect(code).to.equal(0);
      expect(out)
        .to.match(/purchases +3 +0 recorded now, 3 before/)
        .and.to.match(/sum +215 /);
      expect(await count()).to.deep.equal(before);
    });

    it("leaves no key behind that speaks for the charity", async () => {
      await importShop(await shopWith(), "XX-IMPORT-2");
      const keys = await service.sql`SELECT FROM api_keys WHERE role = 'charity' AND revoked_at IS NULL`;
      expect(keys).to.have.length(0);
    });

    it("records what is good, and tells what was refused, with exit code 1", async () => {
      const orders = SHOP["olist_orders_dataset.csv"];
      const folder = await shopWith({
        "olist_orders_dataset.csv": [...orders, "o6,c1,delivered,2999-01-01 00:00:00"],
        "olist_order_items_dataset.csv": [ITEMS, "o1,1,carla,1.20,0.30", "o6,1,carla,5.00,0.00"],
      });
      const { code, out } = await importShop(folder, "XX-IMPORT-3");
      expect(code).to.equal(1);
      expect(out)
        .to.match(/purchases +1 /)
        .and.to.match(/refused +1 +order o6 of olist-carla: completedAt/);
    });

    it("saves every receipt once it is anchored, for nobody else to read, and each verifies", async () => {
      const folder = join(root, "receipts");
      const { code } = await importShop(await shopWith(), "XX-IMPORT-2", "--receipts", folder);
      expect(code).to.equal(0);
      const names = (await readdir(folder)).filter((name) => name.endsWith(".json"));
      expect(names).to.have.length(4);
      await allHold(folder, 4);
      const modes = await Promise.all(
        [...names, "answers.ndjson"].map(async (name) => (await stat(join(folder, name))).mode & 0o777),
      );
      if (process.platform !== "win32") expect(new Set(modes)).to.deep.equal(new Set([0o600]));
    });
  });

  describe("the Olist sample, 1 % to one charity", () => {
    before(function () {
      // The sample is not ours to hand on: whoever has it says where.
      if (OLIST_DIR !== undefined) return;
      console.log("      left unchecked, since OLIST_DIR is not set: the figures of the Olist sample");
      this.skip();
    });

    it("gives 5,904 gifts and 840,460 centavos, on chain too, and every receipt holds for a stranger", async () => {
      const folder = join(root, "olist");
      const charity = "BR-CNPJ-00000000000191";
      const { code, out, err } = await importShop(OLIST_DIR as string, charity, "--receipts", folder);
      expect(code, err).to.equal(0);
      expect(out)
        .to.match(/orders +5,164 {2}of 8,135/)
        .and.to.match(/purchases +5,234 /);
      expect(out)
        .to.match(/gifts +5,904\n/)
        .and.to.match(/sum +840,460 {2}minor units: 8404\.60 BRL/);
      const [sellers] = await service.sql`SELECT count(*)::int FROM merchants WHERE length(id) = 38`;
      expect(sellers?.count).to.equal(1_234);
      expect((await lineOf(charity)).watermarks.given).to.equal("840460");
      await allHold(folder, 5_904);
    });
  });
});
