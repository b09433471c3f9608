// What the pages of charities' own shops ask the service for.

import { useQuery } from "@tanstack/react-query";
import type { Hex } from "viem";
import type { Terms } from "../../programmes/terms.ts";
import { get, inPath } from "../api/client.ts";
import { usePages } from "../api/use-pages.ts";
import type { PortionTexts } from "../units/portions.ts";

export type ShopPledge = {
  readonly id: Hex;
  readonly terms: Terms;
  readonly accepted: boolean;
  readonly endedAt: string | null;
  readonly gifts: string;
  readonly given: string;
  readonly reversed: string;
};

/** What all gifts come to, and what the charity's reports say of the same. */
export type Outcome = PortionTexts & {
  readonly charity: string;
  readonly name: string;
  readonly unit: string;
  readonly served: string;
};

export type Shop = {
  readonly id: string;
  readonly name: string;
  readonly legalDonor: string;
  readonly toBatch: string;
  readonly pledges: readonly ShopPledge[];
  readonly outcomes: readonly Outcome[];
};

export type Good = {
  readonly product: string;
  readonly title: string;
  readonly currency: string;
  readonly price: string;
  readonly outcome: string | null;
};

const A_PAGE = 50;

export const useShops = () => usePages<{ readonly id: string; readonly name: string }>("/v1/shops", A_PAGE);

export const useGoods = (shop: string) => usePages<Good>(`/v1/shops/${inPath(shop)}/goods`, A_PAGE);

export const useShop = (id: string) =>
  useQuery({
    queryKey: ["shop", id],
    queryFn: ({ signal }) => get<Shop>(`/v1/shops/${inPath(id)}`, { signal }),
  });
