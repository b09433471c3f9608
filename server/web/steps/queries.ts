// What the page of steps asks the service for, and how often.

import { useQuery } from "@tanstack/react-query";
import type { Hex } from "viem";
import type { RULES } from "../../programmes/steps/rules.ts";
import { get } from "../api/client.ts";
import { usePages } from "../api/use-pages.ts";

export type Rules = {
  readonly hash: Hex;
  /** The batch whose notice names the rules; null before the first donation. */
  readonly batch: string | null;
  readonly rules: Omit<typeof RULES, "patterns"> & { readonly patterns: Readonly<Record<string, Pattern>> };
};

/** What a pattern may state; each states some. */
export type Pattern = {
  readonly hours?: number;
  readonly atLeast?: number;
  readonly withinPercent?: number;
};

export type HeldCounts = Readonly<Record<"held" | "appealed" | "accepted" | "rejected", string>>;

/** A charity's line of steps, as far as its batches are sealed. */
export type StepLine = {
  readonly charity: Hex;
  readonly registration: string;
  readonly sealed: { readonly gifts: string };
};

/** What a sponsor has committed for the steps of others. Amounts in minor units, times in Unix seconds. */
export type Pool = {
  readonly id: Hex;
  readonly terms: {
    readonly sponsor: string;
    readonly charity: string;
    readonly currency: string;
    readonly rate: { readonly steps: string; readonly amount: string };
    readonly dailyCap: string | null;
    readonly startsAt: number;
    readonly endsAt: number;
  };
  /** Before the charity has accepted it nothing can be committed to it. */
  readonly accepted: boolean;
  readonly funded: string;
  readonly used: string;
  readonly left: string;
  readonly steps: string;
};

const OFTEN_MS = 30_000;
const ON_A_PAGE = 20;

export const useRules = () =>
  useQuery({
    queryKey: ["steps", "rules"],
    queryFn: ({ signal }) => get<Rules>("/v1/steps/rules", { signal }),
  });

export const useHeldCounts = () =>
  useQuery({
    queryKey: ["steps", "counts"],
    queryFn: ({ signal }) => get<HeldCounts>("/v1/steps/counts", { signal }),
    refetchInterval: OFTEN_MS,
  });

const MANNER = { of: "steps", everyMs: OFTEN_MS };

export const useStepLines = () => usePages<StepLine>("/v1/lines?unit=STEP", ON_A_PAGE, MANNER);

export const usePools = () => usePages<Pool>("/v1/pools", ON_A_PAGE, MANNER);
