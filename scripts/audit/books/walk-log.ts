// What the walk writes down of each statement and notice, in order, for the checks that come behind all books: proofs,
// period reports, documents. On disk, since years of statements do not fit into the memory.

import { join } from "node:path";
import { type Hex, tag, toHex } from "../../../server/protocol/bytes.ts";
import { unitName } from "../../../server/protocol/ids.ts";
import type { Kind } from "../../../server/protocol/receipt.ts";
import type { Notice } from "../../../server/protocol/statement.ts";
import { AppendLog, type LogMark } from "./append-log.ts";

export type LoggedStatement = {
  readonly batch: bigint;
  /** As the walk numbers lines. */
  readonly line: number;
  readonly kind: Kind;
  readonly from: bigint;
  readonly to: bigint;
  readonly receipts: bigint;
};

export type LoggedNotice = {
  readonly batch: bigint;
  readonly kind: string;
  readonly subject: Hex;
  readonly content: Hex;
};

export type WalkLogMarks = {
  readonly statements: LogMark;
  readonly notices: LogMark;
  readonly closings: LogMark;
};

const STATEMENT_BYTES = 40;
const NOTICE_BYTES = 104;
const CLOSING_BYTES = 16;
/** Checked with the book itself, and of no use later. */
const OF_EVERY_BATCH = new Set(["previous", "times"]);

export class WalkLog {
  readonly #statements: AppendLog;
  readonly #notices: AppendLog;
  readonly #closings: AppendLog;

  /** @throws StateDamagedError */
  constructor(folder: string, marks?: WalkLogMarks) {
    this.#statements = AppendLog.open(join(folder, "statements"), marks?.statements);
    this.#notices = AppendLog.open(join(folder, "notices"), marks?.notices);
    this.#closings = AppendLog.open(join(folder, "closings"), marks?.closings);
  }

  addStatement({ batch, line, kind, from, to, receipts }: LoggedStatement): void {
    const record = new DataView(new ArrayBuffer(STATEMENT_BYTES));
    record.setBigUint64(0, batch);
    record.setUint32(8, line);
    record.setUint32(12, kind);
    for (const [i, figure] of [from, to, receipts].entries()) record.setBigUint64(16 + 8 * i, figure);
    this.#statements.append(new Uint8Array(record.buffer));
  }

  addNotice({ batch, kind, subject, content }: Notice): void {
    if (OF_EVERY_BATCH.has(kind)) return;
    const record = new Uint8Array(NOTICE_BYTES);
    new DataView(record.buffer).setBigUint64(0, batch);
    for (const [i, word] of [tag(kind), subject, content].entries()) record.set(word, 8 + 32 * i);
    this.#notices.append(record);
  }

  /** When a batch was closed, in Unix seconds. */
  addClosing(batch: bigint, closedAt: bigint): void {
    const record = new DataView(new ArrayBuffer(CLOSING_BYTES));
    record.setBigUint64(0, batch);
    record.setBigUint64(8, closedAt);
    this.#closings.append(new Uint8Array(record.buffer));
  }

  /** As of the last flush. */
  get noticeCount(): number {
    return this.#notices.bytes / NOTICE_BYTES;
  }

  /** In the order of the walk. */
  *statements(): Generator<LoggedStatement> {
    for (const record of this.#statements.records(STATEMENT_BYTES))
      yield {
        batch: record.getBigUint64(0),
        line: record.getUint32(8),
        kind: record.getUint32(12) as Kind,
        from: record.getBigUint64(16),
        to: record.getBigUint64(24),
        receipts: record.getBigUint64(32),
      };
  }

  /** When batches were closed, in their order. */
  closings(): Map<bigint, bigint> {
    const closings = new Map<bigint, bigint>();
    for (const record of this.#closings.records(CLOSING_BYTES))
      closings.set(record.getBigUint64(0), record.getBigUint64(8));
    return closings;
  }

  *notices(): Generator<LoggedNotice> {
    for (const record of this.#notices.records(NOTICE_BYTES)) {
      const word = (i: number) => new Uint8Array(record.buffer, record.byteOffset + 8 + 32 * i, 32);
      yield {
        batch: record.getBigUint64(0),
        kind: unitName(word(0)),
        subject: toHex(word(1)),
        content: toHex(word(2)),
      };
    }
  }

  flush(): WalkLogMarks {
    const [statements, notices] = [this.#statements.flush(), this.#notices.flush()];
    return { statements, notices, closings: this.#closings.flush() };
  }

  close(): void {
    this.#statements.close();
    this.#notices.close();
    this.#closings.close();
  }
}
