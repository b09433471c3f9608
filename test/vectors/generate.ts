// Writes the frozen vectors. Run once for a version of the protocol: what is published is never generated anew, later
// versions only add files. The tests read the files and never run this; it is kept to show how they came about.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promiseKey, promiserAccount } from "../../server/chain/accounts.ts";
import { promiseSigner } from "../../server/chain/promiser.ts";
import { batchTree } from "../../server/protocol/batch-root.ts";
import { tag, toHex, uint64 } from "../../server/protocol/bytes.ts";
import { canonicalJson, type Details, detailsHash } from "../../server/protocol/details.ts";
import { keccak } from "../../server/protocol/hash.ts";
import { charityId, receiptId, receiptSalt } from "../../server/protocol/ids.ts";
import {
  type PromisedReceipt,
  promiseLeaf,
  promisesDigest,
  type ReceiptPromise,
} from "../../server/protocol/promise.ts";
import { leafOrder, PromiseTree } from "../../server/protocol/promise-tree.ts";
import { domainSeparator, type Receipt, receiptLeaf } from "../../server/protocol/receipt.ts";
import { encodeReceiptFile, type OpenedReceipt } from "../../server/protocol/receipt-file.ts";
import {
  type Notice,
  noticeLeaf,
  previousNotice,
  type Statement,
  statementLeaf,
  timesNotice,
} from "../../server/protocol/statement.ts";
import { proofPath, rootNode, sumTreeLevels } from "../../server/protocol/sum-tree.ts";
import { compareWithLedger, verifyReceipt } from "../../server/protocol/verify.ts";
import { bytesOf, levelOf } from "../protocol/making.ts";
import { promised } from "../protocol/promising.ts";
import { pathIn } from "../support/promise-path.ts";
import { type Ledger, playLedger, readingOf } from "./ledger.ts";
import { MUTATIONS } from "./mutations.ts";

const FOLDER = import.meta.dirname;
const TREE_SIZES = [1, 2, 3, 5, 8, 100, 1000];

/** Every integer as a decimal string and every byte array as hex, at any depth. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return `${value}`;
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}

function write(name: string, content: object): void {
  writeFileSync(join(FOLDER, name), `${JSON.stringify(plain(content), null, 1)}\n`);
}

function receiptVectors({ ledger, batches }: Ledger): object {
  const receipts = batches
    .flatMap(({ files }) => files)
    .map(({ receipt, details }) => {
      return {
        receipt,
        details,
        canonicalDetails: canonicalJson(details),
        leaf: receiptLeaf(ledger.id, receipt),
      };
    });
  return {
    readme:
      "Leaves: EIP-712 digests of receipts in the ledger's domain. Integers are decimal strings, bytes 0x-hex, units plain names.",
    ledger: ledger.id,
    domainSeparator: domainSeparator(ledger.id),
    extremes: extremeReceipts().map((receipt) => ({ receipt, leaf: receiptLeaf(ledger.id, receipt) })),
    receipts,
  };
}

function extremeReceipts(): Receipt[] {
  const least = {
    id: new Uint8Array(16),
    charity: new Uint8Array(32),
    unit: "A",
    kind: 0,
    amount: 1n,
    acceptedAt: 0n,
    terms: new Uint8Array(32),
    details: new Uint8Array(32),
    salt: new Uint8Array(32),
  } as const;
  const full = new Uint8Array(32).fill(255);
  const most = {
    id: full.slice(16),
    charity: full,
    unit: "~".repeat(32),
    terms: full,
    details: full,
    salt: full,
  };
  const integers = { kind: 1, amount: 2n ** 63n - 1n, acceptedAt: 2n ** 63n - 1n } as const;
  return [least, { ...most, ...integers }];
}

function idVectors(): object {
  const secret = bytesOf("secret");
  const key = {
    source: "shop",
    eventKey: "order-1001",
    item: "1",
    charity: charityId("GB-CHC-1164883"),
    unit: "GBP",
    kind: 0,
    terms: bytesOf("terms"),
  };
  const keys = [
    key,
    { ...key, item: "2" },
    { ...key, eventKey: 'écriture \u{1f35a} "\\\u0007' },
    { ...key, kind: 1 },
  ];
  return {
    readme:
      "Ids: charity = keccak(registration); receipt id = first 16 bytes of HMAC-SHA-256(secret, RFC 8785 JSON of [source, eventKey, item, charity, unit, kind, terms]); salt = HMAC-SHA-256(donorKey, 'amanah.salt.v1' + id); unit left-aligned in 32 bytes.",
    charities: ["GB-CHC-1164883", "GB-CHC-1164883/lunches", "CN-SOC-公益"].map((registration) => {
      return { registration, charity: charityId(registration) };
    }),
    units: ["CNY", "STEP", "MINUTE", "MEAL"].map((unit) => ({ unit, word: tag(unit) })),
    secret,
    receiptIds: keys.map((each) => ({ ...each, id: receiptId(secret, each) })),
    donorKey: bytesOf("donor"),
    salts: keys
      .map((each) => receiptId(secret, each))
      .map((id) => ({ id, salt: receiptSalt(bytesOf("donor"), id) })),
    details: detailsCases().map((details) => {
      return { details, canonical: canonicalJson(details), hash: detailsHash(details) };
    }),
  };
}

function detailsCases(): Details[] {
  return [
    { order: "1001", nonce: "00".repeat(16) },
    {
      z: 1,
      a: [true, null, "x"],
      order: "\u20ac \ud83d\ude00",
      b: { y: 1e21, x: 0.000001 },
      nonce: "ff".repeat(16),
    },
    {
      "\r": "carriage return",
      "1": "one",
      ö: "o umlaut",
      "€": "euro",
      "😀": "smiley",
      דּ: "dagesh",
      nonce: "",
    },
  ];
}

function treeVectors(): object {
  const trees = TREE_SIZES.map((size) => {
    const leaves = Array.from({ length: size }, (_, i) => {
      return { hash: keccak(uint64(BigInt(i))), sum: BigInt(1 + ((i * i) % 997)) };
    });
    const levels = sumTreeLevels(levelOf(leaves));
    const proofs = indicesOf(size).map((index) => ({
      index,
      receipts: size,
      path: proofPath(levels, index),
    }));
    return { size, leaves, root: rootNode(levels), proofs };
  });
  return {
    readme:
      "Sum trees: parent = keccak(uint64 leftSum, leftHash, uint64 rightSum, rightHash), an odd node moves up unchanged; paths go from the leaf up.",
    trees,
  };
}

function indicesOf(size: number): number[] {
  if (size <= 8) return Array.from({ length: size }, (_, i) => i);
  return [0, 1, 2, 63, 64, size >> 1, size - 2, size - 1];
}

function batchVectors({ ledger, batches }: Ledger): object {
  const [first, second] = batches;
  const notices = [
    previousNotice(1n, ledger.id),
    previousNotice(2n, first!.root),
    timesNotice(1n, 1_790_000_000n, 1_790_000_060n),
    { batch: 2n, kind: "terms", subject: bytesOf("subject"), content: bytesOf("content") },
  ];
  return {
    readme:
      "Statements, notices and roots: leaves are keccak(keccak(abi.encode(...))), the tree above has sorted leaves and sorted pairs, an odd node moves up.",
    ledger: ledger.id,
    statements: [first!, second!].flatMap(({ statements }) =>
      statements.map((each) => statementVector(ledger, each)),
    ),
    notices: notices.map((notice: Notice) => ({ ...notice, leaf: noticeLeaf(ledger.id, notice) })),
    batches: [...batches.map(({ leaves }) => leaves), loneLeaf()].map(batchVector),
  };
}

const loneLeaf = () => [bytesOf("lone leaf")];

function statementVector(ledger: OpenedReceipt["ledger"], statement: Statement): object {
  return { ...statement, leaf: statementLeaf(ledger.id, statement) };
}

function batchVector(leaves: Uint8Array[]): object {
  const tree = batchTree(leaves);
  return { leaves, root: tree.root, proofs: leaves.map((leaf) => tree.proof(leaf)) };
}

function fileVectors(played: Ledger): object {
  const files = played.files.map(({ name, file }) => {
    const { verdict, reason, position, status } = judge(played, encodeReceiptFile(file));
    return {
      name,
      verdict,
      reason,
      start: position?.start ?? null,
      end: position?.end ?? null,
      status,
      file,
    };
  });
  const encoded = files.map((each) => ({ ...each, file: encodeReceiptFile(each.file) }));
  return { readme: FILES_README, ...ledgerState(played), files: encoded };
}

const FILES_README =
  "Receipt files that hold, with the state of the contract (roots by batch, lines by charity and unit) that they are compared with, and what the comparison must give.";

function ledgerState({ ledger, roots, lines }: Ledger): object {
  return { ledger: ledger.id, roots: Object.fromEntries(roots), lines };
}

function judge(played: Ledger, json: unknown) {
  const alone = verifyReceipt(json);
  return compareWithLedger(alone, readingOf(played, alone));
}

function mutationVectors(played: Ledger): object {
  const files = MUTATIONS.map(({ name, base, reason, mutate }) => {
    const file = structuredClone(encodeReceiptFile(played.files.find((each) => each.name === base)!.file));
    mutate(file, played);
    const found = judge(played, file);
    if (found.verdict !== "invalid" || found.reason !== reason) {
      throw new Error(`"${name}" was to fail with ${reason}, gave ${found.verdict} ${found.reason}`);
    }
    return { name, base, reason, step: found.steps.at(-1)!.step, file };
  });
  const readme =
    "Receipt files that must fail, each with its reason and the step at which it fails; state of the contract as in receipt-files.json.";
  return { readme, files };
}

const PROMISE_SIZES = [1, 2, 3, 5, 8, 100];

function promiseVectors(ledger: Uint8Array): object {
  const settings = { demonstration: true, PROMISE_KEY: undefined };
  const promises = PROMISE_SIZES.map((size) => {
    const promised = Array.from({ length: size }, (_, i) => promisedOf(`promise ${size} ${i}`, i));
    return promiseVector(ledger, promised, 1_790_086_400n + BigInt(size));
  });
  return {
    readme:
      "Promises: leaf = keccak(keccak(abi.encode('amanah.promise.v1', ledger, leaf, charity, unit, kind, amount))); root of the tree with sorted leaves and sorted pairs, an odd node moves up; digest = EIP-712 Promises(root, deadline) in the ledger's domain, signed with the key (RFC 6979, lower s); paths go from the leaf up.",
    ledger,
    key: promiseKey(settings),
    account: promiserAccount(settings)?.address.toLowerCase(),
    promises,
  };
}

const SEVEN_DAYS = 604_800n;
const LEEWAY = 3_600n;

function heldPromiseVectors({ files: [first] }: Ledger): object {
  const { file } = first!;
  const { acceptedAt } = file.receipt;
  const within = (seconds: bigint) => promised(file, bytesOf("the key that promises"), acceptedAt + seconds);
  const held = within(86_400n);
  const changed = (change: Partial<ReceiptPromise>) => ({ ...held, promise: { ...held.promise, ...change } });
  const files: [string, OpenedReceipt][] = [
    ["for a day later", held],
    ["for as late as can be", within(SEVEN_DAYS + LEEWAY)],
    ["for a second later than that", within(SEVEN_DAYS + LEEWAY + 1n)],
    ["for the end of time", within(2n ** 62n)],
    ["of another leaf", changed({ leaf: bytesOf("another") })],
    ["of another amount", changed({ amount: held.promise.amount + 1n })],
    ["with a recovery byte that there is not", changed({ signature: held.promise.signature.with(64, 29) })],
  ];
  const readme =
    "Promises in receipt files, each with the account that is found to have signed it, or the reason why the step `promise` fails. A deadline lies at most seven days and an hour after the receipt was accepted.";
  return { readme, files: files.map(([name, each]) => heldPromiseVector(name, encodeReceiptFile(each))) };
}

function heldPromiseVector(name: string, file: object): object {
  const { promiser, steps } = verifyReceipt(file);
  return { name, promiser, reason: steps.find(({ step }) => step === "promise")!.reason, file };
}

const promisedOf = (label: string, i: number): PromisedReceipt => ({
  leaf: bytesOf(`${label} leaf`),
  charity: bytesOf(`charity ${i % 3}`),
  unit: i % 4 === 0 ? "STEP" : "CNY",
  kind: i % 5 === 1 ? 1 : 0,
  amount: i === 2 ? 2n ** 63n - 1n : BigInt(1 + ((i * i) % 997)),
});

function promiseVector(ledger: Uint8Array, promised: readonly PromisedReceipt[], deadline: bigint): object {
  const leaves = promised.map((each) => promiseLeaf(ledger, each));
  const order = leafOrder(leaves);
  const tree = new PromiseTree(Buffer.concat(order.map((i) => leaves[i] as Uint8Array)));
  const digest = promisesDigest(ledger, { root: tree.root, deadline });
  const receipts = promised.map((each, i) => ({ ...each, promiseLeaf: leaves[i] }));
  const paths = indicesOf(promised.length).map((i) => ({ index: i, path: pathIn(tree, order.indexOf(i)) }));
  const signature = promiseSigner({ demonstration: true, PROMISE_KEY: undefined })?.(digest);
  return { size: promised.length, receipts, root: tree.root, deadline, digest, signature, paths };
}

mkdirSync(FOLDER, { recursive: true });
const played = playLedger();
write("receipts.json", receiptVectors(played));
write("ids.json", idVectors());
write("sum-trees.json", treeVectors());
write("batches.json", batchVectors(played));
write("receipt-files.json", fileVectors(played));
write("mutated-files.json", mutationVectors(played));
write("promises.json", promiseVectors(played.ledger.id));
write("held-promises.json", heldPromiseVectors(played));
