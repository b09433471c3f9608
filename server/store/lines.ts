// Lines by their small number, kept in memory: they never change and there are few of them.

import { toHex } from "../protocol/bytes.ts";
import { only, type Queries } from "./database.ts";

/** A line as receipts name it: the hash of the charity's registration id, and the unit. */
export type LineName = { readonly charity: Uint8Array; readonly unit: string };

export type LineNumbers = { of(line: LineName): Promise<number> | number };

/**
 * Numbers lines, making those that are new. Shared by all writes of a process: those that meet a new line at once wait
 * for the same answer, and go on in the order in which they came.
 */
export function lineNumbers(sql: Queries): LineNumbers {
  const known = new Map<string, number | Promise<number>>();
  const make = async (key: string, { charity, unit }: LineName) => {
    await sql`INSERT INTO lines (charity, unit) VALUES (${charity}, ${unit}) ON CONFLICT DO NOTHING`;
    const rows = await sql<
      { id: number }[]
    >`SELECT id FROM lines WHERE charity = ${charity} AND unit = ${unit}`;
    const { id } = only(rows);
    known.set(key, id);
    return id;
  };
  return {
    of: (line) => {
      const key = `${toHex(line.charity)}/${line.unit}`;
      const number = known.get(key);
      if (number !== undefined) return number;
      const making = make(key, line);
      known.set(key, making);
      making.catch(() => known.delete(key));
      return making;
    },
  };
}
