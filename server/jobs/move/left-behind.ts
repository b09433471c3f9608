// What does not come along when a ledger moves, in plain words for the operator.

import { nameOfUnit } from "../../chain/encode.ts";
import type { Database } from "../../store/database.ts";
import { namedTokens } from "../../store/tokens.ts";
import { pendingChanges } from "./carried.ts";
import { type OpenChallenge, openChallenges } from "./challenged.ts";
import type { Earlier } from "./mover.ts";
import { isOfGoodBatches, type Testimony } from "./testimony.ts";

export async function leftBehind(
  sql: Database,
  { events, faults }: Testimony,
  lastGoodBatch: bigint,
): Promise<string[]> {
  const tokens = (await namedTokens(sql)).filter(({ state }) => state === "forgotten");
  const beyond = faults.filter((fault) => !isOfGoodBatches(fault, lastGoodBatch));
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

/** Challenges that stay open at the earlier contract, each with what comes of it and what to do. */
export async function challengesLeft(earlier: Earlier, lastGoodBatch: bigint): Promise<string[]> {
  return (await openChallenges(earlier, lastGoodBatch)).map((challenge) => sayLeft(earlier, challenge));
}

const MS_A_SECOND = 1_000;

function sayLeft({ address, chainId }: Earlier, { id, dueAt, answer }: OpenChallenge): string {
  const due = new Date(dueAt * MS_A_SECOND).toISOString();
  const head = `the promise ${id}, challenged at ${address} and due there at ${due}`;
  if (typeof answer === "string") return `${head}: ${answer}`;
  const command = `npm run answer -- --leaf ${id} --books … --rpc … --contract ${address}`;
  return `${head}: it can be answered there: give an account on chain ${chainId} means and run the same again, or \`${command}\``;
}
