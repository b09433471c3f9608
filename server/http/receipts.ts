// /v1/receipts/{id}: one receipt at any moment of its life. By its id alone: leaf, amount, proof and status. With its key
// the whole file.

import type { Request } from "express";
import { z } from "zod";
import { ForbiddenError } from "../errors.ts";
import { toHex } from "../protocol/bytes.ts";
import type { Details } from "../protocol/details.ts";
import type { PromiseFile } from "../protocol/promise-file.ts";
import { GIFT } from "../protocol/receipt.ts";
import { encodeReceiptFile, RECEIPT_FORMAT, type Seal } from "../protocol/receipt-file.ts";
import { encodeTerms, type TermsFile } from "../protocol/terms-steps.ts";
import { type Deployment, deploymentOf } from "../store/deployment.ts";
import { documentByHash } from "../store/documents.ts";
import { erasedAt } from "../store/erasure.ts";
import { type BatchState, batchByNumber, type LineView, lineByName } from "../store/overview.ts";
import { promiseOfEvent } from "../store/promises.ts";
import { type ReversalOf, receiptById, reversalsOfGifts, type StoredReceipt } from "../store/receipts.ts";
import { promiseSchema } from "./answers.ts";
import { type MoneyTrail, moneyTrailSchema, NO_TRAIL, trailOf } from "./money-trail.ts";
import { isReceiptKey } from "./receipt-keys.ts";
import { type Route, route } from "./route.ts";
import type { Services } from "./services.ts";
import { bytesInPath, faultSchema, hex32, isoTime, minor, noSuch, receiptIdText, time } from "./words.ts";

const ID_BYTES = 16;

const statusSchema = z
  .object({
    stage: z.enum(["recorded", "sealed", "anchored", "final"]),
    money: z.enum(["given", "paid", "acknowledged", "spent", "reversed", "netted"]).nullable(),
    start: minor.nullable(),
    end: minor.nullable(),
    refunded: minor,
    reversals: z.array(z.object({ id: receiptIdText, amount: minor })),
    fault: faultSchema,
    ...moneyTrailSchema.shape,
  })
  .meta({ id: "ReceiptStatus" });

const receiptSchema = z
  .looseObject({
    format: z.string(),
    id: receiptIdText.optional(),
    leaf: hex32,
    amount: minor,
    batch: minor.nullable(),
    erased: time.optional().meta({ description: "when the details were erased" }),
    promise: promiseSchema.nullable().optional().meta({
      description: "opened by the receipt's key alone; null when none was given",
    }),
    terms: z
      .looseObject({
        document: z.record(z.string(), z.unknown()),
        batch: minor,
        notice: z.object({ kind: z.string(), subject: hex32, content: hex32 }),
        proof: z.array(hex32),
      })
      .nullable()
      .optional()
      .meta({
        description:
          "what the gift follows from, and the proof that its batch's root holds its notice; opened by the receipt's key alone; null for a reversal, or while that batch has no root",
      }),
    status: statusSchema,
  })
  .meta({ id: "Receipt" });

type Known = {
  readonly receipt: StoredReceipt;
  readonly seal: Seal | null;
  readonly state: BatchState;
  readonly line: LineView | undefined;
  readonly reversals: readonly ReversalOf[];
  readonly deployment: Deployment | undefined;
  readonly trail: MoneyTrail;
  /** When its details were erased, in Unix seconds; null while they are there. */
  readonly erased: bigint | null;
};

async function know({ sql, proofs }: Services, receipt: StoredReceipt): Promise<Known> {
  const [seal, batch, line, reversals, deployment] = await Promise.all([
    proofs.of(receipt),
    batchByNumber(sql, receipt.batch),
    lineByName(sql, receipt.charity, receipt.unit),
    receipt.kind === GIFT ? reversalsOfGifts(sql, [receipt.id]) : [],
    deploymentOf(sql),
  ]);
  const isPlaced = receipt.kind === GIFT && seal !== null && line !== undefined;
  const trail = isPlaced ? await trailOf(sql, line, positionOf(receipt, seal)) : NO_TRAIL;
  const erased = receipt.private === null ? await erasedAt(sql, receipt.event) : null;
  return { receipt, seal, state: batch?.state ?? "open", line, reversals, deployment, trail, erased };
}

/** What was promised of the receipt, as its first answer told; null when nothing was. */
async function promiseOf({ sql, ingest }: Services, receipt: StoredReceipt): Promise<PromiseFile | null> {
  const stored = await promiseOfEvent(sql, receipt.event);
  return stored === undefined ? null : ingest.opener.open(stored, receipt);
}

/**
 * What the gift follows from, and what shows that it was noticed before; null where there is nothing, or no root yet, or where
 * it was not before: receipts of ledgers from when terms could be noticed in the same batch stay as valid as they were.
 */
async function termsOf({ sql, proofs }: Services, receipt: StoredReceipt): Promise<TermsFile | null> {
  const document = receipt.kind === GIFT ? await documentByHash(sql, receipt.terms) : undefined;
  if (document?.public !== true || document.batch >= receipt.batch) return null;
  const { kind: tag, subject, hash: content, batch, body } = document;
  const proof = await proofs.ofNotice(document);
  return (
    proof &&
    encodeTerms({ document: JSON.parse(body), batch, notice: { kind: tag, subject, content }, proof })
  );
}

const positionOf = ({ amount }: StoredReceipt, seal: Seal): readonly [bigint, bigint] => {
  const start = startOf(seal);
  return [start, start + amount];
};

/** Where the money of the receipt is, by the contract's watermarks as last read. */
function moneyOf({ kind, amount }: StoredReceipt, start: bigint, line: LineView | undefined) {
  if (line === undefined || line.read_at === null) return null;
  const end = start + amount;
  if (kind !== GIFT) return line.netted >= end ? "netted" : line.reversed >= end ? "reversed" : null;
  if (line.spent >= end) return "spent";
  if (line.acknowledged >= end) return "acknowledged";
  if (line.paid >= end) return "paid";
  return line.given >= end ? "given" : null;
}

const STAGES: Record<BatchState, z.output<typeof statusSchema>["stage"]> = {
  open: "recorded",
  closed: "recorded",
  sealed: "sealed",
  submitted: "sealed",
  anchored: "anchored",
  final: "final",
};

function showStatus({ receipt, seal, state, line, reversals, trail }: Known) {
  const start = seal === null ? null : startOf(seal);
  return {
    stage: seal === null ? "recorded" : STAGES[state],
    money: start === null ? null : moneyOf(receipt, start, line),
    start,
    end: start === null ? null : start + receipt.amount,
    refunded: reversals.reduce((sum, { amount }) => sum + amount, 0n),
    reversals: reversals.map(({ reversal, amount }) => ({ id: toHex(reversal), amount })),
    fault: line?.fault ?? null,
    ...trail,
  };
}

/** The statement's beginning and the sums of all siblings to the left, which the proof was checked by. */
export function startOf({ statement, proof }: Seal): bigint {
  let [node, last] = [proof.index, proof.receipts - 1n];
  let start = statement.from;
  for (const { sum } of proof.path) {
    while (node === last && (node & 1n) === 0n) [node, last] = [node >> 1n, last >> 1n];
    if ((node & 1n) === 1n) start += sum;
    [node, last] = [node >> 1n, last >> 1n];
  }
  return start;
}

const ZERO_ADDRESS = new Uint8Array(20);

function fileOf(services: Services, known: Known) {
  const { receipt, seal, deployment } = known;
  const expected =
    seal === null ? receipt.accepted_at + BigInt(services.settings.ANCHOR_WITHIN_SECONDS) : null;
  return encodeReceiptFile({
    ledger: {
      id: services.ledger.id,
      chainId: Number(deployment?.chain_id ?? 0n),
      contract: deployment?.contract ?? ZERO_ADDRESS,
    },
    receipt: { ...receipt, acceptedAt: receipt.accepted_at, salt: receipt.salt as Buffer },
    details: receipt.private === null ? null : (JSON.parse(receipt.private) as Details),
    seal,
    expected,
    promise: null,
  });
}

/**
 * What the id alone opens: enough to check that it is in its batch and where, nothing of who bought what. The promise is not
 * in it: its deadline tells the second of the purchase, and its path which other receipts were written with this one.
 */
function publicView(services: Services, known: Known) {
  const {
    receipt,
    details: _,
    ...file
  } = fileOf(services, { ...known, receipt: { ...known.receipt, salt: Buffer.alloc(32) } });
  const { id, charity, unit, kind, amount } = receipt;
  return {
    ...file,
    format: "amanah-receipt-proof/1",
    id,
    charity,
    unit,
    kind,
    amount,
    leaf: toHex(known.receipt.leaf),
    ...(known.erased === null ? {} : { details: null, erased: isoTime(known.erased) }),
  };
}

/** What the id alone opens, and how far its batch has come: for papers that name receipts. */
export async function publicReceipt(services: Services, receipt: StoredReceipt) {
  const known = await know(services, receipt);
  return { file: publicView(services, known), stage: showStatus(known).stage };
}

/** Of an erased receipt nothing is left but what its id opens; a file saved before verifies as ever. */
async function wholeView(services: Services, known: Known) {
  const { receipt } = known;
  if (receipt.private === null) return publicView(services, known);
  const acceptedAt = isoTime(receipt.accepted_at);
  const promise = await promiseOf(services, receipt);
  const terms = await termsOf(services, receipt);
  const file = fileOf(services, known);
  return { ...file, promise, terms, format: RECEIPT_FORMAT, leaf: toHex(receipt.leaf), acceptedAt };
}

/** Whether the request brings the receipt's key. Throws when it brings another. */
export function opensWhole(request: Request, secrets: readonly Uint8Array[], id: Uint8Array): boolean {
  const key = /^Receipt +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (key === undefined) return false;
  if (secrets.some((secret) => isReceiptKey(secret, id, key))) return true;
  throw new ForbiddenError("wrong-receipt-key", "Authorization: this is not the key of this receipt");
}

export const receiptRoutes: Route[] = [
  route({
    method: "get",
    path: "/v1/receipts/{id}",
    tag: "Receipts",
    summary: "Read a receipt",
    description:
      "Leaf, amount, proof and status by the id alone; the whole receipt file with `Authorization: Receipt` and its key. A receipt that is not sealed yet says by when it is expected to be anchored; one whose details were erased says when, and its key opens no more than its id.",
    answers: {
      200: { description: "The receipt as it stands", schema: receiptSchema },
      403: { description: "The key is of another receipt" },
      404: { description: "Not known" },
    },
    handle: async ({ params: { id = "" }, request }, services) => {
      const bytes = bytesInPath(id, ID_BYTES, "receipt");
      const whole = opensWhole(request, services.ledger.secrets, bytes);
      const receipt = await receiptById(services.sql, bytes);
      if (receipt === undefined) throw noSuch("receipt", id);
      const known = await know(services, receipt);
      const view = whole ? await wholeView(services, known) : publicView(services, known);
      const body = { ...view, status: showStatus(known) };
      return { status: 200, body, headers: { "Cache-Control": whole ? "private, no-store" : "no-cache" } };
    },
  }),
];
