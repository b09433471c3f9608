// Verifies receipt files with libraries that do not know this project: viem (leaves, contract), merkletreejs (sum tree),
// OpenZeppelin (statement proof), canonicalize (details). Imports nothing of ours; written from the specification alone.
//
//   node test/independent/verify.mjs FOLDER [--rpc URL --contract 0x…]     exit code 0: every file holds; 1: not; 2: wrong use

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { processProof } from "@openzeppelin/merkle-tree/dist/core.js";
import { standardLeafHash } from "@openzeppelin/merkle-tree/dist/hashes.js";
import canonicalize from "canonicalize";
import { MerkleSumTree } from "merkletreejs";
import {
  createPublicClient,
  hashTypedData,
  http,
  keccak256,
  pad,
  parseAbi,
  stringToHex,
  toBytes,
} from "viem";

const RECEIPT_TYPE =
  "bytes16 id,bytes32 charity,bytes32 unit,uint8 kind,uint64 amount,uint64 acceptedAt,bytes32 terms,bytes32 details,bytes32 salt";
const STATEMENT_TYPES =
  "bytes32,bytes32,uint64,bytes32,bytes32,uint8,uint64,uint64,uint64,uint64,bytes32".split(",");
const ABI = parseAbi([
  "function ledger() view returns (bytes32)",
  "function root(uint64) view returns (bytes32)",
]);
const TYPES = {
  Receipt: RECEIPT_TYPE.split(",").map((field) => ({ type: field.split(" ")[0], name: field.split(" ")[1] })),
};

const word = (ascii) => pad(stringToHex(ascii), { dir: "right", size: 32 });
const buffer = (hex) => Buffer.from(hex.slice(2), "hex");
const bucket = (hash, sum) => ({ size: sum, hashed: buffer(hash) });

const sumTree = new MerkleSumTree([leafOf(`0x${"00".repeat(32)}`, 0n, 1n)], (data) =>
  Buffer.from(keccak256(data, "bytes")),
);

/** A leaf of merkletreejs whose hash is given instead of computed from data. */
function leafOf(hash, start, end) {
  return { rng: [start, end], getBucket: () => bucket(hash, end - start) };
}

function checkDetails({ details, receipt }) {
  if (details === null) return "erased";
  return keccak256(toBytes(canonicalize(details))) === receipt.details;
}

function hashReceipt({ ledger, receipt }) {
  const domain = { name: "Amanah", version: "1", salt: ledger.id };
  const message = { ...receipt, unit: word(receipt.unit) };
  return hashTypedData({ domain, types: TYPES, primaryType: "Receipt", message });
}

/** RFC 9162, 2.1.3.2: for each sibling, does it stand on the right? A node at an odd end moves up without one. */
function sidesOf(index, receipts) {
  const sides = [];
  let [node, last] = [BigInt(index), BigInt(receipts) - 1n];
  while (last > 0n) {
    if (node % 2n === 1n) sides.push(false);
    else if (node < last) sides.push(true);
    node /= 2n;
    last /= 2n;
  }
  return sides;
}

/** merkletreejs checks the hashes and the interval; ranges, length and sides are for its caller to check. */
function placeOf({ receipt, proof, statement }, leaf) {
  const sides = sidesOf(proof.index, proof.receipts);
  const sums = proof.path.map(({ sum }) => BigInt(sum));
  if (sides.length !== sums.length || sums.some((sum) => sum < 0n || sum >= 2n ** 63n)) return null;
  const path = proof.path.map(({ hash }, i) => ({ bucket: bucket(hash, sums[i]), right: sides[i] }));
  const before = sums.filter((_, i) => !sides[i]).reduce((a, b) => a + b, 0n);
  const root = bucket(statement.receiptsRoot, BigInt(statement.to) - BigInt(statement.from));
  const leafThere = leafOf(leaf, before, before + BigInt(receipt.amount));
  if (!sumTree.verifyProof(root, leafThere, path)) return null;
  const start = BigInt(statement.from) + before;
  return {
    line: `${receipt.charity} ${receipt.unit} ${receipt.kind}`,
    start,
    end: start + BigInt(receipt.amount),
  };
}

function statementValues({ ledger, statement }) {
  const { batch, charity, unit, kind, from, to, previous, receipts, receiptsRoot } = statement;
  const figures = [from, to, previous, receipts].map(BigInt);
  return [
    word("amanah.statement.v1"),
    ledger.id,
    BigInt(batch),
    charity,
    word(unit),
    kind,
    ...figures,
    receiptsRoot,
  ];
}

function checkSameLine({ batch, receipt, proof, statement }) {
  const same = ["charity", "unit", "kind"].every((name) => receipt[name] === statement[name]);
  return same && batch === statement.batch && proof.receipts === statement.receipts;
}

/** The roots of batches: from the contract where one is given, else the first file of a batch decides for the others. */
function rootsFrom(rpc, contract) {
  const roots = new Map();
  const client = rpc ? createPublicClient({ transport: http(rpc) }) : null;
  const read = (functionName, ...args) =>
    client.readContract({ address: contract, abi: ABI, functionName, args });
  return async ({ ledger, batch, statementProof }, values) => {
    if (roots.has(batch)) return roots.get(batch);
    const ownLedger = client === null || (await read("ledger")) === ledger.id;
    const claimed = processProof(standardLeafHash(STATEMENT_TYPES, values), statementProof);
    const root = client === null ? claimed : await read("root", BigInt(batch));
    roots.set(batch, ownLedger ? root : null);
    return roots.get(batch);
  };
}

/** What does not hold in one file, in words; the leaf and the place on the line if it does. */
async function verify(file, rootOf) {
  if (file.proof === null) return { wrong: "not sealed" };
  if (!checkDetails(file)) return { wrong: "details do not hash to the receipt's" };
  if (!checkSameLine(file)) return { wrong: "the statement is of another line or batch" };
  const leaf = hashReceipt(file);
  const place = placeOf(file, leaf);
  if (place === null) return { wrong: "not in the statement's sum tree" };
  const values = statementValues(file);
  const root = await rootOf(file, values);
  if (root === null || !StandardMerkleTree.verify(root, STATEMENT_TYPES, values, file.statementProof)) {
    return { wrong: `the statement is not in batch ${file.batch}` };
  }
  return { leaf, place, batch: file.batch };
}

/** Two files on one position: a leaf shown twice, or an interval given away twice. */
function overlaps(places) {
  const order = (a, b) => (a.line === b.line ? Number(a.start - b.start) : a.line < b.line ? -1 : 1);
  const sorted = places.toSorted(order);
  return sorted.filter(
    (place, i) => i > 0 && sorted[i - 1].line === place.line && sorted[i - 1].end > place.start,
  );
}

function report(held, wrong) {
  for (const [name, reason] of wrong) console.log(`WRONG ${name}: ${reason}`);
  const lines = Map.groupBy(held, ({ place }) => place.line);
  for (const [line, members] of lines) {
    const sum = members.reduce((total, { place }) => total + place.end - place.start, 0n);
    console.log(`line ${line}: ${members.length} receipts, ${sum} minor units`);
  }
  console.log(
    `${new Set(held.map(({ batch }) => batch)).size} batches, ${held.length} hold, ${wrong.length} do not`,
  );
}

async function main() {
  const options = { rpc: { type: "string" }, contract: { type: "string" } };
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  if (positionals.length !== 1 || (values.rpc === undefined) !== (values.contract === undefined)) {
    console.error("usage: node verify.mjs FOLDER [--rpc URL --contract 0x…]");
    return 2;
  }
  const rootOf = rootsFrom(values.rpc, values.contract);
  const [held, wrong] = [[], []];
  for (const name of readdirSync(positionals[0]).filter((each) => each.endsWith(".json"))) {
    const file = JSON.parse(readFileSync(join(positionals[0], name), "utf8"));
    const found = await verify(file, rootOf).catch((error) => ({ wrong: error.message }));
    if (found.wrong) wrong.push([name, found.wrong]);
    else held.push(found);
  }
  for (const { line, start } of overlaps(held.map(({ place }) => place)))
    wrong.push([line, `${start} is given twice`]);
  report(held, wrong);
  return wrong.length === 0 && held.length > 0 ? 0 : 1;
}

process.exitCode = await main();
