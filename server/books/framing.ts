// The messages between the columns of a book: those of the Arrow IPC format, as Apache's library encodes them.
// The only file with that library; where columns lie is in layout.ts. The bytes of books are compared for ever: a release
// of the library that encodes a message otherwise fails the frozen book of the tests, and must not be taken.

import { Field, FixedSizeBinary, List, Schema, Struct, Uint64 } from "apache-arrow";
import { FileBlock, Footer } from "apache-arrow/ipc/metadata/file";
import { BufferRegion, FieldNode, Message, RecordBatch } from "apache-arrow/ipc/metadata/message";
import { concat } from "../protocol/bytes.ts";

/** Where a buffer lies in the body of a record batch, and how long it is. */
export type Region = { readonly offset: number; readonly length: number };

/** Where a record batch lies in the file: its message, and the body behind it. */
export type Block = { readonly at: number; readonly messageBytes: number; readonly bodyBytes: number };

/** The member of the schema's metadata that holds the header. */
const HEADER_MEMBER = "amanah";
const ALIGNMENT = 8;
const MAGIC = new TextEncoder().encode("ARROW1");

const bytes = (name: string, width: number) => new Field(name, new FixedSizeBinary(width), false);
const uint64 = (name: string) => new Field(name, new Uint64(), false);

const REVERSAL_FIELDS = [
  bytes("id", 16),
  uint64("acceptedAt"),
  bytes("terms", 32),
  bytes("details", 32),
  bytes("salt", 32),
];
const REVERSAL_LIST = new List(new Field("item", new Struct(REVERSAL_FIELDS), false));
const FIELDS = [bytes("leaf", 32), uint64("amount"), new Field("reversal", REVERSAL_LIST, false)];

const schemaOf = (header: string) => new Schema(FIELDS, new Map([[HEADER_MEMBER, header]]));

export const padded = (length: number): number => Math.ceil(length / ALIGNMENT) * ALIGNMENT;

/** The beginning of the file: magic, and the schema with the header in its metadata. */
export const fileHead = (header: string): Uint8Array =>
  concat(
    MAGIC,
    new Uint8Array(ALIGNMENT - MAGIC.length),
    framed(Message.encode(Message.from(schemaOf(header)))),
  );

/** Behind the magic and its padding: the mark of a message, then its length. */
export const SCHEMA_LENGTH_AT = ALIGNMENT + 4;

/**
 * The message in front of a record batch's body.
 * @param nodes how many values each field has, depth first
 */
export function recordBatchMessage(
  rows: number,
  nodes: readonly number[],
  regions: readonly Region[],
): Uint8Array {
  const last = regions.at(-1) as Region;
  const batch = new RecordBatch(
    rows,
    nodes.map((values) => new FieldNode(values, 0)),
    regions.map(({ offset, length }) => new BufferRegion(offset, length)),
    null,
  );
  return framed(Message.encode(Message.from(batch, padded(last.offset + last.length))));
}

/** The end of the file: the mark of the stream's end, the footer with the schema and every block, its length, magic. */
export function fileTail(header: string, blocks: readonly Block[]): Uint8Array {
  const fileBlocks = blocks.map(
    ({ at, messageBytes, bodyBytes }) => new FileBlock(messageBytes, bodyBytes, at),
  );
  const footer = Footer.encode(new Footer(schemaOf(header), undefined, fileBlocks, []));
  return concat(int32s(-1, 0), footer, int32s(footer.length), MAGIC);
}

/** With the mark of a message and its length in front, and padding behind. */
function framed(message: Uint8Array): Uint8Array {
  const length = padded(message.length);
  return concat(int32s(-1, length), message, new Uint8Array(length - message.length));
}

function int32s(...values: number[]): Uint8Array {
  const encoded = new DataView(new ArrayBuffer(4 * values.length));
  for (const [i, value] of values.entries()) encoded.setInt32(4 * i, value, true);
  return new Uint8Array(encoded.buffer);
}
