// When the earlier contract was told of batches and watermarks, kept before the ledger lives elsewhere: the new contract's
// events, by which all is carried over, have the time of the move. An audit reads the same from the contract that was left.

import type { Address } from "viem";
import { eventsWithin, inRanges } from "../../chain/logs.ts";
import { InvariantError } from "../../errors.ts";
import { keepFirstTold, type NewMoves } from "../../store/moved-events.ts";
import { deployedIn, type Move } from "../../store/moves.ts";
import type { ChainContext } from "../chain-context.ts";
import { movesWithin } from "../watch-moves.ts";
import { newHome } from "./compare.ts";
import type { Earlier } from "./mover.ts";

/** Of what the new contract was opened with; what the earlier one is told later, nobody counts. May be done again. */
export async function keepTimes({ context, address, fromBlock }: Earlier, target: ChainContext, move: Move) {
  const opening = await openingOf(target, (await newHome(target)).address);
  const blocks = [fromBlock, await context.chain.head()] as const;
  for await (const { moves } of movesWithin(context.chain, address, blocks))
    await keepFirstTold(target.sql, toldBefore(opening, move.last_good_batch, moves));
}

const toldBefore = (opening: bigint, lastGoodBatch: bigint, { anchored, moved }: NewMoves): NewMoves => ({
  anchored: anchored.filter(({ batch, at }) => batch <= lastGoodBatch && at < opening),
  moved: moved.filter(({ at }) => at < opening),
});

/** When a contract was opened, in Unix seconds. */
async function openingOf({ chain, sql }: ChainContext, address: Address): Promise<bigint> {
  const within = (from: bigint, to: bigint) => eventsWithin(chain, address, ["LedgerOpened"], [from, to]);
  for await (const { found } of inRanges(await deployedIn(sql), await chain.head(), within))
    for (const { blockNumber } of found) return await chain.timeOf(blockNumber);
  throw new InvariantError(`${address} is open, and has no event of its opening`);
}
