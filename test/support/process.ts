// The service as a process of its own: server/main.ts on a data folder, started, listened to, stopped or killed.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { bareEnvironment } from "./environment.ts";
import { killAtOnce } from "./lines.ts";

const MAIN = join(import.meta.dirname, "..", "..", "server", "main.ts");

export interface ServiceProcess {
  readonly child: ChildProcess;
  readonly url: string;
  /** How long its start took: what this machine does in how much time just now. */
  readonly startMs: number;
  /** Everything it has said so far, on both streams. */
  said(): string;
  /** Sends the signal and waits for the end; answers with the exit code, or the signal that ended it. */
  end(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>;
}

/** A process that has ended without ever listening. */
export interface FailedStart {
  readonly code: number | NodeJS.Signals;
  readonly said: string;
}

const START_LIMIT_MS = 60_000;

export function environmentFor(
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  return {
    ...bareEnvironment(),
    DATA_DIR: dataDir,
    PORT: "0",
    CHAIN_PORT: "0",
    TREE_WORKERS: "1",
    ...settings,
  };
}

/** Starts the process and waits for nothing. */
export function spawnService(dataDir: string, settings: Readonly<Record<string, string>>) {
  const env = environmentFor(dataDir, settings);
  const child = spawn(process.execPath, [MAIN], { env, stdio: ["ignore", "pipe", "pipe"] });
  const lines: string[] = [];
  const listening = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      const url = /Amanah is at (http:\S+?);/.exec(line)?.[1];
      if (url !== undefined) listening.resolve(url);
    });
  const ended = once(child, "close").then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  return { child, lines, listening: listening.promise, ended };
}

/** Starts the service and waits until it listens; throws with all that it said when it does not. */
export async function startProcess(
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<ServiceProcess> {
  const began = performance.now();
  const { child, lines, listening, ended } = spawnService(dataDir, settings);
  const said = () => lines.join("\n");
  const limit = AbortSignal.timeout(START_LIMIT_MS);
  const url = await Promise.race([
    listening,
    ended.then((code) => Promise.reject(new Error(`the service ended with ${code}:\n${said()}`))),
    once(limit, "abort").then(() => Promise.reject(new Error(`the service did not start:\n${said()}`))),
  ]).catch(async (thrown) => {
    await killAtOnce(child);
    throw thrown;
  });
  const end = (signal: NodeJS.Signals = "SIGTERM") => {
    child.kill(signal);
    return ended;
  };
  return { child, url, startMs: performance.now() - began, said, end };
}

/** Starts a service that is expected to end by itself. */
export async function failToStart(
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<FailedStart> {
  const { child, lines, listening, ended } = spawnService(dataDir, settings);
  const code = await Promise.race([ended, listening.then(() => "listens" as const)]);
  if (code !== "listens") return { code, said: lines.join("\n") };
  child.kill("SIGTERM");
  await ended;
  throw new Error("the service started, although it should not have");
}
