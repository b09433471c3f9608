// /v1/documents/{hash}: published documents, byte for byte as they were hashed, and the notices that timestamp them.

import type { Request, Response } from "express";
import { z } from "zod";
import { toHex } from "../protocol/bytes.ts";
import type { Queries } from "../store/database.ts";
import { documentByHash, type StoredDocument } from "../store/documents.ts";
import { batchByNumber } from "../store/overview.ts";
import { type Route, route } from "./route.ts";
import { bytesInPath, hex32, hexOrNull, minor, noSuch } from "./words.ts";

const HASH_BYTES = 32;
const YEAR_SECONDS = 31_536_000;

async function publicDocument(sql: Queries, hash: string): Promise<StoredDocument> {
  const document = await documentByHash(sql, bytesInPath(hash, HASH_BYTES, "document"));
  if (document?.public !== true) throw noSuch("document", hash);
  return document;
}

/** A document never changes: its name is the hash of its bytes, so whoever has one of this name has it still. */
function send(request: Request, response: Response, { hash, body, batch }: StoredDocument): void {
  const tag = `"${toHex(hash)}"`;
  response.set({
    "Cache-Control": `public, max-age=${YEAR_SECONDS}, immutable`,
    ETag: tag,
    "Amanah-Batch": `${batch}`,
  });
  if (request.headers["if-none-match"]?.includes(tag)) response.status(304).end();
  else response.type("application/json").send(Buffer.from(body));
}

const noticeSchema = z
  .object({
    kind: z.string(),
    subject: hex32,
    content: hex32.meta({ description: "the document's hash" }),
    batch: minor,
    state: z.enum(["open", "closed", "sealed", "submitted", "anchored", "final"]),
    root: hex32.nullable(),
  })
  .meta({ id: "DocumentNotice" });

const tag = "Documents";

export const documentRoutes: Route[] = [
  {
    method: "get",
    path: "/v1/documents/{hash}",
    tag,
    summary: "Read a published document",
    description:
      "Its canonical JSON exactly as it was hashed: keccak-256 of the bytes is the hash. `Amanah-Batch` names the batch that timestamps it.",
    consumes: "application/json",
    produces: "application/json",
    answers: { 200: { description: "The document" }, 404: { description: "Not known, or not public" } },
    stream: async (request, response, _, { sql }) =>
      send(request, response, await publicDocument(sql, String(request.params.hash))),
  },
  route({
    method: "get",
    path: "/v1/documents/{hash}/notice",
    tag,
    summary: "Read the notice that timestamps a document",
    answers: {
      200: { description: "The notice, and how far its batch has come", schema: noticeSchema },
      404: { description: "Not known, or not public" },
    },
    handle: async ({ params: { hash = "" } }, { sql }) => {
      const { kind, subject, batch, hash: content } = await publicDocument(sql, hash);
      const row = await batchByNumber(sql, batch);
      const [state, root] = [row?.state ?? "open", hexOrNull(row?.root ?? null)];
      const body = { kind, subject: toHex(subject), content: toHex(content), batch, state, root };
      return { status: 200, body, headers: { "Cache-Control": "no-cache" } };
    },
  }),
];
