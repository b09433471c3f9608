// Brings a new ledger to a chain when the operator asks for it: deployment, roles, opening. The ordinary sender does it, so
// that it may be cut off and asked for again at any time. How a ledger moves from one chain to another is in `move`.

import type { Address } from "viem";
import { ConflictError } from "../errors.ts";
import type { ContractCall } from "../protocol/contract-calls.ts";
import { intend } from "../store/chain-calls.ts";
import type { Queries } from "../store/database.ts";
import { leftToRebuild, planRebuilding } from "../store/deployment.ts";
import { lastMove } from "../store/moves.ts";
import { type ChainContext, type Home, homeOf } from "./chain-context.ts";
import { followTransactions } from "./follow.ts";
import { foundingCalls } from "./founding.ts";
import { pause } from "./leader.ts";
import { sendNext } from "./send.ts";

export type DeployOptions = {
  /** How long handing the admin's role on takes. */
  readonly adminDelaySeconds: number;
  readonly onProgress: (callsLeft: bigint) => void;
};

export type Deployed = { readonly contract: Address; readonly chainId: number };

/**
 * Deploys the ledger's contract, gives the roles to the accounts at hand and opens it; where all this is done already, only
 * roles that are new are given. No money moves.
 * @throws ConflictError `lives-elsewhere`, `moving`; InputError `key-missing`; UnavailableError; AlarmError
 */
export async function deployLedger(
  context: ChainContext,
  options: DeployOptions,
  signal: AbortSignal,
): Promise<Deployed> {
  const chainId = await context.chain.chainId();
  await plan(context, chainId, options);
  await carryOut(context, leftToRebuild, options.onProgress, signal);
  const home = await homeOf(context);
  if (home === undefined)
    throw new ConflictError("cut-off", "the deployment was cut off; run the same again to go on");
  return { contract: home.address, chainId };
}

/** What is to be done is written down first; a plan that was cut off is carried on with. */
async function plan(context: ChainContext, chainId: number, options: DeployOptions): Promise<void> {
  const { sql } = context;
  const move = await lastMove(sql);
  if (move?.state === "rebuilding" || move?.state === "compared")
    throw new ConflictError("moving", "the ledger is being moved: run `npm run move` again, to its end");
  if ((await leftToRebuild(sql)) > 0n) return;
  const founding = foundingCalls(context, options.adminDelaySeconds);
  const home = await homeOf(context);
  if (home !== undefined && (await isHere(context, chainId, home)))
    return await giveNewRoles(context, founding);
  if (home !== undefined) refuseToMove(home);
  await planRebuilding(sql, chainId, founding);
}

const isHere = async ({ chain }: ChainContext, chainId: number, { deployment, address }: Home) =>
  deployment.chain_id === BigInt(chainId) && (await chain.hasCode(address));

async function giveNewRoles({ sql }: ChainContext, founding: readonly ContractCall[]): Promise<void> {
  const isGrant = ({ kind }: ContractCall) => kind === "grantRole" || kind === "admitPromiser";
  for (const call of founding.filter(isGrant)) await intend(sql, call);
}

function refuseToMove({ deployment, address }: Home): never {
  const where = `${address} on chain ${deployment.chain_id}`;
  throw new ConflictError(
    "lives-elsewhere",
    `the ledger lives at ${where}; to move it, run \`npm run move\``,
  );
}

/** Sends and follows until nothing is left of what `countLeft` counts, or the signal aborts. */
export async function carryOut(
  context: ChainContext,
  countLeft: (sql: Queries) => Promise<bigint>,
  onProgress: (callsLeft: bigint) => void,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const left = await countLeft(context.sql);
    onProgress(left);
    if (left === 0n || signal.aborted) return;
    const moved = (await followTransactions(context)) || (await sendNext(context));
    if (!moved) await pause(context.pollMs, signal);
  }
}
