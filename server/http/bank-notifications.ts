// /v1/bank/notifications and /v1/bank/entries: what the operator's bank tells, what each movement came to, and what a person
// has to look at until it is resolved.

import express, { type Request, type Response } from "express";
import { z } from "zod";
import { readCamt054 } from "../bank/camt054.ts";
import { InputError } from "../errors.ts";
import { text } from "../programmes/fields.ts";
import { type Recorded, recordMovement, type Told, tellApart } from "../store/bank-entries.ts";
import { type EntryRow, entriesBefore, resolveFlag } from "../store/bank-findings.ts";
import type { Database } from "../store/database.ts";
import { entrySchema, notificationSchema } from "./bank-schemas.ts";
import { type Route, route, toJson } from "./route.ts";
import type { Services } from "./services.ts";
import { idBefore, idInPath, idText, listOf, listReply, numberedPage } from "./words.ts";

const tag = "Bank";
const NOTIFICATION_LIMIT_BYTES = 32_000_000;
/** The largest notifications take minutes, in which nothing is sent. */
const SILENCE_LIMIT_MS = 600_000;

const flag = z
  .enum(["", "true", "false"])
  .transform((given) => given !== "false")
  .default(false);

const showEntry = ({ end_to_end_id, created_at, resolved_at, ...entry }: EntryRow) => ({
  ...entry,
  endToEndId: end_to_end_id,
  toldAt: created_at.toISOString(),
  resolvedAt: resolved_at?.toISOString() ?? null,
});

const readRaw = express.raw({ limit: NOTIFICATION_LIMIT_BYTES, type: () => true });

/** The body as bytes. Throws `InputError` when it is of another type, or the parser's error when it is too large. */
async function readXmlBody(request: Request, response: Response): Promise<Uint8Array> {
  const came = request.headers["content-type"] ?? "nothing";
  if (!/^(application|text)\/([\w.-]+\+)?xml\b/i.test(came))
    throw new InputError("wrong-content-type", `Content-Type: wanted application/xml, came ${came}`, {
      wanted: "application/xml",
      came,
    });
  await new Promise<void>((resolve, reject) =>
    readRaw(request, response, (failure?: unknown) => (failure === undefined ? resolve() : reject(failure))),
  );
  return request.body instanceof Uint8Array ? request.body : new Uint8Array();
}

const TRANSFERS_AT_ONCE = 4;

/** What was told of one transfer in its order, several transfers at a time. Cut off, what is done stays done. */
async function recordAll(sql: Database, told: readonly Told[]) {
  const numbered = told.map((one, index) => ({ one, index }));
  const transfers = Map.groupBy(numbered, ({ one, index }) => one.movement.endToEndId ?? index).values();
  const entries: ReturnType<typeof showRecorded>[] = new Array(told.length);
  const work = async () => {
    for (const movements of transfers)
      for (const { one, index } of movements)
        entries[index] = showRecorded(one, await recordMovement(sql, one));
  };
  await Promise.all(Array.from({ length: TRANSFERS_AT_ONCE }, work));
  return entries;
}

const showRecorded = ({ movement }: Told, { entry, outcome, flagged, explanation }: Recorded) => ({
  ...{ entry, outcome, flagged, explanation },
  endToEndId: movement.endToEndId,
  direction: movement.direction,
  reference: movement.reference,
  amount: movement.amount.decimal,
  currency: movement.amount.currency,
});

async function takeNotification(request: Request, response: Response, { sql, log }: Services): Promise<void> {
  request.setTimeout(SILENCE_LIMIT_MS);
  const movements = readCamt054(await readXmlBody(request, response));
  const entries = await recordAll(sql, tellApart(movements));
  const flagged = entries.filter((entry) => entry.flagged).length;
  if (flagged > 0)
    log.warn({ message: movements[0]?.message, flagged }, "the bank told of something to look at");
  response.type("json").send(toJson({ message: movements[0]?.message ?? null, flagged, entries }));
}

export const bankNotificationRoutes: Route[] = [
  {
    method: "post",
    path: "/v1/bank/notifications",
    tag,
    summary: "Import the bank's notification: ISO 20022 camt.054.001.02 to .08",
    description: `At most ${NOTIFICATION_LIMIT_BYTES} bytes, no document type. Each movement is answered with what it came to; the same again changes nothing.`,
    callers: ["operator"],
    consumes: "application/xml",
    produces: "application/json",
    answers: { 200: { description: "What each movement came to", schema: notificationSchema } },
    stream: (request, response, _, services) => takeNotification(request, response, services),
  },
  route({
    method: "get",
    path: "/v1/bank/entries",
    tag,
    summary: "List what the bank told of, newest first",
    description: "With `flagged`, only what a person still has to look at.",
    callers: ["operator"],
    query: z.strictObject({ ...numberedPage("an entry's number"), flagged: flag }),
    answers: { 200: { description: "A page", schema: listOf(entrySchema) } },
    handle: async ({ query: { after, limit, flagged } }, { sql }) => {
      const entries = await entriesBefore(sql, idBefore(after), limit, flagged);
      return { status: 200, body: listReply(entries.map(showEntry), limit, ({ id }) => `${id}`) };
    },
  }),
  route({
    method: "post",
    path: "/v1/bank/entries/{id}/resolution",
    tag,
    summary: "Resolve a flag: say what the movement was",
    description:
      "With `accept`, for a movement whose amount differs, it counts for the transfer all the same: as the debit that pays it, or as its return. " +
      "With `payout`, for the debit of an unknown transfer, it counts as the money of that payout, which then is not filed: after a restore, for what the bank was asked for since the backup.",
    callers: ["operator"],
    body: z.strictObject({
      note: text(500),
      accept: z.boolean().default(false),
      payout: idText("a payout's number").transform(BigInt).optional(),
    }),
    answers: {
      200: { description: "Resolved", schema: entrySchema },
      409: { description: "No flag of this number is open, or it cannot be accepted" },
    },
    handle: async ({ params: { id = "" }, body }, { sql }) => ({
      status: 200,
      body: showEntry(await resolveFlag(sql, idInPath(id, "entry"), body)),
    }),
  }),
];
