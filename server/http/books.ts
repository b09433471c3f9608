// /books: the public files that anyone needs to recompute the ledger. They are files of a folder, so that a static server
// or a mirror may serve them as well; here a book that is lost is made again when somebody asks for it.

import type { Response } from "express";
import { InputError, NotFoundError } from "../errors.ts";
import type { Route, StreamRoute } from "./route.ts";
import type { Services } from "./services.ts";
import { bytesInPath, noSuch } from "./words.ts";

const BOOK_TYPE = "application/vnd.apache.arrow.file";
const HASH_BYTES = 32;
const YEAR_SECONDS = 31_536_000;
const FOR_EVER = `public, max-age=${YEAR_SECONDS}, immutable`;
const FOR_A_WHILE = "public, max-age=10";

type Headers = { readonly type: string; readonly cache: string; readonly tag?: string };

/** Sends a file of the books' folder: ranges, conditions and all. */
function send(response: Response, { books }: Services, name: string, headers: Headers): Promise<void> {
  response.set({ "Cache-Control": headers.cache, "Content-Type": headers.type });
  if (headers.tag !== undefined) response.set("ETag", `"${headers.tag}"`);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  response.sendFile(name, { root: books.folder, cacheControl: false }, (failed) =>
    failed === undefined || response.headersSent ? resolve() : reject(refusalOf(failed, response)),
  );
  return promise;
}

/** A problem document is neither of the file's type nor to be kept for as long. */
function refusalOf(failed: Error, response: Response): Error {
  for (const name of ["Cache-Control", "Content-Type", "ETag"]) response.removeHeader(name);
  const { status, headers } = failed as { status?: number; headers?: Record<string, string> };
  if (status !== 416) return failed;
  response.set("Content-Range", headers?.["Content-Range"] ?? "bytes */*");
  return new InputError(
    "range-not-satisfiable",
    "Range: wanted bytes within the file; Content-Range tells how many it has",
  );
}

const EXPOSED = "ETag, Content-Range, Accept-Ranges, Content-Length";

type Stream = StreamRoute["stream"];

/** Any page of the web may read what is answered, a refusal as well: else a page could not tell one from a broken line. */
const toAnyPage =
  (stream: Stream): Stream =>
  (request, response, caller, services) => {
    response.set({ "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": EXPOSED });
    return stream(request, response, caller, services);
  };

function batchInPath(text: string): bigint {
  if (/^[1-9][0-9]{0,17}$/.test(text)) return BigInt(text);
  throw new NotFoundError("unknown-batch", `batch: wanted a number from 1, came ${text}`);
}

const tag = "Books";
const consumes = "application/json";

export const bookRoutes: Route[] = [
  {
    method: "get",
    path: "/books/ledger.json",
    tag,
    summary: "Where an audit begins: the ledger, its contract, its charities, the newest book",
    description: "Hints only: contract and signers are to be taken from a source of the reader's own.",
    consumes,
    produces: "application/json",
    answers: { 200: { description: "`amanah-ledger/1`" }, 404: { description: "Not published yet" } },
    stream: toAnyPage(async (_request, response, _, services) => {
      if (!(await services.books.hasLedgerCard())) throw noSuch("file", "ledger.json");
      await send(response, services, "ledger.json", { type: "application/json", cache: FOR_A_WHILE });
    }),
  },
  {
    method: "get",
    path: "/books/{batch}.arrow",
    tag,
    summary: "Read the book of a batch",
    description:
      "`amanah-book/1`: an Apache Arrow IPC file with one record batch for each statement, from which anyone recomputes the batch's root. It never changes; ranges are served.",
    consumes,
    produces: BOOK_TYPE,
    answers: {
      200: { description: "The book" },
      206: { description: "The range that was asked for" },
      304: { description: "The reader has it already" },
      404: { description: "The batch is not sealed yet" },
    },
    stream: toAnyPage(async (request, response, _, services) => {
      const batch = batchInPath(String(request.params.batch));
      const book = await services.books.book(batch);
      if (book === undefined)
        throw new NotFoundError("book-not-there", `batch ${batch} is not sealed yet: a book is written then`);
      const headers = { type: BOOK_TYPE, cache: FOR_EVER, tag: book.sha256.toString("hex") };
      await send(response, services, book.name, headers);
    }),
  },
  {
    method: "get",
    path: "/books/documents/{hash}.json",
    tag,
    summary: "Read a public document that a batch timestamps",
    description: "Its canonical JSON as it was hashed: keccak-256 of the bytes is the content of its notice.",
    consumes,
    produces: "application/json",
    answers: {
      200: { description: "The document" },
      404: { description: "Not known, not public, or its batch is not sealed yet" },
    },
    stream: toAnyPage(async (request, response, _, services) => {
      const hash = String(request.params.hash);
      const name = await services.books.document(bytesInPath(hash, HASH_BYTES, "document"));
      if (name === undefined) throw noSuch("document", hash);
      await send(response, services, name, {
        type: "application/json",
        cache: FOR_EVER,
        tag: hash.toLowerCase(),
      });
    }),
  },
];
