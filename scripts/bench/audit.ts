// How many receipts a second an audit goes through, from books on this disk, against the same trees hashed by noble in one
// thread; and that its memory does not grow with their number.

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { keccak } from "../../server/protocol/hash.ts";
import { parentLevel } from "../../server/protocol/sum-tree.ts";
import { AnchoredRoots } from "./anchored-roots.ts";
import { BookMaker } from "./books.ts";
import { type Figure, inTurns, median, perSecond, ratioOf, timed } from "./figures.ts";

export type AuditBenchOptions = {
  /** Gifts in the smaller ledger; the larger has five times as many. */
  readonly size: number;
  readonly rounds: number;
};

/** As on the peak day: a minute of 3,472 a second. */
const GIFTS_IN_A_BOOK = 200_000;
const TIMES_LARGER = 5;
const PLAIN_LEAVES = 100_000;
const MEBIBYTE = 2 ** 20;
const COMMAND = join(import.meta.dirname, "audit-process.ts");
const run = promisify(execFile);

type Outcome = { verdict: string; receipts: number; seconds: number; peakBytes: number };

export async function benchAudit({ size, rounds }: AuditBenchOptions): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "amanah-bench-audit-"));
  const maker = new BookMaker(folder);
  const endpoint = await AnchoredRoots.listen(maker.ledger);
  try {
    for (let left = TIMES_LARGER * size; left > 0; left -= GIFTS_IN_A_BOOK)
      await maker.write(Math.min(left, GIFTS_IN_A_BOOK));
    return await measure(endpoint, maker, folder, Math.ceil(size / GIFTS_IN_A_BOOK), rounds);
  } finally {
    endpoint.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  endpoint: AnchoredRoots,
  maker: BookMaker,
  folder: string,
  fewBooks: number,
  rounds: number,
): Promise<Figure[]> {
  const audit = async (books: number, workers: number): Promise<Outcome> => {
    endpoint.anchor(maker.roots.slice(0, books));
    const { stdout } = await run(process.execPath, [
      COMMAND,
      endpoint.url,
      folder,
      join(folder, "state"),
      `${workers}`,
    ]);
    const outcome = JSON.parse(stdout) as Outcome;
    if (outcome.verdict !== "clean")
      throw new Error(`the audit of the bench's books is not clean: ${stdout}`);
    return outcome;
  };
  const workers = availableParallelism();
  const many: Outcome[] = [];
  const [ours = [], plain = []] = await inTurns(rounds, [
    async () => {
      many.push(await audit(maker.roots.length, workers));
      const { receipts, seconds } = many.at(-1) as Outcome;
      return receipts / seconds;
    },
    async () => (PLAIN_LEAVES * 1000) / (await timed(plainTree)),
  ]);
  return [rateFigure(ours, plain, workers), memoryFigure(await audit(fewBooks, workers), many)];
}

/** A sum tree of as good as random leaves, by noble. */
function plainTree(): void {
  const hashes = new Uint8Array(32 * PLAIN_LEAVES).map((_, i) => (i * 167) & 255);
  let level = { hashes, sums: new BigUint64Array(PLAIN_LEAVES).fill(5n) };
  while (level.sums.length > 1) level = parentLevel(level, keccak) as typeof level;
}

const rateFigure = (ours: readonly number[], plain: readonly number[], workers: number): Figure => ({
  name: "audit",
  ours: perSecond(median(ours), "receipts"),
  against: `noble, sum tree alone, one thread ${perSecond(median(plain), "leaves")}`,
  reached: ratioOf(ours, plain),
  unit: "×",
  wanted: 3,
  note:
    `whole audit in ${workers} threads, its start included: books read, trees and roots recomputed, no leaf twice, 1 % refunds with their gifts; ` +
    `load average ${loadavg()
      .map((load) => load.toFixed(1))
      .join(" ")} on ${availableParallelism()} cores`,
});

function memoryFigure(few: Outcome, many: readonly Outcome[]): Figure {
  const larger = many.at(-1) as Outcome;
  const told = ({ receipts, peakBytes }: Outcome) =>
    `${Math.round(peakBytes / MEBIBYTE)} MiB at ${receipts.toLocaleString("en")} receipts`;
  return {
    name: "audit's memory",
    ours: told(few),
    against: told(larger),
    reached: few.peakBytes / larger.peakBytes,
    unit: "×",
    wanted: 0.75,
    note: "peak of the smaller ledger over that of the larger: near 1 where memory does not grow with the number of receipts",
  };
}
