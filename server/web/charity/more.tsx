// The lists of a charity, with their words: what the button for the next page says, also while it is read.

import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Page } from "../api/use-pages.ts";
import * as shell from "../shell/listed.tsx";

type List<Item> = UseInfiniteQueryResult<InfiniteData<Page<Item>>>;

function useMore({ isFetchingNextPage }: { readonly isFetchingNextPage: boolean }): string {
  const { t } = useTranslation("charity");
  return t(isFetchingNextPage ? "list.loadingMore" : "list.more");
}

export const More = <Item,>({ query }: { query: List<Item> }) => (
  <shell.More query={query} more={useMore(query)} />
);

type ListedProps<Item> = {
  readonly query: List<Item>;
  /** What is said when there is nothing in it. */
  readonly none: string;
  readonly children: (items: readonly Item[]) => ReactNode;
};

export const Listed = <Item,>({ query, none, children }: ListedProps<Item>) => (
  <shell.Listed query={query} none={none} more={useMore(query)}>
    {children}
  </shell.Listed>
);
