// What a gift of time was to come to by the announcement that it names, "amanah-activity/1": counted again from when the
// volunteer came and went, without the pauses.

import { VerificationError } from "../../errors.ts";
import type { Details } from "../../protocol/details.ts";
import type { Recompute } from "../../protocol/terms-steps.ts";
import { countService } from "../hours/counting.ts";
import { KINDS, MINUTES_A_TENTH } from "../hours/service-kinds.ts";
import * as read from "./read.ts";

/** @throws VerificationError `terms-of-another-sale` */
export const recomputeService: Recompute = ({ receipt: { unit }, details, document }) =>
  read.orUntold(() => {
    const organiser = read.textAt(document, "organiser");
    demand(organiser === read.textAt(details, "charity"), `the activity is of ${organiser}`);
    demand(unit === "MINUTE", `time is counted in MINUTE, not in ${unit}`);
    const { tenths } = countService(activityOf(document), serviceOf(details));
    return { amount: BigInt(tenths) * MINUTES_A_TENTH };
  });

const activityOf = (document: Details) => ({
  kind: read.oneOf(document, "kind", KINDS),
  startsAt: read.numberAt(document, "startsAt"),
  endsAt: read.numberAt(document, "endsAt"),
  pauses: read.listAt(document, "pauses").map((each) => {
    const pause = read.objectOf(each, "pauses");
    return { from: read.numberAt(pause, "from"), to: read.numberAt(pause, "to") };
  }),
});

const serviceOf = (details: Details) => ({
  checkIn: read.numberAt(details, "startedAt"),
  checkOut: read.numberAt(details, "endedAt"),
  pieces: read.has(details, "pieces") ? read.numberAt(details, "pieces") : null,
});

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new VerificationError("terms-of-another-sale", otherwise);
}
