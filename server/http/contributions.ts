// What all that give have in common on the wire: one answer, or a stream of them, a line for each line that came.

import type { Request, Response } from "express";
import type { Outcome } from "../ingest/ingest.ts";
import type { Caller, Role } from "../store/keys.ts";
import { answerSchema, showAnswer, statusOf } from "./answers.ts";
import { authenticate } from "./auth.ts";
import { answerLines, type Line, type Result, readLine } from "./bulk.ts";
import { problemOf } from "./problems.ts";
import type { Reply, Route } from "./route.ts";
import type { Services } from "./services.ts";

export function answerOrThrow(outcome: Outcome | undefined) {
  if (outcome === undefined || outcome instanceof Error) throw outcome;
  return outcome;
}

/** A resource whose contributions may come by the million. */
export type Bulk<Told> = {
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  /** What one line holds, in one word. */
  readonly what: string;
  readonly callers: readonly Role[];
  /** A body as what this caller may report. Throws what keeps it from being that. */
  read(body: unknown, caller: Caller): Told;
  /** One outcome each, in order; or, where it is neither receipts nor an error, the reply to it alone. */
  ingest(services: Services, told: readonly Told[]): Promise<(Outcome | Reply)[]>;
  /** What its answer is told apart by. */
  nameOf(told: Told): Readonly<Record<string, string>>;
};

export const bulkRoute = <Told>(bulk: Bulk<Told>): Route => ({
  method: "post",
  path: bulk.path,
  tag: bulk.tag,
  summary: bulk.summary,
  description: `One ${bulk.what} a line in, one result a line out, in the same order, with \`line\` and \`status\`. Results stream back while the upload goes on. A bad line gets a problem document of its own.`,
  callers: bulk.callers,
  consumes: "application/x-ndjson",
  produces: "application/x-ndjson",
  answers: { 200: { description: "One result for each line", schema: answerSchema } },
  stream: (request, response, _, services) => stream(bulk, request, response, services),
});

async function stream<Told>(
  bulk: Bulk<Told>,
  request: Request,
  response: Response,
  services: Services,
): Promise<void> {
  await answerLines(request, response, {
    ready: () => services.ingest.writer.ready(),
    // Asked again for each chunk, since an upload may outlive its key.
    answer: async (lines) =>
      answerChunk(bulk, lines, await authenticate(services.sql, request, bulk.callers), services),
  });
}

/** One result line for each input line; the bad ones do not disturb the good. */
async function answerChunk<Told>(
  bulk: Bulk<Told>,
  lines: readonly Line[],
  caller: Caller,
  services: Services,
): Promise<Result[]> {
  const results: Result[] = new Array(lines.length);
  const good: { at: number; told: Told }[] = [];
  for (const [at, line] of lines.entries()) {
    try {
      good.push({ at, told: bulk.read(readLine(line), caller) });
    } catch (thrown) {
      results[at] = problemOf(thrown);
    }
  }
  const outcomes = await bulk.ingest(
    services,
    good.map(({ told }) => told),
  );
  for (const [index, outcome] of outcomes.entries()) {
    const { at, told } = good[index] as (typeof good)[number];
    results[at] = showOutcome(services, bulk.nameOf(told), outcome);
  }
  return results;
}

function showOutcome(
  services: Services,
  name: Readonly<Record<string, string>>,
  outcome: Outcome | Reply,
): Result {
  if ("body" in outcome) return { status: outcome.status, ...name, ...(outcome.body as object) };
  if (!(outcome instanceof Error))
    return showAnswer(services, outcome, { status: statusOf(outcome), ...name });
  const problem = problemOf(outcome);
  if (problem.status === 500) services.log.error({ err: outcome }, "a line of a bulk failed");
  return { ...name, ...problem };
}
