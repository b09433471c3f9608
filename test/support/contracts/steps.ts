// Turns a random step into a call on the chain and the same call on the model. An honest step is by the right account
// with sensible arguments; another changes the account or an argument. The model alone says what must come out.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { Addition } from "./books.ts";
import { as, DAY_S, type LedgerContract, networkHelpers, now } from "./chain.ts";
import type { Actor, Rail } from "./model.ts";
import { REVERSAL, random32, sign } from "./reference.ts";
import type { Where, World } from "./world.ts";

const ACTORS: Actor[] = ["admin", "anchorer", "payer", "registrar", "pauser", "signer", "stranger"];
/** Enough for any call, and given so that no step asks the chain for an estimate first. */
const LIMIT = { gasLimit: 2_000_000 };

export type Step = { kind: Kind; line: number; honest: boolean; actor: number; a: number; b: number; skew: bigint };

type Attempt = { call: () => Promise<unknown>; model: (nowS: bigint) => boolean };
type Maker = (world: World, step: Step) => Attempt | Promise<Attempt>;

/** A position in [low + 1, high], or just beyond when there is none. */
const beyond = (low: bigint, high: bigint, n: number): bigint => low + 1n + (high > low ? BigInt(n) % (high - low) : 0n);

const pick = <T>(items: readonly T[], n: number): T => items[n % items.length]!;

/** Half of the other steps are by some account, half skew an argument. */
const actorOf = ({ honest, actor, a }: Step, right: Actor): Actor => (honest || a % 2 ? right : pick(ACTORS, actor));

function bent({ honest, a, skew }: Step, value: bigint): bigint {
  if (honest || a % 2 === 0) return value;
  return value + skew < 0n ? 0n : value + skew;
}

const by = ({ deployed }: World, actor: Actor): LedgerContract => as(deployed.contract, deployed[actor]);

/** The account behind the charity's signer, or in half of the other steps another one. */
function signerOf({ deployed, model }: World, charity: string, { honest, a }: Step): HardhatEthersSigner {
  const { signer, other, stranger } = deployed;
  const right = model.charities.get(charity)?.signer === other.address ? other : signer;
  if (honest || a % 2) return right;
  return right === signer ? other : stranger;
}

const anchor: Maker = (world, step) => {
  const { charity, unit } = world.where(step.line);
  const additions: Addition[] = [
    { charity, unit, amounts: [1n + BigInt(step.a), 1n + BigInt(step.b)] },
    { charity, unit, kind: REVERSAL, amounts: [1n + BigInt(step.b % 300)] },
  ];
  world.sealed ??= world.books.seal(...additions);
  const { number, root } = world.sealed;
  const batch = bent(step, number);
  const actor = actorOf(step, "anchorer");
  const model = () => {
    const done = world.model.anchor(actor, batch, root);
    if (done && batch === number) world.sealed = null;
    return done;
  };
  return { call: () => by(world, actor).anchor(batch, root, LIMIT), model };
};

const prove: Maker = (world, step) => {
  const { entries } = pick(world.books.batches.length ? world.books.batches : [world.books.seal(...[])], step.a);
  const entry = entries[step.b % Math.max(1, entries.length)];
  return entry ? proveEntry(world, step, entry) : proveNothing(world);
};
