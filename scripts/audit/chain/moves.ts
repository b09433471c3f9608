// A ledger that has moved: followed from the contract that was named to the one in which it goes on, and whether what the
// contracts left behind hold was carried along. The ledger's own rules are checked elsewhere, on the last contract.

import { type Address, type Hex, toHex } from "viem";
import { UnavailableError } from "../../../server/errors.ts";
import { equalBytes } from "../../../server/protocol/bytes.ts";
import type { Observation } from "../findings.ts";
import { plainUnit } from "./accounts.ts";
import { checkPromisers } from "./carried-promisers.ts";
import {
  type AuditedBlock,
  type Chain,
  readBlock,
  readContract,
  readContractMany,
  readManyIfKnown,
  rootOf,
} from "./chain.ts";
import { isTooLate, type LeftContract, openingBehind, type Place, readLeft, type Successor } from "./left.ts";
import { ANSWERED_LATE, BREACHED, stateOf } from "./promises.ts";
import type { Endpoint } from "./rpc.ts";

/** Where the ledger is now, and where it was before, the oldest first. */
export type Followed = {
  readonly endpoint: Endpoint;
  readonly contract: Address;
  readonly left: readonly LeftContract[];
  readonly reachable: readonly Reachable[];
};

/** A chain of which an endpoint was given. */
export type Reachable = Omit<Place, "contract">;

const MOST_MOVES = 16;

/**
 * Goes from contract to contract, the first on the chain of the first endpoint. `fromBlock` is of that chain.
 * @throws UnavailableError `no-answer`, `no-ledger`, `successor-elsewhere`, `successor-circle`, `successor-of-another-ledger`
 */
export async function followMoves(
  endpoints: readonly Endpoint[],
  contract: Address,
  fromBlock: bigint,
): Promise<Followed> {
  const reachable = await Promise.all(
    endpoints.map(async (endpoint) => ({ endpoint, chainId: await chainIdOf(endpoint) })),
  );
  const start: Place = { ...(reachable[0] as Reachable), contract };
  const left: LeftContract[] = [];
  for (let place = start; ; ) {
    const block = await readBlock(place.endpoint, "latest");
    const named = await successorOf(place, block);
    if (named === null) return { endpoint: place.endpoint, contract: place.contract, left, reachable };
    const next = placeOf(named, reachable);
    left.push(await readLeft(place, block, named, place.chainId === start.chainId ? fromBlock : 0n));
    if (left.length > MOST_MOVES || isLeft(next, left)) throw circle(next);
    await requireSameLedger(place, block, next);
    place = next;
  }
}

const chainIdOf = async (endpoint: Endpoint): Promise<number> =>
  Number(await endpoint.one("eth_chainId", []));

/** Null when none is named, and of a contract that can name none. */
export async function successorOf(
  { endpoint, contract }: Place,
  { number }: AuditedBlock,
): Promise<Successor | null> {
  const said = await readManyIfKnown(endpoint, contract, number, "successor", [[]]);
  const named = (said?.[0] ?? null) as Successor | null;
  return named === null || BigInt(named.ledgerContract) === 0n ? null : named;
}

function placeOf({ chainId, ledgerContract }: Successor, reachable: readonly Reachable[]): Place {
  const contract = ledgerContract.toLowerCase() as Address;
  const chain = reachable.find((each) => BigInt(each.chainId) === chainId);
  if (chain !== undefined) return { ...chain, contract };
  throw new UnavailableError(
    "successor-elsewhere",
    `the ledger has moved to ${contract} on chain ${chainId}, of which no endpoint was given: pass a further --rpc URL of that chain`,
    0,
  );
}

const isLeft = ({ chainId, contract }: Place, left: readonly LeftContract[]): boolean =>
  left.some((each) => each.chainId === chainId && each.contract === contract);

const circle = ({ contract }: Place): Error =>
  new UnavailableError(
    "successor-circle",
    `the successors that the contracts name lead nowhere: after ${MOST_MOVES} at most, or to one that was left before, as ${contract}`,
    0,
  );

/** Which of the two to audit then, nobody but the reader can say. */
async function requireSameLedger(place: Place, block: AuditedBlock, next: Place): Promise<void> {
  const ledgerOf = ({ endpoint, contract }: Place, { number }: AuditedBlock) =>
    readContract(endpoint, contract, number, "ledger", []);
  const [before, after] = [
    await ledgerOf(place, block),
    await ledgerOf(next, await readBlock(next.endpoint, "latest")),
  ];
  if (before === after) return;
  throw new UnavailableError(
    "successor-of-another-ledger",
    `${place.contract} keeps the ledger ${before}, and names as its successor ${next.contract}, which keeps another: ${after}`,
    0,
  );
}

/** Whether the ledger was carried along whole. */
export async function checkMoves(
  endpoint: Endpoint,
  chain: Chain,
  left: readonly LeftContract[],
): Promise<Observation[]> {
  const observations = await checkPromisers(chain, left);
  for (const each of left) {
    for (const observation of compareRoots(chain, each)) observations.push(observation);
    observations.push(...(await compareFaults(endpoint, chain, each)));
    observations.push(...(await compareBreaches(endpoint, chain, each, openingBehind(each, left, chain))));
  }
  return observations;
}

function* compareRoots(
  chain: Chain,
  { contract, lastGoodBatch, roots }: LeftContract,
): Generator<Observation> {
  for (let batch = 1n; batch <= lastGoodBatch; batch++) {
    const before = rootOf({ roots }, batch);
    const after = batch <= chain.lastBatch ? rootOf(chain, batch) : undefined;
    if (after !== undefined && equalBytes(before, after)) continue;
    const numbers = { left: toHex(before), successor: after === undefined ? "none" : toHex(after) };
    const says = `${contract}, which the ledger has left, keeps the root ${numbers.left}; its successor ${numbers.successor}`;
    yield { code: "moved-root-differs", says, place: { batch }, numbers };
  }
}

async function compareFaults(
  endpoint: Endpoint,
  { contract, block }: Chain,
  { contract: before, lastGoodBatch, faults }: LeftContract,
): Promise<Observation[]> {
  const lines = faults.map(({ args: { charity, unit } }) => [charity, unit]);
  const said = (await readContractMany(endpoint, contract, block.number, "faultOf", lines)) as number[];
  const missing = faults.filter((_, i) => said[i] === 0);
  return missing.map(({ args: { charity, unit, fault, first, second } }) => ({
    code: "fault-not-carried",
    says: `a fault of this line was proven to ${before}, which the ledger has left as good up to batch ${lastGoodBatch}; its successor knows of none`,
    place: { charity, unit: plainUnit(unit) },
    numbers: { fault, first, second },
  }));
}

async function compareBreaches(
  endpoint: Endpoint,
  chain: Chain,
  left: LeftContract,
  opening: bigint | undefined,
): Promise<Observation[]> {
  const { contract: before } = left;
  const breaches = left.breaches.filter((breach) => !isTooLate(breach, left, opening));
  const ids = breaches.map(({ event }) => event.args.promiseId);
  const states = await stateOf(endpoint, chain, ids);
  const missing = breaches.filter((_, i) => states[i] !== BREACHED && states[i] !== ANSWERED_LATE);
  return missing.map(
    ({
      event: {
        args: { promiseId, leaf, promised },
      },
    }) => ({
      code: "breach-not-carried",
      says: `${before}, which the ledger has left, records that the promise of the receipt ${leaf} was not kept; its successor does not`,
      place: { charity: promised.charity, unit: plainUnit(promised.unit) },
      numbers: { promiseId, leaf, amount: promised.amount },
    }),
  );
}

/** How many breaches stand at contracts that the ledger was leaving, or had left: what comes of them, no contract tells. */
export const breachesLeftBehind = (left: readonly LeftContract[], chain: Chain): number =>
  left.flatMap((each) =>
    each.breaches.filter((breach) => isTooLate(breach, each, openingBehind(each, left, chain))),
  ).length;

/** For the report: where the ledger was before. */
export const toldOf = ({ chainId, contract, block, lastGoodBatch }: LeftContract) => ({
  ...{ chainId, contract: contract as Hex, lastGoodBatch },
  block: block.number,
});
