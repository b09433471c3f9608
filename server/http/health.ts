// /health and /metrics: whether the service keeps its promises, for machines and for people.

import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { z } from "zod";
import { toHex } from "../protocol/bytes.ts";
import { SAY_FAULT } from "../protocol/fault-wording.ts";
import { FAULTS } from "../protocol/faults.ts";
import { alarmsOf } from "../store/alarms.ts";
import { type Backlog, backlog } from "../store/overview.ts";
import { countAtFault, type LineAtFault, linesAtFault } from "../store/watermarks.ts";
import { type Route, route } from "./route.ts";
import type { Services } from "./services.ts";
import { hex32, time } from "./words.ts";

const healthSchema = z
  .object({
    healthy: z.boolean(),
    problems: z.array(z.string()),
    alarms: z
      .array(z.object({ kind: z.string(), message: z.string(), since: time }))
      .meta({ description: "what stands until a person has looked; among the problems too" }),
    linesAtFault: z
      .array(z.object({ charity: hex32, unit: z.string(), fault: z.enum(FAULTS) }))
      .meta({ description: "at most 20; among the problems too" }),
    waiting: z.object({
      events: z.int(),
      unsealedSeconds: z.number().nullable(),
      unanchoredSeconds: z.number().nullable(),
    }),
  })
  .meta({ id: "Health" });

const SEALING_SECONDS = 60;

function lateness({ unsealed_seconds, unanchored_seconds }: Backlog, { settings }: Services): string[] {
  const sealWithin = settings.SEAL_AFTER_SECONDS + SEALING_SECONDS;
  const late: string[] = [];
  if (unsealed_seconds !== null && unsealed_seconds > sealWithin)
    late.push(
      `sealing is behind: a receipt has waited ${Math.round(unsealed_seconds)} s, promised are ${sealWithin} s`,
    );
  if (
    unanchored_seconds !== null &&
    unanchored_seconds + settings.SEAL_AFTER_SECONDS > settings.ANCHOR_WITHIN_SECONDS
  )
    late.push(
      `anchoring is behind: a batch has waited ${Math.round(unanchored_seconds)} s, promised are ${settings.ANCHOR_WITHIN_SECONDS} s`,
    );
  return late;
}

const LINES_TOLD = 20;

const sayAtFault = ({ charity, unit, fault }: LineAtFault) =>
  `a fault is proven of the line of charity ${toHex(charity)} in ${unit}: ${SAY_FAULT[fault]}`;

async function examine(services: Services) {
  const [behind, alarms, atFault] = await Promise.all([
    backlog(services.sql),
    alarmsOf(services.sql),
    linesAtFault(services.sql, LINES_TOLD),
  ]);
  const standing = [...alarms.map(({ message }) => message), ...atFault.map(sayAtFault)];
  const problems = [...standing, ...lateness(behind, services)];
  return {
    healthy: problems.length === 0,
    problems,
    alarms: alarms.map(({ kind, message, raised_at }) => ({ kind, message, since: raised_at.toISOString() })),
    linesAtFault: atFault.map(({ charity, ...line }) => ({ charity: toHex(charity), ...line })),
    waiting: {
      events: services.ingest.writer.waiting,
      unsealedSeconds: behind.unsealed_seconds,
      unanchoredSeconds: behind.unanchored_seconds,
    },
  };
}

export const healthRoutes: Route[] = [
  route({
    method: "get",
    path: "/health",
    tag: "Operations",
    summary: "Whether the service keeps its promises",
    answers: {
      200: { description: "It does", schema: healthSchema },
      503: {
        description:
          "Sealing or anchoring is behind its promise, an alarm is raised, or a fault is proven of a line",
        schema: healthSchema,
      },
    },
    handle: async (_, services) => {
      const health = await examine(services);
      return { status: health.healthy ? 200 : 503, body: health, headers: { "Cache-Control": "no-store" } };
    },
  }),
  {
    method: "get",
    path: "/metrics",
    tag: "Operations",
    summary: "Figures for Prometheus",
    consumes: "text/plain",
    produces: "text/plain",
    answers: { 200: { description: "In the text format of Prometheus" } },
    stream: async (_, response, __, services) => {
      const registry = registryOf(services);
      response.type(registry.contentType).send(await registry.metrics());
    },
  },
];

const registries = new WeakMap<Services, Registry>();

function registryOf(services: Services): Registry {
  const known = registries.get(services);
  if (known !== undefined) return known;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        this.set(await read());
      },
    });
  gauge("amanah_events_waiting", "Events that wait for the database", () => services.ingest.writer.waiting);
  gauge(
    "amanah_unsealed_seconds",
    "Age of the oldest receipt that is not sealed",
    async () => (await backlog(services.sql)).unsealed_seconds ?? 0,
  );
  gauge(
    "amanah_unanchored_seconds",
    "Age of the oldest sealed batch that is not anchored",
    async () => (await backlog(services.sql)).unanchored_seconds ?? 0,
  );
  gauge(
    "amanah_alarms",
    "Alarms that stop a job until a person has looked",
    async () => (await alarmsOf(services.sql)).length,
  );
  gauge("amanah_lines_at_fault", "Lines of which a fault is proven: they stand still", () =>
    countAtFault(services.sql),
  );
  registries.set(services, registry);
  return registry;
}
