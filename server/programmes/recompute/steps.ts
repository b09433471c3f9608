// What a gift of steps may come to by the published rules of counting, "amanah-steps-rules/1". Its details tell the day's sums
// and not its hours, which are the walker's own: so the bounds are checked, and the last step is left untold.

import { VerificationError } from "../../errors.ts";
import type { Recompute } from "../../protocol/terms-steps.ts";
import * as read from "./read.ts";

/** @throws VerificationError `amount-differs` where no day can come to this amount by the rules */
export const recomputeSteps: Recompute = ({ receipt: { amount, unit }, details, document }) =>
  read.orUntold(() => {
    const [counted, reported] = [read.numberAt(details, "counted"), read.numberAt(details, "reported")];
    const [goal, most] = [read.numberAt(document, "dailyGoal"), read.numberAt(document, "mostADay")];
    const recording = read.textAt(details, "recording");
    const refused = read.listAt(document, "refusedRecordings");
    demand(unit === read.textAt(document, "unit"), `the rules are of ${document.unit}, not ${unit}`);
    demand(amount === BigInt(counted), `${counted} steps counted, the receipt is of ${amount}`);
    demand(counted <= reported, `${counted} steps counted, of ${reported} that were reported`);
    demand(counted <= most, `by the rules ${most} steps a day count at most, not ${counted}`);
    demand(counted >= goal, `by the rules a day is given from ${goal} steps on, not ${counted}`);
    demand(!refused.includes(recording), `by the rules steps of ${recording} recording do not count`);
    return read.untold("the details do not tell the hours of the day, which have a cap each");
  });

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new VerificationError("amount-differs", otherwise);
}
