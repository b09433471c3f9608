// The protocol's hashes a second time, written apart from the protocol room, so that a mistake or a flipped bit in one of
// the two shows. Leaves go to WebAssembly as whole buffers; statements, notices and the root use viem's keccak.

import {
  encodeAbiParameters,
  hashDomain,
  hashTypedData,
  keccak256,
  parseAbiParameters,
  stringToBytes,
  toHex,
} from "viem";
import { fastKeccak } from "../hashing.ts";
import type { ReceiptFields, StatementRow } from "../store/rereading.ts";

const RECEIPT = [
  { name: "id", type: "bytes16" },
  { name: "charity", type: "bytes32" },
  { name: "unit", type: "bytes32" },
  { name: "kind", type: "uint8" },
  { name: "amount", type: "uint64" },
  { name: "acceptedAt", type: "uint64" },
  { name: "terms", type: "bytes32" },
  { name: "details", type: "bytes32" },
  { name: "salt", type: "bytes32" },
] as const;
const DOMAIN = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "salt", type: "bytes32" },
] as const;

const WORD = 32;
const EIP712_PREFIX = 0x1901;

/** Where the bytes of each field begin in the hashed struct: word 0 is the type's hash, integers end their word. */
const AT = {
  id: 1 * WORD,
  charity: 2 * WORD,
  unit: 3 * WORD,
  kind: 5 * WORD - 1,
  amount: 6 * WORD - 8,
} as const;
const AT_TAIL = { acceptedAt: 7 * WORD - 8, terms: 7 * WORD, details: 8 * WORD, salt: 9 * WORD } as const;
const STRUCT_BYTES = 10 * WORD;

type LineOf = Pick<StatementRow, "charity" | "unit">;

/** Recomputes leaves from the stored fields of receipts, line by line. */
export class LeafReader {
  readonly #ledger: Uint8Array;
  readonly #struct = new Uint8Array(STRUCT_BYTES);
  readonly #digest = new Uint8Array(2 + 2 * WORD);
  #line: LineOf | undefined;

  constructor(ledger: Uint8Array) {
    this.#ledger = ledger;
    const type = RECEIPT.map(({ name, type }) => `${type} ${name}`).join();
    this.#struct.set(keccak256(stringToBytes(`Receipt(${type})`), "bytes"));
    new DataView(this.#digest.buffer).setUint16(0, EIP712_PREFIX);
    const domain = hashDomain({ domain: this.#domain(), types: { EIP712Domain: DOMAIN } });
    this.#digest.set(Buffer.from(domain.slice(2), "hex"), 2);
  }

  /** The leaves that follow are of this line. */
  enter(line: LineOf): void {
    this.#line = line;
    this.#struct.set(line.charity, AT.charity);
    this.#struct.fill(0, AT.unit, AT.unit + WORD).set(stringToBytes(line.unit), AT.unit);
  }

  /** The leaf of one receipt of the line that was entered. 32 bytes. */
  leaf(fields: ReceiptFields): Uint8Array {
    const struct = this.#struct;
    struct.set(fields.id, AT.id);
    struct[AT.kind] = fields.kind;
    struct.set(fields.amount, AT.amount);
    struct.set(fields.acceptedAt, AT_TAIL.acceptedAt);
    struct.set(fields.terms, AT_TAIL.terms);
    struct.set(fields.details, AT_TAIL.details);
    struct.set(fields.salt, AT_TAIL.salt);
    this.#digest.set(fastKeccak(struct), 2 + WORD);
    return fastKeccak(this.#digest);
  }

  /** The same leaf by viem, a hundred times slower and with nothing in common but the definition. */
  leafByViem({ id, kind, amount, acceptedAt, terms, details, salt }: ReceiptFields): Uint8Array {
    const line = this.#line as LineOf;
    const message = {
      id: toHex(id),
      charity: toHex(line.charity),
      unit: toHex(line.unit, { size: WORD }),
      kind,
      amount: BigInt(toHex(amount)),
      acceptedAt: BigInt(toHex(acceptedAt)),
      terms: toHex(terms),
      details: toHex(details),
      salt: toHex(salt),
    };
    const types = { Receipt: RECEIPT };
    const leaf = hashTypedData({ domain: this.#domain(), types, primaryType: "Receipt", message });
    return Buffer.from(leaf.slice(2), "hex");
  }

  #domain() {
    return { name: "Amanah", version: "1", salt: toHex(this.#ledger) };
  }
}

const STATEMENT = parseAbiParameters(
  "bytes32, bytes32, uint64, bytes32, bytes32, uint8, uint64, uint64, uint64, uint64, bytes32",
);
const NOTICE = parseAbiParameters("bytes32, bytes32, uint64, bytes32, bytes32, bytes32");

const word = (text: string) => toHex(text, { size: WORD });
const twice = (encoded: `0x${string}`) => keccak256(keccak256(encoded), "bytes");

export type ReadStatement = LineOf & {
  readonly batch: bigint;
  readonly kind: number;
  readonly from: bigint;
  readonly to: bigint;
  readonly previous: bigint;
  readonly receipts: bigint;
  readonly root: Uint8Array;
};

export function statementLeafAgain(ledger: Uint8Array, s: ReadStatement): Uint8Array {
  const line = [toHex(s.charity), word(s.unit), s.kind] as const;
  const figures = [s.from, s.to, s.previous, s.receipts] as const;
  const head = [word("amanah.statement.v1"), toHex(ledger), s.batch] as const;
  return twice(encodeAbiParameters(STATEMENT, [...head, ...line, ...figures, toHex(s.root)]));
}

export type ReadNotice = {
  readonly kind: string;
  readonly subject: Uint8Array;
  readonly content: Uint8Array;
};

export function noticeLeafAgain(ledger: Uint8Array, batch: bigint, notice: ReadNotice): Uint8Array {
  const { kind, subject, content } = notice;
  const head = [word("amanah.notice.v1"), toHex(ledger), batch] as const;
  return twice(encodeAbiParameters(NOTICE, [...head, word(kind), toHex(subject), toHex(content)]));
}

/** The root over a batch's leaves: sorted, then pair by pair with the smaller first, an odd one moving up. */
export function rootAgain(leaves: readonly Uint8Array[]): Uint8Array {
  let level = leaves.toSorted(Buffer.compare);
  while (level.length > 1) level = levelAbove(level);
  return level[0] ?? new Uint8Array(WORD);
}

function levelAbove(level: readonly Uint8Array[]): Uint8Array[] {
  const above: Uint8Array[] = [];
  for (let at = 0; at < level.length; at += 2) {
    const pair = level.slice(at, at + 2).sort(Buffer.compare);
    above.push(pair.length === 2 ? keccak256(Buffer.concat(pair), "bytes") : (pair[0] as Uint8Array));
  }
  return above;
}
