// What errors are on the wire: RFC 9457 problem documents. The only place that knows which family is which status.

import { isUtf8 } from "node:buffer";
import type { ErrorRequestHandler, RequestHandler, Response } from "express";
import type { Logger } from "pino";
import type { z } from "zod";
import {
  AmanahError,
  ConflictError,
  ForbiddenError,
  InputError,
  NotFoundError,
  UnavailableError,
} from "../errors.ts";
import { isUnavailable, isUnstorable } from "../store/database.ts";

export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly [fact: string]: unknown;
};

const TITLES: Record<number, string> = {
  400: "The request cannot be read",
  401: "Who asks is not known",
  403: "Who asks may not do this",
  404: "There is no such thing here",
  405: "This cannot be done to it",
  409: "It contradicts what is recorded",
  413: "The body is too large",
  415: "The body is of another type than is read here",
  416: "The file ends before what is asked for begins",
  422: "The request is understood and refused",
  429: "Too much at once",
  500: "We have made a mistake",
  503: "Not possible just now",
};

/** Codes of `InputError` that mean that the request could not be read at all. */
const UNREADABLE = new Map([
  ["malformed-json", 400],
  ["malformed-xml", 400],
  ["malformed-request", 400],
  ["body-too-large", 413],
  ["wrong-content-type", 415],
  ["no-such-method", 405],
  ["range-not-satisfiable", 416],
]);

/** Codes of `ForbiddenError` that mean that nobody knows who asks. */
const NOT_KNOWN: ReadonlySet<string> = new Set(["unknown-key", "unknown-signature"]);

function statusOf(error: AmanahError): number {
  if (error instanceof InputError) return UNREADABLE.get(error.code) ?? 422;
  if (error instanceof NotFoundError) return 404;
  if (error instanceof ConflictError) return 409;
  if (error instanceof ForbiddenError) return NOT_KNOWN.has(error.code) ? 401 : 403;
  return error.code === "queue-full" ? 429 : 503;
}

/** The problem document of anything thrown. What is our own mistake is not told. */
export function problemOf(thrown: unknown): Problem {
  const error = toOurs(thrown);
  if (error === undefined) return problem(500, "internal", "an unexpected error; it has been logged");
  return { ...problem(statusOf(error), error.code, error.message), ...error.facts };
}

const problem = (status: number, code: string, detail: string): Problem => ({
  type: `urn:amanah:problem:${code}`,
  title: TITLES[status] ?? "Error",
  status,
  detail,
});

/** Errors of Express, its body parser and the database driver as members of our families. */
function toOurs(thrown: unknown): AmanahError | undefined {
  if (thrown instanceof AmanahError) return thrown;
  if (isUnavailable(thrown))
    return new UnavailableError("database-unavailable", "the database is out of reach; try again", 2);
  if (isUnstorable(thrown))
    return new InputError("malformed-request", "text: wanted characters that can be stored, came NUL");
  const { type, status, limit } = thrown as { type?: string; status?: number; limit?: number };
  if (type === "entity.too.large")
    return new InputError("body-too-large", `body: wanted at most ${limit} bytes`, {
      field: "body",
      wanted: `at most ${limit} bytes`,
    });
  if (type === "entity.parse.failed")
    return new InputError(
      "malformed-json",
      `body: wanted JSON, came something else: ${(thrown as Error).message}`,
      { field: "body", wanted: "JSON" },
    );
  if (status !== undefined && status >= 400 && status < 500)
    return new InputError("malformed-request", (thrown as Error).message);
  return undefined;
}

export function sendProblem(response: Response, thrown: unknown): void {
  const document = problemOf(thrown);
  const error = toOurs(thrown);
  if (error instanceof UnavailableError) response.set("Retry-After", `${error.retryAfterSeconds}`);
  if (document.status === 401) response.set("WWW-Authenticate", "Bearer");
  response.status(document.status).type("application/problem+json").send(JSON.stringify(document));
}

export const handleErrors =
  (log: Logger): ErrorRequestHandler =>
  (thrown, request, response, next) => {
    if (response.headersSent) return next(thrown);
    sendProblem(response, thrown);
    if (response.statusCode === 500)
      log.error({ err: thrown, method: request.method, path: request.path }, "request failed");
  };

export const handleUnknownPath: RequestHandler = (request) => {
  throw new NotFoundError("no-such-path", `path: nothing is at ${request.path}; /docs lists what there is`);
};

/** Refuses bytes that are no text: read leniently, they would be recorded as other characters than were sent. */
export function checkUtf8(bytes: Uint8Array, field: string): void {
  if (isUtf8(bytes)) return;
  const [wanted, came] = ["JSON in UTF-8", "bytes that are none"];
  throw new InputError("malformed-json", `${field}: wanted ${wanted}, came ${came}`, { field, wanted, came });
}

/** Reads a value by its schema. Throws an `InputError` that names each field, what was wanted and what came. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.slice(0, MOST_ERRORS).map((issue) => explain(issue, value));
  const detail = errors
    .map(({ field, wanted, came }) => `${field}: wanted ${wanted}, came ${came}`)
    .join("; ");
  throw new InputError("invalid", detail, { errors });
}

const MOST_ERRORS = 20;
const SHOWN_LENGTH = 100;

function explain(issue: z.core.$ZodIssue, value: unknown) {
  const path = issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0] as string] : issue.path;
  const field = path.length === 0 ? "body" : path.join(".");
  return { field, wanted: wantedBy(issue), came: show(at(value, path)) };
}

/** What the schema wants, in words: its own message if it has one ("wanted …"), else by the kind of the issue. */
function wantedBy(issue: z.core.$ZodIssue): string {
  if (issue.message.startsWith("wanted ")) return issue.message.slice("wanted ".length);
  switch (issue.code) {
    case "invalid_type":
      return `${/^[aeiou]/.test(issue.expected) ? "an" : "a"} ${issue.expected}`;
    case "unrecognized_keys":
      return "no such field";
    case "invalid_value":
      return `one of ${issue.values.map((one) => JSON.stringify(one)).join(", ")}`;
    case "too_small":
      return `at least ${issue.minimum} (${issue.origin})`;
    case "too_big":
      return `at most ${issue.maximum} (${issue.origin})`;
    default:
      return `another value (${issue.message})`;
  }
}

/** The part of a value at a path. Own members only: a path comes from the request. */
const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce(
    (inner: unknown, key) =>
      Object.hasOwn(Object(inner), key) ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = jsonOf(value);
  return text.length <= SHOWN_LENGTH ? text : `${text.slice(0, SHOWN_LENGTH)}…`;
}

/** JSON that was parsed may be nested more deeply than it can be written. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return "a value nested too deeply to show";
  }
}
