// The campaign week: the nine days that end as the demo begins. What is played happens in it, by China's clock.

const DAY_SECONDS = 86_400;
const OFFSET_SECONDS = 8 * 3_600;

export const UTC_OFFSET = "+08:00";
export const DAYS = 9;

const now = Math.floor(Date.now() / 1000);
const todayStarts = Math.floor((now + OFFSET_SECONDS) / DAY_SECONDS) * DAY_SECONDS - OFFSET_SECONDS;

/** Unix seconds: midnight nine days ago, and last midnight. */
export const WEEK_STARTS = todayStarts - DAYS * DAY_SECONDS;
export const WEEK_ENDS = todayStarts;

/** The day of the week with a number from 0, as it is written. */
export const dayOf = (number: number): string =>
  new Date((WEEK_STARTS + number * DAY_SECONDS + OFFSET_SECONDS) * 1000).toISOString().slice(0, 10);

/** Unix seconds as it is written in bodies. */
export const written = (seconds: number): string => new Date(seconds * 1000).toISOString();
