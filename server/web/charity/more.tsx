// A list that goes on: the button that reads its next page, and what it says when that fails.

import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Failed, Loading, Nothing } from "../shell/states.tsx";
import { itemsOf, type Page } from "./queries.ts";

type List<Item> = UseInfiniteQueryResult<InfiniteData<Page<Item>>>;

export function More<Item>({ query }: { query: List<Item> }) {
  const { t } = useTranslation("charity");
  if (query.isFetchNextPageError)
    return <Failed error={query.error} retry={() => void query.fetchNextPage()} />;
  if (!query.hasNextPage) return null;
  return (
    <button type="button" disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
      {t(query.isFetchingNextPage ? "list.loadingMore" : "list.more")}
    </button>
  );
}

type ListedProps<Item> = {
  readonly query: List<Item>;
  /** What is said when there is nothing in it. */
  readonly none: string;
  readonly children: (items: readonly Item[]) => ReactNode;
};

/** The states of a list, and what it holds once it is there. */
export function Listed<Item>({ query, none, children }: ListedProps<Item>) {
  if (query.data === undefined)
    return query.isPending ? <Loading /> : <Failed error={query.error} retry={() => void query.refetch()} />;
  const items = itemsOf(query.data);
  if (items.length === 0) return <Nothing>{none}</Nothing>;
  return (
    <>
      {children(items)}
      <More query={query} />
    </>
  );
}
