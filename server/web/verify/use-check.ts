// The verification of what was opened: at once by itself, then with what the contract says. Its times are measured, so that
// anyone can look how long a visitor waits.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { toHex } from "../../protocol/bytes.ts";
import type { Witness } from "../../protocol/testimony.ts";
import type { Line, Verification } from "../../protocol/verification.ts";
import type { Ground, LedgerChoice } from "../ledger/choice.ts";
import { useLedgerChoice } from "../ledger/use-ledger.ts";
import { compareWithChoice, isComparable, lastOf, type Reading } from "./compare.ts";
import { type Opened, verifyAlone } from "./open/opened.ts";

export type Check = {
  readonly verification: Verification;
  /** The line as the contract keeps it; null as long as it was not read. */
  readonly line: Line | null;
  readonly choice: LedgerChoice | null;
  /** What a comparison with the choice is worth. */
  readonly ground: Ground | null;
  /** Where the contract was read; null when nothing was. */
  readonly host: string | null;
  /** When the contract was read, where it has not answered since; else null. */
  readonly lastReadAt: Date | null;
  readonly isAsking: boolean;
};

const LOOK_AGAIN_MS = 30_000;

export function useAlone(opened: Opened, witness: Witness | null): Verification {
  const alone = useMemo(() => verifyAlone(opened, witness), [opened, witness]);
  useEffect(() => void performance.mark("amanah.verified", { detail: alone.reason }), [alone]);
  return alone;
}

/** @param number of the opened, which tells its answers from those of another */
export function useCheck(alone: Verification, number: number) {
  const ledger = alone.file === null ? undefined : toHex(alone.file.ledger.id);
  const { choice, ground, isPending, own, choose, hint } = useLedgerChoice(ledger);
  const isSettled = !isPending || own?.contract != null;
  const wanted = isComparable(alone);
  const queries = useQueryClient();
  const queryKey = ["compare", number, alone.reason, choice];
  const query = useQuery({
    queryKey,
    queryFn: async () => {
      const now = await compareWithChoice(alone, choice);
      return lastOf(queries.getQueryData<Reading>(queryKey), now);
    },
    enabled: wanted && isSettled,
    networkMode: "always",
    retry: false,
    refetchInterval: LOOK_AGAIN_MS,
  });
  const check: Check = {
    verification: query.data?.verification ?? alone,
    line: query.data?.line ?? null,
    choice,
    ground,
    host: query.data?.host ?? null,
    lastReadAt: query.data?.isLast ? query.data.at : null,
    isAsking: wanted && query.data === undefined,
  };
  return { check, own, choose, hint, again: () => void query.refetch() };
}
