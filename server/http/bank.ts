// /v1/bank: what the operator's bank is asked for: files, and the transfers in them. What it answers is in
// `bank-notifications`.

import { z } from "zod";
import { ConflictError } from "../errors.ts";
import { text } from "../programmes/fields.ts";
import { bankOverview } from "../store/bank-findings.ts";
import { heldSince, release } from "../store/restorations.ts";
import { setAside } from "../store/transfer-filing.ts";
import {
  type FiledFile,
  filesBefore,
  fileXml,
  rejectTransfer,
  type TransferRow,
  transfersBefore,
} from "../store/transfers.ts";
import { fileSchema, overviewSchema, transferSchema } from "./bank-schemas.ts";
import { type Route, route } from "./route.ts";
import { idBefore, idInPath, listOf, listReply, noSuch, numberedPage, page } from "./words.ts";

const tag = "Bank";

/** Behind every transfer there can be, as a cursor. */
const LAST = `${2n ** 63n - 1n}-1`;

const showFile = (file: FiledFile) => ({
  id: file.id,
  messageId: file.message_id,
  currency: file.currency,
  transfers: file.transfers,
  sum: file.sum,
  createdAt: file.created_at.toISOString(),
  url: `/v1/bank/files/${file.id}`,
});

const showTransfer = (transfer: TransferRow) => ({
  endToEndId: transfer.end_to_end_id,
  payout: transfer.payout,
  attempt: transfer.attempt,
  registration: transfer.registration,
  currency: transfer.currency,
  amount: transfer.amount,
  state: transfer.state,
  file: transfer.file,
  reference: transfer.reference,
  reason: transfer.reason,
  filedAt: transfer.filed_at.toISOString(),
  confirmedAt: transfer.confirmed_at?.toISOString() ?? null,
  returnedAt: transfer.returned_at?.toISOString() ?? null,
});

export const bankRoutes: Route[] = [
  route({
    method: "get",
    path: "/v1/bank",
    tag,
    summary: "How the bank rail stands: what is on the way, what waits and why, what needs a person",
    callers: ["operator"],
    answers: { 200: { description: "The overview", schema: overviewSchema } },
    handle: async (_, { sql }) => {
      const [counts, aside, held] = await Promise.all([bankOverview(sql), setAside(sql), heldSince(sql)]);
      const { to_send_again: toSendAgain, flags: openFlags, accounts_waiting: accountChanges } = counts;
      const { filed, confirmed } = counts;
      const waiting = aside.map(({ payout, registration, reason }) => ({ payout, registration, reason }));
      const heldBackSince = held?.toISOString() ?? null;
      const body = { filed, confirmed, toSendAgain, openFlags, accountChanges, heldBackSince, waiting };
      return { status: 200, body };
    },
  }),
  route({
    method: "get",
    path: "/v1/bank/files",
    tag,
    summary: "List the files for the bank, newest first",
    callers: ["operator"],
    query: z.strictObject(numberedPage("a file's number")),
    answers: { 200: { description: "A page", schema: listOf(fileSchema) } },
    handle: async ({ query: { after, limit } }, { sql }) => {
      const files = await filesBefore(sql, idBefore(after), limit);
      return { status: 200, body: listReply(files.map(showFile), limit, ({ id }) => `${id}`) };
    },
  }),
  {
    method: "get",
    path: "/v1/bank/files/{id}",
    tag,
    summary: "Download a file for the bank: ISO 20022 pain.001.001.03",
    description:
      "The same bytes each time. Hand it to the bank once; it refuses a message's name that it has seen.",
    callers: ["operator"],
    consumes: "text/plain",
    produces: "application/xml",
    answers: { 200: { description: "The file" }, 404: { description: "There is none of this number" } },
    stream: async (request, response, _, { sql }) => {
      const id = `${request.params.id}`;
      const file = await fileXml(sql, idInPath(id, "file"));
      if (file === undefined) throw noSuch("file", id);
      response.attachment(`${file.message_id}.xml`).type("application/xml").send(file.xml);
    },
  },
  route({
    method: "get",
    path: "/v1/bank/transfers",
    tag,
    summary: "List transfers, those of the newest payouts first",
    callers: ["operator"],
    query: z.strictObject({
      ...page(),
      after: z
        .string()
        .regex(/^[1-9][0-9]{0,17}-[1-9][0-9]{0,8}$/, "wanted a payout and an attempt, such as 17-1")
        .optional(),
      state: z.enum(["filed", "confirmed", "returned", "bounced"]).optional(),
    }),
    answers: { 200: { description: "A page", schema: listOf(transferSchema) } },
    handle: async ({ query: { after = LAST, limit, state } }, { sql }) => {
      const [payout = "", attempt = ""] = after.split("-");
      const before = { payout: BigInt(payout), attempt: Number(attempt) };
      const transfers = await transfersBefore(sql, before, limit, state ?? null);
      const cursor = (last: { payout: bigint; attempt: number }) => `${last.payout}-${last.attempt}`;
      return { status: 200, body: listReply(transfers.map(showTransfer), limit, cursor) };
    },
  }),
  route({
    method: "post",
    path: "/v1/bank/release",
    tag,
    summary: "Let transfers be filed again after the ledger was put back from a backup",
    description:
      "Compare with the account first: what the bank was asked for after the backup is known to it alone, and is paid twice if it is filed again. Hand in its notifications of that time, start a settlement, and resolve each unknown transfer with the payout that it paid.",
    callers: ["operator"],
    body: z.strictObject({}),
    answers: {
      200: { description: "The next settlement run files what is due" },
      409: { description: "Nothing holds transfers back" },
    },
    handle: async (_, { sql }) => {
      if (!(await release(sql))) throw new ConflictError("not-held", "nothing holds transfers back");
      return { status: 200, body: { heldBackSince: null } };
    },
  }),
  route({
    method: "post",
    path: "/v1/bank/transfers/{id}/rejection",
    tag,
    summary: "Say that the bank has refused a transfer, so that nothing will leave for it",
    description:
      "It is then filed again under a new end-to-end id. Be sure: what leaves after all is paid twice.",
    callers: ["operator"],
    body: z.strictObject({ reason: text(300) }),
    answers: {
      200: { description: "It will be filed again" },
      409: { description: "It is not on the way" },
    },
    handle: async ({ params: { id = "" }, body: { reason } }, { sql }) => {
      if (!(await rejectTransfer(sql, id, reason)))
        throw new ConflictError(
          "not-on-the-way",
          `transfer: none called ${id.slice(0, 40)} is on its way to the bank`,
        );
      return { status: 200, body: { endToEndId: id, state: "returned" } };
    },
  }),
];
