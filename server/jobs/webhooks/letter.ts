// A message as it is sent: its body, and the headers that say who has written it (Standard Webhooks).

import { Webhook } from "standardwebhooks";
import { sha256 } from "../../hashing.ts";
import { messageBody, messageId } from "../../programmes/webhooks/message.ts";
import type { Happening } from "../../store/webhook-data.ts";
import type { DueMessage } from "../../store/webhook-messages.ts";
import type { Letter } from "./post.ts";

export function letterOf(message: DueMessage, { name, at, data }: Happening, now: Date): Letter {
  const { kind, url, secrets } = message;
  const id = messageId(kind, name, sha256);
  const body = messageBody(kind, at, data);
  const signatures = secrets.map((secret) => new Webhook(secret, { format: "raw" }).sign(id, now, body));
  const headers = {
    "content-type": "application/json",
    "user-agent": "amanah-webhooks/1",
    "webhook-id": id,
    "webhook-timestamp": `${Math.floor(now.getTime() / 1000)}`,
    "webhook-signature": signatures.join(" "),
  };
  return { url, headers, body };
}
