// The operator's keys, as typed: roles given and taken, and what is refused. The timelock has a file of its own.

import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { toFunctionSignature } from "viem";
import { TIMELOCK_ABI } from "../../scripts/keys/timelock-abi.ts";
import { secondsOf } from "../../scripts/keys/words.ts";
import { sharedKeys } from "../../server/chain/accounts.ts";
import { InputError } from "../../server/errors.ts";
import { readSettings } from "../../server/settings.ts";
import { KeysLedger, WHO } from "./keys-ledger.ts";

const TIMELOCK = new URL(
  "../../artifacts/@openzeppelin/contracts/governance/TimelockController.sol/TimelockController.json",
  import.meta.url,
);

describe("npm run keys", function () {
  this.timeout(60_000);
  let ledger: KeysLedger;
  let folder: string;
  let admin: Record<string, string>;

  before(async () => {
    ledger = await KeysLedger.make();
    folder = await mkdtemp(join(tmpdir(), "keys-"));
    admin = { ADMIN_KEY: ledger.key(WHO.admin) };
  });
  after(async () => {
    await ledger.close();
    await rm(folder, { recursive: true });
  });

  async function keyFile(who: number): Promise<string> {
    const file = join(folder, `${who}.key`);
    await writeFile(file, `${ledger.key(who)}\n`, { mode: 0o600 });
    return file;
  }

  describe("refuses", () => {
    const wrong: [string, string[], RegExp][] = [
      [
        "a role that there is not",
        ["grant", "treasurer", `0x${"1".repeat(40)}`],
        /wanted one of anchor, payer/,
      ],
      [
        "to grant the admin's role, which is handed over",
        ["grant", "admin", `0x${"1".repeat(40)}`],
        /hand-over/,
      ],
      ["an account that is none", ["grant", "anchor", "0x12"], /40 hexadecimal digits/],
      [
        "a role of a timelock where there is none",
        ["grant", "proposer", `0x${"1".repeat(40)}`],
        /wanted a timelock/,
      ],
      ["to retire who never promised", ["revoke", "promise", `0x${"1".repeat(40)}`], /it never did/],
      ["a function that is not the admin's", ["call", "anchor", "1"], /wanted one of setToken/],
      [
        "a function's wrong arguments",
        ["call", "setToken", "CNY"],
        /wanted the arguments unit, token, exponent/,
      ],
      ["to hand over to nobody", ["hand-over"], /wanted an account, or --cancel/],
      ["a timelock without a proposer", ["timelock", "--delay", "2d"], /--proposer/],
      [
        "a delay that is none",
        ["timelock", "--delay", "soon", "--proposer", `0x${"1".repeat(40)}`],
        /such as 2d/,
      ],
    ];
    for (const [what, args, says] of wrong)
      it(what, async () => {
        const { code, err } = await ledger.keys(admin, ...args);
        expect(err).to.match(says);
        expect(code).to.equal(2);
      });

    it("without the admin's key, and gives the call for a wallet that has it", async () => {
      const { code, err } = await ledger.keys({}, "grant", "anchor", ledger.address(WHO.other));
      expect(code).to.equal(2);
      expect(err).to.match(
        /alone may do this: name its key with --key-file, or have its wallet send this to 0x/,
      );
      expect(err).to.match(/gives the role anchor to 0x.*: 0x2f2ff15d/);
    });

    it("to let the anchor's key promise", async () => {
      const { code, err } = await ledger.keys(admin, "grant", "promise", ledger.address(WHO.anchor));
      expect(code).to.equal(2);
      expect(err).to.contain("wanted a key of its own, came the anchor's");
    });
  });

  describe("at work", () => {
    it("tells who holds what, whose key is at hand, and 0 when all is well", async () => {
      const { code, out } = await ledger.keys(
        { ...admin, ANCHOR_KEY: ledger.key(WHO.anchor), PROMISE_KEY: ledger.key(WHO.promise) },
        "status",
      );
      expect(code).to.equal(0);
      for (const name of ["admin", "anchor", "payer", "registrar", "promise"] as const)
        expect(out).to.match(new RegExp(`^${name} +${ledger.address(WHO[name])} since \\d{4}-`, "m"));
      expect(out).to.match(/^anchor .*, ANCHOR_KEY, holds 10000 of the chain's coin$/m);
      expect(out).to.match(/^pauser .*ADMIN_KEY/m);
    });

    it("explains itself, and each of its commands", async () => {
      for (const args of [["--help"], ["timelock", "--help"], ["cancel", "--help"]]) {
        const { code, out } = await ledger.keys({}, ...args);
        expect(code).to.equal(0);
        expect(out).to.contain("Usage: npm run keys --");
      }
    });

    it("needs no settings on the demonstration chain", async () => {
      const { port } = new URL(ledger.chain.url);
      const { code, out } = await ledger.keys(
        { CHAIN_RPC_URL: "", CONTRACT_ADDRESS: "", CHAIN_PORT: port },
        "status",
      );
      expect(code).to.equal(0);
      expect(out).to.contain(`contract ${ledger.contract} on chain 31337`);
    });

    it("takes the operator's keys also where the endpoint is named on the command line", async () => {
      const elsewhere = { ...admin, CHAIN_RPC_URL: "", CONTRACT_ADDRESS: "" };
      const where = ["--rpc", ledger.chain.url, "--contract", ledger.contract];
      const { out } = await ledger.keys(elsewhere, ...where, "status");
      expect(out).to.match(/^admin .*, ADMIN_KEY, holds/m);
      expect(out).not.to.contain("ANCHOR_KEY");
    });

    it("tells a key that has not its role, and two settings with one key, and ends with 1", async () => {
      const strays = { ANCHOR_KEY: ledger.key(WHO.other), PAYER_KEY: ledger.key(WHO.other) };
      const { code, out } = await ledger.keys(strays, "status");
      expect(code).to.equal(1);
      expect(out).to.contain(
        `ANCHOR_KEY is the key of ${ledger.address(WHO.other)}, which has not the role anchor`,
      );
      expect(out).to.contain("ANCHOR_KEY and PAYER_KEY are one key");
    });

    it("says what it would send, and sends nothing, when asked for that alone", async () => {
      const before = await ledger.nonce(WHO.admin);
      const { code, out } = await ledger.keys(
        admin,
        "--dry-run",
        "grant",
        "anchor",
        ledger.address(WHO.other),
      );
      expect(code).to.equal(0);
      expect(out).to.match(/gives the role anchor to 0x.*\nwould send 0x2f2ff15d/);
      expect(await ledger.nonce(WHO.admin)).to.equal(before);
    });

    it("changes a key without a gap: gives the new one the role, says what to set, then takes the old one's", async () => {
      const given = await ledger.keys(admin, "grant", "anchor", ledger.address(WHO.other));
      expect(given.code, given.err).to.equal(0);
      expect(given.out).to.contain("set ANCHOR_KEY");
      expect(await ledger.hasRole("ANCHOR", WHO.anchor)).to.equal(true);
      const taken = await ledger.keys(admin, "revoke", "anchor", ledger.address(WHO.anchor));
      expect([taken.code, taken.err]).to.deep.equal([0, ""]);
      expect(await ledger.hasRole("ANCHOR", WHO.anchor)).to.equal(false);
      expect(await ledger.hasRole("ANCHOR", WHO.other)).to.equal(true);
    });

    it("does nothing a second time", async () => {
      const before = await ledger.nonce(WHO.admin);
      const { code, out } = await ledger.keys(admin, "revoke", "anchor", ledger.address(WHO.anchor));
      expect(code).to.equal(0);
      expect(out).to.contain("nothing to do");
      expect(await ledger.nonce(WHO.admin)).to.equal(before);
    });

    it("takes a role by the stolen key itself, and says that nobody else has it", async () => {
      const file = await keyFile(WHO.registrar);
      const { code, err } = await ledger.keys(
        {},
        "revoke",
        "registrar",
        ledger.address(WHO.registrar),
        "--key-file",
        file,
      );
      expect(code).to.equal(0);
      expect(err).to.contain("nobody else has the role registrar; from then on no charity is registered");
      expect(await ledger.hasRole("REGISTRAR", WHO.registrar)).to.equal(false);
    });

    it("retires a stolen promise key at once, by the key itself", async () => {
      const file = await keyFile(WHO.promise);
      const { code } = await ledger.keys(
        {},
        "--key-file",
        file,
        "revoke",
        "promise",
        ledger.address(WHO.promise),
      );
      expect(code).to.equal(0);
      const { out } = await ledger.keys({}, "status");
      expect(out).to.match(/^promise .*; retired: its word counts for deadlines before \d{4}-/m);
    });

    it("hands the admin's role from key to key in two steps, and breaks that off", async () => {
      const begin = () => ledger.keys(admin, "hand-over", ledger.address(WHO.other));
      expect((await begin()).code).to.equal(0);
      expect((await ledger.keys(admin, "hand-over", "--cancel")).code).to.equal(0);
      expect((await ledger.keys(admin, "accept")).out).to.contain("nothing to take over");
      await begin();
      const other = ["--key-file", await keyFile(WHO.other)];
      expect((await ledger.keys({}, "accept", ...other)).code).to.equal(3);
      await ledger.pass(3 * 86_400 + 1);
      expect((await ledger.keys({}, "accept", ...other)).code).to.equal(0);
      expect(await ledger.read("defaultAdmin")).to.equal(ledger.address(WHO.other));
    });
  });
});

describe("the keys' settings", () => {
  const key = (digit: string) => `0x${digit.repeat(64)}`;

  const ACCOUNTS = ["ADMIN_KEY", "ANCHOR_KEY", "PAYER_KEY", "REGISTRAR_KEY", "PROMISE_KEY"];
  const CURVE_ORDER = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

  for (const setting of [...ACCOUNTS, "CERTIFICATE_KEY"])
    it(`refuse ${setting} when it is no 32 bytes, by its name and without showing it`, () => {
      for (const none of [key("1").slice(2), `${key("1")}11`, key("g")])
        expect(() => readSettings({ [setting]: none }))
          .to.throw(InputError, `${setting}: wanted 0x and 64 hexadecimal digits`)
          .with.property("message")
          .that.does.not.contain("1111")
          .and.does.not.contain("gggg");
    });

  for (const setting of ACCOUNTS)
    it(`refuse ${setting} when it is zero, or not below the order of the curve, without showing it`, () => {
      for (const none of ["0".repeat(64), "f".repeat(64), CURVE_ORDER])
        expect(() => readSettings({ [setting]: `0x${none}` }))
          .to.throw(InputError, `${setting}: wanted a private key of the curve secp256k1`)
          .with.property("message")
          .that.does.not.contain(none);
      const greatest = `0x${CURVE_ORDER.slice(0, -1)}0`;
      expect(readSettings({ [setting]: greatest })).to.have.property(setting, greatest);
    });

  it("take any 32 bytes as the seed of certificates", () => {
    for (const digit of ["0", "f"])
      expect(readSettings({ CERTIFICATE_KEY: key(digit) }).CERTIFICATE_KEY).to.equal(key(digit));
  });

  for (const other of ["ADMIN_KEY", "ANCHOR_KEY", "PAYER_KEY", "REGISTRAR_KEY", "CERTIFICATE_KEY"])
    it(`refuse a promise key that is ${other} too, whatever its case of letters`, () => {
      const read = () => readSettings({ PROMISE_KEY: key("A"), [other]: key("a") });
      expect(read).to.throw(InputError, `PROMISE_KEY: wanted a key of its own, came that of ${other}`);
    });

  it("name every two that are one key, also where one of them signs certificates", () => {
    const where = { CHAIN_RPC_URL: "http://127.0.0.1:1" };
    const one = { ADMIN_KEY: key("A"), PAYER_KEY: key("a"), CERTIFICATE_KEY: key("a") };
    const says = (two: string) => `${two} are one key: who steals it has the powers of both`;
    expect(sharedKeys(readSettings({ ...where, ...one }))).to.deep.equal([
      says("ADMIN_KEY and PAYER_KEY"),
      says("ADMIN_KEY and CERTIFICATE_KEY"),
      says("PAYER_KEY and CERTIFICATE_KEY"),
    ]);
    const apart = { ...one, PAYER_KEY: key("1"), CERTIFICATE_KEY: key("2") };
    expect(sharedKeys(readSettings({ ...where, ...apart }))).to.deep.equal([]);
  });

  it("say nothing of keys that the demonstration chain does not use", () => {
    expect(sharedKeys(readSettings({ ADMIN_KEY: key("1"), PAYER_KEY: key("1") }))).to.deep.equal([]);
  });

  it("tell times as people write them", () => {
    expect(["90s", "30m", "48h", "2d", "2", "0d", "d", "1w"].map(secondsOf)).to.deep.equal([
      ...[90, 1_800, 172_800, 172_800, undefined, undefined, undefined, undefined],
    ]);
  });
});

describe("the timelock's interface", () => {
  it("is, as far as it is used, what the compiler says", () => {
    const { abi } = JSON.parse(readFileSync(TIMELOCK, "utf8"));
    const told = (items: readonly { type: string }[]) =>
      items.filter(({ type }) => type === "function").map((item) => toFunctionSignature(item as never));
    expect(told(abi)).to.include.members(told(TIMELOCK_ABI));
  });
});
