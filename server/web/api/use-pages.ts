// A list that the service hands out page by page; each further page is asked for by the visitor.

import { useInfiniteQuery } from "@tanstack/react-query";
import { get, inPath } from "./client.ts";

/** `next` is the cursor of the page behind; null behind the last. */
export type Page<Item> = { readonly items: readonly Item[]; readonly next: string | null };

/** @param most items on a page. */
export const usePages = <Item>(path: string, most: number) =>
  useInfiniteQuery({
    queryKey: ["pages", path],
    queryFn: ({ signal, pageParam }) => {
      const after = pageParam === null ? "" : `&after=${inPath(pageParam)}`;
      return get<Page<Item>>(`${path}?limit=${most}${after}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
