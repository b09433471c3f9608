// Keeps what the contract says of each line, faults included, so that reads survive a dead endpoint. Read as of a block that
// is settled: what is shown once never goes back.

import { InvariantError } from "../errors.ts";
import { toHex } from "../protocol/bytes.ts";
import type { LineName } from "../store/lines.ts";
import { allRead, keepAllWatermarks, type LineRead, linesAfter } from "../store/watermarks.ts";
import { type ChainContext, type Home, homeOf, settledBlock } from "./chain-context.ts";

const LINES_AT_ONCE = 50;

/** Reads all lines as the contract has them, and keeps them. */
export async function readWatermarks(context: ChainContext): Promise<void> {
  const home = await homeOf(context);
  if (home === undefined) return;
  const settled = await settledBlock(context);
  // A contract younger than that has nothing to say yet.
  if (!(await context.chain.hasCode(home.address, settled))) return;
  let after = 0;
  for (;;) {
    const lines = await linesAfter(context.sql, after, LINES_AT_ONCE);
    await readPage(context, home, lines, settled);
    if (lines.length < LINES_AT_ONCE) break;
    after = lines.at(-1)?.id ?? after;
  }
  await allRead(context.sql);
}

async function readPage(
  { sql }: ChainContext,
  { reader }: Home,
  lines: readonly LineName[],
  atBlock: bigint,
): Promise<void> {
  if (lines.length === 0) return;
  const names = lines.map(({ charity, unit }) => ({ charity: toHex(charity), unit }));
  const found = await reader.lines(names, atBlock);
  const read = lines.map((line, index): LineRead => {
    const marks = found[index];
    if (marks === undefined)
      throw new InvariantError("the contract answered for fewer lines than were asked");
    return { line, marks, fault: marks.fault };
  });
  await keepAllWatermarks(sql, read);
}
