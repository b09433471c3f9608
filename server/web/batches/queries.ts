// What the pages of batches ask the service for, and how often: a batch changes until it is final, and never after.

import { useQuery } from "@tanstack/react-query";
import type { Hex } from "viem";
import { get, inPath, NoAnswer } from "../api/client.ts";
import { usePages } from "../api/use-pages.ts";

export type BatchState = "open" | "closed" | "sealed" | "submitted" | "anchored" | "final";

export type Batch = {
  readonly number: string;
  readonly state: BatchState;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly receipts: string | null;
  readonly root: Hex | null;
  readonly transaction: Hex | null;
  readonly block: string | null;
  readonly sealedAt: string | null;
  readonly anchoredAt: string | null;
};

export type Statement = {
  readonly charity: Hex;
  readonly registration: string;
  readonly name: string;
  readonly unit: string;
  readonly kind: number;
  readonly from: string;
  readonly to: string;
  readonly previous: string;
  readonly receipts: string;
  readonly receiptsRoot: Hex;
};

export type Notice = { readonly kind: string; readonly subject: Hex; readonly content: Hex };

export type WholeBatch = Batch & {
  readonly statements: readonly Statement[];
  readonly notices: readonly Notice[];
};

const BATCHES_A_PAGE = 25;
const LOOK_AGAIN_MS = 3_000;

/** Newest first. */
export const useBatches = () => usePages<Batch>("/v1/batches", BATCHES_A_PAGE);

export const useBatch = (number: string) =>
  useQuery({
    queryKey: ["batch", number],
    queryFn: ({ signal }) => get<WholeBatch>(`/v1/batches/${inPath(number)}`, { signal }),
    refetchInterval: ({ state: { data } }) =>
      data === undefined || data.state === "final" ? false : LOOK_AGAIN_MS,
  });

export const bookPath = (number: string): string => `/books/${number}.arrow`;

/** A book is written when its batch is sealed. */
export const hasBook = ({ root }: Batch): boolean => root !== null;

/** How many bytes the book has; asked for by itself, since making a lost one again takes a while. */
export const useBookBytes = (batch: Batch) =>
  useQuery({
    queryKey: ["book", batch.number],
    enabled: hasBook(batch),
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const answer = await fetch(bookPath(batch.number), { method: "HEAD", signal });
      const bytes = answer.headers.get("Content-Length");
      if (!answer.ok || bytes === null) throw new NoAnswer("the book's size is not told");
      return Number(bytes);
    },
  });
