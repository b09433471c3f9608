// What random steps are made of, whatever they call: who does it, honestly or not, and with which of several things.
import { as, type LedgerContract } from "./chain.ts";
import type { Actor } from "./model.ts";
import type { World } from "./world.ts";

export { as };

export const ACTORS: Actor[] = ["admin", "anchorer", "payer", "registrar", "pauser", "signer", "stranger"];
/** Enough for any call, and given so that no step asks the chain for an estimate first. */
export const LIMIT = { gasLimit: 2_000_000 };

export type Step = {
  kind: string;
  line: number;
  honest: boolean;
  actor: number;
  a: number;
  b: number;
  skew: bigint;
};

export type Attempt = { call: () => Promise<unknown>; model: (nowS: bigint) => boolean };
export type Maker = (world: World, step: Step) => Attempt | Promise<Attempt>;

export const pick = <T>(items: readonly T[], n: number): T => items[n % items.length]!;

/** Half of the other steps are by some account, half skew an argument. */
export const actorOf = ({ honest, actor, a }: Step, right: Actor): Actor =>
  honest || a % 2 ? right : pick(ACTORS, actor);

export const by = ({ deployed }: World, actor: Actor | "other"): LedgerContract =>
  as(deployed.contract, deployed[actor]);
