// What a visitor brings, as text: a file's content, the code in a picture, or a text itself.

import { MAX_FILE_BYTES } from "./opened.ts";

/** Null when nothing could be read from it. */
export type Brought = string | null;

export async function readFile(file: File): Promise<Brought> {
  if (file.type.startsWith("image/")) return await (await import("./scanner.ts")).codeInPicture(file);
  // One byte more than is allowed, so that what is too large is told as such.
  const bytes = await file.slice(0, MAX_FILE_BYTES + 1).arrayBuffer();
  return new TextDecoder().decode(bytes);
}

/** Of what is dropped or pasted the first file, else the text. */
export async function readTransfer(transfer: DataTransfer): Promise<Brought> {
  const [file] = transfer.files;
  if (file !== undefined) return await readFile(file);
  const text = transfer.getData("text/plain");
  return text === "" ? null : text;
}
