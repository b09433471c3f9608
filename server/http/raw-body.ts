// A body byte by byte, for routes that check a signature over it before they believe that it is anything.

import type { Request } from "express";
import { InputError } from "../errors.ts";

/** Throws `InputError` `body-too-large`, without reading on. */
export async function readRaw(request: Request, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limitBytes) throw tooLarge(limitBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const tooLarge = (limit: number) =>
  new InputError("body-too-large", `body: wanted at most ${limit} bytes`, {
    field: "body",
    wanted: `at most ${limit} bytes`,
  });
