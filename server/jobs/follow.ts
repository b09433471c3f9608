// Follows the transactions on their way until they are final. "No answer" is no result: only a receipt, or a nonce that
// another transaction has taken for good, decides; until then the same bytes are offered again.

import { bytesToHex, type Hex, hexToBytes, type LocalAccount } from "viem";
import type { MinedTransaction } from "../chain/client.ts";
import { type Signed, signRaised } from "../chain/sign.ts";
import { InvariantError } from "../errors.ts";
import {
  formsOf,
  keepForm,
  type SlotInFlight,
  slotEmptied,
  slotFinal,
  slotLost,
  slotMined,
  slotsInFlight,
} from "../store/chain-slots.ts";
import { type ChainContext, settledUnder } from "./chain-context.ts";

/** Looks at every transaction that is not final, once; true when one has moved on. */
export async function followTransactions(context: ChainContext): Promise<boolean> {
  const slots = await slotsInFlight(context.sql);
  if (slots.length === 0) return false;
  const [chainId, head] = await Promise.all([context.chain.chainId(), context.chain.head()]);
  const network: Network = { chainId, settled: settledUnder(context, head) };
  let moved = false;
  for (const slot of slots) moved = (await followSlot(context, network, slot)) || moved;
  return moved;
}

type Network = { readonly chainId: number; readonly settled: bigint };
type Form = { readonly hash: Hex; readonly raw: Hex; readonly ageSeconds: number };

async function followSlot(context: ChainContext, network: Network, slot: SlotInFlight): Promise<boolean> {
  const rows = await formsOf(context.sql, network.chainId, slot);
  const forms = rows.map(({ hash, raw, age }) => ({
    hash: bytesToHex(hash),
    raw: bytesToHex(raw),
    ageSeconds: age,
  }));
  const mined = await whicheverIsMined(context, forms);
  if (mined !== undefined) return await noteMined(context, network, slot, mined);
  if (slot.state === "mined") return await noteLost(context, slot);
  return await chase(context, network, slot, forms);
}

async function whicheverIsMined({ chain }: ChainContext, forms: readonly Form[]) {
  const all = await Promise.all(forms.map(({ hash }) => chain.mined(hash)));
  return all.find((mined) => mined !== undefined);
}

async function noteMined(
  { sql, log }: ChainContext,
  { chainId, settled }: Network,
  slot: SlotInFlight,
  mined: MinedTransaction,
): Promise<boolean> {
  const { hash, block } = mined;
  if (!mined.succeeded) {
    log.warn({ transaction: hash, block }, "a transaction reverted; its calls are tried again, one by one");
    await slotEmptied(sql, slot);
    return true;
  }
  const isNews = slot.state === "sent" || slot.block !== block;
  if (isNews) {
    const created = mined.created && hexToBytes(mined.created);
    await slotMined(sql, chainId, slot, { ...mined, hash: hexToBytes(hash), created });
    log.info({ transaction: hash, block, calls: slot.calls }, "transaction mined");
  }
  if (block > settled) return isNews;
  await slotFinal(sql, slot);
  return true;
}

/** An endpoint that is behind the block does not know the transaction yet: that is no reorganisation. */
async function noteLost({ sql, chain, log }: ChainContext, slot: SlotInFlight): Promise<boolean> {
  if (slot.block === null || (await chain.head()) < slot.block) return false;
  log.warn(
    { block: slot.block, calls: slot.calls },
    "a reorganisation took a transaction back; sending it again",
  );
  await slotLost(sql, slot);
  return true;
}

/** Not in a block yet: it may be on its way, lost, too cheap, or never to come because its nonce is taken. */
async function chase(
  context: ChainContext,
  network: Network,
  slot: SlotInFlight,
  forms: readonly Form[],
): Promise<boolean> {
  const { chain, sql, log, settings } = context;
  const sender = bytesToHex(slot.sender);
  if ((await chain.nonce(sender, network.settled)) > slot.nonce) {
    if ((await whicheverIsMined(context, forms)) !== undefined) return true;
    log.error(
      { sender, nonce: slot.nonce },
      "another transaction of this account took our nonce; sending anew",
    );
    await slotEmptied(sql, slot);
    return true;
  }
  const [newest] = forms;
  if (newest === undefined) throw new InvariantError(`nonce ${slot.nonce} of ${sender} has no transaction`);
  if (newest.ageSeconds > settings.STUCK_AFTER_SECONDS) return await replace(context, network, slot, newest);
  await offer(context, newest);
  return false;
}

/** Sends bytes that are kept already. What the endpoint says is told, not believed: the next look decides. */
export async function offer({ chain, log }: ChainContext, { hash, raw }: Signed): Promise<void> {
  if (await chain.knows(hash)) return;
  const answer = await chain.send(raw);
  if (!answer.accepted)
    log.warn({ transaction: hash, says: answer.says }, "the endpoint did not take a transaction");
}

async function replace(
  context: ChainContext,
  { chainId }: Network,
  slot: SlotInFlight,
  stuck: Form,
): Promise<boolean> {
  const { chain, sql, log, feeLimit } = context;
  const account = accountAt(context, slot);
  const raised = account && (await signRaised(account, stuck.raw, await chain.fees(), feeLimit));
  if (raised === undefined) {
    log.warn(
      { transaction: stuck.hash },
      "a transaction is stuck, and its fee cannot be raised within MAX_FEE_GWEI",
    );
    await offer(context, stuck);
    return false;
  }
  const { hash, raw } = raised;
  await keepForm(sql, chainId, { ...slot, hash: hexToBytes(hash), raw: hexToBytes(raw) });
  log.info({ transaction: hash, instead: stuck.hash }, "a stuck transaction is replaced at a higher fee");
  await offer(context, raised);
  return true;
}

function accountAt({ accounts }: ChainContext, { sender }: SlotInFlight): LocalAccount | undefined {
  const address = bytesToHex(sender);
  return Object.values(accounts).find((account) => account?.address.toLowerCase() === address);
}
