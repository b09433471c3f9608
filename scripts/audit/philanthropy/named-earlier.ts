// Contracts that a report names as left before the first one that is audited. What they were told is not read here; but the
// ledger lived in each of them, and each must name the one behind it as its successor: where an endpoint of its chain is at
// hand, an invented one is found out. One that cannot answer for that time tells nothing.

import { type Address, type Hex, isAddress } from "viem";
import { UnavailableError } from "../../../server/errors.ts";
import type { PhilanthropyReport } from "../../../server/programmes/philanthropy/report.ts";
import type { Chain } from "../chain/chain.ts";
import { type AuditedBlock, readBlock, readManyIfKnown } from "../chain/chain.ts";
import { type LeftContract, openingOf, type Place, type Successor } from "../chain/left.ts";
import { type Reachable, successorOf } from "../chain/moves.ts";
import { isDemonstration } from "../chain/opening.ts";
import { RefusedError } from "../chain/rpc.ts";
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
  const leftBy = left[0] === undefined ? openingOf(chain) : left[0].openedAt;
  for (const [index, named] of row.slice(0, row.length - known.length).entries()) {
    const asked = { named, next: row[index + 1] ?? home, ledger: chain.ledger, leftBy };
    const found = await contradiction(asked, reachable);
    if (found !== undefined) return { says: sayNamed(named), found };
  }
  return undefined;
}

const isNamed = (each: Partial<Named> | null): each is Named =>
  isAddress(each?.contract ?? "", { strict: false }) &&
  [each?.chainId, each?.lastGoodBatch].every((value) => typeof value === "string" && NUMBER.test(value));

type Asked = {
  readonly named: Named;
  readonly next: Pick<Named, "chainId" | "contract">;
  readonly ledger: Hex;
  /** Unix seconds: by then the ledger had left the contract that is named. */
  readonly leftBy: bigint | undefined;
};

/**
 * Demonstration chains have one number, and forget: which of them was meant, nobody can say. An endpoint that fails is none
 * that the audit rests on: nothing is told against the report then.
 */
async function contradiction(asked: Asked, reachable: readonly Reachable[]): Promise<string | undefined> {
  const at = reachable.find(({ chainId }) => `${chainId}` === asked.named.chainId);
  if (at === undefined || isDemonstration(at)) return undefined;
  try {
    return await contradictionAt({ ...at, contract: asked.named.contract }, asked);
  } catch (thrown) {
    if (thrown instanceof UnavailableError || thrown instanceof RefusedError) return undefined;
    throw thrown;
  }
}

async function contradictionAt(place: Place, { named, next, ledger, leftBy }: Asked) {
  const block = await readBlock(place.endpoint, "latest");
  if (!(await knowsOf(place, block, leftBy))) return undefined;
  const kept = await ledgerOf(place, block.number);
  if (kept !== ledger)
    return kept === undefined ? "no ledger's contract" : `a contract of the ledger ${kept}`;
  const successor = await successorOf(place, block);
  return successor === null || isNext(successor, named, next) ? undefined : sayOther(successor);
}

/** Neither a node that is behind, nor a chain that has begun anew since, knows a contract of that time. */
async function knowsOf(
  { endpoint }: Place,
  latest: AuditedBlock,
  time: bigint | undefined,
): Promise<boolean> {
  return time !== undefined && latest.at >= time && (await readBlock(endpoint, 1n)).at <= time;
}

/** Undefined where there is no contract, or another one than a ledger's, which may refuse the question. */
async function ledgerOf({ endpoint, contract }: Place, block: bigint): Promise<unknown> {
  try {
    return (await readManyIfKnown(endpoint, contract, block, "ledger", [[]]))?.[0];
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
