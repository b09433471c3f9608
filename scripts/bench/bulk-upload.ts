// One bulk upload as a shop's program sends it: one request, whose answers stream back while it goes on.

import { once } from "node:events";
import { type IncomingMessage, request as startRequest } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { LOOPBACK } from "../../server/embedded/free-port.ts";
import { timed } from "./figures.ts";
import { orderBody } from "./orders.ts";
import type { BenchedService } from "./service.ts";

const PART_ORDERS = 500;

/** Uploads purchases numbered from `first` on; in milliseconds until the last answer. */
export async function uploadBulk(service: BenchedService, first: number, purchases: number): Promise<number> {
  // Written beforehand: making them is no part of what is measured.
  const parts = [...partsFrom(first, purchases)];
  let answers = 0;
  const milliseconds = await timed(async () => {
    answers = await countLines(await send(service, parts));
  });
  if (answers === purchases) return milliseconds;
  throw new Error(`wanted ${purchases} answers to a bulk upload, came ${answers}`);
}

function* partsFrom(first: number, purchases: number): Generator<Buffer> {
  for (let order = first; order < first + purchases; order += PART_ORDERS) {
    const end = Math.min(order + PART_ORDERS, first + purchases);
    const lines = Array.from({ length: end - order }, (_, index) => `${orderBody(order + index)}\n`);
    yield Buffer.from(lines.join(""), "latin1");
  }
}

async function send({ port, key }: BenchedService, parts: readonly Buffer[]): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/x-ndjson" };
  const path = "/v1/purchases/bulk";
  const request = startRequest({ host: LOOPBACK, port, path, method: "POST", headers });
  // The answers are read while the upload goes on, so it is not waited for here.
  const sent = pipeline(Readable.from(parts), request);
  const [response] = await Promise.race([
    once(request, "response"),
    sent.then(() => once(request, "response")),
  ]);
  return response;
}

async function countLines(response: IncomingMessage): Promise<number> {
  let lines = 0;
  for await (const data of response as AsyncIterable<Buffer>)
    for (let at = data.indexOf("\n"); at >= 0; at = data.indexOf("\n", at + 1)) lines += 1;
  return lines;
}
