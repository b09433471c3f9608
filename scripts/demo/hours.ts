// Three hours: an afternoon of service in the week, with those who came, and the certificate of one of them.

import type { Api } from "./api.ts";
import { LUNCH } from "./parties.ts";
import { drawn, randomFrom } from "./random.ts";
import { step } from "./telling.ts";
import { UTC_OFFSET, WEEK_ENDS, WEEK_STARTS, written } from "./week.ts";

const HOUR = 3_600;
const MINUTE = 60;
const SERVICE_STARTS = WEEK_STARTS + 3 * 24 * HOUR + 13 * HOUR;
const NAME = "Volunteer of the week";

const serving = (title: string, starts: number) => ({
  organiser: LUNCH,
  title,
  place: "Kunming",
  startsAt: written(starts),
  endsAt: written(starts + 5 * HOUR),
  utcOffset: UTC_OFFSET,
  pauses: [{ from: written(starts + 2 * HOUR), to: written(starts + 2 * HOUR + 30 * MINUTE) }],
  places: 100,
});

const volunteerOf = (number: number): string => `volunteer-${number}`;

/** The afternoon that was, as the organiser's own system tells of it. */
export const playHours = (api: Api, count: number, seed: number): Promise<void> =>
  step(`${count} volunteers, checked in and out`, async () => {
    const { id } = await api.post("/v1/activities", serving("Cooking lunch", SERVICE_STARTS));
    const random = randomFrom(seed);
    const attendances = Array.from({ length: count }, (_, number) => ({
      activity: id,
      volunteer: volunteerOf(number),
      checkIn: written(SERVICE_STARTS + drawn(random, 20) * MINUTE),
      checkOut: written(SERVICE_STARTS + 5 * HOUR - drawn(random, 30) * MINUTE),
    }));
    await api.bulk("/v1/hours/bulk", attendances, ({ receipts, volunteer, detail }) => {
      if (receipts === undefined) throw new Error(`${volunteer} was refused: ${detail}`);
    });
  });

/** Signing up for the next afternoon gives a volunteer the key to the own year; with it comes the certificate. */
export async function certificateOf(api: Api): Promise<unknown> {
  const next = await api.post("/v1/activities", serving("Cooking lunch again", WEEK_ENDS + 7 * 24 * HOUR));
  const volunteer = volunteerOf(0);
  const { key } = await api.post(`/v1/activities/${next.id}/sign-ups`, { volunteer });
  const year = new Date((SERVICE_STARTS + 8 * HOUR) * 1000).getUTCFullYear();
  const path = `/v1/volunteers/me/years/${year}/certificate?name=${encodeURIComponent(NAME)}`;
  return api.as(`Volunteer ${key}`, path);
}
