// How values are written on the wire, and the schemas that say so in the API's description.

import { z } from "zod";
import { NotFoundError } from "../errors.ts";
import { fromHex, toHex } from "../protocol/bytes.ts";
import { FAULTS } from "../protocol/faults.ts";
import { charityId } from "../protocol/ids.ts";

export const hex32 = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .meta({ description: "32 bytes in hexadecimal" });
export const receiptIdText = z
  .string()
  .regex(/^0x[0-9a-f]{32}$/)
  .meta({ description: "a receipt's id, 16 bytes" });
export const minor = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,18})$/)
  .meta({ description: "whole minor units" });
export const time = z.iso.datetime();
export const faultSchema = z
  .enum(FAULTS)
  .nullable()
  .meta({ description: "the fault that was proven of the line, as last read; null when there is none" });
export const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "wanted an account: 0x and 40 hexadecimal digits");

const isoTimes = new Map<number, string>();
const ISO_TIMES_KEPT = 1_000;

/** Kept for a while, since thousands of answers a second tell the same time. */
export function isoTime(unixSeconds: bigint | number): string {
  const seconds = Number(unixSeconds);
  const known = isoTimes.get(seconds);
  if (known !== undefined) return known;
  if (isoTimes.size >= ISO_TIMES_KEPT) isoTimes.clear();
  const text = new Date(seconds * 1000).toISOString();
  isoTimes.set(seconds, text);
  return text;
}
export const hexOrNull = (bytes: Uint8Array | null) => (bytes === null ? null : toHex(bytes));
export const bytesOrNull = (hex: string | null | undefined) => (hex == null ? null : fromHex(hex));

/** A page of a list: at most `limit`, behind the cursor `after`. */
export const page = (most = 1_000, usual = 100) => ({
  after: z.string().max(300).optional(),
  limit: z.coerce.number().int().min(1).max(most).default(usual),
});

/** A list with the cursor of its next page; null at the end. */
export const listOf = (items: z.ZodType) => z.object({ items: z.array(items), next: z.string().nullable() });

export function listReply<Item>(items: readonly Item[], limit: number, cursor: (last: Item) => string) {
  const last = items.at(-1);
  return { items, next: last === undefined || items.length < limit ? null : cursor(last) };
}

/** A positive number that names something, as text. */
export const idText = (what: string) => z.string().regex(/^[1-9][0-9]{0,17}$/, `wanted ${what}`);

/** A page of a list whose items are numbered, the newest first. */
export const numberedPage = (what: string) => ({ ...page(), after: idText(what).optional() });

const BEHIND_ALL = 2n ** 63n - 1n;

/** The number below which a page begins. */
export const idBefore = (after: string | undefined): bigint =>
  after === undefined ? BEHIND_ALL : BigInt(after);

/** A number in a path. Throws `NotFoundError`: nothing has such a name. */
export function idInPath(text: string, what: string): bigint {
  if (/^[1-9][0-9]{0,17}$/.test(text)) return BigInt(text);
  throw noSuch(what, text);
}

/** A charity in a path: its registration id, or the hash of it. */
export const charityInPath = (text: string): Uint8Array =>
  /^0x[0-9a-fA-F]{64}$/.test(text) ? fromHex(text) : charityId(text);

/** Bytes in a path. Throws `NotFoundError`: nothing has such a name. */
export function bytesInPath(text: string, length: number, what: string): Uint8Array {
  if (new RegExp(`^0x[0-9a-fA-F]{${length * 2}}$`).test(text)) return fromHex(text.toLowerCase());
  throw new NotFoundError(
    `unknown-${what}`,
    `${what}: wanted 0x and ${length * 2} hexadecimal digits, came ${text}`,
  );
}

export const noSuch = (what: string, came: string) =>
  new NotFoundError(`unknown-${what}`, `${what}: there is none called ${came}`);
