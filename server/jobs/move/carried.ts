// From what the earlier contract tells to the calls that bring the new one there. Pure. Signers change between the
// signatures that were given under them; payees change at the end, since no money moves meanwhile.

import { nameOfUnit } from "../../chain/encode.ts";
import { ConflictError } from "../../errors.ts";
import type { Hex } from "../../protocol/bytes.ts";
import type { ContractCall } from "../../protocol/contract-calls.ts";
import { type Carried, MOST_SIGNERS } from "../../store/deployment.ts";
import { type EventOf, eventsNamed, isOfGoodBatches, type LedgerEvent, type Testimony } from "./testimony.ts";

/** As the contract numbers the rails of a payout. */
const BANK = 2;

/** @throws ConflictError `too-many-signers` */
export function carriedOf({ events, faults }: Testimony, lastGoodBatch: bigint): Carried[] {
  return [
    ...signedUnderEach(events),
    ...[...payeeChanges(events), ...promisers(events)].map(unsigned),
    ...faults.flatMap((fault) => {
      const { charity, unit, evidence } = fault;
      if (evidence === undefined || !isOfGoodBatches(fault, lastGoodBatch)) return [];
      const args = { charity, unit: nameOfUnit(unit), evidence };
      return [unsigned({ kind: "proveFault", args })];
    }),
  ];
}

const unsigned = (call: ContractCall): Carried => ({ call, signer: 0 });

/** All that happened to lines, each signature under the signer of its time. */
function signedUnderEach(events: readonly LedgerEvent[]): Carried[] {
  const changes = new Map<Hex, number>();
  const carried: Carried[] = [];
  for (const event of events) {
    const signer = "charity" in event.args ? (changes.get(event.args.charity) ?? 0) : 0;
    const call = callOf(event, signer);
    if (call === undefined) continue;
    if (signer >= MOST_SIGNERS)
      throw new ConflictError(
        "too-many-signers",
        `more than ${MOST_SIGNERS} signers of one charity cannot be carried over`,
      );
    carried.push({ call, signer: ORDERED_BY_SIGNER.includes(call.kind) ? signer : 0 });
    if (event.eventName === "SignerChanged") changes.set(event.args.charity, signer + 1);
  }
  return carried;
}

const ORDERED_BY_SIGNER: readonly string[] = ["acknowledge", "disburse", "changeSigner"];

/** `signers`: how many the charity had before the one in force. */
function callOf(event: LedgerEvent, signers: number): ContractCall | undefined {
  switch (event.eventName) {
    case "CharityRegistered":
      return { kind: "registerCharity", args: inLowerCase(event.args) };
    case "SignerChanged": {
      const { charity, signer } = inLowerCase(event.args);
      return { kind: "changeSigner", args: { charity, signer, change: `${signers + 1}` } };
    }
    case "Paid":
      return payout(event);
    case "Repaid": {
      const { charity, unit, upTo, bankReference: reference } = event.args;
      return { kind: "repay", args: { charity, unit: nameOfUnit(unit), upTo: `${upTo}`, reference } };
    }
    case "Acknowledged":
      return acknowledgement(event);
    case "Disbursed": {
      const { unit, from, upTo, ...rest } = event.args.disbursement;
      const disbursement = { ...rest, unit: nameOfUnit(unit), from: `${from}`, upTo: `${upTo}` };
      return { kind: "disburse", args: { disbursement, signature: event.args.signature } };
    }
    case "BreachRecorded":
      return breach(event);
    default:
      return undefined;
  }
}

function payout({ args }: EventOf<"Paid">): ContractCall {
  const { charity, unit, from, upTo, netTo, rail, bankReference: reference } = args;
  const positions = { from: `${from}`, upTo: `${upTo}`, netTo: `${netTo}` };
  const paid = { charity, unit: nameOfUnit(unit), ...positions };
  return rail === BANK ? { kind: "payBank", args: { ...paid, reference } } : { kind: "payToken", args: paid };
}

function acknowledgement({ args }: EventOf<"Acknowledged">): ContractCall {
  const { charity, unit, from, upTo, netTo, received, batch, root } = args.acknowledgement;
  const positions = { from: `${from}`, upTo: `${upTo}`, netTo: `${netTo}`, received: `${received}` };
  const acknowledgement = { charity, unit: nameOfUnit(unit), ...positions, batch: `${batch}`, root };
  return { kind: "acknowledge", args: { acknowledgement, signature: args.signature } };
}

function breach({ args }: EventOf<"BreachRecorded">): ContractCall {
  const { leaf, charity, unit, kind, amount } = args.promised;
  const promised = { leaf, charity, unit: nameOfUnit(unit), kind: kind as 0 | 1, amount: `${amount}` };
  return { kind: "recordBreach", args: { promised } };
}

/** Addresses as our own calls have them. */
function inLowerCase<Args extends Record<string, unknown>>(args: Args): Args {
  const entries = Object.entries(args).map(([name, value]) => [
    name,
    typeof value === "string" ? value.toLowerCase() : value,
  ]);
  return Object.fromEntries(entries) as Args;
}

/**
 * The payees of each charity in turn; then the last of them again, until the new contract has counted as many changes as
 * the earlier one: what a signer once consented to, or vetoed, under a number must mean nothing under one to come.
 */
function payeeChanges(events: readonly LedgerEvent[]): ContractCall[] {
  return eventsNamed(events, "CharityRegistered").flatMap(({ args: { charity, payee } }) => {
    const own = events.filter(({ args }) => "charity" in args && args.charity === charity);
    const payees = eventsNamed(own, "PayeeChanged").map(({ args }) => args.payee);
    const counted = payees.length + eventsNamed(own, "SignerChanged").length;
    const missing = Math.max(0, changesOf(own) - counted);
    const all = [...payees, ...Array<Hex>(missing).fill(payees.at(-1) ?? payee)];
    return all.map((to, index): ContractCall => {
      return { kind: "changePayee", args: inLowerCase({ charity, payee: to, change: `${index + 1}` }) };
    });
  });
}

const changesOf = (events: readonly LedgerEvent[]) =>
  events.reduce((most, { args }) => ("change" in args ? Math.max(most, args.change) : most), 0);

/** Each account as it stands now: where its word ends, to the second, for a move to neither lengthen nor shorten it. */
function promisers(events: readonly LedgerEvent[]): ContractCall[] {
  const latest = new Map(eventsNamed(events, "PromiserSet").map(({ args }) => [args.promiser, args.until]));
  return [...latest].map(([account, until]): ContractCall => {
    const promiser = account.toLowerCase() as Hex;
    return { kind: "carryPromiser", args: { promiser, until: `${until}` } };
  });
}

/** Changes that were announced and are neither in force nor vetoed nor overtaken: they are not carried over. */
export function pendingChanges(events: readonly LedgerEvent[]): string[] {
  const ended = new Set(
    events.flatMap(({ eventName, args }) =>
      ["PayeeChanged", "SignerChanged", "ChangeVetoed"].includes(eventName) && "change" in args
        ? [`${args.charity}/${args.change}`]
        : [],
    ),
  );
  const announced = (["PayeeChangeAnnounced", "SignerChangeAnnounced"] as const).flatMap((name) => {
    const newest = new Map(eventsNamed<typeof name>(events, name).map(({ args }) => [args.charity, args]));
    return [...newest.values()];
  });
  return announced.filter(({ charity, change }) => !ended.has(`${charity}/${change}`)).map(inPlainWords);
}

function inPlainWords(change: EventOf<"PayeeChangeAnnounced" | "SignerChangeAnnounced">["args"]): string {
  const what = "payee" in change ? `payee to ${change.payee}` : `signer to ${change.signer}`;
  return `charity ${change.charity}: ${what}`;
}
