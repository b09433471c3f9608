// The standards bodies' own schemas, from the folder SCHEMAS_DIR. Where it is not given, a test that needs one is reported
// as pending, by its name: that is what was left unchecked.

import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { memoryPages, validateXML } from "xmllint-wasm";

const FOLDER = process.env.SCHEMAS_DIR;
const MOST_MEMORY_MIB = 1024;

/** Declares a test that runs only where the schemas are. */
export const itWithSchemas: Mocha.TestFunction | Mocha.PendingTestFunction =
  FOLDER === undefined ? it.skip : it;

/** A file of the folder. */
export const schemaText = (path: string): string => readFileSync(join(FOLDER as string, path), "utf8");

/**
 * What a schema finds wrong with each document, by their order; empty when all are valid. What the schema imports is named
 * as well.
 */
export async function schemaErrors(
  schema: string,
  documents: readonly string[],
  imported: readonly string[] = [],
): Promise<string[]> {
  const { errors } = await validateXML({
    xml: documents.map((contents, index) => ({ fileName: `${index}.xml`, contents })),
    schema: schemaText(schema),
    preload: imported.map((path) => ({ fileName: basename(path), contents: schemaText(path) })),
    initialMemoryPages: 64 * memoryPages.MiB,
    maxMemoryPages: MOST_MEMORY_MIB * memoryPages.MiB,
  });
  return errors.map(({ message, loc }) => `${loc?.fileName}:${loc?.lineNumber} ${message}`);
}
