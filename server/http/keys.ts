// /v1/keys: API keys for those who write.

import { z } from "zod";
import { InputError } from "../errors.ts";
import { text } from "../programmes/fields.ts";
import { charityId } from "../protocol/ids.ts";
import type { Queries } from "../store/database.ts";
import { addKey, type Caller, newKey as makeKey, type Role, revokeKey } from "../store/keys.ts";
import { charityById, merchantById } from "../store/parties.ts";
import { type Route, route } from "./route.ts";
import { noSuch } from "./words.ts";

const keyBody = z.strictObject({
  role: z.enum(["operator", "merchant", "charity"]),
  /** Whom the key speaks for: a merchant's id or a charity's registration id. */
  subject: text(120).optional(),
  label: text(100).default("unnamed"),
});

const keySchema = z
  .object({ key: z.string(), role: z.string(), subject: z.string().nullable(), label: z.string() })
  .meta({ id: "Key" });

const tag = "Keys";

async function checkSubject(sql: Queries, role: Role, subject: string | undefined): Promise<void> {
  if (role === "operator") {
    if (subject === undefined) return;
    throw refuse("wanted none for an operator's key", subject);
  }
  if (subject === undefined) throw refuse(`wanted the ${role} that the key speaks for`, "nothing");
  const found =
    role === "merchant" ? await merchantById(sql, subject) : await charityById(sql, charityId(subject));
  if (found === undefined) throw refuse(`wanted a ${role} that is registered here`, subject);
}

const refuse = (wanted: string, came: string) =>
  new InputError("wrong-subject", `subject: ${wanted}, came ${came}`, { field: "subject", wanted, came });

export const keyRoutes: Route[] = [
  route({
    method: "post",
    path: "/v1/keys",
    tag,
    summary: "Make an API key",
    description: "The key is shown this once; only its hash is kept.",
    callers: ["operator"],
    body: keyBody,
    answers: { 201: { description: "Made", schema: keySchema } },
    handle: async ({ body: { role, subject, label } }, { sql }) => {
      await checkSubject(sql, role, subject);
      const caller: Caller = { role, subject: subject ?? null, label };
      const key = makeKey();
      await addKey(sql, key, caller);
      return { status: 201, body: { key, ...caller } };
    },
  }),
  route({
    method: "post",
    path: "/v1/keys/revocation",
    tag,
    summary: "Revoke an API key",
    description: "It stops working within five seconds, in every process.",
    callers: ["operator"],
    body: z.strictObject({ key: z.string().min(1).max(200) }),
    answers: { 200: { description: "Revoked" }, 404: { description: "No such key is in force" } },
    handle: async ({ body: { key } }, { sql }) => {
      if (!(await revokeKey(sql, key))) throw noSuch("key", "this");
      return { status: 200, body: { revoked: true } };
    },
  }),
];
