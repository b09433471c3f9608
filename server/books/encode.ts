// Writes a book: the same header and columns give the same bytes, piece by piece, whatever the pieces they come in.
// Where the columns come from, and where the bytes go, is the caller's.

import { InputError } from "../errors.ts";
import { concat } from "../protocol/bytes.ts";
import { type BookHeader, type BookStatement, type Columns, checkHeader, type Reversals } from "./book.ts";
import { padded, type Region } from "./framing.ts";
import { layOut, type Section } from "./layout.ts";

/** The receipts of one statement in the line's order, in pieces of any size. */
export type Pieces = Iterable<Columns> | AsyncIterable<Columns>;

const NO_BYTES = new Uint8Array(0);
const NO_NUMBERS = new BigUint64Array(0);
export const NO_REVERSALS: Reversals = {
  ids: NO_BYTES,
  acceptedAt: NO_NUMBERS,
  terms: NO_BYTES,
  details: NO_BYTES,
  salts: NO_BYTES,
};

/**
 * The bytes of a book, in order. Leaves go out as they come in; of each statement the rest is held until its last leaf:
 * 8 bytes a receipt, 128 a reversal. That the columns are those that the header tells of is not checked but for their number.
 * @param piecesOf asked once for each statement, in order
 * @throws InputError `wrong-order`, `wrong-count`
 */
export async function* encodeBook(
  header: BookHeader,
  piecesOf: (statement: BookStatement, index: number) => Pieces,
): AsyncGenerator<Uint8Array> {
  checkHeader(header);
  const { head, sections, tail } = layOut(header);
  yield head;
  for (const [index, section] of sections.entries()) {
    yield section.message;
    yield* encodeBody(section, piecesOf(header.statements[index] as BookStatement, index));
  }
  yield tail;
}

/** A book in one piece. */
export async function wholeBook(
  header: BookHeader,
  piecesOf: (statement: BookStatement, index: number) => Pieces,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of encodeBook(header, piecesOf)) pieces.push(piece);
  return concat(...pieces);
}

async function* encodeBody(section: Section, pieces: Pieces): AsyncGenerator<Uint8Array> {
  const { columns } = section;
  const held: Columns[] = [];
  let leafBytes = 0;
  for await (const { leaves, ...rest } of pieces) {
    leafBytes += leaves.length;
    held.push({ leaves: NO_BYTES, ...rest });
    yield leaves;
  }
  checkBytes(leafBytes, columns.leaves, "leaves");
  const columnOf = (region: Region, what: string, column: (piece: Columns) => Uint8Array | BigUint64Array) =>
    joined(held.map(column), region, what);
  yield columnOf(columns.amounts, "amounts", ({ amounts }) => amounts);
  yield offsets(section);
  yield columnOf(columns.ids, "ids", ({ reversals }) => reversals.ids);
  yield columnOf(columns.acceptedAt, "acceptedAt", ({ reversals }) => reversals.acceptedAt);
  yield columnOf(columns.terms, "terms", ({ reversals }) => reversals.terms);
  yield columnOf(columns.details, "details", ({ reversals }) => reversals.details);
  yield columnOf(columns.salts, "salts", ({ reversals }) => reversals.salts);
}

/** One column, padded. Integers are little-endian, as on every machine that we run on. */
function joined(parts: readonly (Uint8Array | BigUint64Array)[], region: Region, what: string): Uint8Array {
  const bytes = parts.map(
    ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
  );
  const length = bytes.reduce((sum, part) => sum + part.length, 0);
  checkBytes(length, region, what);
  return concat(...bytes, new Uint8Array(padded(length) - length));
}

/** Receipt i has the reversals from offset i to the next: of gifts there are none, of reversals each has itself. */
export function offsets({
  receipts,
  reversals,
  columns,
}: Pick<Section, "receipts" | "reversals" | "columns">): Uint8Array {
  const bytes = new Uint8Array(padded(columns.offsets.length));
  if (reversals === 0) return bytes;
  const values = new DataView(bytes.buffer);
  for (let i = 0; i <= receipts; i++) values.setInt32(4 * i, i, true);
  return bytes;
}

function checkBytes(came: number, { length }: Region, what: string): void {
  if (came === length) return;
  throw new InputError("wrong-count", `${what}: wanted ${length} bytes for this statement, got ${came}`);
}
