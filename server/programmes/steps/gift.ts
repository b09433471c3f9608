// From a day of steps to the gift of it: the steps that count, on the charity's line of steps. Pure.

import type { Gift } from "../gift.ts";
import type { EventName } from "../record.ts";
import type { Counted } from "./counting.ts";
import { endOfDay, type StepReport } from "./report.ts";
import { STEP } from "./rules.ts";

/** One donation a person a day: the day of a person is one event, whatever is told of it. */
export const stepsName = ({ platform, person, day }: StepReport): EventName => ({
  source: platform,
  key: `steps/${person}/${day}`,
});

/** @param terms the hash of the rules that it was counted by */
export function giftOfSteps(report: StepReport, { reported, counted }: Counted, terms: Uint8Array): Gift {
  const { platform, person, day, charity, device, source } = report;
  const item = "steps";
  const details = {
    programme: "steps",
    item,
    charity,
    platform,
    person,
    day,
    endedAt: endOfDay(report),
    reported,
    counted,
    model: device.model,
    app: source.app,
    recording: source.recording,
  };
  return { item, charity, unit: STEP, amount: BigInt(counted), terms, details };
}
