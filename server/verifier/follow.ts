// Follows a ledger that has moved, from the contract that the reader chose to the one in which it goes on, as the contracts
// themselves name it. What is read on the way is judged by server/protocol.

import type { Hex } from "viem";
import { UnavailableError } from "../errors.ts";
import { toHex } from "../protocol/bytes.ts";
import { promiseLeaf } from "../protocol/promise.ts";
import { CHALLENGE, type PromiseStanding } from "../protocol/promise-steps.ts";
import { decidingRoot, type SuccessorReading } from "../protocol/successors.ts";
import type {
  LedgerReading,
  Position,
  PromiseReading,
  Successor,
  UnsealedReading,
  Verification,
} from "../protocol/verify.ts";
import type { ContractReader, NamedSuccessor } from "./contract-reader.ts";

/** A ledger moves rarely; whoever names more has made a maze. */
const MOST_SUCCESSORS = 16;

/** A contract, and the endpoint at which it is read. */
export type Place = { readonly reader: ContractReader; readonly contract: Hex };

/** Each successor, and where it is read; none for a ledger that has not moved. */
type Followed = { readonly start: Place; readonly moves: readonly (Successor & Place)[] };

/**
 * Everything that a verification is compared with, for a receipt of a known batch.
 * @throws UnavailableError `no-answer` and the codes of `follow`
 */
export async function readLedger(
  start: Place,
  readers: readonly ContractReader[],
  batch: bigint,
  position: Position,
  verification: Verification,
): Promise<LedgerReading> {
  const followed = await follow(start, readers);
  const { reader, contract } = endOf(followed);
  return {
    ledger: await start.reader.ledger(start.contract),
    root: await start.reader.root(start.contract, batch),
    termsRoot: await readTermsRoot(followed, verification),
    successors: await rootsOf(followed.moves, batch),
    line: await reader.line(contract, position),
    fault: await reader.fault(contract, position),
    promise: await readPromise(followed, verification),
  };
}

/** The root of the batch that notices a receipt's terms, of the contract that stands for it. */
async function readTermsRoot(
  { start, moves }: Followed,
  { file, termsRoot }: Verification,
): Promise<Uint8Array | undefined> {
  const terms = file?.terms ?? null;
  return terms === null || termsRoot === null ? undefined : keptRoot(start, moves, terms.batch);
}

const keptRoot = async (start: Place, moves: Followed["moves"], batch: bigint): Promise<Uint8Array> =>
  decidingRoot(await start.reader.root(start.contract, batch), await rootsOf(moves, batch), batch);

const rootsOf = (moves: Followed["moves"], batch: bigint): Promise<SuccessorReading[]> =>
  Promise.all(
    moves.map(async ({ reader, ...move }) => ({ ...move, root: await reader.root(move.contract, batch) })),
  );

/**
 * What a promise alone is compared with; null when the contract knows of no promises.
 * @throws UnavailableError `no-answer` and the codes of `follow`
 */
export async function readForPromise(
  start: Place,
  readers: readonly ContractReader[],
  verification: Verification,
): Promise<UnsealedReading | null> {
  const followed = await follow(start, readers);
  const promise = await readPromise(followed, verification);
  const successors = followed.moves.map(({ reader: _, ...move }) => move);
  return promise && { ledger: await start.reader.ledger(start.contract), successors, promise };
}

/** What the root of a batch is compared with; `previousRoot` of batch 1 is the ledger's id. */
export type RootReading = {
  readonly ledger: Uint8Array;
  readonly root: Uint8Array;
  readonly previousRoot: Uint8Array;
  /** In the order of the moves. */
  readonly successors: readonly SuccessorReading[];
};

/**
 * What the contracts keep of a batch, wherever its ledger has moved.
 * @throws UnavailableError `no-answer` and the codes of `follow`
 */
export async function readRoots(
  start: Place,
  readers: readonly ContractReader[],
  batch: bigint,
): Promise<RootReading> {
  const { moves } = await follow(start, readers);
  const ledger = await start.reader.ledger(start.contract);
  const previousRoot = batch === 1n ? ledger : await keptRoot(start, moves, batch - 1n);
  const root = await keptRoot(start, moves, batch);
  return { ledger, root, previousRoot, successors: await rootsOf(moves, batch) };
}

const endOf = ({ start, moves }: Followed): Place => moves.at(-1) ?? start;

/**
 * Of all contracts of the ledger, since a successor ends nothing that was promised before. By this machine's clock: the newest
 * block of a chain on which nothing happens may be old.
 */
async function readPromise(
  { start, moves }: Followed,
  { file, promiser }: Verification,
): Promise<PromiseReading | null> {
  const promise = file?.promise ?? null;
  if (file === null || promise === null || promiser === null) return null;
  const id = toHex(promiseLeaf(file.ledger.id, promise));
  const said = await Promise.all(
    [start, ...moves].map(async ({ reader, contract }, index) => {
      const standing = await reader.promise(contract, id, promiser);
      // The last of them is left by no move: it stands for every batch, and is not among the earlier ones.
      return standing && { ...standing, contract, lastGoodBatch: moves[index]?.lastGoodBatch ?? 0n };
    }),
  );
  if (said.every((each) => each === null)) return null;
  const now = BigInt(Math.floor(Date.now() / 1000));
  const earlier = said.slice(0, -1).filter((each) => each !== null);
  return { ...(said.at(-1) ?? NOTHING_KNOWN), now, earlier };
}

/** Of a successor that knows of no promises. */
const NOTHING_KNOWN: PromiseStanding = {
  opened: false,
  until: 0n,
  challenge: { state: CHALLENGE.none, dueAt: 0n },
};

async function follow(start: Place, readers: readonly ContractReader[]): Promise<Followed> {
  const moves: (Successor & Place)[] = [];
  for (let place = start; ; ) {
    const named = await place.reader.successor(place.contract);
    if (named === null) return { start, moves };
    const next = await successorNamed(named, readers);
    if (moves.length === MOST_SUCCESSORS || isKnown(next, [start, ...moves]))
      throw new UnavailableError("successor-circle", sayCircle(next), 0);
    moves.push(next);
    place = next;
  }
}

async function successorNamed(
  { chainId, ledgerContract, lastGoodBatch }: NamedSuccessor,
  readers: readonly ContractReader[],
): Promise<Successor & Place> {
  const contract = ledgerContract.toLowerCase() as Hex;
  const reader = readers.find((each) => BigInt(each.chainId) === chainId);
  if (reader === undefined)
    throw new UnavailableError("successor-elsewhere", sayElsewhere(contract, chainId), 0);
  return { reader, chainId, contract, lastGoodBatch, ledger: await reader.ledger(contract) };
}

const isKnown = (next: Place, places: readonly Place[]): boolean =>
  places.some(({ reader, contract }) => reader.chainId === next.reader.chainId && contract === next.contract);

const sayElsewhere = (contract: Hex, chainId: bigint): string =>
  `the ledger has moved to ${contract} on chain ${chainId}, of which no endpoint was given: pass a further --rpc URL of that chain`;

const sayCircle = ({ contract }: Place): string =>
  `the successors that the contracts name lead nowhere: after ${MOST_SUCCESSORS} at most, or to one that was there before, as ${contract}`;
