// Newline-delimited JSON in and out, of any length in bounded memory: lines are answered in chunks, a few chunks at a
// time, in order. When the reader of the answers is slow, so is our reading.

import type { Request, Response } from "express";
import { InputError, messageOf } from "../errors.ts";
import { checkUtf8, sendProblem } from "./problems.ts";
import { toJson } from "./route.ts";

const LINES_A_CHUNK = 500;
const CHUNKS_AT_ONCE = 4;
export const LINE_LIMIT_BYTES = 1_000_000;
const NEWLINE = 10;

/** A line of the input; null when it was longer than the limit, and so was not kept. */
export type Line = Buffer | null;

export type LineWork = {
  /** Resolves when more lines can be taken. */
  ready(): Promise<void>;
  /** A result for each line. Never throws for the lines' own faults. */
  answer(lines: readonly Line[]): Promise<object[]>;
};

/** Parses a line. Throws `InputError` when it is not JSON, or too long. */
export function readLine(line: Line): unknown {
  if (line === null)
    throw new InputError("body-too-large", `line: wanted at most ${LINE_LIMIT_BYTES} bytes`, {
      field: "line",
    });
  checkUtf8(line, "line");
  try {
    return JSON.parse(line.toString("utf8"));
  } catch (thrown) {
    throw new InputError("malformed-json", `line: wanted JSON, came something else: ${messageOf(thrown)}`, {
      field: "line",
      wanted: "JSON",
    });
  }
}

export async function answerLines(request: Request, response: Response, work: LineWork): Promise<void> {
  checkType(request);
  response.status(200).type("application/x-ndjson");
  const pending: Promise<object[]>[] = [];
  let answered = 0;
  const flush = async () => {
    const results = await (pending.shift() as Promise<object[]>);
    const text = results.map((result) => toJson({ line: ++answered, ...result })).join("\n");
    if (!response.write(`${text}\n`)) await drained(response);
  };
  try {
    for await (const lines of chunksOf(request)) {
      await work.ready();
      const results = work.answer(lines);
      results.catch(() => {});
      pending.push(results);
      if (pending.length >= CHUNKS_AT_ONCE) await flush();
    }
    while (pending.length > 0) await flush();
    response.end();
  } catch (thrown) {
    fail(response, thrown);
  }
}

/** Resolves when the reader has caught up, or is gone. */
function drained(response: Response): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    if (response.closed) resolve();
    else response.on("drain", done).on("close", done);
  });
}

function checkType(request: Request): void {
  const type = request.headers["content-type"] ?? "application/x-ndjson";
  if (/^application\/(x-)?(ndjson|jsonl)\b/i.test(type)) return;
  const [wanted, came] = ["application/x-ndjson", type];
  throw new InputError("wrong-content-type", `Content-Type: wanted ${wanted}, came ${came}`, {
    wanted,
    came,
  });
}

/** Answers that have gone out cannot be taken back: a broken stream is cut off, so that nobody takes it for whole. */
function fail(response: Response, thrown: unknown): void {
  if (response.headersSent) response.destroy();
  else sendProblem(response, thrown);
}

/**
 * The lines of a stream in chunks; what follows the last newline is a line only if it is not empty. Lines are awaited by
 * the chunk: one by one, each would cost several turns of the queue of promises.
 */
async function* chunksOf(stream: AsyncIterable<Buffer>): AsyncGenerator<Line[]> {
  const splitter = new LineSplitter();
  let chunk: Line[] = [];
  for await (const data of stream) {
    for (const line of splitter.linesOf(data)) {
      if (chunk.push(line) < LINES_A_CHUNK) continue;
      yield chunk;
      chunk = [];
    }
  }
  chunk.push(...splitter.rest());
  if (chunk.length > 0) yield chunk;
}

/** Cuts data into lines. Holds the beginning of a line whose end has not come, and no more of it than a line may have. */
class LineSplitter {
  #parts: Buffer[] = [];
  #length = 0;

  *linesOf(data: Buffer): Generator<Line> {
    let from = 0;
    for (let end = data.indexOf(NEWLINE); end >= 0; end = data.indexOf(NEWLINE, from)) {
      this.#keep(data.subarray(from, end));
      yield this.#take();
      from = end + 1;
    }
    if (from < data.length) this.#keep(data.subarray(from));
  }

  /** The line that no newline has ended. */
  rest(): Line[] {
    return this.#length === 0 ? [] : [this.#take()];
  }

  #keep(part: Buffer): void {
    this.#length += part.length;
    if (this.#length <= LINE_LIMIT_BYTES) this.#parts.push(part);
    else this.#parts = [];
  }

  #take(): Line {
    const [parts, length] = [this.#parts, this.#length];
    this.#parts = [];
    this.#length = 0;
    if (length > LINE_LIMIT_BYTES) return null;
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  }
}
