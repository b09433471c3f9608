// A resource's operations as data: from the same description come the Express handler and the OpenAPI document.

import express, { type Request, type RequestHandler, type Response, Router } from "express";
import { z } from "zod";
import { InputError } from "../errors.ts";
import type { Caller, Role } from "../store/keys.ts";
import { authenticate } from "./auth.ts";
import { checkUtf8, parse } from "./problems.ts";
import type { Services } from "./services.ts";

export type Reply = {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
};

export type Answers = Readonly<Record<number, { readonly description: string; readonly schema?: z.ZodType }>>;

/** What every operation tells of itself. */
type Description = {
  readonly method: "get" | "post";
  /** With parameters in braces: /v1/receipts/{id}. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Which keys may call it; public when left out. */
  readonly callers?: readonly Role[];
  readonly answers: Answers;
};

export type Asked<Body, Query> = {
  readonly body: Body;
  readonly query: Query;
  readonly params: Readonly<Record<string, string>>;
  /** Who calls; only for operations with `callers`. */
  readonly caller: Caller;
  readonly request: Request;
};

/** An operation that takes JSON and answers with JSON. */
export type JsonRoute<Body extends z.ZodType, Query extends z.ZodType> = Description & {
  readonly body?: Body;
  readonly query?: Query;
  handle(asked: Asked<z.output<Body>, z.output<Query>>, services: Services): Promise<Reply>;
};

/** An operation that reads and writes its streams itself. */
export type StreamRoute = Description & {
  readonly consumes: string;
  readonly produces: string;
  /** For the description; the operation reads it itself. */
  readonly query?: z.ZodType;
  stream(request: Request, response: Response, caller: Caller, services: Services): Promise<void>;
};

// biome-ignore lint/suspicious/noExplicitAny: a list of routes holds routes of all bodies
export type Route = JsonRoute<any, any> | StreamRoute;

/** Keeps the types of body and query together with their handler. */
export const route = <Body extends z.ZodType = z.ZodUndefined, Query extends z.ZodType = z.ZodObject>(
  description: JsonRoute<Body, Query>,
): Route => description;

const BODY_LIMIT_BYTES = 1_000_000;
const NOBODY: Caller = { role: "merchant", subject: null, label: "public" };

export function routerOf(routes: readonly Route[], services: Services): Router {
  const router = Router();
  for (const one of routes) {
    const path = one.path.replace(/\{(\w+)\}/g, ":$1");
    router[one.method](
      path,
      ...("stream" in one ? [streams(one, services)] : [...bodyOf(one), answers(one, services)]),
    );
  }
  return router;
}

const readJson = express.json({
  limit: BODY_LIMIT_BYTES,
  strict: false,
  type: () => true,
  verify: (_request, _response, bytes) => checkUtf8(bytes, "body"),
});

const bodyOf = (route: JsonRoute<z.ZodType, z.ZodType>): RequestHandler[] =>
  route.body === undefined ? [] : [requireJson, readJson];

const requireJson: RequestHandler = (request, _response, next) => {
  const type = request.headers["content-type"] ?? "application/json";
  if (/^application\/([\w.-]+\+)?json\b/i.test(type)) return next();
  const [wanted, came] = ["application/json", type];
  throw new InputError("wrong-content-type", `Content-Type: wanted ${wanted}, came ${came}`, {
    wanted,
    came,
  });
};

const NO_QUERY = z.strictObject({});

function answers(route: JsonRoute<z.ZodType, z.ZodType>, services: Services): RequestHandler {
  return async (request, response) => {
    const caller =
      route.callers === undefined ? NOBODY : await authenticate(services.sql, request, route.callers);
    const query = parse(route.query ?? NO_QUERY, request.query);
    const body = route.body === undefined ? undefined : parse(route.body, request.body);
    const params = request.params as Record<string, string>;
    const reply = await route.handle({ body, query, params, caller, request }, services);
    response.status(reply.status).set(reply.headers ?? {});
    response.type(response.get("Content-Type") ?? "application/json").send(toBytes(reply.body));
  };
}

const streams =
  (route: StreamRoute, services: Services): RequestHandler =>
  async (request, response) => {
    const caller =
      route.callers === undefined ? NOBODY : await authenticate(services.sql, request, route.callers);
    await route.stream(request, response, caller, services);
  };

/** Bytes are sent as they are: of which type, the reply's headers say. */
const toBytes = (body: unknown): Buffer | string => (Buffer.isBuffer(body) ? body : toJson(body));

/** JSON that is text already, in parts that follow each other: for what is large, and was made by hand. */
export class JsonText {
  readonly parts: readonly string[];

  constructor(parts: readonly string[]) {
    this.parts = parts;
  }
}

/** JSON in which 64-bit integers are decimal strings. Answers that hold none, which are most, take a tenth of the time. */
export function toJson(value: unknown): string {
  if (value instanceof JsonText) return value.parts.join("");
  try {
    return JSON.stringify(value);
  } catch (thrown) {
    if (!(thrown instanceof TypeError)) throw thrown;
    return JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? `${inner}` : inner));
  }
}
