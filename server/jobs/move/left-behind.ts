// What does not come along when a ledger moves, in plain words for the operator.

import { nameOfUnit } from "../../chain/encode.ts";
import { type LedgerReader, ledgerReader } from "../../chain/ledger-reader.ts";
import type { Database } from "../../store/database.ts";
import { namedTokens } from "../../store/tokens.ts";
import { pendingChanges } from "./carried.ts";
import { type OpenChallenge, openChallenges } from "./challenged.ts";
import type { Earlier } from "./mover.ts";
import { eventsNamed, isOfGoodBatches, type Testimony } from "./testimony.ts";

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

/** As the contract has it of an account that promises. */
const IN_FORCE = 2 ** 48 - 1;

/**
 * Promise keys that were changed at the earlier contract when the new one was open, and took nothing over any more: each with
 * the command that mends it. Where a key ends is said by the contract in which the ledger goes on alone.
 */
export async function promiseKeysLeft(
  { context: { chain }, address }: Earlier,
  there: LedgerReader,
  { events }: Testimony,
): Promise<string[]> {
  const before = ledgerReader(chain, address);
  const promisers = new Set(eventsNamed(events, "PromiserSet").map(({ args }) => args.promiser));
  const said: string[] = [];
  for (const promiser of promisers) {
    const [was, is] = [await before.promiserUntil(promiser), await there.promiserUntil(promiser)];
    const does = mending(was, is);
    if (does !== undefined)
      said.push(
        `the promise key ${promiser}, changed at ${address} behind the opening: \`npm run keys -- ${does} promise ${promiser}\``,
      );
  }
  return said;
}

/** Retiring it ends its word later than there, which cannot be helped, and is nothing to tell of again. */
function mending(was: number, is: number): "grant" | "revoke" | undefined {
  if (was > is) return "grant";
  return was < is && is === IN_FORCE ? "revoke" : undefined;
}

const MS_A_SECOND = 1_000;

function sayLeft({ address, chainId }: Earlier, { id, dueAt, answer }: OpenChallenge): string {
  const due = new Date(dueAt * MS_A_SECOND).toISOString();
  const head = `the promise ${id}, challenged at ${address} and due there at ${due}`;
  if (typeof answer === "string") return `${head}: ${answer}`;
  const command = `npm run answer -- --leaf ${id} --books … --rpc … --contract ${address}`;
  return `${head}: it can be answered there: give an account on chain ${chainId} means and run the same again, or \`${command}\``;
}
