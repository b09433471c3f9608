// The contract's answer about a recomputed batch, asked anew when the visitor chooses another contract or endpoint.

import { useQuery } from "@tanstack/react-query";
import { toHex } from "../../../protocol/bytes.ts";
import { useLedgerChoice } from "../../ledger/use-ledger.ts";
import { readContract } from "./contract.ts";
import type { Recomputed } from "./messages.ts";

export function useContract(book: Recomputed | null) {
  const ledger = useLedgerChoice(book === null ? undefined : toHex(book.ledger));
  const { choice, isPending } = ledger;
  const { data = null, isFetching } = useQuery({
    queryKey: ["roots", choice, `${book?.batch}`],
    enabled: book !== null && !isPending,
    queryFn: () => readContract(choice, (book as Recomputed).batch),
    // Nothing is kept: a batch that was not anchored a moment ago may be now.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return { ledger, answer: isFetching ? null : data };
}
