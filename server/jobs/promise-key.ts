// Whether the contract takes the word of the key that this service promises with. Else everybody is answered with promises that
// nobody can ask for, and nothing else tells of it: the key sends no transaction that could be refused.

import type { Chain } from "../chain/client.ts";
import { leftToRebuild } from "../store/deployment.ts";
import { AlarmError, type ChainContext, type Home, homeOf } from "./chain-context.ts";

/** `promiserUntil` of an account that may promise; any other is retired, or was never admitted (0). */
const IN_FORCE = 2 ** 48 - 1;
const MS_A_SECOND = 1_000;

/** @throws AlarmError `promise-key-not-in-force` */
export async function examinePromiseKey(context: ChainContext): Promise<false> {
  const { promiser, chain, sql } = context;
  const home = await homeOf(context);
  if (promiser === undefined || home === undefined || (await leftToRebuild(sql)) > 0n) return false;
  if (!(await isHere(chain, home))) return false;
  const until = await home.reader.promiserUntil(promiser);
  if (until === IN_FORCE) return false;
  throw new AlarmError("promise-key-not-in-force", `PROMISE_KEY is the key of ${promiser}, ${sayOf(until)}`);
}

/** Another chain may have another contract at that address, and says nothing about our promises; it has an alarm of its own. */
const isHere = async (chain: Chain, { deployment, address }: Home): Promise<boolean> =>
  BigInt(await chain.chainId()) === deployment.chain_id && (await chain.hasCode(address));

const sayOf = (until: number): string =>
  until === 0
    ? "which the contract does not admit: what it promises binds nobody; `npm run keys -- grant promise`, or set the key that is admitted"
    : `which is retired: what it promises for deadlines from ${new Date(until * MS_A_SECOND).toISOString()} on binds nobody; set the key that is admitted`;
