// A charity that organises in a running service, its activities, and a clock that tests move.

import { call } from "./client.ts";
import type { TestService } from "./service.ts";
import { keyFor, wanted } from "./shop.ts";

/** The beginning of every activity here: 2025-09-06, nine in the morning in Shanghai. */
export const START = Date.parse("2025-09-06T09:00:00+08:00") / 1000;
export const HOUR = 3600;
export const at = (seconds: number) => new Date(seconds * 1000).toISOString();

let organisers = 0;

export interface Organiser {
  readonly registration: string;
  readonly key: string;
}

export async function openOrganiser(service: TestService): Promise<Organiser> {
  organisers += 1;
  const registration = `CN-MCA-HOURS-${organisers}`;
  const body = { registration, name: `Helping hands ${organisers}` };
  await wanted(201, call(`${service.url}/v1/charities`, { key: service.operatorKey, body }));
  return { registration, key: await keyFor(service, "charity", registration) };
}

/** Four hours with half an hour of lunch; `given` replaces what it names. */
export const activityOf = (organiser: string, given: object = {}) => ({
  organiser,
  title: "Planting reeds at the river",
  kind: "offline",
  place: "West bank, Hangzhou",
  startsAt: at(START),
  endsAt: at(START + 4 * HOUR),
  utcOffset: "+08:00",
  pauses: [{ from: at(START + 2 * HOUR), to: at(START + 2.5 * HOUR) }],
  places: 3,
  ...given,
});

export const announce = (service: TestService, { registration, key }: Organiser, given: object = {}) =>
  wanted(201, call(`${service.url}/v1/activities`, { key, body: activityOf(registration, given) }));

/** Sets what the service takes for the present; undefined gives it its own clock back. */
export function setClock(service: TestService, unixSeconds: number | undefined): void {
  const recorder = service.services.ingest.recorder as { now: () => number };
  recorder.now = unixSeconds === undefined ? () => Math.floor(Date.now() / 1000) : () => unixSeconds;
}

export const asVolunteer = (key: string) => ({ Authorization: `Volunteer ${key}` });
