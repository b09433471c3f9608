// Goes through the contract's events once, in order, and holds each against the rules of the ledger: the outcome is every
// line's account, and what the contract should say now. Nothing that the contract enforces is believed.

import type { Hex } from "viem";
import { toHex } from "../../../server/protocol/bytes.ts";
import type { Observation } from "../findings.ts";
import { Account, plainUnit } from "./accounts.ts";
import { type Chain, decodeLogs, type EventOf, type LedgerEvent, rootOf } from "./chain.ts";
import { Charities } from "./charities.ts";

/** A statement that was proven to the contract: the book of its batch must hold it. */
export type Proven = {
  readonly charity: Hex;
  readonly unit: string;
  readonly batch: bigint;
  readonly kind: number;
  readonly from: bigint;
  readonly to: bigint;
};

/** A signature to be checked: over which message, and who was to sign. */
export type Claim = {
  readonly event: EventOf<"Acknowledged"> | EventOf<"Disbursed">;
  readonly account: Account;
  readonly inForce: Hex | undefined;
};

export type TokenOfUnit = { readonly token: Hex; readonly scaleDigits: number };

export type Replay = {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly charities: Charities;
  readonly tokens: ReadonlyMap<Hex, TokenOfUnit>;
  readonly proven: readonly Proven[];
  readonly claims: readonly Claim[];
  readonly observations: readonly Observation[];
};

export function replay(chain: Chain): Replay {
  const replaying = new Replaying(chain);
  for (const event of decodeLogs(chain.logs)) replaying.follow(event);
  replaying.end();
  return replaying;
}

class Replaying implements Replay {
  readonly accounts = new Map<string, Account>();
  readonly tokens = new Map<Hex, TokenOfUnit>();
  readonly proven: Proven[] = [];
  readonly claims: Claim[] = [];
  readonly observations: Observation[] = [];
  readonly charities: Charities;
  readonly #chain: Chain;
  #anchored = 0n;

  constructor(chain: Chain) {
    this.#chain = chain;
    this.charities = new Charities(chain.times, (observation) => this.observations.push(observation));
  }

  follow(event: LedgerEvent): void {
    this.charities.follow(event);
    switch (event.eventName) {
      case "BatchAnchored":
        this.#anchor(event);
        break;
      case "TokenSet":
        this.#setToken(event);
        break;
      case "StatementProven":
        this.#prove(event);
        break;
      case "Paid":
        this.#account(event).pay(
          event,
          this.charities.of(event.args.charity),
          this.#timeOf(event),
          this.charities.opened,
        );
        break;
      case "Repaid":
        this.#account(event).repay(event);
        break;
      case "Acknowledged":
        this.#claim(event);
        this.#account(event).acknowledge(
          event,
          this.#rootOf(event.args.acknowledgement.batch),
          this.#timeOf(event),
        );
        break;
      case "FaultProven":
        this.#account(event).convict(event);
        break;
      case "BreachRecorded":
        this.#breach(event);
        break;
      case "Disbursed":
        this.#claim(event);
        this.#account(event).disburse(event, this.#timeOf(event));
        break;
    }
  }

  end(): void {
    const { lastBatch } = this.#chain;
    if (this.#anchored === lastBatch) return;
    const says = `the contract's last batch is ${lastBatch}, its events end at ${this.#anchored}`;
    this.observations.push({
      code: "batches-not-consecutive",
      says,
      place: {},
      numbers: { lastBatch, events: this.#anchored },
    });
  }

  #anchor({ args: { batch, root } }: EventOf<"BatchAnchored">): void {
    const place = { batch };
    if (batch !== this.#anchored + 1n) {
      const says = `batch ${batch} was anchored behind batch ${this.#anchored}`;
      this.observations.push({
        code: "batches-not-consecutive",
        says,
        place,
        numbers: { before: this.#anchored },
      });
    }
    this.#anchored = batch;
    const kept = this.#rootOf(batch);
    if (kept === root) return;
    const says = `batch ${batch} was anchored with the root ${root}; the contract now keeps ${kept ?? "none"}`;
    this.observations.push({
      code: "batch-event-differs",
      says,
      place,
      numbers: { event: root, kept: kept ?? "none" },
    });
  }

  #setToken({ args: { unit, token, scaleDigits } }: EventOf<"TokenSet">): void {
    if (this.tokens.has(unit))
      this.observations.push({
        code: "token-set-twice",
        says: `the token of a unit was exchanged for ${token}`,
        place: { unit },
      });
    this.tokens.set(unit, { token: token.toLowerCase() as Hex, scaleDigits });
  }

  #prove(event: EventOf<"StatementProven">): void {
    const { charity, batch, kind, from, to } = event.args;
    const account = this.#account(event);
    account.prove(event);
    this.proven.push({ charity, unit: account.unit, batch, kind, from, to });
  }

  #breach({ args: { leaf, promised } }: EventOf<"BreachRecorded">): void {
    const { charity, unit, amount } = promised;
    const says = `the contract records that the promise of the receipt ${leaf}, of ${amount}, was not kept in time`;
    const place = { charity, unit: plainUnit(unit) };
    this.observations.push({ code: "promise-broken", says, place, numbers: { leaf, amount } });
  }

  #claim(event: Claim["event"]): void {
    this.claims.push({
      event,
      account: this.#account(event),
      inForce: this.charities.of(event.args.charity)?.signer,
    });
  }

  #account({ args: { charity, unit } }: { args: { charity: Hex; unit: Hex } }): Account {
    const key = lineKey(charity, unit);
    const account =
      this.accounts.get(key) ??
      new Account(charity, unit, (observation) => this.observations.push(observation));
    this.accounts.set(key, account);
    return account;
  }

  #rootOf = (batch: bigint): Hex | undefined =>
    batch >= 1n && batch <= this.#chain.lastBatch ? toHex(rootOf(this.#chain, batch)) : undefined;

  #timeOf = ({ block }: LedgerEvent): bigint => this.#chain.times.get(block) ?? 0n;
}

/** Charity and unit as words. */
export const lineKey = (charity: Hex, unitWord: Hex): string => `${charity}/${unitWord}`;
