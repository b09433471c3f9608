// Where everything lies in a book: it follows from the header alone. Writing follows the layout; reading lays the book out
// once more and compares, so that every byte of it has one meaning, whichever Arrow reader looks.

import { type BookHeader, headerText, reversalsAmong } from "./book.ts";
import { type Block, fileHead, fileTail, padded, type Region, recordBatchMessage } from "./framing.ts";

/** The bytes that one statement takes: a message, which is framing, and a body of columns. */
export type Section = {
  readonly at: number;
  readonly message: Uint8Array;
  readonly bodyAt: number;
  readonly bodyBytes: number;
  readonly receipts: number;
  readonly reversals: number;
  /** From the beginning of the body; each is padded with zeros to a multiple of 8 bytes. */
  readonly columns: ColumnRegions;
};

/** `offsets` tells how many reversals the receipts up to each have: 4 bytes for each receipt and one more. */
export type ColumnRegions = Record<(typeof COLUMNS)[number], Region>;

export type Layout = {
  /** Magic, schema and header. */
  readonly head: Uint8Array;
  readonly sections: readonly Section[];
  /** The footer. */
  readonly tail: Uint8Array;
  readonly bytes: number;
};

const COLUMNS = ["leaves", "amounts", "offsets", "ids", "acceptedAt", "terms", "details", "salts"] as const;

/** What one receipt of a gift's statement takes in a book. */
export const LEAST_BYTES_A_RECEIPT = 44;

/** @param text the canonical JSON of the header */
export function layOut(header: BookHeader, text: string = headerText(header)): Layout {
  const head = fileHead(text);
  const templates = new Map<string, Template>();
  let at = head.length;
  const sections = header.statements.map(({ kind, receipts }) => {
    const section = { ...placed(templateOf(templates, kind, Number(receipts)), at) };
    at = section.bodyAt + section.bodyBytes;
    return section;
  });
  const tail = fileTail(text, sections.map(blockOf));
  return { head, sections, tail, bytes: at + tail.length };
}

const blockOf = ({ at, message, bodyBytes }: Section): Block => ({
  at,
  messageBytes: message.length,
  bodyBytes,
});

/** A section wherever it lies. */
type Template = Omit<Section, "at" | "bodyAt">;

const placed = (template: Template, at: number): Section => ({
  ...template,
  at,
  bodyAt: at + template.message.length,
});

/** Of thousands of statements in a batch, many have the same number of receipts: their messages are the same. */
function templateOf(known: Map<string, Template>, kind: number, receipts: number): Template {
  const reversals = reversalsAmong(kind, receipts);
  const key = `${receipts}/${reversals}`;
  const template = known.get(key) ?? makeTemplate(receipts, reversals);
  known.set(key, template);
  return template;
}

/** Fields and buffers in the order of the schema, depth first; a buffer of validity, always empty, goes before each. */
function makeTemplate(receipts: number, reversals: number): Template {
  const nodes = [receipts, receipts, receipts, reversals, ...Array<number>(5).fill(reversals)];
  const own = [32, 8].map((width) => [0, width * receipts]);
  const fields = [16, 8, 32, 32, 32].map((width) => [0, width * reversals]);
  const regions = regionsOf([...own.flat(), 0, 4 * (receipts + 1), 0, ...fields.flat()]);
  const columns = Object.fromEntries(COLUMNS.map((name, i) => [name, regions[PLACES[i] as number]]));
  const last = regions.at(-1) as Region;
  return {
    message: recordBatchMessage(receipts, nodes, regions),
    bodyBytes: padded(last.offset + last.length),
    receipts,
    reversals,
    columns: columns as ColumnRegions,
  };
}

/** The places of COLUMNS among the buffers: before each its validity, and one more for the list's item. */
const PLACES = [1, 3, 5, 8, 10, 12, 14, 16];

function regionsOf(lengths: readonly number[]): Region[] {
  let offset = 0;
  return lengths.map((length) => {
    const region = { offset, length };
    offset += padded(length);
    return region;
  });
}
