// The real database behind a line that fails once: one write is lost, or it is carried out and its answer never comes.

import type { Database } from "../../server/store/database.ts";

export type WriteFault = "lost" | "unheard";

const WRITES = /^\s*(INSERT|UPDATE|DELETE)/;

type Query = Promise<unknown> & { readonly strings: readonly string[] };

/** Fails at the write of that number, counted from 0. A transaction is one write, that of its commit. */
export class FaultyDatabase {
  readonly sql: Database;
  readonly #fault: WriteFault;
  #left: number;
  #failed = false;

  constructor(sql: Database, write: number, fault: WriteFault) {
    this.#left = write;
    this.#fault = fault;
    this.sql = new Proxy(sql, {
      apply: (target, self, args) => this.#watch(Reflect.apply(target, self, args) as Query),
      get: (target, name) => (name === "begin" ? this.#begin(target) : Reflect.get(target, name)),
    });
  }

  /** Whether the fault has come to pass. */
  get failed(): boolean {
    return this.#failed;
  }

  #isDue(): boolean {
    const due = this.#left-- === 0;
    this.#failed ||= due;
    return due;
  }

  /** A query is sent when it is awaited: until then it may be a part of another one. */
  #watch(query: Query): Query {
    if (!WRITES.test(query.strings?.[0] ?? "")) return query;
    const send = query.then.bind(query);
    const carryOut = async () => {
      if (!this.#isDue()) return await new Promise((resolve, reject) => send(resolve, reject));
      if (this.#fault === "unheard") await new Promise((resolve, reject) => send(resolve, reject));
      throw new Error(`the write was ${this.#fault}`);
    };
    Reflect.set(query, "then", (...handlers: Parameters<Query["then"]>) => carryOut().then(...handlers));
    return query;
  }

  #begin(target: Database) {
    return async (...args: unknown[]) => {
      const due = this.#isDue();
      const work = args.at(-1) as (tx: unknown) => Promise<unknown>;
      const last = async (tx: unknown) => {
        const result = await work(tx);
        if (due && this.#fault === "lost") throw new Error("the transaction was lost");
        return result;
      };
      const result = await (target.begin as (...all: unknown[]) => Promise<unknown>)(
        ...args.slice(0, -1),
        last,
      );
      if (due) throw new Error("the transaction was not heard of");
      return result;
    };
  }
}
