// /v1/batches: the numbered sets of receipts, their statements, notices and roots.

import { z } from "zod";
import { NotFoundError } from "../errors.ts";
import { toHex } from "../protocol/bytes.ts";
import {
  type BatchRow,
  batchByNumber,
  batchesBefore,
  noticesOfBatch,
  type StatementRow,
  statementsOfBatch,
} from "../store/overview.ts";
import { type Route, route } from "./route.ts";
import { hex32, hexOrNull, isoTime, listOf, listReply, minor, page, time } from "./words.ts";

const MAX_NUMBER = 2n ** 63n - 1n;

export const batchSchema = z
  .object({
    number: minor,
    state: z.enum(["open", "closed", "sealed", "submitted", "anchored", "final"]),
    openedAt: time,
    closedAt: time.nullable(),
    receipts: minor.nullable(),
    root: hex32.nullable(),
    transaction: hex32.nullable(),
    block: minor.nullable(),
    sealedAt: time.nullable(),
    anchoredAt: time.nullable(),
  })
  .meta({ id: "Batch" });

const statementSchema = z
  .object({
    batch: minor,
    charity: hex32,
    registration: z.string(),
    name: z
      .string()
      .meta({ description: "the charity's, as it is registered here; not part of what is hashed" }),
    unit: z.string(),
    kind: z.int(),
    from: minor,
    to: minor,
    previous: minor,
    receipts: minor,
    receiptsRoot: hex32,
  })
  .meta({ id: "Statement" });

const noticeSchema = z.object({ kind: z.string(), subject: hex32, content: hex32 }).meta({ id: "Notice" });

export const show = (batch: BatchRow) => ({
  number: batch.number,
  state: batch.state,
  openedAt: isoTime(batch.opened_at),
  closedAt: batch.closed_at === null ? null : isoTime(batch.closed_at),
  receipts: batch.receipts,
  root: hexOrNull(batch.root),
  transaction: hexOrNull(batch.transaction),
  block: batch.block,
  sealedAt: batch.sealed_at?.toISOString() ?? null,
  anchoredAt: batch.anchored_at?.toISOString() ?? null,
});

const showStatement = ({ charity, receipts_root, ...statement }: StatementRow) => ({
  ...statement,
  charity: toHex(charity),
  receiptsRoot: toHex(receipts_root),
});

function numberInPath(text: string): bigint {
  if (/^[1-9][0-9]{0,18}$/.test(text) && BigInt(text) <= MAX_NUMBER) return BigInt(text);
  throw new NotFoundError("unknown-batch", `batch: wanted a number from 1, came ${text}`);
}

const tag = "Batches";

export const batchRoutes: Route[] = [
  route({
    method: "get",
    path: "/v1/batches",
    tag,
    summary: "List batches, newest first",
    query: z.strictObject({
      ...page(),
      after: z
        .string()
        .regex(/^[1-9][0-9]{0,17}$/, "wanted a batch's number")
        .optional(),
    }),
    answers: { 200: { description: "A page", schema: listOf(batchSchema) } },
    handle: async ({ query: { after, limit } }, { sql }) => {
      const batches = await batchesBefore(sql, after === undefined ? MAX_NUMBER : BigInt(after), limit);
      return { status: 200, body: listReply(batches.map(show), limit, ({ number }) => `${number}`) };
    },
  }),
  route({
    method: "get",
    path: "/v1/batches/{number}",
    tag,
    summary: "Read a batch with its statements and notices",
    answers: {
      200: {
        description: "The batch",
        schema: batchSchema.extend({ statements: z.array(statementSchema), notices: z.array(noticeSchema) }),
      },
      404: { description: "There is none of this number yet" },
    },
    handle: async ({ params: { number = "" } }, { sql }) => {
      const batch = await batchByNumber(sql, numberInPath(number));
      if (batch === undefined)
        throw new NotFoundError("unknown-batch", `batch: there is none of number ${number} yet`);
      const [statements, notices] = await Promise.all([
        statementsOfBatch(sql, batch.number),
        noticesOfBatch(sql, batch.number),
      ]);
      const shown = notices.map(({ kind, subject, content }) => ({
        kind,
        subject: toHex(subject),
        content: toHex(content),
      }));
      return {
        status: 200,
        body: { ...show(batch), statements: statements.map(showStatement), notices: shown },
      };
    },
  }),
];
