// False receipts: a statement that counts a receipt of another line, or with another amount; and that an honest statement
// counts each as it is.
import { expect } from "chai";
import { accuse, FAULT, falseCount, falseReceipt } from "../support/contracts/accuser.ts";
import { as, type Deployed, type LedgerContract, networkHelpers } from "../support/contracts/chain.ts";
import { CHARITY, opened } from "../support/contracts/charity.ts";
import { anchorForged, type Draft, type Forged } from "../support/contracts/forger.ts";
import {
  GIFT,
  REVERSAL,
  type Receipt,
  random32,
  randomReceipt,
  unitOf,
} from "../support/contracts/reference.ts";
import { placeOf } from "../support/contracts/trees.ts";

const CNY = unitOf("CNY");
const FIVE = [10n, 20n, 30n, 40n, 50n];

describe("proveFalseReceipt", () => {
  let deployed: Deployed;
  let contract: LedgerContract;

  beforeEach(async () => {
    deployed = await networkHelpers.loadFixture(opened);
    contract = as(deployed.contract, deployed.stranger);
  });

  async function anchored(draft: Draft): Promise<Forged> {
    const [forged] = await anchorForged(deployed, draft);
    return forged!;
  }

  const refused = (sent: Promise<unknown>, reason: string) =>
    expect(sent).to.be.revertedWithCustomError(contract, reason);

  describe("refuses", () => {
    for (const size of [1, 2, 3, 5]) {
      it(`every receipt of an honest statement of ${size}, among gifts and reversals`, async () => {
        for (const kind of [GIFT, REVERSAL]) {
          const honest = await anchored({ kind, amounts: FIVE.slice(0, size) });
          for (const index of honest.receipts.keys())
            await refused(accuse(contract, falseReceipt(honest, index)), "NoFault");
        }
      });
    }

    it("a receipt changed in any field", async () => {
      const honest = await anchored({ amounts: FIVE });
      const [receipt] = honest.receipts as [Receipt];
      const changes: Partial<Receipt>[] = [
        { id: "0x00000000000000000000000000000001" },
        { charity: random32() },
        { unit: unitOf("USD") },
        { kind: REVERSAL },
        { amount: 11n },
        { acceptedAt: 1n },
        { terms: random32() },
        { details: random32() },
        { salt: random32() },
      ];
      for (const change of changes) {
        const other = falseCount(honest, { ...receipt, ...change }, 10n, placeOf(honest.levels, 0, 0));
        await refused(accuse(contract, other), "ReceiptNotInStatement");
      }
    });

    it("another amount than the tree counts it with", async () => {
      const honest = await anchored({ amounts: FIVE });
      const [receipt] = honest.receipts as [Receipt];
      for (const sum of [9n, 11n, 0n, 2n ** 63n]) {
        const sent = accuse(contract, falseCount(honest, receipt, sum, placeOf(honest.levels, 0, 0)));
        await refused(sent, sum < 100n ? "ReceiptNotInStatement" : "SumOutOfRange");
      }
    });

    it("another amount of the only receipt than the statement says", async () => {
      const honest = await anchored({ amounts: [10n] });
      const sent = accuse(
        contract,
        falseCount(honest, honest.receipts[0]!, 11n, placeOf(honest.levels, 0, 0)),
      );
      await refused(sent, "SumMismatch");
    });

    it("a place that is another's", async () => {
      const honest = await anchored({ amounts: FIVE });
      for (const index of [1, 4]) {
        const moved = falseCount(honest, honest.receipts[0]!, 10n, placeOf(honest.levels, 0, index));
        await expect(accuse(contract, moved)).to.revert(deployed.contract as never);
      }
    });

    it("receipts of another statement, and statements that are not in their batch", async () => {
      const [one, other] = await anchorForged(deployed, { amounts: FIVE }, { amounts: FIVE, from: 150n });
      const moved = falseCount(one!, other!.receipts[0]!, 10n, placeOf(other!.levels, 0, 0));
      await refused(accuse(contract, moved), "ReceiptNotInStatement");
      const unproven = { ...one!, proof: other!.proof };
      await refused(accuse(contract, falseReceipt(unproven, 0)), "StatementNotInBatch");
    });

    it("a receipt of another ledger, which this one counts by its leaf alone", async () => {
      const elsewhere = { ...deployed, ledger: random32() };
      const [foreign] = await anchorForged(elsewhere, { amounts: [10n], counted: [11n] });
      await refused(accuse(contract, falseReceipt(foreign!, 0)), "StatementNotInBatch");
    });
  });

  describe("convicts", () => {
    const counted: Record<string, Draft & { index: number }> = {
      "that counts one with less": { amounts: FIVE, counted: [10n, 20n, 29n, 40n, 50n], index: 2 },
      "that counts one with more": { amounts: FIVE, counted: [10n, 20n, 30n, 40n, 51n], index: 4 },
      "that counts one with nothing": { amounts: FIVE, counted: [0n, 20n, 30n, 40n, 50n], index: 0 },
      "whose only receipt is counted with more": { amounts: [10n], counted: [1_000n], index: 0 },
    };
    for (const [title, { index, ...draft }] of Object.entries(counted)) {
      for (const kind of [GIFT, REVERSAL]) {
        it(`a statement of kind ${kind} ${title}`, async () => {
          const liar = await anchored({ ...draft, kind });
          await accuse(contract, falseReceipt(liar, index));
          expect(await contract.faultOf(CHARITY, CNY)).to.equal(FAULT.falseReceipt);
        });
      }
    }

    const strays: Record<string, () => Receipt> = {
      "of another charity": () => randomReceipt(random32(), CNY, GIFT, 10n),
      "in another unit": () => randomReceipt(CHARITY, unitOf("USD"), GIFT, 10n),
      "that is a reversal": () => randomReceipt(CHARITY, CNY, REVERSAL, 10n),
    };
    for (const [title, stray] of Object.entries(strays)) {
      it(`a statement of gifts that counts one ${title}, alone or among others`, async () => {
        const own = () => randomReceipt(CHARITY, CNY, GIFT, 5n);
        const alone = await anchored({ holds: [stray()] });
        const { restore } = await networkHelpers.takeSnapshot();
        await accuse(contract, falseReceipt(alone, 0));
        await restore();
        const among = await anchored({ holds: [own(), own(), stray()], from: 10n });
        await accuse(contract, falseReceipt(among, 2));
        expect(await contract.faultOf(CHARITY, CNY)).to.equal(FAULT.falseReceipt);
      });
    }

    it("a statement that counts a receipt of nothing as nothing, which no ledger gives", async () => {
      for (const kind of [GIFT, REVERSAL]) {
        const { restore } = await networkHelpers.takeSnapshot();
        const liar = await anchored({ kind, amounts: [10n, 0n, 20n] });
        for (const index of [0, 2]) await refused(accuse(contract, falseReceipt(liar, index)), "NoFault");
        await accuse(contract, falseReceipt(liar, 1));
        expect(await contract.faultOf(CHARITY, CNY)).to.equal(FAULT.falseReceipt);
        await restore();
      }
    });

    it("a statement of reversals that counts a gift", async () => {
      const liar = await anchored({ kind: REVERSAL, holds: [randomReceipt(CHARITY, CNY, GIFT, 10n)] });
      await accuse(contract, falseReceipt(liar, 0));
      expect(await contract.faultOf(CHARITY, CNY)).to.equal(FAULT.falseReceipt);
    });
  });
});
