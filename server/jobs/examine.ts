// Before anything is sent: is this the chain, the contract and the history that we know? Outside the demonstration nothing
// is deployed or paid again unasked; whatever does not fit raises an alarm. At another place nothing is sent at all; where
// the history is another one, answers to challenges still are, since the contract itself judges each.

import { getAddress, hexToBytes } from "viem";
import { ledgerReader } from "../chain/ledger-reader.ts";
import { toHex } from "../protocol/bytes.ts";
import { recordContract } from "../store/chain-slots.ts";
import { lastFinalBatch } from "../store/deployment.ts";
import { lastMove } from "../store/moves.ts";
import { AlarmError, type ChainContext, type Home, homeOf, settledBlock } from "./chain-context.ts";
import { rebuildIfForgotten } from "./founding.ts";

/** Throws `AlarmError` when the chain or the contract is not the one that we know. */
export async function examinePlace(context: ChainContext): Promise<void> {
  await checkNotMoving(context);
  if (context.settings.demonstration && (await rebuildIfForgotten(context))) return;
  const home = (await homeOf(context)) ?? (await adopt(context));
  if (home !== undefined) await checkContract(context, home);
}

/** A move is carried through by the command that began it, between two endpoints. */
async function checkNotMoving({ sql }: ChainContext): Promise<void> {
  const move = await lastMove(sql);
  if (move === undefined || move.state === "opened" || move.state === "succeeded") return;
  throw new AlarmError(
    "chain-differs",
    `the ledger is on its way to chain ${move.to_chain}: run \`npm run move\` again, to its end`,
  );
}

/** Takes a contract into use that the operator names and that says it is this ledger's. */
async function adopt(context: ChainContext): Promise<Home | undefined> {
  const { sql, chain, ledger, log, settings } = context;
  if (settings.demonstration) return undefined;
  if (settings.CONTRACT_ADDRESS === undefined)
    throw new AlarmError("contract-missing", "no contract is deployed for this ledger: run `npm run deploy`");
  const address = getAddress(settings.CONTRACT_ADDRESS);
  await checkCode(context, address);
  checkLedger(await ledgerReader(chain, address).ledger(), ledger, address);
  await recordContract(sql, await chain.chainId(), hexToBytes(address));
  log.info({ contract: address }, "the ledger's contract is taken into use");
  return await homeOf(context);
}

async function checkContract(context: ChainContext, { deployment, address, reader }: Home): Promise<void> {
  const { chain, ledger, settings } = context;
  const chainId = await chain.chainId();
  if (BigInt(chainId) !== deployment.chain_id)
    throw new AlarmError(
      "chain-differs",
      `the ledger lives on chain ${deployment.chain_id}; the endpoint serves ${chainId}`,
    );
  const named = settings.CONTRACT_ADDRESS;
  if (!settings.demonstration && named !== undefined && getAddress(named) !== address)
    throw new AlarmError(
      "contract-missing",
      `the ledger lives at ${address}; CONTRACT_ADDRESS says ${named}`,
    );
  await checkCode(context, address);
  checkLedger(await reader.ledger(), ledger, address);
}

async function checkCode({ chain }: ChainContext, address: `0x${string}`): Promise<void> {
  if (await chain.hasCode(address)) return;
  throw new AlarmError(
    "contract-missing",
    `there is no contract at ${address}; nothing is deployed again unasked`,
  );
}

function checkLedger(found: string, ours: Uint8Array, address: string): void {
  if (found === toHex(ours)) return;
  throw new AlarmError(
    "ledger-differs",
    `the contract at ${address} is of ledger ${found}, ours is ${toHex(ours)}`,
  );
}

/** What we have called final must be there, to the byte; throws `AlarmError` when it is not. */
export async function examineHistory(context: ChainContext): Promise<void> {
  const [home, batch] = [await homeOf(context), await lastFinalBatch(context.sql)];
  if (home === undefined || batch === undefined || context.settings.demonstration) return;
  const { reader } = home;
  const settled = await settledBlock(context);
  const lastBatch = await reader.lastBatch(settled);
  if (lastBatch < batch.number)
    throw new AlarmError(
      "ledger-behind",
      `the contract's last batch is ${lastBatch}; batch ${batch.number} was final`,
    );
  const root = await reader.root(batch.number, settled);
  if (root === toHex(batch.root)) return;
  const message = `batch ${batch.number}: the contract holds root ${root}, ours is ${toHex(batch.root)}`;
  throw new AlarmError("root-differs", message);
}
