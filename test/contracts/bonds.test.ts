// Bonds: who has them at the end, whatever the one who takes them does meanwhile; and that the ledger holds exactly those of
// open challenges, and what was refused.
import { expect } from "chai";
import type { TransactionResponse } from "ethers";
import hre from "hardhat";
import {
  ANSWER_PERIOD_S,
  as,
  BOND_WEI,
  type Deployed,
  deploy,
  ethers,
  type LedgerContract,
  networkHelpers,
} from "../support/contracts/chain.ts";
import { opened, rebuilding } from "../support/contracts/charity.ts";
import {
  anchorReceipt,
  answer,
  answerArgs,
  challenge,
  challengeArgs,
  type Promised,
  promise,
} from "../support/contracts/promiser.ts";

const STATE = { open: 1n, answered: 2n, breached: 3n, late: 4n };
const MANNER = { take: 0, refuse: 1, burnGas: 2, returnMuch: 3, countTaken: 4 };

type Challenger = LedgerContract & {
  behave(manner: number): Promise<unknown>;
  callBack(target: string, data: string): Promise<unknown>;
  send(target: string, data: string, overrides?: object): Promise<TransactionResponse>;
  taken(): Promise<bigint>;
  succeeded(): Promise<bigint>;
};

type GasMeter = LedgerContract & { came(): Promise<bigint>; attach(address: string): unknown };

describe("bonds", () => {
  let deployed: Deployed;
  let contract: LedgerContract;
  let address: string;
  let challenger: Challenger;
  let held: Promised;

  beforeEach(async () => {
    deployed = await networkHelpers.loadFixture(opened);
    contract = as(deployed.contract, deployed.stranger);
    address = await contract.getAddress();
    challenger = (await deploy("Challenger")) as Challenger;
    held = await promise(deployed, 50n);
  });

  const coins = (of: string) => ethers.provider.getBalance(of);
  const stateOf = async ({ id }: Promised) => (await contract.challengeOf(id)).state;
  const over = () => networkHelpers.time.increase(ANSWER_PERIOD_S + 1n);
  const data = (name: string, args: unknown[]) => contract.interface.encodeFunctionData(name, args);
  const challengeByContract = () =>
    challenger.send(address, data("challenge", challengeArgs(held)), { value: BOND_WEI });

  it("go to whoever answers in time, and are gone from the challenger", async () => {
    await expect(challenge(deployed, held)).to.changeEtherBalances(
      ethers,
      [deployed.stranger, contract],
      [-BOND_WEI, BOND_WEI],
    );
    const forged = await anchorReceipt(deployed, held);
    await expect(answer(deployed, held, forged)).to.changeEtherBalances(
      ethers,
      [deployed.other, contract],
      [BOND_WEI, -BOND_WEI],
    );
  });

  it("come back to the challenger by a breach, whoever records it", async () => {
    await challenge(deployed, held);
    await over();
    await expect(as(contract, deployed.other).recordBreach(held.promised)).to.changeEtherBalances(
      ethers,
      [deployed.stranger, contract],
      [BOND_WEI, -BOND_WEI],
    );
  });

  it("come back to the challenger by an answer that is late, and once only", async () => {
    for (const recorded of [false, true]) {
      const other = await promise(deployed, 50n);
      await challenge(deployed, other);
      const forged = await anchorReceipt(deployed, other, { from: recorded ? 65n : 0n });
      await over();
      if (recorded) await contract.recordBreach(other.promised);
      await expect(answer(deployed, other, forged)).to.changeEtherBalances(
        ethers,
        [deployed.stranger, deployed.other, contract],
        recorded ? [0n, 0n, 0n] : [BOND_WEI, 0n, -BOND_WEI],
      );
    }
  });

  it("are not touched by breaches carried over", async () => {
    const moved = await networkHelpers.loadFixture(rebuilding);
    const carried = await promise(moved, 50n);
    await as(moved.contract, moved.admin).recordBreach(carried.promised);
    const forged = await anchorReceipt(moved, carried);
    await expect(answer(moved, carried, forged)).to.changeEtherBalance(ethers, moved.contract, 0n);
  });

  it("are not to be sent to the ledger in any other way", async () => {
    await expect(deployed.stranger.sendTransaction({ to: address, value: 1n })).to.revert(ethers);
  });

  it("go to a contract that takes them", async () => {
    await challengeByContract();
    await over();
    await contract.recordBreach(held.promised);
    expect(await coins(await challenger.getAddress())).to.equal(BOND_WEI);
    expect(await coins(address)).to.equal(0n);
  });

  for (const manner of ["refuse", "burnGas", "returnMuch"] as const) {
    it(`keep no breach from being recorded by a challenger that does "${manner}"`, async () => {
      await challenger.behave(MANNER[manner]);
      await challengeByContract();
      await over();
      const sent = (await contract.recordBreach(held.promised)) as TransactionResponse;
      expect(await stateOf(held)).to.equal(STATE.breached);
      expect((await sent.wait())!.gasUsed).to.be.below(200_000n);
      expect(await coins(address)).to.equal(manner === "returnMuch" ? 0n : BOND_WEI);
    });

    it(`keep no answer from being recorded that comes from one who does "${manner}"`, async () => {
      await challenge(deployed, held);
      const forged = await anchorReceipt(deployed, held);
      await challenger.behave(MANNER[manner]);
      await challenger.send(address, data("answer", answerArgs(held, forged)));
      expect(await stateOf(held)).to.equal(STATE.answered);
    });

    it(`keep no late answer from being recorded by a challenger that does "${manner}"`, async () => {
      await challenger.behave(MANNER[manner]);
      await challengeByContract();
      const forged = await anchorReceipt(deployed, held);
      await over();
      await answer(deployed, held, forged);
      expect(await stateOf(held)).to.equal(STATE.late);
    });
  }

  it("arrive, with however little gas somebody records the breach, or the call reverts", async () => {
    await challenger.behave(MANNER.countTaken);
    await challengeByContract();
    await over();
    let done = 0;
    for (let gasLimit = 30_000; gasLimit <= 150_000; gasLimit += 1_000) {
      const { restore } = await networkHelpers.takeSnapshot();
      const call = contract.recordBreach(held.promised, { gasLimit });
      const recorded = await call.then(
        () => true,
        () => false,
      );
      expect(await challenger.taken(), `${gasLimit} gas`).to.equal(recorded ? 1n : 0n);
      if (recorded) done++;
      await restore();
    }
    expect(done).to.be.within(1, 100);
  });

  it("come with all the gas that is meant for them to a cold account of delegated code, or the call reverts", async () => {
    const meter = (await deploy("GasMeter")) as GasMeter;
    const owner = ethers.Wallet.createRandom(ethers.provider);
    await deployed.other.sendTransaction({ to: owner.address, value: ethers.parseEther("2") });
    const delegated = await owner.authorize({ address: await meter.getAddress(), nonce: 1 });
    await owner.sendTransaction({ to: owner.address, type: 4, authorizationList: [delegated] });
    const challenged = as(contract, owner as never).challenge(...challengeArgs(held), { value: BOND_WEI });
    await challenged;
    await over();
    const came = async (gasLimit: number) => {
      const { restore } = await networkHelpers.takeSnapshot();
      const recorded = await contract.recordBreach(held.promised, { gasLimit }).then(
        () => true,
        () => false,
      );
      const left = await (meter.attach(owner.address) as GasMeter).came();
      await restore();
      return recorded ? left : undefined;
    };
    const plenty = await came(300_000);
    let [least, tooLittle] = [300_000, 30_000];
    while (least - tooLittle > 1) {
      const middle = (least + tooLittle) >> 1;
      if ((await came(middle)) === undefined) tooLittle = middle;
      else least = middle;
    }
    expect(plenty).to.be.above(50_000n);
    expect(await came(least)).to.equal(plenty);
  });

  describe("taken by one who calls back", () => {
    /** Somebody else's, which nobody may take. */
    let another: Promised;

    beforeEach(async () => {
      another = await promise(deployed, 60n);
      await challenge(deployed, another);
      await challengeByContract();
    });

    const callsBack = (name: string, args: unknown[]) => challenger.callBack(address, data(name, args));

    async function tookOne(state: bigint) {
      expect(await stateOf(held)).to.equal(state);
      expect(await coins(await challenger.getAddress())).to.equal(BOND_WEI);
      expect(await coins(address)).to.equal(BOND_WEI);
    }

    it("come once when it answers while a late answer sends them", async () => {
      const forged = await anchorReceipt(deployed, held);
      await callsBack("answer", answerArgs(held, forged));
      await over();
      await expect(answer(deployed, held, forged)).not.to.emit(contract, "Answered");
      await tookOne(STATE.late);
      expect(await challenger.succeeded()).to.equal(0n);
    });

    it("come once when it answers while a breach sends them, and the answer is a late one", async function () {
      if (hre.globalOptions.coverage) this.skip(); // Instrumented code costs more than comes with a bond.
      const forged = await anchorReceipt(deployed, held);
      await callsBack("answer", answerArgs(held, forged));
      await over();
      await expect(contract.recordBreach(held.promised))
        .to.emit(contract, "AnsweredLate")
        .and.not.to.emit(contract, "Answered");
      await tookOne(STATE.late);
      expect(await challenger.succeeded()).to.equal(1n);
    });

    it("come once when it records the breach while a breach sends them", async () => {
      await callsBack("recordBreach", [held.promised]);
      await over();
      await contract.recordBreach(held.promised);
      await tookOne(STATE.breached);
      expect(await challenger.succeeded()).to.equal(0n);
    });

    it("come once when it answers while its answer sends them", async () => {
      const forged = await anchorReceipt(deployed, held);
      await callsBack("answer", answerArgs(held, forged));
      await challenger.send(address, data("answer", answerArgs(held, forged)));
      await tookOne(STATE.answered);
      expect(await challenger.succeeded()).to.equal(0n);
    });
  });

  it("add up over many challenges with every end", async () => {
    const ends = ["open", "answered", "breached", "late"] as const;
    const all = await Promise.all(ends.map(() => promise(deployed, 50n)));
    for (const each of all) await challenge(deployed, each);
    expect(await coins(address)).to.equal(4n * BOND_WEI);
    const [open, kept, broken, late] = all as [Promised, Promised, Promised, Promised];
    await answer(deployed, kept, await anchorReceipt(deployed, kept));
    const shown = await anchorReceipt(deployed, late, { from: 65n });
    await over();
    await contract.recordBreach(broken.promised);
    await answer(deployed, late, shown);
    expect(await coins(address)).to.equal(BOND_WEI);
    expect(await Promise.all(all.map(stateOf))).to.deep.equal(ends.map((end) => STATE[end]));
    await contract.recordBreach(open.promised);
    expect(await coins(address)).to.equal(0n);
  });

  it("are none where the ledger asks for none", async () => {
    const { admin, promiser } = deployed;
    const free = await deploy<LedgerContract>("DonationLedger", deployed.ledger, admin.address, 0, 0);
    await as(free, admin).admitPromiser(promiser.address);
    await as(free, admin).open();
    await as(free, deployed.stranger).challenge(...challengeArgs(held));
    await over();
    await expect(free.recordBreach(held.promised)).to.emit(free, "BreachRecorded");
  });
});
