// A gift of time, counted again from its details and the announcement that it names.

import { expect } from "chai";
import fc from "fast-check";
import { activityHash, activitySchema } from "../../server/programmes/hours/activity.ts";
import { giftsOfService } from "../../server/programmes/hours/gift.ts";
import { recompute } from "../../server/programmes/recompute.ts";
import type { Details } from "../../server/protocol/details.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { activityOf, at, HOUR, START } from "../support/hours.ts";

const ORGANISER = "CN-MCA-1";
const lunch = { pauses: [{ from: at(START + HOUR), to: at(START + HOUR + 1_800) }] };
const announced = (given: object = {}) => activitySchema.parse(activityOf(ORGANISER, { ...lunch, ...given }));

function served(
  activity: ReturnType<typeof announced>,
  checkIn: number,
  checkOut: number,
  pieces: number | null,
) {
  const activityId = activityHash(activity);
  const whose = { volunteerId: new Uint8Array(16), volunteer: "ana" };
  return giftsOfService({ activity, activityId, ...whose, checkIn, checkOut, pieces })[0];
}

function counted(gift: NonNullable<ReturnType<typeof served>>, document: object, unit = gift.unit) {
  const fields = { kind: 0 as const, acceptedAt: 1n, details: new Uint8Array(32), salt: new Uint8Array(32) };
  const { amount, terms } = gift;
  const receipt = { id: new Uint8Array(16), charity: charityId(ORGANISER), unit, amount, terms, ...fields };
  return recompute({
    receipt,
    details: gift.details as Details,
    document: { format: "amanah-activity/1", ...document } as unknown as Details,
  });
}

describe("a gift of time", () => {
  it("is recomputed from when the volunteer came and went, and the announcement's pauses", () => {
    const moment = fc.integer({ min: START - HOUR, max: START + 5 * HOUR });
    fc.assert(
      fc.property(moment, moment, (one, other) => {
        const activity = announced();
        const gift = served(activity, Math.min(one, other), Math.max(one, other), null);
        fc.pre(gift !== undefined);
        expect(counted(gift, activity)).to.deep.equal({ amount: gift.amount });
      }),
    );
  });

  it("is recomputed by pieces, where such are counted", () => {
    const activity = announced({ kind: "blood" });
    const gift = served(activity, START, START + HOUR, 2);
    expect(gift?.amount).to.equal(480n);
    expect(counted(gift as NonNullable<typeof gift>, activity)).to.deep.equal({ amount: 480n });
  });

  it("comes to another amount under an announcement without the pause, and is of no other organiser or unit", () => {
    const activity = announced();
    const gift = served(activity, START, START + 2 * HOUR, null) as NonNullable<ReturnType<typeof served>>;
    expect(counted(gift, { ...activity, pauses: [] })).not.to.deep.equal({ amount: gift.amount });
    expect(() => counted(gift, { ...activity, organiser: "CN-MCA-2" })).to.throw(
      "the activity is of CN-MCA-2",
    );
    expect(() => counted(gift, activity, "STEP")).to.throw("time is counted in MINUTE");
  });
});
