// The operator's own endpoints, which are told of what happens: how they stand, and what they have not taken.

import { nowAndThen, useAsked, useDone, useListed } from "./queries.ts";

export type Webhook = {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly createdAt: string;
  readonly failingSince: string | null;
  readonly disabledAt: string | null;
  readonly disabledReason: string | null;
};

/** A message that was tried for the last time. */
export type DeadLetter = {
  readonly key: string;
  readonly event: string;
  readonly attempts: number;
  readonly since: string;
  readonly failure: string | null;
};

export const useWebhooks = () => useAsked<{ readonly items: readonly Webhook[] }>("/v1/webhooks", nowAndThen);

export const useDeadLetters = (webhook: string) =>
  useListed<DeadLetter>(`/v1/webhooks/${webhook}/dead-letters`);

export const useEnable = (webhook: string) =>
  useDone<void, Webhook>(() => ({ path: `/v1/webhooks/${webhook}/enabling`, body: {} }));

/** One dead letter, or as many of all as are sent again at once. */
export const useReplay = (webhook: string) =>
  useDone<DeadLetter | undefined, { readonly replayed: number }>((letter) => ({
    path: `/v1/webhooks/${webhook}/replay`,
    body: letter === undefined ? {} : { event: letter.event, keys: [letter.key] },
  }));
