// Before the new contract is opened: does it say what the earlier one says, root by root and line by line? Where that one is
// gone, what the store knows stands for it.

import { answersOf, NO_FAULT } from "../../chain/ledger-questions.ts";
import { ledgerReader } from "../../chain/ledger-reader.ts";
import { ConflictError, InvariantError } from "../../errors.ts";
import { toHex } from "../../protocol/bytes.ts";
import { type Move, rootsBetween } from "../../store/moves.ts";
import { watermarksOf } from "../../store/watermarks.ts";
import { type Home, homeOf } from "../chain-context.ts";
import { type Earlier, type Mover, someOf } from "./mover.ts";
import { pagesOfLines } from "./proofs.ts";
import {
  type Compared,
  faultQuestion,
  lineQuestion,
  questionsOf,
  rootQuestions,
  type Subject,
} from "./questions.ts";
import { isOfGoodBatches, type Testimony } from "./testimony.ts";

export type Comparison = {
  /** How many of each were compared. */
  readonly counts: ReadonlyMap<Subject, number>;
  /** One sentence for each. */
  readonly differences: readonly string[];
};

const COMPARED_AT_ONCE = 500;

export async function compare(
  { target }: Mover,
  earlier: Earlier,
  { last_good_batch: lastGood }: Move,
  testimony: Testimony,
): Promise<Comparison> {
  const { address } = await newHome(target);
  const isBehind = (await ledgerReader(earlier.context.chain, earlier.address).lastBatch()) > lastGood;
  const counts = new Map<Subject, number>();
  const differences: string[] = [];
  for await (const some of inPieces(allQuestions(earlier, lastGood, testimony))) {
    const asked = some.map(({ question }) => question);
    const before = await answersOf(earlier.context.chain, earlier.address, asked);
    const after = await answersOf(target.chain, address, asked);
    for (const [index, { subject, name }] of some.entries()) {
      counts.set(subject, (counts.get(subject) ?? 0) + 1);
      const [wanted, came] = [before[index] ?? "", after[index] ?? ""].map(
        isBehind ? proven(subject) : asItIs,
      );
      if (wanted !== came) differences.push(`${subject}: ${name}: was ${wanted}, is ${came}`);
    }
  }
  return { counts, differences };
}

const asItIs = (answer: string) => answer;

/** Behind false roots `given` and `reversed` may be false too: what was paid and signed for still counts. */
const proven = (subject: Subject) => (answer: string) =>
  subject === "lines" ? `paid and further ${answer.split(" ").slice(2).join(" ")}` : answer;

/** Where the ledger comes to: its contract and, once the move has ended, its home. */
export async function newHome(target: Mover["target"]): Promise<Home> {
  const home = await homeOf(target);
  if (home === undefined) throw new InvariantError("all calls are final, and nothing is deployed");
  return home;
}

async function* allQuestions(
  { context }: Earlier,
  lastGood: bigint,
  testimony: Testimony,
): AsyncGenerator<Compared> {
  yield* rootQuestions(1n, lastGood);
  yield* questionsOf(testimony);
  const outside = new Set(
    testimony.faults
      .filter((fault) => !isOfGoodBatches(fault, lastGood))
      .map(({ charity, unit }) => faultKey(charity, unit)),
  );
  for await (const lines of pagesOfLines(context.sql))
    for (const line of lines) {
      yield lineQuestion(line);
      const fault = faultQuestion(line);
      const [charity, unit] = fault.question.args as readonly [string, string];
      if (!outside.has(faultKey(charity, unit))) yield fault;
    }
}

const faultKey = (charity: string, unit: string) => `${charity}/${unit}`;

async function* inPieces(questions: AsyncGenerator<Compared>): AsyncGenerator<Compared[]> {
  let piece: Compared[] = [];
  for await (const question of questions) {
    piece.push(question);
    if (piece.length < COMPARED_AT_ONCE) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}

/** The watermarks as last read may be behind what the earlier contract had; they never fall. */
export async function compareWithStore(
  { target }: Mover,
  { last_good_batch: last }: Move,
): Promise<Comparison> {
  const { reader } = await newHome(target);
  const differences: string[] = [];
  for (const { number, root } of await rootsBetween(target.sql, 1n, last)) {
    const found = await reader.root(number);
    if (found !== toHex(root))
      differences.push(`roots: batch ${number}: ours is ${toHex(root)}, there is ${found}`);
  }
  let lines = 0;
  for await (const page of pagesOfLines(target.sql))
    for (const line of page) {
      lines += 1;
      const before = await watermarksOf(target.sql, line);
      const after = await reader.line(toHex(line.charity), line.unit);
      for (const [mark, position] of Object.entries(before ?? {}) as [keyof typeof after, bigint][])
        if (after[mark] < position)
          differences.push(
            `lines: ${toHex(line.charity)} ${line.unit}: ${mark} was ${position}, is ${after[mark]}`,
          );
    }
  return {
    counts: new Map<Subject, number>([
      ["roots", Number(last)],
      ["lines", lines],
    ]),
    differences,
  };
}

/**
 * Says that the two are the same.
 * @throws ConflictError `move-differs`, with what does
 */
export function tell({ counts, differences }: Comparison, say: (line: string) => void): void {
  const compared = [...counts].map(([subject, count]) => `${count} ${subject}`).join(", ");
  if (differences.length === 0) {
    say(`Compared with the earlier contract: ${compared}; all are the same.`);
    return;
  }
  const fault = differences.some((line) => line.startsWith("faults") && line.endsWith(`is ${NO_FAULT}`));
  const hint = fault
    ? "; an accusation that is not in its transaction's input has to be made again: `npm run fault` with --contract of the new one"
    : "";
  const says = `the new contract is not opened, it differs from the earlier one (compared: ${compared}): ${someOf(differences)}${hint}`;
  throw new ConflictError("move-differs", says);
}
