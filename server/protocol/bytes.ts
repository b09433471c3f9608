// Bytes, hex and the fixed-width encodings that hashed data is made of.
// Nothing here knows what the bytes mean.

import { InputError } from "../errors.ts";
import { isUint63, MAX_AMOUNT } from "./amounts.ts";

export type Hex = `0x${string}`;

/** The bytes of a hash, an id, a charity or a unit. */
export const WORD_BYTES = 32;

/** 32 zero bytes, which stand for "none". Not to be written to. */
export const ZERO32: Uint8Array = new Uint8Array(WORD_BYTES);

const HEX_DIGITS = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));
const HEX = /^0x(?:[0-9a-fA-F]{2})*$/;
const PRINTABLE_ASCII = /^[\x21-\x7e]{1,32}$/;
const utf8Encoder = new TextEncoder();

/** A call takes no more arguments than the stack holds. */
const HEX_PART_BYTES = 4_096;

/** Lower-case hex with its 0x. Put together at once: a chain of small strings is slower to make, and to write down after. */
export function toHex(bytes: Uint8Array): Hex {
  let text: Hex = "0x";
  for (let at = 0; at < bytes.length; at += HEX_PART_BYTES)
    text += String.fromCharCode(...hexCodes(bytes, at, Math.min(at + HEX_PART_BYTES, bytes.length)));
  return text;
}

const HEX_WORD = 2 * WORD_BYTES;

/** A word of many, cut from the hex of all. */
export const hexWordAt = (all: Hex, index: number): Hex =>
  `0x${all.slice(2 + index * HEX_WORD, 2 + (index + 1) * HEX_WORD)}`;

function hexCodes(bytes: Uint8Array, from: number, to: number): number[] {
  const codes: number[] = new Array(2 * (to - from));
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    codes[2 * (at - from)] = HEX_DIGITS[byte >> 4] as number;
    codes[2 * (at - from) + 1] = HEX_DIGITS[byte & 15] as number;
  }
  return codes;
}

/**
 * The bytes of 0x-hex in either case; exactly `length` of them, if given.
 * @throws InputError `not-hex` or `wrong-length`, naming `what`
 */
export function fromHex(hex: string, length?: number, what = "value"): Uint8Array {
  if (typeof hex !== "string" || !HEX.test(hex)) {
    throw new InputError(
      "not-hex",
      `${what}: wanted 0x and an even number of hex digits, got ${shown(hex)}`,
      { what },
    );
  }
  const bytes = new Uint8Array(hex.length / 2 - 1);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i + 2, 2 * i + 4), 16);
  checkLength(bytes, length ?? bytes.length, what);
  return bytes;
}

/** @throws InputError `wrong-length` unless `bytes` are exactly `length` bytes */
export function checkLength(bytes: Uint8Array, length: number, what: string): void {
  if (bytes.length === length) return;
  throw new InputError("wrong-length", `${what}: wanted ${length} bytes, got ${bytes.length}`, { what });
}

/** The parts one after the other, in a new array. */
export function concat(...parts: Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && compareBytes(a, b) === 0;
}

/** Below zero, zero or above, in the order of the bytes; a prefix comes before what it begins. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const common = Math.min(a.length, b.length);
  for (let i = 0; i < common; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/**
 * 8 bytes, big-endian.
 * @throws InputError `out-of-range` unless 0 ≤ value < 2^63
 */
export function uint64(value: bigint): Uint8Array {
  return uintBytes(value, 8);
}

/**
 * One word of `abi.encode` for an unsigned integer: 32 bytes, big-endian.
 * @throws InputError `out-of-range` unless 0 ≤ value < 2^63
 */
export function uintWord(value: bigint): Uint8Array {
  return uintBytes(value, WORD_BYTES);
}

/** `value` big-endian in the last bytes of `length`; `length` is at least 8. */
export function uintBytes(value: bigint, length: number): Uint8Array {
  if (!isUint63(value)) {
    throw new InputError("out-of-range", `wanted an integer from 0 to ${MAX_AMOUNT}, got ${value}`);
  }
  const bytes = new Uint8Array(length);
  new DataView(bytes.buffer).setBigUint64(length - 8, value);
  return bytes;
}

/**
 * Printable ASCII without spaces, left-aligned in 32 bytes: units, tags and kinds of notices.
 * @throws InputError `not-a-tag`
 */
export function tag(ascii: string): Uint8Array {
  checkTag(ascii, "tag");
  const bytes = new Uint8Array(WORD_BYTES);
  for (let i = 0; i < ascii.length; i++) bytes[i] = ascii.charCodeAt(i);
  return bytes;
}

/** @throws InputError `not-a-tag`, naming `what` */
export function checkTag(ascii: string, what: string): void {
  if (typeof ascii === "string" && PRINTABLE_ASCII.test(ascii)) return;
  throw new InputError(
    "not-a-tag",
    `${what}: wanted 1 to 32 printable ASCII characters, got ${shown(ascii)}`,
    { what },
  );
}

export function utf8(text: string): Uint8Array {
  return utf8Encoder.encode(text);
}

const SHOWN_CHARACTERS = 80;

/** What came, short enough for an error message. */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : describe(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return typeof value === "object" ? "an object" : String(value);
}
