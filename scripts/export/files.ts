// What a service lets everybody download, and saving it: under its name only once it is whole.

import { createWriteStream } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { setTimeout as sleep } from "node:timers/promises";
import { InputError, messageOf, UnavailableError } from "../../server/errors.ts";

export const KINDS = ["360giving", "iati", "csv", "parquet", "all"] as const;
export type Kind = (typeof KINDS)[number];

/** Days such as 2026-09-01, both of them in it. */
export type Period = { readonly from: string; readonly upTo: string };

/** The path of a file, and the name under which it is saved. */
type Download = { readonly path: string; readonly name: string };

type Table = { readonly name: string; readonly period: string | null };

const MOST_TRIES = 30;

/** Asks, and asks again while the service has too much to do. Throws `InputError` when it refuses. */
async function ask(service: string, path: string): Promise<Response> {
  for (let tries = 1; ; tries++) {
    const response = await fetch(`${service}${path}`).catch((thrown: unknown) => {
      throw new UnavailableError("no-service", `${service}: no answer (${messageOf(thrown)})`, 1);
    });
    if (response.ok) return response;
    const { detail = "" } = (await response.json().catch(() => ({}))) as { detail?: string };
    if (response.status !== 429 || tries === MOST_TRIES)
      throw new InputError("refused", `${path}: ${response.status} ${detail}`);
    await sleep(Number(response.headers.get("retry-after") ?? 1) * 1_000);
  }
}

const withPeriod = (path: string, { from, upTo }: Period) => `${path}?from=${from}&upTo=${upTo}`;

const standard = (name: string, period: Period): Download => ({
  ...{ path: withPeriod(`/v1/exports/${name}`, period), name },
});

const tableFiles = (tables: readonly Table[], kind: "csv" | "parquet", period: Period): Download[] =>
  tables.map(({ name, period: chosenBy }) => {
    // It becomes a file's name here, and is another's word.
    if (!/^[a-z-]+$/.test(name)) throw new InputError("wrong-table", `table: wanted letters, came ${name}`);
    const path = `/v1/exports/${name}.${kind}`;
    return { path: chosenBy === null ? path : withPeriod(path, period), name: `${name}.${kind}` };
  });

/** The files of a kind. */
export async function filesOf(service: string, kind: Kind, period: Period): Promise<Download[]> {
  const { items } = (await (await ask(service, "/v1/exports")).json()) as { items: Table[] };
  const files: Record<Exclude<Kind, "all">, Download[]> = {
    csv: tableFiles(items, "csv", period),
    parquet: tableFiles(items, "parquet", period),
    iati: [standard("iati.xml", period)],
    "360giving": ["360giving.json", "360giving.csv"].map((name) => standard(name, period)),
  };
  return kind === "all" ? Object.values(files).flat() : files[kind];
}

/** Saves a file in a folder. What broke off keeps another name. */
export async function save(service: string, { path, name }: Download, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const [unfinished, whole] = [join(folder, `${name}.unfinished`), join(folder, name)];
  const { body } = await ask(service, path);
  await pipeline(Readable.fromWeb(body as ReadableStream), createWriteStream(unfinished));
  await rename(unfinished, whole);
  return whole;
}
