// What can be downloaded, and the days that a download is of.

import { useQuery } from "@tanstack/react-query";
import { get } from "../api/client.ts";

export type Column = { readonly name: string; readonly meaning: string };

export type Table = {
  readonly name: string;
  /** What days choose by; null where it is always told whole. */
  readonly period: string | null;
  readonly csv: string;
  readonly parquet: string;
  readonly columns: readonly Column[];
};

export const useTables = () =>
  useQuery({
    queryKey: ["exports"],
    queryFn: ({ signal }) => get<{ readonly items: readonly Table[] }>("/v1/exports", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Days as they are written, in UTC; both are in it. */
export type Period = { readonly from: string; readonly upTo: string };

export const MOST_DAYS = 366;
const DAY_MS = 86_400_000;

/** This year up to today. */
export function usualPeriod(now: Date): Period {
  const today = now.toISOString().slice(0, 10);
  return { from: `${today.slice(0, 4)}-01-01`, upTo: today };
}

/** What keeps a period from being asked for; undefined when nothing does. */
export function troubleOf({ from, upTo }: Period): "missing" | "order" | "long" | undefined {
  if (from === "" || upTo === "") return "missing";
  if (upTo < from) return "order";
  return (Date.parse(upTo) - Date.parse(from)) / DAY_MS >= MOST_DAYS ? "long" : undefined;
}

/** The address of a file of these days. */
export const ofPeriod = (path: string, { from, upTo }: Period): string => `${path}?from=${from}&upTo=${upTo}`;
