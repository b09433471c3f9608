// What the console asks of the service, and what it has it do: always with the operator's key.

import { type Query, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, isRefused, NoAnswer, post, RefusedByService } from "../api/client.ts";
import { usePages } from "../api/use-pages.ts";
import { bearer, useKey } from "./key.ts";

const OPERATOR = "operator";
/** What was asked with the key: forgotten with it. */
export const isOperators = ({ queryKey }: Query) => queryKey[0] === OPERATOR;

/** @throws RefusedByService when it is not the operator's key, NoAnswer */
export const tryKey = (key: string) => get("/v1/settlements?limit=1", { authorization: bearer(key) });

/** `everyMs`: when to look again, by what was seen last. */
export function useAsked<Answer>(path: string, everyMs: (seen: Answer | undefined) => number) {
  const authorization = bearer(useKey());
  return useQuery({
    queryKey: [OPERATOR, path],
    queryFn: ({ signal }) => get<Answer>(path, { authorization, signal }),
    refetchInterval: ({ state }) => everyMs(state.data as Answer | undefined),
  });
}

type Heard<Answer> = {
  readonly done?: (answer: Answer) => void;
  readonly failed?: (error: unknown) => void;
};

/**
 * Has something done; then everything is looked at anew, also where it was refused: what is shown was out of date. Who asked
 * hears of it once that is seen, whatever is still shown.
 */
export function useDone<Asked, Answer>(
  request: (asked: Asked) => { path: string; body: unknown },
  { done, failed }: Heard<Answer> = {},
) {
  const authorization = bearer(useKey());
  const queries = useQueryClient();
  const lookAnew = () => queries.invalidateQueries({ queryKey: [OPERATOR] });
  return useMutation({
    mutationFn: (asked: Asked) => {
      const { path, body } = request(asked);
      return post<Answer>(path, body, { authorization });
    },
    onSuccess: async (answer) => {
      await lookAnew();
      done?.(answer);
    },
    onError: async (error) => {
      if (isRefused(error)) await lookAnew();
      failed?.(error);
    },
  });
}

const ON_A_PAGE = 20;

/** A list that is read on page by page. */
export function useListed<Item>(path: string) {
  const authorization = bearer(useKey());
  return usePages<Item>(path, ON_A_PAGE, { of: OPERATOR, authorization, everyMs: LOOK_EVERY_MS });
}

export type Health = {
  readonly healthy: boolean;
  readonly problems: readonly string[];
  readonly alarms: readonly { readonly kind: string; readonly message: string; readonly since: string }[];
  readonly linesAtFault: readonly {
    readonly charity: string;
    readonly unit: string;
    readonly fault: string;
  }[];
  readonly waiting: {
    readonly events: number;
    readonly unsealedSeconds: number | null;
    readonly unanchoredSeconds: number | null;
  };
};

const HEALTH_EVERY_MS = 5_000;

/** An unhealthy service answers with 503 and says what is wrong: that is an answer. */
async function askHealth(signal: AbortSignal): Promise<Health> {
  const response = await fetch("/health", { signal }).catch((thrown) => {
    throw signal.aborted ? thrown : new NoAnswer("/health", { cause: thrown });
  });
  const body = await response.json().catch(() => ({}));
  if ("healthy" in body) return body as Health;
  throw new RefusedByService(response.status, body);
}

export const useHealth = () =>
  useQuery({
    queryKey: [OPERATOR, "health"],
    queryFn: ({ signal }) => askHealth(signal),
    refetchInterval: HEALTH_EVERY_MS,
  });

export type RunState = "proving" | "deciding" | "paying" | "done";

export type Run = {
  readonly id: string;
  readonly askedBy: "operator" | "schedule";
  readonly state: RunState;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly linesLookedAt: number;
  readonly unpaid: Readonly<Record<string, number>>;
};

export type RunInDetail = Run & {
  readonly lines: number;
  readonly proofsUnderWay: number | null;
  readonly payouts: readonly {
    readonly unit: string;
    readonly state: string;
    readonly payouts: number;
    readonly amount: string;
  }[];
  readonly setAside: readonly {
    readonly registration: string;
    readonly unit: string;
    readonly payout: string | null;
    readonly reason: string;
  }[];
};

export type List<Item> = { readonly items: readonly Item[]; readonly next: string | null };

const FOLLOW_EVERY_MS = 1_000;
const LOOK_EVERY_MS = 10_000;
export const nowAndThen = () => LOOK_EVERY_MS;

const paceOf = (run: Run | undefined) =>
  run === undefined || run.state === "done" ? LOOK_EVERY_MS : FOLLOW_EVERY_MS;

export const useRuns = () =>
  useAsked<List<Run>>("/v1/settlements?limit=10", (seen) => paceOf(seen?.items[0]));

export const useRun = (id: string) => useAsked<RunInDetail>(`/v1/settlements/${id}`, paceOf);

export const useStart = () => useDone<void, Run>(() => ({ path: "/v1/settlements", body: {} }));

export type BankState = {
  readonly filed: string;
  readonly confirmed: string;
  readonly toSendAgain: string;
  readonly openFlags: string;
  readonly accountChanges: string;
  readonly heldBackSince: string | null;
  readonly waiting: readonly {
    readonly payout: string;
    readonly registration: string;
    readonly reason: string;
  }[];
};

export type Entry = {
  readonly id: string;
  readonly endToEndId: string;
  readonly direction: "debit" | "credit";
  readonly status: string;
  readonly reference: string;
  readonly amount: string;
  readonly currency: string;
  readonly outcome: string;
  readonly explanation: string;
  readonly reason: string | null;
  readonly toldAt: string;
};

export const useBank = () => useAsked<BankState>("/v1/bank", nowAndThen);
export const useFlags = () => useAsked<List<Entry>>("/v1/bank/entries?flagged=true&limit=50", nowAndThen);

export type Finding = { readonly note: string; readonly accept?: boolean; readonly payout?: string };

export const useResolve = (entry: string) =>
  useDone<Finding, Entry>((body) => ({ path: `/v1/bank/entries/${entry}/resolution`, body }));

export const useRelease = () => useDone<void, unknown>(() => ({ path: "/v1/bank/release", body: {} }));

export type Challenge = {
  readonly number: string;
  readonly leaf: string;
  readonly unit: string;
  readonly amount: string;
  readonly state: "open" | "answered" | "breached" | "answeredLate";
  readonly dueAt: string | null;
  readonly answeredFrom: string | null;
  readonly problem: string | null;
};

export const useChallenges = () => useAsked<List<Challenge>>("/v1/challenges?limit=20", nowAndThen);
