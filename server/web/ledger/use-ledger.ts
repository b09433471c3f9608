// The ledger of this site as a page needs it: what the site says, what the visitor has chosen, and what follows.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Hex } from "viem";
import { choiceOf, groundOf, keepOwnChoice, type OwnChoice, readOwnChoice } from "./choice.ts";
import { ledgerQuery } from "./hint.ts";

export const useLedgerHint = () => useQuery(ledgerQuery);

/** The choice for a ledger, that of this site when none is given; and how to change it. */
export function useLedgerChoice(ledger?: Hex) {
  const { data: hint, isPending } = useLedgerHint();
  const id = ledger ?? hint?.id;
  const [changed, change] = useState<OwnChoice>();
  const own = changed ?? (id === undefined ? undefined : readOwnChoice(id));
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
      if (id !== undefined) keepOwnChoice(id, choice);
      change(choice);
    },
  };
}
