// `keys status`: who holds what, since when, which of the keys are at hand, and what is under way. Reads, and changes nothing.

import { type Address, type Hex, zeroAddress } from "viem";
import { ask } from "../../server/chain/failures.ts";
import { moment, sayContract } from "../chain/say.ts";
import { coins } from "../chain/send.ts";
import { say } from "../say.ts";
import { adminOf, handoverOf } from "./acts.ts";
import { FOR_EVER, type Holder, holdersOf, type Promiser, promisersOf } from "./holders.ts";
import type { Place } from "./place.ts";
import { ADMIN_ROLE, LEDGER_ROLES, PROMISE } from "./roles.ts";
import { rolesIn, scheduledIn, type Timelock, timelockAt } from "./timelock.ts";
import { duration, sayCall, whom } from "./words.ts";

const COLUMN = 11;
const row = (name: string, text: string) => say(`${name.padEnd(COLUMN)} ${text}`);

/** Answers with what wants somebody's attention. */
export async function tellStatus(place: Place): Promise<readonly string[]> {
  say(sayContract(place.contract));
  const holders = await holdersOf(place, place.contract.address);
  const promisers = await promisersOf(place);
  await tellAdmin(place, holders.get(ADMIN_ROLE) ?? []);
  for (const { name, hash } of LEDGER_ROLES) await tellHolders(place, name, holders.get(hash) ?? []);
  for (const one of promisers) row(PROMISE.name, await sayPromiser(place, one));
  if (promisers.length === 0) row(PROMISE.name, "nobody");
  const wanting = [...withoutHolder(holders), ...strayKeys(place, holders, promisers), ...place.shared];
  for (const says of wanting) say(`! ${says}`);
  return wanting;
}

async function tellAdmin(place: Place, holders: readonly Holder[]): Promise<void> {
  await tellHolders(place, "admin", holders);
  const pending = await handoverOf(place);
  if (pending !== undefined)
    row("", `being handed to ${pending.to}, which can take it after ${moment(pending.from)}`);
  for (const account of [await adminOf(place), pending?.to ?? zeroAddress]) {
    const timelock = await timelockAt(place, account);
    if (timelock !== undefined) await tellTimelock(place, timelock);
  }
}

async function tellTimelock(place: Place, timelock: Timelock): Promise<void> {
  row("timelock", `${timelock.address} waits ${duration(timelock.delaySeconds)}`);
  for (const [name, holders] of await rolesIn(place, timelock)) await tellHolders(place, name, holders);
  for (const { id, target, data, standing } of await scheduledIn(place, timelock)) {
    const when = `${standing.state === "ready" ? "ready since" : "ready at"} ${moment(standing.readyAt)}`;
    row("scheduled", `${sayCall(target, data, place.contract.address)}; ${when}; ${id}`);
  }
}

async function tellHolders(place: Place, name: string, holders: readonly Holder[]): Promise<void> {
  if (holders.length === 0) row(name, "nobody");
  for (const { account, since } of holders)
    row(name, `${whom(account)} since ${await timeOf(place, since)}${await sayMeans(place, account)}`);
}

async function sayPromiser(place: Place, { account, since, until }: Promiser): Promise<string> {
  const end = until === FOR_EVER ? "" : `; retired: its word counts for deadlines before ${moment(until)}`;
  return `${account} since ${await timeOf(place, since)}${end}${await sayMeans(place, account)}`;
}

const timeOf = async ({ contract }: Place, block: bigint) => moment(await contract.chain.timeOf(block));

/** Whose key is at hand, and what the account can pay fees with. */
async function sayMeans({ contract, hands }: Place, account: Address): Promise<string> {
  const at = hands.filter((hand) => hand.account.address === account).map(({ from }) => from);
  const key = at.length === 0 ? "" : `, ${at.join(" and ")}`;
  if (account === zeroAddress || (await contract.chain.hasCode(account))) return key;
  return `${key}, holds ${coins(await ask(() => contract.chain.public.getBalance({ address: account })))}`;
}

const withoutHolder = (holders: ReadonlyMap<Hex, readonly Holder[]>) =>
  LEDGER_ROLES.filter(({ hash }) => (holders.get(hash) ?? []).length === 0).map(
    ({ name, without }) => `nobody holds the role ${name}: ${without}`,
  );

/** Keys of the environment that have not the role which their setting says. */
function strayKeys(
  { hands }: Place,
  holders: ReadonlyMap<Hex, readonly Holder[]>,
  promisers: readonly Promiser[],
): string[] {
  const inForce = promisers.filter(({ until }) => until === FOR_EVER);
  const wanted = [...LEDGER_ROLES, PROMISE].filter(({ setting }) => setting !== undefined);
  return wanted.flatMap((role) => {
    const hand = hands.find(({ from }) => from === role.setting);
    const entitled = "hash" in role ? (holders.get(role.hash) ?? []) : inForce;
    if (hand === undefined || entitled.some(({ account }) => account === hand.account.address)) return [];
    return [`${role.setting} is the key of ${hand.account.address}, which has not the role ${role.name}`];
  });
}
