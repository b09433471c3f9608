// The answers of bulk uploads on the wire, without a store behind them: whole and in order for readers that are fast, slow
// or queue behind each other; and an end of the handler when the reader is gone. What the lines do is in bulk.test.ts.

import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import express, { type Express } from "express";
import { answerLines, type Line, type LineWork, type Result } from "../../server/http/bulk.ts";
import { JsonText } from "../../server/http/route.ts";

const LINES = 3_000;
/** Of each answer: 3,000 are several times what the system's buffers between the two take. */
const ANSWER_LETTERS = 2_000;
const LETTERS = ["a", "é", "茶", "🍵"];

/** Another text for each line, of another length. */
const textOf = (line: string): string => {
  const letter = LETTERS[line.length % LETTERS.length] as string;
  return `${line} ${letter.repeat(ANSWER_LETTERS + (Number.parseInt(line, 36) % 97))}`;
};

/** Every other one in parts. */
const resultOf = (line: Line, at: number): Result => {
  const text = textOf(`${line}`);
  return at % 2 === 0 ? { text } : new JsonText(['{"text":', JSON.stringify(text), "}"]);
};

const linesOf = (name: string, lines: number): string[] =>
  Array.from({ length: lines }, (_, at) => `${name}${"z".repeat(at % 4)}${at}`);

const answersTo = (lines: readonly string[]): string =>
  lines.map((line, at) => `${JSON.stringify({ line: at + 1, text: textOf(line) })}\n`).join("");

describe("the answers of a bulk upload", function () {
  this.timeout(30_000);
  let port: number;
  let stop: () => Promise<void>;
  /** Chunks that were asked for, over all uploads. */
  let chunks: number;
  let handlers: Promise<string>[];
  let sockets: Socket[];

  beforeEach(async () => {
    [chunks, handlers, sockets] = [0, [], []];
    ({ port, stop } = await listen(appOf()));
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await stop();
  });

  function appOf(): Express {
    const work: LineWork = {
      ready: async () => {},
      answer: async (lines) => {
        chunks += 1;
        await sleep(Math.random() * 5);
        return lines.map(resultOf);
      },
    };
    const app = express();
    app.post("/", (request, response) => {
      handlers.push(answerLines(request, response, work).then(() => "ended"));
    });
    return app;
  }

  function open(): Socket {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    sockets.push(socket);
    return socket;
  }

  const requestOf = (lines: readonly string[], last: boolean): string => {
    const body = `${lines.join("\n")}\n`;
    const connection = last ? "close" : "keep-alive";
    return `POST / HTTP/1.1\r\nHost: here\r\nConnection: ${connection}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  };

  /** The answers of a connection until its end, as clear text. */
  async function answersOf(socket: Socket, pauseMs = 0): Promise<string[]> {
    const parts: Buffer[] = [];
    for await (const part of socket) {
      parts.push(part);
      if (pauseMs > 0) await sleep(pauseMs);
    }
    return bodiesOf(Buffer.concat(parts));
  }

  /** Resolves once no chunk has been asked for in a while: nobody reads, and so nothing is done. */
  async function untilHeld(): Promise<void> {
    let before = -1;
    while (chunks === 0 || chunks !== before) {
      before = chunks;
      await sleep(150);
    }
  }

  const ended = (handler: Promise<string> | undefined) => Promise.race([handler, sleep(5_000, "hung")]);

  it("are whole and in order for many readers at once, of which some are slow", async () => {
    const reading = ["a", "b", "c", "d"].map(async (name, at) => {
      const lines = linesOf(name, LINES);
      const socket = open();
      socket.write(requestOf(lines, true));
      if (at % 2 === 0) await sleep(300);
      const [body] = await answersOf(socket, at % 2);
      expect(body === answersTo(lines), `what ${name} reads`).to.equal(true);
    });
    await Promise.all(reading);
  });

  it("are whole and in order for uploads that follow each other on one connection unanswered", async () => {
    const uploads = ["a", "b", "c"].map((name) => linesOf(name, 1_000));
    const socket = open();
    for (const [at, lines] of uploads.entries()) socket.write(requestOf(lines, at === uploads.length - 1));
    await sleep(300);
    const bodies = await answersOf(socket, 1);
    expect(bodies.map((body, at) => body === answersTo(uploads[at]!))).to.deep.equal([true, true, true]);
  });

  it("wait for a reader that stops, and end with it", async () => {
    const lines = linesOf("a", LINES * 10);
    const socket = open();
    socket.pause();
    socket.write(requestOf(lines, true));
    await untilHeld();
    expect(chunks * 500, "read to its end although nobody reads the answers").to.be.below(lines.length);
    const held = chunks;
    socket.destroy();
    expect(await ended(handlers[0])).to.equal("ended");
    expect(chunks).to.be.below(held + 20);
  });

  it("end with a reader that goes while its upload waits behind another's", async () => {
    const socket = open();
    socket.pause();
    socket.write(requestOf(linesOf("a", LINES), false) + requestOf(linesOf("b", 2), true));
    await untilHeld();
    expect(handlers).to.have.length(2);
    socket.destroy();
    for (const handler of handlers) expect(await ended(handler)).to.equal("ended");
  });

  it("disturb no others when their reader goes in the middle", async () => {
    const lines = linesOf("stays", LINES);
    const staying = open();
    staying.write(requestOf(lines, true));
    const stayed = answersOf(staying, 1);
    for (const name of ["b", "c", "d"]) {
      const going = open();
      going.write(requestOf(linesOf(name, LINES), true));
      await once(going, "data");
      going.resetAndDestroy();
    }
    expect((await stayed)[0] === answersTo(lines)).to.equal(true);
    for (const handler of handlers) expect(await ended(handler)).to.equal("ended");
  });
});

/** The chunked bodies of answers that follow each other. */
function bodiesOf(bytes: Buffer): string[] {
  const bodies: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    at = bytes.indexOf("\r\n\r\n", at) + 4;
    const parts: Buffer[] = [];
    for (let size = -1; size !== 0; ) {
      const start = bytes.indexOf("\r\n", at) + 2;
      size = Number.parseInt(bytes.toString("latin1", at, start), 16);
      parts.push(bytes.subarray(start, start + size));
      at = start + size + 2;
    }
    bodies.push(Buffer.concat(parts).toString());
  }
  return bodies;
}

async function listen(app: Express): Promise<{ port: number; stop: () => Promise<void> }> {
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = async () => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { port: (server.address() as AddressInfo).port, stop };
}
