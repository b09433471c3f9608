// Answers: what shows that a promise was kept, in time or late; and breaches, which stand when nothing does. The coins that
// go with them are in bonds.test.ts.
import { expect } from "chai";
import { accuse, malformed } from "../support/contracts/accuser.ts";
import { as, type Deployed, type LedgerContract, networkHelpers } from "../support/contracts/chain.ts";
import { opened, rebuilding } from "../support/contracts/charity.ts";
import { anchorForged } from "../support/contracts/forger.ts";
import {
  anchorReceipt,
  answer,
  answerArgs,
  challenge,
  type Promised,
  promise,
  promiseAll,
  receiptOf,
} from "../support/contracts/promiser.ts";
import { REVERSAL, random32, unitOf } from "../support/contracts/reference.ts";

const STATE = { none: 0n, open: 1n, answered: 2n, breached: 3n, late: 4n };

describe("answers", () => {
  let deployed: Deployed;
  let contract: LedgerContract;
  let held: Promised;
  let dueAt: bigint;

  /** A promise of 50, challenged. */
  beforeEach(async () => {
    deployed = await networkHelpers.loadFixture(opened);
    contract = as(deployed.contract, deployed.stranger);
    held = await promise(deployed, 50n);
    await challenge(deployed, held);
    dueAt = (await contract.challengeOf(held.id)).dueAt;
  });

  const stateOf = async ({ id } = held) => (await contract.challengeOf(id)).state;
  const refused = (sent: Promise<unknown>, reason: string) =>
    expect(sent).to.be.revertedWithCustomError(contract, reason);
  const over = () => networkHelpers.time.increaseTo(dueAt);

  describe("answer", () => {
    it("refuses what nobody asked for, and what was answered", async () => {
      const other = await promise(deployed, 50n);
      const forged = await anchorReceipt(deployed, other);
      await refused(answer(deployed, other, forged), "NotChallenged");
      const right = await anchorReceipt(deployed, held, { from: 65n });
      await answer(deployed, held, right);
      await refused(answer(deployed, held, right), "NotChallenged");
    });

    it("refuses the receipt counted with another amount", async () => {
      const less = await anchorReceipt(deployed, held, { counted: [7n, 49n, 8n] });
      await refused(answer(deployed, held, less), "ReceiptNotInStatement");
      const { promised } = held;
      await refused(
        answer(deployed, { promised: { ...promised, amount: 49n } } as Promised, less),
        "NotChallenged",
      );
    });

    it("refuses the receipt on a line of another charity or unit, or on the other side", async () => {
      for (const line of [{ charity: random32() }, { unit: unitOf("USD") }, { kind: REVERSAL }])
        await refused(
          answer(deployed, held, await anchorReceipt(deployed, held, line)),
          "ReceiptOfAnotherLine",
        );
    });

    it("refuses another receipt of the right statement", async () => {
      const forged = await anchorReceipt(deployed, held);
      for (const index of [0, 2])
        await refused(answer(deployed, held, forged, index), "ReceiptNotInStatement");
    });

    it("refuses a statement that is not anchored, not in its batch, or malformed", async () => {
      const right = await anchorReceipt(deployed, held);
      const later = { ...right, statement: { ...right.statement, batch: 9n } };
      await refused(answer(deployed, held, later), "BatchNotAnchored");
      await refused(answer(deployed, held, { ...right, proof: [] }), "StatementNotInBatch");
      const bad = await anchorReceipt(deployed, held, { from: 65n, previous: 9n });
      await refused(answer(deployed, held, bad), "MalformedStatement");
    });

    it("refuses a statement that tells another number of receipts, and a path of another length", async () => {
      const hidden = await anchorReceipt(deployed, held, { receipts: 2n });
      const invented = await anchorReceipt(deployed, held, { from: 65n, receipts: 4n });
      for (const other of [hidden, invented])
        await refused(answer(deployed, held, other), "ReceiptsMismatch");
      const right = await anchorReceipt(deployed, held, { from: 130n });
      const [promised, place, statement, proof] = answerArgs(held, right) as [
        unknown,
        { path: unknown[] },
        unknown,
        unknown,
      ];
      const short = { ...place, path: place.path.slice(1) };
      await refused(contract.answer(promised, short, statement, proof), "PathTooShort");
    });

    it("refuses a tree whose sums do not lead to what the statement adds", async () => {
      const claims = [{ level: 2, index: 0, sum: 90n }];
      const forged = await anchorReceipt(deployed, held, { claims });
      await refused(answer(deployed, held, forged), "SumMismatch");
    });

    it("ends the challenge of a promise that was kept, by anyone", async () => {
      const forged = await anchorReceipt(deployed, held);
      await expect(answer(deployed, held, forged))
        .to.emit(contract, "Answered")
        .withArgs(held.id, 1, deployed.other.address);
      expect(await stateOf()).to.equal(STATE.answered);
      await over();
      await refused(contract.recordBreach(held.promised), "NotChallenged");
      await refused(challenge(deployed, held), "AlreadyChallenged");
    });

    it("takes a receipt that was anchored behind its deadline, in the last second of the seven days", async () => {
      const forged = await anchorReceipt(deployed, held);
      await networkHelpers.time.setNextBlockTimestamp(dueAt);
      await expect(answer(deployed, held, forged)).to.emit(contract, "Answered");
    });

    it("takes each receipt of a tree, the odd one that moved up and the only one too", async () => {
      const all = await promiseAll(deployed, [10n, 20n, 30n].map(receiptOf));
      const alone = await promise(deployed, 5n);
      const [forged] = await anchorForged(deployed, { holds: all.map(({ receipt }) => receipt) });
      const [single] = await anchorForged(deployed, { holds: [alone.receipt], from: 60n });
      for (const each of [...all, alone]) await challenge(deployed, each);
      for (const [index, each] of all.entries()) await answer(deployed, each, forged!, index);
      await answer(deployed, alone, single!, 0);
      for (const each of [...all, alone]) expect(await stateOf(each)).to.equal(STATE.answered);
    });

    for (const [when, meanwhile] of Object.entries({
      "while paused": () => as(contract, deployed.pauser).pause(),
      "behind a successor": () => as(contract, deployed.admin).nameSuccessor(1, deployed.other.address, 1),
      "on a line at fault": async () => {
        const [bad] = await anchorForged(deployed, { receipts: 0n });
        await accuse(contract, malformed(bad!));
      },
      "after the key was retired": () =>
        as(contract, deployed.admin).retirePromiser(deployed.promiser.address),
    })) {
      it(`goes on ${when}`, async () => {
        const forged = await anchorReceipt(deployed, held);
        await meanwhile();
        await expect(answer(deployed, held, forged)).to.emit(contract, "Answered");
      });
    }

    it("after the seven days records the breach first, then itself beside it", async () => {
      const forged = await anchorReceipt(deployed, held);
      await over();
      await expect(answer(deployed, held, forged))
        .to.emit(contract, "BreachRecorded")
        .withArgs(held.id, held.promised.leaf, Object.values(held.promised))
        .and.to.emit(contract, "AnsweredLate")
        .withArgs(held.id, 1, deployed.other.address);
      expect(await stateOf()).to.equal(STATE.late);
    });

    it("is recorded beside a breach that stood already, once", async () => {
      const forged = await anchorReceipt(deployed, held);
      await over();
      await contract.recordBreach(held.promised);
      const late = answer(deployed, held, forged);
      await expect(late).to.emit(contract, "AnsweredLate").withArgs(held.id, 1, deployed.other.address);
      await expect(late).not.to.emit(contract, "BreachRecorded");
      await refused(answer(deployed, held, forged), "NotChallenged");
      await refused(contract.recordBreach(held.promised), "NotChallenged");
      expect(await stateOf()).to.equal(STATE.late);
    });
  });

  describe("recordBreach", () => {
    it("refuses what nobody asked for, by the admin too", async () => {
      const { promised } = await promise(deployed, 50n);
      for (const by of [deployed.stranger, deployed.admin])
        await refused(as(contract, by).recordBreach(promised), "NotChallenged");
    });

    it("refuses to go before the seven days are over, to the second", async () => {
      await networkHelpers.time.setNextBlockTimestamp(dueAt);
      await expect(contract.recordBreach(held.promised))
        .to.be.revertedWithCustomError(contract, "AnswerNotOverdue")
        .withArgs(dueAt);
      await networkHelpers.time.setNextBlockTimestamp(dueAt + 1n);
      await contract.recordBreach(held.promised);
    });

    it("refuses to record it twice", async () => {
      await over();
      await contract.recordBreach(held.promised);
      await refused(contract.recordBreach(held.promised), "NotChallenged");
      await refused(challenge(deployed, held), "AlreadyChallenged");
    });

    for (const [when, meanwhile] of Object.entries({
      "by anyone": async (): Promise<unknown> => undefined,
      "while paused": () => as(contract, deployed.pauser).pause(),
      "behind a successor": () => as(contract, deployed.admin).nameSuccessor(1, deployed.other.address, 0),
      "after the key was retired": () => as(contract, deployed.promiser).retirePromiser(deployed.promiser),
    })) {
      it(`records that nobody has answered, ${when}`, async () => {
        await meanwhile();
        await over();
        await expect(contract.recordBreach(held.promised))
          .to.emit(contract, "BreachRecorded")
          .withArgs(held.id, held.promised.leaf, Object.values(held.promised));
        expect(await stateOf()).to.equal(STATE.breached);
      });
    }

    it("records it though the receipt is anchored, when nobody has shown it", async () => {
      await anchorReceipt(deployed, held);
      await over();
      await expect(contract.recordBreach(held.promised)).to.emit(contract, "BreachRecorded");
    });
  });

  describe("before the opening", () => {
    beforeEach(async () => {
      deployed = await networkHelpers.loadFixture(rebuilding);
      contract = as(deployed.contract, deployed.stranger);
      held = await promise(deployed, 50n);
    });

    it("breaches are carried over by the admin alone, without a challenge", async () => {
      for (const by of [deployed.stranger, deployed.anchorer, deployed.promiser])
        await refused(as(contract, by).recordBreach(held.promised), "AccessControlUnauthorizedAccount");
      await expect(as(contract, deployed.admin).recordBreach(held.promised))
        .to.emit(contract, "BreachRecorded")
        .withArgs(held.id, held.promised.leaf, Object.values(held.promised));
      expect(await stateOf()).to.equal(STATE.breached);
    });

    it("late answers to them are recorded, before or after it, and take no bond", async () => {
      const other = await promise(deployed, 60n);
      for (const { promised } of [held, other]) await as(contract, deployed.admin).recordBreach(promised);
      const forged = await anchorReceipt(deployed, held);
      await expect(answer(deployed, held, forged)).to.emit(contract, "AnsweredLate");
      await as(contract, deployed.admin).open();
      const later = await anchorReceipt(deployed, other, { from: 65n });
      await expect(answer(deployed, other, later)).to.emit(contract, "AnsweredLate");
      expect([await stateOf(), await stateOf(other)]).to.deep.equal([STATE.late, STATE.late]);
    });

    it("a breach carried over is not challenged again behind it", async () => {
      await as(contract, deployed.admin).recordBreach(held.promised);
      await as(contract, deployed.admin).open();
      await refused(challenge(deployed, held), "AlreadyChallenged");
    });
  });
});
