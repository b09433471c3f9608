// What the site knows of a receipt: the receipt itself, and what became of it. The site's own word, all of it.

import { useQuery } from "@tanstack/react-query";
import type { Hex } from "viem";
import { get, isRefused } from "../api/client.ts";
import { receiptQuery } from "./needs.ts";

/** A payout, as the site tells of it. */
export type Payout = {
  readonly rail: "token" | "bank";
  readonly upTo: string;
  readonly paidAt: string;
  /** The operator's word alone: by bank, and the charity has not signed for it yet. */
  readonly claimed: boolean;
  readonly ageSeconds: number;
  readonly transaction: Hex | null;
};

export type Bought = { readonly what: string; readonly count: string; readonly measure: string };
export type ReportPart = {
  readonly from: string;
  readonly upTo: string;
  readonly project: string;
  readonly place: { readonly country: string; readonly name: string };
  readonly bought: readonly Bought[];
  readonly note?: string;
};

export type Report = {
  readonly hash: Hex;
  readonly document: string;
  readonly reportedAt: string;
  readonly transaction: Hex | null;
  readonly from: string;
  readonly upTo: string;
  readonly parts: readonly ReportPart[];
};

export type Signature = {
  readonly from: string;
  readonly upTo: string;
  readonly signedAt: string;
  readonly transaction: Hex | null;
};

/** How a receipt stands, as the site tells. */
export type ReceiptStatus = {
  readonly stage: "recorded" | "sealed" | "anchored" | "final";
  readonly money: "given" | "paid" | "acknowledged" | "spent" | "reversed" | "netted" | null;
  readonly refunded: string;
  readonly reversals: readonly { readonly id: Hex; readonly amount: string }[];
  readonly fault: string | null;
  readonly payout: Payout | null;
  readonly acknowledgement: Signature | null;
  readonly reports: readonly Report[];
};

export type ServedReceipt = {
  readonly format: string;
  /** Of what the id alone opens; a whole file has it among the receipt's fields. */
  readonly id?: string;
  readonly receipt?: { readonly id?: string };
  readonly batch: string | null;
  readonly erased?: string;
  readonly status: ReceiptStatus;
};

type Batch = { readonly anchoredAt: string | null; readonly transaction: Hex | null };
type Charity = { readonly name: string; readonly registration: string };

export type Story = {
  readonly status: ReceiptStatus | null;
  readonly erased: string | null;
  readonly batch: Batch | null;
  readonly charity: Charity | null;
};

const LOOK_AGAIN_MS = 15_000;

export const useReceipt = (id: string, key: string | null) =>
  useQuery({
    ...receiptQuery(id, key),
    refetchInterval: ({ state: { data } }) => (data?.batch === null ? LOOK_AGAIN_MS : false),
  });

/** Which receipt a story is of; `served` is what the site has said already. */
export type StoryOf = {
  readonly id: Hex;
  readonly charity: Hex;
  readonly batch: bigint | null;
  readonly served: ServedReceipt | null;
};

/** What the site can tell of a receipt beside its proof. Nothing of it is needed to verify: silence is no error. */
export function useStory(of: StoryOf | null): Story {
  const ask = <Answer>(name: string, path: string | null) => ({
    queryKey: ["story", name, path],
    queryFn: ({ signal }: { signal: AbortSignal }) => get<Answer>(path as string, { signal }),
    enabled: path !== null,
  });
  const receipt = useQuery(ask<ServedReceipt>("receipt", of && !of.served ? `/v1/receipts/${of.id}` : null));
  const batch = useQuery(ask<Batch>("batch", of?.batch == null ? null : `/v1/batches/${of.batch}`));
  const charity = useQuery(ask<Charity>("charity", of && `/v1/charities/${of.charity}`));
  const told = of?.served ?? receipt.data;
  return {
    status: told?.status ?? null,
    erased: told?.erased ?? null,
    batch: batch.data ?? null,
    charity: charity.data ?? null,
  };
}

export const isWrongKey = (error: unknown): boolean => isRefused(error) && error.code === "wrong-receipt-key";
