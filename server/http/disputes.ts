// /v1/disputes: hours that were disputed twice, of all activities: the operator's to decide, whose word stands.

import { z } from "zod";
import { activitiesByIds, type StoredActivity } from "../store/activities.ts";
import { type Attendance, type AttendanceName, appealedAfter } from "../store/attendances.ts";
import { activityView, organisersView, showActivity, showNamed } from "./activity-words.ts";
import { type Route, route } from "./route.ts";
import { bytesInPath, listOf, listReply, page } from "./words.ts";

const ACTIVITY_BYTES = 32;
const VOLUNTEER_BYTES = 16;
const CURSOR = /^0x[0-9a-f]{64}\/0x[0-9a-f]{32}$/;

const disputeSchema = organisersView.extend({ announced: activityView }).meta({ id: "Dispute" });

const cursorOf = ({ activity, volunteer }: { activity: string; volunteer: string }) =>
  `${activity}/${volunteer}`;

const BEFORE_ALL: AttendanceName = { activity: Buffer.alloc(0), volunteer: Buffer.alloc(0) };

function behind(cursor: string | undefined): AttendanceName {
  if (cursor === undefined) return BEFORE_ALL;
  const [activity = "", volunteer = ""] = cursor.split("/");
  return {
    activity: bytesInPath(activity, ACTIVITY_BYTES, "activity"),
    volunteer: bytesInPath(volunteer, VOLUNTEER_BYTES, "volunteer"),
  };
}

const show = (attendance: Attendance, stored: StoredActivity) => ({
  ...showNamed(attendance, stored),
  announced: showActivity(stored),
});

export const disputeRoutes: Route[] = [
  route({
    method: "get",
    path: "/v1/disputes",
    tag: "Three hours",
    summary: "List hours that the operator has to decide",
    description:
      "Of all activities: what a volunteer has disputed again after the organiser's decision. Decided by `/v1/activities/{id}/attendances/{volunteer}/decision`.",
    callers: ["operator"],
    query: z.strictObject({ ...page(), after: z.string().regex(CURSOR).optional() }),
    answers: { 200: { description: "A page, by activity and volunteer", schema: listOf(disputeSchema) } },
    handle: async ({ query: { after, limit } }, { sql }) => {
      const found = await appealedAfter(sql, behind(after), limit);
      const activities = await activitiesByIds(
        sql,
        found.map(({ activity }) => activity),
      );
      const shown = found.map((each) =>
        show(each, activities.get(each.activity.toString("hex")) as StoredActivity),
      );
      const body = listReply(shown, limit, cursorOf);
      return { status: 200, body, headers: { "Cache-Control": "private, no-store" } };
    },
  }),
];
