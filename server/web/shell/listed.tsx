// A list that the visitor reads on: its states, what it holds, and the button for the next page, or why that did not come.

import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Page } from "../api/use-pages.ts";
import { Failed, Loading, Nothing } from "./states.tsx";

type List<Item> = UseInfiniteQueryResult<InfiniteData<Page<Item>>>;

type MoreProps<Item> = {
  readonly query: List<Item>;
  /** What the button for the next page says. */
  readonly more: string;
};

export function More<Item>({ query, more }: MoreProps<Item>) {
  const { error, isFetchNextPageError, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  if (isFetchNextPageError) return <Failed error={error} retry={() => void fetchNextPage()} />;
  if (!hasNextPage) return null;
  const read = () => {
    if (!isFetchingNextPage) void fetchNextPage();
  };
  // One that is disabled would lose the keyboard's focus, and with it the reader's place.
  return (
    <button type="button" aria-disabled={isFetchingNextPage} onClick={read}>
      {more}
    </button>
  );
}

type ListedProps<Item> = MoreProps<Item> & {
  /** What is said when there is nothing in it. */
  readonly none: string;
  readonly children: (items: readonly Item[]) => ReactNode;
};

export function Listed<Item>({ query, none, more, children }: ListedProps<Item>) {
  const { data, error, isPending, refetch } = query;
  if (isPending) return <Loading />;
  if (data === undefined) return <Failed error={error} retry={() => void refetch()} />;
  const items = data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <Nothing>{none}</Nothing>;
  return (
    <>
      {children(items)}
      <More query={query} more={more} />
    </>
  );
}
