// The mutated receipt files: what is changed in a valid one, and the reason with which verification must refuse it.
// A list to be read; what the changes lead to is frozen in mutated-files.json.

import { fromHex, toHex } from "../../server/protocol/bytes.ts";
import { receiptLeaf } from "../../server/protocol/receipt.ts";
import { encodeReceiptFile, type ReceiptFile } from "../../server/protocol/receipt-file.ts";
import { rootNode, sumTreeLevels } from "../../server/protocol/sum-tree.ts";
import { levelOf } from "../protocol/making.ts";
import type { Ledger } from "./ledger.ts";

/** `mutate` changes, in place, a copy of the valid file named `base`. */
export type Mutation = {
  name: string;
  base: string;
  reason: string;
  mutate(file: ReceiptFile, ledger: Ledger): void;
};

type Change = string | number | boolean | null | undefined | object | ((old: never) => unknown);
/** By the path of the member: its new value, or a function of the old one; undefined removes it. */
type Changes = Record<string, Change>;

const PAST_INT64 = "9223372036854775808";
const LARGEST = "9223372036854775807";

export const MUTATIONS: Mutation[] = [
  ...formMutations(),
  ...detailsMutations(),
  ...receiptMutations(),
  ...pathMutations(),
  ...statementMutations(),
  ...proofMutations(),
];

function formMutations(): Mutation[] {
  return [
    on("gift", "another version of the format", "wrong-format", { format: "amanah-receipt/2" }),
    on("gift", "a float as amount", "not-a-whole-number", { "receipt.amount": "150.0" }),
    on("gift", "a JSON number as amount", "not-a-whole-number", { "receipt.amount": 150 }),
    on("gift", "a negative amount", "not-a-whole-number", { "receipt.amount": "-150" }),
    on("gift", "an amount with a leading zero", "not-a-whole-number", { "receipt.amount": "0150" }),
    on("gift", "an amount with an exponent", "not-a-whole-number", { "receipt.amount": "15e1" }),
    on("gift", "an amount of zero", "out-of-range", { "receipt.amount": "0" }),
    on("gift", "an amount of 2^63", "out-of-range", { "receipt.amount": PAST_INT64 }),
    on("gift", "a time of 2^63", "out-of-range", { "receipt.acceptedAt": PAST_INT64 }),
    on("gift", "a negative sibling sum", "not-a-whole-number", { "proof.path.0.sum": "-50" }),
    on("gift", "a negative sibling sum as two's complement", "not-a-whole-number", {
      "proof.path.0.sum": "18446744073709551566",
    }),
    on("gift", "a sibling sum of 2^63", "out-of-range", { "proof.path.0.sum": PAST_INT64 }),
    on("gift", "a truncated id", "wrong-length", { "receipt.id": (id: string) => id.slice(0, -2) }),
    on("gift", "a charity that is not hex", "not-hex", { "receipt.charity": "GB-CHC-1164883" }),
    on("gift", "a sibling of 31 bytes", "wrong-length", {
      "proof.path.1.hash": (hash: string) => hash.slice(0, -2),
    }),
    on("gift", "a third kind", "wrong-kind", { "receipt.kind": 2 }),
    on("gift", "a kind in quotes", "not-a-small-number", { "receipt.kind": "0" }),
    on("gift", "a unit beyond ASCII", "not-a-tag", { "receipt.unit": "CNÝ" }),
    on("gift", "no salt", "field-missing", { "receipt.salt": undefined }),
    on("gift", "a proof without its statement", "partly-sealed", { statement: null }),
    on("gift", "a path that is no list", "not-a-list", { "proof.path": {} }),
    on("gift", "a path of 64 siblings", "list-too-long", {
      "proof.path": (path: object[]) => Array(64).fill(path[0]),
    }),
    on("gift", "a statement proof of 65 hashes", "list-too-long", {
      statementProof: (proof: string[]) => Array(65).fill(proof[0]),
    }),
    on("gift", "details that are a list", "not-an-object", { details: [] }),
  ];
}

function detailsMutations(): Mutation[] {
  return [
    on("gift", "another order number", "details-differ", { "details.order": "1" }),
    on("gift", "details without their nonce", "details-differ", { "details.nonce": undefined }),
    on("gift", "one detail more", "details-differ", { "details.note": "added later" }),
    on("gift", "a detail that no canonical JSON holds", "not-json", { "details.note": "\ud800" }),
    on("gift", "another hash of the details", "details-differ", { "receipt.details": flipped }),
    on("gift with erased details", "another hash of erased details", "receipts-root-differs", {
      "receipt.details": flipped,
    }),
  ];
}

function receiptMutations(): Mutation[] {
  return [
    on("gift", "an amount one higher", "receipts-root-differs", { "receipt.amount": plus(1n) }),
    on("gift", "an amount lowered in favour of the sibling", "receipts-root-differs", {
      "receipt.amount": plus(-10n),
      "proof.path.0.sum": plus(10n),
    }),
    on("only gift of its statement", "an amount changed with its statement", "receipts-root-differs", {
      "receipt.amount": plus(10n),
      "statement.to": plus(10n),
    }),
    on("gift", "another salt", "receipts-root-differs", { "receipt.salt": flipped }),
    on("gift", "another id", "receipts-root-differs", { "receipt.id": flipped }),
    on("gift", "a later time", "receipts-root-differs", { "receipt.acceptedAt": plus(1n) }),
    on("gift", "other terms", "receipts-root-differs", { "receipt.terms": flipped }),
    on("gift", "another ledger", "receipts-root-differs", { "ledger.id": flipped }),
    on("gift", "a gift passed off as a reversal", "receipts-root-differs", {
      "receipt.kind": 1,
      "statement.kind": 1,
    }),
    on("reversal", "a reversal passed off as a gift", "receipts-root-differs", {
      "receipt.kind": 0,
      "statement.kind": 0,
    }),
    on("reversal", "a reversal of another gift", "receipts-root-differs", { "receipt.terms": flipped }),
    on("reversal", "a reversal of nothing", "reversal-of-nothing", {
      "receipt.terms": `0x${"00".repeat(32)}`,
    }),
    on("gift", "another unit in receipt and statement", "receipts-root-differs", {
      "receipt.unit": "USD",
      "statement.unit": "USD",
    }),
    on("gift", "another charity in receipt and statement", "receipts-root-differs", {
      "receipt.charity": flipped,
      "statement.charity": flipped,
    }),
  ];
}

function pathMutations(): Mutation[] {
  return [
    on("gift", "swapped sides: the neighbour's index", "receipts-root-differs", { "proof.index": plus(1n) }),
    on("gift", "an index two pairs away", "receipts-root-differs", { "proof.index": plus(-2n) }),
    on("gift", "an index past the receipts", "index-out-of-range", { "proof.index": "7" }),
    on("gift", "a huge index", "index-out-of-range", { "proof.index": LARGEST }),
    on("gift", "a truncated path", "path-length", { "proof.path": (path: object[]) => path.slice(0, -1) }),
    on("gift", "a lengthened path", "path-length", { "proof.path": (path: object[]) => [...path, path[0]] }),
    on("gift", "no path", "path-length", { "proof.path": [] }),
    on("only gift of its statement", "a path where there is none", "path-length", {
      "proof.path": [{ hash: `0x${"11".repeat(32)}`, sum: "0" }],
    }),
    on("last gift of seven", "an odd node duplicated", "path-length", {
      "proof.path": (path: object[]) => [path[0], ...path],
    }),
    on("gift", "a flipped bit in a sibling", "receipts-root-differs", { "proof.path.1.hash": flipped }),
    on("gift", "a flipped bit in the last sibling", "receipts-root-differs", {
      "proof.path.2.hash": flipped,
    }),
    on("gift", "a sibling sum one higher", "receipts-root-differs", { "proof.path.1.sum": plus(1n) }),
    on("gift", "siblings in another order", "receipts-root-differs", {
      "proof.path": (path: object[]) => path.toReversed(),
    }),
    on("gift", "the sums of two siblings exchanged", "receipts-root-differs", {
      "proof.path": ([a, b, ...rest]: Sibling[]) => [{ ...a!, sum: b!.sum }, { ...b!, sum: a!.sum }, ...rest],
    }),
    on("gift", "sums that pass 2^63 on the way", "sum-out-of-range", { "proof.path.1.sum": LARGEST }),
    on("gift", "sums that would wrap to the right total", "sum-out-of-range", {
      "proof.path.0.sum": LARGEST,
      "proof.path.1.sum": LARGEST,
      "proof.path.2.sum": "2",
    }),
    on("gift", "the parent node offered as leaf", "receipts-root-differs", {
      "proof.path": (path: object[]) => path.slice(1),
      "proof.index": "1",
      "proof.receipts": "4",
      "statement.receipts": "4",
    }),
    on("gift", "the parent node's sum as amount", "receipts-root-differs", {
      "receipt.amount": "350",
      "proof.path": (path: object[]) => path.slice(1),
      "proof.index": "1",
      "proof.receipts": "4",
      "statement.receipts": "4",
    }),
    on("gift", "a tree of one, the receipts' root as its leaf", "receipts-root-differs", {
      "receipt.amount": "1400",
      "proof.path": [],
      "proof.index": "0",
      "proof.receipts": "1",
      "statement.receipts": "1",
    }),
  ];
}

function statementMutations(): Mutation[] {
  return [
    on("gift", "a batch other than the statement's", "batch-differs", { batch: "2" }),
    on("gift", "another batch in file and statement", "statement-malformed", {
      batch: "2",
      "statement.batch": "2",
    }),
    on("gift", "another anchored batch throughout", "root-differs", {
      batch: "2",
      "statement.batch": "2",
      "statement.previous": "1",
    }),
    on("gift", "another charity in the receipt", "charity-differs", { "receipt.charity": flipped }),
    on("gift", "another charity in the statement", "charity-differs", { "statement.charity": flipped }),
    on("gift", "another unit in the statement", "unit-differs", { "statement.unit": "USD" }),
    on("gift", "another kind in the statement", "kind-differs", { "statement.kind": 1 }),
    on("gift", "another number of receipts in the proof", "receipt-count-differs", { "proof.receipts": "8" }),
    on("gift", "another number of receipts throughout", "root-differs", {
      "proof.receipts": "8",
      "statement.receipts": "8",
    }),
    onStatementOf("gift", "gift amid eight, acknowledged", "the statement of another batch", "batch-differs"),
    onStatementOf("gift", "reversal", "the statement of the reversal side", "kind-differs"),
    onStatementOf(
      "only gift of its statement",
      "gift amid eight, acknowledged",
      "the statement of another line",
      "charity-differs",
    ),
    on("gift", "a position moved forward", "root-differs", {
      "statement.from": plus(10n),
      "statement.to": plus(10n),
    }),
    on("gift", "a statement that ends later", "sum-differs", { "statement.to": plus(1n) }),
    on("gift", "a statement that begins earlier", "sum-differs", { "statement.from": plus(-1n) }),
    on("gift", "a statement that ends where it begins", "statement-malformed", { "statement.to": "1" }),
    on("gift", "a statement before itself", "statement-malformed", { "statement.previous": "3" }),
    on("gift", "a first statement that does not begin at zero", "statement-malformed", {
      "statement.previous": "0",
    }),
    on("gift", "a statement in batch 0", "statement-malformed", { batch: "0", "statement.batch": "0" }),
    on("gift", "a statement without receipts", "statement-malformed", { "statement.receipts": "0" }),
    on("gift", "more receipts than minor units", "statement-malformed", { "statement.receipts": LARGEST }),
    on("gift", "another statement before", "root-differs", { "statement.previous": "1" }),
    on("gift", "another receipts' root", "receipts-root-differs", { "statement.receiptsRoot": flipped }),
    { name: "a tree of its own over a raised amount", base: "gift", reason: "root-differs", mutate: regrow },
  ];
}

function proofMutations(): Mutation[] {
  return [
    on("gift", "a truncated statement proof", "root-differs", {
      statementProof: (proof: string[]) => proof.slice(0, -1),
    }),
    on("gift", "a lengthened statement proof", "root-differs", {
      statementProof: (proof: string[]) => [...proof, proof[0]],
    }),
    on("gift", "no statement proof", "root-differs", { statementProof: [] }),
    on("gift", "a flipped bit in the statement proof", "root-differs", { "statementProof.0": flipped }),
    on("gift", "a statement proof in another order", "root-differs", {
      statementProof: (proof: string[]) => proof.toReversed(),
    }),
  ];
}

type Sibling = { hash: string; sum: string };

function on(base: string, name: string, reason: string, changes: Changes): Mutation {
  const mutate = (file: ReceiptFile) => {
    for (const [path, change] of Object.entries(changes)) apply(file, path.split("."), change);
  };
  return { name, base, reason, mutate };
}

/** The whole statement of another file, with its proof; the file keeps its batch. */
function onStatementOf(base: string, other: string, name: string, reason: string): Mutation {
  const mutate = (file: ReceiptFile, ledger: Ledger) => {
    const { statement, statementProof } = encodeReceiptFile(
      ledger.files.find((each) => each.name === other)!.file,
    );
    Object.assign(file, { statement, statementProof });
  };
  return { name, base, reason, mutate };
}

/** A file consistent in itself: the forger grows a tree of one over a raised amount, and only the root gives it away. */
function regrow(file: ReceiptFile, ledger: Ledger): void {
  const gift = ledger.files.find((each) => each.name === "gift")!.file;
  const amount = gift.receipt.amount + 1000n;
  const leaf = receiptLeaf(ledger.ledger.id, { ...gift.receipt, amount });
  const { hash, sum } = rootNode(sumTreeLevels(levelOf([{ hash: leaf, sum: amount }])));
  const figures = { receipts: "1", to: `${gift.seal!.statement.from + sum}`, receiptsRoot: toHex(hash) };
  file.receipt.amount = `${amount}`;
  file.proof = { index: "0", receipts: "1", path: [] };
  Object.assign(file.statement!, figures);
}

function apply(target: object, [member, ...rest]: string[], change: Change): void {
  const members = target as Record<string, unknown>;
  if (rest.length > 0) {
    apply(members[member!] as object, rest, change);
    return;
  }
  const value = typeof change === "function" ? change(members[member!] as never) : change;
  if (value === undefined) delete members[member!];
  else members[member!] = value;
}

function plus(difference: bigint): (old: string) => string {
  return (old) => `${BigInt(old) + difference}`;
}

function flipped(hex: string): string {
  const bytes = fromHex(hex);
  bytes[0]! ^= 1;
  return toHex(bytes);
}
