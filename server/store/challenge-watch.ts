// What was read of the contract's challenges, and up to which block. A margin of blocks is read again each time, and what
// they tell then replaces what was kept of them: a reorganisation may have changed it. Answering is in `challenges`.

import { type Database, type Queries, type Transaction, textArray } from "./database.ts";

/** What is challenged, as the contract was given it; `amount` is any number of 64 bits. */
type Promised = {
  readonly promise: Uint8Array;
  readonly leaf: Uint8Array;
  readonly charity: Uint8Array;
  /** Its plain name, or 0x and 64 digits when it is none. */
  readonly unit: string;
  readonly kind: number;
  readonly amount: bigint;
};

export type Challenged = Promised & {
  readonly what: "challenged";
  readonly block: bigint;
  /** Unix seconds, as `dueAt` and `promiserUntil`. */
  readonly deadline: bigint;
  readonly promiser: Uint8Array;
  readonly promiserUntil: bigint;
  readonly challenger: Uint8Array;
  readonly dueAt: bigint;
};
export type Breached = Promised & { readonly what: "breached"; readonly block: bigint };
/** In time or late: which of them, a breach before it tells. */
export type Answered = {
  readonly what: "answered";
  readonly block: bigint;
  readonly promise: Uint8Array;
  readonly batch: bigint;
  readonly by: Uint8Array;
};
export type ChallengeEvent = Challenged | Breached | Answered;

/** Where the contract is that is watched. */
export type Watched = { readonly chainId: bigint; readonly contract: Uint8Array };

/** The blocks that were read: `from` to `to`, of which those up to `before` had been read already. */
export type Reading = {
  readonly from: bigint;
  readonly before: bigint;
  readonly to: bigint;
  /** The time of the last block, in Unix seconds. */
  readonly at: bigint;
  /** In the order of the chain. */
  readonly events: readonly ChallengeEvent[];
};

/**
 * The last block that was read of this contract; before its first, when none was. Of another contract than before, what
 * was read of that one is forgotten, but for breaches.
 */
export async function readUpTo(sql: Database, { chainId, contract }: Watched): Promise<bigint> {
  return await sql.begin(async (tx) => {
    const [watch] = await tx<{ read_to: bigint }[]>`
      SELECT read_to FROM challenge_watch WHERE chain_id = ${chainId} AND contract = ${contract}`;
    if (watch !== undefined) return watch.read_to;
    await forgetChallenges(tx);
    const before = (await deployedIn(tx)) - 1n;
    await tx`
      INSERT INTO challenge_watch (chain_id, contract, read_to) VALUES (${chainId}, ${contract}, ${before})
      ON CONFLICT (sole) DO NOTHING`;
    return before;
  });
}

/** The block that the contract was created in; 0 when it was not created from here. */
async function deployedIn(sql: Queries): Promise<bigint> {
  const [row] = await sql<{ block: bigint }[]>`
    SELECT block FROM chain_calls WHERE kind = 'deploy' AND state = 'final' AND block IS NOT NULL`;
  return row?.block ?? 0n;
}

/** Has challenges read from the beginning, of a contract that is new. Breaches stay, wherever they were recorded. */
export async function forgetChallenges(tx: Transaction): Promise<void> {
  await tx`DELETE FROM challenge_watch`;
  await tx`DELETE FROM challenges WHERE breach_block IS NULL`;
  await tx`
    UPDATE challenges SET block = NULL, call = NULL, breach_block = 0,
      answer_block = CASE WHEN answer_block IS NULL THEN NULL ELSE 0 END`;
}

/** Keeps what blocks tell; false when another process was faster, or the contract is another one by now. */
export async function keepReading(sql: Database, watched: Watched, reading: Reading): Promise<boolean> {
  return await sql.begin(async (tx) => {
    const moved = await tx`
      UPDATE challenge_watch SET read_to = ${reading.to}, read_at = ${reading.at}
      WHERE chain_id = ${watched.chainId} AND contract = ${watched.contract} AND read_to = ${reading.before}
      RETURNING sole`;
    if (moved.length === 0) return false;
    await forgetEnds(tx, reading.from);
    for (const event of reading.events) await keep(tx, event);
    await forgetVanished(tx, reading);
    return true;
  });
}

async function forgetEnds(tx: Transaction, from: bigint): Promise<void> {
  await tx`
    UPDATE challenges SET answer_block = NULL, answer_batch = NULL, answered_by = NULL WHERE answer_block >= greatest(${from}, 1)`;
  await tx`UPDATE challenges SET breach_block = NULL WHERE breach_block >= greatest(${from}, 1)`;
}

/** What blocks told that are no longer part of the chain. */
async function forgetVanished(tx: Transaction, { from, events }: Reading): Promise<void> {
  const seen = events.flatMap((event) => (event.what === "challenged" ? [hexOf(event.promise)] : []));
  await tx`
    DELETE FROM challenges
    WHERE (block >= ${from} AND encode(promise, 'hex') <> ALL(${textArray(seen)}::text[]))
      OR (block IS NULL AND breach_block IS NULL)`;
}

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

async function keep(tx: Transaction, event: ChallengeEvent): Promise<void> {
  switch (event.what) {
    case "challenged":
      return await keepChallenge(tx, event);
    case "breached":
      return await keepBreach(tx, event);
    case "answered":
      await tx`
        UPDATE challenges SET answer_block = ${event.block}, answer_batch = ${`${event.batch}`}, answered_by = ${event.by},
          problem = NULL
        WHERE promise = ${event.promise} AND answer_block IS NULL`;
  }
}

async function keepChallenge(tx: Transaction, event: Challenged): Promise<void> {
  const { promise, leaf, charity, unit, kind, amount, deadline, promiser, challenger, dueAt, block } = event;
  await tx`
    INSERT INTO challenges
      (promise, leaf, charity, unit, kind, amount, deadline, promiser, promiser_until, challenger, due_at, block)
    VALUES (${promise}, ${leaf}, ${charity}, ${unit}, ${kind}, ${`${amount}`}, ${deadline}, ${promiser},
      ${event.promiserUntil}, ${challenger}, ${dueAt}, ${block})
    ON CONFLICT (promise) DO UPDATE SET deadline = excluded.deadline, promiser = excluded.promiser,
      promiser_until = excluded.promiser_until, challenger = excluded.challenger, due_at = excluded.due_at,
      block = excluded.block`;
}

/** Also of a promise that nobody has challenged here: the admin carries over what an earlier contract has recorded. */
async function keepBreach(tx: Transaction, { promise, leaf, ...event }: Breached): Promise<void> {
  const { charity, unit, kind, amount, block } = event;
  await tx`
    INSERT INTO challenges (promise, leaf, charity, unit, kind, amount, breach_block)
    VALUES (${promise}, ${leaf}, ${charity}, ${unit}, ${kind}, ${`${amount}`}, ${block})
    ON CONFLICT (promise) DO UPDATE SET breach_block = coalesce(challenges.breach_block, excluded.breach_block)`;
}
