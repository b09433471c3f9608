// What the overview asks of the service.

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { get } from "../api/client.ts";
import { LiveFeed } from "../live/feed.ts";
import { type Days, daysBack, following, type Overview } from "./figures.ts";

/** One for all: who comes back to the page sees at once what it knew. */
const feed = new LiveFeed<Overview>({ path: "/v1/overview", event: "overview", following });

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
