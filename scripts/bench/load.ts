// The load, in a process of its own: bare sockets, since a full HTTP client costs about as much as the server that it
// measures. Many connections, one request at a time on each. Takes what to do as JSON, prints what came of it as JSON.

import { connect, type Socket } from "node:net";
import { orderBody } from "./orders.ts";

export type LoadOrder = {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly key: string;
  readonly connections: number;
  readonly seconds: number;
  /** Orders are numbered from here on: no number comes twice in a run. */
  readonly firstOrder: number;
};

export type LoadAnswer = { readonly answered: number; readonly seconds: number; readonly refused: number };

const HEAD_END = "\r\n\r\n";

class Load {
  readonly #order: LoadOrder;
  readonly #head: string;
  #next: number;
  #answered = 0;
  #refused = 0;
  #over = false;

  constructor(order: LoadOrder) {
    this.#order = order;
    this.#next = order.firstOrder;
    const { host, port, path, key } = order;
    this.#head = `POST ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\n`;
  }

  async run(): Promise<LoadAnswer> {
    const { connections, seconds: wanted } = this.#order;
    const started = performance.now();
    setTimeout(() => {
      this.#over = true;
    }, wanted * 1000);
    await Promise.all(Array.from({ length: connections }, () => this.#converse()));
    const seconds = (performance.now() - started) / 1000;
    return { answered: this.#answered, refused: this.#refused, seconds };
  }

  /** One connection: asks, waits for the whole answer, asks again. */
  #converse(): Promise<void> {
    const { host, port } = this.#order;
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, noDelay: true }, () => this.#ask(socket));
      let unread = "";
      socket.on("data", (data: Buffer) => {
        unread += data.toString("latin1");
        const status = wholeAnswer(unread);
        if (status === undefined) return;
        unread = "";
        this.#count(status);
        if (this.#over) socket.destroy();
        else this.#ask(socket);
      });
      socket.on("error", reject).on("close", () => resolve());
    });
  }

  #ask(socket: Socket): void {
    const body = orderBody(this.#next++);
    socket.write(`${this.#head}Content-Length: ${body.length}${HEAD_END}${body}`, "latin1");
  }

  #count(status: number): void {
    this.#answered += 1;
    if (status >= 300) this.#refused += 1;
  }
}

/** The status of an answer once all of it has come; the servers that are measured all state its length. */
function wholeAnswer(text: string): number | undefined {
  const headEnd = text.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, headEnd)) ?? [];
  if (length === undefined)
    throw new Error(`wanted an answer with its length, came ${text.slice(0, headEnd)}`);
  return text.length >= headEnd + HEAD_END.length + Number(length) ? Number(text.slice(9, 12)) : undefined;
}

const [order = ""] = process.argv.slice(2);
console.log(JSON.stringify(await new Load(JSON.parse(order)).run()));
