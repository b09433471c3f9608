// XML that others wrote, read into plain objects: bounded, without document types or entities of its own, so that it can
// neither grow when read nor name files. What the elements mean is not known here.

import { isUtf8 } from "node:buffer";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { InputError, messageOf } from "../errors.ts";

/** An element: its text, or its children by local name (attributes begin with @, the text beside them is `#text`). */
export type Element = string | { readonly [child: string]: Element | readonly Element[] };

const MOST_LEVELS = 50;

const OPTIONS = {
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  // Not the parser's own option, which would take the namespaces away as well.
  transformTagName: (name: string) => name.slice(name.indexOf(":") + 1),
  parseTagValue: false,
  parseAttributeValue: false,
  htmlEntities: true,
  maxNestedTags: MOST_LEVELS,
} as const;

/** Reads a document. Throws `InputError` `malformed-xml` that says what is wrong with it. */
export function readXml(bytes: Uint8Array): Element {
  if (!isUtf8(bytes)) throw malformed("XML in UTF-8", "bytes that are none");
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
  if (/<!(DOCTYPE|ENTITY)/i.test(text))
    throw malformed("XML without a document type", "one: what it declares is never read");
  const checked = XMLValidator.validate(text);
  if (checked !== true) throw malformed("XML", `line ${checked.err.line ?? 1}: ${checked.err.msg}`);
  return parse(text);
}

function parse(text: string): Element {
  try {
    return new XMLParser(OPTIONS).parse(text) as Element;
  } catch (thrown) {
    throw malformed("XML", messageOf(thrown));
  }
}

const malformed = (wanted: string, came: string) =>
  new InputError("malformed-xml", `body: wanted ${wanted}, came ${came}`, { field: "body", wanted, came });

/** The elements at a path, all of them at each step. */
export function elementsAt(element: Element, ...path: readonly string[]): readonly Element[] {
  let found: readonly Element[] = [element];
  for (const name of path) found = found.flatMap((one) => children(one, name));
  return found;
}

function children(element: Element, name: string): readonly Element[] {
  if (typeof element === "string" || !Object.hasOwn(element, name)) return [];
  return [element[name] as Element | readonly Element[]].flat();
}

/** The text of the first element at a path; null when there is none, or nothing in it. */
export function textAt(element: Element, ...path: readonly string[]): string | null {
  const [first] = elementsAt(element, ...path);
  if (first === undefined) return null;
  const text = typeof first === "string" ? first : first["#text"];
  return typeof text === "string" && text !== "" ? text : null;
}
