// Brings a book's bytes into memory, from this site or from the visitor's disk, and tells how far it has come.

import { messageOf, NotFoundError, UnavailableError } from "../../../errors.ts";
import { checkBookSize } from "../../book-size.ts";
import type { Source } from "./messages.ts";

type OnRead = (done: number, total: number | null) => void;

/** @throws NotFoundError, UnavailableError `no-answer`, `book-too-large` */
export async function readBook(source: Source, onRead: OnRead): Promise<Uint8Array> {
  if ("url" in source) return await download(source.url, onRead);
  checkBookSize(source.file.size);
  return await gather(source.file.stream(), source.file.size, onRead);
}

async function download(url: string, onRead: OnRead): Promise<Uint8Array> {
  const response = await fetch(url).catch(unavailable);
  if (response.status === 404)
    throw new NotFoundError("book-not-there", "there is no book of this batch here");
  if (!response.ok || response.body === null)
    throw unavailable(new Error(`the answer was of status ${response.status}`));
  // Of a body that is compressed on its way the header tells another length.
  const isPlain = response.headers.get("Content-Encoding") === null;
  const length = response.headers.get("Content-Length");
  const total = isPlain && length !== null ? Number(length) : null;
  checkBookSize(total ?? 0);
  return await gather(response.body, total, onRead).catch(unavailable);
}

const unavailable = (thrown: unknown): never => {
  throw thrown instanceof UnavailableError ? thrown : new UnavailableError("no-answer", messageOf(thrown), 5);
};

/** Into one array of the length that was told, so that nothing is held twice; it grows if more comes than that. */
async function gather(
  stream: ReadableStream<Uint8Array>,
  total: number | null,
  onRead: OnRead,
): Promise<Uint8Array> {
  let bytes = new Uint8Array(total ?? 1 << 20);
  let done = 0;
  const reader = stream.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    if (done + piece.value.length > bytes.length) bytes = grown(bytes, done + piece.value.length);
    bytes.set(piece.value, done);
    done += piece.value.length;
    checkBookSize(done);
    onRead(done, total);
  }
  return bytes.subarray(0, done);
}

function grown(bytes: Uint8Array, least: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(2 * bytes.length, least));
  larger.set(bytes);
  return larger;
}
