// What the pages of campaigns ask of the service.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { get, inPath } from "../api/client.ts";
import { LiveFeed } from "../live/feed.ts";
import { type Campaign, following } from "./figures.ts";

/** One campaign as it happens. */
export function useCampaign(id: string) {
  const feed = useMemo(
    () => new LiveFeed<Campaign>({ path: `/v1/campaigns/${inPath(id)}`, event: "campaign", following }),
    [id],
  );
  return { ...useSyncExternalStore(feed.subscribe, feed.now), askNow: feed.askNow };
}

type Page = { readonly items: readonly Campaign[]; readonly next: string | null };

const LIST_AGAIN_MS = 10_000;

/** All, the newest first. */
export const useCampaigns = () =>
  useInfiniteQuery({
    queryKey: ["campaigns"],
    queryFn: ({ pageParam, signal }) =>
      get<Page>(`/v1/campaigns${pageParam === null ? "" : `?after=${inPath(pageParam)}`}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: LIST_AGAIN_MS,
  });

/** The name that a charity or a merchant goes by; undefined while it is not known. */
export const useName = (kind: "charities" | "merchants", id: string): string | undefined =>
  useQuery({
    queryKey: ["name", kind, id],
    queryFn: ({ signal }) => get<{ readonly name: string }>(`/v1/${kind}/${inPath(id)}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  }).data?.name;

const TICK_MS = 1_000;

/** The time, in Unix milliseconds, second by second. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
