// What the pages of merchants ask the service for.

import { useQuery } from "@tanstack/react-query";
import type { Hex } from "viem";
import type { Terms } from "../../programmes/terms.ts";
import { get, inPath, post } from "../api/client.ts";
import { type Page, usePages } from "../api/use-pages.ts";

export type Merchant = {
  readonly id: string;
  readonly name: string;
  readonly legalDonor: string;
  readonly createdAt: string;
};

export type Pledge = {
  readonly id: Hex;
  readonly terms: Terms;
  readonly accepted: boolean;
  readonly acceptedBy: readonly string[];
  readonly endedAt: string | null;
  readonly createdAt: string;
};

export type Totals = {
  readonly shown: boolean;
  readonly fromBatch: string;
  readonly toBatch: string;
  readonly lines:
    | readonly {
        readonly registration: string;
        readonly name: string;
        readonly unit: string;
        readonly given: string;
        readonly reversed: string;
      }[]
    | null;
  readonly days: readonly { readonly day: string; readonly batch: string; readonly hash: Hex }[] | null;
};

const A_PAGE = 50;

/** By their ids. */
export const useMerchants = () => usePages<Merchant>("/v1/merchants", A_PAGE);

export const useMerchant = (id: string) =>
  useQuery({
    queryKey: ["merchant", id],
    queryFn: ({ signal }) => get<Merchant>(`/v1/merchants/${inPath(id)}`, { signal }),
  });

/** A shop has a few pledges; of one with more than a page the rest is found by the API. */
export const usePledges = (merchant: string) =>
  useQuery({
    queryKey: ["pledges", merchant],
    queryFn: ({ signal }) => get<Page<Pledge>>(`/v1/pledges?merchant=${inPath(merchant)}`, { signal }),
  });

export const useTotals = (merchant: string) =>
  useQuery({
    queryKey: ["totals", merchant],
    queryFn: ({ signal }) => get<Totals>(`/v1/merchants/${inPath(merchant)}/totals`, { signal }),
  });

const NAMES_KEPT_MS = 600_000;

/** A charity's name; its registration id stands for it meanwhile. */
export const useCharityName = (registration: string): string =>
  useQuery({
    queryKey: ["charity name", registration],
    staleTime: NAMES_KEPT_MS,
    queryFn: ({ signal }) =>
      get<{ readonly name: string }>(`/v1/charities/${inPath(registration)}`, { signal }),
  }).data?.name ?? registration;

/** A day's statement, for whoever has the merchant's key. */
export const askForDay = <Statement>(merchant: string, day: string, key: string) =>
  get<Statement>(`/v1/merchants/${inPath(merchant)}/completeness?day=${day}`, {
    authorization: `Bearer ${key}`,
  });

export const disclose = (merchant: string, shown: boolean, key: string) =>
  post<Totals>(
    `/v1/merchants/${inPath(merchant)}/totals/disclosure`,
    { shown },
    { authorization: `Bearer ${key}` },
  );
