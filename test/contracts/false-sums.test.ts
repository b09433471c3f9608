// False sums: a node of a statement's tree that is not the sum of the two below it, wherever it is and however large; and
// that an honest tree has none to show, however it is opened.
import { expect } from "chai";
import { accuse, FAULT, falseNode, falseSum } from "../support/contracts/accuser.ts";
import { as, type Deployed, type LedgerContract, networkHelpers } from "../support/contracts/chain.ts";
import { CHARITY, opened } from "../support/contracts/charity.ts";
import { anchorForged, type Draft, type Forged } from "../support/contracts/forger.ts";
import { type ReceiptProof, random32, unitOf } from "../support/contracts/reference.ts";
import { type OpenedNode, openedAt, placeOf } from "../support/contracts/trees.ts";

const CNY = unitOf("CNY");
const LIMIT = 2n ** 63n;
const ELEVEN = Array.from({ length: 11 }, (_, i) => BigInt(i + 1));

describe("proveFalseSum", () => {
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

  const tried = (forged: Forged, opened: OpenedNode, place: ReceiptProof) =>
    accuse(contract, falseNode(forged, opened, place));
  const refused = (sent: Promise<unknown>, reason: string) =>
    expect(sent).to.be.revertedWithCustomError(contract, reason);

  const nodes = ({ levels }: Forged) =>
    levels.flatMap((level, number) => level.map((_, index) => ({ level: number, index })));

  describe("refuses", () => {
    for (const size of [2, 3, 5, 8, 11]) {
      it(`every node of an honest tree of ${size}`, async () => {
        const honest = await anchored({ amounts: ELEVEN.slice(0, size) });
        for (const { level, index } of nodes(honest)) {
          const node = openedAt(honest.levels, level, index);
          if (node) await refused(tried(honest, node, placeOf(honest.levels, level, index)), "NoFault");
        }
      });
    }

    it("what stands for a leaf: no two nodes hash to it", async () => {
      const honest = await anchored({ amounts: ELEVEN });
      const [left, right] = honest.levels[0]! as [OpenedNode["left"], OpenedNode["left"]];
      for (const index of [0, 5, 10]) {
        const { sum } = honest.levels[0]![index]!;
        const place = placeOf(honest.levels, 0, index);
        await refused(tried(honest, { left, right, sum }, place), "ReceiptNotInStatement");
      }
    });

    it("a tree of one receipt, which has nothing to open", async () => {
      const honest = await anchored({ amounts: [50n] });
      const [leaf] = honest.levels[0]!;
      const opened = { left: leaf!, right: { hash: random32(), sum: 1n }, sum: 50n };
      await refused(tried(honest, opened, placeOf(honest.levels, 0, 0)), "ReceiptNotInStatement");
    });

    it("another sum for a node than the one above it says, or other sums below", async () => {
      const honest = await anchored({ amounts: ELEVEN });
      const node = openedAt(honest.levels, 2, 1)!;
      const place = placeOf(honest.levels, 2, 1);
      const others = [
        { ...node, sum: node.sum + 1n },
        { ...node, left: { ...node.left, sum: node.left.sum + 1n } },
        { ...node, right: { ...node.right, sum: node.right.sum - 1n } },
        { ...node, left: node.right, right: node.left },
      ];
      for (const other of others) await refused(tried(honest, other, place), "ReceiptNotInStatement");
    });

    it("another sum for the root than the statement says", async () => {
      const honest = await anchored({ amounts: ELEVEN });
      const root = openedAt(honest.levels, 4, 0)!;
      await refused(tried(honest, { ...root, sum: 67n }, placeOf(honest.levels, 4, 0)), "SumMismatch");
    });

    it("a place that is not the node's, of another length or beyond the end", async () => {
      const honest = await anchored({ amounts: ELEVEN });
      const node = openedAt(honest.levels, 1, 2)!;
      const place = placeOf(honest.levels, 1, 2);
      const { path } = place;
      await refused(tried(honest, node, { ...place, index: 3n }), "ReceiptNotInStatement");
      await refused(tried(honest, node, placeOf(honest.levels, 1, 4)), "ReceiptNotInStatement");
      await refused(tried(honest, node, { ...place, path: path.slice(1) }), "PathTooShort");
      await refused(tried(honest, node, { ...place, path: [...path, path[0]!] }), "PathTooLong");
      await refused(tried(honest, node, { ...place, index: 6n }), "IndexOutOfRange");
      const large = path.map((sibling, i) => (i ? sibling : { ...sibling, sum: LIMIT }));
      await refused(tried(honest, node, { ...place, path: large }), "SumOutOfRange");
    });

    it("the tree of another statement, or a statement that is not anchored", async () => {
      const [one, other] = [await anchored({ amounts: ELEVEN }), await anchored({ unit: unitOf("STEP") })];
      const lie = { amounts: [1n, 2n], claims: [{ level: 1, index: 0, sum: 4n }], unit: unitOf("USD") };
      const liar = await anchored(lie);
      await refused(accuse(contract, falseSum({ ...liar, ...shownOf(one) }, 1, 0)), "ReceiptNotInStatement");
      await refused(accuse(contract, falseSum({ ...liar, proof: other.proof }, 1, 0)), "StatementNotInBatch");
      const foreign = await anchorForged({ ...deployed, ledger: random32() }, lie);
      await refused(accuse(contract, falseSum(foreign[0]!, 1, 0)), "StatementNotInBatch");
    });

    const shownOf = ({ statement, proof }: Forged) => ({ statement, proof });
  });

  describe("convicts", () => {
    /** The node that lies, and that of which it is shown: its own children do not add up to what it claims. */
    const lies: Record<string, Draft & { at: [level: number, index: number] }> = {
      "at the root, one too many": { claims: [{ level: 4, index: 0, sum: 67n }], at: [4, 0] },
      "at the root, one too few": { claims: [{ level: 4, index: 0, sum: 65n }], at: [4, 0] },
      "in the middle": { claims: [{ level: 2, index: 1, sum: 9n }], at: [2, 1] },
      "in the middle of the right edge": { claims: [{ level: 2, index: 2, sum: 900n }], at: [2, 2] },
      "at the lowest node": { claims: [{ level: 1, index: 3, sum: 16n }], at: [1, 3] },
      "at the last pair before an odd leaf": { claims: [{ level: 1, index: 4, sum: 1n }], at: [1, 4] },
      "at a node of nothing": { claims: [{ level: 1, index: 0, sum: 0n }], at: [1, 0] },
      "above an odd leaf that moved up": { claims: [{ level: 2, index: 2, sum: 31n }], at: [2, 2] },
      "of two": { amounts: [1n, 2n], claims: [{ level: 1, index: 0, sum: 4n }], at: [1, 0] },
      "of three, where one moves up": {
        amounts: [1n, 2n, 3n],
        claims: [{ level: 2, index: 0, sum: 5n }],
        at: [2, 0],
      },
      "that is 2^64 less than the two below, as 64 bits would add them": {
        amounts: [LIMIT, LIMIT, 5n],
        claims: [{ level: 1, index: 0, sum: 0n }],
        at: [1, 0],
      },
      "that hides a sum past 2^63": {
        amounts: [LIMIT - 1n, LIMIT - 1n, 1n, 1n],
        claims: [{ level: 1, index: 0, sum: 7n }],
        at: [1, 0],
      },
      "at the root over a sum past 2^64": {
        amounts: [1n, 1n, 1n, 1n],
        claims: [
          { level: 1, index: 0, sum: 2n ** 64n - 1n },
          { level: 1, index: 1, sum: 2n },
          { level: 2, index: 0, sum: 1n },
        ],
        at: [2, 0],
      },
      "over leaves of which one counts past 2^63": {
        amounts: [1n, 1n],
        counted: [2n ** 64n - 1n, 11n],
        claims: [{ level: 1, index: 0, sum: 10n }],
        at: [1, 0],
      },
    };
    for (const [title, { at, ...draft }] of Object.entries(lies)) {
      it(`of a sum ${title}`, async () => {
        // Of as few receipts as units, where the sum is small: the form of the statement is not what is shown.
        const liar = await anchored({ amounts: ELEVEN, receipts: 1n, ...draft });
        await accuse(contract, falseSum(liar, ...at));
        expect(await contract.faultOf(CHARITY, CNY)).to.equal(FAULT.falseSum);
      });
    }

    it("by the uppermost of several false nodes, of which the lower cannot be reached", async () => {
      const claims = [
        { level: 1, index: 0, sum: LIMIT },
        { level: 2, index: 0, sum: 10n },
      ];
      const liar = await anchored({ amounts: [1n, 2n, 3n, 4n], claims });
      await refused(accuse(contract, falseSum(liar, 1, 0)), "SumOutOfRange");
      await accuse(contract, falseSum(liar, 2, 0));
      expect(await contract.faultOf(CHARITY, CNY)).to.equal(FAULT.falseSum);
    });

    it("by a node alone, though every other node of the tree is withheld but those beside its way", async () => {
      const claims = [{ level: 3, index: 0, sum: 1n }];
      const liar = await anchored({ amounts: ELEVEN, claims });
      const { path } = placeOf(liar.levels, 3, 0);
      expect(path).to.have.length(1);
      await accuse(contract, falseSum(liar, 3, 0));
      expect(await contract.faultOf(CHARITY, CNY)).to.equal(FAULT.falseSum);
    });
  });
});
