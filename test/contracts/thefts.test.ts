// What each stolen key can do to the contract, what it cannot, and what ends it: the rows of docs/keys.md that no other test
// shows. The thief holds the key; the test plays him with the account of the role.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { AbiCoder, id, keccak256, ZeroAddress, ZeroHash } from "ethers";
import { anchor, anchorAndProve } from "../support/contracts/books.ts";
import {
  ADMIN_DELAY_S,
  as,
  BOND_WEI,
  CHANGE_DELAY_S,
  DAY_S,
  ethers,
  type LedgerContract,
  networkHelpers,
  now,
  ROLES,
  VETO_PERIOD_S,
} from "../support/contracts/chain.ts";
import { CHARITY } from "../support/contracts/charity.ts";
import { CNY, load, marksOf, NOTE, opened, type Purse } from "../support/contracts/purse.ts";
import { charityId, random32, sign, unitOf } from "../support/contracts/reference.ts";

describe("a thief of", () => {
  let world: Purse;
  let contract: LedgerContract;

  beforeEach(async () => {
    world = await load(opened);
    contract = world.contract;
  });

  const call = (by: HardhatEthersSigner, name: string, ...args: unknown[]) =>
    as(contract, by).getFunction(name)(...args);
  const refused = (request: Promise<unknown>, error: string) =>
    expect(request).to.be.revertedWithCustomError(contract, error);
  const held = (account: { address: string }) => world.token.balanceOf(account.address);

  describe("the anchor's key", () => {
    it("fixes a false next root for ever, and a successor that names the last good batch leaves it behind", async () => {
      const honest = world.books.seal({ charity: CHARITY, unit: CNY, amounts: [5n] });
      await call(world.anchorer, "anchor", honest.number, random32());
      await refused(anchor(world, honest), "RootConflict");
      const lastGood = honest.number - 1n;
      await call(world.admin, "nameSuccessor", 1, world.other.address, lastGood);
      expect((await contract.getFunction("successor")()).lastGoodBatch).to.equal(lastGood);
      await refused(call(world.anchorer, "anchor", honest.number + 1n, random32()), "Succeeded");
    });

    it("counts gifts that nobody gave, and moves no money by that", async () => {
      await anchorAndProve(world, world.books.seal({ charity: CHARITY, unit: CNY, amounts: [1_000n] }));
      const { given, paid } = await marksOf(contract);
      expect([given, paid]).to.deep.equal([1_100n, 0n]);
      expect(await held(world.payee)).to.equal(0n);
      await refused(
        call(world.anchorer, "payToken", CHARITY, CNY, 0, given, 0),
        "AccessControlUnauthorizedAccount",
      );
    });

    it("is stopped by the admin, or by the key itself", async () => {
      await call(world.anchorer, "renounceRole", id("ANCHOR_ROLE"), world.anchorer.address);
      await refused(call(world.anchorer, "anchor", 3, random32()), "AccessControlUnauthorizedAccount");
    });
  });

  describe("the payer's key", () => {
    it("sends to the registered payee alone, from the payer's account, once", async () => {
      await call(world.payer, "payToken", CHARITY, CNY, 0, 100, 30);
      expect(await held(world.payee)).to.equal(700_000n);
      await refused(call(world.payer, "payToken", CHARITY, CNY, 0, 100, 30), "FromNotWatermark");
      await refused(call(world.payer, "payToken", charityId("his own"), CNY, 0, 1, 0), "CharityUnknown");
    });

    it("claims a payout by bank, which is never signed for but by the charity", async () => {
      await call(world.payer, "payBank", CHARITY, CNY, 0, 100, 30, NOTE);
      const claim = {
        from: 0n,
        upTo: 100n,
        netTo: 30n,
        received: 70n,
        batch: 1n,
        root: await contract.root(1),
      };
      const message = { charity: CHARITY, unit: CNY, ...claim };
      const forged = await sign(world.payer, world.ledger, "Acknowledgement", message);
      await refused(call(world.payer, "acknowledge", message, forged), "InvalidSignature");
      expect((await contract.line(CHARITY, CNY)).acknowledged).to.equal(0n);
    });
  });

  describe("the registrar's key", () => {
    it("registers strangers, to whom nothing can be paid, since nothing was given to them", async () => {
      const his = charityId("his own");
      await call(world.registrar, "registerCharity", his, world.other.address, world.other.address);
      await refused(call(world.payer, "payToken", his, CNY, 0, 1, 0), "UpToOutOfRange");
    });

    it("swaps no payee within seven days, nor against the charity's veto; until then the old one is paid", async () => {
      await call(world.registrar, "changePayee", CHARITY, world.other.address);
      await networkHelpers.time.increase(CHANGE_DELAY_S - DAY_S);
      await refused(call(world.registrar, "applyChange", CHARITY, 1), "ChangeNotDue");
      await call(world.payer, "payToken", CHARITY, CNY, 0, 60, 0);
      expect([await held(world.payee), await held(world.other)]).to.deep.equal([600_000n, 0n]);
      await call(world.signer, "veto", CHARITY, 1, "0x");
      await networkHelpers.time.increase(CHANGE_DELAY_S);
      await refused(call(world.registrar, "applyChange", CHARITY, 1), "NoSuchChange");
    });
  });

  describe("the promise key", () => {
    const PROMISE = ["bytes32", "bytes32", "bytes32", "bytes32", "bytes32", "uint8", "uint64"];
    const invented = () => ({ leaf: random32(), charity: CHARITY, unit: CNY, kind: 0, amount: 50n });
    type Invented = ReturnType<typeof invented>;

    async function challenged(promised: Invented, deadline: bigint) {
      const { leaf, charity, unit, kind, amount } = promised;
      const fields = [
        ethers.encodeBytes32String("amanah.promise.v1"),
        world.ledger,
        leaf,
        charity,
        unit,
        kind,
        amount,
      ];
      const promiseId = keccak256(keccak256(AbiCoder.defaultAbiCoder().encode(PROMISE, fields)));
      const types = {
        Promises: [
          { name: "root", type: "bytes32" },
          { name: "deadline", type: "uint64" },
        ],
      };
      const domain = { name: "Amanah", version: "1", salt: world.ledger };
      const signature = await world.promiser.signTypedData(domain, types, { root: promiseId, deadline });
      await call(world.stranger, "challenge", promised, deadline, [], signature, { value: BOND_WEI });
      return promiseId;
    }

    it("invents promises, which stand as broken seven days after a challenge", async () => {
      const promised = invented();
      const promiseId = await challenged(promised, (await now()) - 1n);
      await networkHelpers.time.increase(7n * DAY_S + 1n);
      await call(world.stranger, "recordBreach", promised);
      expect((await contract.getFunction("challengeOf")(promiseId)).state).to.equal(3n);
    });

    it("is heard no more for deadlines seven days after its retirement, and for ever for those before", async () => {
      await call(world.promiser, "retirePromiser", world.promiser.address);
      const end = BigInt(await contract.getFunction("promiserUntil")(world.promiser.address));
      expect(end).to.equal((await now()) + 7n * DAY_S);
      await networkHelpers.time.increase(365n * DAY_S);
      await refused(challenged(invented(), end), "NotPromiser");
      await challenged(invented(), end - 1n);
    });

    it("can send nothing that wants a role", async () => {
      await refused(call(world.promiser, "anchor", 3, random32()), "AccessControlUnauthorizedAccount");
      await refused(
        call(world.promiser, "admitPromiser", world.other.address),
        "AccessControlUnauthorizedAccount",
      );
      await refused(
        call(world.promiser, "retirePromiser", world.other.address),
        "AccessControlUnauthorizedAccount",
      );
    });
  });

  describe("the pauser's key", () => {
    it("stops payouts and nothing else, until the admin takes the role and another lets them go on", async () => {
      await call(world.pauser, "pause");
      await refused(call(world.payer, "payToken", CHARITY, CNY, 0, 60, 0), "EnforcedPause");
      await anchorAndProve(world, world.books.seal({ charity: CHARITY, unit: CNY, amounts: [5n] }));
      await call(world.admin, "revokeRole", id("PAUSER_ROLE"), world.pauser.address);
      await call(world.admin, "grantRole", id("PAUSER_ROLE"), world.other.address);
      await call(world.other, "unpause");
      await call(world.payer, "payToken", CHARITY, CNY, 0, 60, 0);
      await refused(call(world.pauser, "pause"), "AccessControlUnauthorizedAccount");
    });
  });

  describe("the admin's key", () => {
    it("gives himself every role, and reaches neither the payer's money nor a token once named", async () => {
      for (const role of ROLES) await call(world.admin, "grantRole", id(role), world.admin.address);
      const before = await held(world.payer);
      await expect(call(world.admin, "payToken", CHARITY, CNY, 0, 60, 0)).to.be.revert(ethers);
      expect(await held(world.payer)).to.equal(before);
      await refused(call(world.admin, "setToken", CNY, await world.token.getAddress(), 2), "TokenAlreadySet");
    });

    it("changes no root, signs for no charity and reopens nothing", async () => {
      await call(world.admin, "grantRole", id("ANCHOR_ROLE"), world.admin.address);
      await refused(call(world.admin, "anchor", 1, random32()), "RootConflict");
      await refused(call(world.admin, "veto", CHARITY, 1, "0x"), "OnlySigner");
      await refused(call(world.admin, "open"), "AlreadyOpened");
    });

    it("hands the role on only after its wait, in which the rightful holder of the key breaks it off", async () => {
      await call(world.admin, "beginDefaultAdminTransfer", world.other.address);
      await call(world.admin, "cancelDefaultAdminTransfer");
      await networkHelpers.time.increase(ADMIN_DELAY_S + 1n);
      await refused(call(world.other, "acceptDefaultAdminTransfer"), "AccessControlInvalidDefaultAdmin");
    });

    it("names a false successor for good, and what is anchored and signed here stays readable", async () => {
      await call(world.admin, "nameSuccessor", 1, world.other.address, 2);
      await refused(call(world.admin, "nameSuccessor", 1, world.stranger.address, 2), "Succeeded");
      expect(await contract.root(2)).not.to.equal(ZeroHash);
    });
  });

  describe("a charity's signing key", () => {
    it("names no payee, and signs for no more than was paid", async () => {
      await refused(
        call(world.signer, "changePayee", CHARITY, world.signer.address),
        "AccessControlUnauthorizedAccount",
      );
      const claim = {
        from: 0n,
        upTo: 100n,
        netTo: 0n,
        received: 100n,
        batch: 1n,
        root: await contract.root(1),
      };
      const message = { charity: CHARITY, unit: CNY, ...claim };
      const signature = await sign(world.signer, world.ledger, "Acknowledgement", message);
      await refused(call(world.signer, "acknowledge", message, signature), "UpToOutOfRange");
    });

    it("is replaced after thirty days, unless he vetoes that: then the charity registers anew", async () => {
      await call(world.registrar, "changeSigner", CHARITY, world.other.address, "0x");
      await call(world.signer, "veto", CHARITY, 1, "0x");
      await networkHelpers.time.increase(VETO_PERIOD_S + 1n);
      await refused(call(world.registrar, "applyChange", CHARITY, 1), "NoSuchChange");
      await call(
        world.registrar,
        "registerCharity",
        charityId("anew"),
        world.payee.address,
        world.other.address,
      );
    });
  });

  describe("a timelock's", () => {
    const DELAY_S = 2n * DAY_S;

    /** Governed by a timelock with two proposers, the thief and the colleague, who both may cancel. */
    async function governed() {
      const [thief, colleague] = [world.stranger, world.other];
      const proposers = [thief.address, colleague.address];
      const executors = [world.payee.address];
      const timelock = await ethers.deployContract("TimelockController", [
        DELAY_S,
        proposers,
        executors,
        ZeroAddress,
      ]);
      const at = await timelock.getAddress();
      const by = (who: HardhatEthersSigner, name: string, ...args: unknown[]) =>
        (timelock.connect(who) as typeof timelock).getFunction(name)(...args);
      const operation = (
        to: { interface: LedgerContract["interface"] },
        target: string,
        name: string,
        args: unknown[],
      ) => [target, 0, to.interface.encodeFunctionData(name, args), ZeroHash, ZeroHash] as const;
      const idOf = (call: readonly unknown[]) => timelock.getFunction("hashOperation")(...call);
      return { thief, colleague, timelock, at, by, operation, idOf };
    }

    it("proposer does nothing before everybody has seen it, and any other canceller stops it", async () => {
      const { thief, colleague, timelock, by, operation, idOf } = await governed();
      const grant = operation(contract, await contract.getAddress(), "grantRole", [
        ...[id("ANCHOR_ROLE"), thief.address],
      ]);
      await by(thief, "schedule", ...grant, DELAY_S);
      const early = by(world.payee, "execute", ...grant);
      await expect(early).to.be.revertedWithCustomError(timelock, "TimelockUnexpectedOperationState");
      await by(colleague, "cancel", await idOf(grant));
      await networkHelpers.time.increase(DELAY_S + 1n);
      const late = by(world.payee, "execute", ...grant);
      await expect(late).to.be.revertedWithCustomError(timelock, "TimelockUnexpectedOperationState");
    });

    it("proposer cancels even the taking of his own role, until the key itself gives both roles up", async () => {
      const { thief, colleague, timelock, at, by, operation, idOf } = await governed();
      const revoke = operation(timelock as never, at, "revokeRole", [id("PROPOSER_ROLE"), thief.address]);
      await by(colleague, "schedule", ...revoke, DELAY_S);
      await by(thief, "cancel", await idOf(revoke));
      for (const role of ["PROPOSER_ROLE", "CANCELLER_ROLE"])
        await by(thief, "renounceRole", id(role), thief.address);
      await by(colleague, "schedule", ...revoke, DELAY_S);
      const again = by(thief, "cancel", await idOf(revoke));
      await expect(again).to.be.revertedWithCustomError(timelock, "AccessControlUnauthorizedAccount");
    });

    it("executor does what was scheduled and is due, and nothing else", async () => {
      const { timelock, by, operation } = await governed();
      const grant = operation(contract, await contract.getAddress(), "grantRole", [
        ...[id("ANCHOR_ROLE"), world.payee.address],
      ]);
      const unscheduled = by(world.payee, "execute", ...grant);
      await expect(unscheduled).to.be.revertedWithCustomError(timelock, "TimelockUnexpectedOperationState");
      const own = by(world.payee, "schedule", ...grant, DELAY_S);
      await expect(own).to.be.revertedWithCustomError(timelock, "AccessControlUnauthorizedAccount");
    });
  });

  it("any one role can use no other", async () => {
    const calls: [string, string, unknown[]][] = [
      ["ANCHOR_ROLE", "anchor", [3, random32()]],
      ["PAYER_ROLE", "payBank", [CHARITY, CNY, 0, 10, 0, NOTE]],
      ["REGISTRAR_ROLE", "registerCharity", [charityId("x"), ZeroAddress, world.other.address]],
      ["PAUSER_ROLE", "pause", []],
      ["", "setToken", [unitOf("USD"), await world.token.getAddress(), 2]],
    ];
    const holders = { ANCHOR_ROLE: world.anchorer, PAYER_ROLE: world.payer, REGISTRAR_ROLE: world.registrar };
    for (const [own, thief] of Object.entries({ ...holders, PAUSER_ROLE: world.pauser, "": world.admin }))
      for (const [role, name, args] of calls.filter(([wanted]) => wanted !== own))
        await refused(call(thief, name, ...args), "AccessControlUnauthorizedAccount").catch((thrown) => {
          throw new Error(`${own} used ${role}: ${thrown}`);
        });
  });
});
