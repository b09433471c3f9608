// Which contract a ledger leaves, and whether the endpoints that were given are those of the move that is under way.

import { getAddress } from "viem";
import { ConflictError, InputError } from "../../errors.ts";
import { toHex } from "../../protocol/bytes.ts";
import { deploymentOf } from "../../store/deployment.ts";
import { deployedIn, type Move } from "../../store/moves.ts";
import { chainServed } from "./checks.ts";
import type { Earlier, Mover } from "./mover.ts";

/** The demonstration chain's number; a ledger that lives there has no contract that anybody could still ask. */
const DEMONSTRATION = 31_337n;

/**
 * The contract that the ledger lives in; undefined when that was on the demonstration chain.
 * @throws ConflictError `not-deployed`; InputError `wrong-endpoint`
 */
export async function homeToLeave({ target: { sql }, source }: Mover): Promise<Earlier | undefined> {
  const home = await deploymentOf(sql);
  if (home === undefined)
    throw new ConflictError("not-deployed", "the ledger has no contract anywhere yet: run `npm run deploy`");
  if (source === undefined && home.chain_id === DEMONSTRATION) return undefined;
  const context = await sourceOn(source, home.chain_id);
  const address = getAddress(toHex(home.contract));
  return { context, address, chainId: Number(home.chain_id), fromBlock: await deployedIn(sql) };
}

/** The contract that a move which is under way leaves; undefined when it is gone. */
export async function earlierOf({ target, source }: Mover, move: Move): Promise<Earlier | undefined> {
  const to = await chainServed(target, "--to");
  if (BigInt(to) !== move.to_chain)
    throw new InputError(
      "wrong-endpoint",
      `--to serves chain ${to}; the move that is under way goes to chain ${move.to_chain}: give an endpoint of that one`,
    );
  if (move.forgotten) return undefined;
  const context = await sourceOn(source, move.from_chain);
  const address = getAddress(toHex(move.from_contract));
  return { context, address, chainId: Number(move.from_chain), fromBlock: move.from_block };
}

async function sourceOn(source: Mover["source"], wanted: bigint) {
  if (source === undefined)
    throw new InputError(
      "endpoint-missing",
      `CHAIN_RPC_URL: wanted the endpoint of chain ${wanted}, which the ledger leaves; came nothing`,
    );
  const served = await chainServed(source, "CHAIN_RPC_URL");
  if (BigInt(served) === wanted) return source;
  const hint = wanted === DEMONSTRATION ? "; to leave the demonstration chain, leave CHAIN_RPC_URL out" : "";
  throw new InputError(
    "wrong-endpoint",
    `CHAIN_RPC_URL serves chain ${served}; the ledger leaves chain ${wanted}${hint}`,
  );
}

/** Whether what is asked for is the move that has ended already. */
export async function hasEnded(mover: Mover, last: Move): Promise<boolean> {
  const { target, source } = mover;
  const home = await deploymentOf(target.sql);
  const isHome = last.to_contract !== null && home?.contract.equals(last.to_contract) === true;
  if (last.state !== "succeeded" || !isHome) return false;
  if (BigInt(await chainServed(target, "--to")) !== last.to_chain) return false;
  if (last.forgotten || source === undefined) return last.forgotten && source === undefined;
  if (BigInt(await chainServed(source, "CHAIN_RPC_URL")) !== last.from_chain) return false;
  return last.from_chain !== last.to_chain || isNamed(source, last);
}

/** Within one chain only the address tells which contract the operator means to leave. */
const isNamed = ({ settings }: NonNullable<Mover["source"]>, { from_contract }: Move) =>
  settings.CONTRACT_ADDRESS?.toLowerCase() === toHex(from_contract);
