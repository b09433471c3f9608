// Statements that others have proven to the earlier contract, further than we have: their proofs are made here, so that the
// new one knows as much as the earlier one.

import { ledgerReader } from "../../chain/ledger-reader.ts";
import { fastKeccak } from "../../hashing.ts";
import { batchTree } from "../../protocol/batch-root.ts";
import { toHex } from "../../protocol/bytes.ts";
import { leavesOfBatch, toArgs } from "../../store/anchoring.ts";
import type { Database } from "../../store/database.ts";
import type { Carried } from "../../store/deployment.ts";
import type { LineName } from "../../store/lines.ts";
import { type ProvenSide, provenSides, statementEndingAt } from "../../store/moves.ts";
import { linesAfter } from "../../store/watermarks.ts";
import type { Earlier } from "./mover.ts";

const LINES_AT_ONCE = 100;

export async function proofsOfOthers({ context, address }: Earlier): Promise<Carried[]> {
  const { sql, chain } = context;
  const reader = ledgerReader(chain, address);
  const keyOf = (charity: string, unit: string, kind: number) => `${charity}/${unit}/${kind}`;
  const ours = new Map(
    (await provenSides(sql)).map(({ charity, unit, kind, to }) => [keyOf(charity, unit, kind), to]),
  );
  const isNews = ({ charity, unit, kind, to }: ProvenSide) =>
    to > (ours.get(keyOf(toHex(charity), unit, kind)) ?? 0n);
  const carried: Carried[] = [];
  for await (const lines of pagesOfLines(sql)) {
    const marks = await reader.lines(lines.map(({ charity, unit }) => ({ charity: toHex(charity), unit })));
    const sides = lines.flatMap((line, index): ProvenSide[] => [
      { ...line, kind: 0, to: marks[index]?.given ?? 0n },
      { ...line, kind: 1, to: marks[index]?.reversed ?? 0n },
    ]);
    for (const side of sides.filter(isNews)) carried.push(...(await proofOf(sql, side)));
  }
  return carried;
}

/** All lines of the store, some at a time. */
export async function* pagesOfLines(sql: Database): AsyncGenerator<readonly LineName[]> {
  for (let after = 0; ; ) {
    const lines = await linesAfter(sql, after, LINES_AT_ONCE);
    if (lines.length > 0) yield lines.map(({ charity, unit }) => ({ charity, unit }));
    if (lines.length < LINES_AT_ONCE) return;
    after = lines.at(-1)?.id ?? after;
  }
}

/** None for what no statement of ours says: the comparison will tell. */
async function proofOf(sql: Database, side: ProvenSide): Promise<Carried[]> {
  const statement = await statementEndingAt(sql, side);
  if (statement === undefined) return [];
  const tree = batchTree(await leavesOfBatch(sql, statement.batch), fastKeccak);
  const proof = tree.proof(statement.leaf).map((node) => toHex(node));
  return [{ call: { kind: "prove", args: { statement: toArgs(statement), proof } }, signer: 0 }];
}
