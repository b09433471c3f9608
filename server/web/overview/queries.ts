// What the overview asks of the service.

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { get } from "../api/client.ts";
import { OverviewFeed } from "./feed.ts";
import { type Days, daysBack } from "./figures.ts";

/** One for all: who comes back to the page sees at once what it knew. */
const feed = new OverviewFeed();

export const useFeed = () => useSyncExternalStore(feed.subscribe, feed.now);
export const askNow = feed.askNow;

const ASK_EVERY_MS = 30_000;

/** So many days of a unit, the last of which is today. */
export const useDays = (unit: string, count: number) =>
  useQuery({
    queryKey: ["overview-days", unit, count],
    queryFn: ({ signal }) => {
      const period = new URLSearchParams({ unit, ...daysBack(count, Date.now()) });
      return get<Days>(`/v1/overview/days?${period}`, { signal });
    },
    refetchInterval: ASK_EVERY_MS,
    placeholderData: keepPreviousData,
  });
