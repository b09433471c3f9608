// Which challenged promise is to be answered: that of a receipt file, or one that is found on chain by its name or by the
// leaf of its receipt.

import { type Hex, hexToString } from "viem";
import { eventsWithin, inRanges } from "../../server/chain/logs.ts";
import { InputError } from "../../server/errors.ts";
import { fromHex, tag, toHex } from "../../server/protocol/bytes.ts";
import { type PromisedReceipt, promiseLeaf } from "../../server/protocol/promise.ts";
import { checkKind, receiptLeaf } from "../../server/protocol/receipt.ts";
import type { OpenedReceipt } from "../../server/protocol/receipt-file.ts";
import { blockAt, type Contract, newestBlock } from "../chain/contract.ts";

const SECONDS_A_DAY = 86_400n;
/** A challenge that can still be answered in time was opened within seven days. */
const LOOK_BACK_SECONDS = 8n * SECONDS_A_DAY;
/** An answer is given at once, and a promise is for seven days at most. */
const PROMISED_FOR_SECONDS = 7n * SECONDS_A_DAY;
/** By so much one machine of the operator's may be ahead of another. */
const CLOCKS_APART_SECONDS = 3_600n;

export type Challenged = {
  readonly promised: PromisedReceipt;
  /** The promise's leaf, its name on chain. */
  readonly id: Hex;
  /** No book that was closed before can hold the receipt. Unix seconds. */
  readonly since: bigint;
};

export function challengedByFile({ ledger, receipt }: OpenedReceipt): Challenged {
  const { charity, unit, kind, amount, acceptedAt } = receipt;
  const promised = { leaf: receiptLeaf(ledger.id, receipt), charity, unit, kind, amount };
  const since = acceptedAt > CLOCKS_APART_SECONDS ? acceptedAt - CLOCKS_APART_SECONDS : 0n;
  return { promised, id: toHex(promiseLeaf(ledger.id, promised)), since };
}

/**
 * The newest challenge of that name, or of that receipt.
 * @throws InputError `not-challenged`
 */
export async function challengedByLeaf(contract: Contract, leaf: Hex): Promise<Challenged> {
  const { number, time } = await newestBlock(contract);
  const recent = await blockAt(contract, time > LOOK_BACK_SECONDS ? time - LOOK_BACK_SECONDS : 0n);
  const event =
    (await findChallenge(contract, leaf, recent, number)) ??
    (await findChallenge(contract, leaf, 0n, recent));
  if (event === undefined)
    throw new InputError(
      "not-challenged",
      `--leaf: no challenge is known of ${leaf}, a promise's or a receipt's leaf`,
    );
  const { promised, deadline, promiseId: id } = event.args;
  const since = deadline > PROMISED_FOR_SECONDS ? deadline - PROMISED_FOR_SECONDS : 0n;
  return { promised: toOurs(promised), id, since };
}

async function findChallenge(contract: Contract, leaf: Hex, from: bigint, to: bigint) {
  const within = (start: bigint, end: bigint) =>
    eventsWithin(contract.chain, contract.address, ["Challenged"], [start, end]);
  let last: NonNullable<Awaited<ReturnType<typeof within>>>[number] | undefined;
  for await (const { found } of inRanges(from, to, within))
    last = found.findLast(({ args }) => args.promiseId === leaf || args.leaf === leaf) ?? last;
  return last;
}

type OnChain = { leaf: Hex; charity: Hex; unit: Hex; kind: number; amount: bigint };

/** @throws InputError when it is of no line that a ledger can have: nothing can answer it */
function toOurs({ leaf, charity, unit, kind, amount }: OnChain): PromisedReceipt {
  const name = hexToString(unit, { size: 32 });
  tag(name);
  checkKind(kind);
  return { leaf: fromHex(leaf), charity: fromHex(charity), unit: name, kind, amount };
}
