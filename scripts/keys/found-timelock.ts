// `keys timelock`: deploys a timelock, looks that it is what was wanted, and begins to hand the admin's role to it.

import { readFileSync } from "node:fs";
import { type Address, encodeDeployData, getContractAddress, type Hex } from "viem";
import { InputError } from "../../server/errors.ts";
import { moment } from "../chain/say.ts";
import { RefusedError } from "../charity/client.ts";
import { say, warn } from "../say.ts";
import { type Outcome, perform, send } from "./act.ts";
import { adminOf, handingTo, handoverOf } from "./acts.ts";
import { ANYONE, hasRole, holdersOf } from "./holders.ts";
import { handOf, type Place } from "./place.ts";
import { ADMIN_ROLE, LEDGER_ROLES } from "./roles.ts";
import { rolesIn, timelockAt } from "./timelock.ts";
import { TIMELOCK_ABI } from "./timelock-abi.ts";
import { duration } from "./words.ts";

export type Wanted = {
  readonly delaySeconds: number;
  readonly proposers: readonly Address[];
  /** The proposers too when none is named; `ANYONE` for anyone. */
  readonly executors: readonly Address[];
  /** One that is deployed already. */
  readonly use?: Address;
};

const ARTIFACT = new URL(
  "../../artifacts/@openzeppelin/contracts/governance/TimelockController.sol/TimelockController.json",
  import.meta.url,
);

/** @throws InputError, RefusedError, UnavailableError */
export async function foundTimelock(place: Place, wanted: Wanted): Promise<Outcome> {
  if (wanted.proposers.length === 0 || wanted.proposers.includes(ANYONE))
    throw new InputError("no-proposer", "--proposer: wanted an account that schedules the admin's acts");
  const pending = await handoverOf(place);
  const at =
    wanted.use ??
    (pending && (await timelockAt(place, pending.to)))?.address ??
    (await deploy(place, wanted));
  if (at === undefined) return "shown";
  await requireAsWanted(place, at, wanted);
  await tellOtherRoles(place);
  const outcome = await perform(place, await handingTo(place, at));
  const handover = await handoverOf(place);
  if (outcome !== "done" || handover === undefined) return outcome;
  say(`the timelock ${at} can take the admin's role over after ${moment(handover.from)}`);
  say("now: npm run keys -- accept --key-file <a proposer's>, and the same again when it says");
  return "waits";
}

async function deploy(place: Place, wanted: Wanted): Promise<Address | undefined> {
  const { chain } = place.contract;
  const admin = await adminOf(place);
  const hand = handOf(place, admin);
  if (hand === undefined)
    throw new InputError(
      "no-key",
      `${admin} is the admin: its key is wanted, in ADMIN_KEY or with --key-file`,
    );
  const address = getContractAddress({ from: admin, nonce: await chain.nonce(admin) });
  say(`a timelock that waits ${duration(BigInt(wanted.delaySeconds))} will be at ${address};`);
  say("if this is cut off, go on with the same command and --use that address");
  const outcome = await send(place, hand, { target: null, data: deployment(wanted) });
  return outcome === "shown" ? undefined : address;
}

function deployment({ delaySeconds, proposers, executors }: Wanted): Hex {
  const { bytecode } = JSON.parse(readFileSync(ARTIFACT, "utf8")) as { bytecode: Hex };
  const args = [BigInt(delaySeconds), proposers, executors, ANYONE] as const;
  return encodeDeployData({ abi: TIMELOCK_ABI, bytecode, args });
}

/** Compared with what the chain has, since whatever governs the ledger from now on cannot be taken back without it. */
async function requireAsWanted(place: Place, address: Address, wanted: Wanted): Promise<void> {
  const timelock = await timelockAt(place, address);
  if (timelock === undefined) throw new RefusedError("no-timelock", `there is no timelock at ${address}`);
  const found = new Map(await rolesIn(place, timelock));
  const accountsOf = (name: string) => (found.get(name) ?? []).map(({ account }) => account);
  requireSame("delay in seconds", [`${wanted.delaySeconds}`], [`${timelock.delaySeconds}`]);
  requireSame("proposers", wanted.proposers, accountsOf("proposer"));
  requireSame("cancellers", wanted.proposers, accountsOf("canceller"));
  requireSame("executors", wanted.executors, accountsOf("executor"));
  const admins = (await holdersOf(place, address)).get(ADMIN_ROLE) ?? [];
  requireSame(
    "its own admin",
    [address],
    admins.map(({ account }) => account),
  );
}

function requireSame(what: string, wanted: readonly string[], came: readonly string[]): void {
  const [one, other] = [wanted, came].map((list) =>
    list
      .map((item) => item.toLowerCase())
      .sort()
      .join(", "),
  );
  if (one === other) return;
  throw new RefusedError("another-timelock", `the timelock's ${what}: wanted ${one}, came ${other}`);
}

/** What the admin's account keeps when the admin's role is gone. */
async function tellOtherRoles(place: Place): Promise<void> {
  const admin = await adminOf(place);
  for (const { name, hash } of LEDGER_ROLES)
    if (await hasRole(place, place.contract.address, hash, admin))
      warn(
        `note: ${admin} keeps the role ${name}; give it to another account, and take it from this one, if it shall not`,
      );
}
