// The formats that can be imported. A new one is a file like olist.ts and a line here.

import { InputError } from "../../server/errors.ts";
import { openOlist } from "./olist.ts";
import type { Adaptor } from "./source.ts";

const ADAPTORS: ReadonlyMap<string, Adaptor> = new Map([["olist", openOlist]]);

export const FORMATS = [...ADAPTORS.keys()].join(", ");

/** Throws `InputError` when there is none of this name. */
export function adaptorOf(format: string): Adaptor {
  const adaptor = ADAPTORS.get(format);
  if (adaptor !== undefined) return adaptor;
  throw new InputError("unknown-format", `format: wanted one of: ${FORMATS}; came ${format}`);
}
