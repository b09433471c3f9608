// A volunteer's key: the unguessable token that signs up, checks in and opens the volunteer's own year. It is derived, as
// receipts' keys are, and names the volunteer; it travels in `Authorization: Volunteer …`.

import { timingSafeEqual } from "node:crypto";
import type { Request } from "express";
import { ForbiddenError } from "../errors.ts";
import { fastHmac } from "../hashing.ts";
import { VOLUNTEER_BYTES } from "../programmes/hours/volunteer.ts";

const MAC_BYTES = 16;
const TAG = Buffer.from("amanah.volunteer-key.v1");

export const volunteerKey = (secret: Uint8Array, volunteer: Uint8Array): string =>
  Buffer.concat([volunteer, macOf(secret, volunteer)]).toString("base64url");

const macOf = (secret: Uint8Array, volunteer: Uint8Array): Uint8Array =>
  fastHmac(secret, Buffer.concat([TAG, volunteer])).subarray(0, MAC_BYTES);

/** The volunteer whose key a request brings; undefined when it brings none. Throws when none of our secrets made it. */
export function volunteerOf(request: Request, secrets: readonly Uint8Array[]): Buffer | undefined {
  const key = /^Volunteer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (key === undefined) return undefined;
  const bytes = Buffer.from(key, "base64url");
  const [id, mac] = [bytes.subarray(0, VOLUNTEER_BYTES), bytes.subarray(VOLUNTEER_BYTES)];
  const isOurs = (secret: Uint8Array) => mac.length === MAC_BYTES && timingSafeEqual(macOf(secret, id), mac);
  if (secrets.some(isOurs)) return id;
  throw new ForbiddenError("wrong-volunteer-key", "Authorization: this is not the key of any volunteer");
}

/** As `volunteerOf`, where there has to be one. */
export function requireVolunteer(request: Request, secrets: readonly Uint8Array[]): Buffer {
  const volunteer = volunteerOf(request, secrets);
  if (volunteer !== undefined) return volunteer;
  throw new ForbiddenError(
    "unknown-key",
    "Authorization: wanted Volunteer and a volunteer's key, came nothing of the kind",
  );
}
