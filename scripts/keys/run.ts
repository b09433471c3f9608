// The commands' work, each from its options to its outcome; the options themselves are in scripts/keys.ts.

import { encodeFunctionData, type Hex, isAddressEqual } from "viem";
import { InputError } from "../../server/errors.ts";
import { say, warn } from "../say.ts";
import { type Act, handWith, type Outcome, perform, send } from "./act.ts";
import {
  accepting,
  accountOf,
  adminOf,
  breakingOff,
  granting,
  handingTo,
  handoverOf,
  revoking,
} from "./acts.ts";
import { FOR_EVER, holdersOf, promisersOf } from "./holders.ts";
import type { Place } from "./place.ts";
import { CANCELLER, roleNamed } from "./roles.ts";
import { stateOf, type Timelock, timelockAt } from "./timelock.ts";
import { TIMELOCK_ABI } from "./timelock-abi.ts";

export async function grant(place: Place, name: string, account: string): Promise<Outcome> {
  const outcome = await perform(place, await granting(place, name, accountOf(account)));
  const { setting } = settingOf(name);
  if (outcome !== "done" || setting === undefined) return outcome;
  say(`now: set ${setting} to the key of ${account}, start the service anew, and see that it works;`);
  say(`then take the role from the account before: npm run keys -- revoke ${name} 0x…`);
  if (name === "payer")
    say("a token's allowance goes with the account: approve the ledger from the new one, 0 from the old");
  return outcome;
}

export async function revoke(place: Place, name: string, account: string): Promise<Outcome> {
  const act = await revoking(place, name, accountOf(account));
  await tellIfLast(place, name, act, accountOf(account));
  return await perform(place, act);
}

const settingOf = (name: string): { setting?: string } => roleNamed(name);

/** Nobody is kept from it: with a stolen key it is what one wants. */
async function tellIfLast(place: Place, name: string, act: Act, account: Hex): Promise<void> {
  if (await act.isDone()) return;
  const role = roleNamed(name);
  const others = (await holdersNow(place, role, act)).filter((one) => !isAddressEqual(one, account));
  if (others.length === 0) warn(`note: nobody else has the role ${name}; from then on ${role.without}`);
}

async function holdersNow(place: Place, role: ReturnType<typeof roleNamed>, act: Act) {
  if ("hash" in role)
    return ((await holdersOf(place, act.target)).get(role.hash) ?? []).map(({ account }) => account);
  return (await promisersOf(place)).filter(({ until }) => until === FOR_EVER).map(({ account }) => account);
}

export async function handOver(place: Place, account: string | undefined, cancel: boolean): Promise<Outcome> {
  if ((account === undefined) !== cancel)
    throw new InputError("no-account", "hand-over: wanted an account, or --cancel, and not both");
  if (account === undefined) return await perform(place, await breakingOff(place));
  const outcome = await perform(place, await handingTo(place, accountOf(account)));
  if (outcome === "done" && (await handoverOf(place)) !== undefined)
    say(`now, with the key of ${account}: npm run keys -- accept`);
  return outcome;
}

export async function accept(place: Place): Promise<Outcome> {
  const act = await accepting(place);
  if (act !== undefined) return await perform(place, act);
  say(`nothing to take over; the admin is ${await adminOf(place)}`);
  return "done";
}

/** @throws InputError `no-operation` */
export async function cancel(place: Place, id: Hex): Promise<Outcome> {
  for (const timelock of await timelocksOf(place)) {
    const { state } = await stateOf(place, timelock, id);
    if (state === "done")
      throw new InputError("no-operation", `operation ${id} is done: it cannot be cancelled`);
    if (state !== "unset") return await cancelIn(place, timelock, id);
  }
  say(`nothing to do: no timelock of this ledger has an operation ${id} under way`);
  return "done";
}

async function cancelIn(place: Place, timelock: Timelock, id: Hex): Promise<Outcome> {
  const data = encodeFunctionData({ abi: TIMELOCK_ABI, functionName: "cancel", args: [id] });
  const call = { target: timelock.address, data };
  return await send(place, await handWith(place, timelock, CANCELLER, call), call);
}

/** The admin, and whom the admin's role is being handed to, as far as they are timelocks. */
async function timelocksOf(place: Place): Promise<Timelock[]> {
  const pending = await handoverOf(place);
  const accounts = [await adminOf(place), ...(pending === undefined ? [] : [pending.to])];
  const found = await Promise.all(accounts.map((account) => timelockAt(place, account)));
  return found.filter((one) => one !== undefined);
}
