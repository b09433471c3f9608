// Which device was whose on a day: the first person that it is told of has it. What is over goes as new claims come, so that
// nothing has to sweep.

import { byteaArray, type Queries } from "./database.ts";

export type DeviceClaim = {
  /** Counted from 1970. */
  readonly day: number;
  /** Hashes, 16 bytes each. */
  readonly device: Uint8Array;
  readonly person: Uint8Array;
};

const keyOf = ({ day, device }: Pick<DeviceClaim, "day" | "device">) =>
  `${day}/${Buffer.from(device).toString("hex")}`;

/** Claims each device for the first person that comes with it, and answers for each claim whether it is another's. */
export async function claimDevices(sql: Queries, claims: readonly DeviceClaim[]): Promise<boolean[]> {
  if (claims.length === 0) return [];
  const firsts = [...new Map(claims.toReversed().map((claim) => [keyOf(claim), claim])).values()];
  const added = await sql<{ day: number; device: Buffer }[]>`
    INSERT INTO step_devices (day, device, person) SELECT * FROM ${rowsOf(sql, firsts)} ORDER BY day, device
    ON CONFLICT DO NOTHING RETURNING day, device`;
  const owners = new Map<string, Buffer>(firsts.map((claim) => [keyOf(claim), Buffer.from(claim.person)]));
  const isNew = new Set(added.map(keyOf));
  const older = firsts.filter((claim) => !isNew.has(keyOf(claim)));
  for (const claim of await claimsOf(sql, older)) owners.set(keyOf(claim), claim.person);
  return claims.map((claim) => owners.get(keyOf(claim))?.equals(claim.person) === false);
}

async function claimsOf(sql: Queries, claims: readonly DeviceClaim[]) {
  if (claims.length === 0) return [];
  return await sql<{ day: number; device: Buffer; person: Buffer }[]>`
    SELECT own.day, own.device, own.person FROM step_devices AS own
    JOIN ${rowsOf(sql, claims)} ON own.day = told.day AND own.device = told.device`;
}

const rowsOf = (sql: Queries, claims: readonly DeviceClaim[]) => sql`
  unnest(${`{${claims.map(({ day }) => day).join()}}`}::integer[],
    ${byteaArray(claims.map(({ device }) => device))}::bytea[],
    ${byteaArray(claims.map(({ person }) => person))}::bytea[]) AS told (day, device, person)`;

/** Takes away some claims of days before `day`: at most so many, and none that somebody else is taking away. */
export const forgetDevices = (sql: Queries, day: number, most: number) =>
  sql`
    DELETE FROM step_devices WHERE (day, device) IN (
      SELECT day, device FROM step_devices WHERE day < ${day} ORDER BY day, device LIMIT ${most}
      FOR UPDATE SKIP LOCKED)`;
