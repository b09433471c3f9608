// The answer to an event, on the wire: its receipts, with the keys that open them.

import { z } from "zod";
import { fastHex } from "../hashing.ts";
import type { Answer, AnsweredReceipt } from "../ingest/answers.ts";
import { formatAmount } from "../programmes/currency.ts";
import { linkOf, receiptKey } from "./receipt-keys.ts";
import { JsonText } from "./route.ts";
import type { Services } from "./services.ts";
import { hex32, isoTime, minor, receiptIdText, time } from "./words.ts";

export const promiseSchema = z
  .object({
    leaf: hex32.meta({ description: "the receipt's leaf, as its batch will hold it" }),
    charity: hex32.meta({ description: "keccak-256 of the charity's registration" }),
    unit: z.string(),
    kind: z.int().meta({ description: "0 gift, 1 reversal" }),
    amount: minor,
    deadline: minor.meta({ description: "Unix seconds: by when the receipt is in an anchored batch" }),
    path: z.array(hex32).meta({
      description: "siblings from the promise's leaf to the root that was signed, pairs sorted",
    }),
    signature: z.string().meta({
      description: "of the EIP-712 data `Promises(bytes32 root,uint64 deadline)` in the ledger's domain",
    }),
  })
  .meta({
    id: "Promise",
    description:
      "The operator's word that the receipt will be recorded: keep it; a contract holds the operator to it",
  });

const answeredReceipt = z
  .object({
    id: receiptIdText,
    item: z.string().nullable(),
    charity: z.string(),
    unit: z.string(),
    kind: z.int().meta({ description: "0 gift, 1 reversal" }),
    amount: minor,
    terms: hex32,
    key: z.string().meta({ description: "opens the whole receipt; for the donor alone" }),
    link: z.url(),
    promise: promiseSchema
      .nullable()
      .meta({ description: "null when the service has no key to promise with" }),
  })
  .meta({ id: "AnsweredReceipt" });

export const answerSchema = z
  .object({
    recorded: z
      .boolean()
      .meta({ description: "false when an earlier telling of the same event recorded it" }),
    batch: minor,
    acceptedAt: time,
    expected: time.meta({ description: "by when the receipts are anchored" }),
    receipts: z.array(answeredReceipt),
  })
  .meta({ id: "Answer" });

/** The answer, behind what else its line tells. Put together as text, of which promises are the most by far. */
export function showAnswer(services: Services, answer: Answer, line: object = {}): JsonText {
  const head = {
    ...line,
    recorded: answer.recorded,
    batch: `${answer.batch}`,
    acceptedAt: isoTime(answer.acceptedAt),
    expected: isoTime(answer.acceptedAt + services.settings.ANCHOR_WITHIN_SECONDS),
  };
  const receipts = answer.receipts.flatMap((receipt, index) => [
    `${index === 0 ? "" : ","}${openedAt(showReceipt(services, receipt), "promise")}`,
    receipt.promise ?? "null",
    "}",
  ]);
  return new JsonText([`${openedAt(head, "receipts")}[`, ...receipts, "]}"]);
}

/** The JSON of an object up to the value of one member more, which follows. */
const openedAt = (object: object, name: string): string =>
  `${JSON.stringify(object).slice(0, -1)},"${name}":`;

function showReceipt(services: Services, receipt: AnsweredReceipt) {
  const id = fastHex(receipt.id);
  const key = receiptKey(services.ledger.secret, receipt.id);
  return {
    id,
    item: receipt.item,
    charity: receipt.registration,
    unit: receipt.unit,
    kind: receipt.kind,
    amount: `${receipt.amount}`,
    terms: fastHex(receipt.terms),
    key,
    link: linkOf(services.settings, id, key),
  };
}

export const statusOf = (answer: Answer): 200 | 201 => (answer.recorded ? 201 : 200);

/** A gift that a purchase would cause, in minor units and as people write it. */
export const showGift = (gift: {
  item: string;
  charity: string;
  unit: string;
  amount: bigint;
  terms: Uint8Array;
}) => ({
  item: gift.item,
  charity: gift.charity,
  unit: gift.unit,
  amount: `${gift.amount}`,
  written: formatAmount(gift.amount, gift.unit),
  terms: fastHex(gift.terms),
});
