// Makes sealed batches and receipt files out of receipts, for vectors and tests.
// Deterministic: nothing here asks for time or chance; bytes come from labels.

import { batchTree } from "../../server/protocol/batch-root.ts";
import { toHex, utf8 } from "../../server/protocol/bytes.ts";
import { type Details, detailsHash } from "../../server/protocol/details.ts";
import { keccak } from "../../server/protocol/hash.ts";
import { type Kind, type Receipt, receiptHasher } from "../../server/protocol/receipt.ts";
import type { OpenedReceipt } from "../../server/protocol/receipt-file.ts";
import {
  noticeLeaf,
  previousNotice,
  type Statement,
  statementLeaf,
  timesNotice,
} from "../../server/protocol/statement.ts";
import { type Level, proofPath, rootNode, sumTreeLevels } from "../../server/protocol/sum-tree.ts";

/** What one batch adds to one side of one line, before it is sealed. */
export type Side = {
  charity: Uint8Array;
  unit: string;
  kind: Kind;
  from: bigint;
  previous: bigint;
  entries: { receipt: Receipt; details: Details }[];
};

export type SealedBatch = {
  root: Uint8Array;
  leaves: Uint8Array[];
  statements: Statement[];
  files: OpenedReceipt[];
};

/** The first `length` bytes of keccak of a label: as good as random, and the same for ever. */
export function bytesOf(label: string, length = 32): Uint8Array {
  return keccak(utf8(label)).slice(0, length);
}

/** A receipt that carries the hash of the given details; everything not given comes from the label. */
export function makeReceipt(label: string, details: Details, given: Partial<Receipt>): Receipt {
  return {
    id: bytesOf(`${label} id`, 16),
    charity: bytesOf("charity"),
    unit: "CNY",
    kind: 0,
    amount: 50n,
    acceptedAt: 1_790_000_000n,
    terms: bytesOf("terms"),
    details: detailsHash(details),
    salt: bytesOf(`${label} salt`),
    ...given,
  };
}

export function levelOf(leaves: { hash: Uint8Array; sum: bigint }[]): Level {
  const level = { hashes: new Uint8Array(leaves.length * 32), sums: new BigUint64Array(leaves.length) };
  for (const [i, leaf] of leaves.entries()) {
    level.hashes.set(leaf.hash, i * 32);
    level.sums[i] = leaf.sum;
  }
  return level;
}

/** Seals a batch: trees, statements, the two notices that every batch has, the root, and the file of every receipt. */
export function sealBatch(
  ledger: OpenedReceipt["ledger"],
  batch: bigint,
  sides: Side[],
  previousRoot: Uint8Array,
): SealedBatch {
  const trees = sides.map((side) => growTree(ledger.id, batch, side));
  const notices = [previousNotice(batch, previousRoot), timesNotice(batch, 1_790_000_000n, 1_790_000_060n)];
  const statements = trees.map((tree) => tree.statement);
  const leaves = [
    ...statements.map((statement) => statementLeaf(ledger.id, statement)),
    ...notices.map((notice) => noticeLeaf(ledger.id, notice)),
  ];
  const above = batchTree(leaves);
  const files = trees.flatMap(({ statement, levels, entries }) => {
    const statementProof = above.proof(statementLeaf(ledger.id, statement));
    return entries.map(({ receipt, details }, index): OpenedReceipt => {
      const proof = { index: BigInt(index), receipts: statement.receipts, path: proofPath(levels, index) };
      return {
        ledger,
        receipt,
        details,
        seal: { batch, proof, statement, statementProof },
        expected: null,
        promise: null,
      };
    });
  });
  return { root: above.root, leaves, statements, files };
}

function growTree(ledger: Uint8Array, batch: bigint, side: Side) {
  const { charity, unit, kind, from, previous } = side;
  const entries = side.entries.toSorted((a, b) => (toHex(a.receipt.id) < toHex(b.receipt.id) ? -1 : 1));
  const leafOf = receiptHasher(ledger);
  const levels = sumTreeLevels(
    levelOf(entries.map(({ receipt }) => ({ hash: leafOf(receipt), sum: receipt.amount }))),
  );
  const { hash: receiptsRoot, sum } = rootNode(levels);
  const receipts = BigInt(entries.length);
  const statement = { batch, charity, unit, kind, from, to: from + sum, previous, receipts, receiptsRoot };
  return { statement, levels, entries };
}
