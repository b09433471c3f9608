// Logs of a contract, in ranges of blocks that the endpoint is willing to answer: halved when it refuses, grown again when
// it answers. What the logs say is not known here.

import { type Address, BaseError, HttpRequestError, RpcRequestError } from "viem";
import { UnavailableError } from "../errors.ts";
import { LEDGER_ABI } from "./abi.ts";
import type { Chain } from "./client.ts";
import { ask } from "./failures.ts";

const FIRST_RANGE = 50_000n;
const LARGEST_RANGE = 1_000_000n;
const RETRY_AFTER_SECONDS = 30;

/** What `within` has found in blocks up to `to`. */
export type Found<Result> = { readonly found: Result; readonly to: bigint };

/**
 * Has `within` look at all blocks from the first to the last, some at a time; it answers undefined when the endpoint
 * refuses so many.
 * @throws UnavailableError `no-logs` when it refuses even one
 */
export async function* inRanges<Result>(
  fromBlock: bigint,
  toBlock: bigint,
  within: (from: bigint, to: bigint) => Promise<Result | undefined>,
): AsyncGenerator<Found<Result>> {
  let range = FIRST_RANGE;
  for (let from = fromBlock; from <= toBlock; ) {
    const to = from + range - 1n < toBlock ? from + range - 1n : toBlock;
    const found = await within(from, to);
    if (found === undefined) {
      range = halved(range, from);
      continue;
    }
    yield { found, to };
    from = to + 1n;
    if (range < LARGEST_RANGE) range *= 2n;
  }
}

function halved(range: bigint, block: bigint): bigint {
  if (range > 1n) return range / 2n;
  const says = `the endpoint refuses the logs of block ${block}; take another one`;
  throw new UnavailableError("no-logs", says, RETRY_AFTER_SECONDS);
}

type EventName = Extract<(typeof LEDGER_ABI)[number], { type: "event" }>["name"];

/** Events of some names, in the order of the chain; undefined when the endpoint refuses so many blocks. */
export async function eventsWithin<const Name extends EventName>(
  { public: client }: Chain,
  address: Address,
  names: readonly Name[],
  [fromBlock, toBlock]: readonly [bigint, bigint],
) {
  const events = LEDGER_ABI.filter((item) => item.type === "event" && names.includes(item.name as Name));
  type Event = Extract<(typeof LEDGER_ABI)[number], { type: "event"; name: Name }>;
  try {
    const wanted = { address, events: events as Event[], fromBlock, toBlock, strict: true } as const;
    return await client.getLogs<undefined, Event[], true>(wanted);
  } catch (thrown) {
    if (isRefusal(thrown)) return undefined;
    return await ask(() => Promise.reject(thrown));
  }
}

const REFUSING_STATUS: readonly (number | undefined)[] = [400, 413];

/** An endpoint that answers with an error refuses so many blocks; one that does not answer is dead. */
function isRefusal(thrown: unknown): boolean {
  if (!(thrown instanceof BaseError)) return false;
  const refuses = (cause: unknown) =>
    cause instanceof RpcRequestError ||
    (cause instanceof HttpRequestError && REFUSING_STATUS.includes(cause.status));
  return thrown.walk(refuses) !== null;
}
