// /v1/merchants/{id}/shopify and …/woocommerce: orders as these systems tell of them, known by their signature alone; and
// the secrets that they sign with.

import { createHmac, timingSafeEqual } from "node:crypto";
import type { Request, Response } from "express";
import { z } from "zod";
import { ForbiddenError, InputError, NotFoundError } from "../errors.ts";
import { answerOfOrder, type Taken, takeOrder, takeRefund } from "../ingest/shop-orders.ts";
import { checkCurrency } from "../programmes/currency.ts";
import { type Purchase, purchaseSchema } from "../programmes/purchase.ts";
import { exactJson } from "../programmes/shop-systems/exact-json.ts";
import {
  nameIn,
  purchaseOf,
  SHOP_SYSTEMS,
  type ShopOrder,
  type ShopSystem,
} from "../programmes/shop-systems/shop-order.ts";
import {
  isOfUnsentGoods,
  isShopifyTest,
  shopifyOrder,
  shopifyOrderSchema,
  shopifyRefund,
  shopifyRefundSchema,
} from "../programmes/shop-systems/shopify.ts";
import { wooOrder, wooOrderSchema } from "../programmes/shop-systems/woocommerce.ts";
import { merchantById } from "../store/parties.ts";
import {
  conflictsAfter,
  dropShopSystem,
  setShopSecret,
  shopSecrets,
  shopSystemsOf,
} from "../store/shop-systems.ts";
import { answerSchema, showAnswer } from "./answers.ts";
import { mayActFor } from "./auth.ts";
import { checkUtf8, parse } from "./problems.ts";
import { readRaw } from "./raw-body.ts";
import { type Route, route } from "./route.ts";
import type { Services } from "./services.ts";
import { listOf, listReply, noSuch, page, time } from "./words.ts";

const tag = "Shop systems";
const BODY_LIMIT_BYTES = 2_000_000;

/** What the shop's system is told; it reads the status alone, people read the rest in its log. */
type Told = { readonly taken: Taken; readonly says: string };

const told = z.object({
  taken: z.enum(["recorded", "known", "differs", "ignored"]),
  says: z.string(),
});

const SAYS: Record<Taken, string> = {
  recorded: "recorded",
  known: "recorded before",
  differs: "recorded before, with other content: the first telling stands",
  ignored: "nothing of it changes a gift",
};

const answer = (taken: Taken, says: string = SAYS[taken]): Told => ({ taken, says });

/** What a system's headers and events are called, and what is done about each. */
type Dialect = {
  readonly signature: string;
  readonly topic: string;
  /** Bodies that come unsigned and tell of nothing: the system asks whether anybody is there. */
  readonly isPing: (body: Buffer) => boolean;
  take(services: Services, merchant: string, topic: string, body: unknown): Promise<Told>;
};

const DIALECTS: Record<ShopSystem, Dialect> = {
  shopify: {
    signature: "x-shopify-hmac-sha256",
    topic: "x-shopify-topic",
    isPing: () => false,
    take: (services, merchant, topic, body) => {
      if (topic === "orders/fulfilled") return takeShopifyOrder(services, merchant, body);
      if (topic === "refunds/create") return takeShopifyRefund(services, merchant, body);
      return notOurs(topic);
    },
  },
  woocommerce: {
    signature: "x-wc-webhook-signature",
    topic: "x-wc-webhook-topic",
    isPing: (body) => body.length < 50 && /^webhook_id=\d+$/.test(body.toString("latin1")),
    take: (services, merchant, topic, body) =>
      /^order\.(created|updated|restored|completed|refunded)$/.test(topic)
        ? takeWooOrder(services, merchant, body)
        : notOurs(topic),
  },
};

const notOurs = async (topic: string) => answer("ignored", `nothing is done about ${topic}`);

async function takeShopifyOrder(services: Services, merchant: string, body: unknown): Promise<Told> {
  const order = parse(shopifyOrderSchema, body);
  return isShopifyTest(order)
    ? answer("ignored", "a test: nothing was sold")
    : takeWhole(services, merchant, shopifyOrder(order));
}

async function takeShopifyRefund(services: Services, merchant: string, body: unknown): Promise<Told> {
  const refund = parse(shopifyRefundSchema, body);
  const name = { merchant, order: nameIn("shopify", refund.order_id) };
  try {
    return answer(await takeRefund(services.ingest, name, (currency) => shopifyRefund(refund, currency)));
  } catch (thrown) {
    const isUnknown = thrown instanceof NotFoundError && thrown.code === "unknown-purchase";
    if (!isUnknown || !isOfUnsentGoods(refund)) throw thrown;
    return answer("ignored", "none of it was sent: the order tells of it when the rest is");
  }
}

async function takeWooOrder(services: Services, merchant: string, body: unknown): Promise<Told> {
  const order = wooOrder(parse(wooOrderSchema, body));
  if (order === null) return answer("ignored", "the order is not completed");
  return takeWhole(services, merchant, order);
}

/** The purchase, then what was taken back of it since; each by itself, and each as often as it is told. */
async function takeWhole({ ingest }: Services, merchant: string, order: ShopOrder): Promise<Told> {
  const draft = purchaseOf(merchant, order);
  if (draft === null) return answer("ignored", "nothing is left of the order");
  const purchase = checked(draft);
  const outcomes = [await takeOrder(ingest, purchase)];
  for (const refund of order.refunds) outcomes.push(await takeRefund(ingest, purchase, () => refund));
  return answer(RANK.find((taken) => outcomes.includes(taken)) ?? "ignored");
}

/** What is told of several: what is new before what is wrong, and both before what is nothing. */
const RANK: readonly Taken[] = ["differs", "recorded", "known"];

function checked(draft: Purchase): Purchase {
  const completedAt = new Date(draft.completedAt * 1000).toISOString();
  const purchase = parse(purchaseSchema, { ...draft, completedAt });
  checkCurrency(purchase.currency);
  return purchase;
}

const isSigned = (body: Buffer, signature: string, secret: string): boolean => {
  const wanted = createHmac("sha256", secret).update(body).digest();
  const came = Buffer.from(signature, "base64");
  return came.length === wanted.length && timingSafeEqual(came, wanted);
};

/** Whoever does not know the secret learns nothing, not even whether there is such a merchant. */
async function requireSignature(
  { sql }: Services,
  merchant: string,
  system: ShopSystem,
  body: Buffer,
  signature: string,
): Promise<void> {
  const secrets = await shopSecrets(sql, merchant, system);
  const signed = secrets.map((secret) => isSigned(body, signature, secret));
  if (signed.includes(true)) return;
  const { signature: header } = DIALECTS[system];
  throw new ForbiddenError(
    "unknown-signature",
    `${header}: wanted the base64 HMAC-SHA256 of the body under a secret in force for this merchant, came another or none`,
  );
}

function readSigned(body: Buffer): unknown {
  checkUtf8(body, "body");
  try {
    return exactJson(body.toString("utf8"));
  } catch {
    throw new InputError("malformed-json", "body: wanted JSON, came something else", {
      field: "body",
      wanted: "JSON",
    });
  }
}

async function receive(system: ShopSystem, request: Request, response: Response, services: Services) {
  const dialect = DIALECTS[system];
  const body = await readRaw(request, BODY_LIMIT_BYTES);
  const send = (told: Told) => void response.status(200).json(told);
  if (dialect.isPing(body)) return send(answer("ignored", "somebody is here"));
  const { id = "" } = request.params as { id?: string };
  await requireSignature(services, id, system, body, request.get(dialect.signature) ?? "");
  send(await dialect.take(services, id, (request.get(dialect.topic) ?? "").slice(0, 100), readSigned(body)));
}

const receiving = (system: ShopSystem, summary: string, description: string): Route => ({
  method: "post",
  path: `/v1/merchants/{id}/${system}`,
  tag,
  summary,
  description,
  consumes: "application/json",
  produces: "application/json",
  answers: {
    200: { description: "Taken, known before, or of no consequence: it need not come again", schema: told },
    401: { description: "Not signed with a secret in force" },
    404: { description: "A refund of an order that is not recorded yet: it may come again later" },
    422: { description: "Signed, and not what such a body is; `errors` names the fields" },
  },
  stream: (request, response, _, services) => receive(system, request, response, services),
});

const systemSchema = z
  .object({
    system: z.enum(SHOP_SYSTEMS),
    since: time,
    formerUntil: time.nullable().meta({ description: "until when the secret before counts too" }),
  })
  .meta({ id: "ShopSystem" });

async function requireMerchant({ sql }: Services, id: string): Promise<void> {
  if ((await merchantById(sql, id)) === undefined) throw noSuch("merchant", id);
}

export const shopSystemRoutes: Route[] = [
  receiving(
    "shopify",
    "What Shopify tells",
    "For the topics `orders/fulfilled` and `refunds/create`; any other is taken and left alone. An order is `shopify:` and Shopify's number of it.",
  ),
  receiving(
    "woocommerce",
    "What WooCommerce tells",
    "For the topic `order.updated`: an order counts once it is completed, with the refunds that it tells of. An order is `woocommerce:` and its number.",
  ),
  route({
    method: "post",
    path: "/v1/merchants/{id}/shop-systems",
    tag,
    summary: "Say which secret a shop system signs with",
    description: "The secret is never shown again. The one before stays in force for seven days.",
    callers: ["operator", "merchant"],
    body: z.strictObject({ system: z.enum(SHOP_SYSTEMS), secret: z.string().min(16).max(200) }),
    answers: {
      201: { description: "In force", schema: z.object({ system: z.enum(SHOP_SYSTEMS) }) },
      200: { description: "Was in force before", schema: z.object({ system: z.enum(SHOP_SYSTEMS) }) },
    },
    handle: async ({ body: { system, secret }, params: { id = "" }, caller }, services) => {
      mayActFor(caller, "merchant", id);
      await requireMerchant(services, id);
      const isNew = await setShopSecret(services.sql, id, system, secret);
      return { status: isNew ? 201 : 200, body: { system } };
    },
  }),
  route({
    method: "post",
    path: "/v1/merchants/{id}/shop-systems/removal",
    tag,
    summary: "Let a shop system tell of nothing any more",
    callers: ["operator", "merchant"],
    body: z.strictObject({ system: z.enum(SHOP_SYSTEMS) }),
    answers: {
      200: { description: "Removed, with its secrets", schema: z.object({ removed: z.literal(true) }) },
      404: { description: "No secret of this system is in force" },
    },
    handle: async ({ body: { system }, params: { id = "" }, caller }, { sql }) => {
      mayActFor(caller, "merchant", id);
      if (!(await dropShopSystem(sql, id, system))) throw noSuch("shop-system", system);
      return { status: 200, body: { removed: true } };
    },
  }),
  route({
    method: "get",
    path: "/v1/merchants/{id}/shop-systems",
    tag,
    summary: "Which shop systems may tell of orders",
    callers: ["operator", "merchant"],
    answers: {
      200: { description: "Without their secrets", schema: z.object({ items: z.array(systemSchema) }) },
    },
    handle: async ({ params: { id = "" }, caller }, { sql }) => {
      mayActFor(caller, "merchant", id);
      const systems = await shopSystemsOf(sql, id);
      const items = systems.map(({ system, created_at, former_until }) => ({
        system,
        since: created_at.toISOString(),
        formerUntil: former_until?.toISOString() ?? null,
      }));
      return { status: 200, body: { items } };
    },
  }),
  route({
    method: "get",
    path: "/v1/merchants/{id}/orders/{order}",
    tag,
    summary: "An order's receipts, with the keys that open them",
    description:
      "What whoever reports a purchase is answered with: a shop whose system reports it asks here, and hands the links to its buyer.",
    callers: ["operator", "merchant"],
    answers: {
      200: { description: "As they were answered first", schema: answerSchema },
      404: { description: "No such purchase is recorded" },
      409: { description: "It was erased" },
    },
    handle: async ({ params: { id = "", order = "" }, caller }, services) => {
      mayActFor(caller, "merchant", id);
      const known = await answerOfOrder(services.ingest, { merchant: id, order });
      if (known === undefined) throw noSuch("order", order);
      return { status: 200, body: showAnswer(services, known) };
    },
  }),
  route({
    method: "get",
    path: "/v1/merchants/{id}/shop-conflicts",
    tag,
    summary: "What shop systems told again with other content",
    description: "The first telling stands. `differs` names the fields.",
    callers: ["operator", "merchant"],
    query: z.strictObject(page()),
    answers: {
      200: {
        description: "A page, by name",
        schema: listOf(z.object({ name: z.string(), differs: z.string(), toldAt: time })),
      },
    },
    handle: async ({ params: { id = "" }, query: { after = "", limit }, caller }, { sql }) => {
      mayActFor(caller, "merchant", id);
      const conflicts = await conflictsAfter(sql, id, after, limit);
      const items = conflicts.map(({ name, differs, told_at }) => ({
        name,
        differs,
        toldAt: told_at.toISOString(),
      }));
      return { status: 200, body: listReply(items, limit, ({ name }) => name) };
    },
  }),
];
