// Reads the fields of JSON that others wrote, naming in every refusal the path, what was wanted and what came.
// Which fields a receipt file has is not known here.

import { InputError } from "../errors.ts";
import { parseAmount } from "./amounts.ts";
import { checkTag, fromHex, shown } from "./bytes.ts";

/** One object of the JSON and the path that leads to it, for messages: `proof.path[3].`, or nothing at the top. */
export type Fields = { readonly members: Readonly<Record<string, unknown>>; readonly path: string };

/** @throws InputError `not-an-object` */
export function fieldsOf(value: unknown, path: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InputError("not-an-object", `${path || "the file"}: wanted an object, got ${shown(value)}`, {
      path,
    });
  }
  return { members: value as Record<string, unknown>, path: path === "" ? "" : `${path}.` };
}

/** The member, never one inherited from a prototype. @throws InputError `field-missing` */
export function member(fields: Fields, name: string): unknown {
  if (Object.hasOwn(fields.members, name)) return fields.members[name];
  const path = fields.path + name;
  throw new InputError("field-missing", `${path}: is missing`, { path });
}

/** True when the member is absent or null. */
export function isNone(fields: Fields, name: string): boolean {
  return !Object.hasOwn(fields.members, name) || fields.members[name] === null;
}

export function objectAt(fields: Fields, name: string): Fields {
  return fieldsOf(member(fields, name), fields.path + name);
}

/** @throws InputError `not-hex`, `wrong-length` */
export function hexAt(fields: Fields, name: string, length: number): Uint8Array {
  return fromHex(member(fields, name) as string, length, fields.path + name);
}

/** @throws InputError `not-a-whole-number`, `out-of-range` */
export function wholeNumberAt(fields: Fields, name: string): bigint {
  return parseAmount(member(fields, name), fields.path + name);
}

/** A small JSON number: `kind`, a chain's id. @throws InputError `not-a-small-number` */
export function smallNumberAt(fields: Fields, name: string): number {
  const value = member(fields, name);
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  const path = fields.path + name;
  throw new InputError("not-a-small-number", `${path}: wanted a whole number, got ${shown(value)}`, { path });
}

/** The plain name of a unit. @throws InputError `not-a-tag` */
export function tagAt(fields: Fields, name: string): string {
  const value = member(fields, name) as string;
  checkTag(value, fields.path + name);
  return value;
}

/**
 * Each element read by `read`, which is given its path. Longer lists are refused unread.
 * @throws InputError `not-a-list`, `list-too-long`
 */
export function listAt<T>(
  fields: Fields,
  name: string,
  most: number,
  read: (value: unknown, path: string) => T,
): T[] {
  const path = fields.path + name;
  const list = member(fields, name);
  if (!Array.isArray(list))
    throw new InputError("not-a-list", `${path}: wanted a list, got ${shown(list)}`, { path });
  if (list.length > most) {
    throw new InputError("list-too-long", `${path}: wanted at most ${most} elements, got ${list.length}`, {
      path,
    });
  }
  return list.map((value, i) => read(value, `${path}[${i}]`));
}
