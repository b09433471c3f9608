// What other systems can be told of: each kind, and who may hear of it. The one list of them.

/** `own`: a merchant hears of its own purchases. `lines`: of charities that it has given to; a charity of itself. */
const KINDS = {
  "receipt.recorded": { merchant: "own" },
  "batch.anchored": { merchant: "all", charity: "all", operator: "all" },
  "payout.paid": { merchant: "lines", charity: "lines", operator: "all" },
  "payout.acknowledged": { merchant: "lines", charity: "lines", operator: "all" },
  "disbursement.published": { merchant: "lines", charity: "lines", operator: "all" },
} as const satisfies Record<string, Partial<Record<Listener, "own" | "lines" | "all">>>;

export type Listener = "operator" | "merchant" | "charity";
export type WebhookKind = keyof typeof KINDS;

export const WEBHOOK_KINDS = Object.keys(KINDS) as [WebhookKind, ...WebhookKind[]];

export const kindsFor = (listener: Listener): WebhookKind[] =>
  WEBHOOK_KINDS.filter((kind) => listener in KINDS[kind]);

/** Sent when its owner asks for it, to see that an endpoint works. */
export const TEST_KIND = "webhook.test";
export type MessageKind = WebhookKind | typeof TEST_KIND;
