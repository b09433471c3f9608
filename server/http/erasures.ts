// Erasure of what is personal: of all that a donor gave, or of one purchase. What is proven stays as it is.

import { z } from "zod";
import { donorsKey } from "../programmes/donor.ts";
import { hasPurchases } from "../store/donors.ts";
import { stepErasure } from "../store/erasing.ts";
import {
  askErasure,
  type Erasable,
  type Erasure,
  erasureById,
  erasuresOf,
  hasDetails,
  purchaseOfReceipt,
} from "../store/erasure.ts";
import type { Caller } from "../store/keys.ts";
import { mayActFor } from "./auth.ts";
import { buyerSchema, donorOf } from "./donors.ts";
import { type Reply, type Route, route } from "./route.ts";
import type { Services } from "./services.ts";
import { bytesInPath, idInPath, isoTime, noSuch, time } from "./words.ts";

const ID_BYTES = 16;

/** So many steps are done at once; what is left is done in the background. */
const STEPS_AT_ONCE = 50;

const erasureSchema = z
  .object({
    id: z.string(),
    askedAt: time,
    by: z.object({ role: z.string(), label: z.string() }),
    purchases: z.string(),
    receipts: z.string(),
    finishedAt: time.nullable(),
    says: z.string(),
    backups: z.string(),
  })
  .meta({ id: "Erasure" });

const BACKUPS =
  "Backups made before are not reached: they have to be deleted, or erased again when they are restored.";
const FINISHED = "Erased: details and salts are gone. Every proof, root and total holds as before.";
const UNDER_WAY =
  "Under way: what is in a sealed batch loses its details at once, newer receipts within minutes; salts, which tell nothing without the details, go when the batch is final. Ask again for how it stands.";

const show = (erasure: Erasure) => ({
  id: erasure.id,
  askedAt: isoTime(erasure.asked_at),
  by: { role: erasure.role, label: erasure.label },
  purchases: erasure.purchases,
  receipts: erasure.receipts,
  finishedAt: erasure.finished_at?.toISOString() ?? null,
  says: erasure.finished_at === null ? UNDER_WAY : FINISHED,
  backups: BACKUPS,
});

const replyOf = (erasure: Erasure): Reply => ({
  status: erasure.finished_at === null ? 202 : 200,
  body: show(erasure),
});

/** Asks for an erasure and does what can be done at once. Where nothing is left to erase, the last one is the answer. */
async function erase(
  { sql, ingest }: Services,
  what: Erasable,
  isAnythingLeft: () => Promise<boolean>,
  { role, label }: Caller,
): Promise<Erasure> {
  const [last] = await erasuresOf(sql, what);
  if (last !== undefined && !(await isAnythingLeft())) return settle(sql, last);
  const by = { role, label };
  const asked = await sql.begin("ISOLATION LEVEL READ COMMITTED", (tx) =>
    askErasure(tx, what, by, ingest.recorder.now()),
  );
  return settle(sql, asked as Erasure);
}

async function settle(sql: Services["sql"], { id }: Erasure): Promise<Erasure> {
  for (let step = 0; step < STEPS_AT_ONCE && (await stepErasure(sql, id)); step++);
  return (await erasureById(sql, id)) as Erasure;
}

const answers = {
  200: { description: "Erased", schema: erasureSchema },
  202: { description: "Asked for; the rest waits for its batches", schema: erasureSchema },
};

const tag = "Erasure";

export const erasureRoutes: Route[] = [
  route({
    method: "post",
    path: "/v1/donors/erasure",
    tag,
    summary: "Erase a donor",
    description:
      "All that was recorded of this buyer until now: details, salts, the purchases' bodies and those of their refunds, printed statements, the donor's key. Receipts stay provable by their leaves. A tombstone tells when it was asked for, and by whom.",
    callers: ["operator", "merchant"],
    body: buyerSchema,
    answers: { ...answers, 404: { description: "Nothing is recorded of this buyer" } },
    handle: async ({ body, caller }, services) => {
      mayActFor(caller, "merchant", body.merchant);
      const donor = donorOf(services, body);
      const key = donorsKey(services.ledger.secrets);
      const isKnown = () => hasPurchases(services.sql, key, donor);
      const [last] = await erasuresOf(services.sql, { donor });
      if (last === undefined && !(await isKnown())) throw noSuch("donor", body.buyer);
      return replyOf(await erase(services, { donor }, isKnown, caller));
    },
  }),
  route({
    method: "post",
    path: "/v1/receipts/{id}/erasure",
    tag,
    summary: "Erase the purchase that a receipt is of",
    description:
      "With all its receipts and refunds: one body tells of all of them. A reversal stands for the purchase that it takes back from.",
    callers: ["operator"],
    body: z.strictObject({}),
    answers: { ...answers, 404: { description: "Not known" } },
    handle: async ({ params: { id = "" }, caller }, services) => {
      const purchase = await purchaseOfReceipt(services.sql, bytesInPath(id, ID_BYTES, "receipt"));
      if (purchase === undefined) throw noSuch("receipt", id);
      const erasure = await erase(services, { purchase }, () => hasDetails(services.sql, purchase), caller);
      return replyOf(erasure);
    },
  }),
  route({
    method: "get",
    path: "/v1/erasures/{id}",
    tag,
    summary: "How an erasure stands",
    callers: ["operator"],
    answers: {
      200: { description: "As it stands", schema: erasureSchema },
      404: { description: "Not known" },
    },
    handle: async ({ params: { id = "" } }, { sql }) => {
      const erasure = await erasureById(sql, idInPath(id, "erasure"));
      if (erasure === undefined) throw noSuch("erasure", id);
      return { status: 200, body: show(erasure) };
    },
  }),
];
