// Promises: whose signature counts as one and for how long, and who may ask where the receipt is. What becomes of the
// challenge is in answers.test.ts.
import { expect } from "chai";
import { Signature, ZeroAddress } from "ethers";
import {
  ANSWER_PERIOD_S,
  as,
  BOND_WEI,
  type Deployed,
  ethers,
  type LedgerContract,
  networkHelpers,
  now,
  PROMISE_PERIOD_S,
} from "../support/contracts/chain.ts";
import { opened, rebuilding } from "../support/contracts/charity.ts";
import {
  challenge,
  challengeArgs,
  type Promised,
  promise,
  promiseAll,
  receiptOf,
} from "../support/contracts/promiser.ts";
import { REVERSAL, random32, unitOf } from "../support/contracts/reference.ts";

const IN_FORCE = 2n ** 48n - 1n;
const STATE = { none: 0n, open: 1n };
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe("promises", () => {
  let deployed: Deployed;
  let contract: LedgerContract;
  let admin: LedgerContract;

  async function use(fixture: () => Promise<Deployed>) {
    deployed = await networkHelpers.loadFixture(fixture);
    contract = as(deployed.contract, deployed.stranger);
    admin = as(deployed.contract, deployed.admin);
  }

  beforeEach(() => use(opened));

  const refused = (sent: Promise<unknown>, reason: string) =>
    expect(sent).to.be.revertedWithCustomError(contract, reason);

  describe("admitPromiser", () => {
    it("refuses anyone but the admin, the promiser too", async () => {
      for (const account of [deployed.stranger, deployed.promiser, deployed.anchorer]) {
        await refused(
          as(contract, account).admitPromiser(deployed.other.address),
          "AccessControlUnauthorizedAccount",
        );
      }
    });

    it("lets an account promise, beside those that may already", async () => {
      await expect(admin.admitPromiser(deployed.other.address))
        .to.emit(contract, "PromiserSet")
        .withArgs(deployed.other.address, IN_FORCE);
      for (const by of [deployed.other, deployed.promiser]) {
        expect(await contract.promiserUntil(by.address)).to.equal(IN_FORCE);
        await expect(challenge(deployed, await promise(deployed, 50n, { by }))).to.emit(
          contract,
          "Challenged",
        );
      }
    });

    it("takes a retired key back", async () => {
      await admin.retirePromiser(deployed.promiser.address);
      await admin.admitPromiser(deployed.promiser.address);
      expect(await contract.promiserUntil(deployed.promiser.address)).to.equal(IN_FORCE);
    });
  });

  describe("retirePromiser", () => {
    const retire = (by = deployed.admin) => as(contract, by).retirePromiser(deployed.promiser.address);

    it("refuses a stranger, and another promiser", async () => {
      await admin.admitPromiser(deployed.other.address);
      for (const by of [deployed.stranger, deployed.other, deployed.anchorer])
        await refused(retire(by), "AccessControlUnauthorizedAccount");
    });

    it("refuses a key that was never admitted, or is retired, so that its time never moves", async () => {
      await refused(admin.retirePromiser(deployed.other.address), "NotPromiser");
      await refused(as(contract, deployed.stranger).retirePromiser(deployed.stranger.address), "NotPromiser");
      await retire();
      const until = await contract.promiserUntil(deployed.promiser.address);
      for (const by of [deployed.admin, deployed.promiser]) await refused(retire(by), "NotPromiser");
      expect(await contract.promiserUntil(deployed.promiser.address)).to.equal(until);
    });

    it("ends a key's promises for deadlines from seven days on, by the admin or the key itself", async () => {
      for (const by of ["admin", "promiser"] as const) {
        await use(opened);
        const at = (await now()) + 100n;
        await networkHelpers.time.setNextBlockTimestamp(at);
        const until = at + PROMISE_PERIOD_S;
        await expect(retire(deployed[by]))
          .to.emit(contract, "PromiserSet")
          .withArgs(deployed.promiser.address, until);
        const [counts, tooLate] = [
          await promise(deployed, 50n, { deadline: until - 1n }),
          await promise(deployed, 50n, { deadline: until }),
        ];
        await networkHelpers.time.increaseTo(until + 1n);
        await expect(challenge(deployed, counts)).to.emit(contract, "Challenged");
        await refused(challenge(deployed, tooLate), "NotPromiser");
      }
    });

    it("leaves what was promised before to be challenged for ever", async () => {
      const held = await promise(deployed, 50n);
      await retire(deployed.promiser);
      await networkHelpers.time.increase(1_000n * ANSWER_PERIOD_S);
      await expect(challenge(deployed, held)).to.emit(contract, "Challenged");
    });
  });

  describe("carryPromiser", () => {
    const carry = (until: bigint, by = deployed.admin) =>
      as(contract, by).carryPromiser(deployed.other.address, until);

    it("refuses anyone but the admin, the promiser too", async () => {
      await use(rebuilding);
      for (const by of [deployed.stranger, deployed.other, deployed.anchorer])
        await refused(carry(IN_FORCE, by), "AccessControlUnauthorizedAccount");
    });

    it("refuses everybody once the ledger is opened: no word ends sooner than seven days from then", async () => {
      for (const until of [0n, 1n, await now(), IN_FORCE]) await refused(carry(until), "AlreadyOpened");
      expect(await contract.promiserUntil(deployed.other.address)).to.equal(0n);
    });

    it("has a word end to the second where it ended before, and leaves one in force", async () => {
      await use(rebuilding);
      const until = (await now()) + 100n;
      await expect(carry(until)).to.emit(contract, "PromiserSet").withArgs(deployed.other.address, until);
      await admin.open();
      const [counts, tooLate] = [
        await promise(deployed, 50n, { by: deployed.other, deadline: until - 1n }),
        await promise(deployed, 50n, { by: deployed.other, deadline: until }),
      ];
      await networkHelpers.time.increaseTo(until + 1n);
      await expect(challenge(deployed, counts)).to.emit(contract, "Challenged");
      await refused(challenge(deployed, tooLate), "NotPromiser");

      await use(rebuilding);
      await carry(IN_FORCE);
      expect(await contract.promiserUntil(deployed.other.address)).to.equal(IN_FORCE);
    });
  });

  describe("challenge", () => {
    it("refuses a deadline that is not over, to the second", async () => {
      const deadline = (await now()) + 100n;
      const held = await promise(deployed, 50n, { deadline });
      await networkHelpers.time.setNextBlockTimestamp(deadline);
      await expect(challenge(deployed, held))
        .to.be.revertedWithCustomError(contract, "PromiseNotDue")
        .withArgs(deadline);
      await networkHelpers.time.setNextBlockTimestamp(deadline + 1n);
      await expect(challenge(deployed, held)).to.emit(contract, "Challenged");
    });

    it("refuses any bond but the right one", async () => {
      const held = await promise(deployed, 50n);
      for (const value of [0n, BOND_WEI - 1n, BOND_WEI + 1n, 2n * BOND_WEI]) {
        await expect(challenge(deployed, held, value))
          .to.be.revertedWithCustomError(contract, "WrongBond")
          .withArgs(BOND_WEI);
      }
    });

    it("refuses to go before the opening", async () => {
      await use(rebuilding);
      await refused(challenge(deployed, await promise(deployed, 50n)), "NotOpened");
    });

    it("refuses to go behind a successor", async () => {
      await admin.nameSuccessor(1, deployed.other.address, 0);
      await refused(challenge(deployed, await promise(deployed, 50n)), "Succeeded");
    });

    it("refuses the signature of an account that was never admitted, of the admin too", async () => {
      for (const by of [deployed.admin, deployed.anchorer, deployed.stranger]) {
        const held = await promise(deployed, 50n, { by });
        await expect(challenge(deployed, held))
          .to.be.revertedWithCustomError(contract, "NotPromiser")
          .withArgs(by.address);
      }
    });

    it("refuses a promise changed in any field, or of another ledger", async () => {
      const held = await promise(deployed, 50n);
      const foreign = await promise(deployed, 50n, { ledger: random32() });
      const changes = [
        { leaf: random32() },
        { charity: random32() },
        { unit: unitOf("USD") },
        { kind: REVERSAL },
        { amount: 51n },
      ];
      const others: Promised[] = [
        ...changes.map((change) => ({ ...held, promised: { ...held.promised, ...change } })),
        { ...held, deadline: held.deadline - 1n },
        foreign,
      ];
      for (const other of others) await refused(challenge(deployed, other), "NotPromiser");
    });

    it("refuses another promise's path, a path cut, and one drawn out", async () => {
      const [one, other] = (await promiseAll(deployed, [10n, 20n, 30n, 40n].map(receiptOf))) as [
        Promised,
        Promised,
      ];
      for (const path of [other.path, one.path.slice(1), [...one.path, random32()], []])
        await refused(challenge(deployed, { ...one, path }), "NotPromiser");
    });

    it("refuses signatures with a high s, of 64 bytes, of none, and with another parity", async () => {
      const held = await promise(deployed, 50n);
      const { r, s, yParity, v, compactSerialized } = Signature.from(held.signature);
      const word = (n: bigint) => ethers.toBeHex(n, 32).slice(2);
      const mirrored = `${r}${word(ORDER - BigInt(s))}${yParity ? "1b" : "1c"}`;
      const bare = `${r}${s.slice(2)}0${yParity}`;
      for (const signature of [mirrored, compactSerialized, "0x", bare, `${held.signature}00`])
        await refused(challenge(deployed, { ...held, signature }), "InvalidSignature");
      const flipped = `${r}${s.slice(2)}${v === 27 ? "1c" : "1b"}`;
      await expect(challenge(deployed, { ...held, signature: flipped })).to.revert(ethers);
    });

    it("refuses to go through multicall, by which one bond would be counted many times", async () => {
      const held = await promiseAll(deployed, [receiptOf(1n), receiptOf(2n)]);
      const calls = held.map((each) =>
        contract.interface.encodeFunctionData("challenge", challengeArgs(each)),
      );
      await refused(contract.multicall(calls), "WrongBond");
      await expect(contract.multicall(calls, { value: BOND_WEI })).to.revert(ethers);
      expect(await ethers.provider.getBalance(contract)).to.equal(0n);
    });

    it("refuses the same receipt twice, though promised again for another deadline or by another key", async () => {
      await admin.admitPromiser(deployed.other.address);
      const held = await promise(deployed, 50n);
      await challenge(deployed, held);
      const [later] = await promiseAll(deployed, [held.receipt, receiptOf(1n)]);
      const [byOther] = await promiseAll(deployed, [held.receipt], { by: deployed.other });
      for (const again of [held, later!, byOther!])
        await refused(challenge(deployed, again), "AlreadyChallenged");
    });

    it("takes each of many promises of one signature, alone, and by anyone", async () => {
      const all = await promiseAll(deployed, [10n, 20n, 30n, 40n, 50n].map(receiptOf));
      for (const held of all) {
        const dueAt = (await now()) + 100n + ANSWER_PERIOD_S;
        await networkHelpers.time.setNextBlockTimestamp(dueAt - ANSWER_PERIOD_S);
        const { promised, id, deadline } = held;
        await expect(challenge(deployed, held))
          .to.emit(contract, "Challenged")
          .withArgs(
            id,
            promised.leaf,
            deployed.stranger.address,
            Object.values(promised),
            deadline,
            deployed.promiser.address,
            dueAt,
          );
        const kept = await contract.challengeOf(id);
        expect([...kept]).to.deep.equal([deployed.stranger.address, dueAt, STATE.open]);
      }
      expect(await ethers.provider.getBalance(contract)).to.equal(5n * BOND_WEI);
    });

    it("goes on while paused", async () => {
      await as(contract, deployed.pauser).pause();
      await expect(challenge(deployed, await promise(deployed, 50n))).to.emit(contract, "Challenged");
    });

    it("is none of a promise that nobody asked about", async () => {
      const { id } = await promise(deployed, 50n);
      expect([...(await contract.challengeOf(id))]).to.deep.equal([ZeroAddress, 0n, STATE.none]);
      expect(await contract.promiserUntil(deployed.stranger.address)).to.equal(0n);
      expect(await contract.challengeBond()).to.equal(BOND_WEI);
    });
  });
});
