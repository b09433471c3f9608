// A real endpoint behind a line that fails on demand: requests that never arrive, and answers that never come back.

import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** `lost`: the request never arrives. `unheard`: it arrives and is carried out, and the answer never comes back. */
export type Fault = "lost" | "unheard";

export class FaultyEndpoint {
  readonly #target: string;
  readonly #server: Server;
  /** What is to happen to the requests that hold one of these methods, given how many came before. */
  fault: (methods: readonly string[], earlier: number) => Fault | undefined = () => undefined;
  /** How many requests held each method. */
  readonly seen = new Map<string, number>();

  private constructor(target: string) {
    this.#target = target;
    this.#server = createServer((request, response) => void this.#pass(request, response));
  }

  static async before(target: string): Promise<FaultyEndpoint> {
    const endpoint = new FaultyEndpoint(target);
    endpoint.#server.listen(0, "127.0.0.1");
    await once(endpoint.#server, "listening");
    return endpoint;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The one request that holds `method` for the nth time, counted from 0, fails so. */
  failOnce(method: string, nth: number, fault: Fault): void {
    this.fault = (methods, earlier) => (methods.includes(method) && earlier === nth ? fault : undefined);
  }

  cut(): void {
    this.fault = () => "lost";
  }

  mend(): void {
    this.fault = () => undefined;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const fault = this.#faultOf(methodsOf(body));
    if (fault === "lost") return void response.destroy();
    const answer = await fetch(this.#target, {
      method: "POST",
      body,
      headers: { "content-type": "application/json" },
    });
    const said = await answer.text();
    if (fault === "unheard") return void response.destroy();
    response.writeHead(answer.status, { "content-type": "application/json" }).end(said);
  }

  #faultOf(methods: readonly string[]): Fault | undefined {
    const faults = methods.map((method) => {
      const earlier = this.seen.get(method) ?? 0;
      this.seen.set(method, earlier + 1);
      return this.fault([method], earlier);
    });
    return faults.find((fault) => fault !== undefined);
  }
}

function methodsOf(body: string): string[] {
  const parsed = JSON.parse(body) as { method: string } | { method: string }[];
  return [parsed].flat().map(({ method }) => method);
}
