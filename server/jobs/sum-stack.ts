// The sum tree of a statement, built leaf by leaf on a stack of finished subtrees, in memory that does not grow with the
// leaves. Sealing builds the same tree level by level: that the two agree is the point.

import { fastKeccak } from "../hashing.ts";

const NODE_BYTES = 80;
const LEFT_HASH_AT = 8;
const RIGHT_SUM_AT = 40;
const RIGHT_HASH_AT = 48;
const LIMIT = 2n ** 63n;

type Subtree = { readonly hash: Uint8Array; readonly sum: bigint };

/** Push leaves in order, then take the root. Throws `RangeError` when the amounts reach 2^63. */
export class SumStack {
  /** Subtrees of falling size, each a power of two: one for each bit that is set in the number of leaves. */
  readonly #stack: Subtree[] = [];
  readonly #node = new Uint8Array(NODE_BYTES);
  readonly #view = new DataView(this.#node.buffer);
  #leaves = 0n;

  get leaves(): bigint {
    return this.#leaves;
  }

  /** `hash` is kept. */
  push(hash: Uint8Array, sum: bigint): void {
    let tree: Subtree = { hash, sum };
    // As when 1 is added in binary: each bit that is carried joins two subtrees of one size.
    for (let carry = this.#leaves; carry & 1n; carry >>= 1n)
      tree = this.#join(this.#stack.pop() as Subtree, tree);
    this.#stack.push(tree);
    this.#leaves += 1n;
  }

  /** The root and the sum of all amounts. The smaller subtrees on the right move up until they meet their left side. */
  root(): Subtree {
    const [last, ...before] = this.#stack.toReversed();
    if (last === undefined) throw new RangeError("a tree has at least one leaf");
    return before.reduce((right, left) => this.#join(left, right), last);
  }

  #join(left: Subtree, right: Subtree): Subtree {
    const sum = left.sum + right.sum;
    if (sum >= LIMIT) throw new RangeError(`the amounts add up to ${sum}, past 2^63 - 1`);
    this.#view.setBigUint64(0, left.sum);
    this.#node.set(left.hash, LEFT_HASH_AT);
    this.#view.setBigUint64(RIGHT_SUM_AT, right.sum);
    this.#node.set(right.hash, RIGHT_HASH_AT);
    return { hash: fastKeccak(this.#node), sum };
  }
}
