// What does not come along when a ledger moves, in plain words for the operator.

import { nameOfUnit } from "../../chain/encode.ts";
import type { Database } from "../../store/database.ts";
import { namedTokens } from "../../store/tokens.ts";
import { pendingChanges } from "./carried.ts";
import type { Testimony } from "./testimony.ts";

export async function leftBehind(
  sql: Database,
  { events, faults }: Testimony,
  lastGoodBatch: bigint,
): Promise<string[]> {
  const tokens = (await namedTokens(sql)).filter(({ state }) => state === "forgotten");
  const beyond = faults.filter(
    ({ accusation }) => accusation !== undefined && accusation.lastBatch > lastGoodBatch,
  );
  return [
    ...pendingChanges(events).map(
      (change) => `a change that is not in force yet (${change}): announce it again`,
    ),
    ...tokens.map(({ unit, token }) => `the token of ${unit} (${token}): name the one of the new chain`),
    ...beyond.map(({ charity, unit }) => {
      const line = `line ${charity} ${nameOfUnit(unit)}`;
      return `the fault of ${line}: it rests on a batch behind the last good one`;
    }),
  ];
}
