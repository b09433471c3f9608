// Where books and documents come from: a folder or a server. A file that is not there is an answer; a server that does not
// answer is none. What is in the files is not known here.

import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InputError, messageOf, UnavailableError } from "../../../server/errors.ts";

/** Answers undefined for what is not there; throws `UnavailableError` when that cannot be told. */
export type BookSource = {
  book(batch: bigint): Promise<Uint8Array<ArrayBuffer> | undefined>;
  document(hash: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
};

const BOOK_LIMIT_BYTES = 2 ** 32 - 1;
const DOCUMENT_LIMIT_BYTES = 64 * 2 ** 20;
const SILENCE_LIMIT_MS = 60_000;
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 300;
const RETRY_AFTER_SECONDS = 30;

export const isUrl = (books: string): boolean => /^https?:\/\//i.test(books);

/** @throws InputError `not-books` */
export function bookSource(books: string): BookSource {
  if (!isUrl(books)) return folderSource(resolve(books));
  if (!URL.canParse(books))
    throw new InputError("not-books", `--books: wanted a folder or a URL, got ${books}`);
  return serverSource(books.endsWith("/") ? books : `${books}/`);
}

const nameOf = (batch: bigint) => `${batch}.arrow`;
const documentName = (hash: string) => `documents/${hash}.json`;

function folderSource(folder: string): BookSource {
  const read = (name: string) => readOrNone(join(folder, name));
  return { book: (batch) => read(nameOf(batch)), document: (hash) => read(documentName(hash)) };
}

async function readOrNone(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "EISDIR" || code === "ENOTDIR") return undefined;
    throw new UnavailableError(
      "no-books",
      `${path} cannot be read (${messageOf(error)})`,
      RETRY_AFTER_SECONDS,
    );
  }
}

function serverSource(base: string): BookSource {
  const get = (name: string, limit: number) => insist(() => fetchBytes(new URL(name, base), limit), base);
  return {
    book: (batch) => get(nameOf(batch), BOOK_LIMIT_BYTES),
    document: (hash) => get(documentName(hash), DOCUMENT_LIMIT_BYTES),
  };
}

async function insist<T>(attempt: () => Promise<T>, base: string): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      if (attempts === ATTEMPTS) {
        const says = `the books at ${base} cannot be fetched (${messageOf(error)}); what was checked is kept, so run it again`;
        throw new UnavailableError("no-books", says, RETRY_AFTER_SECONDS);
      }
      await sleep(FIRST_PAUSE_MS * 3 ** (attempts - 1));
    }
  }
}

async function fetchBytes(url: URL, limit: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const response = await fetch(url, { signal: AbortSignal.timeout(SILENCE_LIMIT_MS) });
  if (response.status === 404 || response.status === 410) {
    await response.body?.cancel();
    return undefined;
  }
  if (!response.ok || response.body === null)
    throw new Error(`HTTP status ${response.status} for ${url.pathname}`);
  return await readBody(response.body, limit, url);
}

async function readBody(
  body: ReadableStream<Uint8Array>,
  limit: number,
  url: URL,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limit) throw new Error(`${url.pathname} has more than ${limit} bytes`);
  }
  return Buffer.concat(chunks, length);
}
