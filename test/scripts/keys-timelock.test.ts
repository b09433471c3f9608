// The set-up for production, driven from beginning to end on a real chain whose clock is moved: a timelock is deployed, takes
// the admin's role over, and governs. The tests follow each other.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Address, getAddress } from "viem";
import { Hands } from "../chain/hands.ts";
import { unitHex } from "../chain/world.ts";
import { KeysLedger, type Said, WHO } from "./keys-ledger.ts";

const DAY = 86_400;
const WAITS = 3;

describe("npm run keys with a timelock", function () {
  this.timeout(90_000);
  let ledger: KeysLedger;
  let folder: string;
  let admin: Record<string, string>;
  let proposer: string[];
  let timelock: Address;

  before(async () => {
    ledger = await KeysLedger.make();
    folder = await mkdtemp(join(tmpdir(), "keys-timelock-"));
    await writeFile(join(folder, "proposer"), ledger.key(WHO.proposer), { mode: 0o600 });
    admin = { ADMIN_KEY: ledger.key(WHO.admin) };
    proposer = ["--key-file", join(folder, "proposer")];
  });
  after(async () => {
    await ledger.close();
    await rm(folder, { recursive: true });
  });

  const found = (delay: string, ...more: string[]) =>
    ledger.keys(admin, "timelock", "--delay", delay, "--proposer", ledger.address(WHO.proposer), ...more);
  const byProposer = (...args: string[]) => ledger.keys({}, ...proposer, ...args);
  const operationIn = ({ out }: Said) => /operation (0x[0-9a-f]{64})/.exec(out)?.[1] as string;

  async function expectWaiting(said: Promise<Said>, words: RegExp): Promise<Said> {
    const { code, out, err } = await said;
    expect(code, err).to.equal(WAITS);
    expect(out).to.match(words);
    return { code, out, err };
  }

  async function expectDone(said: Promise<Said>): Promise<void> {
    const { code, err } = await said;
    expect(code, err).to.equal(0);
  }

  async function expectRefused(request: Promise<void>): Promise<void> {
    const outcome = await request.then(() => "taken").catch(() => "refused");
    expect(outcome).to.equal("refused");
  }

  it("is deployed, looked at, and named as the next admin; what the old one keeps is said", async () => {
    await expectDone(ledger.keys(admin, "grant", "pauser", ledger.address(WHO.other)));
    const { out, err } = await expectWaiting(found("2d"), /can take the admin's role over after/);
    timelock = getAddress(/will be at (0x[0-9a-fA-F]{40})/.exec(out)?.[1] as string);
    expect(err).to.contain("keeps the role pauser");
    expect(await ledger.read("pendingDefaultAdmin")).to.have.property("0", timelock);
  });

  it("is not deployed a second time", async () => {
    const before = await ledger.nonce(WHO.admin);
    await expectWaiting(found("2d"), /can take the admin's role over/);
    expect(await ledger.nonce(WHO.admin)).to.equal(before);
  });

  it("is refused when it is not the one that was wanted", async () => {
    const { code, err } = await found("3d", "--use", timelock);
    expect([code, err]).to.deep.equal([1, "the timelock's delay in seconds: wanted 259200, came 172800\n"]);
  });

  it("takes the admin's role when both waits are over, and not before", async () => {
    await expectWaiting(byProposer("accept"), /scheduled; run the same again in 2 days/);
    await expectWaiting(byProposer("accept"), /scheduled; it is ready at/);
    await ledger.pass(2 * DAY + 60);
    await expectWaiting(byProposer("accept"), /it waits until/);
    await ledger.pass(DAY);
    await expectDone(byProposer("accept"));
    expect(await ledger.read("defaultAdmin")).to.equal(timelock);
  });

  it("leaves the old admin nothing that it can do", async () => {
    await expectDone(ledger.keys(admin, "revoke", "pauser", ledger.address(WHO.admin)));
    const { code, err } = await ledger.keys(admin, "grant", "anchor", ledger.address(WHO.admin));
    expect(code).to.equal(2);
    expect(err).to.contain("no key at hand is of the timelock's proposers");
    const [anyone, hash] = [ledger.address(WHO.admin), unitHex("CNY")];
    await expectRefused(ledger.call(WHO.admin, "grantRole", hash, anyone));
    await expectRefused(ledger.call(WHO.admin, "admitPromiser", anyone));
    await expectRefused(ledger.call(WHO.admin, "nameSuccessor", 1n, anyone, 0n));
    await expectRefused(ledger.call(WHO.admin, "pause"));
  });

  it("gives a role two days after everybody could see it", async () => {
    const grant = () => byProposer("grant", "anchor", ledger.address(WHO.other));
    await expectWaiting(grant(), /gives the role anchor to 0x.*\n?/);
    expect(await ledger.hasRole("ANCHOR", WHO.other)).to.equal(false);
    const { out } = await ledger.keys({}, "status");
    expect(out).to.match(/^timelock .* waits 2 days$/m);
    expect(out).to.match(
      new RegExp(`^scheduled +gives the role anchor to ${ledger.address(WHO.other)}; ready at`, "m"),
    );
    await ledger.pass(2 * DAY + 1);
    await expectDone(grant());
    expect(await ledger.hasRole("ANCHOR", WHO.other)).to.equal(true);
  });

  it("loses a stolen role at once by the key itself, and gives it again under another operation", async () => {
    const first = operationIn(await byProposer("--dry-run", "grant", "payer", ledger.address(WHO.other)));
    const other = { ANCHOR_KEY: ledger.key(WHO.other) };
    await expectDone(ledger.keys(other, "revoke", "anchor", ledger.address(WHO.other)));
    expect(await ledger.hasRole("ANCHOR", WHO.other)).to.equal(false);
    const again = await byProposer("--dry-run", "grant", "anchor", ledger.address(WHO.other));
    expect(again.out).to.contain("would send 0x01d5062a");
    expect(operationIn(again)).not.to.equal(first);
  });

  it("does not do what was cancelled", async () => {
    const grant = () => byProposer("grant", "payer", ledger.address(WHO.thief));
    const id = operationIn(await expectWaiting(grant(), /payer/));
    await expectDone(byProposer("cancel", id));
    await ledger.pass(2 * DAY + 1);
    expect((await ledger.keys({}, "status")).out).not.to.match(/^scheduled/m);
    expect((await byProposer("cancel", id)).out).to.contain("nothing to do");
    expect(await ledger.hasRole("PAYER", WHO.thief)).to.equal(false);
  });

  it("names a currency's token", async () => {
    const token = await new Hands(ledger.chain.url).deployToken("TestToken", [2]);
    const name = () => byProposer("call", "setToken", "CNY", token, "2");
    await expectWaiting(name(), /names 0x.* as the token of CNY/);
    await ledger.pass(2 * DAY + 1);
    await expectDone(name());
    expect(await ledger.read("tokenOf", unitHex("CNY"))).to.deep.equal([getAddress(token), 0]);
  });

  it("takes another proposer, as all its own roles, by an operation of its own", async () => {
    const grant = () => byProposer("grant", "proposer", ledger.address(WHO.other));
    await expectWaiting(grant(), /gives the role proposer/);
    await ledger.pass(2 * DAY + 1);
    await expectDone(grant());
    expect((await ledger.keys({}, "status")).out).to.match(
      new RegExp(`^proposer +${ledger.address(WHO.other)}`, "m"),
    );
  });

  it("leaves stopping payouts to an account that acts at once", async () => {
    await ledger.call(WHO.other, "pause");
    expect(await ledger.read("paused")).to.equal(true);
  });
});
