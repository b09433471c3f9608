// What the pages of charities read of the service, and how often. What the contract says of it is read elsewhere.

import { type InfiniteData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { Hex } from "viem";
import type { SpendingPart } from "../../programmes/spending-report.ts";
import type { Fault } from "../../protocol/faults.ts";
import { get, inPath } from "../api/client.ts";

export type Charity = {
  readonly id: Hex;
  /** With a slash in it, a restricted fund. */
  readonly registration: string;
  readonly name: string;
  readonly website: string | null;
  readonly payee: Hex | null;
  readonly signer: Hex | null;
  readonly rail: "token" | "bank";
};

/** All positions are decimal strings of whole minor units. */
export type Line = {
  readonly charity: Hex;
  readonly registration: string;
  readonly unit: string;
  readonly sealed: { readonly gifts: string; readonly reversals: string };
  readonly watermarks: Readonly<
    Record<"given" | "reversed" | "paid" | "netted" | "acknowledged" | "spent", string>
  >;
  readonly fault: Fault | null;
  readonly readAt: string | null;
};

export type Payout = {
  readonly id: string;
  readonly unit: string;
  readonly rail: "token" | "bank";
  readonly from: string;
  readonly upTo: string;
  readonly amount: string;
  readonly state: "intended" | "waiting" | "confirmed" | "paid" | "failed";
  readonly reason: string | null;
  readonly createdAt: string;
  readonly paidAt: string | null;
  readonly claimed: boolean;
  readonly cameBack: boolean;
  readonly ageSeconds: number | null;
};

/** How something that was signed stands with the contract. */
export type Signed = {
  readonly number: string;
  readonly state: "waiting" | "recorded" | "final" | "refused";
  readonly transaction: Hex | null;
  readonly recordedAt: string | null;
  readonly reason: string | null;
  readonly unit: string;
  readonly from: string;
  readonly upTo: string;
};

export type Acknowledgement = Signed & {
  readonly received: string;
  readonly batch: string;
  readonly root: Hex;
};

export type Disbursement = Signed & { readonly evidence: Hex };

export type Report = { readonly unit: string; readonly parts: readonly SpendingPart[] };

export type Page<Item> = { readonly items: readonly Item[]; readonly next: string | null };

const OFTEN_MS = 5_000;
const ON_A_PAGE = 20;
const MOST_FUNDS = 200;

export const charityPath = (id: string, rest = "") => `/v1/charities/${inPath(id)}${rest}`;

/** By registration id, or by the hash of it. */
export const useCharity = (id: string) =>
  useQuery({
    queryKey: ["charity", id],
    queryFn: ({ signal }) => get<Charity>(charityPath(id), { signal }),
    staleTime: 60_000,
  });

/** The key of all that moves when something is signed. */
export const moving = (charity: Hex) => ["charity-moving", charity] as const;

/** The lines of a charity, as they move. */
export const useLines = (charity: Hex) =>
  useQuery({
    queryKey: [...moving(charity), "lines"],
    queryFn: ({ signal }) => get<Page<Line>>(`/v1/lines?charity=${charity}`, { signal }),
    refetchInterval: OFTEN_MS,
  });

/** What was paid by bank on a line and not signed for yet: the operator's word. */
export type Claim = { readonly upTo: string; readonly amount: string; readonly ageSeconds: number };

export const useClaim = ({ charity, unit, watermarks: { paid, acknowledged } }: Line) =>
  useQuery({
    queryKey: [...moving(charity), "claim", unit, paid, acknowledged],
    queryFn: ({ signal }) =>
      get<Line & { claimed: Claim | null }>(`/v1/lines/${charity}/${inPath(unit)}`, { signal }),
    enabled: BigInt(paid) > BigInt(acknowledged),
  });

/** The lines of all charities that a list shows. */
export const useLinesOf = (charities: readonly Charity[]) =>
  useQuery({
    queryKey: ["lines", charities.map(({ id }) => id)],
    queryFn: ({ signal }) =>
      get<Page<Line>>(`/v1/lines?limit=1000&charity=${charities.map(({ id }) => id).join()}`, { signal }),
    enabled: charities.length > 0,
  });

/** The restricted funds of a charity: registered beneath its id. */
export const useFunds = (registration: string) =>
  useQuery({
    queryKey: ["funds", registration],
    queryFn: async ({ signal }) => {
      const search = inPath(`${registration}/`);
      const path = `/v1/charities?limit=${MOST_FUNDS}&search=${search}`;
      const { items } = await get<Page<Charity>>(path, { signal });
      return items.filter((one) => one.registration.startsWith(`${registration}/`));
    },
    enabled: !registration.includes("/"),
    staleTime: 60_000,
  });

/** A list page by page; `path` ends where its cursor is to be added. */
function useList<Item>(key: readonly unknown[], path: string) {
  return useInfiniteQuery({
    queryKey: key,
    queryFn: ({ signal, pageParam }) =>
      get<Page<Item>>(`${path}limit=${ON_A_PAGE}${pageParam === null ? "" : `&after=${inPath(pageParam)}`}`, {
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
}

/** The items of all pages that have been read. */
export const itemsOf = <Item>({ pages }: InfiniteData<Page<Item>>): Item[] =>
  pages.flatMap(({ items }) => items);

export const useCharities = (search: string) =>
  useList<Charity>(
    ["charities", search],
    `/v1/charities?${search === "" ? "" : `search=${inPath(search)}&`}`,
  );

export const usePayouts = (charity: Hex) =>
  useList<Payout>([...moving(charity), "payouts"], `/v1/payouts?charity=${charity}&`);

export const useAcknowledgements = (charity: Hex) =>
  useList<Acknowledgement>(
    [...moving(charity), "acknowledgements"],
    `${charityPath(charity, "/acknowledgements")}?`,
  );

export const useDisbursements = (charity: Hex) =>
  useList<Disbursement>([...moving(charity), "disbursements"], `${charityPath(charity, "/disbursements")}?`);

/** A published report: it never changes. */
export const useReport = (evidence: Hex) =>
  useQuery({
    queryKey: ["document", evidence],
    queryFn: ({ signal }) => get<Report>(`/v1/documents/${evidence}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
