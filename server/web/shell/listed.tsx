// A list that the visitor reads on: its states, what it holds, and the button for the next page.

import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Page } from "../api/use-pages.ts";
import { Failed, Loading, Nothing } from "./states.tsx";

type ListedProps<Item> = {
  readonly query: UseInfiniteQueryResult<InfiniteData<Page<Item>>>;
  /** What is said when there is nothing in it. */
  readonly none: string;
  /** What the button for the next page says. */
  readonly more: string;
  readonly children: (items: readonly Item[]) => ReactNode;
};

export function Listed<Item>({ query, none, more, children }: ListedProps<Item>) {
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  if (isPending) return <Loading />;
  if (data === undefined) return <Failed error={error} retry={() => void refetch()} />;
  const items = data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <Nothing>{none}</Nothing>;
  return (
    <>
      {children(items)}
      {hasNextPage && (
        <button type="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {more}
        </button>
      )}
    </>
  );
}
