// The commands `acknowledge` and `disburse`, run as a charity runs them: as processes of their own, with key files, against a
// service and its chain; and against services that would have something else signed.

import { createHash } from "node:crypto";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { deploymentOf } from "../../server/store/deployment.ts";
import { type Charity, give, openCharity, pay } from "../support/charity.ts";
import { type Answer, call } from "../support/client.ts";
import { type Outcome, runScript } from "../support/run-script.ts";
import { startTestService, type TestService } from "../support/service.ts";

const scriptOf = (name: string) => join(import.meta.dirname, `../../scripts/${name}.ts`);

describe("the charity's commands", function () {
  this.timeout(60_000);
  let folder: string;
  let service: TestService;
  let charity: Charity;
  let contract: string;
  const key = generatePrivateKey();

  const run = (name: string, args: readonly string[]): Promise<Outcome> =>
    runScript(scriptOf(name), args, { env: { ...process.env, INIT_CWD: folder } });
  const usual = () => [
    "--service",
    service.url,
    "--charity",
    charity.registration,
    "--key-file",
    "signer.key",
  ];
  const acknowledge = (...args: string[]) => run("acknowledge", [...usual(), ...args]);
  const disburse = (...args: string[]) => run("disburse", [...usual(), ...args]);
  const compared = () => ["--rpc", service.rpcUrl, "--contract", contract];

  const save = async (name: string, content: string | object, mode = 0o600) => {
    const path = join(folder, name);
    await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
    await chmod(path, mode);
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "amanah-charity-"));
    service = await startTestService({ chain: true });
    const signerAddress = privateKeyToAccount(key).address;
    charity = await openCharity(service, { signerAddress, registration: "GB-CHC-CLI/lunches" });
    await save("signer.key", `${key}\n`);
    await save("stranger.key", generatePrivateKey());
    await save("api.key", charity.key);
    await give(service, charity, [100, 50]);
    await give(service, charity, [30]);
    contract = `0x${(await deploymentOf(service.sql))!.contract.toString("hex")}`;
  });
  after(async () => {
    await service.stop();
    await rm(folder, { recursive: true });
  });

  it("say how they are used, with a sample report", async () => {
    const [first, second] = await Promise.all([run("acknowledge", ["--help"]), run("disburse", ["--help"])]);
    expect([first.code, second.code]).to.deep.equal([0, 0]);
    expect(first.out).to.contain("--key-file").and.to.contain("Exit code");
    expect(second.out).to.contain("hot lunches").and.to.contain("--template");
  });

  it("exit 2 and say what they want when they cannot begin", async () => {
    await save("bad.key", "hello");
    const cases: [Promise<Outcome>, RegExp][] = [
      [run("acknowledge", []), /required option '--charity/],
      [run("acknowledge", ["--charity", "X"]), /--key-file: wanted a file/],
      [acknowledge("--key-file", "none.key"), /none\.key cannot be read/],
      [acknowledge("--key-file", "bad.key"), /wanted 0x and 64 hexadecimal digits/],
      [acknowledge("--service", "somewhere"), /--service: wanted an address/],
      [acknowledge("--service", "http://127.0.0.1:9"), /no service answers at http:\/\/127\.0\.0\.1:9/],
      [acknowledge("--rpc", service.rpcUrl), /wanted both or neither/],
      [disburse(), /--template prints one/],
      [disburse("none.json"), /none\.json: cannot be read/],
    ];
    for (const [outcome, says] of cases) {
      const { code, out, err } = await outcome;
      expect(err).to.match(says);
      expect([code, out]).to.deep.equal([2, ""]);
      expect(err).not.to.match(/^\s+at /m);
    }
  });

  it("exit 1 when the key is not the signer's: it cannot sign in, and its signature is not taken", async () => {
    const stranger = await acknowledge("--key-file", "stranger.key");
    expect([stranger.code, stranger.err]).to.deep.equal([1, stranger.err]);
    expect(stranger.err).to.contain("signs for no charity");
  });

  it("have nothing to do before something was paid", async () => {
    const { code, out } = await acknowledge("--yes");
    expect(code).to.equal(0);
    expect(out).to.match(/^nothing to sign: nothing was paid to GB-CHC-CLI\/lunches/);
  });

  describe("acknowledge", () => {
    before(async () => {
      await pay(service, charity, 0n, 150n);
      await pay(service, charity, 150n, 180n);
    });

    it("signs nothing where nobody can be asked, unless told to", async () => {
      const { code, out, err } = await acknowledge();
      expect(code).to.equal(2);
      expect(out).to.contain("You are about to sign:").and.to.contain("has received 1.80 CNY");
      expect(err).to.contain("pass --yes");
    });

    it("signs nothing that the contract contradicts, or with another key than the contract knows", async () => {
      const elsewhere = await acknowledge(
        "--yes",
        "--rpc",
        service.rpcUrl,
        "--contract",
        `0x${"01".repeat(20)}`,
      );
      expect([elsewhere.code, elsewhere.err.includes("no usable answer from the contract")]).to.deep.equal([
        2,
        true,
      ]);
      const args = ["--key-file", "stranger.key", "--api-key-file", "api.key", "--yes"];
      const stranger = await acknowledge(...args, ...compared());
      expect(stranger.code).to.equal(1);
      expect(stranger.err).to.contain("the contract says otherwise: signer");
      const refused = await acknowledge(...args);
      expect(refused.code).to.equal(1);
      expect(refused.err).to.contain("the contract does not take it either");
    });

    it("shows, compares with the contract, signs, waits and tells", async () => {
      const { code, out, err } = await acknowledge("--yes", "--up-to", "150", ...compared());
      expect([code, err]).to.deep.equal([0, ""]);
      expect(out).to.contain("by bank: 1.50 CNY for [0, 150)").and.to.contain("✓ the contract says the same");
      expect(out).to.match(/the contract has taken it, transaction 0x[0-9a-f]{64}/);
      expect(out).to.contain("signed for up to position 150");
    });

    it("goes on where it was, by API key as well, and warns of a key that others can read", async () => {
      await save("open.key", key, 0o644);
      const { code, out, err } = await acknowledge(
        "--yes",
        "--unit",
        "CNY",
        "--key-file",
        "open.key",
        "--api-key-file",
        "api.key",
      );
      expect([code, out.includes("signed for up to position 180")]).to.deep.equal([0, true]);
      expect(err).to.contain("chmod 600 open.key").and.to.contain("not compared with the contract");
      expect((await acknowledge("--yes")).out).to.match(/^nothing to sign/);
    });

    it("leaves no session behind", async () => {
      const [row] = await service.sql`SELECT count(*) FROM sessions`;
      expect(row?.count).to.equal(0n);
    });
  });

  describe("disburse", () => {
    it("prints a report to fill in, for what is signed for and not reported", async () => {
      const { code, out } = await run("disburse", [...usual().slice(0, 4), "--template"]);
      expect(code).to.equal(0);
      expect(JSON.parse(out)).to.deep.include({ unit: "CNY", from: "0", upTo: "180" });
      await save("report.json", out);
    });

    it("exits 2 and names what is wrong in a report, or a file of evidence that is not there", async () => {
      const missing = await disburse("report.json", "--yes");
      expect([missing.code, missing.err.includes("evidence bills-may.pdf: cannot be read")]).to.deep.equal([
        2,
        true,
      ]);
      await save("wrong.json", { unit: "CNY", from: "0", upTo: "180", parts: [{ from: 0 }] });
      const wrong = await disburse("wrong.json");
      expect(wrong.code).to.equal(2);
      expect(wrong.err).to.contain("parts.0.from").and.to.contain("parts.0.project");
      await save("text.json", "hello");
      expect((await disburse("text.json")).err).to.contain("text.json: wanted JSON");
    });

    it("exits 1 with the service's reason when the intervals do not add up", async () => {
      const { out } = await run("disburse", [...usual().slice(0, 4), "--template"]);
      const report = JSON.parse(out);
      report.parts[0].evidence = [];
      report.parts[0].upTo = "170";
      await save("gap.json", report);
      const { code, err } = await disburse("gap.json", "--yes");
      expect(code).to.equal(1);
      expect(err).to.contain("parts.0.upTo: wanted 180");
    });

    it("hashes the evidence, shows, compares, signs, waits and tells; the same again changes nothing", async () => {
      await save("bills-may.pdf", "a bill");
      const { code, out, err } = await disburse("report.json", "--yes", ...compared());
      expect([code, err]).to.deep.equal([0, ""]);
      const sha256 = createHash("sha256").update("a bill").digest("hex");
      expect(out)
        .to.contain(`bills-may.pdf, 6 bytes, sha256 ${sha256}`)
        .and.to.contain("56000 meals (hot lunches)");
      expect(out).to.contain("the contract has taken it").and.to.contain("signed for up to position 180");
      const [link = ""] = /http\S+\/v1\/documents\/0x[0-9a-f]{64}/.exec(out) ?? [];
      const { evidence } = (await call(link)).body.parts[0];
      expect(evidence).to.deep.equal([
        { name: "bills-may.pdf", sha256, bytes: 6, mediaType: "application/pdf" },
      ]);
      const again = await disburse("report.json", "--yes");
      expect([again.code, again.out.includes("the contract had it already")]).to.deep.equal([0, true]);
      const none = await run("disburse", [...usual().slice(0, 4), "--template"]);
      expect([none.code, none.err.includes("is reported, up to 180")]).to.deep.equal([1, true]);
    });
  });

  describe("against a service that would have something else signed", () => {
    let liar: Server | undefined;
    afterEach(() => liar?.close());

    /** Hands everything on to the service, and changes one of its answers. */
    async function lie(path: RegExp, change: (body: Answer["body"]) => void): Promise<string> {
      const server = createServer(async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk);
        const headers = {
          "Content-Type": "application/json",
          Authorization: `${request.headers.authorization}`,
        };
        const sent = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
        const answer = await fetch(service.url + request.url, { method: request.method!, headers, ...sent });
        const body = (await answer.json()) as Answer["body"];
        if (path.test(request.url ?? "")) change(body);
        response.writeHead(answer.status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
      });
      liar = server;
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    }

    const byKey = ["--api-key-file", "api.key", "--yes"];

    it("they do not sign in for it elsewhere", async () => {
      const url = await lie(/nothing/, () => {});
      const { code, err } = await acknowledge("--service", url, "--yes");
      expect([code, err.includes("domain: wanted")]).to.deep.equal([1, true]);
    });

    it("they sign neither for another charity, nor other types, nor more than is said", async () => {
      await give(service, charity, [20]);
      await pay(service, charity, 180n, 200n);
      const lies: ((typedData: Answer["body"]) => void)[] = [
        ({ message }) => (message.charity = `0x${"12".repeat(32)}`),
        ({ message }) => (message.more = "1"),
        (typed) => (typed.primaryType = "Disbursement"),
        ({ types }) => types.Acknowledgement.pop(),
        ({ domain }) => (domain.chainId = 1),
      ];
      for (const change of lies) {
        const url = await lie(/acknowledgement/, ({ typedData }) => change(typedData));
        const { code, err } = await acknowledge("--service", url, ...byKey);
        liar?.close();
        expect([code, err.includes("is not to be signed")], `${change}`).to.deep.equal([1, true]);
      }
    });

    it("they find out by the contract what is not true", async () => {
      const url = await lie(/acknowledgement/, ({ typedData }) => {
        typedData.message.received = "21";
      });
      const { code, err } = await acknowledge("--service", url, ...byKey, ...compared());
      expect(code).to.equal(1);
      expect(err).to.contain("the contract says otherwise: received: wanted 20");
    });

    it("they sign no other report than the one that was sent", async () => {
      expect((await acknowledge("--yes")).code).to.equal(0);
      const { out } = await run("disburse", [...usual().slice(0, 4), "--template"]);
      await save("next.json", out);
      const url = await lie(/disbursements/, ({ document }) => {
        document.parts[0].bought[0].count = "1";
      });
      const { code, err } = await disburse("next.json", "--service", url, ...byKey);
      expect([code, err.includes("is not the report that was sent")]).to.deep.equal([1, true]);
    });
  });
});
