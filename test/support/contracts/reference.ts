// The protocol's hashes as independent libraries compute them: ethers for typed data, merkletreejs for the sum tree and
// the batch's tree, OpenZeppelin's package for its leaves. Imports nothing of this project.
import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import {
  encodeBytes32String,
  getBytes,
  hexlify,
  id,
  keccak256,
  randomBytes,
  type Signer,
  TypedDataEncoder,
  type TypedDataField,
} from "ethers";
import { MerkleSumTree, MerkleTree } from "merkletreejs";

export const GIFT = 0;
export const REVERSAL = 1;

export type Receipt = {
  id: string;
  charity: string;
  unit: string;
  kind: number;
  amount: bigint;
  acceptedAt: bigint;
  terms: string;
  details: string;
  salt: string;
};

export type ReceiptProof = { index: bigint; receipts: bigint; path: { hash: string; sum: bigint }[] };

export type Statement = {
  batch: bigint;
  charity: string;
  unit: string;
  kind: number;
  from: bigint;
  to: bigint;
  previous: bigint;
  receipts: bigint;
  receiptsRoot: string;
};

export type Acknowledgement = {
  charity: string;
  unit: string;
  from: bigint;
  upTo: bigint;
  netTo: bigint;
  received: bigint;
  batch: bigint;
  root: string;
};

export type PromisedReceipt = { leaf: string; charity: string; unit: string; kind: number; amount: bigint };

export type Disbursement = { charity: string; unit: string; from: bigint; upTo: bigint; evidence: string };

/** "bytes32 charity,uint64 from" → the fields that ethers wants. */
function fields(signature: string): TypedDataField[] {
  return signature.split(",").map((field) => {
    const [type, name] = field.split(" ") as [string, string];
    return { name, type };
  });
}

const TYPES = {
  Receipt:
    "bytes16 id,bytes32 charity,bytes32 unit,uint8 kind,uint64 amount,uint64 acceptedAt,bytes32 terms,bytes32 details,bytes32 salt",
  Acknowledgement:
    "bytes32 charity,bytes32 unit,uint64 from,uint64 upTo,uint64 netTo,uint64 received,uint64 batch,bytes32 root",
  Disbursement: "bytes32 charity,bytes32 unit,uint64 from,uint64 upTo,bytes32 evidence",
  SignerChange: "bytes32 charity,address signer,uint256 change,uint256 chainId,address ledgerContract",
  Promises: "bytes32 root,uint64 deadline",
  Veto: "bytes32 charity,uint256 change,uint256 chainId,address ledgerContract",
};

export type TypeName = keyof typeof TYPES;

const domain = (ledger: string) => ({ name: "Amanah", version: "1", salt: ledger });

export const charityId = (registration: string): string => id(registration);
export const unitOf = (name: string): string => encodeBytes32String(name);
export const random32 = (): string => hexlify(randomBytes(32));

export function receiptLeaf(ledger: string, receipt: Receipt): string {
  return TypedDataEncoder.hash(domain(ledger), { Receipt: fields(TYPES.Receipt) }, receipt);
}

export function sign(signer: Signer, ledger: string, type: TypeName, message: object): Promise<string> {
  return signer.signTypedData(domain(ledger), { [type]: fields(TYPES[type]) }, message);
}

export function randomReceipt(charity: string, unit: string, kind: number, amount: bigint): Receipt {
  const [terms, details, salt] = [random32(), random32(), random32()];
  return {
    id: hexlify(randomBytes(16)),
    charity,
    unit,
    kind,
    amount,
    acceptedAt: 1_790_000_000n,
    terms,
    details,
    salt,
  };
}

const STATEMENT_LEAF = [
  "bytes32",
  "bytes32",
  "uint64",
  "bytes32",
  "bytes32",
  "uint8",
  "uint64",
  "uint64",
  "uint64",
  "uint64",
  "bytes32",
];

export function statementLeaf(ledger: string, s: Statement): string {
  const values = [s.batch, s.charity, s.unit, s.kind, s.from, s.to, s.previous, s.receipts, s.receiptsRoot];
  const leaf = [encodeBytes32String("amanah.statement.v1"), ledger, ...values];
  return StandardMerkleTree.of([leaf], STATEMENT_LEAF).root;
}

const asBuffer = (hex: string): Buffer => Buffer.from(getBytes(hex));
const keccakBuffer = (data: unknown): Buffer => asBuffer(keccak256(data as Buffer));

const PROMISE_LEAF = ["bytes32", "bytes32", "bytes32", "bytes32", "bytes32", "uint8", "uint64"];

/** What is promised, as one leaf: also its name on chain. */
export function promiseLeaf(ledger: string, p: PromisedReceipt): string {
  const leaf = [
    encodeBytes32String("amanah.promise.v1"),
    ledger,
    p.leaf,
    p.charity,
    p.unit,
    p.kind,
    p.amount,
  ];
  return StandardMerkleTree.of([leaf], PROMISE_LEAF).root;
}

/** A batch's tree over statement and notice leaves, as merkletreejs builds it. */
export function batchTree(leaves: string[]): { root: string; proof(leaf: string): string[] } {
  const tree = new MerkleTree(leaves.map(asBuffer), keccakBuffer, { sortLeaves: true, sortPairs: true });
  return { root: tree.getHexRoot(), proof: (leaf) => tree.getHexProof(asBuffer(leaf)) };
}

export type SumTree = { root: string; sum: bigint; starts: bigint[]; proof(index: number): ReceiptProof };

type TreeLeaf = ConstructorParameters<typeof MerkleSumTree>[0][number];

/** MerkleSumTree's own leaf hashes what it is given; ours are hashes already, so they are handed through. */
function treeLeaf(hash: string, start: bigint, end: bigint): TreeLeaf {
  const bucket = { size: end - start, hashed: asBuffer(hash), parent: null, left: null, right: null };
  return { rng: [start, end], data: null, hashFn: keccakBuffer, getBucket: () => bucket };
}

export function sumTree(ledger: string, receipts: Receipt[]): SumTree {
  const starts: bigint[] = [];
  let sum = 0n;
  const leaves = receipts.map((receipt) => {
    starts.push(sum);
    sum += receipt.amount;
    return treeLeaf(receiptLeaf(ledger, receipt), sum - receipt.amount, sum);
  });
  const tree = new MerkleSumTree(leaves, keccakBuffer);
  const path = (index: number) =>
    tree.getProof(index).map(({ bucket }) => ({ hash: hexlify(bucket.hashed), sum: bucket.size as bigint }));
  return {
    root: hexlify(tree.root.hashed),
    sum,
    starts,
    proof: (index) => ({ index: BigInt(index), receipts: BigInt(receipts.length), path: path(index) }),
  };
}
