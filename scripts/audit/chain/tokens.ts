// Whether the tokens of payouts have moved: by the token's own Transfer events, in the transaction of the payout.
// What a token is worth is not known here; that one minor unit of the line is one minor unit of it, is.

import {
  decodeFunctionResult,
  encodeFunctionData,
  type Hex,
  keccak256,
  padHex,
  parseAbi,
  stringToHex,
} from "viem";
import { formatAmount } from "../../../server/programmes/currency.ts";
import type { Observation } from "../findings.ts";
import type { Account, Payout } from "./accounts.ts";
import type { Chain } from "./chain.ts";
import type { Replay, TokenOfUnit } from "./replay.ts";
import { type Endpoint, quantity, RefusedError } from "./rpc.ts";

const TRANSFER = keccak256(stringToHex("Transfer(address,address,uint256)"));
const DECIMALS_ABI = parseAbi(["function decimals() view returns (uint8)"]);
const RECEIPTS_AT_ONCE = 1_000;

type Moved = { readonly account: Account; readonly payout: Payout };
type Receipt = {
  readonly logs: readonly { readonly address: Hex; readonly topics: readonly Hex[]; readonly data: Hex }[];
};

export async function checkTokens(
  endpoint: Endpoint,
  chain: Chain,
  { accounts, tokens }: Replay,
): Promise<Observation[]> {
  const moved = [...accounts.values()].flatMap((account) =>
    account.payouts.filter(({ moves }) => moves).map((payout) => ({ account, payout })),
  );
  const observations = await checkScales(endpoint, chain, accounts, tokens);
  for (const some of inGroups(moved)) observations.push(...(await checkTransfers(endpoint, some, tokens)));
  return observations;
}

/** Payouts of the same transactions together. */
function inGroups(moved: readonly Moved[]): Moved[][] {
  const byTransaction = [...Map.groupBy(moved, ({ payout }) => payout.transaction).values()];
  const groups: Moved[][] = [];
  for (let first = 0; first < byTransaction.length; first += RECEIPTS_AT_ONCE)
    groups.push(byTransaction.slice(first, first + RECEIPTS_AT_ONCE).flat());
  return groups;
}

async function checkTransfers(
  endpoint: Endpoint,
  moved: readonly Moved[],
  tokens: Replay["tokens"],
): Promise<Observation[]> {
  const transactions = [...new Set(moved.map(({ payout }) => payout.transaction))];
  const calls = transactions.map((transaction) => ({
    method: "eth_getTransactionReceipt",
    params: [transaction],
  }));
  const receipts = (await endpoint.many(calls)) as (Receipt | null)[];
  const transfers = new Map(transactions.map((transaction, i) => [transaction, transfersOf(receipts[i])]));
  return moved.flatMap((each) => {
    const token = tokens.get(each.account.unitWord);
    const wanted = token && transferOf(token, each.payout);
    // Each transfer stands for one payout: two payouts of the same amount need two.
    const found = wanted === undefined ? -1 : (transfers.get(each.payout.transaction)?.indexOf(wanted) ?? -1);
    if (found < 0) return [notTransferred(each, token)];
    transfers.get(each.payout.transaction)?.splice(found, 1);
    return [];
  });
}

const transfersOf = (receipt: Receipt | null | undefined): string[] =>
  (receipt?.logs ?? [])
    .filter(({ topics }) => topics.length === 3 && topics[0] === TRANSFER)
    .map(({ address, topics, data }) =>
      [address.toLowerCase(), topics[2]?.toLowerCase(), BigInt(data)].join(),
    );

const transferOf = ({ token, scaleDigits }: TokenOfUnit, { payee, amount }: Payout): string =>
  [token, padHex(payee, { size: 32 }), amount * 10n ** BigInt(scaleDigits)].join();

function notTransferred({ account, payout }: Moved, token: TokenOfUnit | undefined): Observation {
  const { upTo, amount, payee, transaction } = payout;
  const says = `the payout ending at ${upTo} moved no ${amount} minor units of ${token?.token ?? "any token"} to ${payee}`;
  return {
    code: "payout-not-transferred",
    says,
    place: { charity: account.charity, unit: account.unit },
    numbers: { upTo, amount, payee, transaction },
  };
}

/** For currencies alone: of other units nobody knows how many decimals they have. */
async function checkScales(
  endpoint: Endpoint,
  chain: Chain,
  accounts: Replay["accounts"],
  tokens: Replay["tokens"],
): Promise<Observation[]> {
  const observations: Observation[] = [];
  const units = new Map([...accounts.values()].map(({ unit, unitWord }) => [unitWord, unit]));
  for (const [word, { token, scaleDigits }] of tokens) {
    const unit = units.get(word);
    const decimals = unit === undefined ? undefined : await decimalsOf(endpoint, chain, token);
    if (unit === undefined || decimals === undefined || decimals - scaleDigits === exponentOf(unit)) continue;
    const says = `the token of ${unit} has ${decimals} decimals, and a scale of ${scaleDigits}; ${unit} has ${exponentOf(unit)} decimals`;
    observations.push({
      code: "token-scale-false",
      says,
      place: { unit },
      numbers: { decimals, scaleDigits },
    });
  }
  return observations;
}

/** Decimal places of a currency; 0 for other units. */
export const exponentOf = (unit: string): number =>
  (formatAmount(1n, unit).split(" ")[0] as string).split(".")[1]?.length ?? 0;

/** Undefined for a token that does not say. */
async function decimalsOf(endpoint: Endpoint, { block }: Chain, token: Hex): Promise<number | undefined> {
  try {
    const data = encodeFunctionData({ abi: DECIMALS_ABI, functionName: "decimals" });
    const answer = (await endpoint.one("eth_call", [{ to: token, data }, quantity(block.number)])) as Hex;
    return decodeFunctionResult({ abi: DECIMALS_ABI, functionName: "decimals", data: answer });
  } catch (error) {
    if (error instanceof RefusedError || (error as Error).name.startsWith("Abi")) return undefined;
    throw error;
  }
}
