// Evidence before the real contract: what our judgement calls a fault it convicts of, under the same name, and what ours lets
// pass it refuses. Statements, trees and receipts are invented by the hundred, honest ones among them.

import { randomBytes } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { toFunctionSelector } from "viem";
import { NO_REVERSALS } from "../../server/books/encode.ts";
import { BookEvidence } from "../../server/books/evidence.ts";
import { connectChain } from "../../server/chain/client.ts";
import { ledgerReader } from "../../server/chain/ledger-reader.ts";
import { type Hex, toHex, ZERO32 } from "../../server/protocol/bytes.ts";
import type { StatementArgs } from "../../server/protocol/contract-calls.ts";
import { type Evidence, evidenceOfNode, type ShownArgs } from "../../server/protocol/evidence.ts";
import {
  contradictionOf,
  type Fault,
  isCounted,
  isMalformed,
  openedAt,
  placeIn,
  uppermostFalse,
} from "../../server/protocol/faults.ts";
import { evidenceOfFiles } from "../../server/protocol/file-evidence.ts";
import { GIFT, type Receipt, receiptLeaf } from "../../server/protocol/receipt.ts";
import { encodeReceipt, type OpenedReceipt } from "../../server/protocol/receipt-file.ts";
import type { Statement } from "../../server/protocol/statement.ts";
import { type Level, rootNode, sumTreeLevels } from "../../server/protocol/sum-tree.ts";
import { unitHex } from "../audit/ledger.ts";
import { type Forgery, forgedLevels } from "../audit/lies.ts";
import { LyingEndpoint } from "../audit/lying-endpoint.ts";
import { levelOf, makeReceipt } from "../protocol/making.ts";
import { Court } from "./court.ts";

const newCharity = () => new Uint8Array(randomBytes(32));
const small = (max: number) => fc.bigInt({ min: 0n, max: BigInt(max) });
const uint64 = fc.oneof(small(3), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.constant(2n ** 63n));

/** As plain JSON, whatever the figures. */
const argsOf = (statement: Statement): StatementArgs => ({
  ...{
    batch: `${statement.batch}`,
    charity: toHex(statement.charity),
    unit: statement.unit,
    kind: statement.kind,
  },
  ...{ from: `${statement.from}`, to: `${statement.to}`, previous: `${statement.previous}` },
  ...{ receipts: `${statement.receipts}`, receiptsRoot: toHex(statement.receiptsRoot) },
});

type Figures = Pick<Statement, "from" | "to" | "previous" | "receipts">;
const side = (batch: bigint, charity: Uint8Array, figures: Figures): Statement => ({
  ...{ batch, charity, unit: "CNY", kind: GIFT, receiptsRoot: new Uint8Array(randomBytes(32)) },
  ...figures,
});

const forgeries = fc.array(
  fc.record({ level: fc.nat(4), part: fc.nat(99), by: fc.bigInt({ min: -40n, max: 40n }) }),
  { maxLength: 2 },
);
const amounts = fc.array(fc.bigInt({ min: 50n, max: 99n }), { minLength: 1, maxLength: 12 });

describe("evidence before the contract", function () {
  this.timeout(120_000);
  let court: Court;
  before(async () => {
    court = await Court.open();
  });
  after(() => court.close());

  const shown = (statement: Statement, proof: Hex[]): ShownArgs => ({ statement: argsOf(statement), proof });

  describe("of two statements", () => {
    const figures = fc.record({ from: small(4), to: small(4), receipts: small(2), back: small(3) });

    /** Anchors two statements of one line, in one batch or in two, and asks for both orders. */
    async function judgeBoth(a: Statement, b: Statement): Promise<void> {
      const proofs =
        a.batch === b.batch
          ? await court.anchor([argsOf(a), argsOf(b)])
          : [...(await court.anchor([argsOf(a)])), ...(await court.anchor([argsOf(b)]))];
      const [first, second] = [shown(a, proofs[0]!), shown(b, proofs[1]!)];
      for (const [x, y, xs, ys] of [
        [a, b, first, second],
        [b, a, second, first],
      ] as const) {
        const ours = contradictionOf(x, y);
        expect(await court.verdictOn({ fault: ours ?? "overlap", first: xs, second: ys })).to.equal(ours);
      }
    }

    it("names the same contradiction, or none, in either order", async () => {
      const seen = new Set<Fault | null>();
      await fc.assert(
        fc.asyncProperty(figures, figures, fc.boolean(), async (one, other, isOneBatch) => {
          const charity = newCharity();
          const batch = court.nextBatch;
          const last = isOneBatch ? batch : batch + 1n;
          const earlier = (at: bigint, back: bigint) => (at > back ? at - back : 0n);
          const a = side(batch, charity, { ...one, previous: earlier(batch, one.back) });
          const b = side(last, charity, { ...other, previous: earlier(last, other.back) });
          seen.add(contradictionOf(a, b));
          await judgeBoth(a, b);
        }),
        { numRuns: 150 },
      );
      expect([...seen]).to.include.members(["overlap", "gap", "skip", "twice", null]);
    });

    it("is none against itself", async () => {
      const statement = side(court.nextBatch, newCharity(), { from: 0n, to: 9n, previous: 0n, receipts: 1n });
      const [proof] = await court.anchor([argsOf(statement)]);
      const first = shown(statement, proof!);
      expect(contradictionOf(statement, statement)).to.equal(null);
      expect(await court.verdictOn({ fault: "twice", first, second: first })).to.equal(null);
    });
  });

  it("of one statement names the same as malformed, whatever its figures", async () => {
    const figures = fc.record({
      from: uint64,
      to: uint64,
      previous: uint64,
      receipts: uint64,
      kind: fc.nat(3),
    });
    let wellFormed = 0;
    await fc.assert(
      fc.asyncProperty(figures, fc.boolean(), async ({ kind, ...given }, isTame) => {
        const tame = { from: 0n, to: 5n, previous: 0n, receipts: 1n };
        const statement = {
          ...side(court.nextBatch, newCharity(), isTame ? tame : given),
          kind: kind as 0 | 1,
        };
        const [proof] = await court.anchor([argsOf(statement)]);
        const verdict = await court.verdictOn({ fault: "malformed", first: shown(statement, proof!) });
        if (verdict === null) wellFormed += 1;
        expect(verdict).to.equal(isMalformed(statement) ? "malformed" : null);
      }),
      { numRuns: 150 },
    );
    expect(wellFormed).to.be.above(10);
  });

  describe("of trees", () => {
    type Grown = { readonly levels: Level[]; readonly files: OpenedReceipt[]; readonly stated: bigint };

    /** Receipts of one line in a forged tree, anchored; and the file of each donor, out of that tree. */
    async function grow(sums: readonly bigint[], forged: readonly Forgery[]): Promise<Grown> {
      const charity = newCharity();
      const receipts = sums.map((amount, i) =>
        makeReceipt(`${toHex(charity)} ${i}`, {}, { charity, amount }),
      );
      const leaves = receipts.map((receipt) => ({
        hash: receiptLeaf(court.ledger.id, receipt),
        sum: receipt.amount,
      }));
      const levels = forgedLevels(levelOf(leaves), forged);
      const { hash: receiptsRoot, sum: to } = rootNode(levels);
      const given = { from: 0n, to, previous: 0n, receipts: BigInt(receipts.length) };
      const statement = { ...side(court.nextBatch, charity, given), receiptsRoot };
      const [proof] = await court.anchor([argsOf(statement)]);
      const files = receipts.map((receipt, i) => fileOf(receipt, statement, placeIn(levels, 0, i), proof!));
      return { levels, files, stated: to };
    }

    function fileOf(
      receipt: Receipt,
      statement: Statement,
      proof: ReturnType<typeof placeIn>,
      way: readonly Hex[],
    ): OpenedReceipt {
      const statementProof = way.map((hash) => new Uint8Array(Buffer.from(hash.slice(2), "hex")));
      const seal = { batch: statement.batch, proof, statement, statementProof };
      const ledger = { id: court.ledger.id, chainId: 31337, contract: new Uint8Array(20) };
      return { ledger, receipt, details: null, seal, expected: null, promise: null };
    }

    it("finds the uppermost false node, which convicts, and none in an honest tree", async () => {
      let convicted = 0;
      await fc.assert(
        fc.asyncProperty(amounts, forgeries, async (sums, forged) => {
          const { levels, files, stated } = await grow(sums, forged);
          const placed = uppermostFalse(levels, stated);
          const { seal } = files[0]!;
          if (placed === null) return;
          convicted += 1;
          expect(await court.verdictOn(evidenceOfNode(seal!, placed)!)).to.equal("false-sum");
        }),
        { numRuns: 100 },
      );
      expect(convicted).to.be.above(20);
    });

    it("is refused of every node that adds up, and of every receipt that is counted as it is", async () => {
      const { levels, files, stated } = await grow([50n, 60n, 70n, 80n, 90n], []);
      const { seal, receipt } = files[3]!;
      const nodes = levels.flatMap(({ sums }, level) =>
        [...sums].flatMap((sum, index) => {
          const opened = openedAt(levels, level, index, sum);
          return opened === null ? [] : [{ opened, place: placeIn(levels, level, index) }];
        }),
      );
      expect(nodes).to.have.length(4);
      expect(uppermostFalse(levels, stated)).to.equal(null);
      for (const placed of nodes) {
        const lie = evidenceOfNode(seal!, {
          ...placed,
          opened: { ...placed.opened, sum: placed.opened.sum + 1n },
        });
        const honest = {
          ...lie!,
          opened: { ...(lie as never as { opened: object }).opened, sum: `${placed.opened.sum}` },
        };
        expect(await court.verdictOn(honest as Evidence)).to.equal(null);
        expect(await refusalOf(lie!)).to.match(/^(ReceiptNotInStatement|SumMismatch)/);
      }
      expect(isCounted(receipt, 80n, seal!.statement)).to.equal(true);
      expect(isCounted({ ...receipt, amount: 0n }, 0n, seal!.statement)).to.equal(false);
      const counted = evidenceOfFiles(files);
      expect(counted).to.deep.equal([]);
      const first = { statement: argsOf(seal!.statement), proof: seal!.statementProof.map(toHex) };
      const { path, ...numbers } = placeIn(levels, 0, 3);
      const place = {
        ...{ index: `${numbers.index}`, receipts: `${numbers.receipts}` },
        path: path.map(({ hash, sum }) => ({ hash: toHex(hash), sum: `${sum}` })),
      };
      const said: Evidence = {
        fault: "false-receipt",
        first,
        receipt: encodeReceipt(receipt),
        sum: "80",
        place,
      };
      expect(await court.verdictOn(said)).to.equal(null);
    });

    const sumsOf = (levels: readonly Level[]) => levels.map((level) => [...level.sums]);
    const refusalOf = (evidence: Evidence) =>
      court.verdictOn(evidence).then(
        (fault) => `${fault}`,
        (thrown: Error) => thrown.message,
      );

    it("comes out of the files of all donors whenever the tree is forged, and never out of an honest one", async () => {
      const seen = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(amounts, forgeries, async (sums, forged) => {
          const { files, levels } = await grow(sums, forged);
          const found = evidenceOfFiles(files);
          const honest = sumTreeLevels(levelOf(sums.map((sum) => ({ hash: ZERO32, sum }))));
          const isForged = `${sumsOf(levels)}` !== `${sumsOf(honest)}`;
          expect(found.length > 0).to.equal(isForged);
          for (const evidence of found) expect(await court.verdictOn(evidence)).to.equal(evidence.fault);
          for (const { fault } of found) seen.set(fault, (seen.get(fault) ?? 0) + 1);
        }),
        { numRuns: 100 },
      );
      expect([...seen.keys()]).to.include.members(["false-sum", "false-receipt"]);
    });

    it("comes out of one file alone when the lie is on its own way", async () => {
      const { files } = await grow([50n, 30n, 20n, 10n], [{ level: 1, part: 0, by: -20n }]);
      const [evidence, ...more] = evidenceOfFiles([files[0]!]);
      expect([evidence?.fault, more.length]).to.deep.equal(["false-sum", 0]);
      expect(await court.verdictOn(evidence!)).to.equal("false-sum");
      expect(evidenceOfFiles([files[2]!])).to.deep.equal([]);
      expect(evidenceOfFiles([files[2]!, files[1]!]).map(({ fault }) => fault)).to.deep.equal(["false-sum"]);
      const lessened = await grow([50n, 30n], [{ level: 0, part: 0, by: -10n }]);
      const [receipt] = evidenceOfFiles([lessened.files[0]!]);
      expect(receipt).to.include({ fault: "false-receipt", sum: "40" });
      expect(await court.verdictOn(receipt!)).to.equal("false-receipt");
    });

    it("comes out of one file and the book of its batch, when the lie is beside its way", async () => {
      const { files, levels } = await grow([50n, 30n, 20n, 10n, 5n], [{ level: 1, part: 0, by: -20n }]);
      const far = files[4]!;
      const { statement } = far.seal!;
      const reversals = NO_REVERSALS;
      const held = {
        ...statement,
        registration: null,
        leaves: levels[0]!.hashes,
        amounts: levels[0]!.sums,
        reversals,
      };
      const book = new BookEvidence({
        ...{ ledger: court.ledger.id, batch: statement.batch, openedAt: 0n, closedAt: 0n, receipts: 5n },
        ...{ root: new Uint8Array(32), statements: [held], notices: [] },
      });
      expect(evidenceOfFiles([files[2]!])).to.deep.equal([]);
      const [evidence] = evidenceOfFiles([files[2]!], { opener: book.opener });
      expect(await court.verdictOn(evidence!)).to.equal("false-sum");
      // The last stands alone: what is beside it is hashed over the lie, and no true node is known by that hash.
      expect(evidenceOfFiles([far], { opener: book.opener })).to.deep.equal([]);
    });

    it("comes out of a file whose receipt is of another line", async () => {
      const { files } = await grow([50n, 30n], []);
      const receipt = makeReceipt("of another", {}, { charity: newCharity(), amount: 50n });
      const leaf = { hash: receiptLeaf(court.ledger.id, receipt), sum: 50n };
      const levels = forgedLevels(levelOf([leaf, { hash: new Uint8Array(32).fill(3), sum: 30n }]), []);
      const statement = {
        ...files[0]!.seal!.statement,
        ...{ batch: court.nextBatch, charity: newCharity(), receiptsRoot: rootNode(levels).hash },
      };
      const [proof] = await court.anchor([argsOf(statement)]);
      const file = fileOf(receipt, statement, placeIn(levels, 0, 0), proof!);
      const [evidence] = evidenceOfFiles([file]);
      expect(evidence?.fault).to.equal("false-receipt");
      expect(await court.verdictOn(evidence!)).to.equal("false-receipt");
    });
  });

  describe("of a line that was convicted", () => {
    const convicted = newCharity();
    const names = () =>
      [convicted, newCharity()].map((charity) => ({ charity: toHex(charity), unit: "CNY" }));
    const faultsBy = async (url: string) => {
      const lines = await ledgerReader(connectChain(url), court.ledger.contract).lines(names());
      return lines.map(({ fault, given }) => [fault, given]);
    };

    before(async () => {
      const statement = side(court.nextBatch, convicted, { from: 3n, to: 3n, previous: 0n, receipts: 1n });
      const [proof] = await court.anchor([argsOf(statement)]);
      await court.ledger.write("proveMalformed", [{ ...argsOf(statement), unit: unitHex() }, proof]);
    });

    it("is read with its watermarks, by one request for many lines", async () => {
      expect(await faultsBy(court.url)).to.deep.equal([
        ["malformed", 0n],
        [null, 0n],
      ]);
    });

    it("is none of a contract from before there were faults", async () => {
      const endpoint = await LyingEndpoint.before(court.url);
      endpoint.lie = (_, params, result) => {
        const { data = "" } = (params[0] ?? {}) as { data?: string };
        if (data.includes(toFunctionSelector("faultOf(bytes32,bytes32)").slice(2)))
          throw new Error("execution reverted");
        return result;
      };
      expect(await faultsBy(endpoint.url)).to.deep.equal([
        [null, 0n],
        [null, 0n],
      ]);
      await endpoint.close();
    });
  });
});
