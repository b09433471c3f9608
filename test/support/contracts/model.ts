// The ledger's rules once more, as plainly as they can be said: which call by whom succeeds, and which watermarks it
// moves. Written from the design, not from the contract, to be compared with it step by step.
import { AccusationsModel } from "./model-accusations.ts";
import type { Statement } from "./reference.ts";

export type Actor = "admin" | "anchorer" | "payer" | "registrar" | "pauser" | "signer" | "stranger";

export const MARKS = ["given", "reversed", "paid", "netted", "acknowledged", "spent"] as const;
export type Mark = (typeof MARKS)[number];
export type Marks = Record<Mark, bigint>;

export const nought = (): Marks => ({
  given: 0n,
  reversed: 0n,
  paid: 0n,
  netted: 0n,
  acknowledged: 0n,
  spent: 0n,
});

export type Rail = "token" | "bank";
type Change = { number: bigint; to: string; due: bigint };
export type ModelCharity = {
  payee: string;
  signer: string;
  changes: bigint;
  pending: { payee: Change | null; signer: Change | null };
};

export type ModelLine = {
  marks: Marks;
  ends: Map<bigint, { netTo: bigint; rail: Rail | null }>;
  money: bigint;
};

const HOUR_S = 3_600n;
export const DELAY_S = { consented: 7n * 24n * HOUR_S, unconsented: 30n * 24n * HOUR_S };

export class Model {
  opened = false;
  paused = false;
  readonly roots: string[] = [];
  readonly accusations = new AccusationsModel();
  readonly charities = new Map<string, ModelCharity>();
  readonly lines = new Map<string, ModelLine>();
  /** Token balances that payouts must have made, by payee. */
  readonly balances = new Map<string, bigint>();

  line(key: string): ModelLine {
    const fresh = { marks: nought(), ends: new Map([[0n, { netTo: 0n, rail: null }]]), money: 0n };
    if (!this.lines.has(key)) this.lines.set(key, fresh);
    return this.lines.get(key)!;
  }

  open(by: Actor): boolean {
    if (by !== "admin" || this.opened) return false;
    this.opened = true;
    return true;
  }

  setPaused(by: Actor, paused: boolean): boolean {
    if (by !== "pauser" || this.paused === paused) return false;
    this.paused = paused;
    return true;
  }

  anchor(by: Actor, batch: bigint, root: string): boolean {
    const [at, next] = [Number(batch) - 1, this.roots.length];
    if (by !== "anchorer" || at < 0 || at > next) return false;
    if (at < next) return this.roots[at] === root;
    if (this.accusations.succeeded) return false;
    this.roots.push(root);
    return true;
  }

  /** `genuine`: the statement is in the tree of the root that was anchored for its batch. */
  prove(key: string, { batch, kind, to }: Statement, genuine: boolean): boolean {
    const { marks } = this.line(key);
    if (batch > BigInt(this.roots.length) || !genuine || this.accusations.faults.has(key)) return false;
    const mark = kind === 0 ? "given" : "reversed";
    if (to <= marks[mark]) return true;
    if (mark === "reversed" && to > marks.given) return false;
    marks[mark] = to;
    return true;
  }

  pay(
    by: Actor,
    rail: Rail,
    charity: string,
    key: string,
    from: bigint,
    upTo: bigint,
    netTo: bigint,
  ): boolean {
    const { marks, ends } = this.line(key);
    const amount = upTo - from - (netTo - marks.netted);
    const registered = this.charities.get(charity);
    if (by !== "payer" || this.paused || !registered) return false;
    if (this.accusations.succeeded || this.accusations.faults.has(key)) return false;
    if (from !== marks.paid || upTo <= from || upTo > marks.given) return false;
    if (netTo < marks.netted || netTo > marks.reversed || amount < 0n) return false;
    if (rail === "token" && this.opened) this.credit(registered.payee, amount);
    this.line(key).money += amount;
    ends.set(upTo, { netTo, rail });
    [marks.paid, marks.netted] = [upTo, netTo];
    return true;
  }

  private credit(payee: string, amount: bigint): void {
    this.balances.set(payee, (this.balances.get(payee) ?? 0n) + amount);
  }

  repay(by: Actor, key: string, upTo: bigint): boolean {
    return by === "payer" && !this.paused && this.line(key).ends.get(upTo)?.rail === "bank";
  }

  acknowledge(
    signedBy: string,
    charity: string,
    key: string,
    said: { from: bigint; upTo: bigint; netTo: bigint; received: bigint; batch: bigint; root: string },
  ): boolean {
    const { marks, ends } = this.line(key);
    const end = ends.get(said.upTo);
    if (this.charities.get(charity)?.signer !== signedBy) return false;
    if (said.from !== marks.acknowledged || said.upTo <= said.from || end?.netTo !== said.netTo) return false;
    if (said.received !== said.upTo - said.from - (said.netTo - ends.get(said.from)!.netTo)) return false;
    if (this.roots[Number(said.batch) - 1] !== said.root) return false;
    marks.acknowledged = said.upTo;
    return true;
  }

  disburse(signedBy: string, charity: string, key: string, from: bigint, upTo: bigint): boolean {
    const { marks } = this.line(key);
    if (this.charities.get(charity)?.signer !== signedBy) return false;
    if (from !== marks.spent || upTo <= from || upTo > marks.acknowledged) return false;
    marks.spent = upTo;
    return true;
  }

  register(by: Actor, charity: string, payee: string, signer: string): boolean {
    if (by !== "registrar" || this.charities.has(charity)) return false;
    this.charities.set(charity, { payee, signer, changes: 0n, pending: { payee: null, signer: null } });
    return true;
  }

  change(
    by: Actor,
    charity: string,
    what: "payee" | "signer",
    to: string,
    consentBy: string | null,
    now: bigint,
  ) {
    const registered = this.charities.get(charity);
    if (by !== "registrar" || !registered) return false;
    if (this.opened && what === "signer" && consentBy !== null && consentBy !== registered.signer)
      return false;
    registered.changes += 1n;
    if (!this.opened) registered[what] = to;
    else {
      const delay = what === "payee" || consentBy !== null ? DELAY_S.consented : DELAY_S.unconsented;
      registered.pending[what] = { number: registered.changes, to, due: now + delay };
    }
    return true;
  }

  private pendingOf(charity: string, number: bigint): "payee" | "signer" | undefined {
    const pending = this.charities.get(charity)?.pending;
    return (["payee", "signer"] as const).find((what) => pending?.[what]?.number === number);
  }

  apply(charity: string, number: bigint, now: bigint): boolean {
    const registered = this.charities.get(charity);
    const what = this.pendingOf(charity, number);
    if (!registered || !what || now < registered.pending[what]!.due) return false;
    registered[what] = registered.pending[what]!.to;
    registered.pending[what] = null;
    return true;
  }

  veto(by: string, charity: string, number: bigint): boolean {
    const registered = this.charities.get(charity);
    const what = this.pendingOf(charity, number);
    if (!registered || registered.signer !== by || !what) return false;
    registered.pending[what] = null;
    return true;
  }
}
