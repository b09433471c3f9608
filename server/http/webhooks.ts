// /v1/webhooks: where other systems want to be told, of what; what they have not taken, and telling it again.

import { randomBytes } from "node:crypto";
import { isIP } from "node:net";
import { z } from "zod";
import { ConflictError, InputError } from "../errors.ts";
import { checkDestination, hostOf, wrongDestination } from "../programmes/webhooks/destination.ts";
import { kindsFor, TEST_KIND, WEBHOOK_KINDS } from "../programmes/webhooks/kinds.ts";
import { charityId } from "../protocol/ids.ts";
import { publicAddresses } from "../public-names.ts";
import type { Database } from "../store/database.ts";
import type { Caller, Role } from "../store/keys.ts";
import { deadMessages, replayDead } from "../store/webhook-messages.ts";
import {
  addWebhook,
  askTest,
  dropWebhook,
  enableWebhook,
  rotateSecret,
  type Webhook,
  webhookById,
  webhooksOf,
} from "../store/webhooks.ts";
import { type Asked, type Reply, type Route, route } from "./route.ts";
import type { Services } from "./services.ts";
import { idInPath, listOf, noSuch, page, time } from "./words.ts";

const tag = "Webhooks";
const EVERYONE: readonly Role[] = ["operator", "merchant", "charity"];
const SECRET_BYTES = 32;
const LOOK_UP_TIMEOUT_MS = 5_000;

const webhookSchema = z
  .object({
    id: z.string(),
    url: z.string(),
    events: z.array(z.enum(WEBHOOK_KINDS)),
    createdAt: time,
    failingSince: time.nullable().meta({ description: "null when the last message was taken" }),
    disabledAt: time.nullable(),
    disabledReason: z.string().nullable(),
    formerSecretUntil: time.nullable(),
  })
  .meta({ id: "Webhook" });

const secretSchema = z.object({
  secret: z
    .string()
    .meta({ description: "whsec_ and base64, as Standard Webhooks libraries take it; shown once" }),
});

const deadSchema = z
  .object({
    key: z.string(),
    event: z.string(),
    attempts: z.int(),
    since: time,
    failure: z.string().nullable(),
  })
  .meta({ id: "DeadLetter" });

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

const show = (webhook: Webhook) => ({
  id: `${webhook.id}`,
  url: webhook.url,
  events: webhook.kinds,
  createdAt: iso(webhook.created_at),
  failingSince: iso(webhook.failing_since),
  disabledAt: iso(webhook.disabled_at),
  disabledReason: webhook.disabled_reason,
  formerSecretUntil: iso(webhook.former_until),
});

/** Nothing is sent to it, so its dead messages stay where they are seen. */
const DISABLED = new ConflictError(
  "disabled-webhook",
  "this endpoint is disabled: enable it, then send again",
);

const newSecret = () => randomBytes(SECRET_BYTES);
const showSecret = (secret: Buffer) => `whsec_${secret.toString("base64")}`;

/**
 * Throws `InputError` `wrong-destination` unless anybody could reach it, whatever its name leads to later. What it leads to
 * is not told: our resolver may know names and addresses that are nobody else's business.
 */
async function requireReachable(text: string, demonstration: boolean): Promise<string> {
  const url = checkDestination(text, demonstration);
  if (demonstration || isIP(hostOf(url)) > 0) return url.href;
  await publicAddresses(hostOf(url), AbortSignal.timeout(LOOK_UP_TIMEOUT_MS)).catch(() => {
    throw wrongDestination("an https address that anybody can reach", `${url.host}, which leads to none`);
  });
  return url.href;
}

function requireKinds({ role }: Caller, events: readonly string[]): void {
  const may: readonly string[] = kindsFor(role);
  const wrong = events.findIndex((event) => !may.includes(event));
  if (wrong < 0) return;
  const [field, wanted, came] = [`events.${wrong}`, may.join(", "), events[wrong] as string];
  throw new InputError("wrong-event", `${field}: wanted of what a ${role} hears: ${wanted}; came ${came}`, {
    field,
    wanted,
    came,
  });
}

/** One of the caller's own; another's is as if it were not there. */
async function own(sql: Database, { role, subject }: Caller, id: string): Promise<Webhook> {
  const webhook = await webhookById(sql, idInPath(id, "webhook"));
  if (webhook === undefined || webhook.role !== role || webhook.subject !== subject)
    throw noSuch("webhook", id);
  return webhook;
}

/** An operation on one of the caller's own. */
const onOwn =
  (work: (webhook: Webhook, services: Services) => Promise<Reply>) =>
  async ({ params: { id = "" }, caller }: Asked<unknown, unknown>, services: Services): Promise<Reply> =>
    work(await own(services.sql, caller, id), services);

const unknown = { description: "The caller has no such endpoint" };

export const webhookRoutes: Route[] = [
  route({
    method: "post",
    path: "/v1/webhooks",
    tag,
    summary: "Have events told to an address",
    description:
      "Messages follow Standard Webhooks: `webhook-id`, `webhook-timestamp` and `webhook-signature`, body `{type, timestamp, data}`. Each is sent until it is answered with 2xx; the same event has the same id. A merchant hears of its own receipts and of charities that it has given to, a charity of itself, the operator of all.",
    callers: EVERYONE,
    body: z.strictObject({
      url: z.string().max(500),
      events: z
        .array(z.enum(WEBHOOK_KINDS))
        .min(1)
        .max(WEBHOOK_KINDS.length)
        .refine((events) => new Set(events).size === events.length, "wanted each event once"),
    }),
    answers: {
      201: { description: "Made", schema: webhookSchema.extend(secretSchema.shape) },
      409: { description: "The caller has as many as one may have" },
      422: { description: "Not an address that may be sent to, or an event that is not for this caller" },
    },
    handle: async ({ body: { url, events }, caller }, { sql, settings }) => {
      requireKinds(caller, events);
      const href = await requireReachable(url, settings.demonstration);
      const secret = newSecret();
      const { role, subject } = caller;
      const charity = role === "charity" && subject !== null ? charityId(subject) : null;
      const made = await addWebhook(sql, { role, subject, charity, url: href, kinds: events, secret });
      if (made === undefined)
        throw new ConflictError("too-many-webhooks", "webhooks: the caller has as many as one may have");
      return { status: 201, body: { ...show(made), secret: showSecret(secret) } };
    },
  }),
  route({
    method: "get",
    path: "/v1/webhooks",
    tag,
    summary: "The caller's endpoints",
    callers: EVERYONE,
    answers: { 200: { description: "All", schema: z.object({ items: z.array(webhookSchema) }) } },
    handle: async ({ caller: { role, subject } }, { sql }) => {
      const webhooks = await webhooksOf(sql, role, subject);
      return { status: 200, body: { items: webhooks.map(show) } };
    },
  }),
  route({
    method: "post",
    path: "/v1/webhooks/{id}/removal",
    tag,
    summary: "Tell an endpoint nothing any more",
    description: "Messages that wait for it go with it.",
    callers: EVERYONE,
    body: z.strictObject({}),
    answers: {
      200: { description: "Removed", schema: z.object({ removed: z.literal(true) }) },
      404: unknown,
    },
    handle: onOwn(async ({ id }, { sql }) => {
      await dropWebhook(sql, id);
      return { status: 200, body: { removed: true } };
    }),
  }),
  route({
    method: "post",
    path: "/v1/webhooks/{id}/secret",
    tag,
    summary: "Change an endpoint's secret",
    description: "For a day messages are signed by the one before as well.",
    callers: EVERYONE,
    body: z.strictObject({}),
    answers: { 200: { description: "The new one, shown this once", schema: secretSchema }, 404: unknown },
    handle: onOwn(async ({ id }, { sql }) => {
      const secret = newSecret();
      await rotateSecret(sql, id, secret);
      return { status: 200, body: { secret: showSecret(secret) } };
    }),
  }),
  route({
    method: "post",
    path: "/v1/webhooks/{id}/test",
    tag,
    summary: "Send a message that says nothing but that it comes",
    description: "Its type is `webhook.test`; how it went is told by the endpoint's state.",
    callers: EVERYONE,
    body: z.strictObject({}),
    answers: {
      200: { description: "On its way", schema: z.object({ asked: z.literal(true) }) },
      404: unknown,
    },
    handle: onOwn(async ({ id }, { sql }) => {
      await askTest(sql, id, `${Date.now()}`);
      return { status: 200, body: { asked: true } };
    }),
  }),
  route({
    method: "post",
    path: "/v1/webhooks/{id}/enabling",
    tag,
    summary: "Tell a disabled endpoint again",
    description:
      "Receipts go on where they ended; of other events those are told that happen from now on, and those that waited.",
    callers: EVERYONE,
    body: z.strictObject({}),
    answers: { 200: { description: "As it is now", schema: webhookSchema }, 404: unknown },
    handle: onOwn(async ({ id }, { sql }) => {
      await enableWebhook(sql, id);
      return { status: 200, body: show((await webhookById(sql, id)) as Webhook) };
    }),
  }),
  route({
    method: "get",
    path: "/v1/webhooks/{id}/dead-letters",
    tag,
    summary: "Messages that were tried for the last time",
    description: "Kept for thirty days.",
    callers: EVERYONE,
    query: z.strictObject(page()),
    answers: { 200: { description: "A page, by event and key", schema: listOf(deadSchema) }, 404: unknown },
    handle: async ({ params: { id = "" }, query: { after = "", limit }, caller }, { sql }) => {
      const webhook = await own(sql, caller, id);
      const dead = await deadMessages(sql, webhook.id, after.split("/"), limit);
      const last = dead.at(-1);
      const items = dead.map((one) => ({
        key: one.key,
        event: one.kind,
        attempts: one.attempts,
        since: iso(one.made_at),
        failure: one.failure,
      }));
      const next = last === undefined || dead.length < limit ? null : `${last.kind}/${last.key}`;
      return { status: 200, body: { items, next } };
    },
  }),
  route({
    method: "post",
    path: "/v1/webhooks/{id}/replay",
    tag,
    summary: "Send dead messages again",
    description:
      "Those of this event and of these keys, at most a thousand; without both the first thousand. Each keeps its `webhook-id`.",
    callers: EVERYONE,
    body: z.strictObject({
      event: z.enum([...WEBHOOK_KINDS, TEST_KIND]).optional(),
      keys: z.array(z.string().min(1).max(100)).min(1).max(1_000).optional(),
    }),
    answers: {
      200: { description: "How many", schema: z.object({ replayed: z.int() }) },
      404: unknown,
      409: { description: "It is disabled: to be enabled first" },
    },
    handle: async ({ body: { event: kind, keys }, params: { id = "" }, caller }, { sql }) => {
      const webhook = await own(sql, caller, id);
      if (webhook.disabled_at !== null) throw DISABLED;
      return { status: 200, body: { replayed: await replayDead(sql, webhook.id, { kind, keys }) } };
    },
  }),
];
