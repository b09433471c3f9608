// What the bank's resources answer with, as schemas for the API's description.

import { z } from "zod";
import { minor, time } from "./words.ts";

export const overviewSchema = z
  .object({
    filed: minor.meta({ description: "transfers that the bank was asked for and has not told of" }),
    confirmed: minor,
    toSendAgain: minor.meta({ description: "transfers that came back, of payouts that wait for another" }),
    openFlags: minor.meta({ description: "movements that a person has to look at" }),
    accountChanges: minor.meta({ description: "changes of bank accounts that have not taken effect yet" }),
    heldBackSince: time.nullable().meta({
      description: "when the ledger was put back from a backup, until a person has compared and released",
    }),
    waiting: z
      .array(z.object({ payout: minor, registration: z.string(), reason: z.string() }))
      .meta({ description: "payouts without a transfer, and what each lacks" }),
  })
  .meta({ id: "BankOverview" });

export const fileSchema = z
  .object({
    id: minor,
    messageId: z.string(),
    currency: z.string(),
    transfers: z.int().meta({ description: "how many" }),
    sum: minor,
    createdAt: time,
    url: z.string(),
  })
  .meta({ id: "BankFile" });

const movement = {
  endToEndId: z.string().nullable(),
  direction: z.enum(["debit", "credit"]),
  reference: z.string().nullable().meta({ description: "the bank's own" }),
  amount: z.string().meta({ description: "with its decimals" }),
  currency: z.string(),
  outcome: z.string(),
  flagged: z.boolean().meta({ description: "whether a person has to look at it" }),
  explanation: z.string(),
};

export const notificationSchema = z
  .object({
    message: z
      .string()
      .nullable()
      .meta({ description: "as the bank named it; null when it tells of nothing" }),
    flagged: z.int(),
    entries: z.array(z.object({ entry: minor, ...movement })),
  })
  .meta({ id: "BankNotification" });

export const entrySchema = z
  .object({
    id: minor,
    message: z.string(),
    status: z.string(),
    ...movement,
    reason: z.string().nullable(),
    toldAt: time,
    resolution: z.string().nullable(),
    resolvedAt: time.nullable(),
  })
  .meta({ id: "BankEntry" });

export const transferSchema = z
  .object({
    endToEndId: z.string(),
    payout: minor,
    attempt: z.int(),
    registration: z.string(),
    currency: z.string(),
    amount: minor,
    state: z.enum(["filed", "confirmed", "returned", "bounced"]),
    file: minor,
    reference: z.string().nullable(),
    reason: z.string().nullable(),
    filedAt: time,
    confirmedAt: time.nullable(),
    returnedAt: time.nullable(),
  })
  .meta({ id: "Transfer" });
