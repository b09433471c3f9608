// Another system that is told by webhook: a real server on loopback that answers as it is told to, and keeps what came.

import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";

export type Came = {
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages freely
  readonly message: any;
};

/** Answers one request; `n` counts from 1. */
export type Manner = (response: ServerResponse, n: number) => void;

export const withStatus =
  (status: number, headers: Record<string, string> = {}): Manner =>
  (response) =>
    void response.writeHead(status, headers).end();

export class Receiver {
  readonly came: Came[] = [];
  manner: Manner = withStatus(204);
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      const { headers } = request;
      this.came.push({ id: `${headers["webhook-id"]}`, headers, body, message: JSON.parse(body) });
      this.manner(response, this.came.length);
    });
  });

  async start(): Promise<this> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** What came, of one type. */
  of(type: string): Came[] {
    return this.came.filter(({ message }) => message.type === type);
  }
}

/** As a receiver checks it: by the library, with the secret that it was given. Throws unless it is signed. */
export const verifySigned = (secret: string, { headers, body }: Came): unknown =>
  new Webhook(secret).verify(body, headers as Record<string, string>);
