// An endpoint before a real one that lies: answers pass through, and are changed on the way as a test wants.

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { decodeEventLog, encodeAbiParameters, encodeEventTopics, type Hex } from "viem";
import { LEDGER_ABI } from "../../server/chain/abi.ts";

type Request = { readonly id: number; readonly method: string; readonly params: readonly unknown[] };
export type Lie = (method: string, params: readonly unknown[], result: unknown) => unknown;

export class LyingEndpoint {
  /** May throw: then the endpoint refuses. */
  lie: Lie = (_, __, result) => result;
  /** How many calls it takes in one request. */
  mostCalls = Number.POSITIVE_INFINITY;
  readonly #server: Server;

  private constructor(target: string) {
    this.#server = createServer(async (request, response) => {
      const asked = JSON.parse(await text(request)) as Request | Request[];
      const refusal = { jsonrpc: "2.0", id: null, error: { code: -32600, message: "too many calls" } };
      if ([asked].flat().length > this.mostCalls) return void response.end(JSON.stringify(refusal));
      const answers = await Promise.all([asked].flat().map((each) => this.#pass(target, each)));
      response
        .setHeader("content-type", "application/json")
        .end(JSON.stringify(Array.isArray(asked) ? answers : answers[0]));
    });
  }

  static async before(target: string): Promise<LyingEndpoint> {
    const endpoint = new LyingEndpoint(target);
    endpoint.#server.listen(0, "127.0.0.1");
    await once(endpoint.#server, "listening");
    return endpoint;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #pass(target: string, request: Request): Promise<object> {
    const body = JSON.stringify({ jsonrpc: "2.0", ...request });
    const answer = await fetch(target, {
      method: "POST",
      body,
      headers: { "content-type": "application/json" },
    });
    const said = (await answer.json()) as { result?: unknown };
    if (!("result" in said)) return said;
    try {
      return { ...said, result: this.lie(request.method, request.params, said.result) };
    } catch (error) {
      return { jsonrpc: "2.0", id: request.id, error: { code: -32000, message: (error as Error).message } };
    }
  }
}

type Log = { address: Hex; topics: Hex[]; data: Hex; logIndex: Hex };
type Args = Record<string, never>;

/** Changes the arguments of every event of a name that `change` answers something for; null takes the event away. */
export const changeEvents =
  (name: string, change: (args: Args, nth: number) => Args | null): Lie =>
  (method, _, result) => {
    if (method !== "eth_getLogs") return result;
    let nth = 0;
    return (result as Log[]).flatMap((log) => {
      const args = argsOf(log, name);
      if (args === undefined) return [log];
      const changed = change(args, nth++);
      return changed === null ? [] : [{ ...log, ...encoded(name, changed) }];
    });
  };

/** All of these lies, one after the other. */
export const allOf =
  (lies: readonly Lie[]): Lie =>
  (method, params, result) =>
    lies.reduce((changed, lie) => lie(method, params, changed), result);

/** Puts an event behind all others. */
export const addEvent =
  (name: string, args: object): Lie =>
  (method, _, result) => {
    if (method !== "eth_getLogs") return result;
    const last = (result as Log[]).at(-1)!;
    return [
      ...(result as Log[]),
      { ...last, ...encoded(name, args as Args), logIndex: `0x${(Number(last.logIndex) + 1).toString(16)}` },
    ];
  };

function argsOf({ topics, data }: Log, name: string): Args | undefined {
  try {
    const event = decodeEventLog({ abi: LEDGER_ABI, topics: topics as [Hex], data });
    return event.eventName === name ? (event.args as never) : undefined;
  } catch {
    return undefined;
  }
}

function encoded(name: string, args: Args): Pick<Log, "topics" | "data"> {
  const event = LEDGER_ABI.find((item) => item.type === "event" && item.name === name) as {
    inputs: readonly { name: string; indexed?: boolean }[];
  };
  const plain = event.inputs.filter(({ indexed }) => !indexed);
  const data = encodeAbiParameters(plain as never, plain.map((input) => args[input.name]) as never);
  return { topics: encodeEventTopics({ abi: LEDGER_ABI, eventName: name, args } as never) as Hex[], data };
}
