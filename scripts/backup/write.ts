// From a snapshot of the store to the bytes of a backup, one piece in memory at a time. Where they go is not known here.

import { promisify } from "node:util";
import { constants, zstdCompress } from "node:zlib";
import { toHex } from "../../server/protocol/bytes.ts";
import type { Snapshot, TableShape } from "../../server/store/snapshot.ts";
import { ARCHIVE_END, type Entry, encodeEntry } from "./archive.ts";
import {
  END,
  FORMAT,
  HEAD,
  type Head,
  OPERATOR_KEY,
  PIECE_BYTES,
  pieceName,
  RunningSum,
  sha256,
  type TableSum,
  toJson,
} from "./format.ts";

export type WriteOptions = {
  /** The file of the operator's key, where there is one. */
  readonly operatorKey: Buffer | undefined;
  /** Hears how many bytes of rows have been read. */
  readonly onProgress: (bytes: number) => void;
};

/** The bytes of a backup; ends with what was summed up. */
export async function* backupBytes(
  snapshot: Snapshot,
  { operatorKey, onProgress }: WriteOptions,
): AsyncGenerator<Buffer, readonly TableSum[]> {
  const put = (entry: Entry) => encodeEntry(entry, snapshot.takenAt);
  const head = toJson(headOf(snapshot));
  yield put({ name: HEAD, content: head });
  if (operatorKey !== undefined) yield put({ name: OPERATOR_KEY, content: operatorKey });
  const tables: TableSum[] = [];
  const progress = counted(onProgress);
  for (const table of snapshot.tables) tables.push(yield* tableBytes(snapshot, table, put, progress));
  const sums = { head: sha256(head), operatorKey: operatorKey ? sha256(operatorKey) : null, tables };
  yield put({ name: END, content: toJson(sums) });
  yield ARCHIVE_END;
  return tables;
}

const headOf = ({ ledger, takenAt, postgres, migrations, tables, numberings }: Snapshot): Head => ({
  format: FORMAT,
  ledger: toHex(ledger),
  takenAt: takenAt.toISOString(),
  postgres,
  migrations: [...migrations],
  tables: tables.map((table) => ({ ...table, columns: [...table.columns] })),
  numberings: [...numberings],
});

function counted(onProgress: (bytes: number) => void): (more: number) => void {
  let bytes = 0;
  return (more) => {
    bytes += more;
    onProgress(bytes);
  };
}

const compress = promisify(zstdCompress);
/** With a checksum of its own in each frame, so that a damaged piece never reaches a database. */
const COMPRESSION = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };

async function* tableBytes(
  snapshot: Snapshot,
  table: TableShape,
  put: (entry: Entry) => Buffer,
  progress: (more: number) => void,
): AsyncGenerator<Buffer, TableSum> {
  const sum = new RunningSum(table);
  let number = 0;
  for await (const piece of piecesOf(await snapshot.read(table))) {
    sum.add(piece);
    number += 1;
    yield put({ name: pieceName(table.name, number), content: await compress(piece, COMPRESSION) });
    progress(piece.length);
  }
  return sum.end();
}

/** The same bytes in pieces of one size, but for the last. */
async function* piecesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    held.push(chunk);
    bytes += chunk.length;
    if (bytes < PIECE_BYTES) continue;
    const all = Buffer.concat(held);
    const whole = bytes - (bytes % PIECE_BYTES);
    for (let at = 0; at < whole; at += PIECE_BYTES) yield all.subarray(at, at + PIECE_BYTES);
    held = [all.subarray(whole)];
    bytes -= whole;
  }
  if (bytes > 0) yield Buffer.concat(held);
}
