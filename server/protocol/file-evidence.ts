// What receipt files show of the trees that they stand in. Each file opens the nodes on its way and says the sums of those
// beside it: where one says of a node what another, or the two below it, contradict, the tree is false. One file may do.

import { equalBytes, type Hex, toHex } from "./bytes.ts";
import { type Evidence, evidenceOfNode, evidenceOfReceipt, evidenceOfStatements } from "./evidence.ts";
import { type Hash, keccak } from "./hash.ts";
import { type Receipt, receiptLeaf } from "./receipt.ts";
import type { OpenedReceipt, Seal } from "./receipt-file.ts";
import type { Statement } from "./statement.ts";
import { climb, pathPlaces, type ReceiptProof, type Sibling } from "./sum-tree.ts";

export type Pair = readonly [Sibling, Sibling];

/** Opens a node of a statement's tree into the two below it, where that is known; files are, and books may be. */
export type Opener = (node: Uint8Array, place: ReceiptProof, statement: Statement) => Pair | null;

export type FileEvidenceOptions = { readonly hash?: Hash; readonly opener?: Opener };

type SealedFile = OpenedReceipt & { readonly seal: Seal };

/** What files of one ledger show: their statements first, then their trees, the uppermost nodes first. */
export function evidenceOfFiles(
  files: readonly OpenedReceipt[],
  { hash = keccak, opener = () => null }: FileEvidenceOptions = {},
): Evidence[] {
  const sealed = files.filter((file): file is SealedFile => file.seal !== null);
  const ways = sealed.map((file) => new Way(file, hash));
  const known = knownOf(files, ways, hash);
  const contradicted = ways.flatMap((way) =>
    way.claims.flatMap((claim) => [
      nodeEvidence(way.seal, claim, known.pairs.get(toHex(claim.hash)) ?? openClaim(opener, way.seal, claim)),
      receiptEvidence(way.seal, claim, known.receipts.get(toHex(claim.hash))),
    ]),
  );
  const trees = contradicted.filter((found) => found !== null).toSorted((a, b) => depthOf(a) - depthOf(b));
  return [...evidenceOfStatements(sealed.map(({ seal }) => seal)), ...distinct(trees)];
}

/** Said of a node by a way that leads to the statement's root: that it stands there, and that its sum is this. */
type Claim = Sibling & { readonly place: ReceiptProof };

const openClaim = (opener: Opener, { statement }: Seal, { hash, place }: Claim) =>
  opener(hash, place, statement);

const nodeEvidence = (seal: Seal, { sum, place }: Claim, pair: Pair | null): Evidence | null =>
  pair && evidenceOfNode(seal, { opened: { left: pair[0], right: pair[1], sum }, place });

const receiptEvidence = (seal: Seal, { sum, place }: Claim, receipt: Receipt | undefined): Evidence | null =>
  receipt === undefined ? null : evidenceOfReceipt(seal, receipt, sum, place);

const depthOf = (evidence: Evidence): number => ("place" in evidence ? evidence.place.path.length : 0);

/** The same node is said by every file that passes it. */
function distinct(found: readonly Evidence[]): Evidence[] {
  const seen = new Map(
    found.map((evidence) => [`${evidence.first.statement.batch} ${subjectOf(evidence)}`, evidence]),
  );
  return [...seen.values()];
}

const subjectOf = (evidence: Evidence): string =>
  JSON.stringify("opened" in evidence ? evidence.opened : "receipt" in evidence ? evidence.receipt : null);

function knownOf(files: readonly OpenedReceipt[], ways: readonly Way[], hash: Hash) {
  const pairs = new Map<Hex, Pair>(ways.flatMap(({ pairs }) => pairs));
  const receipts = new Map(
    files.map(({ ledger, receipt }) => [toHex(receiptLeaf(ledger.id, receipt, hash)), receipt] as const),
  );
  return { pairs, receipts };
}

/** The way of one receipt up its tree. What it says counts from where it leads to the root that the statement names. */
class Way {
  readonly seal: Seal;
  readonly claims: readonly Claim[];
  /** The nodes that it opens, whether they are of this tree or not: their hashes tell. */
  readonly pairs: readonly (readonly [Hex, Pair])[];
  readonly #places: readonly ReceiptProof[];
  readonly #hash: Hash;

  constructor({ ledger, receipt, seal }: SealedFile, hash: Hash) {
    this.seal = seal;
    this.#hash = hash;
    this.#places = placesOf(seal.proof);
    const ownNodes = this.#chain({ hash: receiptLeaf(ledger.id, receipt, hash), sum: receipt.amount }, 0);
    const counted = this.#counted(ownNodes);
    this.pairs = [...this.#pairsOf(ownNodes, 0), ...this.#pairsOf(counted.nodes, counted.from)];
    this.claims = counted.nodes.flatMap((node, i) => this.#claimsAt(node, counted.from + i));
  }

  /**
   * The nodes as the statement's root has them, from the lowest on that leads there. Which sum it has there follows from
   * what the statement says of the root, less what stands beside the way.
   */
  #counted(ownNodes: readonly Sibling[]): { from: number; nodes: readonly Sibling[] } {
    const { from, to, receiptsRoot } = this.seal.statement;
    let beside = this.seal.proof.path.reduce((sum, sibling) => sum + sibling.sum, 0n);
    for (const [step, { hash }] of ownNodes.entries()) {
      const nodes = this.#chain({ hash, sum: to - from - beside }, step);
      const top = nodes.length === this.#places.length - step ? nodes.at(-1) : undefined;
      if (top !== undefined && equalBytes(top.hash, receiptsRoot)) return { from: step, nodes };
      beside -= this.seal.proof.path[step]?.sum ?? 0n;
    }
    return { from: 0, nodes: [] };
  }

  /** The nodes from this one up, as far as sums stay in range. */
  #chain(node: Sibling, from: number): Sibling[] {
    const nodes = node.sum < 0n ? [] : [node];
    for (const [i, sibling] of this.seal.proof.path.slice(from).entries()) {
      const own = nodes[i];
      const above = own && this.#above(this.#pairAt(from + i, own, sibling));
      if (above === undefined) break;
      nodes.push(above);
    }
    return this.#places.length === 0 ? [] : nodes;
  }

  #above([left, right]: Pair): Sibling | undefined {
    const place = { index: 0n, receipts: 2n, path: [right] };
    return inRange(left.sum + right.sum) ? climb(left.hash, left.sum, place, this.#hash) : undefined;
  }

  #pairAt(step: number, own: Sibling, sibling: Sibling): Pair {
    return (this.#places[step] as ReceiptProof).index & 1n ? [sibling, own] : [own, sibling];
  }

  #pairsOf(nodes: readonly Sibling[], from: number): [Hex, Pair][] {
    return nodes.slice(1).map((above, i) => {
      const [own, sibling] = [nodes[i] as Sibling, this.seal.proof.path[from + i] as Sibling];
      return [toHex(above.hash), this.#pairAt(from + i, own, sibling)];
    });
  }

  /** Of the node, and of the one beside it. */
  #claimsAt({ hash, sum }: Sibling, step: number): Claim[] {
    const place = this.#places[step] as ReceiptProof;
    const [sibling, ...rest] = place.path;
    const own = { hash, sum, place };
    if (sibling === undefined) return [own];
    const beside = { index: place.index ^ 1n, receipts: place.receipts, path: [{ hash, sum }, ...rest] };
    return [own, { ...sibling, place: beside }];
  }
}

const inRange = (sum: bigint): boolean => sum < 2n ** 63n;

/** Where the node of each step stands, up to the root; none when the path does not fit its numbers. */
function placesOf({ index, receipts, path }: ReceiptProof): ReceiptProof[] {
  if (index >= receipts) return [];
  const beside = pathPlaces(index, receipts);
  if (beside.length !== path.length) return [];
  const places = beside.map(({ level, index: sibling }, step) => ({
    index: sibling ^ 1n,
    receipts: ((receipts - 1n) >> BigInt(level)) + 1n,
    path: path.slice(step),
  }));
  return [...places, { index: 0n, receipts: 1n, path: [] }];
}
