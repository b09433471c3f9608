// Brings the ledger to a chain when the operator asks for it: deployment, roles, opening; and, when it moves, everything
// that was ever done, as a record. The ordinary sender does it, so that it may be cut off and asked for again at any time.

import type { Address } from "viem";
import { ConflictError } from "../errors.ts";
import type { ContractCall } from "../protocol/contract-calls.ts";
import { intend, unfinishedCalls } from "../store/chain-calls.ts";
import { leftToRebuild, planRebuilding } from "../store/deployment.ts";
import { type ChainContext, type Home, homeOf } from "./chain-context.ts";
import { followTransactions } from "./follow.ts";
import { foundingCalls } from "./founding.ts";
import { pause } from "./leader.ts";
import { sendNext } from "./send.ts";

export type DeployOptions = {
  /** How long handing the admin's role on takes. */
  readonly adminDelaySeconds: number;
  /** Whether a ledger that lives on another chain may be built anew on this one. */
  readonly move: boolean;
  readonly onProgress: (callsLeft: bigint) => void;
};

export type Deployed = { readonly contract: Address; readonly chainId: number };

/**
 * Deploys the ledger's contract, gives the roles to the accounts at hand and opens it; where all this is done already, only
 * roles that are new are given. No money moves.
 * @throws ConflictError `lives-elsewhere`, `calls-under-way`; InputError `key-missing`; UnavailableError; AlarmError
 */
export async function deployLedger(
  context: ChainContext,
  options: DeployOptions,
  signal: AbortSignal,
): Promise<Deployed> {
  const chainId = await context.chain.chainId();
  await plan(context, chainId, options);
  await carryOut(context, options, signal);
  const home = await homeOf(context);
  if (home === undefined)
    throw new ConflictError("cut-off", "the deployment was cut off; run the same again to go on");
  return { contract: home.address, chainId };
}

/** What is to be done is written down first; a plan that was cut off is carried on with. */
async function plan(context: ChainContext, chainId: number, options: DeployOptions): Promise<void> {
  const { sql } = context;
  if ((await leftToRebuild(sql)) > 0n) return;
  const founding = foundingCalls(context, options.adminDelaySeconds);
  const home = await homeOf(context);
  if (home !== undefined && (await isHere(context, chainId, home)))
    return await giveNewRoles(context, founding);
  if (home !== undefined) await checkMove(context, home, options);
  await planRebuilding(sql, chainId, founding);
}

const isHere = async ({ chain }: ChainContext, chainId: number, { deployment, address }: Home) =>
  deployment.chain_id === BigInt(chainId) && (await chain.hasCode(address));

async function giveNewRoles({ sql }: ChainContext, founding: readonly ContractCall[]): Promise<void> {
  const isGrant = ({ kind }: ContractCall) => kind === "grantRole" || kind === "admitPromiser";
  for (const call of founding.filter(isGrant)) await intend(sql, call);
}

/** What is on its way on the old chain might move money there, and be asked for here again. */
async function checkMove({ sql }: ChainContext, { deployment, address }: Home, { move }: DeployOptions) {
  const where = `${address} on chain ${deployment.chain_id}`;
  if (!move)
    throw new ConflictError(
      "lives-elsewhere",
      `the ledger lives at ${where}; pass --move to build it anew here from what is recorded; no money moves`,
    );
  const unfinished = await unfinishedCalls(sql);
  if (unfinished > 0n)
    throw new ConflictError(
      "calls-under-way",
      `${unfinished} calls to ${where} are not final; let them end first`,
    );
}

async function carryOut(
  context: ChainContext,
  { onProgress }: DeployOptions,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const left = await leftToRebuild(context.sql);
    onProgress(left);
    if (left === 0n || signal.aborted) return;
    const moved = (await followTransactions(context)) || (await sendNext(context));
    if (!moved) await pause(context.pollMs, signal);
  }
}
