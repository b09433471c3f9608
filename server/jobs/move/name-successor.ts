// The last step of a move: the earlier contract names the new one, by one transaction of its admin. As everywhere, what is
// signed is kept before it is sent, and looked for before it is repeated.

import {
  type Address,
  bytesToHex,
  getAddress,
  type Hex,
  hexToBytes,
  isAddressEqual,
  type LocalAccount,
} from "viem";
import { limitFees } from "../../chain/fees.ts";
import { sign, signRaised } from "../../chain/sign.ts";
import { adminOf, isAdmin, type Successor, successorData, successorOf } from "../../chain/successor.ts";
import { ConflictError, InputError } from "../../errors.ts";
import { toHex } from "../../protocol/bytes.ts";
import { formsOf, keepForm, type Slot } from "../../store/chain-slots.ts";
import { keepNonce, lastMove, type Move } from "../../store/moves.ts";
import { settledBlock } from "../chain-context.ts";
import { offer } from "../follow.ts";
import { pause } from "../leader.ts";
import type { Earlier } from "./mover.ts";

/** What somebody else has to send, where the admin is a contract such as a timelock. */
export type ToBeSent = { readonly admin: Address; readonly to: Address; readonly data: Hex };

/**
 * Has the earlier contract name the new one, and waits until that is settled; or answers with what its admin has to send.
 * @throws ConflictError `has-successor` when it names another, `cut-off`
 */
export async function nameSuccessor(
  earlier: Earlier,
  move: Move,
  signal: AbortSignal,
): Promise<ToBeSent | undefined> {
  const { context, address } = earlier;
  const successor = successorOfMove(move);
  while (!signal.aborted) {
    if (await isNamed(earlier, successor)) return undefined;
    if ((await successorOf(context.chain, address)) === undefined) {
      const { admin } = context.accounts;
      if (admin === undefined)
        throw new InputError("key-missing", "ADMIN_KEY: wanted, to name the successor");
      if (!(await isAdmin(context.chain, address, admin.address)))
        return { admin: await adminOf(context.chain, address), to: address, data: successorData(successor) };
      await sendOnce(earlier, admin, successorData(successor));
    }
    await pause(context.pollMs, signal);
  }
  throw new ConflictError("cut-off", "the move was cut off; run the same again to go on");
}

function successorOfMove({
  to_chain: chainId,
  to_contract,
  last_good_batch: lastGoodBatch,
}: Move): Successor {
  if (to_contract === null) throw new ConflictError("not-compared", "the new contract is not known yet");
  return { chainId, ledgerContract: getAddress(toHex(to_contract)), lastGoodBatch };
}

/** Whether it is named, too deep to be taken back. */
async function isNamed({ context, address }: Earlier, ours: Successor): Promise<boolean> {
  const named = await successorOf(context.chain, address, await settledBlock(context));
  if (named === undefined) return false;
  const { chainId, ledgerContract, lastGoodBatch } = named;
  const isOurs = isAddressEqual(ledgerContract, ours.ledgerContract) && chainId === ours.chainId;
  if (isOurs && lastGoodBatch === ours.lastGoodBatch) return true;
  const says = `${address} names ${ledgerContract} on chain ${chainId} (last good batch ${lastGoodBatch}) as its successor, for ever; ours is ${ours.ledgerContract} on chain ${ours.chainId} (${ours.lastGoodBatch})`;
  throw new ConflictError("has-successor", says);
}

/** One look at the transaction: signed when there is none, else offered again, at a higher fee when it is stuck. */
async function sendOnce(earlier: Earlier, admin: LocalAccount, data: Hex): Promise<void> {
  const { context, chainId } = earlier;
  const { sql, chain, settings, feeLimit } = context;
  const slot = await slotOf(earlier, admin);
  const [newest, ...older] = await formsOf(sql, chainId, slot);
  if (newest === undefined) return await signFirst(earlier, admin, slot, data);
  for (const { hash } of [newest, ...older]) {
    const mined = await chain.mined(bytesToHex(hash));
    if (mined?.succeeded === false) await chooseAnew(earlier);
    if (mined !== undefined) return;
  }
  if ((await chain.nonce(admin.address, await settledBlock(context))) > slot.nonce)
    return await chooseAnew(earlier);
  const form = { hash: bytesToHex(newest.hash), raw: bytesToHex(newest.raw) };
  if (newest.age <= settings.STUCK_AFTER_SECONDS) return await offer(context, form);
  const raised = await signRaised(admin, form.raw, await chain.fees(), feeLimit);
  if (raised === undefined) return await offer(context, form);
  await keepForm(sql, chainId, { ...slot, hash: hexToBytes(raised.hash), raw: hexToBytes(raised.raw) });
  await offer(context, raised);
}

/** The place on the chain that the transaction takes: written down before anything is signed for it. */
async function slotOf({ context: { sql, chain } }: Earlier, { address }: LocalAccount): Promise<Slot> {
  const move = (await lastMove(sql)) as Move;
  const sender = hexToBytes(address);
  if (move.nonce !== null) return { sender, nonce: move.nonce };
  const nonce = await chain.nonce(address);
  await keepNonce(sql, move, nonce);
  return { sender, nonce };
}

/** It reverted, or another transaction took its place: nothing is named, and nothing of ours can name it any more. */
async function chooseAnew({ context: { sql, log } }: Earlier): Promise<void> {
  log.warn("the transaction that names the successor came to nothing; signing another");
  await keepNonce(sql, (await lastMove(sql)) as Move, null);
}

async function signFirst(
  { context, address, chainId }: Earlier,
  admin: LocalAccount,
  slot: Slot,
  data: Hex,
): Promise<void> {
  const { sql, chain, feeLimit } = context;
  const [gas, asked] = await Promise.all([
    chain.gas({ from: admin.address, to: address, data }),
    chain.fees(),
  ]);
  const fees = limitFees(asked, feeLimit);
  const unsigned = { chainId, nonce: Number(slot.nonce), gas: gas + gas / 8n, to: address, data, ...fees };
  const signed = await sign(admin, unsigned);
  await keepForm(sql, chainId, { ...slot, hash: hexToBytes(signed.hash), raw: hexToBytes(signed.raw) });
  await offer(context, signed);
}
