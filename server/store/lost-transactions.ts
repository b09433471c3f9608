// Transactions whose connection is lost. The driver (postgres 3.4.9; its issues 1208 and 1216) then writes a rollback to the
// socket that is gone, which ends the process, and sends later queries of the transaction over the next connection.

import type postgres from "postgres";

type Pool = Pick<postgres.Sql, "begin">;
type Work = (tx: postgres.TransactionSql) => unknown;
type Begin = (options: string, work: Work) => Promise<unknown>;

/** What a query in flight fails with when its connection goes, or when the server says that it is about to. */
const LOST = /^(CONNECTION_CLOSED|ECONN|EPIPE|ETIMEDOUT|57P0)/;

/** The pool; its transactions end with their connection: nothing of them is sent any more, and `begin` rejects. */
export function endingWithConnection<Driver extends Pool>(pool: Driver): Driver {
  const begin = pool.begin.bind(pool) as Begin;
  const guarded = (...given: [Work] | [string, Work]) => {
    const [options, work] = given.length === 1 ? ["", given[0]] : given;
    const fate = { isLost: false };
    const running = begin(options, (tx) => untilLost(work, tx, fate));
    running.catch(() => {
      fate.isLost = true;
    });
    return running;
  };
  return Object.assign(pool, { begin: guarded });
}

type Fate = { isLost: boolean };

/** Never settles once the connection is lost: the driver hears of that by itself, and would send a commit or a rollback. */
async function untilLost(work: Work, tx: postgres.TransactionSql, fate: Fate): Promise<unknown> {
  try {
    const result = await work(refusingWhenLost(tx, fate));
    if (!fate.isLost) return result;
  } catch (thrown) {
    if (!fate.isLost && !LOST.test(codeOf(thrown))) throw thrown;
  }
  return new Promise<never>(() => {});
}

const codeOf = (thrown: unknown): string => String((thrown as { code?: unknown } | null)?.code);

const refusingWhenLost = (tx: postgres.TransactionSql, fate: Fate): postgres.TransactionSql =>
  new Proxy(tx, {
    apply: (target, self, args) => {
      if (fate.isLost)
        throw Object.assign(new Error("the transaction's connection is lost"), { code: "CONNECTION_CLOSED" });
      return Reflect.apply(target, self, args);
    },
  });
