// Sends what is exported as it is read: not faster than the reader takes it, and no longer than there is one.

import { once } from "node:events";
import type { Request, Response } from "express";
import type { Sink } from "../exports/parquet.ts";
import type { Transaction } from "../store/database.ts";
import { asOfNow } from "../store/exports.ts";
import type { Services } from "./services.ts";

const KEPT_SECONDS = 60;

export type Download = { readonly type: string; readonly name: string };

/** Writes an export from what the database tells as of one moment. Nothing is sent before `sink` is called. */
export type Export = (tx: Transaction, sink: Sink, signal: AbortSignal) => Promise<void>;

export async function sendExport(
  request: Request,
  response: Response,
  { sql, exports, log }: Services,
  download: Download,
  work: Export,
): Promise<void> {
  response.set("Access-Control-Allow-Origin", "*");
  if (request.method === "HEAD") return void announce(response, download).end();
  await exports.within(response, async (signal) => {
    try {
      await asOfNow(sql, (tx) => work(tx, sinkOf(response, download, signal, exports.stalledMs), signal));
      response.end();
    } catch (thrown) {
      if (!signal.aborted && !response.headersSent) throw thrown;
      if (!signal.aborted) log.error({ err: thrown, file: download.name }, "export broke off");
      // What has gone out cannot be taken back: it is cut off, so that nobody takes it for whole.
      response.destroy();
    }
  });
}

const announce = (response: Response, { type, name }: Download): Response =>
  response
    .status(200)
    .set("Content-Type", type)
    .set("Content-Disposition", `attachment; filename="${name}"`)
    .set("Cache-Control", `public, max-age=${KEPT_SECONDS}`);

const sinkOf =
  (response: Response, download: Download, signal: AbortSignal, stalledMs: number): Sink =>
  async (bytes) => {
    signal.throwIfAborted();
    if (!response.headersSent) announce(response, download);
    if (response.write(bytes)) return;
    await once(response, "drain", { signal: AbortSignal.any([signal, AbortSignal.timeout(stalledMs)]) });
  };
