// /v1/activities: what organisers announce, who signs up, and the code at the door.

import { randomBytes } from "node:crypto";
import type { Request } from "express";
import { z } from "zod";
import { ConflictError, InputError } from "../errors.ts";
import { sha256 } from "../hashing.ts";
import { qrRows } from "../papers/qr.ts";
import { name, text } from "../programmes/fields.ts";
import { activityHash, activitySchema } from "../programmes/hours/activity.ts";
import { doorCode, SLOT_SECONDS, slotAt } from "../programmes/hours/door-code.ts";
import { RULES, YEARLY_CAPS_TENTHS } from "../programmes/hours/service-kinds.ts";
import { volunteerId, volunteersKey } from "../programmes/hours/volunteer.ts";
import { fromHex, toHex } from "../protocol/bytes.ts";
import { type ActivityCursor, activitiesAfter, addActivity, byHandOf } from "../store/activities.ts";
import { attendanceOf, type NewVolunteer, signUp, volunteerById } from "../store/attendances.ts";
import { unknownCharities } from "../store/parties.ts";
import {
  activityInPath,
  activityView,
  attendanceView,
  ownActivityInPath,
  showActivity,
  showAttendance,
} from "./activity-words.ts";
import { authenticate, keyOf, mayActFor } from "./auth.ts";
import { publicUrl } from "./receipt-keys.ts";
import { type Route, route } from "./route.ts";
import type { Services } from "./services.ts";
import { volunteerKey, volunteerOf } from "./volunteer-keys.ts";
import { charityInPath, isoTime, listOf, listReply, page, time } from "./words.ts";

const tag = "Three hours";
const MOST_LISTED = 100;
const USUALLY_LISTED = 50;
const CURSOR = /^(\d{1,12})\.(0x[0-9a-f]{64})$/;

const signingUp = z.strictObject({
  /** Under the platform's or the organiser's own pseudonym; only with their key. */
  volunteer: name.optional(),
  /** What the organiser sees at the door. */
  displayName: text(100).optional(),
  /** Random, of the caller's choosing: the same again is the same sign-up. */
  once: z.string().min(22).max(100).optional(),
});

const signedUp = attendanceView.extend({
  key: z.string().meta({ description: "the volunteer's; it opens their hours, so keep it" }),
});

type SigningUp = z.output<typeof signingUp>;

/** Who signs up: whose key came; whom a platform or organiser names; or somebody new. */
async function whoSignsUp(
  services: Services,
  request: Request,
  body: SigningUp,
  organiser: string,
): Promise<NewVolunteer> {
  const own = volunteerOf(request, services.ledger.secrets);
  const displayName = body.displayName ?? null;
  if (own !== undefined) {
    const known = await volunteerById(services.sql, own);
    return known ?? { id: own, name: toHex(own), displayName };
  }
  const scope = await scopeOf(services, request, organiser);
  if ((scope === "page") !== (body.volunteer === undefined)) throw wrongName(scope);
  const named = body.volunteer ?? nameOnce(body.once);
  return { id: volunteerId(volunteersKey(services.ledger.secrets), scope, named), name: named, displayName };
}

async function scopeOf({ sql }: Services, request: Request, organiser: string): Promise<string> {
  if (keyOf(request) === undefined) return "page";
  const caller = await authenticate(sql, request, ["operator", "charity"]);
  mayActFor(caller, "charity", organiser);
  return caller.role === "operator" ? "platform" : organiser;
}

const wrongName = (scope: string) => {
  const wanted = scope === "page" ? "none without an API key" : "the volunteer's pseudonym";
  return new InputError("volunteer", `volunteer: wanted ${wanted}`, { field: "volunteer", wanted });
};

const ONCE_BYTES = 16;

/** A name that nobody chose, and that does not tell what it was made of. */
const nameOnce = (once: string | undefined): string =>
  `p-${sha256(once ?? randomBytes(ONCE_BYTES))
    .toString("hex")
    .slice(0, 2 * ONCE_BYTES)}`;

const cursorOf = (after: string | undefined, from: number): ActivityCursor => {
  const [, endsAt, id] = CURSOR.exec(after ?? "") ?? [];
  return id === undefined
    ? { endsAt: from, id: new Uint8Array(0) }
    : { endsAt: Number(endsAt), id: fromHex(id) };
};

export const activityRoutes: Route[] = [
  route({
    method: "get",
    path: "/v1/service-kinds",
    tag,
    summary: "What counts as service, and for how much",
    answers: {
      200: {
        description: "The table, in tenths of an hour; `by` time: for six effective minutes",
        schema: z.object({
          kinds: z.record(z.string(), z.looseObject({})),
          yearlyCapsTenths: z.record(z.string(), z.int()),
        }),
      },
    },
    handle: async () => ({ status: 200, body: { kinds: RULES, yearlyCapsTenths: YEARLY_CAPS_TENTHS } }),
  }),
  route({
    method: "post",
    path: "/v1/activities",
    tag,
    summary: "Announce an activity",
    description:
      "Its id is the hash of the announcement, which is published in a batch before that of its first receipt; the same announcement is the same activity. Pauses, for meals, rest and travel, do not count.",
    callers: ["operator", "charity"],
    body: activitySchema,
    answers: {
      201: { description: "Announced", schema: activityView },
      200: { description: "The same was announced before", schema: activityView },
    },
    handle: async ({ body, caller }, services) => {
      mayActFor(caller, "charity", body.organiser);
      const [unknown] = await unknownCharities(services.sql, [body.organiser]);
      if (unknown !== undefined) throw unknownOrganiser(unknown);
      const added = await addActivity(services.sql, body);
      const stored = await activityInPath(services, toHex(activityHash(body)));
      return { status: added ? 201 : 200, body: showActivity(stored) };
    },
  }),
  route({
    method: "get",
    path: "/v1/activities",
    tag,
    summary: "List activities",
    query: z.strictObject({
      ...page(MOST_LISTED, USUALLY_LISTED),
      organiser: z.string().max(120).optional(),
      from: time.optional().meta({ description: "those that end later; now when left out" }),
    }),
    answers: { 200: { description: "A page, by their ends", schema: listOf(activityView) } },
    handle: async ({ query: { after, limit, organiser, from } }, { sql, ingest }) => {
      const since = from === undefined ? ingest.recorder.now() : Math.floor(Date.parse(from) / 1000);
      const own = organiser === undefined ? null : charityInPath(organiser);
      const found = await activitiesAfter(sql, cursorOf(after, since), limit, own);
      const { items, next } = listReply(
        found,
        limit,
        ({ activity, id }) => `${activity.endsAt}.${toHex(id)}`,
      );
      return { status: 200, body: { items: items.map(showActivity), next } };
    },
  }),
  route({
    method: "get",
    path: "/v1/activities/{id}",
    tag,
    summary: "Read an activity",
    answers: {
      200: {
        description: "As announced, and how many attendances had their times set by hand",
        schema: activityView.extend({ byHand: z.int() }),
      },
      404: { description: "Not known" },
    },
    handle: async ({ params: { id = "" } }, services) => {
      const stored = await activityInPath(services, id);
      const byHand = await byHandOf(services.sql, stored.id);
      return { status: 200, body: { ...showActivity(stored), byHand } };
    },
  }),
  route({
    method: "get",
    path: "/v1/activities/{id}/code",
    tag,
    summary: "The code at the door",
    description:
      "A new one every thirty seconds. Shown as a QR code, it is the link that checks a volunteer in and out.",
    callers: ["operator", "charity"],
    answers: {
      200: {
        description: "The code of this moment",
        schema: z.object({
          code: z.string(),
          link: z.url(),
          rows: z.array(z.string()).meta({ description: "the link as a QR code: a row of 0 and 1 each" }),
          until: time,
        }),
      },
    },
    handle: async ({ params: { id = "" }, caller }, services) => {
      const { id: hash, doorSecret } = await ownActivityInPath(services, id, caller);
      const slot = slotAt(services.ingest.recorder.now());
      const code = doorCode(doorSecret, slot);
      const link = `${publicUrl(services.settings)}/hours/${toHex(hash)}#${code}`;
      const body = { code, link, rows: qrRows(link), until: isoTime((slot + 1) * SLOT_SECONDS) };
      return { status: 200, body, headers: { "Cache-Control": "no-store" } };
    },
  }),
  route({
    method: "post",
    path: "/v1/activities/{id}/sign-ups",
    tag,
    summary: "Sign up as a volunteer",
    description:
      "Without a key it makes a new volunteer, known by nothing but the key in the answer; with `Authorization: Volunteer` and that key it is the same person. A platform or the organiser names whom it signs up by its own pseudonym, with its API key.",
    body: signingUp,
    answers: {
      201: { description: "Signed up", schema: signedUp },
      200: { description: "Signed up before", schema: signedUp },
      409: { description: "All places are taken, or the activity is over" },
    },
    handle: async ({ body, params: { id = "" }, request }, services) => {
      const { id: activity, activity: announced } = await activityInPath(services, id);
      if (services.ingest.recorder.now() >= announced.endsAt)
        throw new ConflictError("activity-over", "this activity is over");
      const volunteer = await whoSignsUp(services, request, body, announced.organiser);
      const outcome = await signUp(services.sql, activity, volunteer);
      if (outcome === "full") throw new ConflictError("activity-full", "all places are taken");
      const own = await attendanceOf(services.sql, { activity, volunteer: volunteer.id });
      const key = volunteerKey(services.ledger.secret, volunteer.id);
      return {
        status: outcome === "added" ? 201 : 200,
        body: { ...(own && showAttendance(own, announced)), key },
        headers: { "Cache-Control": "private, no-store" },
      };
    },
  }),
];

const unknownOrganiser = (came: string) => {
  const facts = { field: "organiser", wanted: "a charity that is registered here", came };
  return new InputError("unknown-charity", `organiser: wanted ${facts.wanted}, came ${came}`, facts);
};
