// Reads from the contract which promises are challenged, answered and broken, through any restart: on from the last block
// that was read. Only settled blocks are read, and the last of them once more each time. Answers are given in `answer`.

import type { Logger } from "pino";
import { nameOfUnit } from "../../chain/encode.ts";
import type { LedgerReader } from "../../chain/ledger-reader.ts";
import { eventsWithin, inRanges } from "../../chain/logs.ts";
import { fromHex, type Hex, toHex } from "../../protocol/bytes.ts";
import { type ChallengeEvent, keepReading, readUpTo, type Watched } from "../../store/challenge-watch.ts";
import { type ChainContext, type Home, homeOf, settledBlock } from "../chain-context.ts";

/** How many blocks are read again: more than any reorganisation of a settled block that was ever seen. */
const READ_AGAIN_BLOCKS = 64n;

const EVENTS = ["Challenged", "Answered", "AnsweredLate", "BreachRecorded"] as const;

/** Reads what is new; true when there was something. Two processes may read at once: what the slower one found is dropped. */
export async function watchChallenges(context: ChainContext): Promise<boolean> {
  const home = await homeOf(context);
  if (home === undefined) return false;
  const settled = await settledBlock(context);
  if (!(await isHere(context, home, settled))) return false;
  const watched = { chainId: home.deployment.chain_id, contract: home.deployment.contract };
  const before = await readUpTo(context.sql, watched);
  if (settled <= before) return false;
  return await readOn(context, home, watched, { before, settled });
}

/** Another chain, or one on which the contract is not yet settled, says nothing about our promises. */
const isHere = async ({ chain }: ChainContext, { deployment, address }: Home, settled: bigint) =>
  BigInt(await chain.chainId()) === deployment.chain_id && (await chain.hasCode(address, settled));

type Blocks = { readonly before: bigint; readonly settled: bigint };

/** What was read is kept range by range: a long way is not gone twice. */
async function readOn(
  { sql, chain, log }: ChainContext,
  { address, reader }: Home,
  watched: Watched,
  { before: readBefore, settled }: Blocks,
): Promise<boolean> {
  let [before, from] = [readBefore, marginBefore(readBefore)];
  let events: ChallengeEvent[] = [];
  const within = (start: bigint, end: bigint) => eventsWithin(chain, address, EVENTS, [start, end]);
  for await (const { found, to } of inRanges(from, settled, within)) {
    for (const event of found) events.push(await toOurs(reader, event));
    if (to <= before) continue;
    const reading = { from, before, to, at: await chain.timeOf(to), events };
    if (!(await keepReading(sql, watched, reading))) return false;
    tell(log, events, before);
    [before, from, events] = [to, to + 1n, []];
  }
  return true;
}

const marginBefore = (before: bigint) =>
  before + 1n > READ_AGAIN_BLOCKS ? before + 1n - READ_AGAIN_BLOCKS : 0n;

type Found = NonNullable<Awaited<ReturnType<typeof eventsWithin<(typeof EVENTS)[number]>>>>[number];

async function toOurs(reader: LedgerReader, event: Found): Promise<ChallengeEvent> {
  const { args, blockNumber: block, eventName } = event;
  const promise = fromHex(args.promiseId);
  if (eventName === "Answered" || eventName === "AnsweredLate")
    return { what: "answered", block, promise, batch: args.batch, by: fromHex(args.answeredBy) };
  const promised = { promise, ...promisedIn(args.promised), block };
  if (eventName === "BreachRecorded") return { what: "breached", ...promised };
  const { deadline, promiser, challenger, dueAt } = args;
  const promiserUntil = BigInt(await reader.promiserUntil(promiser));
  const accounts = { promiser: fromHex(promiser), challenger: fromHex(challenger) };
  return { what: "challenged", ...promised, ...accounts, promiserUntil, deadline, dueAt: BigInt(dueAt) };
}

type OnChain = { leaf: Hex; charity: Hex; unit: Hex; kind: number; amount: bigint };

/** What was promised, as the contract's events tell it: also on a line that no unit can name. */
export const promisedIn = ({ leaf, charity, unit, kind, amount }: OnChain) => ({
  leaf: fromHex(leaf),
  charity: fromHex(charity),
  unit: nameOfUnit(unit),
  kind,
  amount,
});

const SAYS: Record<ChallengeEvent["what"], string> = {
  challenged: "a promise is challenged",
  answered: "a challenge is answered",
  breached: "a breach is recorded",
};

function tell(log: Logger, events: readonly ChallengeEvent[], before: bigint): void {
  for (const { what, promise, block } of events)
    if (block > before) log.warn({ promise: toHex(promise), block }, SAYS[what]);
}
