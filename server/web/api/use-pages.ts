// A list that the service hands out page by page; each further page is asked for by the visitor.

import { useInfiniteQuery } from "@tanstack/react-query";
import { get, inPath } from "./client.ts";

/** `next` is the cursor of the page behind; null behind the last. */
export type Page<Item> = { readonly items: readonly Item[]; readonly next: string | null };

type Manner = {
  /** Whose pages they are: the first part of the queries' keys. */
  readonly of?: string;
  readonly authorization?: string;
  /** How often all pages that are shown are looked at anew; never, unless it is said. */
  readonly everyMs?: number;
};

/**
 * @param path may hold a query.
 * @param most items on a page.
 */
export const usePages = <Item>(
  path: string,
  most: number,
  { of = "pages", authorization, everyMs }: Manner = {},
) =>
  useInfiniteQuery({
    queryKey: [of, path],
    queryFn: ({ signal, pageParam }) => {
      const after = pageParam === null ? "" : `&after=${inPath(pageParam)}`;
      const first = path.includes("?") ? "&" : "?";
      return get<Page<Item>>(`${path}${first}limit=${most}${after}`, { signal, authorization });
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: everyMs ?? false,
  });
