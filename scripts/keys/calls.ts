// The admin's other functions, called by name: each with its arguments as people write them, and a way to see whether it has
// come about.

import type { Address } from "viem";
import { unitOf } from "../../server/chain/encode.ts";
import { InputError } from "../../server/errors.ts";
import type { Act } from "./act.ts";
import { accountOf, adminAct } from "./acts.ts";
import type { Place } from "./place.ts";

type Reader = (text: string) => unknown;

type Callable = {
  /** The arguments, by name. */
  readonly takes: Readonly<Record<string, Reader>>;
  isDone(place: Place, args: readonly unknown[]): Promise<boolean>;
};

const whole =
  (most: bigint): Reader =>
  (text) => {
    if (/^\d{1,78}$/.test(text) && BigInt(text) <= most) return BigInt(text);
    throw new InputError("wrong-argument", `wanted a whole number up to ${most}, came ${text}`);
  };

const CALLABLE: Readonly<Record<string, Callable>> = {
  setToken: {
    takes: { unit: unitOf, token: accountOf, exponent: whole(255n) },
    isDone: async ({ contract }, [unit, token]) => {
      const [named] = (await contract.read("tokenOf", unit)) as [Address];
      return named.toLowerCase() === token;
    },
  },
  nameSuccessor: {
    takes: { chain: whole(2n ** 256n - 1n), contract: accountOf, "last good batch": whole(2n ** 63n - 1n) },
    isDone: async ({ contract }, [chainId, ledgerContract, lastGoodBatch]) => {
      const named = (await contract.read("successor")) as Record<string, unknown>;
      const isSame = String(named.ledgerContract).toLowerCase() === ledgerContract;
      return isSame && named.chainId === chainId && named.lastGoodBatch === lastGoodBatch;
    },
  },
  open: { takes: {}, isDone: async ({ contract }) => (await contract.read("opened")) as boolean },
  changeDefaultAdminDelay: {
    takes: { seconds: whole(2n ** 32n) },
    isDone: async ({ contract }, [seconds]) => {
      const [pending, from] = (await contract.read("pendingDefaultAdminDelay")) as [number, number];
      const wanted = from === 0 ? ((await contract.read("defaultAdminDelay")) as number) : pending;
      return BigInt(wanted) === seconds;
    },
  },
};

export const CALLABLE_NAMES = Object.entries(CALLABLE).map(([name, { takes }]) =>
  [name, ...Object.keys(takes).map((one) => `<${one}>`)].join(" "),
);

/** @throws InputError */
export async function callingBy(place: Place, name: string, texts: readonly string[]): Promise<Act> {
  const callable = CALLABLE[name];
  if (callable === undefined)
    throw new InputError(
      "no-function",
      `the function: wanted one of ${CALLABLE_NAMES.join("; ")}, came ${name}`,
    );
  const args = argumentsOf(name, callable, texts);
  return await adminAct(place, name, args, () => callable.isDone(place, args));
}

function argumentsOf(name: string, { takes }: Callable, texts: readonly string[]): unknown[] {
  const readers = Object.values(takes);
  if (texts.length === readers.length) return readers.map((read, index) => read(texts[index] as string));
  const wanted = Object.keys(takes).join(", ") || "none";
  throw new InputError("wrong-argument", `${name}: wanted the arguments ${wanted}, came ${texts.length}`);
}
