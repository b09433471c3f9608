// When contracts that the ledger has left were told of batches and watermarks before their successor was opened: that is when
// it happened, though the contract in which the ledger goes on has its own event of it, at the time of the move.

import type { BatchRange, EarlierContract, Step } from "../../../server/programmes/philanthropy/facts.ts";
import type { PhilanthropyReport } from "../../../server/programmes/philanthropy/report.ts";
import type { Hex } from "../../../server/protocol/bytes.ts";
import { type Chain, decodeLogs, type LedgerEvent } from "../chain/chain.ts";
import { type LeftContract, openedWith, openingBehind } from "../chain/left.ts";
import { type Endpoint, quantity } from "../chain/rpc.ts";
import { movedBy } from "./moved-by.ts";

export type Mark = { readonly charity: Hex; readonly unit: Hex; readonly step: Step; readonly upTo: bigint };

const nameOf = ({ charity, unit, step, upTo }: Mark) => `${step} ${charity} ${unit} ${upTo}`;

export class FirstTold {
  readonly #anchored = new Map<bigint, bigint>();
  readonly #moved = new Map<string, bigint>();

  /** Of batches, those of some ranges. */
  static async read(
    left: readonly LeftContract[],
    chain: Chain,
    ranges: readonly BatchRange[],
  ): Promise<FirstTold> {
    const told = new FirstTold();
    const isWanted = (batch: bigint) => ranges.some(({ from, to }) => batch >= from && batch <= to);
    for (const each of left) {
      const opening = openingBehind(each, left, chain);
      if (opening !== undefined) await told.#readFrom(each, opening, isWanted);
    }
    return told;
  }

  /** In Unix seconds; undefined where no earlier contract was told. */
  anchoredAt(batch: bigint): bigint | undefined {
    return this.#anchored.get(batch);
  }

  movedAt(mark: Mark): bigint | undefined {
    return this.#moved.get(nameOf(mark));
  }

  async #readFrom(
    { endpoint, logs, lastGoodBatch }: LeftContract,
    opening: bigint,
    isWanted: (batch: bigint) => boolean,
  ): Promise<void> {
    const events = decodeLogs(logs).filter((event) =>
      event.eventName === "BatchAnchored"
        ? event.args.batch <= lastGoodBatch && isWanted(event.args.batch)
        : movedBy(event) !== undefined,
    );
    const times = await timesOf(endpoint, [...new Set(events.map(({ block }) => block))]);
    for (const event of events) {
      const at = times.get(event.block);
      if (at !== undefined && at < opening) this.#keep(event, at);
    }
  }

  /** What an even earlier contract was told stays. */
  #keep(event: LedgerEvent, at: bigint): void {
    if (event.eventName === "BatchAnchored") {
      if (!this.#anchored.has(event.args.batch)) this.#anchored.set(event.args.batch, at);
      return;
    }
    const { step, upTo } = movedBy(event) as { step: Step; upTo: bigint };
    const { charity, unit } = event.args as { charity: Hex; unit: Hex };
    const name = nameOf({ charity, unit, step, upTo });
    if (!this.#moved.has(name)) this.#moved.set(name, at);
  }
}

/** Unix seconds of blocks; one that the endpoint does not have has none. */
export async function timesOf(endpoint: Endpoint, blocks: readonly bigint[]): Promise<Map<bigint, bigint>> {
  const calls = blocks.map((block) => ({ method: "eth_getBlockByNumber", params: [quantity(block), false] }));
  const answers = (await endpoint.many(calls)) as ({ timestamp: Hex } | null)[];
  return new Map(blocks.map((block, i) => [block, BigInt(answers[i]?.timestamp ?? 0)]));
}

/** As a report names them: those that were left before their first good batch have nothing to tell. */
export const earlierOf = (left: readonly LeftContract[]): EarlierContract[] =>
  left.flatMap(({ chainId, contract, lastGoodBatch }) =>
    lastGoodBatch === 0n
      ? []
      : [{ chainId: BigInt(chainId), contract: contract.toLowerCase() as Hex, lastGoodBatch }],
  );

/** Whether a report is as of a contract. An account's contracts may have one address on several chains. */
export const isAsOf = (
  asOf: Pick<PhilanthropyReport["asOf"], "chainId" | "contract">,
  { chainId, contract }: Pick<Chain, "chainId" | "contract">,
): boolean => asOf.chainId === `${chainId}` && asOf.contract === contract.toLowerCase();

/**
 * Whether a report rests on contracts that the ledger left before the first one which is audited here: it is as of one of
 * them, or names more of them than are known. That first one was opened with batches then.
 */
export function beginsBefore(
  { asOf, earlier }: PhilanthropyReport,
  left: readonly LeftContract[],
  chain: Chain,
): boolean {
  const isElsewhere = typeof asOf.contract === "string" && !isAsOf(asOf, chain);
  const isLonger = Array.isArray(earlier) && earlier.length > earlierOf(left).length;
  return (isElsewhere || isLonger) && (openedWith(left[0] ?? chain) ?? 0n) > 0n;
}
