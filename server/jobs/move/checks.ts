// What must be so before a ledger moves. Each refusal says what to do.

import { getAddress, type Hex, type LocalAccount } from "viem";
import { codeAt } from "../../chain/account-code.ts";
import { ledgerReader } from "../../chain/ledger-reader.ts";
import { successorOf } from "../../chain/successor.ts";
import { ConflictError, InputError, UnavailableError } from "../../errors.ts";
import { toHex } from "../../protocol/bytes.ts";
import { callsInFlight } from "../../store/moves.ts";
import { walletCodes } from "../../store/wallet-codes.ts";
import type { ChainContext } from "../chain-context.ts";
import { type Earlier, type Mover, someOf } from "./mover.ts";
import { eventsNamed, type Testimony } from "./testimony.ts";

/** The chain that an endpoint serves; `name` is what the operator calls it. */
export async function chainServed(context: ChainContext, name: string): Promise<number> {
  try {
    return await context.chain.chainId();
  } catch (thrown) {
    if (!(thrown instanceof UnavailableError)) throw thrown;
    throw new UnavailableError(
      "endpoint-dead",
      `${name} does not answer: ${thrown.message}`,
      RETRY_AFTER_SECONDS,
    );
  }
}

const RETRY_AFTER_SECONDS = 30;

/** What is on its way on the earlier chain may come about there, and be done again on the other. */
export async function checkNothingInFlight({ target: { sql } }: Mover): Promise<void> {
  const calls = await callsInFlight(sql);
  if (calls === 0n) return;
  const says = `${calls} calls to the contract are sent and not final; start the service where the ledger lives, let them end, and stop it`;
  throw new ConflictError("calls-under-way", says);
}

/** The contract is there, it is this ledger's, and it names no successor. */
export async function checkEarlier({ context, address }: Earlier): Promise<void> {
  const { chain, ledger } = context;
  if (!(await chain.hasCode(address)))
    throw new ConflictError(
      "contract-missing",
      `CHAIN_RPC_URL: there is no contract at ${address}; is it of another chain of the same number?`,
    );
  const found = await ledgerReader(chain, address).ledger();
  if (found !== toHex(ledger))
    throw new ConflictError(
      "ledger-differs",
      `the contract at ${address} is of ledger ${found}, ours is ${toHex(ledger)}`,
    );
  const named = await successorOf(chain, address);
  if (named !== undefined)
    throw new ConflictError(
      "has-successor",
      `the contract at ${address} names ${named.ledgerContract} on chain ${named.chainId} as its successor already`,
    );
}

/** Two chains of one number could not be told apart by who is shown a successor; within one, the contract is on both. */
export async function checkChains(
  { address, chainId }: Earlier,
  target: ChainContext,
  to: number,
  sameChain: boolean,
): Promise<void> {
  if (to !== chainId) return;
  if (!(await target.chain.hasCode(address)))
    throw new ConflictError(
      "chains-alike",
      `CHAIN_RPC_URL and --to serve two chains that both say to be chain ${to}: give one another number`,
    );
  const named = target.settings.CONTRACT_ADDRESS;
  if (!sameChain || named === undefined || getAddress(named) !== address)
    throw new ConflictError(
      "same-chain",
      `--to serves chain ${to}, where the ledger lives already, at ${address}; to move it to another contract there, pass --same-chain and set CONTRACT_ADDRESS to the one that it leaves`,
    );
}

/** What a wallet contract has signed is asked of that wallet again: it must stand at its address on the other chain too. */
export async function checkWallets(
  earlier: Earlier | undefined,
  target: ChainContext,
  testimony: Testimony,
): Promise<void> {
  const wallets: readonly Hex[] =
    earlier === undefined ? await keptWallets(target) : await signingWallets(earlier, testimony);
  const missing: string[] = [];
  for (const wallet of wallets) if ((await codeAt(target.chain, wallet)) === undefined) missing.push(wallet);
  if (missing.length === 0) return;
  const says = `charities have signed with wallet contracts that are not on the chain of --to: ${someOf(missing)}; have them put there, at the same addresses, first`;
  throw new ConflictError("wallets-missing", says);
}

const keptWallets = async ({ sql }: ChainContext): Promise<Hex[]> =>
  (await walletCodes(sql)).map(({ account }) => toHex(account));

async function signingWallets({ context }: Earlier, { events }: Testimony): Promise<Hex[]> {
  const signed = [...eventsNamed(events, "Acknowledged"), ...eventsNamed(events, "Disbursed")];
  const signers = new Set(signed.map(({ args }) => args.signer));
  const wallets: Hex[] = [];
  for (const signer of signers) if ((await codeAt(context.chain, signer)) !== undefined) wallets.push(signer);
  return wallets;
}

/** The deployment takes about 5.6 million gas, the rest of a small ledger less than a million. */
const GAS_OF_ADMIN = 6_000_000n;
const GAS_OF_OTHERS = 1_000_000n;

/** Fails early, not half-way. What a large ledger takes beyond this is asked for when it is lacking. */
export async function checkFunds({ chain, accounts }: ChainContext): Promise<void> {
  const { maxFeePerGas } = await chain.fees();
  const poor: string[] = [];
  for (const [role, account] of Object.entries(accounts) as [string, LocalAccount | undefined][]) {
    if (account === undefined) continue;
    const wanted = maxFeePerGas * (role === "admin" ? GAS_OF_ADMIN : GAS_OF_OTHERS);
    const balance = await chain.balance(account.address);
    if (balance < wanted) poor.push(`${role} ${account.address} has ${balance} wei, wanted about ${wanted}`);
  }
  if (poor.length > 0)
    throw new InputError(
      "no-funds",
      `on the chain of --to accounts cannot pay for their transactions: ${someOf(poor)}`,
    );
}
