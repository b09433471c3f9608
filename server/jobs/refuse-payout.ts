// Payouts that the contract refuses for want of something: money, a token's name, the end of a pause. They are put off,
// all that lack the same at once, and say what they wait for. What is wrong with one charity alone is no matter of these.

import { getAddress } from "viem";
import type { RefusedError } from "../chain/failures.ts";
import { type PayerFunds, payerFunds } from "../chain/payer-funds.ts";
import { formatAmount } from "../programmes/currency.ts";
import type { CallArgs } from "../protocol/contract-calls.ts";
import { putOffPayouts, putOffTokens, type StoredCall } from "../store/chain-calls.ts";
import type { ChainContext, Home } from "./chain-context.ts";

/** A payout by either rail, sent by the payer. */
export type PayoutCall = Extract<StoredCall, { kind: "payToken" | "payBank" | "repay" }>;

export const isPayout = (call: StoredCall): call is PayoutCall =>
  call.kind === "payToken" || call.kind === "payBank" || call.kind === "repay";

const TRY_AGAIN_SECONDS = 60;

/** What stops every payout alike, in words. */
const WAITS_FOR = new Map([
  ["EnforcedPause", "the contract is paused; payouts go on when it is unpaused"],
  ["AccessControlUnauthorizedAccount", "the payer's account does not have the contract's PAYER_ROLE"],
]);

/** Puts a payout off, with all others that lack the same; false when nothing is lacking that may come with time. */
export async function putOffPayout(
  context: ChainContext,
  home: Home,
  call: PayoutCall,
  refused: RefusedError,
): Promise<boolean> {
  const waitsFor = WAITS_FOR.get(refused.error);
  if (waitsFor !== undefined) return await putOffAll(context, waitsFor);
  return call.kind === "payToken" && (await putOffForFunds(context, home, call.args));
}

async function putOffAll({ sql, log }: ChainContext, waitsFor: string): Promise<boolean> {
  const payouts = await putOffPayouts(sql, TRY_AGAIN_SECONDS, waitsFor);
  log.warn({ payouts }, `payouts wait: ${waitsFor}`);
  return payouts > 0;
}

/**
 * Looks whether money is lacking, whatever the token's own words for it. While a ledger is being rebuilt no token moves, so
 * that none can be lacking.
 */
async function putOffForFunds(
  context: ChainContext,
  home: Home,
  args: CallArgs["payToken"],
): Promise<boolean> {
  const { sql, chain, accounts, log } = context;
  const payer = accounts.payer?.address;
  if (payer === undefined || !(await home.reader.isDone({ kind: "open", args: {} }))) return false;
  const funds = await payerFunds(chain, home.address, args.unit, payer);
  const lack = lackOf(funds, await amountOf(home, args), args.unit);
  if (lack === undefined) return false;
  const payouts = await putOffTokens(sql, args.unit, lack.available, TRY_AGAIN_SECONDS, lack.waitsFor);
  log.warn({ unit: args.unit, payer: getAddress(payer), payouts }, `payouts wait: ${lack.waitsFor}`);
  return payouts > 0;
}

/** What a payout would move, in minor units, as the contract reckons it. */
async function amountOf({ reader }: Home, { charity, unit, from, upTo, netTo }: CallArgs["payToken"]) {
  const { netted } = await reader.line(charity, unit);
  return BigInt(upTo) - BigInt(from) - (BigInt(netTo) - netted);
}

type Lack = { readonly available: bigint | null; readonly waitsFor: string };

function lackOf(funds: PayerFunds | undefined, amount: bigint, unit: string): Lack | undefined {
  if (funds === undefined)
    return { available: null, waitsFor: `no token is named for ${unit}: name one with POST /v1/tokens` };
  const { balance, allowance } = funds;
  if (allowance !== undefined && allowance < amount)
    return {
      available: allowance,
      waitsFor: `allowance: the payer lets the ledger take ${formatAmount(allowance, unit)}; raise it`,
    };
  if (balance !== undefined && balance < amount)
    return { available: balance, waitsFor: `balance: the payer holds ${formatAmount(balance, unit)}` };
  return undefined;
}
