// The contract that the visitor believes, read at the endpoints of their choice. What reads it is loaded when it is needed.

import { useQuery } from "@tanstack/react-query";
import type { Hex } from "viem";
import { fromHex } from "../../protocol/bytes.ts";
import type { Place } from "../../verifier/follow.ts";
import type { LedgerChoice } from "../ledger/choice.ts";
import { useLedgerChoice } from "../ledger/use-ledger.ts";

/** The chosen contract at the endpoint of its chain; null when there is no endpoint. @throws UnavailableError */
export async function placeOf(choice: LedgerChoice | null): Promise<Place | null> {
  if (choice === null || choice.rpcUrls.length === 0) return null;
  const { startAt } = await import("../ledger/start.ts");
  return (await startAt(choice)).place;
}

/** A charity's accounts as the contract has them; `isUnasked` when there is no endpoint to ask. */
export function useAccounts(charity: Hex) {
  const { choice, isPending } = useLedgerChoice();
  const query = useQuery({
    queryKey: ["accounts", charity, choice],
    queryFn: async () => {
      const place = await placeOf(choice);
      return place && (await place.reader.charity(place.contract, fromHex(charity)));
    },
    enabled: choice !== null,
    retry: false,
    staleTime: 60_000,
  });
  const isUnasked = (choice === null && !isPending) || query.data === null;
  return { data: query.data ?? undefined, isError: query.isError, isUnasked };
}
