// What the pages of volunteer time ask of the service, and what they have it do.

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, inPath, post } from "../api/client.ts";

export type Activity = {
  readonly id: string;
  readonly organiser: string;
  readonly title: string;
  readonly kind: string;
  readonly place: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly utcOffset: string;
  readonly pauses: readonly { readonly from: string; readonly to: string }[];
  readonly places: number;
  readonly free: number;
};

export type Attendance = {
  readonly activity: string;
  readonly volunteer: string;
  readonly state: string;
  readonly checkIn: string | null;
  readonly checkOut: string | null;
  readonly pieces: number | null;
  readonly byHand: string | null;
  readonly reason: string | null;
  readonly decision: string | null;
  readonly dueAt: string | null;
  readonly counted: {
    readonly effectiveMinutes: number;
    readonly tenths: number;
    readonly hours: string;
  } | null;
  readonly receipt: string | null;
};

export type NamedAttendance = Attendance & { readonly name: string; readonly displayName: string | null };
export type OwnAttendance = Attendance & { readonly announced: Activity; readonly link: string | null };

type Counted = { readonly tenths: number; readonly hours: string };
export type Year = {
  readonly year: number;
  readonly kinds: readonly { readonly kind: string; readonly tenths: number; readonly hours: string }[];
  readonly counted: Counted;
  readonly goal: Counted;
  readonly missing: Counted;
  readonly reached: boolean;
};

export type Page<Item> = { readonly items: readonly Item[]; readonly next: string | null };

const A_PAGE = 20;
const CODE_EVERY_MS = 5_000;
const LOOK_EVERY_MS = 10_000;

export const asVolunteer = (key: string) => ({ authorization: `Volunteer ${key}` });
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const HOURS = "hours";
const activityPath = (id: string, rest = "") => `/v1/activities/${inPath(id)}${rest}`;

export const useActivities = () =>
  useInfiniteQuery({
    queryKey: [HOURS, "activities"],
    queryFn: ({ signal, pageParam }) =>
      get<Page<Activity>>(
        `/v1/activities?limit=${A_PAGE}${pageParam === null ? "" : `&after=${inPath(pageParam)}`}`,
        {
          signal,
        },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });

export const useActivity = (id: string) =>
  useQuery({
    queryKey: [HOURS, "activity", id],
    queryFn: ({ signal }) => get<Activity & { readonly byHand: number }>(activityPath(id), { signal }),
  });

export const useOwnAttendance = (activity: string, key: string) =>
  useQuery({
    queryKey: [HOURS, "own", activity, key],
    queryFn: ({ signal }) =>
      get<Attendance>(activityPath(activity, "/attendance"), { signal, ...asVolunteer(key) }),
  });

export const useYear = (year: number, key: string) =>
  useQuery({
    queryKey: [HOURS, "year", year, key],
    queryFn: ({ signal }) => get<Year>(`/v1/volunteers/me/years/${year}`, { signal, ...asVolunteer(key) }),
  });

export const useAttendances = (key: string) =>
  useInfiniteQuery({
    queryKey: [HOURS, "attendances", key],
    queryFn: ({ signal, pageParam }) =>
      get<Page<OwnAttendance>>(
        `/v1/volunteers/me/attendances?limit=${A_PAGE}${pageParam === null ? "" : `&after=${inPath(pageParam)}`}`,
        { signal, ...asVolunteer(key) },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });

/** Has something done; then everything is looked at anew. */
function useDone<Asked, Answer>(request: (asked: Asked) => Promise<Answer>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: request,
    onSuccess: () => queries.invalidateQueries({ queryKey: [HOURS] }),
  });
}

export const useSignUp = (activity: string, key: string | null) =>
  useDone((body: object) =>
    post<Attendance & { readonly key: string }>(
      activityPath(activity, "/sign-ups"),
      body,
      key === null ? {} : asVolunteer(key),
    ),
  );

export type OwnStep = "withdrawal" | "check-in" | "check-out" | "agreement" | "dispute";

export const useOwnStep = (activity: string, key: string) =>
  useDone(({ step, body = {} }: { step: OwnStep; body?: object }) =>
    post<Attendance>(activityPath(activity, `/attendance/${step}`), body, asVolunteer(key)),
  );

export type Code = { readonly rows: readonly string[]; readonly link: string; readonly until: string };

/** Asked anew every few seconds: a code lasts half a minute, and one behind it is still taken. */
export const useCode = (activity: string, key: string) =>
  useQuery({
    queryKey: [HOURS, "code", activity, key],
    queryFn: ({ signal }) => get<Code>(activityPath(activity, "/code"), { signal, ...bearer(key) }),
    refetchInterval: CODE_EVERY_MS,
  });

export const useNamed = (activity: string, key: string) =>
  useInfiniteQuery({
    queryKey: [HOURS, "named", activity, key],
    queryFn: ({ signal, pageParam }) =>
      get<Page<NamedAttendance>>(
        activityPath(
          activity,
          `/attendances?limit=100${pageParam === null ? "" : `&after=${inPath(pageParam)}`}`,
        ),
        { signal, ...bearer(key) },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: LOOK_EVERY_MS,
  });

export const useNamedStep = (activity: string, volunteer: string, key: string) =>
  useDone(({ step, body }: { step: "by-hand" | "confirmation" | "decision"; body: object }) =>
    post<NamedAttendance>(
      activityPath(activity, `/attendances/${inPath(volunteer)}/${step}`),
      body,
      bearer(key),
    ),
  );
