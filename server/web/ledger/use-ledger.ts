// The ledger of this site as a page needs it: what the site says, what the visitor has chosen, and what follows.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Hex } from "viem";
import { choiceOf, groundOf, keepOwnChoice, type OwnChoice, readOwnChoice } from "./choice.ts";
import { ledgerQuery } from "./hint.ts";

export const useLedgerHint = () => useQuery(ledgerQuery);

/** One for all parts of a page; kept as long as the page is open, since a browser may forbid keeping it longer. */
const ownChoiceQuery = (ledger: Hex | undefined) => ({
  queryKey: ["own-choice", ledger],
  queryFn: () => readOwnChoice(ledger as Hex),
  initialData: () => (ledger === undefined ? undefined : readOwnChoice(ledger)),
  enabled: ledger !== undefined,
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
});

/** The choice for a ledger, that of this site when none is given; and how to change it. */
export function useLedgerChoice(ledger?: Hex) {
  const queries = useQueryClient();
  const { data: hint, isPending } = useLedgerHint();
  const id = ledger ?? hint?.id;
  const { data: own } = useQuery(ownChoiceQuery(id));
  const fitting = hint?.id === id ? hint : undefined;
  const choice = own === undefined ? null : choiceOf(own, fitting);
  return {
    hint,
    isPending,
    own,
    choice,
    /** What a comparison with it is worth; null while there is nothing to compare with. */
    ground: own === undefined || choice === null ? null : groundOf(choice, own, hint),
    choose: (choice: OwnChoice) => {
      if (id === undefined) return;
      keepOwnChoice(id, choice);
      queries.setQueryData(["own-choice", id], choice);
    },
  };
}
