// From a service to the gift that it is: minutes on the organiser's line, six for each tenth of an hour.

import { toHex } from "../../protocol/bytes.ts";
import type { Gift } from "../gift.ts";
import type { EventName } from "../record.ts";
import type { Activity } from "./activity.ts";
import { countService, type Service } from "./counting.ts";
import { MINUTES_A_TENTH } from "./service-kinds.ts";

export const MINUTE = "MINUTE";

/** A service that nobody contests any more. */
export type AgreedService = Service & {
  /** The activity's hash. */
  readonly activityId: Uint8Array;
  readonly activity: Activity;
  /** 16 bytes. */
  readonly volunteerId: Uint8Array;
  /** The volunteer under their platform's pseudonym. */
  readonly volunteer: string;
};

/** One activity and one volunteer are one event, for ever. */
export const serviceName = ({ activity, activityId, volunteerId }: AgreedService): EventName => ({
  source: activity.organiser,
  key: `hours/${toHex(activityId)}/${toHex(volunteerId)}`,
});

/** The normalised body of the event: what was agreed, nothing that follows from it. */
export const serviceBody = ({ activityId, volunteer, checkIn, checkOut, pieces }: AgreedService) => ({
  activity: toHex(activityId),
  volunteer,
  checkIn,
  checkOut,
  ...(pieces === null ? {} : { pieces }),
});

/** One gift; none where the service does not fill a tenth of an hour. */
export function giftsOfService(service: AgreedService): Gift[] {
  const { activity, activityId } = service;
  const counted = countService(activity, service);
  if (counted.tenths === 0) return [];
  return [
    {
      item: activity.kind,
      charity: activity.organiser,
      unit: MINUTE,
      amount: BigInt(counted.tenths) * MINUTES_A_TENTH,
      terms: activityId,
      details: detailsOf(service, counted),
    },
  ];
}

const SECONDS_A_MINUTE = 60;

function detailsOf(service: AgreedService, { effectiveSeconds, tenths }: ReturnType<typeof countService>) {
  const { activity, activityId, volunteer, checkIn, checkOut, pieces } = service;
  return {
    programme: "three-hours",
    charity: activity.organiser,
    item: activity.kind,
    activity: toHex(activityId),
    title: activity.title,
    place: activity.place,
    kindOfService: activity.kind,
    startedAt: checkIn,
    endedAt: checkOut,
    effectiveMinutes: Math.floor(effectiveSeconds / SECONDS_A_MINUTE),
    ...(pieces === null ? {} : { pieces }),
    tenths,
    volunteer,
  };
}
