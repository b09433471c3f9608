// Days of steps for tests: what an ordinary walker's device reports, and days that are over.

const DAY_MS = 86_400_000;

/** Asleep, to work, at lunch, home and out again: 11,000 steps. */
export const quietDay: readonly number[] = [
  0, 0, 0, 0, 0, 0, 120, 1_840, 1_310, 90, 210, 60, 1_450, 330, 75, 140, 260, 1_925, 1_480, 370, 1_140, 180,
  20, 0,
];

/** The day that was so many days ago, by UTC. */
export const daysAgo = (days: number): string =>
  new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

/** A body; `given` replaces what it names. */
export const dayOf = (person: string, day: string, given: object = {}) => ({
  person,
  day,
  utcOffset: "+00:00",
  charity: "GB-CHC-1-1",
  device: { id: `phone-of-${person}`, model: "Band 9" },
  source: { app: "Walk", recording: "automatic" },
  hours: [...quietDay],
  ...given,
});
