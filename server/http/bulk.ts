// Newline-delimited JSON in and out, of any length in bounded memory: lines are answered in chunks, a few chunks at a
// time, in order. When the reader of the answers is slow, so is our reading.

import type { Request, Response } from "express";
import { InputError, messageOf } from "../errors.ts";
import { checkUtf8, sendProblem } from "./problems.ts";
import { JsonText, toJson } from "./route.ts";
import { Utf8Buffer } from "./utf8-buffer.ts";

const MOST_LINES_A_CHUNK = 500;
const CHUNKS_AT_ONCE = 16;
export const LINE_LIMIT_BYTES = 1_000_000;
const NEWLINE = 10;

/** A line of the input; null when it was longer than the limit, and so was not kept. */
export type Line = Buffer | null;

/** An object, or the JSON of one. */
export type Result = object | JsonText;

export type LineWork = {
  /** Resolves when more lines can be taken. */
  ready(): Promise<void>;
  /** A result for each line, none without members. Never throws for the lines' own faults. */
  answer(lines: readonly Line[]): Promise<Result[]>;
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
  const answers = new Answers(response);
  try {
    for await (const lines of chunksOf(request)) {
      await work.ready();
      await answers.add(work.answer(lines));
    }
    await answers.sent();
    response.end();
  } catch (thrown) {
    fail(response, thrown);
  }
}

/** Sends the results of chunks as soon as they and those before them are there. */
class Answers {
  readonly #response: Response;
  readonly #underWay: Promise<void>[] = [];
  #last: Promise<void> = Promise.resolve();
  readonly #text = new Utf8Buffer();
  #lines = 0;

  constructor(response: Response) {
    this.#response = response;
  }

  /** Resolves when another chunk may be begun. Throws what kept an earlier one from being answered. */
  async add(results: Promise<Result[]>): Promise<void> {
    this.#last = Promise.all([results, this.#last]).then(([chunk]) => this.#send(chunk));
    this.#last.catch(() => {});
    this.#underWay.push(this.#last);
    if (this.#underWay.length >= CHUNKS_AT_ONCE) await this.#underWay.shift();
  }

  sent(): Promise<void> {
    return this.#last;
  }

  async #send(results: readonly Result[]): Promise<void> {
    for (const result of results) this.#add(result);
    await written(this.#response, this.#text.take());
  }

  #add(result: Result): void {
    const [start, ...rest] = result instanceof JsonText ? result.parts : [toJson(result)];
    this.#text.add(`{"line":${++this.#lines},${(start as string).slice(1)}`);
    for (const part of rest) this.#text.add(part);
    this.#text.add("\n");
  }
}

/** Resolves when the system has taken the bytes, which waits for a slow reader; or the reader is gone. */
function written(response: Response, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off("close", done);
      resolve();
    };
    if (response.closed) return resolve();
    response.on("close", done);
    response.write(bytes, done);
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
 * The lines of a stream in chunks: those that have come together, since whoever has sent them may wait for their answers;
 * what follows the last newline is a line only if it is not empty. Lines are awaited by the chunk: one by one, each would
 * cost several turns of the queue of promises.
 */
async function* chunksOf(stream: AsyncIterable<Buffer>): AsyncGenerator<Line[]> {
  const splitter = new LineSplitter();
  for await (const data of stream) {
    const lines = [...splitter.linesOf(data)];
    for (let from = 0; from < lines.length; from += MOST_LINES_A_CHUNK)
      yield lines.slice(from, from + MOST_LINES_A_CHUNK);
  }
  const rest = splitter.rest();
  if (rest.length > 0) yield rest;
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
