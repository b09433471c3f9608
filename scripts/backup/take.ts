// Takes a backup: one moment of the store, into one new file.

import { statSync } from "node:fs";
import { join } from "node:path";
import { toHex } from "../../server/protocol/bytes.ts";
import type { Database } from "../../server/store/database.ts";
import { type Snapshot, withSnapshot } from "../../server/store/snapshot.ts";
import type { TableSum } from "./format.ts";
import { requireNew, writeNew } from "./new-file.ts";
import { backupBytes } from "./write.ts";

export type TakeOptions = {
  /** The file to be made, or the folder in which it shall get a name of its own. */
  readonly to: string;
  readonly operatorKey?: Buffer | undefined;
  /** Hears how many bytes of rows have been read, of about how many. */
  readonly onProgress?: (bytes: number, expected: number) => void;
  readonly signal?: AbortSignal;
};

export type Taken = {
  readonly file: string;
  readonly bytes: number;
  readonly ledger: string;
  readonly takenAt: Date;
  readonly tables: readonly TableSum[];
};

/** Throws `InputError`, `ConflictError`, or what the system or the database say; then there is no file. */
export async function takeBackup(sql: Database, options: TakeOptions): Promise<Taken> {
  const { to, operatorKey, onProgress = () => {}, signal = new AbortController().signal } = options;
  const isFolder = statSync(to, { throwIfNoEntry: false })?.isDirectory() === true;
  // Known before anything is read; a folder gets its file named after the moment.
  if (!isFolder) requireNew(to);
  return await withSnapshot(sql, async (snapshot) => {
    const file = isFolder ? join(to, nameOf(snapshot)) : to;
    const progress = (bytes: number) => onProgress(bytes, snapshot.bytesExpected);
    const bytes = backupBytes(snapshot, { operatorKey, onProgress: progress });
    let tables: readonly TableSum[] = [];
    const remembering = async function* () {
      tables = yield* bytes;
    };
    await writeNew(file, remembering(), signal);
    const { ledger, takenAt } = snapshot;
    return { file, bytes: statSync(file).size, ledger: toHex(ledger), takenAt, tables };
  });
}

const LEDGER_DIGITS = 10;

/** Sorts by ledger, then by time: `amanah-0x1234abcd-20261111T080000Z.tar`. */
const nameOf = ({ ledger, takenAt }: Snapshot): string =>
  `amanah-${toHex(ledger).slice(0, LEDGER_DIGITS)}-${takenAt.toISOString().replace(/[-:]|\.\d+/g, "")}.tar`;
