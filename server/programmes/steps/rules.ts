// The published rules by which steps are counted: one document, whose hash every receipt of steps names as its terms.
// Whoever has a day's hours can count it again by them. Applying them is in the files beside.

import { utf8 } from "../../protocol/bytes.ts";
import { canonicalJson } from "../../protocol/details.ts";
import { keccak } from "../../protocol/hash.ts";

export const STEP = "STEP";

/** All counts are of steps. A pattern holds over so many hours on end, each with at least so many steps. */
export const RULES = {
  format: "amanah-steps-rules/1",
  unit: STEP,
  dailyGoal: 10_000,
  mostAnHour: 10_000,
  mostADay: 50_000,
  donationsAPersonADay: 1,
  refusedRecordings: ["manual"],
  /** A day can be reported from its end on, in its own offset, until so many days later. */
  oldestDays: 7,
  /** What no walk looks like: a day that shows one of these is held, with the reasons, and may be appealed. */
  patterns: {
    "same-count": { hours: 3, atLeast: 500 },
    "too-even": { hours: 6, atLeast: 1_000, withinPercent: 2 },
    "never-rests": { hours: 24, atLeast: 250 },
    rocker: { hours: 5, atLeast: 6_000 },
    "shared-device": { personsADay: 2 },
  },
} as const;

export const rulesDocument: string = canonicalJson(RULES);

/** What receipts of steps name as their terms. */
export const rulesHash: Uint8Array = keccak(utf8(rulesDocument));
