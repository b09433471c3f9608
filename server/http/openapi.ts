// /openapi.json, made from the routes themselves; and a rendered reference at /docs, from files of our own.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import express, { Router } from "express";
import { z } from "zod";
import type { Route } from "./route.ts";

const problemSchema = z
  .looseObject({
    type: z.string().meta({ description: "urn:amanah:problem: and a stable code" }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z.array(z.object({ field: z.string(), wanted: z.string(), came: z.string() })).optional(),
  })
  .meta({ id: "Problem" });

const json = (schema: z.ZodType, io: "input" | "output") => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    target: "draft-2020-12",
  });
  return rest;
};

const PROBLEM = { "application/problem+json": { schema: json(problemSchema, "output") } };

function operationOf(route: Route) {
  const { tag, summary, description, callers } = route;
  return {
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    operationId: `${route.method}${route.path.replace(/[^A-Za-z0-9]+(.)?/g, (_, letter = "") => letter.toUpperCase())}`,
    parameters: [...pathParameters(route), ...queryParameters(route)],
    ...bodyOf(route),
    responses: {
      ...answersOf(route),
      default: {
        description: "A problem",
        content: PROBLEM,
      },
    },
    security: callers === undefined ? [] : [{ key: [] }],
    ...(callers === undefined ? {} : { "x-callers": callers }),
  };
}

const pathParameters = ({ path }: Route) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));

function queryParameters(route: Route) {
  if ("stream" in route || route.query === undefined) return [];
  const { properties = {}, required = [] } = json(route.query, "input") as {
    properties?: object;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));
}

function bodyOf(route: Route) {
  if ("stream" in route)
    return route.method === "get"
      ? {}
      : { requestBody: { required: true, content: { [route.consumes]: { schema: { type: "string" } } } } };
  if (route.body === undefined) return {};
  const shown = (route.body as z.ZodType).meta()?.schema as z.ZodType | undefined;
  return {
    requestBody: {
      required: true,
      content: { "application/json": { schema: json(shown ?? route.body, "input") } },
    },
  };
}

function answersOf(route: Route) {
  const produces = "stream" in route ? route.produces : "application/json";
  const entries = Object.entries(route.answers).map(([status, { description, schema }]) => [
    status,
    schema === undefined
      ? { description, ...(Number(status) >= 400 ? { content: PROBLEM } : {}) }
      : { description, content: { [produces]: { schema: json(schema, "output") } } },
  ]);
  return Object.fromEntries(entries);
}

type Schemas = Record<string, unknown>;

/** Moves the named schemas out of all that is inside, to stand once among the components, and leads references there. */
function lift(value: unknown, schemas: Schemas): unknown {
  if (Array.isArray(value)) return value.map((inner) => lift(inner, schemas));
  if (typeof value !== "object" || value === null) return value;
  const { $defs = {}, ...rest } = value as { $defs?: Schemas };
  for (const [name, schema] of Object.entries($defs))
    schemas[name] = withoutId(lift(schema, schemas) as Schemas);
  return Object.fromEntries(
    Object.entries(rest).map(([name, inner]) => [
      name,
      name === "$ref" ? String(inner).replace("#/$defs/", "#/components/schemas/") : lift(inner, schemas),
    ]),
  );
}

/** Zod repeats the name as `id`, which means nothing in OpenAPI. */
const withoutId = ({ id: _, ...schema }: Schemas) => schema;

/** The OpenAPI 3.1 description of the routes. */
export function describe(routes: readonly Route[], version: string) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const operations = paths[route.path] ?? {};
    operations[route.method] = operationOf(route);
    paths[route.path] = operations;
  }
  const schemas: Schemas = {};
  const lifted = lift(paths, schemas);
  return {
    openapi: "3.1.0",
    info: {
      title: "Amanah",
      version,
      description:
        "Every donated cent has an address. Amounts are decimal strings of whole minor units; errors are RFC 9457 problem documents; a repeated event gets the answer of the first.",
      license: { name: "MIT", identifier: "MIT" },
    },
    paths: lifted,
    components: {
      schemas,
      securitySchemes: { key: { type: "http", scheme: "bearer", description: "an API key" } },
    },
  };
}

const require = createRequire(import.meta.url);
const { absolutePath } = require("swagger-ui-dist") as { absolutePath(): string };

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Amanah API</title>
<link rel="stylesheet" href="/docs/files/swagger-ui.css">
</head>
<body>
<div id="reference"></div>
<script src="/docs/files/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>`;

const START = `SwaggerUIBundle({ url: "/openapi.json", dom_id: "#reference", deepLinking: true, validatorUrl: null });`;

/** The description and its rendering. Nothing is loaded from elsewhere. */
export function docsRouter(routes: readonly Route[]): Router {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const description = describe(routes, version);
  const router = Router();
  router.get("/openapi.json", (_, response) => void response.json(description));
  router.get("/docs", (_, response) => void response.type("html").send(PAGE));
  router.get("/docs/start.js", (_, response) => void response.type("js").send(START));
  router.use("/docs/files", express.static(absolutePath(), { index: false, maxAge: "1h" }));
  return router;
}
