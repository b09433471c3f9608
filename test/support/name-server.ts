// A name server on loopback that says what it is told to, or nothing: RFC 1035 §4, as far as one question needs it.

import { createSocket } from "node:dgram";
import { once } from "node:events";

const TYPES: Readonly<Record<number, 4 | 6>> = { 1: 4, 28: 6 };
const HEADER_BYTES = 12;
const ANSWERED = 0x8180;
const NO_SUCH_NAME = 3;
/** The name at the start of the question, by its place in the message. */
const SAME_NAME = 0xc00c;

/** Addresses of each name, or of `name AAAA` and `name A` alone; `silent` is never answered, `failing` with SERVFAIL. IPv6 is written out, without `::`. */
export type Zone = Readonly<Record<string, readonly string[] | "silent" | "failing">>;

export class NameServer {
  /** What it was asked, as `name A` or `name AAAA`. */
  readonly asked: string[] = [];
  readonly #socket = createSocket("udp4");

  constructor(zone: Zone) {
    this.#socket.on("message", (query, from) => {
      const { name, type, end } = questionOf(query);
      const asked = `${name} ${type === 28 ? "AAAA" : "A"}`;
      this.asked.push(asked);
      const known = zone[asked] ?? zone[name];
      if (known === "silent") return;
      const question = query.subarray(HEADER_BYTES, end);
      const answer = known === "failing" ? failure(query, question) : answerOf(query, question, type, known);
      this.#socket.send(answer, from.port, from.address);
    });
  }

  async start(): Promise<this> {
    this.#socket.bind(0, "127.0.0.1");
    await once(this.#socket, "listening");
    return this;
  }

  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  async stop(): Promise<void> {
    this.#socket.close();
    await once(this.#socket, "close");
  }
}

function questionOf(query: Buffer): { readonly name: string; readonly type: number; readonly end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function answerOf(query: Buffer, question: Buffer, type: number, known?: readonly string[]): Buffer {
  const records = (known ?? [])
    .filter((address) => TYPES[type] === (address.includes(":") ? 6 : 4))
    .map((address) => recordOf(type, address));
  const flags = ANSWERED | (known === undefined ? NO_SUCH_NAME : 0);
  return Buffer.concat([header(query, flags, records.length), question, ...records]);
}

const SERVER_FAILED = 2;
const failure = (query: Buffer, question: Buffer): Buffer =>
  Buffer.concat([header(query, ANSWERED | SERVER_FAILED, 0), question]);

function header(query: Buffer, flags: number, answers: number): Buffer {
  const words = [query.readUInt16BE(0), flags, 1, answers, 0, 0];
  const bytes = Buffer.alloc(HEADER_BYTES);
  words.forEach((word, n) => void bytes.writeUInt16BE(word, 2 * n));
  return bytes;
}

function recordOf(type: number, address: string): Buffer {
  const data = address.includes(":")
    ? Buffer.from(
        address
          .split(":")
          .map((group) => group.padStart(4, "0"))
          .join(""),
        "hex",
      )
    : Buffer.from(address.split(".").map(Number));
  const head = Buffer.alloc(12);
  [SAME_NAME, type, 1, 0, 0, data.length].forEach((word, n) => void head.writeUInt16BE(word, 2 * n));
  return Buffer.concat([head, data]);
}
