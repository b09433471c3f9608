// Contracts that a report names as left before the first one that is audited. What they were told is not read here; but the
// ledger lived in each of them, and each must name the one behind it as its successor: where an endpoint of its chain is at
// hand, an invented one is found out.

import { type Address, isAddress } from "viem";
import { UnavailableError } from "../../../server/errors.ts";
import type { PhilanthropyReport } from "../../../server/programmes/philanthropy/report.ts";
import type { Chain } from "../chain/chain.ts";
import { readBlock, readContract } from "../chain/chain.ts";
import type { LeftContract, Place, Successor } from "../chain/left.ts";
import { type Reachable, successorOf } from "../chain/moves.ts";
import { isDemonstration } from "../chain/opening.ts";
import { earlierOf, isAsOf } from "./first-told.ts";

type Named = NonNullable<PhilanthropyReport["earlier"]>[number];
/** What a report says, and what was found instead. */
export type FalseEarlier = { readonly says: string; readonly found: string };

const NUMBER = /^(0|[1-9][0-9]{0,18})$/;

/**
 * What of a report as of the audited contract cannot be so. Undefined where nothing tells against it: also of a contract that
 * has named nobody yet, as in a move whose last step waits for a timelock.
 */
export async function falseEarlier(
  { asOf, earlier }: PhilanthropyReport,
  chain: Chain,
  left: readonly LeftContract[],
  reachable: readonly Reachable[],
): Promise<FalseEarlier | undefined> {
  if (!isAsOf(asOf, chain) || !Array.isArray(earlier)) return undefined;
  const malformed = earlier.find((each) => !isNamed(each));
  if (malformed !== undefined) return { says: JSON.stringify(malformed), found: "no contract's name" };
  const known = earlierOf(left).map(({ chainId, contract, lastGoodBatch }) => ({
    ...{ chainId: `${chainId}`, contract, lastGoodBatch: `${lastGoodBatch}` },
  }));
  const row: readonly Named[] = [...earlier.slice(0, earlier.length - known.length), ...known];
  const home = { chainId: `${chain.chainId}`, contract: chain.contract };
  for (const [index, named] of row.slice(0, row.length - known.length).entries()) {
    const found = await contradiction(named, row[index + 1] ?? home, chain, reachable);
    if (found !== undefined) return { says: sayNamed(named), found };
  }
  return undefined;
}

const isNamed = (each: Partial<Named> | null): each is Named =>
  isAddress(each?.contract ?? "", { strict: false }) &&
  [each?.chainId, each?.lastGoodBatch].every((value) => typeof value === "string" && NUMBER.test(value));

/** Demonstration chains have one number, and forget: which of them was meant, nobody can say. */
async function contradiction(
  named: Named,
  next: Pick<Named, "chainId" | "contract">,
  { ledger }: Chain,
  reachable: readonly Reachable[],
): Promise<string | undefined> {
  const at = reachable.find(({ chainId }) => `${chainId}` === named.chainId);
  if (at === undefined || isDemonstration(at)) return undefined;
  const place = { ...at, contract: named.contract };
  const block = await readBlock(at.endpoint, "latest");
  const kept = await ledgerOf(place, block.number);
  if (kept !== ledger)
    return kept === undefined ? "no ledger's contract" : `a contract of the ledger ${kept}`;
  const successor = await successorOf(place, block);
  return successor === null || isNext(successor, named, next) ? undefined : sayOther(successor);
}

/** Undefined where there is no contract, or another one than a ledger's. */
async function ledgerOf({ endpoint, contract }: Place, block: bigint): Promise<unknown> {
  try {
    return await readContract(endpoint, contract, block, "ledger", []);
  } catch (thrown) {
    if (thrown instanceof UnavailableError && thrown.code === "no-ledger") return undefined;
    throw thrown;
  }
}

const isNext = (
  { chainId, ledgerContract, lastGoodBatch }: Successor,
  named: Named,
  next: Pick<Named, "chainId" | "contract">,
): boolean =>
  `${chainId}` === next.chainId &&
  lower(ledgerContract) === lower(next.contract) &&
  `${lastGoodBatch}` === named.lastGoodBatch;

const lower = (address: Address) => address.toLowerCase();

const sayNamed = ({ chainId, contract, lastGoodBatch }: Named) =>
  `${contract} on chain ${chainId}, good up to batch ${lastGoodBatch},`;

const sayOther = ({ chainId, ledgerContract, lastGoodBatch }: Successor) =>
  `a contract that names ${ledgerContract} on chain ${chainId} as its successor, and itself good up to batch ${lastGoodBatch}`;
