// The ledger's identity, its roles, the opening, the pause and many calls in one transaction.
import { expect } from "chai";
import { id, TypedDataEncoder, ZeroAddress, ZeroHash } from "ethers";
import {
  ADMIN_DELAY_S,
  as,
  BOND_WEI,
  type Deployed,
  deploy,
  deployLedger,
  ethers,
  type LedgerContract,
  networkHelpers,
  ROLES,
} from "../support/contracts/chain.ts";
import { charityId, random32, unitOf } from "../support/contracts/reference.ts";

describe("the ledger", () => {
  let deployed: Deployed;
  let contract: LedgerContract;

  beforeEach(async () => {
    deployed = await networkHelpers.loadFixture(deployLedger);
    contract = deployed.contract;
  });

  describe("identity", () => {
    it("refuses to be deployed without an id", async () => {
      await expect(
        deploy("DonationLedger", ZeroHash, deployed.admin.address, 0, BOND_WEI),
      ).to.be.revertedWithCustomError(contract, "ZeroLedger");
    });

    it("refuses to be deployed without an admin", async () => {
      await expect(
        deploy("DonationLedger", random32(), ZeroAddress, 0, BOND_WEI),
      ).to.be.revertedWithCustomError(contract, "AccessControlInvalidDefaultAdmin");
    });

    it("tells its id", async () => {
      expect(await contract.ledger()).to.equal(deployed.ledger);
    });

    it("announces a domain of name, version and salt, and of nothing else", async () => {
      const [fields, name, version, chainId, verifyingContract, salt, extensions] =
        await contract.eip712Domain();
      expect([fields, name, version, salt]).to.deep.equal(["0x13", "Amanah", "1", deployed.ledger]);
      expect([chainId, verifyingContract, [...extensions]]).to.deep.equal([0n, ZeroAddress, []]);
      expect(TypedDataEncoder.hashDomain({ name, version, salt })).to.equal(
        TypedDataEncoder.hashDomain({ name: "Amanah", version: "1", salt: deployed.ledger }),
      );
    });
  });

  describe("roles", () => {
    it("refuses a role given by anyone but the admin", async () => {
      for (const role of ROLES) {
        await expect(
          as(contract, deployed.registrar).grantRole(id(role), deployed.stranger.address),
        ).to.be.revertedWithCustomError(contract, "AccessControlUnauthorizedAccount");
      }
    });

    it("gives the admin no other role", async () => {
      for (const role of ROLES)
        expect(await contract.hasRole(id(role), deployed.admin.address)).to.equal(false);
    });

    it("hands the admin's role over only in two steps, after the delay", async () => {
      const successor = as(contract, deployed.stranger);
      await as(contract, deployed.admin).beginDefaultAdminTransfer(deployed.stranger.address);
      await expect(successor.acceptDefaultAdminTransfer()).to.be.revertedWithCustomError(
        contract,
        "AccessControlEnforcedDefaultAdminDelay",
      );
      await networkHelpers.time.increase(ADMIN_DELAY_S + 1n);
      await successor.acceptDefaultAdminTransfer();
      expect(await contract.defaultAdmin()).to.equal(deployed.stranger.address);
    });

    it("can be governed by a timelock, so that everyone sees an admin's act before it happens", async () => {
      const proposers = [deployed.stranger.address];
      const timelock = await ethers.deployContract("TimelockController", [
        60,
        proposers,
        proposers,
        ZeroAddress,
      ]);
      const governed = await deploy<LedgerContract>(
        "DonationLedger",
        random32(),
        await timelock.getAddress(),
        0,
        BOND_WEI,
      );
      const call = [
        await governed.getAddress(),
        0,
        governed.interface.encodeFunctionData("open"),
        ZeroHash,
        ZeroHash,
      ];
      const proposer = timelock.connect(deployed.stranger) as typeof timelock;
      await proposer.getFunction("schedule")(...call, 60);
      await expect(proposer.getFunction("execute")(...call)).to.be.revertedWithCustomError(
        timelock,
        "TimelockUnexpectedOperationState",
      );
      await networkHelpers.time.increase(61);
      await proposer.getFunction("execute")(...call);
      expect(await governed.opened()).to.equal(true);
    });
  });

  describe("open", () => {
    it("refuses anyone but the admin", async () => {
      await expect(as(contract, deployed.registrar).open()).to.be.revertedWithCustomError(
        contract,
        "AccessControlUnauthorizedAccount",
      );
    });

    it("refuses a second opening", async () => {
      await as(contract, deployed.admin).open();
      await expect(as(contract, deployed.admin).open()).to.be.revertedWithCustomError(
        contract,
        "AlreadyOpened",
      );
    });

    it("ends the rebuilding and tells how far it had come", async () => {
      expect(await contract.opened()).to.equal(false);
      await as(contract, deployed.anchorer).anchorMany(1, [random32(), random32()]);
      await expect(as(contract, deployed.admin).open()).to.emit(contract, "LedgerOpened").withArgs(2);
      expect(await contract.opened()).to.equal(true);
    });
  });

  describe("pause", () => {
    it("refuses anyone but the pauser, both ways", async () => {
      for (const account of [deployed.stranger, deployed.admin, deployed.payer]) {
        for (const call of ["pause", "unpause"] as const) {
          await expect(as(contract, account)[call]()).to.be.revertedWithCustomError(
            contract,
            "AccessControlUnauthorizedAccount",
          );
        }
      }
    });

    it("holds until it is lifted", async () => {
      await as(contract, deployed.pauser).pause();
      expect(await contract.paused()).to.equal(true);
      await as(contract, deployed.pauser).unpause();
      expect(await contract.paused()).to.equal(false);
    });
  });

  describe("multicall", () => {
    const charity = charityId("GB-CHC-1164883");

    it("does none of its calls when one fails, and says why", async () => {
      const calls = [
        contract.interface.encodeFunctionData("anchor", [1, random32()]),
        contract.interface.encodeFunctionData("anchor", [3, random32()]),
      ];
      await expect(as(contract, deployed.anchorer).multicall(calls))
        .to.be.revertedWithCustomError(contract, "BatchOutOfOrder")
        .withArgs(2, 3);
      expect(await contract.lastBatch()).to.equal(0);
    });

    it("lends nobody a role that the caller has not", async () => {
      const call = contract.interface.encodeFunctionData("registerCharity", [
        charity,
        ZeroAddress,
        deployed.signer.address,
      ]);
      await expect(as(contract, deployed.anchorer).multicall([call])).to.be.revertedWithCustomError(
        contract,
        "AccessControlUnauthorizedAccount",
      );
    });

    it("does all of its calls in order", async () => {
      const calls = ["a", "b"].map((name) =>
        contract.interface.encodeFunctionData("registerCharity", [
          charityId(name),
          ZeroAddress,
          deployed.signer.address,
        ]),
      );
      await as(contract, deployed.registrar).multicall(calls);
      for (const name of ["a", "b"]) {
        expect((await contract.charityOf(charityId(name))).signer).to.equal(deployed.signer.address);
      }
    });
  });

  it("reads zeros for a line that nobody gave to", async () => {
    expect([...(await contract.line(charityId("nobody"), unitOf("CNY")))]).to.deep.equal([
      0n,
      0n,
      0n,
      0n,
      0n,
      0n,
    ]);
  });
});
