// Asks for the newest statement of each line to be proven once its batch is anchored, so that the contract's `given`
// follows what was imported. One proof covers all statements before it.

import { fastKeccak } from "../hashing.ts";
import { batchTree } from "../protocol/batch-root.ts";
import {
  askForProofs,
  leavesOfBatch,
  statementsToProve,
  type UnprovenStatement,
} from "../store/anchoring.ts";
import type { ChainContext } from "./chain-context.ts";

const MOST_STATEMENTS_AT_ONCE = 200;

type Prover = Pick<ChainContext, "sql" | "log" | "proveEverySeconds">;

/** Asks for what is due; true when there was something. Two processes may ask at once: each proof is asked for once. */
export async function askForDueProofs({ sql, proveEverySeconds, log }: Prover): Promise<boolean> {
  const due = await statementsToProve(sql, proveEverySeconds, MOST_STATEMENTS_AT_ONCE);
  if (due.length === 0) return false;
  const proven = [];
  for (const [batch, statements] of byBatch(due)) {
    const tree = batchTree(await leavesOfBatch(sql, batch), fastKeccak);
    for (const statement of statements) proven.push({ statement, proof: tree.proof(statement.leaf) });
  }
  await askForProofs(sql, inProvableOrder(proven));
  log.debug({ statements: due.length }, "statements are to be proven");
  return true;
}

const byBatch = (statements: readonly UnprovenStatement[]) => Map.groupBy(statements, ({ batch }) => batch);

/**
 * The contract takes a reversal only when the gifts that it may take back are there. Of one kind by line, so that two who
 * ask at once write in the same order, and neither waits for the other in a circle.
 */
const inProvableOrder = <T extends { readonly statement: UnprovenStatement }>(proven: readonly T[]): T[] =>
  proven.toSorted((a, b) => a.statement.kind - b.statement.kind || a.statement.line - b.statement.line);
