// The second reading of a sealed batch: every leaf from the stored fields, every statement from the leaves, the root from
// the statements and notices, and all of it compared with what sealing has stored. It finds; what follows is decided
// elsewhere.

import type { Database, Transaction } from "../store/database.ts";
import {
  type BatchHead,
  batchHead,
  inOneView,
  type NoticeRow,
  type ReceiptFields,
  readReceiptFields,
  type StatementRow,
  storedNotices,
  storedStatements,
} from "../store/rereading.ts";
import {
  LeafReader,
  noticeLeafAgain,
  type ReadStatement,
  rootAgain,
  statementLeafAgain,
} from "./reread-hashing.ts";
import { SumStack } from "./sum-stack.ts";

const MOST_FINDINGS = 10;
const TIME_BYTES = 16;
const ID_BYTES = 16;
const WORD_BYTES = 32;

/** What is wrong with a sealed batch, in plain sentences, the first few; none when it is in order. */
export function readAgain(sql: Database, ledger: Uint8Array, batch: bigint): Promise<string[]> {
  return inOneView(sql, (tx) => new SecondReading(ledger, batch).read(tx));
}

const hex = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString("hex")}`;
const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;
const keyOf = ({ line, kind }: { line: number; kind: number }) => `${line}/${kind}`;

/** One reading of one batch; used once. */
class SecondReading {
  readonly #ledger: Uint8Array;
  readonly #batch: bigint;
  readonly #leaves: LeafReader;
  readonly #findings: string[] = [];
  /** The leaves of the batch's tree, as they come out now. */
  readonly #top: Uint8Array[] = [];
  #stored = new Map<string, StatementRow>();
  #current: { readonly key: string; readonly statement: StatementRow; readonly tree: SumStack } | undefined;
  #receipts = 0n;
  #isBroken = false;

  constructor(ledger: Uint8Array, batch: bigint) {
    this.#ledger = ledger;
    this.#batch = batch;
    this.#leaves = new LeafReader(ledger);
  }

  async read(tx: Transaction): Promise<string[]> {
    const head = await batchHead(tx, this.#batch);
    this.#stored = new Map((await storedStatements(tx, this.#batch)).map((row) => [keyOf(row), row]));
    await readReceiptFields(tx, this.#batch, (fields) => this.#orFind(() => this.#receipt(fields)));
    this.#orFind(() => this.#endStatement());
    for (const key of this.#stored.keys()) this.#find(`statement ${key} has no receipts`);
    this.#notices(head, await storedNotices(tx, this.#batch));
    this.#head(head);
    return this.#findings;
  }

  /** Amounts that no tree can hold, as a flipped high bit makes them, are a finding, and the end of the trees. */
  #orFind(work: () => void): void {
    if (this.#isBroken) return;
    try {
      work();
    } catch (thrown) {
      if (!(thrown instanceof RangeError)) throw thrown;
      this.#isBroken = true;
      this.#find(thrown.message);
    }
  }

  #find(finding: string): void {
    if (this.#findings.length < MOST_FINDINGS) this.#findings.push(finding);
  }

  #receipt(fields: ReceiptFields): void {
    this.#receipts += 1n;
    const key = keyOf(fields);
    if (this.#current?.key !== key) this.#beginStatement(key, fields);
    const tree = this.#current?.tree;
    if (tree === undefined || !this.#isWhole(fields)) return;
    const leaf = this.#leaves.leaf(fields);
    // One leaf of each statement is checked against an implementation that shares nothing with this one.
    if (tree.leaves === 0n) this.#compareLeaf(fields, this.#leaves.leafByViem(fields));
    this.#compareLeaf(fields, leaf);
    tree.push(leaf, bigintOf(fields.amount));
  }

  /** Salts are erased when a batch is final, and details are not read here: without its salt a receipt cannot be read again. */
  #isWhole({ id, terms, details, salt }: ReceiptFields): boolean {
    if (salt.length === 0) this.#find(`receipt ${hex(id)} was erased before its batch was anchored`);
    else if (id.length !== ID_BYTES || [terms, details, salt].some(({ length }) => length !== WORD_BYTES))
      this.#find(`receipt ${hex(id)} has a field of a wrong length`);
    else return true;
    return false;
  }

  #compareLeaf({ id, leaf: stored }: ReceiptFields, computed: Uint8Array): void {
    if (!same(computed, stored))
      this.#find(`receipt ${hex(id)} has leaf ${hex(computed)}, stored is ${hex(stored)}`);
  }

  #beginStatement(key: string, { id }: ReceiptFields): void {
    this.#endStatement();
    const statement = this.#stored.get(key);
    if (statement === undefined) {
      this.#find(`receipt ${hex(id)} belongs to statement ${key}, which is not there`);
      return;
    }
    this.#stored.delete(key);
    this.#leaves.enter(statement);
    this.#current = { key, statement, tree: new SumStack() };
  }

  #endStatement(): void {
    if (this.#current === undefined) return;
    const { key, statement, tree } = this.#current;
    this.#current = undefined;
    const { hash, sum } = tree.root();
    const from = statement.before_to ?? 0n;
    const positions = { from, to: from + sum, previous: statement.before_batch ?? 0n, receipts: tree.leaves };
    const { charity, unit, kind } = statement;
    const read: ReadStatement = { batch: this.#batch, charity, unit, kind, ...positions, root: hash };
    const leaf = statementLeafAgain(this.#ledger, read);
    this.#top.push(leaf);
    this.#compareStatement(key, statement, read);
    if (!same(leaf, statement.leaf))
      this.#find(`statement ${key} has leaf ${hex(leaf)}, stored is ${hex(statement.leaf)}`);
  }

  #compareStatement(key: string, stored: StatementRow, read: ReadStatement): void {
    for (const field of ["from", "to", "previous", "receipts"] as const)
      if (stored[field] !== read[field])
        this.#find(`statement ${key}: ${field} is ${read[field]}, stored is ${stored[field]}`);
    if (!same(stored.receipts_root, read.root))
      this.#find(
        `statement ${key}: its receipts have root ${hex(read.root)}, stored is ${hex(stored.receipts_root)}`,
      );
  }

  #notices(head: BatchHead, notices: readonly NoticeRow[]): void {
    for (const notice of notices) {
      const leaf = noticeLeafAgain(this.#ledger, this.#batch, notice);
      this.#top.push(leaf);
      if (!same(leaf, notice.leaf))
        this.#find(`notice ${notice.kind} has leaf ${hex(leaf)}, stored is ${hex(notice.leaf)}`);
    }
    const previous = this.#batch === 1n ? this.#ledger : head.previous_root;
    if (previous === null) this.#find("the batch before it has no root");
    else this.#expectNotice(notices, "previous", previous);
    this.#expectNotice(
      notices,
      "times",
      Buffer.concat([timeBytes(head.opened_at), timeBytes(head.closed_at)]),
    );
  }

  #expectNotice(notices: readonly NoticeRow[], kind: string, content: Uint8Array): void {
    const found = notices.filter((notice) => notice.kind === kind);
    const [notice] = found;
    if (found.length !== 1 || notice === undefined) {
      this.#find(`it has ${found.length} notices of kind ${kind}, not one`);
      return;
    }
    if (!same(notice.content, content))
      this.#find(`notice ${kind} says ${hex(notice.content)}, expected was ${hex(content)}`);
    if (notice.subject.some((byte) => byte !== 0)) this.#find(`notice ${kind} has a subject`);
  }

  #head(head: BatchHead): void {
    if (head.receipts !== this.#receipts)
      this.#find(`it has ${this.#receipts} receipts, stored is ${head.receipts}`);
    const root = rootAgain(this.#top);
    if (head.root === null || !same(root, head.root))
      this.#find(`its root is ${hex(root)}, stored is ${head.root && hex(head.root)}`);
  }
}

function timeBytes(seconds: bigint): Buffer {
  const bytes = Buffer.alloc(TIME_BYTES);
  bytes.writeBigUInt64BE(seconds, TIME_BYTES - 8);
  return bytes;
}

const bigintOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0);
